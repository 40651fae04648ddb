"""Writes the conditions of a condition step: what they compare, each with its authored form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from smgen.definition import Step
from smgen.documents import append_pointer, list_at
from smgen.expressions import (
    MIRRORED,
    Comparison,
    Condition,
    Expression,
    Get,
    In,
    Join,
    JsonGet,
    Not,
    Operand,
    as_expression,
    parse_condition,
)
from smgen.importer.model import Authored
from smgen.importer.values import ValueWriter


@dataclass(frozen=True, slots=True)
class StepConditions:
    """The conditions of one step; ``operands`` are the authored forms of the expressions in them."""

    writer: ValueWriter
    step: Step
    operands: dict[Expression, Authored] = field(default_factory=dict[Expression, "Authored"])

    def conditions(self) -> tuple[Condition, ...]:
        """The conditions; SMG134 for what is none."""
        found: list[Condition] = []
        at = append_pointer(self.step.pointer, "Arguments", "Conditions")
        for number, item in enumerate(list_at(self.step.arguments, "Conditions")):
            condition = parse_condition(item)
            if condition is None:
                self._finding("this is no condition", append_pointer(at, number))
            else:
                found.append(self._condition(condition, append_pointer(at, number)))
        return tuple(found)

    def _finding(self, words: str, at: str, *, given: str | None = None, expected: str | None = None) -> None:
        self.writer.finding(words, at, self.step.name, given=given, expected=expected)

    def _condition(self, condition: Condition, at: str) -> Condition:
        """The condition with every operand written; a value of the environment becomes an expression of its own."""
        if isinstance(condition, Comparison):
            left = self._operand(condition.left, append_pointer(at, "LeftValue"))
            right = self._operand(condition.right, append_pointer(at, "RightValue"))
            kind = condition.type
            if as_expression(left) is None:
                # Code has a variable on the left.
                kind, left, right = MIRRORED[kind], right, left
                if as_expression(left) is None:
                    words = "a comparison of two plain values is decided now"
                    self._finding(words, append_pointer(at, "LeftValue"), given=repr(right))
            self._check_sides(condition.type, left, (right,), at)
            return Comparison(kind, left, right)
        if isinstance(condition, In):
            query = self._operand(condition.query, append_pointer(at, "QueryValue"))
            listed = enumerate(condition.values)
            values = tuple(self._operand(item, append_pointer(at, "Values", number)) for number, item in listed)
            self._check_sides("In", query, values, at)
            return In(query, values)
        if isinstance(condition, Not):
            return Not(self._condition(condition.condition, append_pointer(at, condition.member)), condition.member)
        inner = enumerate(condition.conditions)
        return type(condition)(
            tuple(self._condition(item, append_pointer(at, "Conditions", number)) for number, item in inner)
        )

    def _operand(self, operand: Operand, at: str) -> Operand:
        known, expression = self.writer.assigned.values.get(at), as_expression(operand)
        if known is None and expression is None:
            return operand
        written = self.writer.value(operand, at, self.step.name)
        if known is not None or expression is None or repr(self.operands.get(expression, written)) != repr(written):
            # To Python 1, 1.0 and True are equal, and so are texts that are put together with them.
            expression = Get(f"Environment.{at}")
        self.operands[expression] = written
        return expression

    def _check_sides(self, kind: str, left: Operand, others: Sequence[Operand], at: str) -> None:
        """SMG134 for a comparison of different types, or of texts by size; it cannot be true."""
        own, *rest = map(self._family, (left, *others))
        wrong = next((other for other in rest if other != own), None)
        if None in others:
            self._finding("a condition compares with null", at)
        elif wrong is not None:
            self._finding(f"a {own} is compared with a {wrong}", at, given=wrong, expected=own)
        elif own != "number" and kind not in ("Equals", "In"):
            self._finding(f"a {own} is compared by its size", at, given=own, expected="number")

    def _family(self, operand: Operand) -> str:
        written = self.operands[operand] if isinstance(operand, (Get, Join, JsonGet)) else operand
        return self.writer.json_type(written).replace("integer", "number")
