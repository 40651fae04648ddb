"""What a script reads of its environment: variables, and the hyperparameters that are written down for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from smgen.diagnostics import Place
from smgen.source.script_calls import FollowedScript
from smgen.source.script_constants import Constants, dotted
from smgen.source.script_text import Script

Holder: TypeAlias = Literal["environment", "hyperparameters"]

_ENVIRONMENT: Final = ("os.environ", "environ")
_GETTERS: Final = ("os.getenv", "getenv", "os.environ.get", "environ.get")
#: Where SageMaker writes the hyperparameters of a training job.
HYPERPARAMETERS_FILE: Final = "/opt/ml/input/config/hyperparameters.json"


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name that a script looks up; ``needed`` says that the script is sure to, and stops where it is not there."""

    holder: Holder
    name: str
    place: Place
    needed: bool


def names_read(scripts: Sequence[FollowedScript]) -> tuple[NameRead, ...]:
    """Every environment variable and every hyperparameter that scripts look up by a constant name."""
    asked = {name for item in scripts for name in (*_asked(item.script), *_set(item.script, item.constants))}
    return tuple(
        NameRead(read.holder, read.name, read.place, read.needed and read.name not in asked)
        for item in scripts
        for read in sorted(_read(item), key=lambda read: (read.place.line or 0, read.place.column or 0))
    )


def _read(item: FollowedScript) -> Iterator[NameRead]:
    yield from _variables(item.script, item.constants)
    yield from _hyperparameters(item.script, item.constants)


def _variables(script: Script, constants: Constants) -> Iterator[NameRead]:
    for node in script.of(ast.Subscript):
        if dotted(node.value) in _ENVIRONMENT and isinstance(node.ctx, ast.Load):
            name = constants.text(node.slice)
            if name is not None:
                yield NameRead("environment", name, script.place(node), script.is_sure(node))
    for call in script.of(ast.Call):
        if call.args and dotted(call.func) in _GETTERS:
            name = constants.text(call.args[0])
            if name is not None:
                yield NameRead("environment", name, script.place(call), needed=False)


def _hyperparameters(script: Script, constants: Constants) -> Iterator[NameRead]:
    holders = {
        target.id
        for call in script.of(ast.Call)
        if _gives_hyperparameters(script, constants, call)
        for target in _targets(script, call)
    }
    for node in script.of(ast.Subscript):
        value = node.value
        held = isinstance(value, ast.Name) and value.id in holders
        if (held or (isinstance(value, ast.Call) and _gives_hyperparameters(script, constants, value))) and isinstance(
            node.ctx, ast.Load
        ):
            name = constants.text(node.slice)
            if name is not None:
                yield NameRead("hyperparameters", name, script.place(node), script.is_sure(node))


def _targets(script: Script, call: ast.Call) -> Iterator[ast.Name]:
    """The names that are bound to what a call gives, where they are bound to nothing else."""
    outer = next(script.around(call), None)
    for target in outer.targets if isinstance(outer, ast.Assign) else ():
        if (
            isinstance(target, ast.Name)
            and len(script.stores_of(target.id)) == 1
            and not _is_written(script, target.id)
        ):
            yield target


def _is_written(script: Script, name: str) -> bool:
    """Whether a table may get further members: by subscripts, or by methods other than those that look up."""
    for node in script.of(ast.Subscript):
        if isinstance(node.value, ast.Name) and node.value.id == name and not isinstance(node.ctx, ast.Load):
            return True
    looks = ("get", "items", "keys", "values", "copy")
    return any(
        isinstance(node.value, ast.Name) and node.value.id == name and node.attr not in looks
        for node in script.of(ast.Attribute)
    )


def _gives_hyperparameters(script: Script, constants: Constants, call: ast.Call) -> bool:
    """Whether a call gives all hyperparameters: ``json.loads(os.environ["SM_HPS"])``, ``json.load(open(…))``."""
    function = dotted(call.func)
    if not call.args or function not in ("json.loads", "json.load", "loads", "load"):
        return False
    given = constants.bound(call.args[0]) or call.args[0]
    if function.endswith("loads"):
        if isinstance(given, ast.Subscript) and dotted(given.value) in _ENVIRONMENT:
            return constants.text(given.slice) == "SM_HPS"
        return (
            isinstance(given, ast.Call)
            and dotted(given.func) in _GETTERS
            and len(given.args) == 1
            and constants.text(given.args[0]) == "SM_HPS"
        )
    path = opened_file(script, constants, call.args[0])
    return path is not None and constants.text(path) == HYPERPARAMETERS_FILE


def opened_file(script: Script, constants: Constants, node: ast.expr) -> ast.expr | None:
    """The path of an open file: of ``open(path)`` or ``path.open()``, also by the name that a ``with`` gives it."""
    if isinstance(node, ast.Name):
        node = next(
            (
                item.context_expr
                for outer in script.around(node)
                if isinstance(outer, (ast.With, ast.AsyncWith))
                for item in outer.items
                if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == node.id
            ),
            constants.bound(node) or node,
        )
    if not isinstance(node, ast.Call):
        return None
    if dotted(node.func) in ("open", "io.open") and node.args:
        return node.args[0]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "open":
        return node.func.value
    return None


def _asked(script: Script) -> Iterator[str]:
    """The names of which a script asks whether they are there."""
    for node in script.of(ast.Compare):
        asks = any(isinstance(operator, (ast.In, ast.NotIn)) for operator in node.ops)
        if asks and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            yield node.left.value


def _set(script: Script, constants: Constants) -> Iterator[str]:
    """The variables that a script sets itself."""
    written = [
        node.slice
        for node in script.of(ast.Subscript)
        if dotted(node.value) in _ENVIRONMENT and not isinstance(node.ctx, ast.Load)
    ]
    written += [
        call.args[0]
        for call in script.of(ast.Call)
        if call.args and dotted(call.func) in ("os.environ.setdefault", "environ.setdefault", "os.putenv")
    ]
    for node in written:
        name = constants.text(node)
        if name is not None:
            yield name
