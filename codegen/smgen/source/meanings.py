"""What the public names of smgen mean in a user's module: annotations, imports, attributes and calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Final

from smgen.source.possible_values import ANYTHING, TEXTLESS, VARIABLES, Value, ValueKind, collection, merged, named, one

_RUNTIME: Final = "smgen.runtime."

#: The kinds of annotated names that only smgen.runtime gives a meaning; each has to be imported from there.
_ANNOTATIONS: Final[Mapping[str, ValueKind]] = {
    "ConditionStep": ValueKind.GATE,
    "ForEachStep": ValueKind.LOOP,
    "StepOutputProxy": ValueKind.STEP,
    "StringVariable": ValueKind.TEXT_VARIABLE,
    "IntegerVariable": ValueKind.NUMBER_VARIABLE,
    "FloatVariable": ValueKind.NUMBER_VARIABLE,
    "BooleanVariable": ValueKind.BOOLEAN_VARIABLE,
    "AnyVariable": ValueKind.VARIABLE,
    "Variable": ValueKind.VARIABLE,
    "Output": ValueKind.OUTPUT,
    "ReportFile": ValueKind.OUTPUT,
    "Condition": ValueKind.CONDITION,
}
_BUILDERS: Final = ("FluentPipelineBuilder", "BranchBuilder", "StepsBuilder")
_COLLECTIONS: Final = ("list", "tuple", "set", "dict", "List", "Tuple", "Dict", "Sequence", "Iterable", "Mapping")
_OF_TYPE: Final[Mapping[str, ValueKind]] = {
    "str": ValueKind.TEXT_VARIABLE,
    "int": ValueKind.NUMBER_VARIABLE,
    "float": ValueKind.NUMBER_VARIABLE,
    "bool": ValueKind.BOOLEAN_VARIABLE,
}
#: The methods of a builder that declare parameters.
PARAMETERS: Final[Mapping[str, ValueKind]] = {
    "string": ValueKind.TEXT_VARIABLE,
    "integer": ValueKind.NUMBER_VARIABLE,
    "float": ValueKind.NUMBER_VARIABLE,
    "boolean": ValueKind.BOOLEAN_VARIABLE,
}
#: What the methods of a builder return.
_METHODS: Final[Mapping[str, ValueKind]] = {
    **PARAMETERS,
    "add_step": ValueKind.STEP,
    "adopt": ValueKind.STEP,
    "condition": ValueKind.GATE,
    "for_each": ValueKind.LOOP,
    "experiment": ValueKind.BUILDER,
    "no_experiment": ValueKind.BUILDER,
    "mlflow": ValueKind.BUILDER,
}
#: What the methods of a loop return.
_LOOP_METHODS: Final[Mapping[str, ValueKind]] = {"max_by": ValueKind.STEP, "min_by": ValueKind.STEP}
#: The attributes of a loop. The current item is a variable, or a record whose attributes are.
_OF_LOOP: Final[Mapping[str, ValueKind]] = {
    "body": ValueKind.BUILDER,
    "item": ValueKind.VALUE,
    "status": ValueKind.TEXT_VARIABLE,
    "input_item_count": ValueKind.NUMBER_VARIABLE,
    "total_step_count": ValueKind.NUMBER_VARIABLE,
    "succeeded_step_count": ValueKind.NUMBER_VARIABLE,
    "failed_step_count": ValueKind.NUMBER_VARIABLE,
    "stopped_step_count": ValueKind.NUMBER_VARIABLE,
}
#: Attributes of outputs, variables and conditions that are methods of Python's objects, or of smgen's.
_COMPARISONS: Final = ("equals", "is_in")
METHOD: Final = "smgen method "


def runtime_name(dotted: str) -> str | None:
    """The public name behind a dotted one of smgen.runtime, wherever in it the name is defined."""
    if not dotted.startswith(_RUNTIME):
        return None
    return dotted.removeprefix(_RUNTIME)


def attribute(base: Value, name: str) -> Value:
    """What ``base.name`` may be."""
    found: list[Value] = []
    for kind in sorted(base.kinds):
        value = _attribute_of(kind, name)
        if value is not None:
            found.append(value)
    for dotted in sorted(base.names):
        public = runtime_name(dotted)
        if public is not None and public.rpartition(".")[2] == "Execution":
            found.append(one(ValueKind.TEXT_VARIABLE))
        elif not dotted.startswith("builtins."):
            found.append(named(f"{dotted}.{name}"))
    return merged(found)


def _attribute_of(kind: ValueKind, name: str) -> Value | None:
    if name.startswith("__"):
        return None
    if kind is ValueKind.BUILDER:
        return named(METHOD + name) if name in _METHODS else None
    if kind is ValueKind.GATE:
        return one(ValueKind.BUILDER) if name in ("then", "otherwise") else None
    if kind is ValueKind.LOOP:
        if name in _LOOP_METHODS:
            return named(METHOD + name)
        return one(_OF_LOOP[name]) if name in _OF_LOOP else None
    if kind is ValueKind.STEP:
        return one(ValueKind.OUTPUT)
    if kind in VARIABLES and name in _COMPARISONS:
        return named(METHOD + name)
    if kind is ValueKind.OUTPUT and name == "location":
        return one(ValueKind.TEXT_VARIABLE)
    return one(ValueKind.VALUE) if kind in (ValueKind.OUTPUT, ValueKind.VALUE) else None


def called(dotted: str) -> Value | None:
    """What a call of a name gives; None where smgen does not give it a meaning."""
    if dotted.startswith(METHOD):
        method = dotted.removeprefix(METHOD)
        return one(ValueKind.CONDITION if method in _COMPARISONS else {**_METHODS, **_LOOP_METHODS}[method])
    public = (runtime_name(dotted) or "").rpartition(".")[2]
    if public == "join":
        return one(ValueKind.TEXT_VARIABLE)
    return one(ValueKind.BUILDER) if dotted.rpartition(".")[2] == _BUILDERS[0] else None


def annotated(annotation: ast.expr | None, resolve: Callable[[str], Value], *, proxies: bool) -> Value:
    """What a value with an annotation is; anything where the annotation leaves it open.

    ``resolve`` gives what a name means in the module. With ``proxies`` a class whose name ends in ``Proxy`` is that of
    a step, as in generated modules.
    """

    def inner(node: ast.expr) -> Value:
        return annotated(node, resolve, proxies=proxies)

    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ANYTHING
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return _either([inner(side) for side in _arms(annotation)])
    if not isinstance(annotation, ast.Subscript):
        return _annotated_name(annotation, resolve, proxies)
    base, parts = _last_name(annotation.value), annotation.slice
    items = parts.elts if isinstance(parts, ast.Tuple) else [parts]
    if base in ("Optional", "Annotated"):
        return inner(items[0])
    if base in _COLLECTIONS:
        return _annotated_collection(base, items, inner)
    found = inner(annotation.value)
    if found.is_only(ValueKind.VARIABLE) and isinstance(parts, ast.Name) and parts.id in _OF_TYPE:
        return one(_OF_TYPE[parts.id])
    return found


def _annotated_collection(base: str, items: list[ast.expr], inner: Callable[[ast.expr], Value]) -> Value:
    if base in ("tuple", "Tuple") and not any(_is_ellipsis(item) for item in items):
        return collection(dict(enumerate(map(inner, items))))
    item = inner(items[-2] if len(items) > 1 and _is_ellipsis(items[-1]) else items[-1])
    like = one(ValueKind.MAPPING) if base in ("dict", "Dict", "Mapping") else ANYTHING
    return collection({}, item, like=like) if item != ANYTHING else item


def _annotated_name(annotation: ast.expr | None, resolve: Callable[[str], Value], proxies: bool) -> Value:
    name = _last_name(annotation)
    if name is None:
        return ANYTHING
    if name in _BUILDERS:
        return one(ValueKind.BUILDER)
    if proxies and name.endswith("Proxy"):
        return one(ValueKind.STEP)
    for dotted in _dotted(annotation, resolve):
        public = (runtime_name(dotted) or "").rpartition(".")[2]
        if public in _BUILDERS:
            return one(ValueKind.BUILDER)
        if public in _ANNOTATIONS:
            return one(_ANNOTATIONS[public])
    return ANYTHING


def _arms(annotation: ast.BinOp) -> list[ast.expr]:
    arms: list[ast.expr] = []
    todo: list[ast.expr] = [annotation]
    while todo:
        arm = todo.pop()
        if isinstance(arm, ast.BinOp) and isinstance(arm.op, ast.BitOr):
            todo += [arm.left, arm.right]
        elif not (isinstance(arm, ast.Constant) and arm.value is None):
            arms.append(arm)
    return arms


def _either(arms: list[Value]) -> Value:
    # `str | StringVariable` may be an ordinary text wherever the code goes on; only what is never one is known.
    certain = TEXTLESS | {ValueKind.BUILDER, ValueKind.GATE, ValueKind.LOOP}
    return merged(arms) if all(arm.may_be(certain) for arm in arms) else ANYTHING


def _last_name(annotation: ast.expr | None) -> str | None:
    if isinstance(annotation, ast.Attribute):
        return annotation.attr
    return annotation.id if isinstance(annotation, ast.Name) else None


def _dotted(annotation: ast.expr | None, resolve: Callable[[str], Value]) -> list[str]:
    parts: list[str] = []
    while isinstance(annotation, ast.Attribute):
        parts.insert(0, annotation.attr)
        annotation = annotation.value
    if not isinstance(annotation, ast.Name):
        return []
    return [".".join([name, *parts]) for name in sorted(resolve(annotation.id).names)]


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
