"""The public names of a room, as its ``__init__.pyi`` lists them; each is loaded when somebody first asks for it.

What a user imports would otherwise load all that a room has, most of which that user never needs. The library for it,
lazy-loader, takes no name of another package, as ``smgen.runtime`` has.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path


def lazy_names(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """``__getattr__``, ``__dir__`` and ``__all__`` of a package, from the stub beside its ``__init__.py``.

    ``package`` is the package's ``__name__`` and ``file`` its ``__file__``. The stub holds nothing but lines such as
    ``from smgen.room.module import Name as Name``, or a star for all names of another room, so that the names are
    listed in one place for type checkers and for Python. No name is that of a module of the package, which Python would
    put in its place.
    """
    stub = ast.parse(Path(file).with_suffix(".pyi").read_bytes())
    homes: dict[str, str] = {}
    for line in stub.body:
        if isinstance(line, ast.ImportFrom) and line.module is not None:
            for name in line.names:
                others: list[str] = import_module(line.module).__all__ if name.name == "*" else [name.name]
                homes |= dict.fromkeys(others, line.module)

    def get(name: str) -> object:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(home), name)
        # The next time Python finds it by itself.
        setattr(sys.modules[package], name, value)
        return value

    names = sorted(homes)
    return get, lambda: names, names
