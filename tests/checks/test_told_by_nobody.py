"""Faults between steps that AWS and its SDK say nothing of, and the legal neighbours of each."""

from __future__ import annotations

import json

import pytest

from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.documents import JsonObject, JsonValue
from tests.checks.definitions import DATA
from tests.checks.service_cases import IMAGE, ROLE, at, definition, parameter, processing, step, training

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
MODEL: JsonObject = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
ITEM: JsonObject = {"Get": "ForEach.CurrentItem"}


def found(*steps: JsonObject, parameters: list[JsonValue] | None = None) -> list[tuple[str, str, str | None]]:
    document = definition(*steps, parameters=parameters)
    findings = check_definition(parse_definition(document))
    return [(item.severity.value, item.rule, item.place.pointer) for item in findings]


def call(name: str, value: JsonValue, **fields: JsonValue) -> JsonObject:
    return step(name, "Lambda", {"value": value}, FunctionArn=FUNCTION, **fields)


def output(name: str, location: JsonValue, mode: str = "EndOfJob") -> JsonObject:
    folder = f"/opt/ml/processing/{name}"
    return {"OutputName": name, "S3Output": {"LocalPath": folder, "S3UploadMode": mode, "S3Uri": location}}


def prepare(*outputs: JsonObject, name: str = "Prepare") -> JsonObject:
    return {**processing(ProcessingOutputConfig={"Outputs": [*outputs]}), "Name": name}


def reading(name: str, *locations: JsonValue) -> JsonObject:
    inputs: list[JsonValue] = [
        {
            "InputName": f"i{number}",
            "S3Input": {
                "LocalPath": f"/opt/ml/processing/i{number}",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
                "S3Uri": location,
            },
        }
        for number, location in enumerate(locations)
    ]
    return {**processing(ProcessingInputs=inputs), "Name": name}


def of_prepare(name: str) -> JsonObject:
    return {"Get": f"Steps.Prepare.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"}


def joined(*parts: JsonValue) -> JsonObject:
    return {"Std:Join": {"On": "/", "Values": [*parts]}}


def after(name: str, trigger: str) -> JsonValue:
    return [{"Step": name, "Trigger": trigger}]


# What a step that failed has not written -----------------------------------------------------------------------------


def test_a_model_is_not_there_after_a_failure() -> None:
    container: JsonObject = {"Image": IMAGE, "ModelDataUrl": MODEL}
    arguments: JsonObject = {"ExecutionRoleArn": ROLE, "PrimaryContainer": container}
    rescue = step("Rescue", "Model", arguments, DependsOn=after("Train", "Failed"))
    at = "/Steps/1/Arguments/PrimaryContainer/ModelDataUrl/Get"
    assert found(training(), rescue) == [("error", "SMG321", at)]


@pytest.mark.parametrize(
    ("value", "trigger", "expected"),
    [
        (MODEL, "Failed", ["SMG321"]),
        (MODEL, "Any", []),
        (MODEL, "Stopped", []),
        (MODEL, "Completed", []),
        ({"Get": "Steps.Train.FailureReason"}, "Failed", []),
        ({"Get": "Steps.Train.TrainingJobStatus"}, "Failed", []),
    ],
)
def test_what_is_read_after_which_outcome(value: JsonValue, trigger: str, expected: list[str]) -> None:
    assert [
        rule for _, rule, _ in found(training(), call("Tell", value, DependsOn=after("Train", trigger)))
    ] == expected


@pytest.mark.parametrize(("mode", "expected"), [("EndOfJob", ["SMG321"]), ("Continuous", [])])
def test_an_output_that_is_uploaded_meanwhile_is_there(mode: str, expected: list[str]) -> None:
    steps = (
        prepare(output("log", "s3://fraud/log", mode)),
        call("Tell", of_prepare("log"), DependsOn=after("Prepare", "Failed")),
    )
    assert [rule for _, rule, _ in found(*steps)] == expected


# One place for all iterations ----------------------------------------------------------------------------------------


def loop(*body: JsonObject) -> JsonObject:
    return step("Loop", "ForEach", {"IterableItems": ["a", "b"], "MaxConcurrency": 2, "ForEachBody": [*body]})


EXECUTION: JsonObject = {"Get": "Execution.PipelineExecutionId"}


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("s3://fraud/data", True),
        (joined("s3://fraud", EXECUTION, "data"), True),
        (joined("s3://fraud", {"Get": "Parameters.Place"}), True),
        (joined("s3://fraud", ITEM), False),
        (joined("s3://fraud", {"Get": "ForEach.CurrentItem.place"}), False),
        (joined(joined("s3://fraud", ITEM), "data"), False),
        (ITEM, False),
        (joined("s3://fraud", {"Get": "Steps.Train.TrainingJobName"}), False),
    ],
)
def test_a_place_in_a_loop(location: JsonValue, told: bool) -> None:
    parameters: list[JsonValue] = [parameter("Place", "String", "x")]
    rules = [rule for _, rule, _ in found(loop(training(), prepare(output("data", location))), parameters=parameters)]
    assert ("SMG312" in rules) is told


def test_all_places_of_a_step_in_a_loop_are_told_at_once() -> None:
    body = prepare(output("a", "s3://fraud/a"), output("b", joined("s3://fraud", ITEM)), output("c", "s3://fraud/c"))
    at = "/Steps/0/Arguments/ForEachBody/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"
    assert found(loop(body)) == [("warning", "SMG312", at)]


