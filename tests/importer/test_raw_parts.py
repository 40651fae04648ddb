"""What no typed form can say comes in as it is, where it is and nowhere else; nothing makes the importer raise."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Final

import pytest

from smgen.definition import parse_definition
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from smgen.importer import import_pipeline, pipeline_module
from tests.importer.holders import holders
from tests.importer.random_definitions import random_definition
from tests.importer.round_trip import recorded, round_trip

FUNCTION: Final = "arn:aws:lambda:eu-west-1:111122223333:function:score"


def _call(name: str, arguments: JsonObject | None = None, **more: JsonValue) -> JsonObject:
    outputs: list[JsonValue] = [
        {"OutputName": "score", "OutputType": "Float"},
        {"OutputName": "uri", "OutputType": "String"},
    ]
    step: JsonObject = {"Name": name, "Type": "Lambda", "Arguments": arguments or {}, "FunctionArn": FUNCTION}
    return {**step, "OutputParameters": outputs, **more}


def _definition(*steps: JsonObject, parameters: list[JsonValue] | None = None) -> JsonObject:
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": list(steps)}


def _gate(condition: JsonObject, name: str = "Gate") -> JsonObject:
    arguments: JsonObject = {"Conditions": [condition], "IfSteps": [_call(f"{name}Then")], "ElseSteps": []}
    return {"Name": name, "Type": "Condition", "Arguments": arguments}


SCORE: Final[JsonObject] = {"Get": "Steps.A.OutputParameters['score']"}
URI: Final[JsonObject] = {"Get": "Steps.A.OutputParameters['uri']"}

CASES: Final[dict[str, tuple[JsonObject, str, str]]] = {
    "an undeclared parameter": (
        _definition(_call("A", {"x": {"Get": "Parameters.Nope"}})),
        "/Steps/0/Arguments/x",
        "the parameter 'Nope' is used and not declared",
    ),
    "an unknown step": (
        _definition(_call("A", {"x": {"Get": "Steps.B.OutputParameters['uri']"}})),
        "/Steps/0/Arguments/x",
        "there is no step 'B'",
    ),
    "no property": (
        _definition(_call("A"), _call("B", {"x": {"Get": "Steps.A.OutputParameters['other']"}})),
        "/Steps/1/Arguments/x",
        "OutputParameters['other'] cannot be read of a Lambda step",
    ),
    "no execution variable": (
        _definition(_call("A", {"x": {"Get": "Execution.Nope"}})),
        "/Steps/0/Arguments/x",
        "there is no execution variable 'Nope'",
    ),
    "no expression": (
        _definition(_call("A", {"x": {"Std:Join": {"On": "/", "Values": [["a"]]}}})),
        "/Steps/0/Arguments/x",
        "this looks like an expression and is none",
    ),
    "a step of a branch": (
        _definition(
            _call("A"),
            _gate({"Type": "Equals", "LeftValue": URI, "RightValue": "a"}),
            _call("C", {"x": {"Get": "Steps.GateThen.OutputParameters['uri']"}}),
        ),
        "/Steps/2/Arguments/x",
        "'GateThen' stands in a branch or loop that its reader is not in, and may not have run",
    ),
    "two values": (
        _definition(_gate({"Type": "Equals", "LeftValue": 1, "RightValue": 1})),
        "/Steps/0/Arguments/Conditions/0",
        "a comparison of two plain values is decided now",
    ),
    "two types": (
        _definition(_call("A"), _gate({"Type": "Equals", "LeftValue": URI, "RightValue": 1})),
        "/Steps/1/Arguments/Conditions/0",
        "a string is compared with a number",
    ),
    "texts by size": (
        _definition(_call("A"), _gate({"Type": "LessThan", "LeftValue": URI, "RightValue": "b"})),
        "/Steps/1/Arguments/Conditions/0",
        "a string is compared by its size",
    ),
    "a step that reads itself": (
        _definition(_call("A", {"x": SCORE})),
        "/Steps/0/Arguments/x",
        "a step reads itself",
    ),
    "an unknown dependency": (
        _definition(_call("A", DependsOn=["B"])),
        "/Steps/0/DependsOn",
        "there is no step 'B' to wait for",
    ),
    "null in a text": (
        _definition(_call("A", {"x": {"Std:Join": {"On": "/", "Values": ["a", None]}}})),
        "/Steps/0/Arguments/x",
        "a part of a text is null",
    ),
    "null in a condition": (
        _definition(_call("A"), _gate({"Type": "Equals", "LeftValue": URI, "RightValue": None})),
        "/Steps/1/Arguments/Conditions/0",
        "a condition compares with null",
    ),
    "values of numbers": (
        _definition(_call("A"), parameters=[{"Name": "N", "Type": "Integer", "DefaultValue": 1, "EnumValues": [1, 2]}]),
        "/Parameters/0",
        "only a String parameter lists its values, and 'N' is another one",
    ),
    "a parameter without a type": (
        _definition(_call("A", {"x": {"Get": "Parameters.N"}}), parameters=[{"Name": "N"}]),
        "/Parameters/0",
        "the parameter has no type, and is a text",
    ),
    "a description that is too long": (
        _definition(_call("A", Description="x" * 3073)),
        "/Steps/0/Description",
        "a description has at most 3072 characters, not 3073",
    ),
    "an unknown operator": (
        _definition(_call("A"), _gate({"Type": "Between", "LeftValue": SCORE, "RightValue": 1})),
        "/Steps/1",
        "this is no condition",
    ),
    "no duration": (
        _definition(_call("A", CacheConfig={"Enabled": True, "ExpireAfter": "a month"})),
        "/Steps/0/CacheConfig",
        "'a month' is no ISO 8601 duration such as P30D, PT12H or P4DT12H",
    ),
    "no retries": (
        _definition(_call("A", RetryPolicies=[{"ExceptionType": ["Step.THROTTLING"]}])),
        "/Steps/0/RetryPolicies",
        "a Lambda step has no retries",
    ),
    "a default of another type": (
        _definition(_call("A"), parameters=[{"Name": "Count", "Type": "Integer", "DefaultValue": "1"}]),
        "/Parameters/0",
        "the default of parameter 'Count' is no Integer",
    ),
    "an unknown type": (
        _definition(_call("A"), parameters=[{"Name": "Count", "Type": "Long"}]),
        "/Parameters/0",
        "the parameter 'Count' has a type that there is not",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_raw_and_why(tmp_path: Path, case: str) -> None:
    document, pointer, message = CASES[case]
    built = round_trip(tmp_path, {"dev": document})

    assert built.pipeline.raw_parts == {pointer: message}
    assert built.comparison("dev").differences == ()


def test_all_that_is_raw(tmp_path: Path) -> None:
    arguments: JsonObject = {"a": {"Get": "Parameters.X"}, "b": {"Get": "Steps.Nope.Y"}, "c": {"Get": "Execution.Z"}}
    built = round_trip(tmp_path, {"dev": _definition(_call("A", {**arguments, "d": "typed"}))})

    assert [*built.pipeline.raw_parts] == [f"/Steps/0/Arguments/{name}" for name in "abc"]
    assert 'd="typed"' in built.module
    assert """a=raw_value({"Get": "Parameters.X"}, str)""" in built.module


def test_steps_of_one_name_and_steps_in_a_circle(tmp_path: Path) -> None:
    twice = _definition(_call("A"), _call("B"), _call("A", {"x": 1}))
    circle = _definition(
        _call("A", {"x": {"Get": "Steps.B.OutputParameters['uri']"}}),
        _call("B", {"x": {"Get": "Steps.A.OutputParameters['uri']"}}),
        _call("C", {"x": {"Get": "Steps.A.OutputParameters['uri']"}}, DependsOn=["B"]),
    )
    for number, (document, raw) in enumerate(((twice, ["/Steps/0", "/Steps/2"]), (circle, ["/Steps/0", "/Steps/1"]))):
        built = round_trip(tmp_path / str(number), {"dev": document})
        assert [*built.pipeline.raw_parts][:2] == raw
        assert built.comparison("dev").differences == ()
        # Only these are raw: the third one has its contract.
        assert len(built.pipeline.contracts) == 1


def test_a_step_that_is_raw_is_waited_for_by_name(tmp_path: Path) -> None:
    built = round_trip(tmp_path, {"dev": _definition(_call("a step"), _call("B", DependsOn=["a step"]))})

    assert built.comparison("dev").differences == ()
    assert [*built.pipeline.raw_parts] == ["/Steps/0"]
    assert "after=[a_step]" in built.module


def test_the_whole_definition(tmp_path: Path) -> None:
    document = _definition(_call("A"))
    document |= {"Metadata": {"Owner": "team"}, "ParallelismConfiguration": {"Most": 2}}
    built = round_trip(tmp_path, {"dev": document})

    assert built.comparison("dev").differences == ()
    assert 'p.metadata({"Owner": "team"})' in built.module
    assert 'p.raw_members({"ParallelismConfiguration": {"Most": 2}})' in built.module


def test_what_a_tolerant_reader_leaves_out(tmp_path: Path) -> None:
    document = _definition(_call("A", DependsOn=[{"Name": "B"}]), _call("B"))
    document |= {"Metadata": ["x"], "Parameters": 1}
    built = round_trip(tmp_path, {"dev": document})

    assert built.comparison("dev").differences == ()
    assert {*built.pipeline.raw_parts} == {"/Metadata", "/Parameters", "/Steps/0/DependsOn"}


def test_a_variable_of_another_type_than_aws_takes(tmp_path: Path) -> None:
    document = recorded("01")
    parameters = document["Parameters"]
    assert isinstance(parameters, list)
    parameters[0] = {"Name": "ProcessingInstanceCount", "Type": "String", "DefaultValue": "1"}
    built = round_trip(tmp_path, {"dev": document})

    assert built.comparison("dev").differences == ()
    assert built.pipeline.raw_parts == {
        "/Steps/0/Arguments/ProcessingResources/ClusterConfig/InstanceCount": "AWS takes an integer here, and this is a"
        " text"
    }
    assert 'instance_count=raw_value({"Get": "Parameters.ProcessingInstanceCount"}, int)' in built.module


#: What stands in place of something in a damaged definition.
_JUNK: Final[list[JsonValue]] = [
    None, True, 0, -1, 1.5, "", "x", [], {}, ["x"], "\ud800", "s3://", "a" * 3000, 10**400, {"$input": "x"},
    {"Get": "Steps.Nope.X"}, {"Get": "Parameters.Nope"}, {"Get": ""}, {"Get": "ForEach.CurrentItem"}, {"Name": "x"},
    {"Std:Join": {"On": "/", "Values": []}},
    {"Std:Join": {"On": 1, "Values": ["a"]}},
    {"Std:JsonGet": {"PropertyFile": "x", "Path": "$..a"}},
]  # fmt: skip


def _damage(document: JsonObject, random: Random) -> None:
    junk: JsonValue = json.loads(json.dumps(random.choice(_JUNK)))
    holder = random.choice(list(holders(document)))
    if isinstance(holder, dict):
        name = random.choice([*holder, "$x", "Name", "Type", "Get"])
        if random.random() < 0.3 and name in holder:
            del holder[name]
        else:
            holder[name] = junk
    else:
        holder[random.randrange(len(holder))] = junk


@pytest.mark.parametrize("seed", range(150))
def test_no_definition_makes_it_raise(seed: int) -> None:
    random = Random(seed)
    given = recorded(f"{seed % 8 + 1:02}") if seed % 3 == 0 else random_definition(seed)
    documents: dict[str, JsonObject] = {}
    for name in ("dev", "prod")[: random.choice((1, 2))]:
        document: JsonObject = json.loads(json.dumps(given))
        for _ in range(random.choice((1, 2, 5))):
            _damage(document, random)
        documents[name] = document
    try:
        definitions = {name: parse_definition(document, tolerant=True) for name, document in documents.items()}
    except FindingsError:
        return
    pipeline = import_pipeline("Imported", definitions)
    if pipeline.findings:
        assert {item.rule for item in pipeline.findings} <= {"SMG133", "SMG134"}
        assert all(item.place.pointer is not None for item in pipeline.findings)
    else:
        assert "def imported(" in pipeline_module(pipeline, "package", "imported", "About.")
