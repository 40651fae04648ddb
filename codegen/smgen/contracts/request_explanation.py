"""The whole request of a contract, each member with where it is from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smgen.contract_model.holes import ListValue, ObjectValue, Value, written
from smgen.contract_model.step_contract import StepContract
from smgen.documents import compact_json, split_pointer

#: Where short forms are written, with a word for what says them.
_SHORT_FORMS = {"inputs": "input", "outputs": "output", "metrics": "metric", "settings": "setting"}


@dataclass(frozen=True, slots=True)
class ExplainedMember:
    """A member of a request: its path in AWS's words, what stands there as JSON, and who says so."""

    path: str
    value: str
    origin: str


def explained_request(contract: StepContract) -> tuple[ExplainedMember, ...]:
    """Every leaf of a contract's request, then of the fields beside it; short forms and usual members too."""
    members = [*_members(contract, contract.request, "")]
    members += _members(contract, contract.step_fields, "")
    return tuple(members)


def _members(contract: StepContract, value: Value, path: str) -> Iterator[ExplainedMember]:
    if not isinstance(value, (ObjectValue, ListValue)) or not any(True for _ in value.inside()):
        if path or not isinstance(value, ObjectValue):
            yield ExplainedMember(path, compact_json(written(value)), _origin(contract, value.pointer))
        return
    for parts, inner in value.inside():
        at = path
        for part in parts:
            at += f"[{part}]" if isinstance(part, int) else f"{'.' if at else ''}{part}"
        yield from _members(contract, inner, at)


def _origin(contract: StepContract, pointer: str) -> str:
    first, *rest = (*split_pointer(pointer), "")
    if first in _SHORT_FORMS:
        return f"{_SHORT_FORMS[first]} {rest[0]}"
    if first == "source":
        return "source"
    if _is_usual(contract, pointer):
        return "usual"
    place = contract.place(pointer)
    return f"line {place.line}" if place.line is not None else "contract"


def _is_usual(contract: StepContract, pointer: str) -> bool:
    """Whether a member was brought in because the contract does not write it."""
    found = [base for base in contract.origins if pointer == base or pointer.startswith(f"{base}/")]
    return bool(found) and contract.origins[max(found, key=len)].pointer in ("/request", "/kind")
