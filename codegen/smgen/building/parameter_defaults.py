"""The defaults of pipeline parameters: as JSON, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from smgen.authoring.misuse import short, shown
from smgen.authoring.variables import MOST_BITS, VARIABLE_TYPES, is_number, plain_literal
from smgen.building.content import ParameterDeclaration
from smgen.building.environment import ParameterValue
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import JsonValue


def default_value(declared: ParameterDeclaration, default: object) -> JsonValue:
    """The default as JSON; a whole number in a Float parameter as a float. None for what no parameter takes."""
    literal = plain_literal(default)
    if literal is None:
        return None
    given = VARIABLE_TYPES[type(literal)]
    if declared.type == "Float" and given == "Integer":
        try:
            return float(literal)
        except OverflowError:
            return math.inf
    return literal if given == declared.type else None


def default_problems(declared: ParameterDeclaration, default: ParameterValue, place: Place) -> Iterator[Finding]:
    """SMG207 for a default, written at ``place``, that the parameter does not take."""
    value = default_value(declared, default)
    declared_at = None if place is declared.place else declared.place
    if value is None:
        yield Finding(
            "SMG207",
            f"the default of parameter '{declared.name}' is no {declared.type}",
            place,
            given=shown(default),
            expected=declared.type,
            expected_at=declared_at,
            fix=_default_fix(declared, default),
        )
    elif isinstance(value, int) and value.bit_length() > MOST_BITS:
        message = f"the default of parameter '{declared.name}' is a number of more digits than anybody reads"
        yield Finding(
            "SMG207", message, place, expected="a whole number that a definition can hold", expected_at=declared_at
        )
    elif isinstance(value, float) and not math.isfinite(value):
        message = f"the default of parameter '{declared.name}' is no finite number"
        yield Finding("SMG207", message, place, given=short(default))
    elif declared.enum and value not in declared.enum:
        yield Finding(
            "SMG207",
            f"the default of parameter '{declared.name}' is not among its values",
            place,
            given=short(default),
            expected=", ".join(declared.enum),
            expected_at=declared_at,
            nearest=nearest_name(str(value), declared.enum),
        )


def _default_fix(declared: ParameterDeclaration, default: object) -> str:
    if declared.type in ("Integer", "Float") and isinstance(default, str) and is_number(default):
        return "write the number without quotes"
    if declared.type == "String" and plain_literal(default) is not None:
        return "write it in quotes"
    return f"give a default of type {declared.type}, or declare a parameter of another type"
