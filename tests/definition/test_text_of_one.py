"""N9: where AWS takes texts, a variable alone and a Join of nothing but it are the same."""

from __future__ import annotations

import pytest

from smgen.definition import IMPORTED, N9, compare, normalise
from smgen.documents import JsonObject, JsonValue

EPOCHS: JsonObject = {"Get": "Parameters.Epochs"}
JOINED: JsonObject = {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Epochs"}]}}


def training(arguments: JsonObject, kind: str = "Training") -> JsonObject:
    steps: list[JsonValue] = [{"Name": "Train", "Type": kind, "Arguments": arguments}]
    return {"Version": "2020-12-01", "Steps": steps}


@pytest.mark.parametrize(
    ("before", "after", "at"),
    [
        ({"HyperParameters": {"epochs": JOINED}}, {"HyperParameters": {"epochs": EPOCHS}}, "HyperParameters/epochs"),
        ({"Environment": {"N": JOINED, "M": "1"}}, {"Environment": {"N": EPOCHS, "M": "1"}}, "Environment/N"),
        (
            {"AlgorithmSpecification": {"ContainerArguments": ["--n", JOINED]}},
            {"AlgorithmSpecification": {"ContainerArguments": ["--n", EPOCHS]}},
            "AlgorithmSpecification/ContainerArguments/1",
        ),
    ],
)
def test_a_join_of_one_variable_is_the_variable(before: JsonObject, after: JsonObject, at: str) -> None:
    normal = normalise(training(before), (N9,))
    assert normal.document == training(after)
    assert [(one.normalisation, one.pointer) for one in normal.applications] == [("N9", f"/Steps/0/Arguments/{at}")]
    assert compare(training(before), training(after), normalisations=IMPORTED).counts["N9"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        # Two values, something between them, or a plain text.
        {"HyperParameters": {"epochs": {"Std:Join": {"On": "", "Values": ["n", EPOCHS]}}}},
        {"HyperParameters": {"epochs": {"Std:Join": {"On": "/", "Values": [EPOCHS]}}}},
        {"HyperParameters": {"epochs": {"Std:Join": {"On": "", "Values": ["10"]}}}},
        # No text is known to be taken here.
        {"ResourceConfig": {"InstanceCount": JOINED}},
        {"HyperParameters": JOINED},
        {"HyperParameters": [[JOINED]]},
    ],
)
def test_what_is_left_alone(arguments: JsonObject) -> None:
    assert normalise(training(arguments), (N9,)).applications == ()


def test_what_a_function_is_given_is_left_alone() -> None:
    assert normalise(training({"Environment": {"N": JOINED}}, "Lambda"), (N9,)).applications == ()
