"""Reads values of a settings file and keeps what is wrong with them, each with its line."""

from __future__ import annotations

import re
from typing import Final, cast

from smgen.diagnostics import Finding, Place, nearest_name
from smgen.runtime.environment import ParameterValue
from smgen.runtime.project import SETTINGS_FILE


def as_table(value: object) -> dict[str, object] | None:
    """A table of TOML; None for anything else."""
    # The keys of a TOML table are texts.
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


class SettingsReader:
    """Values of pyproject.toml by the names of their tables; ``findings`` is what is wrong with them (SMG130)."""

    def __init__(self, text: str) -> None:
        # Not splitlines, which also breaks at signs that end no line of TOML.
        self.lines: Final = text.replace("\r\n", "\n").split("\n")
        found = ((number, _header(line)) for number, line in enumerate(self.lines) if "[" in line)
        headers = [(number, header) for number, header in found if header is not None]
        #: Where each table begins, and where each of them ends.
        self._starts: Final = {header: number for number, header in reversed(headers)}
        numbers = [number for number, _ in headers]
        self._ends: Final = dict(zip(numbers, [*numbers[1:], len(self.lines)], strict=False))
        self.findings: list[Finding] = []

    def scalars(self, where: str, table: dict[str, object], key: str) -> dict[str, ParameterValue]:
        """A table of texts, numbers and truth values."""
        values: dict[str, ParameterValue] = {}
        for name, value in self.table(where, table, key).items():
            if isinstance(value, (str, int, float, bool)):
                values[name] = value
            else:
                self.wrong(f"{where}.{key}", name, repr(value), "a text, a number or true or false")
        return values

    def known(self, where: str, table: dict[str, object], names: tuple[str, ...]) -> None:
        """Notes each key of a table that is none of ``names``."""
        for key in table:
            if key not in names:
                nearest = nearest_name(key, names)
                self.findings.append(
                    Finding(
                        "SMG130",
                        f"[{where}] has no setting '{key}'",
                        self.place(where, key),
                        given=key,
                        expected=", ".join(names),
                        nearest=nearest,
                        fix=f"write {nearest}" if nearest else f"remove '{key}'",
                    )
                )

    def table(self, where: str, table: dict[str, object], key: str) -> dict[str, object]:
        """A table inside a table; an empty one where there is none."""
        value = table.get(key, {})
        found = as_table(value)
        if found is None:
            self.wrong(where, key, repr(value), f"a table [{where}.{key}]")
            return {}
        return found

    def text(self, where: str, table: dict[str, object], key: str) -> str | None:
        """A text that is not empty; None where there is none."""
        value = table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        self.wrong(where, key, repr(value), "a text in quotes", f'write {key} = "{value}"' if number else None)
        return None

    def count(self, where: str, table: dict[str, object], key: str) -> int | None:
        """A whole number from 1; None where there is none."""
        value = table.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
            return value
        self.wrong(where, key, repr(value), "a whole number from 1")
        return None

    def texts(self, where: str, table: dict[str, object], key: str) -> tuple[str, ...]:
        """A list of texts; an empty one where there is none."""
        value = table.get(key, [])
        # The items of a TOML list may be anything.
        items = cast("list[object]", value) if isinstance(value, list) else []
        texts = tuple(item for item in items if isinstance(item, str))
        if not isinstance(value, list) or len(texts) != len(items):
            self.wrong(where, key, repr(table[key]), "a list of texts")
        return texts

    def text_table(self, where: str, table: dict[str, object], key: str) -> dict[str, str]:
        """A table of texts; an empty one where there is none."""
        texts: dict[str, str] = {}
        for name, value in self.table(where, table, key).items():
            if isinstance(value, str):
                texts[name] = value
            else:
                self.wrong(f"{where}.{key}", name, repr(value), "a text in quotes")
        return texts

    def wrong(self, where: str, key: str, given: str, expected: str, fix: str | None = None) -> None:
        """Notes that a setting cannot be used (SMG130)."""
        message = f"the setting '{key}' of [{where}] cannot be used"
        self.findings.append(
            Finding("SMG130", message, self.place(where, key), given=given, expected=expected, fix=fix)
        )

    def place(self, table: str, key: str | None = None) -> Place:
        """The line of a table's header, or of a key in it; the TOML parser does not tell.

        A table that is written as a key of the one around it (``dev.region = …``, ``dev = {…}``) is found there.
        """
        line = self.line(tuple(table.split(".")), key)
        return Place(file=SETTINGS_FILE, line=line)

    def line(self, table: tuple[str, ...], key: str | None) -> int | None:
        """The line, from 1, of a table's header or of a key in it; None where neither is found."""
        start = self._starts.get(table)
        if start is None:
            # Not one of the parts is known to stand on the line of the key, so the line of the table has to do.
            return self.line(table[:-1], table[-1]) if len(table) > 1 else None
        if key is not None:
            written = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
            for number in range(start + 1, self._ends[start]):
                if written.match(self.lines[number]):
                    return number + 1
        return start + 1


def _header(line: str) -> tuple[str, ...] | None:
    """The names in the header of a table; None for any other line. Quoted names are taken as they stand."""
    match = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$", line)
    if match is None:
        return None
    return tuple(part.strip().strip("\"'") for part in match[1].split("."))
