"""Expressions and conditions as a person reads them, for representations and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smgen.expressions import (
    ComparisonType,
    Condition,
    Expression,
    Get,
    In,
    Join,
    JsonGet,
    Not,
    Operand,
    Or,
    PropertyFileReference,
    target,
)

#: The signs of the comparisons that have one.
_SIGNS: Final[Mapping[ComparisonType, str]] = {
    "LessThan": "<",
    "LessThanOrEqualTo": "<=",
    "GreaterThan": ">",
    "GreaterThanOrEqualTo": ">=",
}


def condition_shown(condition: Condition) -> str:
    """A condition as a person writes it."""
    if isinstance(condition, Not):
        return f"~({condition_shown(condition.condition)})"
    if isinstance(condition, Or):
        return " | ".join(f"({condition_shown(part)})" for part in condition.conditions)
    if isinstance(condition, In):
        return f"{_operand_shown(condition.query)}.is_in([{', '.join(map(_operand_shown, condition.values))}])"
    left, right = _operand_shown(condition.left), _operand_shown(condition.right)
    return f"{left}.equals({right})" if condition.type == "Equals" else f"{left} {_SIGNS[condition.type]} {right}"


def _operand_shown(operand: Operand) -> str:
    return expression_shown(operand) if isinstance(operand, (Get, Join, JsonGet)) else repr(operand)


def expression_shown(expression: Expression) -> str:
    """What an expression reads, in a few words."""
    if isinstance(expression, Get):
        return expression.path
    if isinstance(expression, Join):
        return f"a join of {len(expression.values)} values"
    read = target(expression.source) if isinstance(expression.source, Get) else None
    where = f'the report of step "{read.step}"' if isinstance(read, PropertyFileReference) else "a report"
    return f"{expression.path} of {where}"
