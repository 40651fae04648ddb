"""The places below ``/opt/ml`` that a script names, and the folders that it makes itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from smgen.diagnostics import Place
from smgen.source.script_constants import Constants, dotted
from smgen.source.script_text import Script

ROOT: Final = "/opt/ml/"
_LONGEST: Final = 300
_MAKERS: Final = ("os.makedirs", "os.mkdir", "makedirs", "mkdir", "shutil.copytree", "shutil.move", "shutil.copy")


@dataclass(frozen=True, slots=True)
class PathUse:
    """A path below ``/opt/ml`` that a script names, without a slash at its end."""

    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class ScriptPaths:
    """The paths of a script, and those that it makes folders of; ``makes_any`` where some of these are not known."""

    used: tuple[PathUse, ...]
    made: frozenset[str]
    makes_any: bool


def paths_of(script: Script, constants: Constants) -> ScriptPaths:
    """Every path below ``/opt/ml`` that is a constant, or the constant beginning of one, once each."""
    used: dict[str, PathUse] = {}
    for node in _candidates(script):
        path = _path(script, constants, node)
        if path is not None and path not in used:
            used[path] = PathUse(path, script.place(node))
    made, unknown = _made(script, constants)
    return ScriptPaths(tuple(used.values()), frozenset(made), unknown)


def _candidates(script: Script) -> Iterator[ast.expr]:
    for kind in (ast.Constant, ast.BinOp, ast.JoinedStr, ast.Call):
        for node in script.of(kind):
            if not isinstance(node, ast.Constant) or (isinstance(node.value, str) and node.value.startswith(ROOT)):
                yield node


def _path(script: Script, constants: Constants, node: ast.expr) -> str | None:
    text = constants.text(node)
    if text is None or not text.startswith(ROOT) or len(text) > _LONGEST or any(char in text for char in " \n*{}%"):
        return None
    outer = next(script.around(node), None)
    if isinstance(outer, ast.Expr) or _is_fallback(script, node):
        return None
    if isinstance(outer, (ast.JoinedStr, ast.FormattedValue)) or (
        isinstance(outer, ast.BinOp) and isinstance(outer.op, (ast.Add, ast.Mod))
    ):
        # More may follow: the last part is a path only up to its slash.
        text = text.rpartition("/")[0]
    return text.rstrip("/")


def _is_fallback(script: Script, node: ast.expr) -> bool:
    """Whether a path is only what is taken where nothing else is given: a default of any kind."""
    inner: ast.AST = node
    for outer in script.around(node):
        if isinstance(outer, ast.keyword) and outer.arg == "default":
            return True
        if isinstance(outer, ast.arguments):
            return True
        if isinstance(outer, ast.Call) and dotted(outer.func).endswith((".get", "getenv", ".setdefault")):
            return inner in outer.args[1:]
        if isinstance(outer, (ast.BoolOp, ast.IfExp)):
            return True
        if isinstance(outer, ast.stmt):
            return False
        inner = outer
    return False


def _made(script: Script, constants: Constants) -> tuple[set[str], bool]:
    made: set[str] = set()
    unknown = False
    for call in script.of(ast.Call):
        function = dotted(call.func)
        if function in _MAKERS and call.args:
            node: ast.expr = call.args[-1] if function.startswith("shutil") else call.args[0]
        elif isinstance(call.func, ast.Attribute) and call.func.attr in ("mkdir", "extractall"):
            node = call.args[0] if call.func.attr == "extractall" and call.args else call.func.value
        else:
            continue
        text = constants.text(node)
        unknown = unknown or text is None
        if text is not None:
            made.add(text.rstrip("/"))
    return made, unknown
