"""The outputs that steps of a kind usually have, and what single properties are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from smgen.aws import STEP_KINDS, Leaf, PathProblem, parse_property_path, property_leaf
from smgen.definition import Step
from smgen.documents import JsonValue
from smgen.importer.artifacts import Inferred, inferred
from smgen.importer.checks import check_artifact

ScalarType: TypeAlias = Literal["String", "Integer", "Float", "Boolean"]

RETURNED: Final = re.compile(r"""OutputParameters\[(?:'([^'"\]]+)'|"([^'"\]]+)")\]""")
PROCESSING_OUTPUT: Final = re.compile(
    r"""ProcessingOutputConfig\.Outputs\[(?:'([^'"\]]+)'|"([^'"\]]+)")\]\.S3Output\.S3Uri"""
)
_LOCATION: Final = re.compile(r"(S3Uri|S3OutputPath|S3ModelArtifacts|ModelDataUrl|OutputLocation|S3Path|Url|URI)\Z")


@dataclass(frozen=True, slots=True)
class Usual:
    """An output that steps of a kind have: its name, its property, and its artifact or scalar type."""

    name: str
    path: str
    type: str


#: By kind; those of Processing, Lambda and Callback stand in the step itself.
USUAL: Final[Mapping[str, tuple[Usual, ...]]] = {
    "Training": (
        Usual("model_artifacts", "ModelArtifacts.S3ModelArtifacts", "ModelArtifacts"),
        Usual("training_job_name", "TrainingJobName", "String"),
    ),
    "Tuning": (
        Usual("best_training_job_name", "BestTrainingJob.TrainingJobName", "String"),
        Usual("tuning_job_name", "HyperParameterTuningJobName", "String"),
    ),
    "Transform": (Usual("predictions", "TransformOutput.S3OutputPath", "Predictions"),),
    "Model": (Usual("model", "ModelName", "Model"),),
    "RegisterModel": (Usual("model_package", "ModelPackageArn", "ModelPackage"),),
    "QualityCheck": (
        Usual("statistics", "CalculatedBaselineStatistics", "Statistics"),
        Usual("constraints", "CalculatedBaselineConstraints", "Constraints"),
        Usual("drift_statistics", "BaselineUsedForDriftCheckStatistics", "Statistics"),
        Usual("drift_constraints", "BaselineUsedForDriftCheckConstraints", "Constraints"),
    ),
    "ClarifyCheck": (
        Usual("constraints", "CalculatedBaselineConstraints", "Constraints"),
        Usual("drift_constraints", "BaselineUsedForDriftCheckConstraints", "Constraints"),
    ),
    "AutoML": (
        Usual("best_model", "BestCandidate.InferenceContainers[0].ModelDataUrl", "ModelArtifacts"),
        Usual("automl_job_name", "AutoMLJobName", "String"),
    ),
    "EndpointConfig": (Usual("endpoint_config", "EndpointConfigName", "EndpointConfig"),),
    "Endpoint": (Usual("endpoint", "EndpointName", "Endpoint"),),
    "InferenceComponent": (Usual("inference_component", "InferenceComponentName", "InferenceComponent"),),
}


def leaf_of(kind: str, path: str) -> Leaf | PathProblem:
    """What a property of a step is; of kinds that the table lacks everything can be read."""
    if kind in STEP_KINDS:
        return property_leaf(kind, path)
    parsed = parse_property_path(path)
    return parsed if isinstance(parsed, PathProblem) else Leaf("Any", "", "")


def returned_types(step: Step) -> Mapping[str, ScalarType]:
    """The values that a Lambda or Callback step returns, by name; none where they are not declared as usual."""
    items = step.fields.get("OutputParameters")
    found: dict[str, ScalarType] = {}
    for item in items if isinstance(items, list) else []:
        name, kind = (item.get("OutputName"), item.get("OutputType")) if isinstance(item, dict) else (None, None)
        scalar = scalar_type(kind)
        if not isinstance(item, dict) or len(item) != 2 or not isinstance(name, str) or scalar is None or name in found:
            return {}
        if RETURNED.fullmatch(f"OutputParameters['{name}']") is None:
            return {}
        found[name] = scalar
    return found


def scalar_type(value: JsonValue) -> ScalarType | None:
    """A scalar type by its name; None for any other value."""
    known: tuple[ScalarType, ...] = ("String", "Integer", "Float", "Boolean")
    return next((name for name in known if name == value), None)


def property_type(step: Step, path: str) -> ScalarType | None:
    """The scalar type of a property; String for texts, also for those that are locations. None for no property."""
    returned = RETURNED.fullmatch(path)
    if returned is not None and step.type in ("Lambda", "Callback"):
        return returned_types(step).get(returned[1] or returned[2])
    leaf = leaf_of(step.type, path)
    if isinstance(leaf, PathProblem):
        return None
    return scalar_type(leaf.type) or "String"


def artifact_of(step: Step, path: str) -> Inferred | None:
    """The artifact that a property gives the location or name of; None where nothing says that it is one."""
    kind = step.type
    for usual in USUAL.get(kind, ()):
        if usual.path == path:
            return None if scalar_type(usual.type) is not None else Inferred(check_artifact(step, usual.type), True)
    if path == "ModelName":
        return Inferred("Model", True)
    if kind in ("Lambda", "Callback"):
        return None
    output = PROCESSING_OUTPUT.fullmatch(path)
    if output is not None:
        return inferred(output[1] or output[2])
    if path == "OutputDataConfig.S3OutputPath":
        return Inferred("Results", True)
    return inferred(path) if _LOCATION.search(path) else None
