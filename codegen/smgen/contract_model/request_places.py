"""Where each value of a contract's request stands in the request that AWS sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smgen.aws import Member, PathProblem, Shape, request_member, request_shape, step_field_member, step_field_shape
from smgen.contract_model.holes import Parts, Value
from smgen.contract_model.step_contract import StepContract


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A value and its place: member names, map keys and list indices from ``Arguments`` (or from beside it) down.

    ``in_text`` says that the value is a part of a ``$join`` or ``$json``, so that AWS sees only the text; ``beside``
    that the place is in ``step_fields``.
    """

    value: Value
    parts: Parts
    beside: bool = False
    in_text: bool = False

    def shape(self, kind: str) -> Shape | PathProblem:
        """AWS's shape at the place."""
        return step_field_shape(kind, self.parts) if self.beside else request_shape(kind, self.parts)

    def member(self, kind: str) -> Member | None:
        """AWS's member at the place, with its documentation; None where there is none."""
        return step_field_member(kind, self.parts) if self.beside else request_member(kind, self.parts)


def placed_values(contract: StepContract) -> Iterator[PlacedValue]:
    """Everything in the contract's request and step fields with its place, outer before inner, in written order.

    Holes that choose or repeat (``$when``, ``$each``, ``$merge``) stand at the place of what they give.
    """
    yield from _below(contract.request, (), beside=False, in_text=False)
    yield from _below(contract.step_fields, (), beside=True, in_text=False)


def _below(value: Value, parts: Parts, *, beside: bool, in_text: bool) -> Iterator[PlacedValue]:
    yield PlacedValue(value, parts, beside, in_text)
    for way, inner in value.inside():
        yield from _below(inner, (*parts, *way), beside=beside, in_text=in_text or value.is_text)
