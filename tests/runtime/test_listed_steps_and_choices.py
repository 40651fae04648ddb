"""The order of steps in a definition, values of the environment that are one of a few, texts that hold records."""

from __future__ import annotations

import pytest

from smgen.diagnostics import FindingsError
from smgen.runtime import Environment, Execution, FluentPipelineBuilder, Item, ItemRecord


def _pipeline() -> FluentPipelineBuilder:
    p = FluentPipelineBuilder("Order", Environment())
    gate = p.condition("Gate", Execution.PIPELINE_NAME.equals("a"))
    gate.then.fail("First", "one")
    gate.then.fail("Second", "two")
    p.fail("Last", "three")
    return p


def _names(p: FluentPipelineBuilder) -> list[str]:
    return [step.name for step in p.build().definition.all_steps()]


def test_steps_are_listed_as_they_are_added() -> None:
    assert _names(_pipeline()) == ["Gate", "First", "Second", "Last"]


def test_steps_are_listed_as_one_says_in_branches_too() -> None:
    assert _names(_pipeline().list_steps("Last", "Second", "First", "Gate")) == ["Last", "Gate", "Second", "First"]


def test_steps_that_are_not_named_come_last() -> None:
    assert _names(_pipeline().list_steps("Second", "Last")) == ["Last", "Gate", "Second", "First"]


def test_a_name_that_no_step_has_is_a_finding() -> None:
    with pytest.raises(FindingsError) as caught:
        _pipeline().list_steps("Gate", "Lasts").build()

    (finding,) = caught.value.findings
    assert (finding.rule, finding.given, finding.nearest) == ("SMG207", "Lasts", "Last")


MACHINES = ("ml.m5.xlarge", "ml.m5.4xlarge")


def test_a_choice_is_one_of_the_allowed_texts() -> None:
    environment = Environment("dev", values={"machine": "ml.m5.4xlarge"})

    assert environment.choice("machine", *MACHINES) == "ml.m5.4xlarge"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"machine": "ml.c5.large"}, "the value 'machine' of environment 'dev' is none of those that are allowed here"),
        ({"machine": 3}, "the value 'machine' of environment 'dev' is no text"),
        ({}, "the environment 'dev' has no values.machine"),
    ],
)
def test_any_other_value_is_a_finding(values: dict[str, str | int | float | bool], message: str) -> None:
    with pytest.raises(FindingsError) as caught:
        Environment("dev", values=values).choice("machine", *MACHINES)

    (finding,) = caught.value.findings
    assert (finding.rule, finding.message) == ("SMG211", message)


class Region(ItemRecord):
    name: Item[str]


def test_a_text_that_holds_a_record_keeps_its_letters() -> None:
    p = FluentPipelineBuilder("Loop", Environment())
    p.for_each("Each", items=['{"name":  "eu"}', Region(name="us")], of=Region, max_concurrency=2)

    with pytest.raises(FindingsError) as caught:
        p.build()
    # Nothing but the body is missing.
    assert [finding.message for finding in caught.value.findings] == ["the loop 'Each' has no step in its body"]


def test_a_text_that_holds_no_record_is_a_finding() -> None:
    p = FluentPipelineBuilder("Loop", Environment())
    p.for_each("Each", items=["eu"], of=Region, max_concurrency=2)

    with pytest.raises(FindingsError) as caught:
        p.build()
    assert caught.value.findings[0].message == "item 0 of a loop is of another type than of="
