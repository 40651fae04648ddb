"""Reads TOML so that tables and keys know their lines, which Python's parser does not tell."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias, cast

from smgen.diagnostics import Finding, FindingsError, Place

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SETTINGS_FILE: Final = "pyproject.toml"

#: A table of TOML: texts, numbers, truth values, dates, lists and tables by their names.
Table: TypeAlias = "dict[str, object]"


class TomlDocument:
    """A TOML document: what it says, the name it is shown by, and the lines of its tables and keys."""

    def __init__(self, file: str, text: str, value: Table) -> None:
        self.file: Final = file
        self.text: Final = text
        self.value: Final = value
        self._headers: Headers | None = None

    @property
    def headers(self) -> Headers:
        """Where its tables stand."""
        if self._headers is None:
            self._headers = Headers(self.text.split("\n"))
        return self._headers

    def place(self, path: tuple[str, ...], key: str | None = None) -> Place:
        """The line of a table's header, or of a key in it; the path () is the top of the file.

        A key that is not found is at its table's header. A table that is written as a key of the one around it
        (``dev.region = …``, ``dev = {…}``) is found there. There is no line where none of them is found.
        """
        return Place(file=self.file, line=self._line(path, key))

    def item_place(self, path: tuple[str, ...], index: int | None, key: str | None = None) -> Place:
        """The line of the header of an item of an array of tables (default: the first), or of a key in it."""
        starts = self.headers.items.get(path, [])
        if (index or 0) >= len(starts):
            # An array that is written as a value: its items have no header.
            return self.place(path[:-1], path[-1])
        return Place(file=self.file, line=self._below(starts[index or 0], key))

    def _line(self, path: tuple[str, ...], key: str | None) -> int | None:
        if not path:
            line = self._below(-1, key)
            return line or None
        start = self.headers.tables.get(path)
        if start is not None:
            return self._below(start, key)
        # Not one of the parts is known to stand on the line of the key, so the line of the table has to do.
        return self._line(path[:-1], path[-1]) if len(path) > 1 else None

    def _below(self, start: int, key: str | None) -> int:
        """The line, from 1, of a key below a header; that of the header where the key is not found."""
        if key is not None:
            written = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
            for number in range(start + 1, self.headers.end(start)):
                if written.match(self.headers.lines[number]):
                    return number + 1
        return start + 1


class Headers:
    """The headers among the lines of a TOML text, which were split at line feeds only.

    ``tables`` has the number of each table's line, from 0, and ``items`` those of each array of tables. In a text of
    several lines a line may look like a header, so whoever edits looks at what comes of it.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines: Final = lines
        self.tables: Final[dict[tuple[str, ...], int]] = {}
        self.items: Final[dict[tuple[str, ...], list[int]]] = {}
        self._starts: Final[list[int]] = []
        for number, line in enumerate(lines):
            path, innermost = _header(line)
            if isinstance(innermost, list):
                self.items.setdefault(path, []).append(number)
            elif path:
                self.tables.setdefault(path, number)
            if path:
                self._starts.append(number)

    def end(self, start: int) -> int:
        """The number of the line behind the last one of the table whose header is at ``start``."""
        return next((number for number in self._starts if number > start), len(self.lines))


def parse_toml(data: bytes, file: str, *, rule: str = "SMG130", message: str | None = None) -> TomlDocument:
    """The TOML document in ``data``, shown as ``file``. Raises FindingsError with one finding for what is none."""
    try:
        text = data.decode()
        return TomlDocument(file, text, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        # Beside what is no TOML and no UTF-8: numbers and nesting that Python does not read.
        where = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(where[1]), int(where[2])) if where else (None, None)
        message = message or f"{PurePosixPath(file).name} is no TOML"
        place = Place(file=file, line=line, column=column)
        raise FindingsError([Finding(rule, message, place, given=str(error))]) from None


def read_settings(folder: Path, shown: str = SETTINGS_FILE) -> TomlDocument:
    """The pyproject.toml of a folder. Raises FindingsError (SMG130) where it is no TOML; OSError passes through."""
    return parse_toml((folder / SETTINGS_FILE).read_bytes(), shown)


def toml_or_none(text: str) -> Table | None:
    """What a TOML text says; None for what is none."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def as_table(value: object) -> Table | None:
    """A table of TOML; None for anything else."""
    # The keys of a TOML table are texts.
    return cast("Table", value) if isinstance(value, dict) else None


def table_at(value: object, *path: str) -> Table:
    """The table at the end of a path of names; an empty one where there is none."""
    for name in path:
        value = (as_table(value) or {}).get(name)
    return as_table(value) or {}


def tables_in(value: object, *path: str) -> Iterator[tuple[str, Table]]:
    """The tables at the end of a path, by their names; an empty one for each member that is no table."""
    return ((name, as_table(item) or {}) for name, item in table_at(value, *path).items())


def path_of(dotted: str) -> tuple[str, ...]:
    """The names in a key as it is written, quoted or not; () for what is no key."""
    path, innermost = _only_way(toml_or_none(f"{dotted} = 1"))
    return path if innermost == 1 else ()


def _header(line: str) -> tuple[tuple[str, ...], object]:
    """The path that a header names and what is there, a table or a list of one; () for any other line."""
    if not line.lstrip(" \t").startswith("["):
        return (), None
    return _only_way(toml_or_none(line.removesuffix("\r")))


def _only_way(value: object) -> tuple[tuple[str, ...], object]:
    """The names that lead into a value as long as there is just one, and what they lead to."""
    path: list[str] = []
    while (table := as_table(value)) is not None and len(table) == 1:
        ((name, value),) = table.items()
        path.append(name)
    return tuple(path), value
