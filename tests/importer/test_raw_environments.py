"""What environments have in another form comes in as it is, by environment, where it is and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from smgen.documents import JsonObject, JsonValue
from tests.cli.command_line import smgen
from tests.importer.filled_corpus import written
from tests.importer.round_trip import Built, round_trip

FUNCTION: Final = "arn:aws:lambda:eu-west-1:111122223333:function:score"


def _call(name: str, arguments: JsonObject | None = None, **more: JsonValue) -> JsonObject:
    outputs: list[JsonValue] = [{"OutputName": "uri", "OutputType": "String"}]
    step: JsonObject = {"Name": name, "Type": "Lambda", "Arguments": arguments or {}, "FunctionArn": FUNCTION}
    return {**step, "OutputParameters": outputs, **more}


def _train(**more: JsonValue) -> JsonObject:
    image = "683313688378.dkr.ecr.eu-west-1.amazonaws.com/x:1"
    arguments: JsonObject = {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://ml-runs/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "RoleArn": "arn:aws:iam::111122223333:role/Runner",
        **more,
    }
    return {"Name": "Fit", "Type": "Training", "Arguments": arguments}


def _gate(*conditions: JsonValue, otherwise: list[JsonValue] | None = None) -> JsonObject:
    arguments: JsonObject = {"Conditions": [*conditions], "IfSteps": [_call("Then")], "ElseSteps": otherwise or []}
    return {"Name": "Gate", "Type": "Condition", "Arguments": arguments}


def _definition(*steps: JsonObject, parameters: list[JsonValue] | None = None, **more: JsonValue) -> JsonObject:
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": [*steps], **more}


def _channel(kind: str) -> JsonObject:
    return {"ChannelName": "x", "DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": "s3://ml-runs/x"}}}


def _equals(value: JsonValue, kind: str = "Equals") -> JsonObject:
    return {"Type": kind, "LeftValue": {"Get": "Parameters.Mode"}, "RightValue": value}


MODE: Final[JsonObject] = {"Name": "Mode", "Type": "String", "DefaultValue": "a"}
MORE: Final[JsonObject] = {"Name": "More", "Type": "Boolean"}
URI: Final[JsonObject] = {"Get": "Steps.A.OutputParameters['uri']"}

#: What stands in each of two environments, the parts that are raw, and what the module says of them.
CASES: Final[dict[str, tuple[JsonObject, JsonObject, list[str], str]]] = {
    "a member of a request": (
        _definition(_train()),
        _definition(_train(RetryStrategy={"MaximumRetryAttempts": 1})),
        ["/Steps/0/Arguments/RetryStrategy"],
        'raw=env.raw({"dev":{},"prod":{"Arguments":{"RetryStrategy":{"MaximumRetryAttempts":1}}}})',
    ),
    "two members, each in one environment": (
        _definition(_train(EnableNetworkIsolation=True)),
        _definition(_train(EnableManagedSpotTraining=True)),
        ["/Steps/0/Arguments/EnableNetworkIsolation", "/Steps/0/Arguments/EnableManagedSpotTraining"],
        '"dev":{"Arguments":{"EnableNetworkIsolation":True}},"prod":{"Arguments":{"EnableManagedSpotTraining":True}}',
    ),
    "a value and a reference": (
        _definition(_call("A"), _call("B", {"x": "plain"})),
        _definition(_call("A"), _call("B", {"x": URI})),
        ["/Steps/1/Arguments/x"],
        '"dev":{"Arguments":{"x":"plain"}}',
    ),
    "two references": (
        _definition(_call("A"), _call("B", {"x": URI}), parameters=[MODE]),
        _definition(_call("A"), _call("B", {"x": {"Get": "Parameters.Mode"}}), parameters=[MODE]),
        ["/Steps/1/Arguments/x"],
        """x=raw_value(env.raw({"dev":{"Get":"Steps.A.OutputParameters['uri']"},"prod":{"Get":"Parameters.Mode"}}),str)""",
    ),
    "lists of two lengths": (
        _definition(_train(InputDataConfig=[])),
        _definition(_train(InputDataConfig=[{"ChannelName": "x"}])),
        ["/Steps/0/Arguments/InputDataConfig"],
        '"prod":{"Arguments":{"InputDataConfig":[{"ChannelName":"x"}]}}',
    ),
    "an item of a list": (
        _definition(_train(Tags=[{"Key": "a", "Value": None}])),
        _definition(_train(Tags=[{"Key": "a", "Value": ["b"]}])),
        ["/Steps/0/Arguments/Tags"],
        '"dev":{"Arguments":{"Tags":[{"Key":"a","Value":None}]}}',
    ),
    "a cache": (
        _definition(_call("A", CacheConfig={"Enabled": True, "ExpireAfter": "P1D"})),
        _definition(_call("A", CacheConfig={"Enabled": True, "ExpireAfter": "P30D"})),
        ["/Steps/0/CacheConfig"],
        '"prod":{"CacheConfig":{"Enabled":True,"ExpireAfter":"P30D"}}',
    ),
    "retries in one environment": (
        _definition(_train()),
        _definition({**_train(), "RetryPolicies": [{"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 2}]}),
        ["/Steps/0/RetryPolicies"],
        'raw=env.raw({"dev":{},"prod":{"RetryPolicies":',
    ),
    "titles": (
        _definition(_call("A", DisplayName="one", Description="x")),
        _definition(_call("A", DisplayName="two", Description="x")),
        ["/Steps/0/DisplayName"],
        'description="x",raw=env.raw({"dev":{"DisplayName":"one"},"prod":{"DisplayName":"two"}})',
    ),
    "a step in one environment": (
        _definition(_call("A")),
        _definition(_call("First"), _call("A")),
        ["/Steps/0"],
        'if env.name=="prod":p.raw_step({"Name":"First",',
    ),
    "a step that others wait for in one environment": (
        _definition(_call("First"), _call("A", DependsOn=["First"])),
        _definition(_call("A", DependsOn=["First"])),
        ["/Steps/0", "/Steps/1/DependsOn"],
        'if env.name=="dev":p.raw_step(',
    ),
    "a step of two kinds": (
        _definition(_train()),
        _definition({**_call("Fit"), "Name": "Fit"}),
        ["/Steps/0"],
        'p.raw_step(env.raw({"dev":{"Name":"Fit","Type":"Training"',
    ),
    "a condition": (
        _definition(_gate(_equals("a")), parameters=[MODE]),
        _definition(
            _gate({"Type": "In", "QueryValue": {"Get": "Parameters.Mode"}, "Values": ["a"]}), parameters=[MODE]
        ),
        ["/Steps/0/Arguments/Conditions/0"],
        'raw_condition(env.raw({"dev":{"Type":"Equals"',
    ),
    "a step in a branch": (
        _definition(_gate(_equals("a")), parameters=[MODE]),
        _definition(_gate(_equals("a"), otherwise=[_call("Else")]), parameters=[MODE]),
        ["/Steps/0/Arguments/ElseSteps/0"],
        'if env.name=="prod":gate.otherwise.raw_step({"Name":"Else"',
    ),
    "more conditions": (
        _definition(_gate(_equals("a")), parameters=[MODE]),
        _definition(_gate(_equals("a"), _equals("b")), parameters=[MODE]),
        ["/Steps/0"],
        "p.raw_step(env.raw(",
    ),
    "a parameter in one environment": (
        _definition(_call("A")),
        _definition(_call("A"), parameters=[MODE, MORE]),
        ["/Parameters/0", "/Parameters/1"],
        'if env.name=="prod":p.raw_parameter({"Name":"More","Type":"Boolean"},bool)',
    ),
    "a parameter that is read and missing in one environment": (
        _definition(_call("A", {"x": {"Get": "Parameters.Mode"}})),
        _definition(_call("A", {"x": {"Get": "Parameters.Mode"}}), parameters=[MODE]),
        ["/Parameters/0", "/Steps/0/Arguments/x"],
        'x=raw_value({"Get":"Parameters.Mode"},str)',
    ),
    "a parameter of two types": (
        _definition(_call("A", {"x": {"Get": "Parameters.More"}}), parameters=[MORE]),
        _definition(_call("A", {"x": {"Get": "Parameters.More"}}), parameters=[{**MORE, "Type": "String"}]),
        ["/Parameters/0"],
        'more=p.raw_parameter(env.raw({"dev":{"Name":"More","Type":"Boolean"}',
    ),
    "parameters in another order": (
        _definition(_call("A"), parameters=[MODE, MORE]),
        _definition(_call("A"), parameters=[MORE, MODE]),
        ["/Parameters"],
        'p.raw_members(env.raw({"dev":{"Parameters":[{"Name":"Mode"',
    ),
    "steps in another order": (
        _definition(_call("A"), _call("B")),
        _definition(_call("B"), _call("A")),
        [],
        'if env.name=="prod":p.list_steps("B","A")',
    ),
    "members of the whole": (
        _definition(_call("A"), Metadata={"Owner": "a"}, Limit=1),
        _definition(_call("A"), Metadata={"Owner": "b"}),
        ["/Limit", "/Metadata"],
        'p.raw_members(env.raw({"dev":{"Limit":1,"Metadata":{"Owner":"a"}},"prod":{"Metadata":{"Owner":"b"}}}))',
    ),
    "the version": (
        _definition(_call("A")),
        _definition(_call("A"), Version="2030-01-01"),
        ["/Version"],
        '"prod":{"Version":"2030-01-01"}',
    ),
}

#: The same where only the contract that would be written is refused.
REFUSED: Final[dict[str, tuple[JsonObject, JsonObject, list[str], str]]] = {
    "a part that is raw and bound to the account": (
        _definition(_train(AlgorithmSpecification={"TrainingImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/x"})),
        _definition(_train(AlgorithmSpecification={"TrainingImage": "444455556666.dkr.ecr.eu-west-1.amazonaws.com/x"})),
        ["/Steps/0/Arguments/AlgorithmSpecification"],
        '{"Arguments":{"AlgorithmSpecification":{"TrainingImage":"444455556666.',
    ),
    "a setting that AWS refuses in one environment": (
        _definition(_train(InputDataConfig=[_channel("S3Prefix")])),
        _definition(_train(InputDataConfig=[_channel("")])),
        ["/Steps/0/Arguments/InputDataConfig"],
        '"S3DataType":""',
    ),
}


def _one_line(module: str) -> str:
    """A module without what only lays it out."""
    return "".join(module.split()).replace(",}", "}").replace(",)", ")").replace(",]", "]")


@pytest.mark.parametrize("case", CASES)
def test_what_is_raw_and_how(tmp_path: Path, case: str) -> None:
    dev, prod, pointers, expected = CASES[case]
    built = _built(tmp_path, {"dev": dev, "prod": prod})

    assert [*built.pipeline.raw_parts] == pointers
    assert _one_line(expected) in _one_line(built.module)


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_raw_since_a_contract_is_refused(tmp_path: Path, case: str) -> None:
    dev, prod, pointers, expected = REFUSED[case]
    for name, document in (("dev", dev), ("prod", prod)):
        written(tmp_path, f"{name}.json", document)
    given = ("--env", "dev=dev.json", "--env", "prod=prod.json", "--name", "Refused", "--format", "json")
    result = smgen("import", *given, "-o", "project", cwd=tmp_path)

    # The proof holds: what compiles to something else is not imported.
    assert result.code == 0, result.err
    (report,) = json.loads(result.out)["pipelines"]
    assert [item["pointer"] for item in report["raw_parts"]] == pointers
    assert _one_line(expected) in _one_line((tmp_path / "project" / report["module"]).read_text())


def test_three_environments_and_what_two_of_them_have(tmp_path: Path) -> None:
    one, two = _definition(_call("A")), _definition(_call("A"), _call("B"))
    built = _built(tmp_path, {"dev": one, "test": two, "prod": two})

    assert 'if env.name in ("test", "prod"):' in built.module


def test_the_rest_stays_typed(tmp_path: Path) -> None:
    dev = _definition(_call("A", {"x": "1", "y": None}), _train())
    prod = _definition(_call("A", {"x": "2", "y": 1}), _train())
    built = _built(tmp_path, {"dev": dev, "prod": prod})

    assert [*built.pipeline.raw_parts] == ["/Steps/0/Arguments/y"]
    assert 'x=env.text("a_x")' in built.module
    assert len(built.pipeline.contracts) == 2


def _built(folder: Path, documents: dict[str, JsonObject]) -> Built:
    built = round_trip(folder, {name: json.loads(json.dumps(item)) for name, item in documents.items()})
    assert {name: built.comparison(name).differences for name in documents} == dict.fromkeys(documents, ())
    return built
