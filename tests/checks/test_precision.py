"""Where AWS may be ahead of the table a warning, where somebody slipped an error, and one cause told once."""

from __future__ import annotations

import pytest

from smgen.aws import service_model
from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.diagnostics import Finding
from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import definition, get, machine, parameter, step, training


def found(*steps: JsonObject, parameters: list[JsonValue] | None = None) -> list[Finding]:
    return list(check_definition(parse_definition(definition(*steps, parameters=parameters))))


def on(instance_type: JsonValue, name: str = "Train") -> JsonObject:
    return {**training(ResourceConfig=machine(InstanceType=instance_type)), "Name": name}


@pytest.mark.parametrize(
    ("instance_type", "rule"),
    [
        ("ml.m99.large", "SMG425"),
        ("ml.p9-xl.48xlarge", "SMG425"),
        ("ml.m5.lage", "SMG413"),
        ("ml.g4nd.xlarge", "SMG413"),
        ("ml.m5.3xlarge", "SMG413"),
        ("m5.large", "SMG413"),
        ("ML.M5.LARGE", "SMG413"),
    ],
)
def test_a_machine(instance_type: str, rule: str) -> None:
    (finding,) = found(on(instance_type))
    assert finding.rule == rule
    assert (service_model().botocore_version in f"{finding.expected}") is (rule == "SMG425")
    (finding,) = found(on(get("Machine")), parameters=[parameter("Machine", "String", instance_type)])
    assert finding.rule == rule


@pytest.mark.parametrize(
    ("name", "rule"), [("Zebra2030", "SMG425"), ("ResorceConfig", "SMG410"), ("resourceConfig", "SMG410")]
)
def test_a_member(name: str, rule: str) -> None:
    arguments: JsonObject = {name: {"Zoo": 1}}
    (finding,) = found(training(**arguments))
    assert finding.rule == rule
    assert (service_model().botocore_version in f"{finding.fix}") is (rule == "SMG425")


def test_what_may_be_newer_is_told_once_with_all_steps() -> None:
    (machines,) = found(on("ml.m99.large"), on("ml.m99.large", "Again"), on("ml.m99.large", "Third"))
    assert machines.message.endswith(", nor its family (the same in Again, Third)")
    (member,) = found(training(Zebra2030=1), {**training(Zebra2030=2), "Name": "Again"})
    assert member.message.endswith("in the Arguments of a Training step (the same in Again)")
    assert len(found(on("ml.m99.large"), on("ml.m98.large", "Again"))) == 2


@pytest.mark.parametrize("field", ["CacheConfig", "RetryPolicies", "DependsOn", "PropertyFiles"])
def test_a_field_of_the_step_among_its_arguments(field: str) -> None:
    kind = "Processing" if field == "PropertyFiles" else "Training"
    arguments: JsonObject = {field: []}
    document = training(**arguments) if kind == "Training" else step("Prepare", kind, arguments)
    told = [item for item in found(document) if item.rule == "SMG410"]
    assert [(item.given, item.nearest, item.fix) for item in told] == [
        (field, None, f"move {field} out of Arguments, beside it")
    ]


def test_a_fault_of_structure_hides_nothing_of_the_others() -> None:
    broken: JsonObject = {**training(HyperParameters={"eta": 1}), "PropertyFiles": [3], "DependsOn": [{"Stp": "x"}]}
    document = definition(broken, {**on("ml.m5.lage"), "Name": "Again"})
    rules = {item.rule for item in check_definition(parse_definition(document, tolerant=True))}
    assert {"SMG300", "SMG411", "SMG413"} <= rules
