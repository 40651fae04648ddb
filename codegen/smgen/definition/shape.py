"""How steps lie within each other in a definition: the one walk that reading, normalising and comparing share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from smgen.aws import STEP_KINDS
from smgen.documents import JsonObject, JsonValue, append_pointer

BranchName: TypeAlias = Literal["if", "else", "body"]

_BRANCH_NAMES: Final[Mapping[str, BranchName]] = {"IfSteps": "if", "ElseSteps": "else", "ForEachBody": "body"}


@dataclass(frozen=True, slots=True)
class Scope:
    """One enclosing step and the branch of it: `if` or `else` of a Condition step, `body` of a ForEach step."""

    step: str
    branch: BranchName


@dataclass(frozen=True, slots=True)
class StepsAt:
    """A list of steps in a raw document, with its pointer and its enclosing branches, outermost first."""

    value: JsonValue
    pointer: str
    scope: tuple[Scope, ...]


def branches_of(step: JsonObject, step_pointer: str, scope: tuple[Scope, ...]) -> tuple[StepsAt, ...]:
    """The lists of steps inside one raw step, in the order of its document; empty for steps that hold none."""
    kind, name, arguments = step.get("Type"), step.get("Name"), step.get("Arguments")
    if not isinstance(kind, str) or kind not in STEP_KINDS or not isinstance(arguments, dict):
        return ()
    of = name if isinstance(name, str) else ""
    members = STEP_KINDS[kind].branches
    return tuple(
        StepsAt(value, append_pointer(step_pointer, "Arguments", member), (*scope, Scope(of, _BRANCH_NAMES[member])))
        for member, value in arguments.items()
        if member in members and value is not None
    )


def raw_steps(document: JsonValue) -> Iterator[tuple[str, JsonObject]]:
    """Every object that stands where a step does, with its pointer, in the order of the document.

    Works on any JSON value and skips what is malformed, so that it can be used before anything is checked.
    """
    if not isinstance(document, dict):
        return
    todo: list[tuple[str, JsonValue, bool]] = [("/Steps", document.get("Steps"), True)]
    while todo:
        at, value, is_list = todo.pop()
        if is_list and isinstance(value, list):
            todo.extend((f"{at}/{index}", value[index], False) for index in reversed(range(len(value))))
        elif not is_list and isinstance(value, dict):
            yield at, value
            todo.extend((inner.pointer, inner.value, True) for inner in reversed(branches_of(value, at, ())))
