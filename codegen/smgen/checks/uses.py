"""The expressions of a definition with their places and owners, and the objects that only look like expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from smgen.definition import Definition, Step
from smgen.documents import Trail, append_pointer, longer_trail, trail_pointer
from smgen.expressions import (
    Expression,
    Get,
    Members,
    Target,
    Value,
    as_expression,
    looks_like_expression,
    target,
    texts_of,
    value_from_json,
    walk_values,
    within,
)

_NOT_WALKED: Final = frozenset({"Version", "Metadata", "Parameters", "Steps"})
"""Members of the definition in which no expression is worked out, and its steps, which are walked one by one."""


@dataclass(frozen=True, slots=True)
class Use:
    """One expression in a definition.

    ``step`` is the innermost step in whose own arguments or fields it stands (for an expression inside a branch that
    is the step of the branch, not the condition); None at the top of the definition. ``target`` is what a Get refers
    to, None for a Join or a JsonGet. ``outer`` is the expression directly around it.
    """

    pointer: str
    expression: Expression
    target: Target | None
    step: Step | None
    outer: Expression | None


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A text that holds what Python shows for a reference, so that nothing is worked out; `shown` is that part."""

    pointer: str
    shown: str
    step: Step | None


# The dict of a reference made a text by str() or an f-string, and the SDK's variables and parameters themselves.
_QUOTE: Final = r"""\\?['"]"""
_WRITTEN_OUT: Final = re.compile(
    rf"\{{{_QUOTE}Get{_QUOTE}: ?{_QUOTE}(?:Parameters|Steps|Execution)\.[^'\"]+{_QUOTE}\}}?"
    rf"|\{{{_QUOTE}Std:(?:Join|JsonGet){_QUOTE}:"
    r"|<sagemaker\.[\w.]+ object at 0x[0-9a-fA-F]+>"
    r"|Parameter(?:String|Integer|Float|Boolean)\(name='[^']*'"
)


@dataclass(frozen=True, slots=True)
class Malformed:
    """An object that looks like an expression but is none, with the step in which it stands."""

    pointer: str
    value: Members
    step: Step | None


@dataclass(frozen=True, slots=True)
class FoundUse:
    """Everything of a definition that is an expression, looks like one, or was one before it became a text."""

    uses: tuple[Use, ...]
    malformed: tuple[Malformed, ...]
    written_out: tuple[WrittenOut, ...]


def find_uses(definition: Definition, steps: tuple[Step, ...]) -> FoundUse:
    """Every expression in document order within its step, steps in their order, and what only looks like one.

    Takes time that is linear in the size of the definition: each expression is parsed once, with all inside it.
    """
    walk = _Walk()
    for key, value in definition.document.items():
        if key not in _NOT_WALKED:
            walk.value(("", key), value_from_json(value), None)
    for step in steps:
        for key, own in step.own.items():
            walk.value((step.pointer, key), own, step)
    return FoundUse(tuple(walk.uses), tuple(walk.malformed), tuple(walk.written_out))


class _Walk:
    """Collects what is found."""

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.malformed: list[Malformed] = []
        self.written_out: list[WrittenOut] = []

    def value(self, at: Trail, start: Value, step: Step | None) -> None:
        for here, value in walk_values(start, at):
            if isinstance(value, str):
                self.text(here, value, step)
            elif isinstance(value, dict):
                if looks_like_expression(value):
                    self.malformed.append(Malformed(trail_pointer(here), value, step))
            elif (expression := as_expression(value)) is not None:
                self.expression(trail_pointer(here), expression, step)

    def text(self, at: Trail, text: str, step: Step | None) -> None:
        # Most texts are short and have neither of these: the pattern is for the rest.
        if ("{" in text or "sagemaker." in text or "Parameter" in text) and (found := _WRITTEN_OUT.search(text)):
            self.written_out.append(WrittenOut(trail_pointer(at), found[0], step))

    def expression(self, at: str, outermost: Expression, step: Step | None) -> None:
        todo: list[tuple[str, Expression, Expression | None]] = [(at, outermost, None)]
        while todo:
            here, expression, outer = todo.pop()
            found = target(expression) if isinstance(expression, Get) else None
            self.uses.append(Use(here, expression, found, step, outer))
            for way, text in texts_of(expression):
                self.text(longer_trail(here, *way), text, step)
            inside = [(append_pointer(here, *way), inner, expression) for way, inner in within(expression)]
            todo.extend(reversed(inside))
