"""Places in requests that take a location or a resource of another step, places that say where a step writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from smgen.definition import Step
from smgen.importer.artifacts import Inferred, inferred, last_segment
from smgen.importer.checks import check_artifact
from smgen.importer.environment_values import snake
from smgen.importer.shapes import Leaf, Parts

_CHANNEL: Final = "InputDataConfig/*/DataSource/S3DataSource/S3Uri"
_MODEL_DATA: Final = "(ModelDataUrl|ModelDataSource/S3DataSource/S3Uri)"
_PROCESSING_INPUT: Final = "ProcessingInputs/*/S3Input/S3Uri"
_PROCESSING_OUTPUT: Final = "ProcessingOutputConfig/Outputs/*/S3Output/S3Uri"
#: Channels and inputs that bring code.
_CODE: Final = (
    "code",
    "entrypoint",
    "sm_drivers",
    "sagemaker_remote_function_bootstrap",
    "pre_exec_script_and_dependencies",
)
_CODE_FOLDER: Final = "/opt/ml/processing/input/code"
_SDK_INPUT: Final = re.compile(r"input-\d+")

#: Patterns of places that take what another step makes, with the port's name ("" where the item around has it).
_PORTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "Training": ((_CHANNEL, ""),),
    "Tuning": ((f"TrainingJobDefinition/{_CHANNEL}", ""), (f"TrainingJobDefinitions/*/{_CHANNEL}", "")),
    "AutoML": ((_CHANNEL, "data"),),
    "Processing": ((_PROCESSING_INPUT, ""),),
    "QualityCheck": ((_PROCESSING_INPUT, ""),),
    "ClarifyCheck": ((_PROCESSING_INPUT, ""),),
    "Transform": (("ModelName", "model"), ("TransformInput/DataSource/S3DataSource/S3Uri", "data")),
    "Model": ((f"PrimaryContainer/{_MODEL_DATA}", "model"), (f"Containers/*/{_MODEL_DATA}", "model")),
    "RegisterModel": (
        (f"InferenceSpecification/Containers/*/{_MODEL_DATA}", "model"),
        (f"AdditionalInferenceSpecifications/*/Containers/*/{_MODEL_DATA}", "model"),
    ),
    "EndpointConfig": (("ProductionVariants/*/ModelName", "model"),),
    "Endpoint": (("EndpointConfigName", "endpoint_config"),),
    "InferenceComponent": (("EndpointName", "endpoint"), ("Specification/ModelName", "model")),
}
#: The same beside the arguments.
_PORT_FIELDS: Final[Mapping[str, str]] = {
    "SuppliedBaselineStatistics": "supplied_statistics",
    "SuppliedBaselineConstraints": "supplied_constraints",
    "ModelName": "model",
}
#: The files that a model version shows: the name of the port, and what it takes.
_METRICS: Final[Mapping[str, tuple[str, str]]] = {
    "ModelMetrics/ModelQuality/Statistics": ("model_statistics", "ModelMetrics"),
    "ModelMetrics/ModelQuality/Constraints": ("model_constraints", "ModelQualityConstraints"),
    "ModelMetrics/ModelDataQuality/Statistics": ("data_statistics", "DataStatistics"),
    "ModelMetrics/ModelDataQuality/Constraints": ("data_constraints", "DataConstraints"),
    "ModelMetrics/Bias/Report": ("bias_report", "BiasReport"),
    "ModelMetrics/Bias/PreTrainingReport": ("pre_training_bias_report", "DataBiasReport"),
    "ModelMetrics/Bias/PostTrainingReport": ("post_training_bias_report", "ModelBiasReport"),
    "ModelMetrics/Explainability/Report": ("explainability_report", "ExplainabilityReport"),
    "DriftCheckBaselines/ModelQuality/Statistics": ("drift_model_statistics", "ModelQualityStatistics"),
    "DriftCheckBaselines/ModelQuality/Constraints": ("drift_model_constraints", "ModelQualityConstraints"),
    "DriftCheckBaselines/ModelDataQuality/Statistics": ("drift_data_statistics", "DataStatistics"),
    "DriftCheckBaselines/ModelDataQuality/Constraints": ("drift_data_constraints", "DataConstraints"),
    "DriftCheckBaselines/Bias/ConfigFile": ("drift_bias_config", "AnalysisConfig"),
    "DriftCheckBaselines/Bias/PreTrainingConstraints": ("drift_pre_training_bias", "DataBiasReport"),
    "DriftCheckBaselines/Bias/PostTrainingConstraints": ("drift_post_training_bias", "ModelBiasReport"),
    "DriftCheckBaselines/Explainability/ConfigFile": ("drift_explainability_config", "AnalysisConfig"),
    "DriftCheckBaselines/Explainability/Constraints": ("drift_explainability", "ExplainabilityReport"),
}
#: Where jobs write, with the output that stands for the place ("" where the item around has its name).
_LOCATIONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "Processing": ((_PROCESSING_OUTPUT, ""),),
    "QualityCheck": ((_PROCESSING_OUTPUT, "statistics"),),
    "ClarifyCheck": ((_PROCESSING_OUTPUT, "constraints"),),
    "Training": (("OutputDataConfig/S3OutputPath", "model_artifacts"),),
    "Transform": (("TransformOutput/S3OutputPath", "predictions"),),
    "AutoML": (("OutputDataConfig/S3OutputPath", "best_model"),),
}
_NAMED: Final[Mapping[str, str]] = {"model": "Model", "endpoint_config": "EndpointConfig", "endpoint": "Endpoint"}


def way(parts: Parts) -> str:
    """The way to a place with slashes, every number a star."""
    return "/".join("*" if isinstance(part, int) else part for part in parts)


def is_code(leaf: Leaf, folder: str) -> bool:
    """Whether a channel or processing input brings code; ``folder`` is where a processing input lies."""
    return leaf.item in _CODE or folder.rstrip("/") == _CODE_FOLDER


def port_name(kind: str, leaf: Leaf, folder: str) -> str | None:
    """The name of the port at a place that takes what another step makes; None for any other place."""
    here = way(leaf.parts)
    if leaf.beside:
        return _PORT_FIELDS.get(here) if kind in ("QualityCheck", "ClarifyCheck") else None
    if kind == "RegisterModel" and here.endswith("/S3Uri"):
        metrics = here.removesuffix("/S3Uri")
        if metrics in _METRICS:
            return _METRICS[metrics][0]
        if here.startswith(("ModelMetrics/", "DriftCheckBaselines/")):
            return snake(metrics)
    for pattern, name in _PORTS.get(kind, ()):
        if re.fullmatch(pattern.replace("*", r"\*"), here):
            if is_code(leaf, folder):
                return None
            return name or _name_of_input(leaf.item, folder)
    return None


def _name_of_input(item: str, folder: str) -> str:
    """The name of a channel or input; where the SDK made it that of the folder that it lies in."""
    if item and not _SDK_INPUT.fullmatch(item):
        return snake(item)
    last = snake(last_segment(folder))
    return last if last not in ("x", "input", "processing") else "data"


def port_type(step: Step, name: str, leaf: Leaf, folder: str) -> Inferred:
    """The artifact type that a port takes, as far as its place says it."""
    here = way(leaf.parts)
    if leaf.name in ("ModelName", "EndpointConfigName", "EndpointName"):
        return Inferred(_NAMED[name], True)
    if "ModelData" in here:
        return Inferred("ModelArtifacts", True)
    if name.endswith("_config"):
        return Inferred("AnalysisConfig", True)
    if leaf.beside:
        return Inferred(check_artifact(step, inferred(snake(here)).type), True)
    metrics = here.removesuffix("/S3Uri")
    if metrics in _METRICS:
        return Inferred(_METRICS[metrics][1], True)
    if here.startswith(("ModelMetrics/", "DriftCheckBaselines/")):
        return inferred(snake(metrics))
    if step.type == "Transform":
        return Inferred("Dataset", True)
    found = inferred(leaf.item, last_segment(folder))
    return found if not _SDK_INPUT.fullmatch(leaf.item) else inferred(last_segment(folder))


def location_output(kind: str, leaf: Leaf) -> str | None:
    """The output whose location a place says: AWS's name of a processing output, else the contract's name."""
    if leaf.beside:
        return None
    here = way(leaf.parts)
    for pattern, name in _LOCATIONS.get(kind, ()):
        if pattern == here:
            return name or leaf.item
    return None
