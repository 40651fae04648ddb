"""Shapes of AWS's service model as :class:`ValueSchema`: what AWS says about a value that a contract leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smgen.aws import ANY_TEXT, Shape, ShapeType, is_machine, service_model
from smgen.contract_model.value_schema import ValueSchema, ValueType

_SCALARS: Final[Mapping[ShapeType, ValueType]] = {
    "string": "string",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "boolean": "boolean",
}


def schema_of_shape(shape: Shape) -> ValueSchema | None:
    """The schema of a scalar, a list of scalars or a map of scalars; None for every other shape.

    Patterns stand as AWS wrote them, without those that allow any text; one without anchors gets them, because AWS
    means the whole value and a ValueSchema's pattern is searched for.
    """
    scalar = _scalar_schema(shape)
    if scalar is not None:
        return scalar
    inner = shape.element if shape.type == "list" else shape.value if shape.type == "map" else None
    if inner is None:
        return None
    element = _scalar_schema(service_model().shape(inner))
    if element is None:
        return None
    return ValueSchema(
        "array" if shape.type == "list" else "object",
        min_items=_count(shape.min),
        max_items=_count(shape.max),
        element=element,
    )


def _scalar_schema(shape: Shape) -> ValueSchema | None:
    kind = _SCALARS.get(shape.type)
    if kind is None:
        return None
    if kind == "string":
        return ValueSchema(
            kind,
            enum=tuple(shape.enum) or None,
            min_length=_count(shape.min),
            max_length=_count(shape.max),
            open=is_machine(shape),
            pattern=whole_pattern(shape.pattern),
        )
    return ValueSchema(kind, minimum=shape.min, maximum=shape.max) if kind != "boolean" else ValueSchema(kind)


def whole_pattern(pattern: str | None) -> str | None:
    """AWS's pattern in JSON Schema's sense, which searches: anchored at both ends."""
    if pattern is None or pattern in ANY_TEXT:
        # AWS's way to say: any text.
        return None
    return pattern if pattern.startswith("^") and pattern.endswith("$") else f"^(?:{pattern})$"


def _count(value: int | float | None) -> int | None:
    """A bound of a length; a smallest length of 0 says nothing."""
    return int(value) if value else None
