"""The import statements of a generated module, in the order of isort."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_STANDARD_LIBRARY: Final = ("collections.abc", "datetime", "enum", "typing")


@dataclass
class Imports:
    """Names to import, by module; a module that starts with a dot is one of the same package."""

    names: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    renamed: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def add(self, module: str, *names: str) -> None:
        """Adds names of a module."""
        if names:
            self.names.setdefault(module, {}).update(dict.fromkeys(names))

    def lines(self) -> tuple[str, ...]:
        """One statement per line, with an empty line between the standard library, other packages and this one."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        modules = {*self.names, *(module for module, _ in self.renamed)}
        section = None
        for module in sorted(modules, key=lambda module: (_section(module), module)):
            if section is not None and section != _section(module):
                yield ""
            section = _section(module)
            yield from self._statements(module)

    def _statements(self, module: str) -> list[str]:
        """The statements of one module; a renamed name has one of its own."""
        statements: list[tuple[list[str], str]] = []
        if module in self.names:
            names = sorted(self.names[module], key=_member)
            statements.append((names, f"from {module} import {', '.join(names)}"))
        for (source, name), renamed in self.renamed.items():
            if source == module:
                statements.append(([name], f"from {module} import {name} as {renamed}"))
        return [statement for _, statement in sorted(statements, key=lambda item: _member(item[0][0]))]


def _section(module: str) -> int:
    if module.startswith("."):
        return 2
    return 0 if module in _STANDARD_LIBRARY else 1


def _member(name: str) -> tuple[int, list[tuple[int, int, str]], str]:
    """Constants come first, then classes, then functions; numbers in names count as numbers."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = re.findall(r"(\d+)|(\D+)", name.lower())
    return kind, [(0, int(number), "") if number else (1, 0, text) for number, text in parts], name
