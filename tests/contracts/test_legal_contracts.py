"""Contracts that are odd and right: nothing may be said about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.contracts import read_contracts
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from tests.contracts.samples import edited, sample, write_folder

TRAINING = sample("xgboost_training")


def rules(tmp_path: Path, document: JsonObject) -> list[str]:
    """The rules that reading the contract breaks."""
    try:
        read_contracts(write_folder(tmp_path, {"a.json": document}))
    except FindingsError as error:
        return [finding.rule for finding in error.findings]
    return []


@pytest.mark.parametrize(
    "edits",
    [
        # An optional setting that is the only member: the object goes with it.
        {"settings/place": {"required": False}, "request/CheckpointConfig": {"S3Uri": {"$setting": "place"}}},
        # A required member inside a $when of the very setting that fills it.
        {
            "settings/place": {"required": False},
            "request/CheckpointConfig": {
                "$when": "place",
                "value": {"S3Uri": {"$setting": "place"}, "LocalPath": "/opt/ml/checkpoints"},
            },
        },
        # A required member with an absent literal.
        {
            "settings/place": {"required": False},
            "request/CheckpointConfig": {
                "S3Uri": {"$setting": "place", "absent": "s3://bucket/x"},
                "LocalPath": "/opt",
            },
        },
        # A setting that only switches something on.
        {
            "settings/wait": {"type": "boolean", "required": False},
            "request/ExperimentConfig": {"$when": "wait", "value": {}},
        },
        # A setting at two places of one type.
        {
            "settings/count": {"default": 2},
            "request/ResourceConfig/InstanceCount": {"$setting": "count"},
            "request/StoppingCondition/MaxWaitTimeInSeconds": {"$setting": "count"},
        },
        # The job's name as a prefix.
        {"request/TrainingJobName": "prefix"},
        # A time is read as a text.
        {"outputs/created": {"type": "String", "property_path": "CreationTime"}},
        # A port of a value type where AWS wants a number, and a text built from it.
        {"inputs/count": {"type": "Integer"}, "request/ResourceConfig/InstanceCount": {"$input": "count"}},
        {
            "inputs/label": {"type": "Float"},
            "request/Environment": {"A": {"$join": ["a", {"$input": "label"}]}},
            "environment": {},
        },
        # A map of texts, and of whatever.
        {"request/Environment": {"$merge": [{"A": "1"}, {"$environment": True}, {"$literal": {"$B": "2"}}]}},
        {
            "settings/tags": {"required": False},
            "request/RetryStrategy": {"MaximumRetryAttempts": 3},
            "request/ResourceConfig/KeepAlivePeriodInSeconds": {"$setting": "tags"},
        },
        {"settings/extra": {"required": False}, "request/Environment": {"$setting": "extra"}, "environment": {}},
        # Former names and reserved names that are gone.
        {"outputs/model_artifacts/renamed_from": {"name": "model", "until": "0.9.0"}, "reserved": ["model", "data"]},
        # A hyperparameter that only looks like a reference, and one with a name that is no identifier.
        {
            "hyperparameters/properties": {
                "num_round": {"type": "integer"},
                "$ref": {"type": "string"},
                "a b-c": {"type": "string"},
            }
        },
    ],
)
def test_legal_and_odd(edits: dict[str, JsonValue], tmp_path: Path) -> None:
    document = TRAINING
    for place, value in edits.items():
        document = edited(document, place, value)
    assert rules(tmp_path, document) == []


def test_an_object_with_another_member_does_not_go_with_its_required_one(tmp_path: Path) -> None:
    document = edited(TRAINING, "settings/place", {"required": False})
    document = edited(document, "request/CheckpointConfig", {"S3Uri": {"$setting": "place"}, "LocalPath": "/opt"})
    assert rules(tmp_path, document) == ["SMG115"]


def test_an_optional_required_member_of_the_request_itself(tmp_path: Path) -> None:
    document = edited(TRAINING, "settings/role", {"required": False})
    document = edited(document, "request/RoleArn", {"$setting": "role"})
    assert rules(tmp_path, document) == ["SMG115"]


def test_null_for_a_field_that_is_not_set(tmp_path: Path) -> None:
    document: JsonObject = {
        "name": "Quality",
        "version": "1.0.0",
        "kind": "QualityCheck",
        "request": {
            "AppSpecification": {"ImageUri": "image"},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "RoleArn": {"$default": "role"},
        },
        "step_fields": {"CheckType": "DATA_QUALITY", "SkipCheck": False, "SuppliedBaselineStatistics": None},
    }
    assert rules(tmp_path, document) == []
    assert rules(tmp_path, edited(document, "step_fields/CheckType", "DATA")) == ["SMG115"]


def test_contracts_without_ports_and_without_artifact_types(tmp_path: Path) -> None:
    document: JsonObject = {
        "name": "Ping",
        "version": "0.0.1",
        "kind": "Lambda",
        "request": {},
        "step_fields": {"FunctionArn": "arn:x"},
    }
    registry = read_contracts(write_folder(tmp_path, {"artifact_types.json": {"types": {}}, "a.json": document}))
    assert registry["Ping"].input_ports == {}


def test_a_switch_that_means_two_things(tmp_path: Path) -> None:
    document = edited(TRAINING, "settings/validation_data", {"type": "boolean", "required": False})
    assert rules(tmp_path, document) == ["SMG107"]
