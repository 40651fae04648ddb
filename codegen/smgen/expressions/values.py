"""Values with expressions in them, as a step's arguments are until JSON is written: one type, one walk, one rebuild."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from smgen.expressions.model import Expression, Get, Join, JsonGet, JsonValue, Scalar
from smgen.expressions.reading import parse_expression, to_json


@dataclass(frozen=True, slots=True)
class Bare:
    """An expression that gives a number or a truth value: in a JSON text no quotes stand around it."""

    expression: Expression


Leaf: TypeAlias = "Scalar | Expression | Bare"
Value: TypeAlias = "Leaf | list[Value] | dict[str, Value]"
"""A value of a definition that may hold expressions. What only looks like one, a mapping with a key Get, is none."""


def value_from_json(value: JsonValue) -> Value:
    """The value in JSON, in which every object that is exactly an expression is one."""
    if isinstance(value, dict):
        expression = parse_expression(value)
        return expression if expression is not None else {key: value_from_json(item) for key, item in value.items()}
    return [value_from_json(item) for item in value] if isinstance(value, list) else value


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
    if isinstance(value, Bare):
        return value.expression
    return value if isinstance(value, (Get, Join, JsonGet)) else None


def leaves(value: Value) -> Iterator[tuple[tuple[str | int, ...], Leaf]]:
    """Every scalar and expression in a value with the pointer parts that lead to it, in the order of the document."""
    todo: list[tuple[tuple[str | int, ...], Value]] = [((), value)]
    while todo:
        parts, here = todo.pop()
        if isinstance(here, Mapping):
            todo.extend(((*parts, key), here[key]) for key in reversed(here))
        elif isinstance(here, list):
            todo.extend(((*parts, index), here[index]) for index in reversed(range(len(here))))
        else:
            yield parts, here


def rebuilt(value: Value, change: Callable[[Leaf], Value]) -> Value:
    """The value with every scalar and expression replaced by what ``change`` makes of it."""
    if isinstance(value, dict):
        return {key: rebuilt(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [rebuilt(item, change) for item in value]
    return change(value)
