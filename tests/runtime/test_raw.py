"""Parts of a pipeline as JSON: they reach the definition as they are, and nothing of them is checked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smgen.definition import dump_definition
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, json_at
from smgen.runtime import Environment, FluentPipelineBuilder, json_value, raw_condition, raw_value


def definition(p: FluentPipelineBuilder) -> JsonObject:
    return dump_definition(p.build().definition)


def test_a_raw_step_stands_as_it_is() -> None:
    p = FluentPipelineBuilder("P")
    text = p.string("Text")
    document: JsonObject = {"Name": "no name of AWS's", "Type": "Athena", "Arguments": {"x": None}, "DependsOn": [1]}
    query = p.raw_step(document)
    p.raw_step({"Name": "B", "Type": "Nothing", "Arguments": {"text": text, "again": ("a", 1)}})
    p.fail("F", "over", after=[query])
    built = definition(p)

    assert json_at(built, "Steps", 0) == document
    assert json_at(built, "Steps", 1, "Arguments") == {"text": {"Get": "Parameters.Text"}, "again": ["a", 1]}
    assert json_at(built, "Steps", 2, "DependsOn") == ["no name of AWS's"]


def test_a_raw_step_is_a_copy() -> None:
    p = FluentPipelineBuilder("P")
    document: JsonObject = {"Name": "A", "Type": "Athena"}
    p.raw_step(document)
    document["Type"] = "other"

    assert json_at(definition(p), "Steps", 0, "Type") == "Athena"
    assert definition(p) == definition(p)


def test_members_of_a_step_and_of_the_whole() -> None:
    p = FluentPipelineBuilder("P")
    p.metadata({"Owner": "team"})
    p.raw_members({"Parallelism": 2})
    p.fail("F", "over", raw={"Description": "one\ntwo"})
    built = definition(p)

    assert built["Metadata"] == {"Owner": "team"}
    assert built["Parallelism"] == 2
    assert json_at(built, "Steps", 0, "Description") == "one\ntwo"


def test_parameters_stand_in_the_order_of_the_code() -> None:
    p = FluentPipelineBuilder("P")
    first: JsonObject = {"Name": "First", "Type": "Integer", "EnumValues": [1, 2]}
    count = p.raw_parameter(first, int)
    p.string("Second")
    p.raw_parameter({"Name": "Third"}, str)
    p.condition("Gate", count >= 2).then.fail("F", "over")
    built = definition(p)

    assert [json_at(built, "Parameters", number, "Name") for number in range(3)] == ["First", "Second", "Third"]
    assert json_at(built, "Parameters", 0) == first
    assert json_at(built, "Steps", 0, "Arguments", "Conditions", 0, "LeftValue") == {"Get": "Parameters.First"}


def test_values_and_conditions() -> None:
    p = FluentPipelineBuilder("P")
    value = raw_value({"Get": "Steps.Nope.Outcome"}, float)
    constants: JsonObject = {"Type": "LessThan", "LeftValue": "a", "RightValue": None}
    p.condition("Gate", value <= 2.0, raw_condition(constants)).then.fail("F", "over")

    assert json_at(definition(p), "Steps", 0, "Arguments", "Conditions") == [
        {"Type": "LessThanOrEqualTo", "LeftValue": {"Get": "Steps.Nope.Outcome"}, "RightValue": 2.0},
        constants,
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Name": "A"}, "raw_step was given an object without texts Name and Type"),
        (["A"], "raw_step was given ['A']"),
        ({"Name": "A", "Type": float("nan")}, "raw_step was given something that is no JSON"),
        ({"Name": "A", "Type": {1, 2}}, "raw_step was given something that is no JSON"),
    ],
)
def test_what_is_no_step(given: object, message: str) -> None:
    p = FluentPipelineBuilder("P")
    with pytest.raises(FindingsError) as error:
        # What a type checker refuses is what is tried.
        p.raw_step(given)  # type: ignore[arg-type]

    assert [finding.message for finding in error.value.findings] == [message]


def test_what_is_no_expression_or_condition() -> None:
    p = FluentPipelineBuilder("P")
    with pytest.raises(FindingsError, match="is no expression"):
        raw_value({"Get": 1}, str)
    with pytest.raises(FindingsError, match="is no condition"):
        raw_condition({"Type": "Between"})
    with pytest.raises(FindingsError, match="was given Steps"):
        p.raw_members({"Steps": []})


def test_raw_members_lie_over_what_is_there() -> None:
    p = FluentPipelineBuilder("P")
    message: JsonObject = {"ErrorMessage": "given", "Limits": {"Most": 1}, "Empty": {}}
    p.fail("F", "over", display_name="F", raw={"Arguments": message, "DisplayName": {"a": 1}})
    built = definition(p)

    assert json_at(built, "Steps", 0, "Arguments") == message
    assert json_at(built, "Steps", 0, "DisplayName") == {"a": 1}


def test_json_by_environment() -> None:
    by_name: dict[str, JsonObject] = {"dev": {}, "prod": {"Description": "in production"}}
    texts: list[object] = []
    for name in by_name:
        environment = Environment(name)
        p = FluentPipelineBuilder("P", environment)
        p.fail("F", "over", raw=environment.raw(by_name))
        texts.append(json_at(definition(p), "Steps", 0, "Description"))
    assert texts == [None, "in production"]
    with pytest.raises(FindingsError) as error:
        Environment("staging").raw(by_name)
    (finding,) = error.value.findings
    assert (finding.rule, finding.given, finding.expected) == ("SMG211", "staging", "dev, prod")
    assert finding.fix == 'add "staging": {…}'


@pytest.mark.parametrize("given", [list, "str", None, [str]])
def test_what_is_no_type_of_a_variable(given: type[str]) -> None:
    p = FluentPipelineBuilder("P")
    calls: dict[str, Callable[[], object]] = {
        "raw_value": lambda: raw_value({"Get": "Steps.A.B"}, given),
        "raw_parameter": lambda: p.raw_parameter({"Name": "A"}, given),
        "json_value": lambda: json_value("s3://b/r.json", "rows", given),
    }
    for name, call in calls.items():
        with pytest.raises(FindingsError) as error:
            call()
        (finding,) = error.value.findings
        assert (finding.rule, finding.message) == ("SMG208", f"{name} was given {given!r} as a type")
