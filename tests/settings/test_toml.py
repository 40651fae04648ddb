"""The lines of tables and keys in a TOML text, however they are written."""

from __future__ import annotations

import pytest

from smgen.diagnostics import FindingsError, Place
from smgen.settings import parse_toml, table_at, tables_in

TEXT = """\
top = 1 # [no.table]

[ tool . "my.tool" ] # [x]
a = "[tool.other]"
list = [
  [1],
]

[[tool.items]]
name = "first"

[[tool.items]]
name = "second"
[tool.last]
dotted.key = 1
inline = {key = 1}
"""
DOCUMENT = parse_toml(TEXT.encode(), "f.toml")


@pytest.mark.parametrize(
    ("path", "key", "line"),
    [
        ((), "top", 1),
        ((), "a", None),
        ((), None, None),
        (("tool", "my.tool"), None, 3),
        (("tool", "my.tool"), "a", 4),
        (("tool", "my.tool"), "list", 5),
        # Not found: the header. An item of an array is no part of the table before it.
        (("tool", "my.tool"), "name", 3),
        (("tool", "last"), "dotted", 15),
        (("tool", "last", "dotted"), "key", 15),
        (("tool", "last", "inline"), "key", 16),
        (("tool", "nothing"), "key", None),
    ],
)
def test_places(path: tuple[str, ...], key: str | None, line: int | None) -> None:
    assert DOCUMENT.place(path, key) == Place(file="f.toml", line=line)


@pytest.mark.parametrize(
    ("index", "key", "line"), [(None, None, 9), (0, "name", 10), (1, None, 12), (1, "name", 13), (1, "other", 12)]
)
def test_places_of_items(index: int | None, key: str | None, line: int) -> None:
    assert DOCUMENT.item_place(("tool", "items"), index, key).line == line


def test_items_without_headers_are_at_their_key() -> None:
    document = parse_toml(b"[tool]\nx = 1\nitems = [{a = 1}]\n", "f.toml")
    assert document.item_place(("tool", "items"), 0, "a").line == 3


def test_what_is_no_table_reads_as_empty() -> None:
    assert table_at(DOCUMENT.value, "tool", "last", "inline") == {"key": 1}
    assert table_at(DOCUMENT.value, "top") == table_at(DOCUMENT.value, "tool", "none", "deeper") == {}
    assert dict(tables_in(DOCUMENT.value, "tool", "last")) == {"dotted": {"key": 1}, "inline": {"key": 1}}
    assert dict(tables_in(DOCUMENT.value)) == {"top": {}, "tool": DOCUMENT.value["tool"]}


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"a = 1\nb =\n", 2, 4),
        (b"\xff", None, None),
        (b"a = " + b"9" * 5000, None, None),
        (b"a = " + b"[" * 3000 + b"]" * 3000, None, None),
    ],
)
def test_no_toml(data: bytes, line: int | None, column: int | None) -> None:
    with pytest.raises(FindingsError) as raised:
        parse_toml(data, "folder/f.toml")
    (finding,) = raised.value.findings
    assert (finding.rule, finding.message) == ("SMG130", "f.toml is no TOML")
    assert finding.place == Place(file="folder/f.toml", line=line, column=column)
