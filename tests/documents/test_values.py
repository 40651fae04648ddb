"""The two ways of writing JSON, hashes, and pointers."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import MappingProxyType

import pytest
from hypothesis import given, strategies as st

from smgen.documents import (
    JsonReadable,
    JsonValue,
    append_pointer,
    canonical_json,
    content_hash,
    pointer,
    pretty_json,
    split_pointer,
)
from tests.documents.arbitrary import JSON_VALUES


def test_pretty_json_keeps_the_order_and_the_letters() -> None:
    assert pretty_json({"b": [1, 2.5, {}], "a": "größe", "empty": [], "none": None, "yes": True}) == (
        "{\n"
        '  "b": [\n'
        "    1,\n"
        "    2.5,\n"
        "    {}\n"
        "  ],\n"
        '  "a": "größe",\n'
        '  "empty": [],\n'
        '  "none": null,\n'
        '  "yes": true\n'
        "}\n"
    )


def test_canonical_json_sorts_and_has_no_spaces() -> None:
    assert canonical_json({"b": [1, 2.5, {"z": None, "y": False}], "a": "ü"}) == (
        '{"a":"ü","b":[1,2.5,{"y":false,"z":null}]}'
    )


def test_read_only_containers_are_written_too() -> None:
    value = MappingProxyType({"a": (1, MappingProxyType({"b": "c"})), "r": range(2)})
    assert canonical_json(value) == '{"a":[1,{"b":"c"}],"r":[0,1]}'
    assert pretty_json(MappingProxyType({})) == "{}\n"


@pytest.mark.parametrize("write", [pretty_json, canonical_json])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "\ud800", "a\udfffb", b"bytes"])
def test_what_json_does_not_have_is_refused(write: Callable[[JsonReadable], str], value: JsonReadable) -> None:
    for wrapped in (value, [value], {"a": value}):
        with pytest.raises((ValueError, TypeError)):
            write(wrapped)


@given(JSON_VALUES)
def test_both_forms_read_back_to_the_value(value: JsonValue) -> None:
    assert json.loads(pretty_json(value)) == value
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers()))
def test_canonical_json_does_not_depend_on_the_order(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_content_hash_is_sha256() -> None:
    assert content_hash(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_pointers() -> None:
    assert pointer() == ""
    assert pointer("a/b", 0, "m~n", "") == "/a~1b/0/m~0n/"
    assert append_pointer("/a", "~1", 3) == "/a/~01/3"
    assert append_pointer("/a") == "/a"
    assert split_pointer("") == ()
    assert split_pointer("/") == ("",)
    assert split_pointer("/a~1b/0/m~0n/~01") == ("a/b", "0", "m~n", "~1")


@pytest.mark.parametrize("wrong", ["a", "a/b", "/~", "/a~2", "/~/x", " /a"])
def test_what_is_no_pointer_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a JSON pointer"):
        split_pointer(wrong)


@given(st.lists(st.text()))
def test_split_is_the_inverse_of_pointer(parts: list[str]) -> None:
    assert split_pointer(pointer(*parts)) == tuple(parts)
