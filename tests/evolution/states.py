"""A small folder of contracts that says something of everything, and edits of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from smgen.contracts import ContractRegistry, read_contracts
from smgen.documents import JsonObject, JsonValue

State: TypeAlias = dict[str, JsonObject]
Edit: TypeAlias = Callable[[State], None]

TYPES: JsonObject = {
    "types": {
        "Dataset": {},
        "TrainingData": {"parent": "Dataset"},
        "Predictions": {},
        "ModelArtifacts": {},
        "Report": {},
        "AucReport": {"parent": "Report"},
        "Weights": {},
    }
}
FITTING: JsonObject = {
    "name": "Fitting",
    "version": "1.4.2",
    "kind": "Training",
    "owner": "risk",
    "description": "Fits.",
    "reserved": ["seed_data"],
    "inputs": {
        "train": {"type": "TrainingData", "channel": "train", "aliases": ["data"], "semantic_keywords": ["rows"]},
        "weights": {"type": "Weights", "required": False, "channel": "weights"},
    },
    "outputs": {
        "model": {"type": "ModelArtifacts", "property_path": "ModelArtifacts.S3ModelArtifacts", "aliases": ["fitted"]},
        "job": {"type": "String", "property_path": "TrainingJobName"},
    },
    "settings": {
        "machine": {"default": "ml.m5.xlarge", "enum": ["ml.m5.xlarge", "ml.m5.2xlarge"]},
        "count": {"default": 1, "minimum": 1, "maximum": 10},
        "spot": {"required": False},
    },
    "hyperparameters": {
        "type": "object",
        "required": ["rounds"],
        "properties": {
            "rounds": {"type": "integer", "minimum": 1, "maximum": 100},
            "eta": {"type": "number", "default": 0.3},
            "objective": {"enum": ["binary", "multi"]},
            "note": {"type": "string", "maxLength": 20, "pattern": "^[a-z]+$"},
        },
    },
    "environment": {"type": "object", "properties": {"LOG": {"type": "string", "default": "info"}}},
    "metrics": {"auc": {"regex": "auc=([0-9.]+)", "goal": "maximize"}, "loss": {"goal": "minimize"}},
    "request": {
        "AlgorithmSpecification": {"TrainingImage": "xgboost:1", "TrainingInputMode": "File"},
        "RoleArn": {"$default": "role"},
        "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
        "ResourceConfig": {
            "InstanceType": {"$setting": "machine"},
            "InstanceCount": {"$setting": "count"},
            "VolumeSizeInGB": 30,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "EnableManagedSpotTraining": {"$setting": "spot"},
        "HyperParameters": {"$hyperparameters": "text"},
        "Environment": {"$environment": True},
    },
}
SCORING: JsonObject = {
    "name": "Scoring",
    "version": "0.3.1",
    "kind": "Processing",
    "owner": "risk",
    "inputs": {
        "model": {
            "type": "ModelArtifacts",
            "local_path": "/opt/ml/processing/model",
            "compatible_sources": ["Fitting"],
        },
        "rows": {"type": "Dataset", "many": True, "local_path": "/opt/ml/processing/rows"},
    },
    "outputs": {
        "evaluation": {
            "type": "AucReport",
            "local_path": "/opt/ml/processing/evaluation",
            "property_path": "ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri",
            "files": {
                "scores": {
                    "path": "scores.json",
                    "property_file": "Scores",
                    "type": "AucReport",
                    "schema": {
                        "type": "object",
                        "properties": {"auc": {"type": "number"}, "rows": {"type": "integer"}},
                    },
                }
            },
        }
    },
    "source": {"entry": "score.py"},
    "request": {
        "AppSpecification": {"ImageUri": "scikit-learn:1"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "RoleArn": {"$default": "role"},
    },
}
QUERY: JsonObject = {
    "name": "Query",
    "version": "1.0.0",
    "kind": "Athena",
    "raw": True,
    "request": {"QueryString": "SELECT 1"},
}


def base() -> State:
    """The state that edits begin with: documents by their files' names without ``.json``."""
    return copy.deepcopy({"artifact_types": TYPES, "fitting": FITTING, "scoring": SCORING, "query": QUERY})


def registry(folder: Path, state: State) -> ContractRegistry:
    """The contracts of a state, written to a folder and read from there."""
    write(folder, state)
    return read_contracts(folder, shown_root="contracts")


def write(folder: Path, state: State) -> None:
    """Writes a state, with the scripts of its contracts, in the place of what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        path.unlink()
    for name, document in state.items():
        (folder / f"{name}.json").write_text(json.dumps(document, indent=2))
    for script in ("score.py", "score_v2.py"):
        (folder / script).write_text("print('scores')\n")


def put(way: str, value: JsonValue) -> Edit:
    """Puts a value at a way of members: ``fitting/inputs/train/type``."""

    def edit(state: State) -> None:
        holder, last = _holder(state, way)
        holder[last] = value

    return edit


def drop(way: str) -> Edit:
    """Takes away what stands at a way."""

    def edit(state: State) -> None:
        holder, last = _holder(state, way)
        del holder[last]

    return edit


def drop_contract(file: str) -> Edit:
    """Takes away a contract with its file."""

    def edit(state: State) -> None:
        del state[file]

    return edit


def rename(way: str, name: str, **more: JsonValue) -> Edit:
    """Gives a member another name, in its place, and more members of its own."""

    def edit(state: State) -> None:
        holder, last = _holder(state, way)
        members = [(name if key == last else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(members)
        renamed = holder[name]
        assert isinstance(renamed, dict)
        renamed.update(more)

    return edit


def all_of(*edits: Edit) -> Edit:
    """Several edits as one."""

    def edit(state: State) -> None:
        for one in edits:
            one(state)

    return edit


def _holder(state: State, way: str) -> tuple[JsonObject, str]:
    file, *parts, last = way.split("/")
    holder: JsonObject = state[file]
    for part in parts:
        below = holder[part]
        assert isinstance(below, dict), way
        holder = below
    return holder, last
