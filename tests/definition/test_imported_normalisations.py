"""N5 to N8 and N11: forms of one definition that a comparison with an imported one takes for the same."""

from __future__ import annotations

import pytest

from smgen.definition import ALL, IMPORTED, N5, N6, N7, N8, N11, Normalisation, compare
from smgen.documents import JsonObject, JsonValue


def _definition(*steps: JsonObject, **more: JsonValue) -> JsonObject:
    return {"Version": "2020-12-01", **more, "Steps": list(steps)}


def _gate(*conditions: JsonValue) -> JsonObject:
    return {"Name": "Gate", "Type": "Condition", "Arguments": {"Conditions": list(conditions)}}


def _function(**more: JsonValue) -> JsonObject:
    return {"Name": "A", "Type": "Lambda", "Arguments": {}, **more}


def _model(arguments: JsonObject) -> JsonObject:
    return {"Name": "M", "Type": "Model", "Arguments": arguments}


X: JsonObject = {"Get": "Parameters.X"}
LESS: JsonObject = {"Type": "LessThan", "LeftValue": X, "RightValue": 3}
SAME: JsonObject = {"Type": "Equals", "LeftValue": X, "RightValue": 3}


def _report(path: str) -> JsonObject:
    return {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.A.PropertyFiles.R"}, "Path": path}}


PATH: JsonObject = _gate({**LESS, "LeftValue": _report("a['b']")})
DOTS: JsonObject = _gate({**LESS, "LeftValue": _report("a.b")})
MIRRORED: JsonObject = _gate({"Type": "GreaterThan", "LeftValue": 3, "RightValue": X})
ONE_OF_ONE: JsonObject = _gate({"Type": "Or", "Conditions": [LESS]})
NOT_NOT: JsonObject = _gate({"Type": "Not", "Expression": {"Type": "Not", "Condition": LESS}})
OR_IN_OR: JsonObject = _gate({"Type": "Or", "Conditions": [{"Type": "Or", "Conditions": [LESS, SAME]}, LESS]})
ONE_OR: JsonObject = _gate({"Type": "Or", "Conditions": [LESS, SAME, LESS]})
WAITS: JsonObject = _function(DependsOn=[{"Step": "B", "Trigger": "Completed"}, {"Step": "C"}])
EMPTY: JsonObject = _function(OutputParameters=[], DependsOn=[], CacheConfig=None)


def _parameter(kind: str, default: JsonValue) -> JsonObject:
    return _definition(Parameters=[{"Name": "X", "Type": kind, "DefaultValue": default}])


@pytest.mark.parametrize(
    ("normalisation", "left", "right", "count"),
    [
        (N5, _definition(MlflowConfig=None, Parameters=[]), _definition(), 2),
        (N5, _definition(EMPTY), _definition(_function()), 3),
        (N5, _definition(_model({"A": {"B": None, "C": 1}})), _definition(_model({"A": {"C": 1}})), 1),
        (N6, _definition(PATH), _definition(DOTS), 1),
        (N7, _parameter("Float", 6), _parameter("Float", 6.0), 1),
        (N8, _definition(MIRRORED), _definition(_gate(LESS)), 1),
        (N8, _definition(ONE_OF_ONE), _definition(_gate(LESS)), 1),
        (N8, _definition(NOT_NOT), _definition(_gate(LESS)), 1),
        (N8, _definition(OR_IN_OR), _definition(ONE_OR), 1),
        (N11, _definition(WAITS), _definition(_function(DependsOn=["B", "C"])), 2),
    ],
)
def test_two_forms_of_one_definition(
    normalisation: Normalisation, left: JsonObject, right: JsonObject, count: int
) -> None:
    compared = compare(left, right, normalisations=[normalisation])

    assert compared.differences == ()
    assert compared.counts == {normalisation.id: count}
    assert compare(left, right, normalisations=ALL).differences != ()


NOT_LESS: JsonObject = {"Type": "Not", "Condition": LESS}
AT_LEAST: JsonObject = {**LESS, "Type": "GreaterThanOrEqualTo"}


def _either(*conditions: JsonValue) -> JsonObject:
    return _definition(_gate({"Type": "Or", "Conditions": list(conditions)}))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # What an author hands to a function is his own, and so are items of lists.
        (_definition(_function(Arguments={"x": None})), _definition(_function(Arguments={}))),
        (_definition(_model({"A": [None]})), _definition(_model({"A": []}))),
        (_definition(_model({"A": []})), _definition(_model({}))),
        (_definition(_gate(LESS, SAME)), _definition(_gate(SAME, LESS))),
        (_definition(_gate(NOT_LESS)), _definition(_gate(AT_LEAST))),
        (_either(LESS, SAME), _either(SAME, LESS)),
        (_parameter("Integer", 6), _parameter("Integer", 6.0)),
        (
            _definition(_function(DependsOn=[{"Step": "B", "Trigger": "Failed"}])),
            _definition(_function(DependsOn=["B"])),
        ),
    ],
)
def test_what_stays_a_difference(left: JsonObject, right: JsonObject) -> None:
    assert compare(left, right, normalisations=IMPORTED).differences != ()
