"""Models whose data is no archive, where AWS runs only models in one archive."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.aws import EACH, values_at
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import step_reference
from smgen.checks.index import DefinitionIndex
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import value_at


def check_model_sources(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG416 for a transform job or a serverless variant that runs a model with `ModelDataSource`."""
    for step in index.steps:
        model = None if step.kind.job is None else step.kind.job.model
        if model is None:
            continue
        for found in values_at(step.own["Arguments"], model):
            variant = value_at(step.own["Arguments"], *found.parts[:-1])
            # A variant on machines of its own runs such models.
            if EACH in model and value_at(variant, "ServerlessConfig") is None:
                continue
            to = step_reference(found.value)
            maker = None if to is None else index.meant_step(to.step, step)
            if maker is not None:
                yield from _sources(index, step, found.parts, maker)


def _sources(index: DefinitionIndex, step: Step, parts: tuple[str | int, ...], model: Step) -> Iterator[Finding]:
    what = "a serverless endpoint" if len(parts) > 1 else "batch transform"
    for path in model.kind.containers:
        for found in values_at(model.own["Arguments"], (*path, "ModelDataSource")):
            yield Finding(
                "SMG416",
                f'step "{step.name}": AWS runs no model with ModelDataSource in {what}, and "{model.name}" has one',
                index.place(append_pointer(step.pointer, "Arguments", *parts), step),
                given="ModelDataSource",
                expected="a model with ModelDataUrl (AWS: ContainerDefinition$ModelDataSource)",
                expected_at=index.place(append_pointer(model.pointer, "Arguments", *found.parts), model),
                fix="pack the model into one .tar.gz, and name it with ModelDataUrl",
            )
            return
