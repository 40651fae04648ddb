"""The order in which code adds steps: that of the definition, but what is read stands before what reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smgen.definition import Step
from smgen.expressions import Expression, Get, JsonGet, PropertyFileReference, StepReference, references, target


def code_order(steps: Sequence[Step]) -> tuple[Step, ...] | None:
    """The steps of one list so that each stands behind those that it, or a step inside it, reads or waits for.

    Of the orders that are possible the one nearest to the definition's is taken. None where they wait for each other.
    """
    holder = {inner.name: step.name for step in steps for inner in step.walk()}
    needs = {step.name: {holder[name] for name in needed(step) if name in holder} - {step.name} for step in steps}
    waiting, done, ordered = list(steps), set[str](), list[Step]()
    while waiting:
        ready = next((step for step in waiting if needs[step.name] <= done), None)
        if ready is None:
            return None
        waiting.remove(ready)
        done.add(ready.name)
        ordered.append(ready)
    return tuple(ordered)


def needed(step: Step) -> Iterator[str]:
    """The steps that a step, or what stands inside it, reads or waits for."""
    for inner in step.walk():
        yield from (item.step for item in inner.depends_on)
    for value in (step.arguments, step.fields):
        for _, expression in references(value):
            yield from _read_by(expression)


def _read_by(expression: Expression) -> Iterator[str]:
    source = expression.source if isinstance(expression, JsonGet) else expression
    found = target(source) if isinstance(source, Get) else None
    if isinstance(found, (StepReference, PropertyFileReference)):
        yield found.step
