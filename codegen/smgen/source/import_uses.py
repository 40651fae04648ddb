"""Imports that nothing needs any more once expressions of a module were replaced."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from smgen.source.module_names import ModuleNames, blocks


def unused_imports(
    names: ModuleNames,
    text: str,
    replaced: Sequence[ast.expr],
    imports: Callable[[ast.expr], Iterable[ast.alias]],
) -> dict[ast.Import | ast.ImportFrom, frozenset[int]]:
    """The import statements with the positions of those names that only the `replaced` expressions used.

    `imports` says which imports give an expression its first name. An import stays where a text that may be a type,
    `__all__` or a type comment has its name, where it is written as a re-export (`import x as x`), and where its
    block would be empty without it.
    """
    used = _used(names.tree, text, replaced)
    found: dict[ast.Import | ast.ImportFrom, set[int]] = {}
    for expression in replaced:
        path = ast.unparse(expression)
        for alias in imports(expression):
            statement = names.parents[alias]
            if not isinstance(statement, (ast.Import, ast.ImportFrom)) or alias.asname == alias.name:
                continue
            plain = isinstance(statement, ast.Import) and alias.asname is None
            name = alias.asname or alias.name.partition(".")[0]
            # `import a.b` and `import a.c` bind one name, and only one of them was meant.
            if name not in used and (not plain or path.startswith(f"{alias.name}.")):
                found.setdefault(statement, set()).add(statement.names.index(alias))
    return {
        statement: frozenset(gone)
        for statement, gone in found.items()
        if len(gone) < len(statement.names) or _has_neighbours(names.parents[statement], statement, found)
    }


def _used(tree: ast.Module, text: str, replaced: Sequence[ast.expr]) -> set[str]:
    """The names that something beside the replaced expressions may need."""
    inside = {node for expression in replaced for node in ast.walk(expression)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in inside}
    used.update(_quoted(tree))
    used.update(word for comment in re.findall(r"#\s*type:\s*(.*)", text) for word in re.findall(r"\w+", comment))
    return used


def _has_neighbours(parent: ast.AST, statement: ast.stmt, going: Collection[ast.stmt]) -> bool:
    """Whether the block of a statement holds another one that stays; a module may be empty."""
    around = [block for block in blocks(parent).values() if statement in block]
    return isinstance(parent, ast.Module) or any(other not in going for block in around for other in block)


def _quoted(tree: ast.Module) -> Iterator[str]:
    """The words in texts that may name something: a text that is one word, and those in annotations."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value
        annotation = None
        if isinstance(node, (ast.arg, ast.AnnAssign)):
            annotation = node.annotation
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            annotation = node.returns
        for part in () if annotation is None else ast.walk(annotation):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield from re.findall(r"\w+", part.value)
