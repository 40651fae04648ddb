"""JSON of any form reads as empty where something is missing, and a walk sees every value once, in order."""

from __future__ import annotations

from hypothesis import given

from smgen.documents import (
    JsonValue,
    children,
    json_at,
    list_at,
    object_at,
    objects_at,
    split_pointer,
    text_at,
    trail_pointer,
    walk,
)
from tests.documents.arbitrary import JSON_VALUES

DOCUMENT: JsonValue = {"a": [{"b": "text"}, 1, None], "c": {"d": {}}, "e": None}


def test_what_is_there() -> None:
    assert json_at(DOCUMENT, "a", 1) == 1
    assert json_at(DOCUMENT, "a", -1) is None
    assert text_at(DOCUMENT, "a", 0, "b") == "text"
    assert objects_at(DOCUMENT, "a") == [{"b": "text"}]
    assert object_at(DOCUMENT, "c", "d") is json_at(DOCUMENT, "c", "d")
    assert list_at(DOCUMENT, "a") is object_at(DOCUMENT)["a"]


def test_what_is_not_there() -> None:
    assert json_at(DOCUMENT, "a", 3) is None
    assert json_at(DOCUMENT, "a", "b") is None
    assert json_at(DOCUMENT, 0) is None
    assert json_at(DOCUMENT, "e", "f") is None
    assert text_at(DOCUMENT, "a") is None
    assert (object_at(DOCUMENT, "a"), list_at(DOCUMENT, "c"), objects_at(DOCUMENT, "c")) == ({}, [], [])


@given(JSON_VALUES)
def test_a_walk_sees_every_value_where_its_pointer_says(document: JsonValue) -> None:
    seen = [(trail_pointer(trail), value) for trail, value in walk(document)]
    assert len({pointer for pointer, _ in seen}) == len(seen) == _count(document)
    for pointer, value in seen:
        here = document
        for part in split_pointer(pointer):
            here = {str(name): item for name, item in children(here)}[part]
        assert here is value
    assert [value for _, value in seen if not isinstance(value, (dict, list))] == _plain(document)


def _count(value: JsonValue) -> int:
    return 1 + sum(_count(item) for _, item in children(value))


def _plain(value: JsonValue) -> list[JsonValue]:
    """The plain values in the order in which they are written."""
    if isinstance(value, (dict, list)):
        return [plain for _, item in children(value) for plain in _plain(item)]
    return [value]
