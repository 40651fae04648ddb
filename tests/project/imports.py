"""Reads the imports of Python source from its syntax tree, without importing anything."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, absolute (``smgen.runtime``), and the names taken from it (none for ``import x``)."""

    module: str
    names: tuple[str, ...]
    line: int
    at_load: bool  # runs when the module is imported: in no function, and not only for type checkers

    @property
    def package(self) -> str:
        return self.module.split(".")[0]


def imports_of(source: str, module: str, *, is_package: bool = False) -> list[Import]:
    """Return the imports of a module's source, in their order; ``module`` makes relative ones absolute."""
    found: list[Import] = []
    home = module.split(".") if is_package else module.split(".")[:-1]
    for node, at_load in _statements(ast.parse(source), at_load=True):
        if isinstance(node, ast.Import):
            found.extend(Import(alias.name, (), node.lineno, at_load) for alias in node.names)
        else:
            base = home[: len(home) - node.level + 1] if node.level else []
            target = ".".join([*base, *([node.module] if node.module else [])])
            found.append(Import(target, tuple(alias.name for alias in node.names), node.lineno, at_load))
    return found


def _statements(node: ast.AST, *, at_load: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, at_load
    elif isinstance(node, ast.If) and _asks_for_type_checking(node.test):
        for guarded in node.body:
            yield from _statements(guarded, at_load=False)
        for other in node.orelse:
            yield from _statements(other, at_load=at_load)
    else:
        inside = at_load and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            yield from _statements(child, at_load=inside)


def _asks_for_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
