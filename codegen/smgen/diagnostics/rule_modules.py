"""Rules that are a module of their own: its docstring is the rule's page, its `check` finds what breaks the rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from smgen.diagnostics.finding import Finding

_MODULE: Final = re.compile(r"smg[0-9]{3}_[a-z_]+\.py")


def rule_checks(package: str, path: Sequence[str]) -> Mapping[str, Callable[..., Iterator[Finding]]]:
    """The `check` of every rule module in a package (``smg310_cycle.py``), by the rule's id."""
    names = sorted(module.stem for module in Path(path[0]).iterdir() if _MODULE.fullmatch(module.name))
    return {name[:6].upper(): import_module(f"{package}.{name}").check for name in names}
