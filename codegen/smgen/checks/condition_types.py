"""Conditions compare like with like: a number with a number, a text with a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias

from smgen.aws import CONDITION, Leaf, property_leaf
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import JsonValue, append_pointer
from smgen.expressions import (
    Comparison,
    Condition,
    ExecutionReference,
    Get,
    In,
    Join,
    JsonGet,
    Not,
    Operand,
    ParameterReference,
    StepReference,
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
_TEXT_VARIABLES: Final = ("PipelineName", "PipelineArn", "PipelineExecutionId", "PipelineExecutionArn")
_SHOWN_AS: Final[Mapping[_Type, str]] = {"number": "a number", "text": "a text", "boolean": "a boolean"}


def check_condition_types(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG313 for each comparison whose sides are known to be of different types."""
    parameters = {parameter.name: parameter.type for parameter in reversed(index.definition.parameters)}
    for step in index.steps:
        conditions = step.arguments.get("Conditions") if step.kind is CONDITION else None
        if isinstance(conditions, list):
            at = append_pointer(step.pointer, "Arguments", "Conditions")
            for number, value in enumerate(conditions):
                condition = parse_condition(value)
                if condition is not None:
                    yield from _Types(index, step, parameters).findings(condition, append_pointer(at, number))


class _Types:
    """The types of what stands in the conditions of one step."""

    def __init__(self, index: DefinitionIndex, step: Step, parameters: Mapping[str, str]) -> None:
        self.index = index
        self.step = step
        self.parameters = parameters

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
        if isinstance(value, (str, Join)):
            return "text"
        if value is None or isinstance(value, JsonGet):
            return None
        of = target(value)
        if isinstance(of, ParameterReference):
            return _TYPES.get(self.parameters.get(of.name, ""))
        if isinstance(of, ExecutionReference):
            return "text" if of.variable in _TEXT_VARIABLES else None
        if isinstance(of, StepReference):
            step = self.index.meant_step(of.step, self.step)
            return None if step is None else _property_type(step, of.path)
        return None


def _property_type(step: Step, path: str) -> _Type | None:
    leaf = property_leaf(step.type, path)
    if not isinstance(leaf, Leaf):
        return None
    if step.kind.takes_named_values:
        return _output_type(step.fields.get("OutputParameters"), path)
    return _TYPES.get(leaf.type)


def _output_type(declared: JsonValue, path: str) -> _Type | None:
    """The type that a Lambda or Callback step declares for one of its outputs."""
    for item in declared if isinstance(declared, list) else []:
        if isinstance(item, dict):
            name, kind = item.get("OutputName"), item.get("OutputType")
            if isinstance(kind, str) and path in (f"OutputParameters['{name}']", f'OutputParameters["{name}"]'):
                return _TYPES.get(kind)
    return None


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
