"""The order in which code adds steps: that of the definition, but what is read stands before what reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from smgen.definition import Step
from smgen.expressions import Expression, Get, JsonGet, PropertyFileReference, StepReference, references, target


def code_order(steps: Sequence[Step], raw: Collection[str] = ()) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The steps of one list so that each stands behind those that it, or a step inside it, reads or waits for.

    Of the orders that are possible the one nearest to the definition's is taken. At the end stand those that wait for
    each other; they are given once more. Steps at the pointers of ``raw`` need no other one before them.
    """
    holder = {inner.name: step.pointer for step in steps for inner in step.walk()}
    needs = {
        step.pointer: {holder[name] for name in needed(step) if name in holder and step.pointer not in raw}
        - {step.pointer}
        for step in steps
    }
    waiting, done, ordered = list(steps), set[str](), list[Step]()
    while waiting:
        ready = next((step for step in waiting if needs[step.pointer] <= done), None)
        if ready is None:
            break
        waiting.remove(ready)
        done.add(ready.pointer)
        ordered.append(ready)
    return (*ordered, *waiting), tuple(step for step in waiting if _leads(step.pointer, needs))


def _leads(start: str, needs: Mapping[str, Collection[str]]) -> bool:
    """Whether what a step needs leads to itself."""
    todo, seen = [*needs[start]], set[str]()
    while todo:
        here = todo.pop()
        if here == start:
            return True
        todo += () if here in seen else needs[here]
        seen.add(here)
    return False


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
