"""What artifacts of a pipeline are: told by the kind of the step, by names, and by what they are used for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from smgen.contract_model import ARTIFACT_TYPES_FILE, ArtifactType, ArtifactTypes, artifact_types_from_document
from smgen.documents import JsonObject, object_at, read_document
from smgen.importer.code_names import snake
from smgen.shipped import shipped_folder

#: The type of what is only known to be data.
DATASET: Final = "Dataset"
#: The package that owns the classes of the library's artifact types.
LIBRARY_PACKAGE: Final = "smgen_steps"

#: The artifact types that the library has no name for: parent and description.
_OWN: Final[Mapping[str, tuple[str | None, str]]] = {
    "BaselineData": (DATASET, "Records from which baselines are calculated."),
    "Report": (None, "Reports that a step wrote, as JSON files."),
    "Statistics": ("Report", "Statistics of data or of a model's quality, as a JSON file."),
    "Constraints": ("Report", "Constraints that data or a model are to satisfy, as a JSON file."),
    "BiasReport": ("Report", "Bias of data or of a model's predictions, as a JSON file."),
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
    return (kind, *_types().ancestors(kind))


def family(kind: str) -> str:
    """The topmost of the types above a type; artifacts of two families fit no port together."""
    return ancestors(kind)[-1]


def common_type(kinds: Iterable[str]) -> str | None:
    """The most special type that is above all of them; None for no types. Raises ValueError for two families."""
    listed = [ancestors(kind) for kind in kinds]
    if not listed:
        return None
    common = next((kind for kind in listed[0] if all(kind in other for other in listed)), None)
    if common is None:
        raise ValueError("artifacts of different families have no type in common")
    return common


def artifact_types_document(used: Iterable[str]) -> JsonObject:
    """The document of ``artifact_types.json`` with those types and what stands above them.

    Types that the library has are its own: its steps and imported ones fit each other.
    """
    wanted = {above for kind in used for above in ancestors(kind)}
    return {"types": {kind: declared(kind) for kind in _types() if kind in wanted}}


def declared(kind: str, *, own: bool = False) -> JsonObject:
    """What ``artifact_types.json`` says of a type; with ``own`` the project has a class of its own for it."""
    known = _types()[kind]
    parent: JsonObject = {} if known.parent is None else {"parent": known.parent}
    if known.package is not None and not own:
        return {**parent, "package": known.package}
    return {**parent, "description": known.description}


def is_artifact_type(name: str) -> bool:
    """Whether an artifact type has the name, which no class of a contract may have then."""
    return name in _types()


@cache
def _types() -> ArtifactTypes:
    """The artifact types that the importer knows: the library's, and those that it has no name for."""
    path = shipped_folder("contract_specs") / ARTIFACT_TYPES_FILE
    library = artifact_types_from_document(object_at(read_document(path).value))
    types = {name: replace(item, package=LIBRARY_PACKAGE) for name, item in library.items()}
    types |= {name: ArtifactType(name, parent, words) for name, (parent, words) in _OWN.items()}
    return ArtifactTypes(types)


_FOLDER: Final = re.compile(r"[^/]+")


def last_segment(path: str) -> str:
    """The last part of a path that says something: ``/opt/ml/processing/train/`` gives ``train``."""
    found = _FOLDER.findall(path)
    return found[-1] if found else ""