def test_a_job_that_writes_below_its_own_name_may_stand_in_a_loop() -> None:
    assert found(loop(training())) == []


# A hidden edge beside a reference to the same step -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locations", "expected"),
    [
        (("s3://fraud/a", of_prepare("b")), ["SMG311"]),
        (("s3://fraud/a/part", of_prepare("b")), ["SMG311"]),
        (("s3://fraud/a/part", of_prepare("a")), []),
        ((of_prepare("a"), of_prepare("b")), []),
        (("s3://fraud/elsewhere", of_prepare("b")), []),
    ],
)
def test_a_place_written_out_beside_a_reference(locations: tuple[JsonValue, ...], expected: list[str]) -> None:
    steps = prepare(output("a", "s3://fraud/a"), output("b", "s3://fraud/b")), reading("Report", *locations)
    assert [rule for _, rule, _ in found(*steps)] == expected


# Deleted while it is read --------------------------------------------------------------------------------------------


def clean(*waits: str, objects: list[JsonValue] | None = None) -> JsonObject:
    source: JsonObject = {"StepName": "Prepare", **({} if objects is None else {"S3Uris": objects})}
    return step("Clean", "Cleanup", {"Resources": {"S3": [source]}}, DependsOn=[*waits])


PREPARED = prepare(output("a", joined("s3://fraud", EXECUTION, "a")), output("b", joined("s3://fraud", EXECUTION, "b")))


@pytest.mark.parametrize(
    ("cleanup", "expected"),
    [
        (clean("Prepare"), ["SMG325"]),
        (clean("Prepare", "Report"), []),
        (clean("Last"), []),
        (clean("Prepare", objects=[joined(of_prepare("a"), "x.csv")]), ["SMG325"]),
        (clean("Prepare", objects=[joined(of_prepare("b"), "x.csv")]), []),
    ],
)
def test_a_cleanup_waits_for_the_readers(cleanup: JsonObject, expected: list[str]) -> None:
    last = call("Last", {"Get": "Steps.Report.ProcessingJobName"})
    assert [rule for _, rule, _ in found(PREPARED, reading("Report", of_prepare("a")), last, cleanup)] == expected


# Condition steps without steps in them -------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [True, False])
def test_empty_branches_are_right_where_the_outcome_is_read(read: bool) -> None:
    condition: JsonObject = {"Type": "GreaterThan", "LeftValue": {"Get": "Parameters.Limit"}, "RightValue": 1}
    gate = step("Gate", "Condition", {"Conditions": [condition], "IfSteps": [], "ElseSteps": []})
    value: JsonValue = {"Get": "Steps.Gate.Outcome"} if read else "none"
    rules = found(gate, call("Tell", value), parameters=[parameter("Limit", "Integer", 1)])
    assert rules == ([] if read else [("warning", "SMG318", "/Steps/0")])


# Buckets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("s3://fraud-data/x", []),
        ("s3://fraud.data/x", []),
        ("s3://fraud data/x", ["error"]),
        ("s3://-fraud/x", ["warning"]),
        ("s3://192.168.0.1/x", ["error"]),
        (f"s3://{'x' * 64}x!/x", ["error"]),
        ("s3://Fraud_Data/x", ["warning"]),
        (joined("s3:/", "fraud:data", "x"), ["error"]),
        (joined("s3://fraud-data", "x"), []),
        ({"Std:Join": {"On": "", "Values": ["s3://fraud-", {"Get": "Parameters.Place"}, "/x"]}}, []),
        ("s3://${Bucket}/x", []),
        ("s3://arn:aws:s3:us-east-1:123456789012:accesspoint/mine/x", []),
        ("https://s3.us-east-1.amazonaws.com/fraud/x", []),
    ],
)
def test_the_name_of_a_bucket(location: JsonValue, expected: list[str]) -> None:
    parameters: list[JsonValue] = [parameter("Place", "String", "x")]
    document = definition(reading("Report", location), parameters=parameters)
    findings = [item for item in check_definition(parse_definition(document)) if item.rule in ("SMG414", "SMG417")]
    assert [item.severity.value for item in findings] == expected


# Training jobs that a search does not run ----------------------------------------------------------------------------


def search(most: JsonValue) -> JsonObject:
    recorded = json.loads((DATA / "parity" / "tuning" / "sdk3.json").read_text(encoding="utf-8"))
    found: JsonObject = recorded["step"]
    limits = at(found, "Arguments", "HyperParameterTuningJobConfig", "ResourceLimits")
    limits |= {"MaxNumberOfTrainingJobs": most, "MaxParallelTrainingJobs": 1}
    return found


@pytest.mark.parametrize(
    ("most", "rank", "told"),
    [(3, 2, False), (3, 3, True), ({"Get": "Parameters.Jobs"}, 2, True), ({"Get": "Parameters.Any"}, 9, False)],
)
def test_a_rank_beyond_the_number_of_jobs(most: JsonValue, rank: int, told: bool) -> None:
    read = call("Tell", {"Get": f"Steps.Tune.TrainingJobSummaries[{rank}].TrainingJobName"})
    declared: list[JsonValue] = [parameter("Rounds", "Integer", 100), parameter("Data", "String", "s3://fraud/x")]
    declared += [parameter("Jobs", "Integer", 2), parameter("Any", "Integer")]
    errors = [item for item in found(search(most), read, parameters=declared) if item[0] == "error"]
    assert errors == ([("error", "SMG306", "/Steps/1/Arguments/value/Get")] if told else [])
