"""Model data is one file: the folder that a job writes below is not it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.aws import property_at, values_at
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import step_reference
from smgen.checks.index import DefinitionIndex
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import value_at

_OUTPUT: Final = ".S3Output.S3Uri"
"""How the property of an output of a processing job ends: its folder."""


def check_model_files(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG320 for model data that is the output folder of a training job, SMG417 for that of a processing job.

    Multi-model containers take folders.
    """
    for step in index.steps:
        arguments = append_pointer(step.pointer, "Arguments")
        for path in step.kind.containers:
            for parts, container in values_at(step.own["Arguments"], path):
                of = step_reference(value_at(container, "ModelDataUrl"))
                if of is None or value_at(container, "Mode") == "MultiModel":
                    continue
                writer = index.meant_step(of.step, step)
                at = append_pointer(arguments, *parts, "ModelDataUrl", "Get")
                if writer is not None and writer.kind.is_processing_job and of.path.endswith(_OUTPUT):
                    yield _output_folder(index, step, writer, of.path, at)
                for row in () if writer is None else writer.kind.writes:
                    folder = property_at(row.path)
                    if not row.file or of.path != folder:
                        continue
                    right = f"Steps.{of.step}.{row.properties[0]}"
                    yield Finding(
                        "SMG320",
                        f"{step.name} takes a folder for its model: {of.step} writes the file {row.file} in a folder "
                        f"of its job below {folder}",
                        index.place(at, step),
                        given=f"Steps.{of.step}.{folder}",
                        expected=right,
                        nearest=right,
                        fix=f"write {right}",
                    )


def _output_folder(index: DefinitionIndex, step: Step, writer: Step, path: str, at: str) -> Finding:
    return Finding(
        "SMG417",
        f"{step.name} takes for its model the folder of an output of {writer.name}, and a model is one archive",
        index.place(at, step),
        given=f"Steps.{writer.name}.{path}",
        expected="the file below it (AWS: ContainerDefinition$ModelDataUrl: a single tar.gz)",
        fix='join the output with the file: {"Std:Join": {"On": "/", "Values": '
        f'[{{"Get": "Steps.{writer.name}.{path}"}}, "model.tar.gz"]}}}}',
    )
