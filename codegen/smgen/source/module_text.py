"""The text of a user's module: places of nodes, and their source as a person wrote it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from smgen.diagnostics import Place


@dataclass(slots=True)
class ModuleText:
    """A module's file, as findings show it, and its lines."""

    file: str
    text: str
    _lines: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # As Python counts lines: a form feed or another separator inside of one ends none.
        self._lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def place(self, node: ast.expr | ast.stmt | ast.arg) -> Place:
        """Where a node starts, columns counted in characters."""
        line, column = self.position(node.lineno, node.col_offset)
        return Place(file=self.file, line=line, column=column + 1)

    def position(self, line: int, offset: int) -> tuple[int, int]:
        """A line, and the column in characters from 0 for one in bytes, as Python's syntax tree has it."""
        before = self._line(line).encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace")
        return line, len(before)

    def source(self, node: ast.expr | ast.stmt) -> str:
        """The source of a node in one line, as it is written where that is in one line."""
        end = node.end_lineno
        if end == node.lineno and node.end_col_offset is not None:
            line = self._line(node.lineno).encode("utf-8", "surrogatepass")
            return line[node.col_offset : node.end_col_offset].decode("utf-8", "replace")
        return unparsed(node)

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""


def unparsed(node: ast.AST) -> str:
    """The source of a node as Python would write it; ``…`` for one that is nested too deep to be written."""
    try:
        return " ".join(ast.unparse(node).split("\n"))
    except (RecursionError, ValueError):
        return "…"
