"""Hyperparameters that are needed together: the contract says which, and lint holds the authored step against it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from smgen.checks import CheckContext, check_definition
from smgen.contracts import Need, StepContract, needs_of, parameters_of_json_schema, read_contracts
from smgen.definition import parse_definition
from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import definition, get, parameter, training

LIBRARY = read_contracts(Path(__file__).parents[2] / "contract_specs")
XGBOOST = LIBRARY["XGBoostTraining"]


def with_needs(**keywords: JsonValue) -> StepContract:
    return replace(XGBOOST, document={**XGBOOST.document, "hyperparameters": keywords})


def found(contract: StepContract, hyperparameters: JsonObject, *parameters: JsonObject) -> list[tuple[str | None, str]]:
    document = definition(training(HyperParameters=hyperparameters), parameters=[*parameters])
    findings = check_definition(parse_definition(document), CheckContext(contracts={"Train": contract}))
    assert {item.rule for item in findings} <= {"SMG417"}
    return [(item.given, item.message) for item in findings]


def test_several_classes_need_their_number() -> None:
    told = found(XGBOOST, {"num_round": "10", "objective": "multi:softmax"})
    assert told == [("multi:softmax", 'step "Train": objective multi:softmax needs num_class, as XGBoostTraining says')]


@pytest.mark.parametrize(
    ("hyperparameters", "told"),
    [
        ({"objective": "multi:softmax", "num_class": "3"}, False),
        ({"objective": "multi:softmax", "num_class": get("Classes")}, False),
        ({"objective": "binary:logistic"}, False),
        ({"num_class": "3"}, False),
        ({"objective": get("Other")}, False),
        ({"objective": get("Objective")}, True),
        ({"objective": '"multi:softprob"'}, True),
    ],
)
def test_only_what_is_known_to_be_missing_is_told(hyperparameters: JsonObject, told: bool) -> None:
    parameters = [
        parameter("Objective", "String", "multi:softprob"),
        parameter("Other", "String"),
        parameter("Classes", "String"),
    ]
    used = [item for item in parameters if f"Parameters.{item['Name']}" in str(hyperparameters)]
    assert bool(found(XGBOOST, hyperparameters, *used)) is told


def test_one_name_needs_another_whatever_its_value_is() -> None:
    contract = with_needs(dependentRequired={"alpha": ["beta", "gamma"]})
    assert found(contract, {"alpha": "1", "gamma": "2"}) == [
        ("1", 'step "Train": alpha 1 needs beta, as XGBoostTraining says')
    ]
    assert found(contract, {"beta": "1"}) == []


def test_a_step_of_no_contract_is_not_asked() -> None:
    document = definition(training(HyperParameters={"objective": "multi:softmax"}))
    assert check_definition(parse_definition(document)) == ()


IF: JsonObject = {"properties": {"a": {"const": 1}}}


@pytest.mark.parametrize(
    ("keywords", "needs", "wrong"),
    [
        ({"dependentRequired": {"a": ["b"]}}, [Need("a", (), ("b",))], 0),
        ({"allOf": [{"if": IF, "then": {"required": ["b"]}}]}, [Need("a", (1,), ("b",))], 0),
        ({"dependentRequired": {"a": ["c"]}}, [Need("a", (), ("c",))], 1),
        ({"dependentRequired": {"a": []}}, [], 1),
        ({"allOf": [{"if": IF}]}, [], 1),
        ({"allOf": [{"if": IF, "then": {"required": ["b"]}, "else": {}}]}, [], 1),
        ({"allOf": [{"if": {"properties": {"a": {"enum": [None]}}}, "then": {"required": ["b"]}}]}, [], 1),
    ],
)
def test_how_needs_are_written(keywords: JsonObject, needs: list[Need], wrong: int) -> None:
    schema: JsonObject = {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, **keywords}
    assert list(needs_of(schema)) == needs
    _, findings = parameters_of_json_schema(schema)
    assert [item.rule for item in findings] == ["SMG117"] * wrong
