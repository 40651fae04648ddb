"""What a loop over constants goes through, and the constants that a list of choices has."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from smgen.source.script_constants import Constant, Constants, dotted
from smgen.source.script_text import Function, Script

#: What names are bound to in one pass of a loop: by the function that binds them (None for the module) and the name.
Bound: TypeAlias = "dict[tuple[Function | None, str], ast.expr]"

_MOST: Final = 200
_MOST_LOOPS: Final = 3
_LISTS: Final = ("list", "tuple", "sorted", "set")
_ENUMS: Final = frozenset(("Enum", "StrEnum", "IntEnum", "enum.Enum", "enum.StrEnum", "enum.IntEnum"))


def passes(script: Script, constants: Constants, node: ast.expr) -> Iterator[tuple[Bound, bool]]:
    """What names are bound to each time that an expression is evaluated, and whether that is sure to happen.

    Once, with nothing bound, where it stands in no loop over constants.
    """
    loops: list[ast.For] = []
    sure = script.is_sure(node)
    for outer in script.around(node):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            break
        if isinstance(outer, ast.For):
            loops.append(outer)
    combined: list[Bound] = [{}]
    for loop in reversed(loops[:_MOST_LOOPS]):
        combined = [before | more for before in combined for more in _of_loop(script, constants, loop, before)]
        if len(combined) > _MOST:
            yield {}, False
            return
    if len(loops) == 1 and combined != [{}]:
        sure = script.is_sure(loops[0]) and _always_runs(script, loops[0], node)
    for bound in combined:
        yield bound, sure


def _of_loop(script: Script, constants: Constants, loop: ast.For, before: Bound) -> list[Bound]:
    with constants.bound_to(before):
        listed = elements(script, constants, loop.iter)
    function = script.function_of(loop)
    if listed is None:
        return [{}]
    found = [_targets(function, loop.target, item) for item in listed]
    known = [item for item in found if item is not None]
    return known if len(known) == len(found) else [{}]


def _targets(function: Function | None, target: ast.expr, item: ast.expr) -> Bound | None:
    if isinstance(target, ast.Name):
        return {(function, target.id): item}
    if not (isinstance(target, (ast.Tuple, ast.List)) and isinstance(item, (ast.Tuple, ast.List))):
        return None
    if len(target.elts) != len(item.elts):
        return None
    found: Bound = {}
    for name, value in zip(target.elts, item.elts, strict=True):
        inner = None if isinstance(value, ast.Starred) else _targets(function, name, value)
        if inner is None:
            return None
        found |= inner
    return found


def _always_runs(script: Script, loop: ast.For, node: ast.expr) -> bool:
    """Whether each pass of a loop evaluates an expression: it stands in a statement of the loop, which does not end."""
    statement = next(outer for outer in script.around(node) if isinstance(outer, ast.stmt))
    leaves = any(
        outer is loop
        for kind in (ast.Break, ast.Continue, ast.Return)
        for leaving in script.of(kind)
        for outer in script.around(leaving)
    )
    return statement in loop.body and not leaves


def elements(script: Script, constants: Constants, node: ast.expr) -> list[ast.expr] | None:
    """The expressions that a list, or the keys of a table, always has; None where that is not known."""
    found = constants.bound(node)
    if isinstance(found, ast.Call):
        return _of_call(script, constants, found)
    if isinstance(found, ast.Dict):
        table = pairs(constants, node)
        return None if table is None else [key for key, _ in table]
    if not isinstance(found, (ast.List, ast.Tuple, ast.Set)) or len(found.elts) > _MOST:
        return None
    fixed = found is node or isinstance(found, ast.Tuple) or constants.is_only_read(node)
    return list(found.elts) if fixed and not any(isinstance(item, ast.Starred) for item in found.elts) else None


def pairs(constants: Constants, node: ast.expr) -> list[tuple[ast.expr, ast.expr]] | None:
    """The keys and values that a table always has; None where they are not known."""
    found = constants.bound(node)
    if isinstance(found, ast.Call) and dotted(found.func) == "dict" and not found.args and found is node:
        named = [(ast.Constant(word.arg), word.value) for word in found.keywords if word.arg is not None]
        return list[tuple[ast.expr, ast.expr]](named) if len(named) == len(found.keywords) else None
    if not isinstance(found, ast.Dict) or not (found is node or constants.is_only_read(node)):
        return None
    keys = [key for key in found.keys if key is not None]
    return list(zip(keys, found.values, strict=True)) if len(keys) == len(found.keys) <= _MOST else None


def _of_call(script: Script, constants: Constants, call: ast.Call) -> list[ast.expr] | None:
    """Of ``table.items()``, ``list(…)`` and the like."""
    if dotted(call.func) in _LISTS and len(call.args) == 1:
        return elements(script, constants, call.args[0])
    part = call.func.attr if isinstance(call.func, ast.Attribute) and not (call.args or call.keywords) else None
    table = pairs(constants, call.func.value) if isinstance(call.func, ast.Attribute) and part else None
    if table is None or part not in ("items", "keys", "values"):
        return None
    if part == "items":
        return [ast.Tuple([key, value], ast.Load()) for key, value in table]
    return [key if part == "keys" else value for key, value in table]


# --- choices --------------------------------------------------------------------------------------------------------


def choices_of(script: Script, constants: Constants, node: ast.expr, typed: str | None) -> tuple[Constant, ...] | None:
    """The constants among which an option's value has to be; None where they are not all known.

    Members of an enumeration of the script count where the option's values stay texts.
    """
    found = constants.bound(node)
    if isinstance(found, ast.Call) and dotted(found.func) == "range" and found.args and not found.keywords:
        return _range(constants, found.args)
    listed = elements(script, constants, node)
    if listed is None:
        listed = _of_enumeration(script, found) if found is not None and typed == "str" else None
    known = [constants.of(item) for item in listed or ()]
    values = tuple(item.value for item in known if item is not None)
    return values if listed is not None and len(values) == len(known) else None


def _range(constants: Constants, arguments: Sequence[ast.expr]) -> tuple[Constant, ...] | None:
    known = [constants.of(item) for item in arguments]
    numbers = [item.value for item in known if item is not None and isinstance(item.value, int)]
    if len(numbers) != len(known) or len(numbers) > 3 or (len(numbers) == 3 and not numbers[2]):
        return None
    whole = range(*numbers)
    return tuple(whole) if len(whole) <= _MOST else None


def _of_enumeration(script: Script, node: ast.expr) -> list[ast.expr] | None:
    """The values of ``[item.value for item in Enumeration]``, and the names where it says ``item.name``."""
    if isinstance(node, ast.Call) and dotted(node.func) in _LISTS and len(node.args) == 1:
        node = node.args[0]
    if not isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)) or len(node.generators) != 1:
        return None
    (generator,), element = node.generators, node.elt
    if generator.ifs or not isinstance(generator.target, ast.Name) or not isinstance(element, ast.Attribute):
        return None
    if dotted(element) not in (f"{generator.target.id}.value", f"{generator.target.id}.name"):
        return None
    members = enumeration_members(script, dotted(generator.iter))
    if members is None:
        return None
    names = element.attr == "name"
    return [ast.Constant(name) if names else value for name, value in members]


def enumeration_members(script: Script, name: str) -> list[tuple[str, ast.expr]] | None:
    """The members of an enumeration of the script with their values; None where it has no such."""
    made = [node for node in script.of(ast.ClassDef) if node.name == name]
    if len(made) != 1 or not any(dotted(base) in _ENUMS for base in made[0].bases):
        return None
    found: list[tuple[str, ast.expr]] = []
    for statement in made[0].body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        if isinstance(statement, ast.Assign):
            if not isinstance(target, ast.Name):
                return None
            if not target.id.startswith("_"):
                found.append((target.id, statement.value))
    return found
