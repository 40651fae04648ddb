"""Numbers and truth values where a request holds texts: contracts read as if their texts had been asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.contracts import (
    EachHole,
    InputHole,
    ItemHole,
    JoinHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    SettingHole,
    Value,
    WhenHole,
    contract_from_document,
    read_contracts,
)
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import Environment, External, FluentPipelineBuilder, ProxyFactory

SETTINGS: JsonObject = {
    "share": {"type": "number", "default": 0.5},
    "rounds": {"type": "integer", "required": False},
    "fast": {"type": "boolean", "default": True},
    "level": {"enum": [1, 2], "default": 1},
    "name": {"type": "string", "default": "a"},
    "depths": {"type": "array", "items": {"type": "integer"}, "required": False},
    "words": {"type": "array", "items": {"type": "string"}, "required": False},
}
INPUTS: JsonObject = {"limit": {"type": "Float"}, "rows": {"type": "Dataset"}}


def request(arguments: JsonValue, **members: JsonValue) -> JsonObject:
    return {
        "AppSpecification": {"ImageUri": "image", "ContainerArguments": arguments},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
        },
        "RoleArn": {"$default": "role"},
        **members,
    }


def document(arguments: JsonValue, **members: JsonValue) -> JsonObject:
    return {
        "name": "Run",
        "version": "1.0.0",
        "kind": "Processing",
        "inputs": INPUTS,
        "settings": SETTINGS,
        "request": request(arguments),
        **members,
    }


def member(value: Value, *path: str) -> Value:
    for name in path:
        assert isinstance(value, ObjectValue)
        value = dict(value.members)[name]
    return value


def text_of(value: Value) -> Value:
    return JoinHole((value,))


def test_what_is_no_text_becomes_one_and_everything_else_stays() -> None:
    arguments: JsonValue = [
        "--share",
        {"$setting": "share"},
        {"$setting": "level"},
        {"$setting": "name"},
        {"$input": "limit"},
        {"$input": "rows"},
        {"$when": "rounds", "items": ["--rounds", {"$setting": "rounds"}]},
        {"$when": "fast", "value": {"$setting": "fast"}},
        {"$each": "depths", "item": {"$item": True}},
        {"$each": "depths", "item": {"$item": "number"}},
        {"$each": "words", "item": {"$item": True}},
        {"$join": [{"$setting": "share"}]},
    ]
    contract = contract_from_document(document(arguments))
    assert member(contract.request, "AppSpecification", "ContainerArguments") == ListValue(
        (
            LiteralValue("--share"),
            text_of(SettingHole("share")),
            text_of(SettingHole("level")),
            SettingHole("name"),
            text_of(InputHole("limit")),
            InputHole("rows"),
            WhenHole("rounds", items=(LiteralValue("--rounds"), text_of(SettingHole("rounds")))),
            WhenHole("fast", value=text_of(SettingHole("fast"))),
            EachHole("depths", text_of(ItemHole())),
            EachHole("depths", ItemHole(number=True)),
            EachHole("words", ItemHole()),
            JoinHole((SettingHole("share"),)),
        )
    )


def test_maps_of_texts_too() -> None:
    environment: JsonValue = {"$merge": [{"SHARE": {"$setting": "share"}}, {"NAME": {"$setting": "name"}}]}
    contract = contract_from_document(document([], request=request([], Environment=environment)))
    assert member(contract.request, "Environment") == MergeHole(
        (
            ObjectValue((("SHARE", text_of(SettingHole("share"))),)),
            ObjectValue((("NAME", SettingHole("name")),)),
        )
    )


def test_numbers_that_aws_takes_stay_numbers() -> None:
    count: JsonObject = {"ClusterConfig": {"InstanceCount": {"$setting": "rounds"}}}
    contract = contract_from_document(document([], request=request([], ProcessingResources=count)))
    assert member(contract.request, "ProcessingResources", "ClusterConfig", "InstanceCount") == SettingHole("rounds")


@pytest.mark.parametrize("members", [{"kind": "Lambda"}, {"kind": "Athena", "raw": True}])
def test_what_a_function_or_an_unknown_kind_takes_stays_as_it_is(members: JsonObject) -> None:
    contract = contract_from_document(document([], request={"Environment": {"A": {"$setting": "share"}}}, **members))
    assert member(contract.request, "Environment", "A") == SettingHole("share")


def read(folder: Path, contract: JsonObject) -> ProxyFactory:
    (folder / "artifact_types.json").write_text('{"types": {"Dataset": {}}}')
    (folder / "run.json").write_text(json.dumps(contract))
    return ProxyFactory(read_contracts(folder, shown_root="contracts"))


INPUT: JsonObject = {"rows": {"type": "Dataset", "local_path": "/opt/ml/processing/input"}}


def test_the_definition_has_their_texts(tmp_path: Path) -> None:
    arguments: JsonValue = [
        {"$setting": "share"},
        {"$setting": "fast"},
        {"$setting": "level"},
        {"$input": "limit"},
        {"$each": "depths", "item": {"$item": True}},
        {"$when": "rounds", "items": [{"$setting": "rounds"}]},
        {"$setting": "name"},
        {"$each": "words", "item": {"$item": True}},
    ]
    factory = read(tmp_path, document(arguments, inputs={**INPUTS, **INPUT}))
    p = FluentPipelineBuilder("Fraud", Environment(role="arn", bucket="b"))
    limit, depth = p.float("Limit", default=0.5), p.integer("Depth", default=3)
    config = {"share": 2.0, "depths": [1, depth], "words": ["a", "b"]}
    p.add_step("Run", factory.builder("Run", config, rows=External("s3://b/rows"), limit=limit))
    (step,) = p.build().definition.steps
    specification = step.arguments["AppSpecification"]
    assert isinstance(specification, dict)
    assert specification["ContainerArguments"] == [
        "2",
        "true",
        "1",
        {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Limit"}]}},
        "1",
        {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Depth"}]}},
        "a",
        "a",
        "b",
    ]


def test_what_still_does_not_fit_says_the_way(tmp_path: Path) -> None:
    settings: JsonObject = {
        "machine": {"type": "integer", "default": 1},
        "count": {"default": 5},
        "share": {"default": 0.5, "minimum": 0},
    }
    wrong = document(
        [{"$setting": "count"}, {"$setting": "share"}, 7],
        inputs=INPUT,
        settings=settings,
    )
    wrong_request = wrong["request"]
    assert isinstance(wrong_request, dict)
    wrong_request["ProcessingResources"] = {
        "ClusterConfig": {"InstanceType": {"$setting": "machine"}, "InstanceCount": 1, "VolumeSizeInGB": 1}
    }
    with pytest.raises(FindingsError) as caught:
        read(tmp_path, wrong)
    assert [(finding.place.pointer, finding.given, finding.fix) for finding in caught.value.findings] == [
        (
            "/settings/machine",
            "integer",
            'leave the type to AWS, or write its text: {"$join": [{"$setting": "machine"}]}',
        ),
        ("/settings/count/default", "5", 'write "type": "integer" in the setting, or the default as a text: "5"'),
        ("/settings/share/minimum", "minimum", 'write "type": "number" or "integer" in the setting as well'),
        ("/request/AppSpecification/ContainerArguments/2", "7", 'write it as a text: "7"'),
    ]
