"""What a script imports, and whether that is sure to happen."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from smgen.diagnostics import Place
from smgen.source.script_text import Script


@dataclass(frozen=True, slots=True)
class Import:
    """One module that is imported.

    ``module`` has its dots ("" for ``from . import x``), ``level`` the dots in front of it, ``names`` what is taken out
    of it (none for ``import x``), and ``bound`` what the script calls them. ``sure`` says that the import happens
    whenever its module is run or imported.
    """

    module: str
    level: int
    names: tuple[str, ...]
    place: Place
    sure: bool
    bound: tuple[str, ...] = ()

    @property
    def top(self) -> str:
        """The first part of the module's name."""
        return self.module.partition(".")[0]

    @property
    def written(self) -> str:
        """The module as the script writes it."""
        return "." * self.level + self.module


def imports_of(script: Script) -> tuple[Import, ...]:
    """Every import of a script, in the order of its lines."""
    found = [
        Import(alias.name, 0, (), script.place(node), script.is_sure(node), (alias.asname or alias.name.split(".")[0],))
        for node in script.of(ast.Import)
        for alias in node.names
    ]
    found += [
        Import(
            node.module or "",
            node.level,
            tuple(alias.name for alias in node.names),
            script.place(node),
            script.is_sure(node),
            tuple(alias.asname or alias.name for alias in node.names),
        )
        for node in script.of(ast.ImportFrom)
    ]
    return tuple(sorted(found, key=lambda item: (item.place.line or 0, item.place.column or 0)))


def changes_search_path(script: Script) -> bool:
    """Whether a script touches ``sys.path``, so that its modules may come from anywhere."""
    named = any(
        node.attr in ("path", "path_hooks", "meta_path") and _is_sys(node.value) for node in script.of(ast.Attribute)
    )
    return (
        named
        or any(
            node.module in ("sys", "site") and any(alias.name in ("path", "addsitedir") for alias in node.names)
            for node in script.of(ast.ImportFrom)
        )
        or any(node.attr == "addsitedir" for node in script.of(ast.Attribute))
    )


def _is_sys(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "sys"


def installs_packages(script: Script) -> bool:
    """Whether a script seems to install packages itself: it names both ``pip`` (or conda) and ``install``."""
    texts = [node.value for node in script.of(ast.Constant) if isinstance(node.value, str) and len(node.value) < 500]
    words = {word for text in texts for word in text.split()}
    return "install" in words and not words.isdisjoint(("pip", "pip3", "conda", "mamba", "uv"))
