"""What single properties of steps are: outputs that a step itself names, artifacts, scalars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from smgen.aws import (
    OUTPUT_PARAMETERS,
    STEP_KINDS,
    KeyPart,
    Leaf,
    PathProblem,
    StepKind,
    element_of,
    parse_property_path,
    property_at,
    property_leaf,
)
from smgen.definition import Step
from smgen.documents import json_at, list_at, object_at, text_at
from smgen.importer.artifacts import Inferred, inferred
from smgen.importer.plain_types import ParameterType, parameter_type

_LOCATION: Final = re.compile(r"(S3Uri|S3OutputPath|S3ModelArtifacts|ModelDataUrl|OutputLocation|S3Path|Url|URI)\Z")


def leaf_of(kind: str, path: str) -> Leaf | PathProblem:
    """What a property of a step is; of kinds that the table lacks everything can be read."""
    if kind in STEP_KINDS:
        return property_leaf(kind, path)
    parsed = parse_property_path(path)
    return parsed if isinstance(parsed, PathProblem) else Leaf("Any", "", "")


def output_paths(kind: StepKind, name: str) -> tuple[str, ...]:
    """The ways to write the property of an output that a step itself names; none where such a path cannot hold it."""
    path = property_at(kind.output_place or (), name)
    element = None if kind.outputs is None else element_of(kind.outputs.path, path)
    return (path, path.replace("'", '"')) if element == KeyPart(name) else ()


def named_output(step: Step, path: str) -> str | None:
    """The name that a step itself gives to the output that a property is; None for any other property."""
    element = None if step.kind.outputs is None else element_of(step.kind.outputs.path, path)
    return element.key if isinstance(element, KeyPart) and path in output_paths(step.kind, element.key) else None


def check_artifact(step: Step, kind: str) -> str:
    """The artifact type of what a check calls ``kind``, Statistics or Constraints; any other type is what it is."""
    if kind not in ("Statistics", "Constraints"):
        return kind
    known = {check: types for check, *types in step.kind.check_artifacts}
    statistics, constraints = known.get(str(step.fields.get("CheckType")), ("Statistics", "Constraints"))
    return statistics if kind == "Statistics" else constraints


def returned_types(step: Step) -> Mapping[str, ParameterType]:
    """The values that a step returns by name; none where they are not declared as usual."""
    found: dict[str, ParameterType] = {}
    for item in list_at(step.fields, *OUTPUT_PARAMETERS.path) if step.kind.takes_named_values else ():
        name, scalar = text_at(item, OUTPUT_PARAMETERS.name), parameter_type(json_at(item, "OutputType"))
        if len(object_at(item)) != 2 or name is None or scalar is None or name in found:
            return {}
        if not output_paths(step.kind, name):
            return {}
        found[name] = scalar
    return found


def property_type(step: Step, path: str) -> ParameterType | None:
    """The scalar type of a property; String for texts, also for those that are locations. None for no property."""
    name = named_output(step, path) if step.kind.takes_named_values else None
    if name is not None:
        return returned_types(step).get(name)
    leaf = leaf_of(step.type, path)
    if isinstance(leaf, PathProblem):
        return None
    return parameter_type(leaf.type) or "String"


def artifact_of(step: Step, path: str) -> Inferred | None:
    """The artifact that a property gives the location or name of; None where nothing says that it is one."""
    for usual in step.kind.usual:
        if usual.path == path:
            return None if parameter_type(usual.type) is not None else Inferred(check_artifact(step, usual.type), True)
    if path == "ModelName":
        return Inferred("Model", True)
    if step.kind.takes_named_values:
        return None
    output = named_output(step, path)
    if output is not None:
        return inferred(output)
    if path == "OutputDataConfig.S3OutputPath":
        return Inferred("Results", True)
    return inferred(path) if _LOCATION.search(path) else None
