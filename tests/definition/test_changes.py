"""The changes between two definitions, by what a person calls things."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from smgen.definition import Change, Definition, changes, parse_definition
from smgen.documents import JsonValue

CORPUS = Path(__file__).resolve().parents[1] / "data" / "corpus"


def channel(name: str, uri: object) -> dict[str, object]:
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}


def document() -> dict[str, Any]:
    return {
        "Version": "2020-12-01",
        "Parameters": [
            {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
            {"Name": "Data", "Type": "String"},
        ],
        "Steps": [
            {
                "Name": "Train",
                "Type": "Training",
                "Arguments": {
                    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": {"Get": "Parameters.Count"}},
                    "InputDataConfig": [
                        channel("train", {"Get": "Parameters.Data"}),
                        channel("validation", "s3://b/v"),
                    ],
                    "HyperParameters": {"a": "1", "odd key": "x", "sagemaker_submit_directory": "s3://b/" + "0" * 64},
                    "VpcConfig": {"Subnets": ["a", "b"]},
                },
                "CacheConfig": {"Enabled": True},
            },
            {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}, "DependsOn": ["Train"]},
        ],
    }


def found(after: dict[str, Any]) -> list[tuple[str | None, ...]]:
    told = changes(parse_definition(document()), parse_definition(after))
    return [(one.kind, one.subject, one.path, one.before, one.after) for one in told]


def arguments(value: dict[str, Any], step: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = value["Steps"][step]["Arguments"]
    return found


def test_nothing() -> None:
    assert found(document()) == []


def test_values_by_their_path() -> None:
    after = document()
    arguments(after)["ResourceConfig"]["InstanceType"] = "ml.m5.2xlarge"
    arguments(after)["ResourceConfig"]["InstanceCount"] = 2
    arguments(after)["HyperParameters"]["odd key"] = "y"
    arguments(after)["VpcConfig"]["Subnets"] = ["a", "c", "d"]
    after["Steps"][0]["CacheConfig"]["Enabled"] = False
    assert found(after) == [
        ("changed", "step Train", "ResourceConfig.InstanceType", '"ml.m5.xlarge"', '"ml.m5.2xlarge"'),
        ("changed", "step Train", "ResourceConfig.InstanceCount", "{Parameters.Count}", "2"),
        ("changed", "step Train", "HyperParameters['odd key']", '"x"', '"y"'),
        ("changed", "step Train", "VpcConfig.Subnets[1]", '"b"', '"c"'),
        ("added", "step Train", "VpcConfig.Subnets[2]", None, '"d"'),
        ("changed", "step Train", "CacheConfig.Enabled", "true", "false"),
    ]


def test_named_items_are_matched_by_their_names() -> None:
    after = document()
    channels = arguments(after)["InputDataConfig"]
    arguments(after)["InputDataConfig"] = [channel("test", "s3://b/t"), channels[1], channels[0]]
    channels[0]["DataSource"]["S3DataSource"]["S3Uri"] = {
        "Std:Join": {"On": "/", "Values": ["s3:/", {"Get": "Parameters.Data"}]}
    }
    assert found(after) == [
        ("changed", "step Train", "InputDataConfig (order)", '"train, validation"', '"validation, train"'),
        (
            "added",
            "step Train",
            "InputDataConfig[test]",
            None,
            '{"ChannelName": "test", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/t"}}}',
        ),
        (
            "changed",
            "step Train",
            "InputDataConfig[train].DataSource.S3DataSource.S3Uri",
            "{Parameters.Data}",
            "s3://{Parameters.Data}",
        ),
    ]


def test_code_of_another_content() -> None:
    after = document()
    arguments(after)["HyperParameters"]["sagemaker_submit_directory"] = "s3://b/" + "f" * 64
    ((kind, subject, path, *_),) = found(after)
    assert (kind, subject, path) == ("code", "step Train", "HyperParameters.sagemaker_submit_directory")


def test_parameters_and_the_pipeline_itself() -> None:
    after = document()
    after["Parameters"] = [
        {"Name": "Limit", "Type": "Float", "DefaultValue": 6.0},
        {"Name": "Count", "Type": "Integer", "DefaultValue": 2},
    ]
    after["PipelineExperimentConfig"] = None
    assert found(after) == [
        ("added", "pipeline", "PipelineExperimentConfig", None, "null"),
        ("added", "parameter Limit", "", None, "Float, default 6.0"),
        ("changed", "parameter Count", "DefaultValue", "1", "2"),
        ("removed", "parameter Data", "", None, None),
    ]


def test_steps_that_come_go_and_move() -> None:
    after = document()
    train, stop = after["Steps"]
    after["Steps"] = [
        {"Name": "Gate", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [train], "ElseSteps": []}},
    ]
    assert found(after) == [
        ("added", "step Gate", "", None, "Condition"),
        ("moved", "step Train", "", "at the top", "in if of Gate"),
        ("removed", "step Stop", "", "Fail", None),
    ]
    after["Steps"] = [stop, train]
    assert found(after) == [("moved", "order of steps at the top", "", "Train, Stop", "Stop, Train")]


def test_what_a_step_waits_for() -> None:
    after = document()
    after["Steps"][1]["DependsOn"] = [{"Step": "Train", "Trigger": "Any"}]
    assert found(after) == [("changed", "step Stop", "DependsOn[0]", '"Train"', '"Train Any"')]


def test_a_new_pipeline() -> None:
    told = changes(None, parse_definition(document()))
    assert [(one.kind, one.subject) for one in told] == [
        ("added", "parameter Count"),
        ("added", "parameter Data"),
        ("added", "step Train"),
        ("added", "step Stop"),
    ]


def test_long_values_are_cut() -> None:
    after = document()
    arguments(after)["HyperParameters"]["a"] = "x" * 1000
    ((*_, shown),) = found(after)
    assert shown is not None
    assert (len(shown), shown[-1]) == (160, "…")


def recorded() -> list[Definition]:
    files = sorted(CORPUS.glob("*.json"))
    assert len(files) == 8
    return [parse_definition(json.loads(file.read_text(encoding="utf-8"))["definition"]) for file in files]


def leaves(value: JsonValue, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every scalar of a value."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*keys, index))
    elif keys:
        yield keys


RECORDED = recorded()
LEAVES = [list(leaves(item.document["Steps"])) for item in RECORDED]


@pytest.mark.parametrize("definition", RECORDED, ids=lambda item: item.steps[0].name)
def test_a_real_definition_does_not_differ_from_itself(definition: Definition) -> None:
    assert changes(definition, parse_definition(deepcopy(definition.document))) == ()


@given(st.data())
def test_every_change_of_a_leaf_is_found(data: st.DataObject) -> None:
    """Whatever value of a real definition is replaced, one change says so; and equal ones have none."""
    number = data.draw(st.integers(0, len(RECORDED) - 1))
    definition = RECORDED[number]
    after: Any = deepcopy(definition.document)
    keys: list[Any] = list(data.draw(st.sampled_from(LEAVES[number])))
    holder: Any = after["Steps"]
    for key in keys[:-1]:
        holder = holder[key]
    if keys[-1] in ("Name", "Type", "Get", "On") or "DependsOn" in keys:
        return
    holder[keys[-1]] = "replaced by the test"
    told = changes(definition, parse_definition(after))
    assert told
    assert all(isinstance(one, Change) for one in told)
