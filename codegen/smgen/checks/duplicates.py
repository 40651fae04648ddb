"""Names that stand twice where SageMaker tells things apart by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from smgen.aws import OUTPUT_PARAMETERS, values_at
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.checks.step_locations import holder_of
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import elements_at, value_at

_ITERATION: Final = re.compile("(.+)-[0-9]+", re.DOTALL)


def check_duplicates(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG314 for each name that stands a second time."""
    parameters = ((item.name, append_pointer(item.pointer, "Name")) for item in index.definition.parameters)
    yield from _twice(index, None, "parameters are", parameters, "rename or remove one of the two parameters")
    steps = ((step.name, append_pointer(step.pointer, "Name"), step) for step in index.steps)
    yield from _steps(index, steps)
    yield from _iterations(index)
    for step in index.steps:
        yield from _in_step(index, step)


def _steps(index: DefinitionIndex, steps: Iterable[tuple[str, str, Step]]) -> Iterator[Finding]:
    first: dict[str, tuple[str, Step]] = {}
    for name, at, step in steps:
        earlier = first.setdefault(name, (at, step))
        if earlier[1] is not step:
            inside = "" if earlier[1].scope == step.scope else ", and names are unique across branches too"
            yield Finding(
                "SMG314",
                f"two steps are named {name}{inside}",
                index.place(at, step),
                given=name,
                expected="a name that no other step of the pipeline has",
                expected_at=index.place(earlier[0], earlier[1]),
                fix="rename one of the two steps, and what refers to it",
            )


def _iterations(index: DefinitionIndex) -> Iterator[Finding]:
    """A step named as SageMaker names an iteration of a step in a loop, which it refuses (for_each_step.py)."""
    bodies = {step.name: step for step in index.steps if step.scope and step.scope[-1].branch == "body"}
    for step in index.steps:
        name = _ITERATION.fullmatch(step.name)
        body = None if name is None else bodies.get(name[1])
        if body is not None and all(scope.branch != "body" for scope in step.scope):
            yield Finding(
                "SMG314",
                f"{step.name} is named as an iteration of {body.name}, which stands in a loop",
                index.place(append_pointer(step.pointer, "Name"), step),
                given=step.name,
                expected="a name that no iteration of a loop has",
                expected_at=index.place(append_pointer(body.pointer, "Name"), body),
                fix="rename one of the two steps, and what refers to it",
            )


def _in_step(index: DefinitionIndex, step: Step) -> Iterator[Finding]:
    for row in dict.fromkeys((*step.kind.lists, OUTPUT_PARAMETERS)):
        holder, pointer = holder_of(step, beside=row.beside)
        for at, items in values_at(holder, row.path):
            here = append_pointer(pointer, *at)
            names = [
                (name, append_pointer(here, number, row.name))
                for number, item in enumerate(elements_at(items))
                if isinstance(name := value_at(item, row.name), str)
            ]
            fix = f"rename or remove one of the two {row.noun}s"
            yield from _twice(index, step, f"{row.noun}s of {step.name} are", names, fix)
    files = [(file.name, append_pointer(file.pointer, "PropertyFileName")) for file in step.property_files]
    yield from _twice(index, step, f"property files of {step.name} are", files, "rename one of the two property files")
    yield from _dependencies(index, step)


def _dependencies(index: DefinitionIndex, step: Step) -> Iterator[Finding]:
    """Two entries of one step are no mistake when they wait for different outcomes."""
    first: dict[tuple[str, str | None], str] = {}
    for item in step.depends_on:
        earlier = first.setdefault((item.step, item.trigger), item.pointer)
        if earlier != item.pointer:
            yield Finding(
                "SMG314",
                f"{step.name} names {item.step} twice in DependsOn",
                index.place(item.pointer, step),
                given=item.step,
                expected="each step once",
                expected_at=index.place(earlier, step),
                fix="remove one of the two entries",
            )


def _twice(
    index: DefinitionIndex, step: Step | None, words: str, names: Iterable[tuple[str, str]], fix: str
) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name, at in names:
        earlier = first.setdefault(name, at)
        if earlier != at:
            yield Finding(
                "SMG314",
                f"two {words} named {name}",
                index.place(at, step),
                given=name,
                expected="a name of its own",
                expected_at=index.place(earlier, step),
                fix=fix,
            )
