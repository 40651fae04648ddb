"""Writes the conditions of a condition step: what they compare, each with its authored form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    Not,
    Operand,
    Or,
    as_expression,
    parse_condition,
)
from smgen.importer.imported_pipeline import Authored, RawPart
from smgen.importer.value_writer import ValueWriter


@dataclass(frozen=True, slots=True)
class StepConditions:
    """The conditions of one step; ``operands`` are the authored forms of the expressions in them."""

    writer: ValueWriter
    step: Step
    operands: dict[Expression, Authored] = field(default_factory=dict[Expression, "Authored"])

    def conditions(self) -> tuple[Condition | RawPart, ...]:
        """The conditions, those that no operator of the module can write as they are; SMG134 for what is none."""
        found: list[Condition | RawPart] = []
        at = append_pointer(self.step.pointer, "Arguments", "Conditions")
        for number, item in enumerate(list_at(self.step.arguments, "Conditions")):
            condition, here = parse_condition(item), append_pointer(at, number)
            if here in self.writer.reading.raw:
                found.append(self.writer.unified.part(here))
                continue
            if condition is None:
                self.writer.finding("this is no condition", here, self.step.name)
                continue
            problem = next(self._problems(condition, here), None)
            if problem is not None:
                self.writer.raw[here] = problem
            found.append(self._condition(condition, here) if problem is None else self.writer.unified.part(here))
        return tuple(found)

    def _problems(self, condition: Condition, at: str) -> Iterator[str]:
        """Why no operator can write a condition: it compares different types, texts by size, or two plain values."""
        if isinstance(condition, Not):
            yield from self._problems(condition.condition, append_pointer(at, condition.member))
        elif isinstance(condition, Or):
            for number, item in enumerate(condition.conditions):
                yield from self._problems(item, append_pointer(at, "Conditions", number))
        elif isinstance(condition, Comparison):
            places = (append_pointer(at, "LeftValue"), append_pointer(at, "RightValue"))
            sides = (condition.left, condition.right)
            yield from self._of_sides(condition.type, tuple(zip(sides, places, strict=True)))
        else:
            listed = ((item, append_pointer(at, "Values", number)) for number, item in enumerate(condition.values))
            yield from self._of_sides("In", ((condition.query, append_pointer(at, "QueryValue")), *listed))

    def _of_sides(self, kind: str, sides: Sequence[tuple[Operand, str]]) -> Iterator[str]:
        own, *others = (self._family(side, at) for side, at in sides)
        known = [as_expression(side) is not None or at in self.writer.assigned.values for side, at in sides]
        wrong = next((other for other in others if other != own), None)
        if not (known[0] if kind == "In" else any(known)):
            yield "a comparison of two plain values is decided now"
        elif any(side is None for side, _ in sides):
            yield "a condition compares with null"
        elif wrong is not None:
            yield f"a {own} is compared with a {wrong}"
        elif own != "number" and kind not in ("Equals", "In"):
            yield f"a {own} is compared by its size"

    def _family(self, operand: Operand, at: str) -> str:
        written = self.writer.value(operand, at, self.step.name)
        return self.writer.json_type(written).replace("integer", "number")

    def _condition(self, condition: Condition, at: str) -> Condition:
        """The condition with every operand written; a value of the environment becomes an expression of its own."""
        if isinstance(condition, Comparison):
            left = self._operand(condition.left, append_pointer(at, "LeftValue"))
            right = self._operand(condition.right, append_pointer(at, "RightValue"))
            kind = condition.type
            if as_expression(left) is None:
                # Code has a variable on the left.
                kind, left, right = MIRRORED[kind], right, left
            return Comparison(kind, left, right)
        if isinstance(condition, In):
            query = self._operand(condition.query, append_pointer(at, "QueryValue"))
            listed = enumerate(condition.values)
            values = tuple(self._operand(item, append_pointer(at, "Values", number)) for number, item in listed)
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
