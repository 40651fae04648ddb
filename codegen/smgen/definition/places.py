"""What stands in a step at the places that its kind names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smgen.aws import EACH, Path
from smgen.definition.model import Step
from smgen.documents import append_pointer
from smgen.expressions import Value


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the names and indices that lead to it."""

    parts: tuple[str | int, ...]
    value: Value


def values_at(holder: Value, path: Path) -> Iterator[Found]:
    """Every value at a path that is there and not null, in the order of the document; nothing stands in expressions."""
    todo: list[tuple[tuple[str | int, ...], Value, int]] = [((), holder, 0)]
    while todo:
        parts, value, depth = todo.pop()
        if value is None:
            continue
        if depth == len(path):
            yield Found(parts, value)
        elif isinstance(value, dict):
            names = reversed(value) if path[depth] == EACH else [path[depth]]
            todo.extend(((*parts, name), value.get(name), depth + 1) for name in names)
        elif isinstance(value, list) and path[depth] == EACH:
            todo.extend(((*parts, at), value[at], depth + 1) for at in reversed(range(len(value))))


def values_of(step: Step, path: Path, *, beside: bool = False) -> Iterator[tuple[str, Value]]:
    """The same in the arguments of a step, or ``beside`` them, with pointers into the definition."""
    root = () if beside else ("Arguments",)
    for found in values_at(step.own, (*root, *path)):
        yield append_pointer(step.pointer, *found.parts), found.value
