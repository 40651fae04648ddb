"""Values with expressions in them, as a step's arguments are until JSON is written: one type, one walk, one rebuild."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from smgen.documents import JsonObject, JsonValue, Trail, json_at, list_at, longer_trail, object_at, walk, with_plain
from smgen.expressions.expression_reading import parse_expression, to_json, within
from smgen.expressions.expression_tree import Expression, Get, Join, JsonGet, Scalar


@dataclass(frozen=True, slots=True)
class Bare:
    """An expression that gives a number or a truth value: in a JSON text no quotes stand around it."""

    expression: Expression


Leaf: TypeAlias = "Scalar | Expression | Bare"
Value: TypeAlias = "Leaf | list[Value] | dict[str, Value]"
"""A value of a definition that may hold expressions. What only looks like one, a mapping with a key Get, is none."""

Members: TypeAlias = "dict[str, Value]"
"""The members of an object in which expressions may stand, in their order."""

_ROOTS: Final = ("Parameters.", "Execution.", "Steps.", "ForEach.", "IterationOutput.", "PipelineExperimentConfig.")


def value_from_json(value: JsonValue) -> Value:
    """The value in JSON, in which every object that is exactly an expression is one."""
    if isinstance(value, dict):
        return members_from_json(value) if (expression := parse_expression(value)) is None else expression
    return [value_from_json(item) for item in value] if isinstance(value, list) else value


def members_from_json(value: JsonObject) -> Members:
    """The same for the members of an object that is none itself, whatever it looks like."""
    return {key: value_from_json(item) for key, item in value.items()}


def literal_value(value: JsonValue) -> Value:
    """The value in JSON in which nothing is an expression, whatever it looks like; a copy of its own."""
    if isinstance(value, dict):
        return {key: literal_value(item) for key, item in value.items()}
    return [literal_value(item) for item in value] if isinstance(value, list) else value


def value_to_json(value: Value) -> JsonValue:
    """The JSON of a value, with expressions in the order of the SDK."""
    if isinstance(value, dict):
        return {key: value_to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [value_to_json(item) for item in value]
    return to_json(value.expression if isinstance(value, Bare) else value)


def as_expression(value: Value) -> Expression | None:
    """The expression that a value is; None for anything else."""
    if isinstance(value, (Get, Join, JsonGet)):
        return value
    return value.expression if isinstance(value, Bare) else None


def looks_like_expression(value: Value | JsonValue) -> bool:
    """Whether SageMaker would take an object for a reference or a function, that is none in its form.

    An object with `Get` among other members may be a plain map (the hyperparameters of a step, the payload of a
    Lambda function), unless what it gets is one of the things that references get.
    """
    if not isinstance(value, dict):
        return False
    if "Get" in value:
        path = value["Get"]
        return len(value) == 1 or (isinstance(path, str) and path.startswith(_ROOTS))
    for key in value:  # noqa: SIM110 - a generator takes twice the time, and every object is asked several times.
        if key.startswith("Std:"):
            return True
    return False


def is_worked_out(value: Value) -> bool:
    """Whether what stands here is worked out when the pipeline runs: an expression, or what was meant as one."""
    return as_expression(value) is not None or looks_like_expression(value)


def value_at(value: Value, *way: str | int) -> Value:
    """What stands at the end of a way, as :func:`smgen.documents.json_at`; in an expression stands nothing."""
    # An expression is neither an object nor a list: what reads JSON stops at it.
    return cast("Value", json_at(cast("JsonValue", value), *way))


def members_at(value: Value, *way: str | int) -> Members:
    """The object at the end of a way, itself and no copy; a new empty one where there is none."""
    return cast("Members", object_at(cast("JsonValue", value), *way))


def elements_at(value: Value, *way: str | int) -> list[Value]:
    """The list at the end of a way, itself and no copy; a new empty one where there is none."""
    return cast("list[Value]", list_at(cast("JsonValue", value), *way))


def walk_values(value: Value, at: Trail = "") -> Iterator[tuple[Trail, Value]]:
    """Every value in a value with its place below ``at``, as :func:`smgen.documents.walk`; an expression is one."""
    return cast("Iterator[tuple[Trail, Value]]", walk(cast("JsonValue", value), at))


def expressions_in(value: Value, at: Trail = "") -> Iterator[tuple[Trail, Expression]]:
    """Every expression in a value with its place below ``at``, each before those inside it."""
    todo = [
        (trail, expression) for trail, here in walk_values(value, at) if (expression := as_expression(here)) is not None
    ]
    todo.reverse()
    while todo:
        trail, expression = todo.pop()
        yield trail, expression
        todo.extend((longer_trail(trail, *way), inner) for way, inner in reversed([*within(expression)]))


def rebuilt(value: Value, change: Callable[[Leaf], Value]) -> Value:
    """The value with every scalar and expression replaced by what ``change`` makes of it."""
    return cast("Value", with_plain(cast("JsonValue", value), cast("Callable[[JsonValue], JsonValue]", change)))
