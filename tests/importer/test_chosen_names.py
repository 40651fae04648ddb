"""Names as a person would choose: no time stamps, what all steps say is said once, unread parameters are marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.documents import JsonObject, JsonValue
from smgen.importer.code_names import snake, words_of
from tests.importer.round_trip import recorded, round_trip


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("input-2024-05-06-07-08-09-123", "input"),
        ("2024-05-06-07-08-09-123-input", "input"),
        ("rows_20240506", "rows"),
        ("rows-20240506T070809", "rows"),
        ("rows-1715000000", "rows"),
        ("rows-1715000000123-x", "rows_x"),
        ("0123456789abcdef0123456789abcdef-code", "code"),
        # What is no stamp stays: a year, a number of things, a version.
        ("rows-2024", "rows_2024"),
        ("sales2024-05", "sales2024_05"),
        ("top-1000", "top_1000"),
        ("model-1-2-3", "model_1_2_3"),
        ("xgboost1715000000", "xgboost1715000000"),
    ],
)
def test_time_stamps_and_hashes_are_no_names(name: str, chosen: str) -> None:
    assert snake(name) == chosen


@pytest.mark.parametrize("name", ["2024-05-06", "1715000000", "0123456789abcdef0123456789abcdef"])
def test_a_name_that_is_nothing_else_stays(name: str) -> None:
    assert "_".join(words_of(name)) == name.replace("-", "_")


def _lambda(name: str, arguments: JsonObject) -> JsonObject:
    function = "arn:aws:lambda:eu-west-1:111122223333:function:score"
    return {"Name": name, "Type": "Lambda", "Arguments": arguments, "FunctionArn": function, "OutputParameters": []}


def test_two_names_that_differ_in_their_stamps_stay_apart(tmp_path: Path) -> None:
    item: JsonObject = {
        "InputName": "",
        "AppManaged": False,
        "S3Input": {"S3Uri": "", "LocalPath": "", "S3DataType": ""},
    }
    document = recorded("01")
    steps = document["Steps"]
    assert isinstance(steps, list)
    assert isinstance(steps[0], dict)
    arguments = steps[0]["Arguments"]
    assert isinstance(arguments, dict)
    inputs = arguments["ProcessingInputs"]
    assert isinstance(inputs, list)
    for number, stamp in enumerate(("2024-05-06-07-08-09-123", "2024-05-06-07-08-10-456")):
        place = {"S3Uri": f"s3://ml-dev/{number}", "LocalPath": f"/opt/ml/processing/input/{number}"}
        more = {"S3DataType": "S3Prefix", "S3InputMode": "File", "S3DataDistributionType": "FullyReplicated"}
        inputs.append({**item, "InputName": f"lookup-{stamp}", "S3Input": {**place, **more}})
    built = round_trip(tmp_path, {"dev": document}, "AbalonePipeline")

    assert built.comparison("dev").differences == ()
    ports = built.pipeline.contracts["AbaloneProcess"]["inputs"]
    assert isinstance(ports, dict)
    assert {"lookup", "lookup_2"} <= {*ports}


def test_parameters_that_nothing_reads_are_marked(tmp_path: Path) -> None:
    parameters: list[JsonValue] = [{"Name": name, "Type": "String"} for name in ("Read", "Raw", "Unread")]
    # A name that no code can say makes the second step raw, and what it reads is read.
    steps: list[JsonValue] = [
        _lambda("A", {"x": {"Get": "Parameters.Read"}}),
        _lambda("not a name", {"x": {"Get": "Parameters.Raw"}}),
    ]
    document: JsonObject = {"Version": "2020-12-01", "Parameters": parameters, "Steps": steps}
    module = round_trip(tmp_path, {"dev": document}).module

    assert 'read = p.string("Read")\n    p.string("Raw")\n    p.string("Unread")  # Nothing reads it.\n' in module


def test_what_each_function_says_is_said_once(tmp_path: Path) -> None:
    module = round_trip(tmp_path, {"dev": recorded("06")}, "Imported").module

    assert module.count("sagemaker_remote_function_bootstrap_location = env.uri(") == 1
    assert module.count("s3_base_uri=s3_base_uri,") == 4
