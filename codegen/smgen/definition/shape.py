"""How steps lie within each other in a definition: the one walk that reading, normalising and comparing share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from smgen.aws import STEP_KINDS
from smgen.documents import JsonObject, JsonValue, append_pointer, json_at, list_at, object_at, text_at

BranchName: TypeAlias = Literal["if", "else", "body"]

_BRANCH_NAMES: Final[Mapping[str, BranchName]] = {"IfSteps": "if", "ElseSteps": "else", "ForEachBody": "body"}


@dataclass(frozen=True, slots=True)
class StepScope:
    """One enclosing step and the branch of it: `if` or `else` of a Condition step, `body` of a ForEach step."""

    step: str
    branch: BranchName


@dataclass(frozen=True, slots=True)
class StepsAt:
    """A list of steps in a raw document, with its pointer and its enclosing branches, outermost first."""

    value: JsonValue
    pointer: str
    scope: tuple[StepScope, ...]


def branches_of(step: JsonObject, step_pointer: str, scope: tuple[StepScope, ...]) -> tuple[StepsAt, ...]:
    """The lists of steps inside one raw step, in the order of its document; empty for steps that hold none."""
    kind = STEP_KINDS.get(text_at(step, "Type") or "")
    of = text_at(step, "Name") or ""
    return tuple(
        StepsAt(
            value, append_pointer(step_pointer, "Arguments", member), (*scope, StepScope(of, _BRANCH_NAMES[member]))
        )
        for member, value in object_at(step, "Arguments").items()
        if kind is not None and member in kind.branches and value is not None
    )


def raw_steps(document: JsonValue) -> Iterator[tuple[str, JsonObject]]:
    """Every object that stands where a step does, with its pointer, in the order of the document.

    Works on any JSON value and skips what is malformed, so that it can be used before anything is checked.
    """
    todo = located_objects("/Steps", json_at(document, "Steps"))[::-1]
    while todo:
        at, step = todo.pop()
        yield at, step
        inside = [located_objects(inner.pointer, inner.value) for inner in branches_of(step, at, ())]
        todo.extend(found for items in reversed(inside) for found in reversed(items))


def located_objects(at: str, value: JsonValue) -> list[tuple[str, JsonObject]]:
    """The objects in a list that stands at a pointer, with their own; none where it is no list."""
    return [(f"{at}/{index}", item) for index, item in enumerate(list_at(value)) if isinstance(item, dict)]
