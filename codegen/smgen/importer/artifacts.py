"""What artifacts of a pipeline are: told by the kind of the step, by names, and by what they are used for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from smgen.documents import JsonObject, JsonValue
from smgen.importer.environment_values import snake

#: The type of what is only known to be data.
DATASET: Final = "Dataset"
#: The type above all others, for ports that are given artifacts of several families.
ANYTHING: Final = "AnyArtifact"

#: The artifact types that the importer knows: parent and description.
_TYPES: Final[Mapping[str, tuple[str | None, str]]] = {
    DATASET: (None, "Files of records in Amazon S3."),
    "RawData": (DATASET, "Records as they come from outside of the pipeline."),
    "TrainingData": (DATASET, "Records that a model is fitted to."),
    "ValidationData": (DATASET, "Records that training watches."),
    "TestData": (DATASET, "Records kept from training, for the evaluation of a model."),
    "BaselineData": (DATASET, "Records from which baselines are calculated."),
    "Predictions": (DATASET, "What a model said about records."),
    "ModelArtifacts": (None, "A trained model as the archive model.tar.gz."),
    "Model": (None, "A model in SageMaker, by its name."),
    "ModelPackage": (None, "A version of a model in the model registry, by its ARN."),
    "EndpointConfig": (None, "The configuration of an endpoint, by its name."),
    "Endpoint": (None, "An endpoint that serves models, by its name."),
    "InferenceComponent": (None, "A model on an endpoint that serves several, by its name."),
    "Report": (None, "Reports that a step wrote, as JSON files."),
    "EvaluationReport": ("Report", "Reports about the quality of a model."),
    "Statistics": ("Report", "Statistics of data or of a model's quality, as a JSON file."),
    "Constraints": ("Report", "Constraints that data or a model are to satisfy, as a JSON file."),
    "BiasReport": ("Report", "Bias of data or of a model's predictions, as a JSON file."),
    "ExplainabilityReport": ("Report", "How much each feature contributes to predictions, as a JSON file."),
    "AnalysisConfig": (None, "A JSON file that says what is analysed."),
    "Code": (None, "Files of code in Amazon S3."),
    "Results": (None, "What a job wrote."),
}

#: Words in names, and the type that they speak for; the first one that is found counts.
_WORDS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"bootstrap", "code", "sourcedir", "script", "drivers"}), "Code"),
    (frozenset({"constraints"}), "Constraints"),
    (frozenset({"statistics", "stats"}), "Statistics"),
    (frozenset({"explainability", "shap"}), "ExplainabilityReport"),
    (frozenset({"bias"}), "BiasReport"),
    (frozenset({"evaluation", "metrics", "eval"}), "EvaluationReport"),
    (frozenset({"report", "reports"}), "Report"),
    (frozenset({"train", "training"}), "TrainingData"),
    (frozenset({"validation", "valid", "val"}), "ValidationData"),
    (frozenset({"test", "testing"}), "TestData"),
    (frozenset({"baseline"}), "BaselineData"),
    (frozenset({"predictions", "inference", "scores", "predicted"}), "Predictions"),
    (frozenset({"raw", "source"}), "RawData"),
    (frozenset({"model", "models"}), "ModelArtifacts"),
)


@dataclass(frozen=True, slots=True)
class Inferred:
    """An artifact type, and whether a name or the kind of the step says it; otherwise it is what is most general."""

    type: str
    certain: bool


def inferred(*names: str) -> Inferred:
    """The artifact type that names speak for, the first ones first."""
    for name in names:
        words = set(snake(name).split("_"))
        for known, kind in _WORDS:
            if words & known:
                return Inferred(kind, True)
    return Inferred(DATASET, False)


def ancestors(kind: str) -> tuple[str, ...]:
    """The type itself and those above it."""
    found = [kind]
    parent = _TYPES[kind][0]
    while parent is not None:
        found.append(parent)
        parent = _TYPES[parent][0]
    return tuple(found)


def common_type(kinds: Iterable[str]) -> str | None:
    """The most special type that is above all of them, ANYTHING where there is none, None for no types."""
    listed = [(*ancestors(kind), ANYTHING) if kind != ANYTHING else (ANYTHING,) for kind in kinds]
    if not listed:
        return None
    return next(kind for kind in listed[0] if all(kind in other for other in listed))


def artifact_types_document(used: Iterable[str]) -> JsonObject:
    """The document of ``artifact_types.json`` with those types and what stands above them."""
    wanted = set(used)
    needs_root = ANYTHING in wanted
    for kind in [*wanted]:
        if kind != ANYTHING:
            wanted.update(ancestors(kind))
    types: dict[str, JsonValue] = {}
    if needs_root:
        types[ANYTHING] = {"description": "Whatever a step reads or writes."}
    for kind, (parent, description) in _TYPES.items():
        if kind in wanted:
            above = parent if parent is not None else ANYTHING if needs_root else None
            types[kind] = (
                {"description": description} if above is None else {"parent": above, "description": description}
            )
    return {"types": types}


#: What of a class name of an artifact type contracts must not be called.
ARTIFACT_TYPES: Final = frozenset((*_TYPES, ANYTHING))

_FOLDER: Final = re.compile(r"[^/]+")


def last_segment(path: str) -> str:
    """The last part of a path that says something: ``/opt/ml/processing/train/`` gives ``train``."""
    found = _FOLDER.findall(path)
    return found[-1] if found else ""
