"""Every value of any document is found where it stands, however the text is written."""

import json

from hypothesis import given, strategies as st

from smgen.documents import JsonValue, append_pointer, parse_document
from smgen.documents.locating import Locations
from tests.documents.arbitrary import JSON_VALUES


def entries(value: JsonValue, at: str = "") -> list[tuple[str, JsonValue]]:
    found: list[tuple[str, JsonValue]] = [(at, value)]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += entries(item, append_pointer(at, key))
    return found


@given(JSON_VALUES, st.sampled_from([None, 0, 3]), st.booleans(), st.sampled_from([(",", ":"), (" ,\n", "\t: ")]))
def test_a_value_stands_at_its_place(
    value: JsonValue, indent: int | None, ascii_only: bool, separators: tuple[str, str]
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only, separators=separators)
    document = parse_document(text.encode(), "x.json")
    lines = text.replace("\r\n", "\n").split("\n")
    for pointer, item in entries(value):
        place = document.place(pointer)
        assert place.line is not None
        assert place.column is not None
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        read, _ = json.JSONDecoder().raw_decode(rest)
        assert read == item
        name = document.place(pointer, key=True)
        assert name.line is not None
        assert name.column is not None
        assert (name.line, name.column) <= (place.line, place.column)
        if name != place:
            named = "\n".join([lines[name.line - 1][name.column - 1 :], *lines[name.line :]])
            assert append_pointer("", json.JSONDecoder().raw_decode(named)[0]) == pointer[pointer.rindex("/") :]


def test_a_name_with_escapes_leads_to_its_value() -> None:
    text = r'{"a\"b": {"c\\": [1, {"\u00e9~/": "\\\""}]}}'
    place = Locations(text)
    assert place.offset(('a"b',), key=True) == 1
    assert place.offset(('a"b', "c\\"), key=False) == text.index("[")
    assert place.offset(('a"b', "c\\", "1", "é~/"), key=False) == text.index(r'"\\\""')
    assert place.offset(('a"b', "c\\", "1", "é~/"), key=True) == text.index(r'"\u00e9')


def test_what_is_not_there_stands_at_the_last_value_on_the_way() -> None:
    place = Locations('{"a": [10, 20], "b": "x"}')
    for parts in (("a", "2"), ("a", "01"), ("a", "-1"), ("a", "9" * 5_000), ("a", "x")):
        assert place.offset(parts, key=True) == 6
    assert place.offset(("b", "c"), key=True) == 21
    assert place.offset(("c",), key=False) == 0
