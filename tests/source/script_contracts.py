"""A folder with one contract and its script, and what the script rules find in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from smgen.contracts import StepContract, read_contracts
from smgen.diagnostics import Finding, place_in_file
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import packed_files
from smgen.source import script_findings

TYPES: JsonObject = {"types": {"Data": {}, "Report": {}, "Model": {}}}
SKLEARN: JsonObject = {"framework": "sklearn", "version": "1.2-1"}
PYTORCH: JsonObject = {"framework": "pytorch", "version": "2.1", "py_version": "py310"}


def processing(**members: JsonValue) -> JsonObject:
    """A processing contract whose script is ``job/run.py``; ``arguments`` and ``image`` stand in its request."""
    arguments, image = members.pop("arguments", None), members.pop("image", SKLEARN)
    specification: JsonObject = {"ImageUri": {"$setting": "image"}}
    if arguments is not None:
        specification["ContainerArguments"] = arguments
    settings = members.pop("settings", {})
    assert isinstance(settings, dict)
    return {
        "name": "Prepare",
        "version": "1.0.0",
        "kind": "Processing",
        "inputs": {"raw": {"type": "Data", "local_path": "/opt/ml/processing/input"}},
        "outputs": {"train": {"type": "Data", "local_path": "/opt/ml/processing/train"}},
        "settings": {"image": {"default": image} if image is not None else {}, **settings},
        "source": {"dir": "job", "entry": "run.py"},
        "request": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": specification,
            "RoleArn": {"$default": "role"},
        },
        **members,
    }


def training(hyperparameters: JsonObject | None = None, **members: JsonValue) -> JsonObject:
    """A training contract in script mode whose script is ``job/run.py``."""
    image = members.pop("image", PYTORCH)
    required = members.pop("required", [])
    parameters: JsonObject = {"type": "object", "required": required, "properties": hyperparameters or {}}
    request: JsonObject = {
        "AlgorithmSpecification": {"TrainingImage": {"$setting": "image"}, "TrainingInputMode": "File"},
        "RoleArn": {"$default": "role"},
        "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 50},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    request["HyperParameters"] = {"$hyperparameters": members.pop("form", "json")}
    document: JsonObject = {
        "name": "Train",
        "version": "1.0.0",
        "kind": "Training",
        "inputs": {
            "train": {"type": "Data", "channel": "train"},
            "validation": {"type": "Data", "channel": "validation", "required": False},
        },
        "outputs": {"model": {"type": "Model", "property_path": "ModelArtifacts.S3ModelArtifacts"}},
        "settings": {"image": {"default": image} if image is not None else {}},
        "hyperparameters": parameters,
        "source": {"dir": "job", "entry": "run.py", "launch": "toolkit"},
        "request": request,
        **members,
    }
    if hyperparameters is None:
        del document["hyperparameters"], request["HyperParameters"]
    return document


def evaluation(**members: JsonValue) -> JsonObject:
    """A processing contract that writes a report."""
    value: JsonObject = {
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"type": "number"}, "standard_deviation": {"type": "number"}},
    }
    schema: JsonObject = {
        "type": "object",
        "required": ["regression_metrics"],
        "properties": {
            "n": {"type": "integer"},
            "regression_metrics": {"type": "object", "required": ["mse"], "properties": {"mse": value}},
        },
    }
    output: JsonObject = {
        "type": "Report",
        "local_path": "/opt/ml/processing/evaluation",
        "files": {"metrics": {"path": "evaluation.json", "type": "Report", "schema": schema}},
    }
    return processing(outputs={"evaluation": output}, **members)


def write_script(folder: Path, contract: JsonObject, files: Mapping[str, str | bytes]) -> None:
    """Writes the contract into a folder, with ``files`` below ``job``."""
    (folder / "artifact_types.json").write_text(json.dumps(TYPES), encoding="utf-8")
    (folder / "step.json").write_text(json.dumps(contract), encoding="utf-8")
    for name, content in files.items():
        path = folder / "job" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def read_contract(folder: Path, contract: JsonObject, files: Mapping[str, str | bytes]) -> StepContract:
    """The contract, written into a folder with ``files`` below ``job``."""
    write_script(folder, contract, files)
    (found,) = read_contracts(folder, shown_root="specs").values()
    return found


def found_in(folder: Path, contract: JsonObject, files: Mapping[str, str | bytes]) -> tuple[Finding, ...]:
    """What the script rules find."""
    read = read_contract(folder, contract, files)
    root, packed = packed_files(read)
    return script_findings(read, packed, root)


def told(findings: tuple[Finding, ...], folder: Path) -> list[str]:
    """Each finding in one line, with all that it says; the folder is left out."""
    return [_line(item).replace(f"{folder.resolve().as_posix()}/", "") for item in findings]


def _line(finding: Finding) -> str:
    text = f"{place_in_file(finding.place)} {finding.rule} {finding.message}"
    parts = {"given": finding.given, "expected": finding.expected, "nearest": finding.nearest, "fix": finding.fix}
    return text + "".join(f" | {name}: {value}" for name, value in parts.items() if value is not None)
