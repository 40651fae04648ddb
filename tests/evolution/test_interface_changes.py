"""Changes of a pipeline's interface, each forwards and backwards, with the rules that they break."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, strategies as st

from smgen.definition import Definition, parse_definition
from smgen.diagnostics import RULES, Finding, Severity, render
from smgen.documents import JsonObject, JsonValue
from smgen.evolution import Level, environment_gone, interface_changes, interface_level, interface_of, pipeline_gone
from tests.evolution.pipelines import (
    condition,
    get,
    join,
    loop,
    parameter,
    pipeline,
    processing,
    registration,
    training,
    transform,
)

TRAIN = training("Train")
DATA = parameter("Data", DefaultValue="s3://a")
OUT = parameter("Out", DefaultValue="s3://out")
OF_EXECUTION = join("s3://fraud", get("Execution.PipelineExecutionId"), "scores")
EU = parameter("Market", DefaultValue="eu", EnumValues=["eu"])
EU_US = parameter("Market", DefaultValue="eu", EnumValues=["eu", "us"])
EU_APAC = parameter("Market", DefaultValue="eu", EnumValues=["eu", "apac"])
ANY_MARKET = parameter("Market", DefaultValue="eu")


class Case(NamedTuple):
    """Two states of a pipeline, and the rules of the findings on the way there and on the way back.

    A rule has one level, which a test below holds.
    """

    name: str
    before: Definition
    after: Definition
    there: tuple[str, ...]
    back: tuple[str, ...]


CASES = (
    # Parameters
    Case("a parameter with a default", pipeline(TRAIN), pipeline(DATA, TRAIN), (), ("SMG652",)),
    Case("a parameter without a default", pipeline(), pipeline(parameter("Data")), ("SMG655",), ("SMG652",)),
    Case(
        "a parameter has another name",
        pipeline(DATA),
        pipeline(parameter("InputData", DefaultValue="s3://a")),
        ("SMG652",),
        ("SMG652",),
    ),
    Case(
        "a parameter has another name, and no default",
        pipeline(parameter("Data")),
        pipeline(parameter("InputData")),
        ("SMG652", "SMG655"),
        ("SMG652", "SMG655"),
    ),
    Case(
        "a text becomes a number",
        pipeline(parameter("Rounds", DefaultValue="5")),
        pipeline(parameter("Rounds", "Integer", DefaultValue=5)),
        ("SMG653",),
        ("SMG653",),
    ),
    Case(
        "an integer becomes a float",
        pipeline(parameter("Rounds", "Integer", DefaultValue=5)),
        pipeline(parameter("Rounds", "Float", DefaultValue=5)),
        ("SMG653",),
        ("SMG653",),
    ),
    Case(
        "another type, and no default",
        pipeline(parameter("Rounds", "Integer", DefaultValue=5)),
        pipeline(parameter("Rounds", "Float")),
        ("SMG653", "SMG654"),
        ("SMG653",),
    ),
    Case("the default goes", pipeline(DATA), pipeline(parameter("Data")), ("SMG654",), ()),
    Case(
        "another default",
        pipeline(DATA),
        pipeline(parameter("Data", DefaultValue="s3://b")),
        ("SMG656",),
        ("SMG656",),
    ),
    Case(
        "a default in another notation",
        pipeline(parameter("Limit", "Float", DefaultValue=6)),
        pipeline(parameter("Limit", "Float", DefaultValue=6.0)),
        (),
        (),
    ),
    Case(
        "true is no one",
        pipeline(parameter("Fast", "Boolean", DefaultValue=True)),
        pipeline(parameter("Fast", "Boolean", DefaultValue=1)),
        ("SMG656",),
        ("SMG656",),
    ),
    Case(
        "an empty default is one",
        pipeline(parameter("Prefix", DefaultValue="")),
        pipeline(parameter("Prefix")),
        ("SMG654",),
        (),
    ),
    Case("a value more", pipeline(EU), pipeline(EU_US), ("SMG663",), ("SMG657",)),
    Case("any value", pipeline(EU), pipeline(ANY_MARKET), ("SMG663",), ("SMG657",)),
    Case("one value for another", pipeline(EU_US), pipeline(EU_APAC), ("SMG657",), ("SMG657",)),
    Case(
        "the same values in another order",
        pipeline(EU_US),
        pipeline(parameter("Market", DefaultValue="eu", EnumValues=["us", "eu"])),
        (),
        (),
    ),
    Case("parameters in another order", pipeline(DATA, EU), pipeline(EU, DATA), (), ()),
    # Steps
    Case("a step", pipeline(TRAIN), pipeline(TRAIN, processing("Score")), (), ("SMG658",)),
    Case("a step has another name", pipeline(TRAIN), pipeline(training("Fit")), ("SMG658",), ("SMG658",)),
    Case(
        "a step of another kind",
        pipeline(TRAIN),
        pipeline(transform("Train")),
        ("SMG659",),
        ("SMG659",),
    ),
    Case("steps in another order", pipeline(TRAIN, processing("P")), pipeline(processing("P"), TRAIN), (), ()),
    Case("a step goes into a branch", pipeline(TRAIN), pipeline(condition("If", TRAIN)), (), ("SMG658",)),
    Case("a step goes into a loop", pipeline(TRAIN), pipeline(loop("Each", TRAIN)), ("SMG660",), ("SMG658", "SMG660")),
    Case(
        "a step in a branch of a loop",
        pipeline(loop("Each", TRAIN)),
        pipeline(loop("Each", condition("If", TRAIN))),
        (),
        ("SMG658",),
    ),
    Case(
        "a step inside of two others goes",
        pipeline(condition("If", loop("Each", TRAIN, processing("P")))),
        pipeline(condition("If", loop("Each", TRAIN))),
        ("SMG658",),
        (),
    ),
    # Locations
    Case(
        "a literal location",
        pipeline(training("Train", "s3://fraud/models")),
        pipeline(training("Train", "s3://fraud/models-2")),
        ("SMG661",),
        ("SMG661",),
    ),
    Case(
        "a slash at the end is the same location",
        pipeline(training("Train", "s3://fraud/models")),
        pipeline(training("Train", "s3://fraud/models/")),
        (),
        (),
    ),
    Case(
        "another notation of the same location",
        pipeline(training("Train", "s3://fraud/models")),
        pipeline(training("Train", join("s3://fraud", "models"))),
        (),
        (),
    ),
    Case(
        "an output of a processing job",
        pipeline(processing("P", scores="s3://fraud/scores", report="s3://fraud/report")),
        pipeline(processing("P", scores="s3://fraud/scores", report="s3://fraud/reports")),
        ("SMG661",),
        ("SMG661",),
    ),
    Case(
        "a location of a parameter",
        pipeline(OUT, training("Train", join(get("Parameters.Out"), "models"))),
        pipeline(OUT, training("Train", join(get("Parameters.Out"), "model"))),
        ("SMG661",),
        ("SMG661",),
    ),
    Case(
        "a location of an execution is called by nobody",
        pipeline(processing("P", scores=OF_EXECUTION)),
        pipeline(processing("P", scores="s3://fraud/scores")),
        (),
        ("SMG661",),
    ),
    Case(
        "another step writes there",
        pipeline(processing("P", scores="s3://fraud/scores"), processing("Q")),
        pipeline(processing("P"), processing("Q", result="s3://fraud/scores")),
        (),
        (),
    ),
    # Model package groups
    Case(
        "another group",
        pipeline(registration("Register", "fraud")),
        pipeline(registration("Register", "fraud-v2")),
        ("SMG662",),
        ("SMG662",),
    ),
    Case(
        "a group by its ARN",
        pipeline(registration("Register", "fraud")),
        pipeline(registration("Register", "arn:aws:sagemaker:eu-west-1:111122223333:model-package-group/fraud")),
        (),
        (),
    ),
    Case(
        "a group of a parameter",
        pipeline(DATA, registration("Register", get("Parameters.Data"))),
        pipeline(DATA, registration("Register", "fraud")),
        ("SMG662",),
        ("SMG662",),
    ),
    Case(
        "a group more",
        pipeline(registration("Register", "fraud")),
        pipeline(registration("Register", "fraud"), registration("Also", "fraud-eu")),
        (),
        ("SMG658", "SMG662"),
    ),
    # What is no interface
    Case(
        "the machine",
        pipeline({**TRAIN, "Arguments": {"ResourceConfig": {"InstanceType": "ml.m5.xlarge"}}}),
        pipeline({**TRAIN, "Arguments": {"ResourceConfig": {"InstanceType": "ml.m5.4xlarge"}}}),
        (),
        (),
    ),
    Case("the name that is shown", pipeline(TRAIN), pipeline({**TRAIN, "DisplayName": "Training"}), (), ()),
    Case(
        "a value that a function is handed",
        pipeline({"Name": "F", "Type": "Lambda", "Arguments": {"ModelPackageGroupName": "fraud"}}),
        pipeline({"Name": "F", "Type": "Lambda", "Arguments": {"ModelPackageGroupName": "other"}}),
        (),
        (),
    ),
)
BY_NAME = {case.name: case for case in CASES}


def found(before: Definition, after: Definition) -> tuple[Finding, ...]:
    return interface_changes(interface_of(before), interface_of(after))


def rules(before: Definition, after: Definition) -> tuple[str, ...]:
    return tuple(sorted(finding.rule for finding in found(before, after)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_change_there_and_back(case: Case) -> None:
    assert (rules(case.before, case.after), rules(case.after, case.before)) == (case.there, case.back)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_changed_since_itself(case: Case) -> None:
    assert found(case.before, case.before) == found(case.after, case.after) == ()


def test_every_rule_of_an_interface_is_in_the_table() -> None:
    own = {rule for rule in RULES if "SMG652" <= rule <= "SMG663"}
    assert {rule for case in CASES for rule in (*case.there, *case.back)} == own


@pytest.mark.parametrize("rule", [rule for rule in RULES if "SMG651" <= rule <= "SMG663"])
def test_what_breaks_nobody_is_a_note_and_everything_else_reaches_runs(rule: str) -> None:
    expected = (Level.COMPATIBLE, Severity.NOTE) if rule == "SMG663" else (Level.RUN, Severity.ERROR)
    assert (interface_level(rule), RULES[rule].severity) == expected


NAMES = st.sampled_from(["A", "B", "C"])
VALUES: st.SearchStrategy[JsonValue] = st.one_of(
    st.text(max_size=3), st.integers(-3, 3), st.floats(-3, 3), st.booleans()
)
TYPES = st.sampled_from(["String", "Integer", "Float", "Boolean"])


@st.composite
def parameters(draw: st.DrawFn) -> JsonObject:
    made = parameter(draw(NAMES), draw(TYPES))
    if draw(st.booleans()):
        made["DefaultValue"] = draw(VALUES)
    if draw(st.booleans()):
        made["EnumValues"] = draw(st.lists(VALUES, max_size=3))
    return made


LOCATIONS: st.SearchStrategy[JsonValue] = st.sampled_from(
    ["s3://b/x", "s3://b/y/", get("Parameters.A"), join("s3://b", get("Parameters.A")), OF_EXECUTION, 7, None]
)
PLAIN: st.SearchStrategy[Callable[[str, JsonValue], JsonObject]] = st.sampled_from([training, transform, registration])


@st.composite
def pipelines(draw: st.DrawFn) -> Definition:
    parts = draw(st.lists(parameters(), max_size=4))
    for _ in range(draw(st.integers(0, 4))):
        step = draw(PLAIN)(draw(NAMES), draw(LOCATIONS))
        parts.append(loop(draw(NAMES), step) if draw(st.booleans()) else step)
    return pipeline(*parts)


@given(pipelines())
def test_no_pipeline_changed_since_itself(definition: Definition) -> None:
    assert found(definition, parse_definition(definition.document)) == ()


@given(pipelines(), pipelines())
def test_what_is_gone_is_told_and_nothing_else_is(before: Definition, after: Definition) -> None:
    old, new = interface_of(before), interface_of(after)
    gone = {finding.expected for finding in found(before, after) if finding.rule in ("SMG661", "SMG662")}
    assert gone == (set(old.locations) - set(new.locations)) | (set(old.groups) - set(new.groups))
    steps = {finding.place.step for finding in found(before, after) if finding.rule == "SMG658"}
    assert steps == set(old.steps) - set(new.steps)


# What is said ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a parameter has another name",
            "error SMG652 parameter-gone: the parameter 'Data' is gone: a start that gives it fails\n"
            "  given         InputData\n"
            "  expected      Data (String)\n"
            "  did you mean  InputData\n"
            "  fix           keep the parameter, or take it out of all that starts the pipeline first\n",
        ),
        (
            "one value for another",
            "error SMG657 enumeration-narrower: the parameter 'Market' may have fewer values: "
            "a start with another one fails\n"
            '  given         "eu", "apac"\n'
            '  expected      "eu", "us"\n'
            "  fix           take the values that are gone again, or change the starts that give one first\n",
        ),
        (
            "a step has another name",
            "error SMG658 step-gone: the step 'Train' is gone: "
            "what selects it, waits for it or shows it finds none of that name\n"
            '  at            step "Train"\n'
            "  given         Fit\n"
            "  expected      Train (Training)\n"
            "  did you mean  Fit\n"
            "  fix           keep the name, or change all that names the step first\n",
        ),
        (
            "a location of a parameter",
            "error SMG661 location-gone: nothing is written any more where step 'Train' wrote "
            "model: who reads it there gets nothing, or what is old\n"
            '  at            step "Train"\n'
            "  given         {Parameters.Out}/model\n"
            "  expected      {Parameters.Out}/models\n"
            "  fix           write to it again, or change all that reads it first\n",
        ),
    ],
)
def test_what_is_said(name: str, text: str) -> None:
    case = BY_NAME[name]
    assert render(found(case.before, case.after)) == f"{text}\n1 error\n"


def test_a_pipeline_and_an_environment_that_are_gone() -> None:
    gone = pipeline_gone("Fraud", ["FraudDetection", "Other"])
    assert (gone.rule, gone.given, gone.expected, gone.nearest) == (
        "SMG651",
        "FraudDetection, Other",
        "Fraud",
        "FraudDetection",
    )
    left = environment_gone("Fraud", "prod", ["dev", "production"])
    assert (left.rule, left.given, left.expected) == ("SMG651", "dev, production", "prod")
