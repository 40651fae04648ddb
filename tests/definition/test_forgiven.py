"""Changes between definitions that are told another way and mean the same, and how often each normalisation forgave."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from smgen.definition import DEPLOYED, N4, Change, changes, forgiven, parse_definition
from smgen.documents import JsonObject, JsonValue


def _processing(name: str, *inputs: str, managed: bool | None = None) -> JsonObject:
    marks: JsonObject = {} if managed is None else {"AppManaged": managed}
    items: list[JsonValue] = [
        {"InputName": one, **marks, "S3Input": {"S3Uri": f"s3://b/{name}/{number}"}}
        for number, one in enumerate(inputs)
    ]
    return {"Name": name, "Type": "Processing", "Arguments": {"ProcessingInputs": items}}


def _condition(then: list[JsonValue], left: JsonValue = None, kind: str = "LessThanOrEqualTo") -> JsonObject:
    condition: JsonObject = {"Type": kind, "LeftValue": {"Get": "Parameters.X"}, "RightValue": 6}
    if left is not None:
        condition = {"Type": kind, "LeftValue": left, "RightValue": {"Get": "Parameters.X"}}
    return {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {"Conditions": [condition], "IfSteps": then, "ElseSteps": []},
    }


def _of(*steps: JsonValue, parameters: list[JsonValue] | None = None) -> JsonObject:
    given: JsonObject = {"Version": "2020-12-01", "Metadata": {}, "Steps": [*steps]}
    return given if parameters is None else {**given, "Parameters": parameters}


def _edited(definition: JsonObject, old: str, new: str) -> JsonObject:
    text = json.dumps(definition)
    assert text.count(old) == 1
    edited: JsonObject = json.loads(text.replace(old, new))
    return edited


def _compared(before: JsonObject, after: JsonObject) -> tuple[list[Change], dict[str, int]]:
    one, other = parse_definition(before), parse_definition(after)
    return list(changes(one, other, DEPLOYED)), dict(forgiven(one, other, DEPLOYED))


def test_all_but_code_is_forgiven() -> None:
    assert N4 not in DEPLOYED
    code: JsonObject = {"InputName": "code", "S3Input": {"S3Uri": "s3://b/code/0123456789abcdef0123456789abcdef/x.py"}}
    before = _of({"Name": "A", "Type": "Processing", "Arguments": {"ProcessingInputs": [code]}})
    found, counts = _compared(before, _edited(before, "0123456789abcdef0123456789abcdef", "f" * 32))
    assert [(change.kind, change.path) for change in found] == [("code", "ProcessingInputs[code].S3Input.S3Uri")]
    assert counts == {}


def test_equal_definitions_forgive_nothing() -> None:
    same = _of(_processing("A", "input-1", managed=False), _condition([_processing("B", "x")]))
    assert _compared(same, deepcopy(same)) == ([], {})


def test_each_place_counts_once() -> None:
    before = _of(_processing("A", "input-1", "code", managed=False), parameters=[])
    after = _of(_processing("A", "data", "code"))
    assert _compared(before, after) == ([], {"N1": 2, "N3": 1, "N5": 1})


def test_a_new_step_hides_no_other() -> None:
    before = _of(_processing("A", "input-1", managed=False), _condition([_processing("B", "input-1", managed=False)]))
    new, inner = _processing("New", "x"), _processing("Inner", "x")
    after = _of(new, _processing("A", "data"), _condition([inner, _processing("B", "rows")]))
    found, counts = _compared(before, after)
    assert [(change.kind, change.subject) for change in found] == [("added", "step New"), ("added", "step Inner")]
    assert counts == {"N1": 2, "N3": 2}


def test_a_step_that_goes_and_one_that_moves() -> None:
    before = _of(_processing("Gone", "x"), _processing("A", "input-1", managed=False), _processing("B", "y"))
    after = _of(_processing("B", "y"), _processing("A", "data"))
    found, counts = _compared(before, after)
    assert [(change.kind, change.subject) for change in found] == [
        ("removed", "step Gone"),
        ("moved", "order of steps at the top"),
    ]
    assert counts == {"N1": 1, "N3": 1}


def test_inputs_are_found_by_their_names_all_the_same() -> None:
    before = _of(_processing("A", "input-1", "code"))
    found, _ = _compared(before, _edited(before, "s3://b/A/1", "s3://b/other"))
    assert [change.path for change in found] == ["ProcessingInputs[code].S3Input.S3Uri"]


def test_a_name_that_something_reads_is_no_matter_of_taste() -> None:
    reading: JsonObject = {
        "Name": "B",
        "Type": "Lambda",
        "FunctionArn": "f",
        "Arguments": {"x": {"Get": "Steps.A.ProcessingInputs['input-1'].S3Input.S3Uri"}},
    }
    found, counts = _compared(_of(_processing("A", "input-1"), reading), _of(_processing("A", "data"), reading))
    assert [(change.kind, change.path) for change in found] == [
        ("added", "ProcessingInputs[data]"),
        ("removed", "ProcessingInputs[input-1]"),
    ]
    assert counts == {}


@pytest.mark.parametrize(("limit", "expected"), [(6, []), (7, ["Conditions[0].RightValue"])])
def test_a_mirrored_condition_differs_only_in_its_limit(limit: int, expected: list[str]) -> None:
    before = _of(_condition([_processing("B", "x")]), parameters=[{"Name": "X", "Type": "Float"}])
    after = _of(
        _condition([_processing("B", "x")], left=limit, kind="GreaterThanOrEqualTo"),
        parameters=[{"Name": "X", "Type": "Float"}],
    )
    found, counts = _compared(before, after)
    assert [change.path for change in found] == expected
    assert counts == {"N8": 1}
