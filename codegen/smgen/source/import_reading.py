"""Which modules of a generated package a pipeline's module imports, itself or through modules of the project."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smgen.diagnostics import FindingsError
from smgen.documents import read_regular
from smgen.source.module_file import read_module

_MOST_MODULES: Final = 2000
"""So many modules of a project are read for one pipeline."""

#: The module of a generated package that has the classes of all others.
_FACADE: Final = "all"


@dataclass(frozen=True, slots=True)
class PackageImports:
    """What is imported: ``modules`` of the package by name, and ``names`` of its module ``all``.

    ``everything`` says that all names of ``all`` are, or the module itself.
    """

    modules: frozenset[str]
    names: frozenset[str]
    everything: bool


def package_imports(file: Path, folders: Sequence[Path], package: str) -> PackageImports:
    """What a module in a file imports of a package, also through the modules that lie beside it or in ``folders``.

    Decided on the syntax tree: nothing is run, and what cannot be read or parsed imports nothing.
    """
    modules: set[str] = set()
    names: set[str] = set()
    waiting = [file]
    seen: set[Path] = set()
    while waiting and len(seen) < _MOST_MODULES:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for module, name, level in _imports(current):
            top, _, rest = module.partition(".")
            if level:
                waiting += _local(module, name, current.parents[level - 1 : level])
            elif top != package:
                waiting += _local(module, name, (current.parent, *folders))
            elif rest == _FACADE and name is not None:
                names.add(name)
            else:
                modules.add(rest.partition(".")[0] or name or "")
    return PackageImports(frozenset(modules), frozenset(names), "*" in names or _FACADE in modules)


def _imports(file: Path) -> Iterator[tuple[str, str | None, int]]:
    """The modules that a file imports, the names from them, and by how many dots they are relative."""
    try:
        tree = ast.parse(read_module(read_regular(file), file.name).text)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError, FindingsError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name, node.level) for alias in node.names)


def _local(module: str, name: str | None, folders: Sequence[Path]) -> Iterator[Path]:
    """The files that a module may be, and the packages around it, which are imported with it."""
    parts = [part for part in (*module.split("."), name) if part and part != "*"]
    for folder in folders:
        for length in range(1, len(parts) + 1):
            path = folder.joinpath(*parts[:length])
            yield from (item for item in (path.with_name(f"{path.name}.py"), path / "__init__.py") if item.is_file())
