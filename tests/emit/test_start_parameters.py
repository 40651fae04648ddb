"""The parameters of a start are held against the definition before anything is deployed."""

from __future__ import annotations

import pytest

from smgen.definition import parse_definition
from smgen.diagnostics import FindingsError
from smgen.emit import start_parameters, typed_values

DEFINITION = parse_definition(
    {
        "Version": "2020-12-01",
        "Parameters": [
            {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
            {"Name": "Limit", "Type": "Float", "DefaultValue": 6.0},
            {"Name": "Flag", "Type": "Boolean", "DefaultValue": True},
            {"Name": "Mode", "Type": "String", "DefaultValue": "fast", "EnumValues": ["fast", "slow"]},
            {"Name": "Input", "Type": "String"},
        ],
        "Steps": [],
    }
)


def problems(*given: str) -> list[str]:
    with pytest.raises(FindingsError) as caught:
        start_parameters(DEFINITION, given)
    assert {finding.rule for finding in caught.value.findings} == {"SMG240"}
    return [finding.message for finding in caught.value.findings]


def test_right_values() -> None:
    given = ["Count=-3", "Limit=1e3", "Flag=false", "Mode=slow", "Input=s3://b/k=v"]
    assert start_parameters(DEFINITION, given) == {
        "Count": "-3",
        "Limit": "1e3",
        "Flag": "false",
        "Mode": "slow",
        "Input": "s3://b/k=v",
    }


def test_values_have_the_types_of_their_parameters() -> None:
    given = start_parameters(DEFINITION, ["Count=-3", "Limit=1e3", "Flag=false", "Mode=slow", "Input=7"])
    assert typed_values(DEFINITION, given) == {
        "Count": -3,
        "Limit": 1000.0,
        "Flag": False,
        "Mode": "slow",
        "Input": "7",
    }


def test_an_empty_value_is_refused_with_what_to_do() -> None:
    with pytest.raises(FindingsError) as caught:
        start_parameters(DEFINITION, ["Mode=", "Input="])
    assert {(finding.message, finding.fix) for finding in caught.value.findings} == {
        ("the value of parameter 'Mode' is empty", "leave Mode out, so that its default holds"),
        ("the value of parameter 'Input' is empty", "write Input=…"),
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("Count=1.5", "the value of parameter 'Count' is no Integer"),
        ("Count=", "the value of parameter 'Count' is empty"),
        ("Count=\u0663", "the value of parameter 'Count' is no Integer"),
        ("Limit=nan", "the value of parameter 'Limit' is no Float"),
        ("Limit=six", "the value of parameter 'Limit' is no Float"),
        ("Flag=yes", "the value of parameter 'Flag' is no Boolean"),
        ("Mode=quick", "the value of parameter 'Mode' is not among its values"),
        ("Mode", "a parameter is given as Name=value"),
        ("Moed=slow", "the pipeline has no parameter 'Moed'"),
        ("Input=" + "x" * 1025, "the value of parameter 'Input' is too long"),
    ],
)
def test_one_wrong_value(given: str, message: str) -> None:
    others = [] if given.startswith("Input") else ["Input=x"]
    assert problems(given, *others) == [message]


def test_everything_that_is_wrong_comes_together() -> None:
    assert problems("Count=x", "Count=1", "Lmit=3") == [
        "the parameter 'Count' is given twice",
        "the parameter 'Input' has no default and is not given",
        "the pipeline has no parameter 'Lmit'",
        "the value of parameter 'Count' is no Integer",
    ]
