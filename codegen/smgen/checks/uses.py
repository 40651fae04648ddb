"""The expressions of a definition with their places and owners, and the objects that only look like expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from smgen.aws import STEP_KINDS
from smgen.definition import Definition, Step
from smgen.documents import JsonObject, JsonValue, Trail, append_pointer, trail_pointer
from smgen.expressions import Expression, Get, Join, JsonGet, Target, parse_expression, target

_NOT_WALKED: Final = frozenset({"Version", "Metadata", "Parameters", "Steps"})
"""Members of the definition in which no expression is worked out, and its steps, which are walked one by one."""

_ROOTS: Final = ("Parameters.", "Execution.", "Steps.", "ForEach.", "IterationOutput.", "PipelineExperimentConfig.")


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
    value: JsonObject
    step: Step | None


def looks_like_expression(value: JsonValue) -> bool:
    """Whether SageMaker would take a value for a reference or a function.

    An object with `Get` among other members may be a plain map (the hyperparameters of a step, the payload of a
    Lambda function), unless what it gets is one of the things that references get.
    """
    if not isinstance(value, dict):
        return False
    if "Get" in value:
        path = value["Get"]
        return len(value) == 1 or (isinstance(path, str) and path.startswith(_ROOTS))
    for key in value:  # noqa: SIM110 - a generator takes twice the time, and every object is asked several times.
        if key.startswith("Std:"):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Found:
    """Everything of a definition that is an expression, looks like one, or was one before it became a text."""

    uses: tuple[Use, ...]
    malformed: tuple[Malformed, ...]
    written_out: tuple[WrittenOut, ...]


def find_uses(definition: Definition, steps: tuple[Step, ...]) -> Found:
    """Every expression in document order within its step, steps in their order, and what only looks like one.

    Takes time that is linear in the size of the definition: each expression is parsed once, with all inside it.
    """
    walk = _Walk()
    top: list[tuple[Trail, JsonValue]] = [
        (("", key), value) for key, value in definition.document.items() if key not in _NOT_WALKED
    ]
    walk.values(top, None)
    for step in steps:
        walk.values(list(_own_members(step)), step)
    return Found(tuple(walk.uses), tuple(walk.malformed), tuple(walk.written_out))


def _own_members(step: Step) -> Iterator[tuple[Trail, JsonValue]]:
    """Everything of a step in which an expression may stand, without the steps inside it."""
    kind = STEP_KINDS.get(step.type)
    branches = kind.branches if kind is not None else ()
    arguments = append_pointer(step.pointer, "Arguments")
    if looks_like_expression(step.arguments):
        yield arguments, step.arguments
    else:
        for key, value in step.arguments.items():
            if key not in branches:
                yield (arguments, key), value
    if step.cache is not None:
        yield (step.pointer, "CacheConfig"), step.cache
    for number, policy in enumerate(step.retry):
        yield ((step.pointer, "RetryPolicies"), number), policy
    for key, value in step.fields.items():
        yield (step.pointer, key), value


class _Walk:
    """Collects what is found; no recursion, so that no depth of nesting can overflow the stack."""

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.malformed: list[Malformed] = []
        self.written_out: list[WrittenOut] = []

    def values(self, values: list[tuple[Trail, JsonValue]], step: Step | None) -> None:
        todo = values[::-1]
        while todo:
            at, here = todo.pop()
            if isinstance(here, dict):
                if looks_like_expression(here):
                    expression = parse_expression(here)
                    if expression is not None:
                        self.expression(trail_pointer(at), expression, step)
                        continue
                    self.malformed.append(Malformed(trail_pointer(at), here, step))
                todo.extend(((at, key), here[key]) for key in reversed(here))
            elif isinstance(here, list):
                todo.extend(((at, item), here[item]) for item in reversed(range(len(here))))
            elif isinstance(here, str):
                self.text(at, here, step)

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
            if isinstance(expression, Join):
                for number, value in enumerate(expression.values):
                    if isinstance(value, str):
                        self.text((((here, "Std:Join"), "Values"), number), value, step)
                inner = [
                    (append_pointer(here, "Std:Join", "Values", number), value, expression)
                    for number, value in enumerate(expression.values)
                    if isinstance(value, (Get, Join, JsonGet))
                ]
                todo.extend(reversed(inner))
            elif isinstance(expression, JsonGet) and not isinstance(expression.source, str):
                todo.append((append_pointer(here, "Std:JsonGet", expression.form), expression.source, expression))
