"""The values of a start, held against where the parameters are used."""

from __future__ import annotations

from smgen.checks import start_findings
from smgen.definition import parse_definition
from smgen.documents import JsonValue
from tests.checks.service_cases import definition, get, machine, parameter, training

TRAINED = parse_definition(
    definition(
        training(
            ResourceConfig=machine(InstanceType=get("Inst"), InstanceCount=get("Count")),
            EnableManagedSpotTraining=True,
            StoppingCondition={"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": get("Wait")},
            Environment={"DAY": get("Day")},
        ),
        parameters=[
            parameter("Inst", "String", "ml.m5.large"),
            parameter("Count", "Integer", 1),
            parameter("Wait", "Integer", 7200),
            parameter("Day", "String"),
        ],
    )
)


def told(**values: JsonValue) -> list[tuple[str, str | None, str | None]]:
    found = start_findings(TRAINED, values)
    assert {item.rule for item in found} <= {"SMG240"}
    return [(item.message, item.given, item.nearest) for item in found]


def test_a_machine_that_there_is_not() -> None:
    assert told(Inst="ml.m5.lage") == [
        (
            'this start would fail: step "Train": AWS refuses the value of parameter Inst at '
            "ResourceConfig.InstanceType: it is none of the values that AWS knows",
            '"ml.m5.lage"',
            "ml.m5.large",
        )
    ]


def test_a_text_too_long_and_a_rule_between_members() -> None:
    assert [message.rpartition(": ")[2] for message, _, _ in told(Day="x" * 600)] == [
        "it is longer than 512 characters"
    ]
    assert [given for _, given, _ in told(Wait=60)] == ["60"]


def test_right_values_and_a_newer_machine() -> None:
    assert told() == []
    assert told(Inst="ml.m5.xlarge", Count=2, Day="2024-01-01", Wait=3600) == []
    assert told(Inst="ml.m99.large") == []
