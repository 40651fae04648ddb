"""Goes through what was imported: its steps, the values that they are written with, and the leaves of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from smgen.importer.imported_pipeline import (
    Authored,
    EnvironmentText,
    FileValue,
    Imported,
    ImportedCleanup,
    ImportedCondition,
    ImportedFail,
    ImportedLoop,
    ImportedPipeline,
    ImportedStep,
    JoinedText,
)


def all_imported(steps: Sequence[Imported]) -> Iterator[Imported]:
    """All steps, those inside of a step behind it."""
    for step in steps:
        yield step
        if isinstance(step, ImportedCondition):
            yield from all_imported(step.then)
            yield from all_imported(step.otherwise)
        elif isinstance(step, ImportedLoop):
            yield from all_imported(step.body)


def contract_steps(pipeline: ImportedPipeline) -> Iterator[ImportedStep]:
    """All steps that have a contract."""
    return (step for step in all_imported(pipeline.steps) if isinstance(step, ImportedStep))


def authored_values(pipeline: ImportedPipeline) -> Iterator[Authored]:
    """Every value that the module will write."""
    yield from pipeline.experiment or ()
    yield from pipeline.mlflow or ()
    yield from (parameter.default for parameter in pipeline.parameters)
    for step in all_imported(pipeline.steps):
        yield from step_values(step)


def step_values(step: Imported) -> Iterator[Authored]:
    """Every value that a step is written with, without those of the steps inside it."""
    if isinstance(step, ImportedStep):
        yield from step.config.values()
        yield from (item for bound in step.ports.values() for item in bound)
        yield from step.locations.values()
    elif isinstance(step, ImportedCondition):
        yield from step.operands.values()
    elif isinstance(step, ImportedFail):
        yield step.message
    elif isinstance(step, ImportedCleanup):
        yield from step.sources
    elif isinstance(step, ImportedLoop):
        yield step.items
        if step.selector is not None:
            yield step.selector[1]


def changed_steps(steps: Sequence[Imported], change: Callable[[Imported], Imported]) -> tuple[Imported, ...]:
    """The steps, each as ``change`` makes it, those inside of a step before it."""

    def changed(step: Imported) -> Imported:
        if isinstance(step, ImportedCondition):
            then, otherwise = changed_steps(step.then, change), changed_steps(step.otherwise, change)
            step = replace(step, then=then, otherwise=otherwise)
        elif isinstance(step, ImportedLoop):
            step = replace(step, body=changed_steps(step.body, change))
        return change(step)

    return tuple(map(changed, steps))


def leaves(value: Authored) -> Iterator[Authored]:
    """The scalars and references in a value, parts of texts among them."""
    if isinstance(value, JoinedText):
        for item in value.values:
            yield from leaves(item)
    elif isinstance(value, FileValue):
        yield from leaves(value.location)
    elif isinstance(value, EnvironmentText):
        yield from value.parts
    elif isinstance(value, tuple):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    else:
        yield value
