"""The lines of tables and keys in a TOML file; Python's parser does not tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smgen.diagnostics import Place


@dataclass(frozen=True, slots=True)
class TomlPlaces:
    """The lines of a TOML text; ``file`` is what findings show."""

    file: str
    lines: tuple[str, ...]

    def table(self, table: str, key: str | None = None) -> Place:
        """The line of a table's header, or of a key in it; the file alone where neither is found.

        The table "" is the top of the file.
        """
        if not table and key is not None:
            return self._at(self._key(key, 0))
        return self._found(re.compile(rf"\s*\[\s*{re.escape(table)}\s*\]"), 0, key)

    def item(self, array: str, index: int | None, key: str | None = None) -> Place:
        """The line of the header of an item of an array of tables, or of a key in it."""
        written = self._found(re.compile(rf"\s*\[\[\s*{re.escape(array)}\s*\]\]"), index or 0, key)
        if written.line is not None:
            return written
        # An array that is written as a value: its items have no header.
        table, _, name = array.rpartition(".")
        return self.table(table, name)

    def _found(self, header: re.Pattern[str], index: int, key: str | None) -> Place:
        starts = [number for number, line in enumerate(self.lines) if header.match(line)]
        if index >= len(starts):
            return Place(file=self.file)
        line = None if key is None else self._key(key, starts[index] + 1)
        return self._at(starts[index] + 1 if line is None else line)

    def _at(self, line: int | None) -> Place:
        return Place(file=self.file, line=line)

    def _key(self, key: str, start: int) -> int | None:
        """The line of a key between ``start`` and the next header."""
        written = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
        for number in range(start, len(self.lines)):
            if self.lines[number].lstrip().startswith("["):
                return None
            if written.match(self.lines[number]):
                return number + 1
        return None
