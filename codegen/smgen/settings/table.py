"""Reads values of a settings file and keeps what is wrong with them, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeAlias, cast

from smgen.diagnostics import Finding, Place, nearest_name
from smgen.settings.toml import Table, as_table

#: Gives the place of a table by its path, or of a key in it.
PlaceOf: TypeAlias = Callable[[tuple[str, ...], "str | None"], Place]
#: A plain value of a setting.
Scalar: TypeAlias = "str | int | float | bool"


class SettingsTable:
    """A table of settings by its path; ``findings``, which it shares with those in it, is what is wrong (SMG130)."""

    def __init__(self, path: tuple[str, ...], values: Table, place_of: PlaceOf, findings: list[Finding]) -> None:
        self.path: Final = path
        self.values: Final = values
        self.findings: Final = findings
        self._place_of: Final = place_of

    @property
    def where(self) -> str:
        """Its name in messages."""
        return ".".join(self.path)

    def place(self, key: str | None = None) -> Place:
        """Where it stands, or a key of it."""
        return self._place_of(self.path, key)

    def member_place(self, name: str) -> Place:
        """Where a member of it stands, as a table of its own or as a key."""
        return self._place_of((*self.path, name), None)

    def known(self, names: Collection[str]) -> None:
        """Notes each key that is none of ``names``."""
        for key in self.values:
            if key not in names:
                nearest = nearest_name(key, names)
                self.findings.append(
                    Finding(
                        "SMG130",
                        f"[{self.where}] has no setting '{key}'",
                        self.place(key),
                        given=key,
                        expected=", ".join(names),
                        nearest=nearest,
                        fix=f"write {nearest}" if nearest else f"remove '{key}'",
                    )
                )

    def wrong(self, key: str, given: str, expected: str, fix: str | None = None) -> None:
        """Notes that a setting cannot be used."""
        message = f"the setting '{key}' of [{self.where}] cannot be used"
        self.findings.append(Finding("SMG130", message, self.place(key), given=given, expected=expected, fix=fix))

    def inner(self, key: str, expected: str | None = None) -> SettingsTable | None:
        """The table that a key holds; None where the key is not there, and, noted, where it holds something else."""
        if key not in self.values:
            return None
        values = as_table(self.values[key])
        if values is None:
            self.wrong(key, repr(self.values[key]), expected or f"a table [{self.where}.{key}]")
            return None
        return self._inner(key, values)

    def table(self, key: str, expected: str | None = None) -> SettingsTable:
        """The table that a key holds; an empty one where there is none."""
        return self.inner(key, expected) or self._inner(key, {})

    def _inner(self, key: str, values: Table) -> SettingsTable:
        return SettingsTable((*self.path, key), values, self._place_of, self.findings)

    def text(self, key: str) -> str | None:
        """A text that is not empty; None where there is none."""
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        self.wrong(key, repr(value), "a text in quotes", f'write {key} = "{value}"' if number else None)
        return None

    def switch(self, key: str) -> bool | None:
        """A truth value; None where there is none."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, repr(value), "true or false")
        return None

    def count(self, key: str) -> int | None:
        """A whole number from 1; None where there is none."""
        value = self.values.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
            return value
        self.wrong(key, repr(value), "a whole number from 1")
        return None

    def texts(self, key: str, *, filled: bool = False) -> tuple[str, ...]:
        """The texts of a list, of which none may be empty where they are to be ``filled``."""
        value = self.values.get(key, [])
        # The items of a TOML list may be anything.
        items = cast("list[object]", value) if isinstance(value, list) else [None]
        texts = tuple(item for item in items if isinstance(item, str) and (item or not filled))
        if len(texts) != len(items):
            self.wrong(key, repr(self.values[key]), "a list of texts")
        return texts

    def text_table(self, key: str) -> dict[str, str]:
        """A table of texts; an empty one where there is none."""
        return {name: value for name, value in self._entries(key, (str,), "a text in quotes") if isinstance(value, str)}

    def scalars(self, key: str) -> dict[str, Scalar]:
        """A table of texts, numbers and truth values; an empty one where there is none."""
        return dict(self._entries(key, (str, int, float, bool), "a text, a number or true or false"))

    def _entries(self, key: str, types: tuple[type[Scalar], ...], expected: str) -> Iterator[tuple[str, Scalar]]:
        table = self.table(key)
        for name, value in table.values.items():
            if isinstance(value, types):
                yield name, value
            else:
                table.wrong(name, repr(value), expected)
