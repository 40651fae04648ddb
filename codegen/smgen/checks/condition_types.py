"""Conditions compare like with like: a number with a number, a text with a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from smgen.aws import CONDITION
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import ExpressionValues
from smgen.checks.index import DefinitionIndex
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, list_at
from smgen.expressions import (
    Comparison,
    Condition,
    Get,
    In,
    Join,
    JsonGet,
    Not,
    Operand,
    ParameterReference,
    parse_condition,
    target,
)

_Type: TypeAlias = Literal["number", "text", "boolean"]

_TYPES: Final[Mapping[str, _Type]] = {
    "Integer": "number",
    "Float": "number",
    "String": "text",
    "Boolean": "boolean",
}
_SHOWN_AS: Final[Mapping[_Type, str]] = {"number": "a number", "text": "a text", "boolean": "a boolean"}


def check_condition_types(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG313 for each comparison whose sides are known to be of different types."""
    values = ExpressionValues.of(index.definition, index.by_name)
    for step in index.steps:
        conditions = list_at(step.arguments, "Conditions") if step.kind is CONDITION else []
        for number, value in enumerate(conditions):
            condition = parse_condition(value)
            if condition is not None:
                at = append_pointer(step.pointer, "Arguments", "Conditions", number)
                yield from _Types(index, step, values).findings(condition, at)


@dataclass(frozen=True, slots=True)
class _Types:
    """The types of what stands in the conditions of one step."""

    index: DefinitionIndex
    step: Step
    values: ExpressionValues

    def findings(self, outermost: Condition, pointer: str) -> Iterator[Finding]:
        todo: list[tuple[Condition, str]] = [(outermost, pointer)]
        while todo:
            condition, at = todo.pop()
            if isinstance(condition, Comparison):
                right_at = append_pointer(at, "RightValue")
                left_at = append_pointer(at, "LeftValue")
                yield from self.compared(condition.left, left_at, condition.right, right_at, condition.type)
            elif isinstance(condition, In):
                query_at = append_pointer(at, "QueryValue")
                for number, value in enumerate(condition.values):
                    value_at = append_pointer(at, "Values", number)
                    yield from self.compared(condition.query, query_at, value, value_at, "In")
            elif isinstance(condition, Not):
                todo.append((condition.condition, append_pointer(at, condition.member)))
            else:
                inner = [
                    (item, append_pointer(at, "Conditions", number)) for number, item in enumerate(condition.conditions)
                ]
                todo.extend(reversed(inner))

    def compared(self, left: Operand, left_at: str, right: Operand, right_at: str, how: str) -> Iterator[Finding]:
        one, other = self.type_of(left), self.type_of(right)
        if one is None or other is None or one == other:
            return
        yield Finding(
            "SMG313",
            f"{self.step.name} compares {_words(left)}, which is {_SHOWN_AS[one]}, "
            f"with {_words(right)}, which is {_SHOWN_AS[other]} ({how})",
            self.index.place(right_at, self.step),
            given=f"{_words(right)}: {_SHOWN_AS[other]}",
            expected=_SHOWN_AS[one],
            expected_at=self.index.place(left_at, self.step),
            fix=_fix(left, one, right, other),
        )

    def type_of(self, value: Operand) -> _Type | None:
        """The type of a value as far as it is known for certain."""
        if isinstance(value, bool):
            return "boolean"
        if isinstance(value, (int, float)):
            return "number"
        if value is None or isinstance(value, str):
            return None if value is None else "text"
        return _TYPES.get(self.values.type(value) or "")


def _words(value: Operand) -> str:
    if isinstance(value, Get):
        return value.path
    if isinstance(value, Join):
        return "a Std:Join"
    if isinstance(value, JsonGet):
        return "a Std:JsonGet"
    return f"'{value}'" if isinstance(value, str) else str(value).lower()


def _fix(left: Operand, one: _Type, right: Operand, other: _Type) -> str:
    sides: tuple[tuple[Operand, _Type], ...] = ((right, one), (left, other))
    for value, wanted in sides:
        if isinstance(value, str) and wanted == "number" and _is_number(value):
            return f"write {value} without quotes"
        if isinstance(value, (int, float)) and not isinstance(value, bool) and wanted == "text":
            return f'write "{value}" with quotes, or compare with a number'
    for value, wanted in sides:
        if isinstance(value, Get) and isinstance(of := target(value), ParameterReference):
            return f"declare the parameter {of.name} as {'Float or Integer' if wanted == 'number' else _NAMES[wanted]}"
    return "compare two values of one type"


_NAMES: Final[Mapping[_Type, str]] = {"number": "Float", "text": "String", "boolean": "Boolean"}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text and text[-1:].isdigit()
