"""Model data is one file: the folder that a training job writes below is not it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.checks.locations import EACH, values_at
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import Get, StepReference, parse_expression, target

_CONTAINERS: Final = {
    "Model": (("PrimaryContainer",), ("Containers", EACH)),
    "RegisterModel": (
        ("InferenceSpecification", "Containers", EACH),
        ("AdditionalInferenceSpecifications", EACH, "Containers", EACH),
    ),
}
_FOLDER: Final = "OutputDataConfig.S3OutputPath"


def check_model_files(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG320 for model data that is the output folder of a training job. Multi-model containers take folders."""
    for step in index.steps:
        arguments = append_pointer(step.pointer, "Arguments")
        for path in _CONTAINERS.get(step.type, ()):
            for at, container in values_at(step.arguments, arguments, path):
                if not isinstance(container, dict) or container.get("Mode") == "MultiModel":
                    continue
                expression = parse_expression(container.get("ModelDataUrl"))
                of = target(expression) if isinstance(expression, Get) else None
                if not isinstance(of, StepReference) or of.path != _FOLDER:
                    continue
                writer = index.meant_step(of.step, step)
                if writer is None or writer.type != "Training":
                    continue
                right = f"Steps.{of.step}.ModelArtifacts.S3ModelArtifacts"
                yield Finding(
                    "SMG320",
                    f"{step.name} takes a folder for its model: {of.step} writes the file model.tar.gz in a folder of "
                    f"its job below {_FOLDER}",
                    index.place(append_pointer(at, "ModelDataUrl", "Get"), step),
                    given=f"Steps.{of.step}.{_FOLDER}",
                    expected=right,
                    nearest=right,
                    fix=f"write {right}",
                )
