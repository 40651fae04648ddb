"""What is wrong with a pipeline: everything is reported, together, at the line of the user."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from smgen.contracts import contract_from_document
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.runtime import (
    AUTO,
    Cache,
    Environment,
    External,
    FluentPipelineBuilder,
    Retry,
    StepBuilder,
    StepConfig,
    StepOutputProxy,
    join,
)
from tests.runtime.fixture_package import (
    CONTRACTS,
    ENVIRONMENT,
    Steps,
    document,
    findings_of,
    generate,
    imported,
    line,
    one_of,
    rules_of,
    shown,
)

DATA: External[Any] = External("s3://b/data")


def prepared(p: Any, steps: Steps, name: Any = "Prep", **given: Any) -> Any:
    return p.add_step(name, steps.prepare.StepBuilder(raw=[DATA]), **given)


def at(number: int) -> tuple[str, int]:
    return shown(__file__), number


def where(place: Place | None) -> tuple[str | None, int | None]:
    assert place is not None
    return place.file, place.line


# Names and titles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "a b", "a.b", "a[0]", "x" * 65, "ü"])
def test_wrong_step_names(p: FluentPipelineBuilder, steps: Steps, name: str) -> None:
    made = prepared(p, steps, name)
    # Its outputs can be passed on all the same: what is wrong comes from build(), with everything else.
    prepared(p, steps, "Next", after=[made])
    p.fail("F", join("", made.train.location, made.statistics.title))
    finding = one_of(p.build)
    assert (finding.rule, finding.given) == ("SMG400", name)


@pytest.mark.parametrize("name", ["", "-a", "a_b", "a.b", "x" * 257])
def test_wrong_pipeline_names(name: str) -> None:
    finding = one_of(FluentPipelineBuilder(name).build)
    assert (finding.rule, where(finding.place), finding.given) == ("SMG401", at(line() - 1), name)


@pytest.mark.parametrize("name", ["", "a b", "a.b", "a[", "x" * 257])
def test_wrong_parameter_names(p: FluentPipelineBuilder, name: str) -> None:
    p.fail("F", p.string(name))
    finding = one_of(p.build)
    assert (finding.rule, where(finding.place), finding.given) == ("SMG402", at(line() - 2), name)


def test_names_that_are_no_texts(p: Any, steps: Steps) -> None:
    wrong: list[tuple[Callable[[], object], str, str]] = [
        (lambda: prepared(p, steps, 3), "SMG400", "a step name is a text"),
        (lambda: p.condition(None), "SMG400", "a step name is a text"),
        (lambda: p.fail(b"x", "y"), "SMG400", "a step name is a text"),
        (lambda: p.string(3), "SMG402", "a parameter name is a text"),
        (lambda: FluentPipelineBuilder(None), "SMG401", "a pipeline name is a text"),  # type: ignore[arg-type]  # the mistake
    ]
    for make, rule, message in wrong:
        finding = one_of(make)
        assert (finding.rule, finding.message) == (rule, message)


def test_one_name_for_two_steps_in_whichever_branch(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    gate = p.condition("Gate", first.statistics.rows > 1)
    again = line() + 1
    gate.then.fail("Prep", "x")
    gate.otherwise.fail("Gate", "x")
    of_prep, of_gate = findings_of(p.build)
    assert (of_prep.rule, of_prep.message) == ("SMG200", "two steps are named 'Prep'")
    assert where(of_prep.place) == at(again)
    assert where(of_prep.expected_at) == where(first.__smgen_step__.place)
    assert (of_gate.rule, of_gate.message) == ("SMG200", "two steps are named 'Gate'")


def test_one_name_for_two_parameters(p: FluentPipelineBuilder) -> None:
    p.string("Raw")
    p.integer("Raw")
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG209", "the parameter 'Raw' is declared twice")
    assert (where(finding.place), where(finding.expected_at)) == (at(line() - 3), at(line() - 4))


@pytest.mark.parametrize(
    ("titles", "message"),
    [
        ({"display_name": "x" * 257}, "a display name has at most 256 characters, not 257"),
        ({"display_name": "a\nb"}, "a display name is one line"),
        ({"description": "x" * 3073}, "a description has at most 3072 characters, not 3073"),
        ({"description": 3}, "a description is a text"),
    ],
)
def test_titles(p: FluentPipelineBuilder, steps: Steps, titles: dict[str, Any], message: str) -> None:
    first = prepared(p, steps, "A", **titles)
    gate = p.condition("B", first.statistics.rows > 1, **titles)
    gate.then.fail("C", "x", **titles)
    found = findings_of(p.build)
    assert [(finding.rule, finding.message) for finding in found] == [("SMG405", message)] * 3
    assert [finding.place.step for finding in found] == ["A", "B", "C"]


# Ports ----------------------------------------------------------------------------------------------------------


def test_another_kind_of_artifact(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    number = line() + 1
    p.add_step("Train", steps.train.StepBuilder(steps.train.Config(num_round=1), data=first.test))
    wrong = findings_of(p.build)[0]
    assert wrong == Finding(
        "SMG204",
        "the port 'data' was given another kind of artifact",
        Place(file=shown(__file__), line=number, step="Train", port="data"),
        given='Dataset: step "Prep", output "test"',
        given_at=first.__smgen_step__.place,
        expected="a reference to TrainingData (contract Train 1.2.0)",
        fix="pass an output of that type: Prep.train",
    )


def test_a_subtype_fits(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    p.add_step("More", steps.prepare.StepBuilder(raw=[first.train, first.test / "x", DATA]))
    p.build()


@pytest.mark.parametrize(
    ("given", "said", "fix"),
    [
        (None, None, "pass data=…, an output of that type: Prep.train"),
        ("s3://b/k", "the text 's3://b/k'", "write External(…) to say that a plain location is meant"),
        (3, "3 (int)", "pass an output of that type: Prep.train"),
        ([DATA], "a list of 1 item", "pass it without the list"),
        ([DATA, DATA], "a list of 2 items", "pass one reference"),
        ([], "a list of 0 items", "pass one reference"),
        (object, "<class 'object'> (type)", "pass an output of that type: Prep.train"),
    ],
)
def test_what_is_no_reference(p: FluentPipelineBuilder, steps: Steps, given: object, said: str, fix: str) -> None:
    prepared(p, steps)
    p.add_step("Train", steps.train.StepBuilder(steps.train.Config(num_round=1), data=given))
    wrong = findings_of(p.build)[0]
    assert wrong.rule == ("SMG205" if given is None else "SMG204")
    assert (wrong.given, wrong.fix) == (said, fix)
    assert wrong.place.port == "data"


def test_a_whole_step_and_variables_are_no_artifacts(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    for name, given in (("A", first), ("B", first.job_name), ("C", first.statistics.rows)):
        p.add_step(name, steps.prepare.StepBuilder(raw=[given]))
    assert [finding.given for finding in findings_of(p.build)] == [
        'the whole step "Prep"',
        "<String variable Steps.Prep.ProcessingJobName> (Variable)",
        '<Integer variable rows of the report of step "Prep"> (Variable)',
    ]


@pytest.mark.parametrize("given", [[], (), None])
def test_a_port_with_many_needs_one(p: FluentPipelineBuilder, steps: Steps, given: object) -> None:
    p.add_step("Prep", steps.prepare.StepBuilder(raw=given))
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG205", "the required port 'raw' is not bound")
    assert (finding.expected, finding.fix) == ("references to Dataset", "pass raw=…, an output of that type")


def test_every_item_of_a_port_with_many_is_checked(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    p.add_step("More", steps.prepare.StepBuilder(raw=[first.report, "s3://x", DATA, AUTO, None]))
    assert sorted(str(finding.given) for finding in findings_of(p.build)) == [
        "<Auto.AUTO: 'AUTO'> (Auto)",
        'EvaluationReport: step "Prep", output "report"',
        "None (NoneType)",
        "the text 's3://x'",
    ]


def test_scalar_ports_take_variables_of_their_type(p: FluentPipelineBuilder, steps: Steps) -> None:
    config = steps.register.Config(group="g", image="i")
    first = prepared(p, steps)
    number, whole = p.float("Number"), p.integer("Whole")
    p.add_step("Right", steps.register.StepBuilder(config, model=DATA, job=first.job_name, score=number))
    p.add_step("Wrong", steps.register.StepBuilder(config, model=DATA, job=number, score=whole))
    p.add_step("Plain", steps.register.StepBuilder(config, model=DATA, job="x", score=first.train))
    assert [(finding.given, finding.expected, finding.fix) for finding in findings_of(p.build)] == [
        (
            "<Float variable Parameters.Number>",
            "a String variable",
            "pass a variable of that type: Prep.job_name",
        ),
        ("<Integer variable Parameters.Whole>", "a Float variable", "pass a variable of that type"),
        ("'x' (str)", "a String variable", "pass a variable of that type: Prep.job_name"),
        (
            '<Output[TrainingData] of step "Prep", output "train"> (Output)',
            "a Float variable",
            "pass a variable of that type",
        ),
    ]


def test_an_auto_port_names_what_would_fit(p: FluentPipelineBuilder, steps: Steps) -> None:
    for name in ("A", "B"):
        prepared(p, steps, name)
    gate = p.condition("Gate", p.float("X") > 1)
    prepared(gate.otherwise, steps, "Hidden")
    p.add_step("C", steps.prepare.StepBuilder(raw=[DATA], reference=AUTO))
    p.add_step("D", steps.register.StepBuilder(steps.register.Config(group="g", image="i"), model=AUTO))
    prepared(p, steps, "Later")
    finding = one_of(p.build)
    assert (finding.rule, finding.place.step, finding.place.port) == ("SMG201", "D", "model")
    assert finding.message == (
        "the port 'model' is AUTO, and no output is certain to be meant: no ModelArtifacts comes before it"
    )
    assert finding.fix == "add a step that makes it, or pass External(location)"


def test_only_steps_before_are_candidates(p: FluentPipelineBuilder, steps: Steps) -> None:
    p.add_step("First", steps.prepare.StepBuilder(raw=[DATA], reference=3))
    prepared(p, steps, "Later")
    p.add_step("Last", steps.prepare.StepBuilder(raw=[DATA], reference=3))
    assert [finding.fix for finding in findings_of(p.build)] == [
        "pass an output of that type",
        "pass an output of that type: First.train, First.test, Later.train",
    ]


def test_looking_for_candidates_reports_nothing_of_its_own(steps: Steps) -> None:
    # The output image_of asks for the account, and nobody reads it.
    p = FluentPipelineBuilder("P", Environment(role="r", bucket="b"))
    tune = p.add_step("Tune", steps.tune.StepBuilder(data=DATA))
    p.fail("F", tune.best_model.location)
    p.add_step("Reg", steps.register.StepBuilder(steps.register.Config(group="g", image="i"), model=AUTO))
    for _ in range(2):
        (binding,) = p.build().connections.bindings
        assert (binding.port, binding.source) == ("model", "Tune.best_model")


def test_the_port_named_self_is_auto_as_any_other(p: FluentPipelineBuilder, steps: Steps) -> None:
    p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA], self_=AUTO))
    ((step, ports),) = p.auto_connect().connections.unbound.items()
    assert (step.name, list(ports)) == ("Prep", ["self"])


# Builders -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("config", [None, {}, "x"])
def test_a_builder_takes_a_config(steps: Steps, config: object) -> None:
    finding = one_of(lambda: steps.train.StepBuilder(config, data=DATA))
    assert (finding.rule, where(finding.place)) == ("SMG207", at(line() - 1))
    assert finding.message == "a step of contract Train was given something else than its config"
    assert finding.given == f"{config!r} ({type(config).__name__})"


def test_a_builder_takes_the_config_of_its_contract(steps: Steps) -> None:
    finding = one_of(lambda: steps.train.StepBuilder(steps.tune.Config(), data=DATA))
    assert (finding.given, finding.fix) == ("TuneConfig", "pass a Config of the step's module")


def test_a_builder_without_a_contract_is_refused_when_it_is_defined() -> None:
    def define() -> None:
        type("Own", (StepBuilder,), {})

    finding = one_of(define)
    assert (finding.rule, where(finding.place)) == ("SMG131", at(line() - 3))
    assert finding.message == "the step builder Own has no contract"


def test_a_builder_of_ones_own_has_the_ports_of_its_contract(steps: Steps) -> None:
    class Own(StepBuilder[StepOutputProxy]):
        STEP_CONTRACT = steps.prepare.CONTRACT

    finding = one_of(lambda: Own(StepOutputProxy, steps.prepare.Config(), {"rwa": DATA}))
    assert finding.message == "contract Prepare has no port 'rwa'"
    assert finding.nearest == "raw"


def test_a_script_of_a_contract_that_nobody_generated(p: FluentPipelineBuilder) -> None:
    class Own(StepBuilder[StepOutputProxy]):
        STEP_CONTRACT = contract_from_document(
            {"name": "Own", "version": "1.0.0", "kind": "Processing", "source": {"entry": "x.py"}, "request": {}}
        )

    p.add_step("Own", Own(StepOutputProxy, StepConfig(), {}))
    finding = one_of(p.build)
    assert finding.rule == "SMG131"
    assert finding.message == "the contract Own has a script, and no generated package that says where it is"


@pytest.mark.parametrize("builder", [None, "x", StepBuilder])
def test_add_step_takes_a_builder(p: Any, builder: object) -> None:
    finding = one_of(lambda: p.add_step("X", builder))
    assert finding.message == f"the step 'X' was given {builder!r}"
    assert finding.fix == "pass a StepBuilder: module.StepBuilder(…)"


def test_an_output_location_that_is_none(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    builder = steps.prepare.StepBuilder(raw=[DATA]).with_output_locations(report=first.train)
    p.add_step("More", builder)
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG207", "the location of the output 'report' is no S3 location")


# Other pipelines and branches -----------------------------------------------------------------------------------


def test_references_of_another_pipeline(p: FluentPipelineBuilder, steps: Steps) -> None:
    other = FluentPipelineBuilder("Other", ENVIRONMENT)
    first = prepared(other, steps)
    text, number = other.string("Text"), other.float("Number")
    uses: dict[str, Callable[[], object]] = {
        "a port": lambda: p.add_step("A", steps.prepare.StepBuilder(raw=[first.test])),
        "a location": lambda: p.add_step("B", steps.prepare.StepBuilder(raw=[External(first.test.location)])),
        "a setting": lambda: p.add_step("C", steps.prepare.StepBuilder(steps.prepare.Config(image=text), raw=[DATA])),
        "a list": lambda: p.add_step(
            "D", steps.prepare.StepBuilder(steps.prepare.Config(arguments=[text]), raw=[DATA])
        ),
        "a variable": lambda: p.add_step(
            "E", steps.prepare.StepBuilder(steps.prepare.Config(RATIO=number), raw=[DATA])
        ),
        "after": lambda: prepared(p, steps, "F", after=[first]),
        "a condition": lambda: p.condition("G", number > 3).then.fail("G1", "x"),
        "the other side": lambda: p.condition("H", p.float("Mine") > number).then.fail("H1", "x"),
        "a report": lambda: p.condition("I", first.statistics.rows.is_in([1])).then.fail("I1", "x"),
        "a message": lambda: p.fail("J", join("", text)),
        "a file": lambda: p.add_step("K", steps.prepare.StepBuilder(raw=[first.test / "x"])),
        "an output": lambda: p.add_step("L", steps.prepare.StepBuilder(raw=[DATA]).with_output_locations(report=text)),
    }
    for use in uses.values():
        use()
    p.experiment(text, "t")
    found = findings_of(p.build)
    assert [finding.rule for finding in found] == ["SMG202"] * 13
    assert {finding.place.step for finding in found} == {*"ABCDEFGHIJKL", None}
    of_port = next(finding for finding in found if finding.place.step == "A")
    assert of_port.message == 'step "Prep", output "test" belongs to another pipeline'
    assert of_port.given == 'step "Prep", output "test" of pipeline "Other"'
    assert of_port.given_at == first.__smgen_step__.place
    assert of_port.expected == 'something of pipeline "Fraud"'
    of_message = next(finding for finding in found if finding.place.step == "J")
    assert of_message.message == 'parameter "Text" belongs to another pipeline'


def test_two_pipelines_of_one_name_are_two(p: FluentPipelineBuilder) -> None:
    p.fail("F", FluentPipelineBuilder("Fraud").string("Text"))
    assert rules_of(p.build) == ["SMG202"]


def test_what_stands_in_a_branch_is_used_there_only(p: FluentPipelineBuilder, steps: Steps) -> None:
    outer = prepared(p, steps, "Outer")
    gate = p.condition("Gate", outer.statistics.rows > 1)
    inner = prepared(gate.then, steps, "Inner")
    deep = gate.then.condition("Deep", inner.statistics.rows > outer.statistics.rows)
    lowest = prepared(deep.otherwise, steps, "Lowest")
    deep.otherwise.add_step("Fine", steps.prepare.StepBuilder(raw=[outer.test, inner.test, lowest.test]))
    right = p.build
    right()
    p.add_step("Outside", steps.prepare.StepBuilder(raw=[inner.test]))
    gate.otherwise.add_step("Across", steps.prepare.StepBuilder(raw=[inner.test]))
    gate.then.add_step("Up", steps.prepare.StepBuilder(raw=[DATA]), after=[lowest])
    deep.then.fail("Beside", join("", lowest.job_name))
    p.condition("Last", inner.statistics.rows > 1).then.fail("LastFail", "x")
    found = findings_of(p.build)
    assert {finding.rule for finding in found} == {"SMG203"}
    by_step = {finding.place.step: finding for finding in found}
    assert list(by_step) == ["Outside", "Across", "Up", "Beside", "Last"]
    outside = by_step["Outside"]
    assert outside.message == (
        'step "Inner", output "test" stands in the branch "then" of condition "Gate", which may not have run'
    )
    assert outside.given_at == inner.__smgen_step__.place
    assert outside.expected == "something that stands outside of every branch"
    assert by_step["Across"].expected == (
        'something of the branch "otherwise" of condition "Gate", or of what it stands in'
    )
    assert by_step["Up"].message == (
        'step "Lowest" stands in the branch "otherwise" of condition "Deep", which may not have run'
    )


def test_a_step_does_not_wait_for_the_condition_that_it_stands_in(p: FluentPipelineBuilder, steps: Steps) -> None:
    gate = p.condition("Gate", p.float("X") > 1)
    inner = gate.then.condition("Inner", p.float("Y") > 1)
    prepared(inner.then, steps, "Step", after=[gate, inner])
    first, second = findings_of(p.build)
    assert (first.rule, second.rule) == ("SMG213", "SMG213")
    assert first.message == 'the step waits for step "Gate", in a branch of which it stands'
    assert second.message == 'the step waits for step "Inner", in a branch of which it stands'


# Conditions, failures, settings of steps ------------------------------------------------------------------------


def test_conditions_that_are_none(p: Any) -> None:
    number, flag = p.float("Number"), p.boolean("Flag")
    for name, condition in (("A", number == 3), ("B", flag), ("C", None)):
        p.condition(name, condition).then.fail(f"{name}1", "x")
    p.condition("D").then.fail("D1", "x")
    p.condition("E", number > 1)
    found = findings_of(p.build)
    assert sorted((finding.rule, str(finding.place.step)) for finding in found) == [
        ("SMG208", "A"),
        ("SMG208", "B"),
        ("SMG208", "C"),
        ("SMG215", "D"),
        ("SMG215", "E"),
    ]
    by_step = {finding.place.step: finding for finding in found}
    assert by_step["A"].message == "a condition step was given something that is no condition"
    assert by_step["A"].given == "False (bool)"
    assert "== is decided now" in (by_step["A"].fix or "")
    assert by_step["D"].message == "a condition step has no condition"
    assert by_step["E"].message == "the condition 'E' decides nothing: there is no step in either branch"


def test_messages_and_settings_that_are_no_texts(p: Any, steps: Steps) -> None:
    made = prepared(p, steps)
    p.fail("A", p.float("Number"))
    p.fail("B", 3)
    p.fail("C", made.train)
    p.experiment(p.integer("Count"), made.job_name).mlflow(None, made.job_name)
    found = [(finding.rule, finding.message, finding.given) for finding in findings_of(p.build)]
    assert sorted(found, key=str) == sorted(
        [
            ("SMG207", "the message of a failure is a text", "<Float variable Parameters.Number> (Variable)"),
            ("SMG207", "the message of a failure is a text", "3 (int)"),
            (
                "SMG207",
                "the message of a failure is a text",
                '<Output[TrainingData] of step "Prep", output "train"> (Output)',
            ),
            ("SMG207", "the experiment's name is a text", "<Integer variable Parameters.Count> (Variable)"),
            (
                "SMG208",
                'the trial\'s name is needed before any step runs, and step "Prep", output "job_name" is known only '
                "afterwards",
                None,
            ),
            ("SMG207", "the MLflow resource is a text", "None (NoneType)"),
            (
                "SMG208",
                'the MLflow experiment\'s name is needed before any step runs, and step "Prep", output '
                '"job_name" is known only afterwards',
                None,
            ),
        ],
        key=str,
    )


@pytest.mark.parametrize("after", [None, 3, ["Prep"], [None], "Prep"])
def test_after_takes_steps(p: Any, steps: Steps, after: Any) -> None:
    prepared(p, steps)
    prepared(p, steps, "Next", after=after)
    found = findings_of(p.build)
    assert [(finding.rule, finding.message) for finding in found] == [("SMG208", "after takes steps")]
    assert found[0].fix == "pass what add_step or condition returned: after=[training]"


def test_an_output_is_no_step_to_come_after(p: Any, steps: Steps) -> None:
    first = prepared(p, steps)
    prepared(p, steps, "Next", after=[first.train])
    assert one_of(p.build).given == '<Output[TrainingData] of step "Prep", output "train">'


def test_kinds_that_do_not_cache_or_retry(p: FluentPipelineBuilder, steps: Steps) -> None:
    register = steps.register.StepBuilder(steps.register.Config(group="g", image="i"), model=DATA)
    notify = steps.notify.StepBuilder(steps.notify.Config(function="f"))
    job, capacity = Retry(("Step.THROTTLING",), max_attempts=1), Retry(("SageMaker.CAPACITY_ERROR",), max_attempts=1)
    p.add_step("A", register, cache=Cache(), retry=job)
    p.add_step("B", register, retry=[job, capacity])
    p.add_step("C", notify, cache=Cache(), retry=job)
    assert [(finding.rule, finding.message, finding.place.step) for finding in findings_of(p.build)] == [
        ("SMG403", "a RegisterModel step has no cache", "A"),
        ("SMG404", "a RegisterModel step runs no job, so it cannot retry SageMaker.CAPACITY_ERROR", "B"),
        ("SMG404", "a Lambda step has no retries", "C"),
    ]


def test_caches_and_retries_that_are_none(p: Any, steps: Steps) -> None:
    prepared(p, steps, cache=True, retry=3)
    assert [(finding.rule, finding.message) for finding in findings_of(p.build)] == [
        ("SMG403", "cache takes a Cache"),
        ("SMG404", "retry takes a Retry, or a list of them"),
    ]


# Parameters -----------------------------------------------------------------------------------------------------


class Colour(str, Enum):
    RED = "red"


def test_defaults_of_the_wrong_type(p: Any) -> None:
    wrong: list[tuple[str, Any, str]] = [
        ("string", 3, "3 (int)"),
        ("integer", "3", "'3' (str)"),
        ("integer", True, "True (bool)"),
        ("integer", 3.0, "3.0 (float)"),
        ("float", "6", "'6' (str)"),
        ("float", False, "False (bool)"),
        ("boolean", 1, "1 (int)"),
        ("string", ["x"], "['x'] (list)"),
        ("string", p.string("Other"), "<String variable Parameters.Other> (Variable)"),
    ]
    for index, (kind, default, _) in enumerate(wrong):
        getattr(p, kind)(f"P{index}", default=default)
    found = findings_of(p.build)
    assert {finding.rule for finding in found} == {"SMG207"}
    messages = {(finding.message, finding.given) for finding in found}
    assert messages == {
        (f"the default of parameter 'P{index}' is no {kind.capitalize()}", given)
        for index, (kind, _, given) in enumerate(wrong)
    }


def test_a_subclass_of_a_plain_type_is_its_plain_value(p: FluentPipelineBuilder) -> None:
    p.string("Colour", default=Colour.RED, enum=[Colour.RED, "blue"])
    parameters = document(p.build())["Parameters"]
    assert isinstance(parameters, list)
    (parameter,) = parameters
    assert parameter == {"Name": "Colour", "Type": "String", "DefaultValue": "red", "EnumValues": ["red", "blue"]}
    assert isinstance(parameter, dict)
    assert type(parameter["DefaultValue"]) is str


def test_numbers_that_have_no_end(p: FluentPipelineBuilder) -> None:
    p.float("A", default=float("nan"))
    p.float("B", default=float("inf"))
    p.float("C", default=10**400)
    assert [finding.message for finding in findings_of(p.build)] == [
        f"the default of parameter '{name}' is no finite number" for name in "ABC"
    ]


def test_a_default_that_is_none_of_the_values(p: FluentPipelineBuilder) -> None:
    p.string("Colour", default="rde", enum=["red", "blue"])
    finding = one_of(p.build)
    assert finding.message == "the default of parameter 'Colour' is not among its values"
    assert (finding.given, finding.expected, finding.nearest) == ("'rde'", "red, blue", "red")


@pytest.mark.parametrize("enum", ["red", ["red", 3], {"red"}, 3])
def test_values_that_are_no_list_of_texts(p: Any, enum: Any) -> None:
    p.string("Colour", enum=enum)
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG207", "the values of parameter 'Colour' are no list of texts")


def test_an_environment_gives_a_default_of_the_wrong_type() -> None:
    place = Place(file="pyproject.toml", line=7)
    environment = Environment("prod", parameters={"Rate": "high", "Count": True, "Colour": "green"}, place=place)
    p = FluentPipelineBuilder("P", environment)
    p.float("Rate", default=1.0)
    p.integer("Count")
    p.string("Colour", enum=["red"])
    found = findings_of(p.build)
    assert [finding.message for finding in found] == [
        "the default of parameter 'Colour' is not among its values",
        "the default of parameter 'Count' is no Integer",
        "the default of parameter 'Rate' is no Float",
    ]
    assert {finding.place for finding in found} == {place}
    assert [where(finding.expected_at) for finding in found] == [at(line() - 8), at(line() - 9), at(line() - 10)]


# Everything at once ---------------------------------------------------------------------------------------------


def test_an_output_that_must_be_consumed(p: FluentPipelineBuilder, steps: Steps) -> None:
    number = line() + 1
    p.add_step("Train", steps.train.StepBuilder(steps.train.Config(num_round=1), data=DATA))
    assert one_of(p.build) == Finding(
        "SMG214",
        "nothing reads the output 'model' of step \"Train\"",
        Place(file=shown(__file__), line=number, step="Train", port="model"),
        expected="a step that takes it: contract Train says must_be_consumed",
        fix="pass .model to the step that needs it, or leave the step out",
    )


def test_half_a_character(p: FluentPipelineBuilder, steps: Steps) -> None:
    number = line() + 1
    p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA, External("s3://b/\ud83d")]))
    finding = one_of(p.build)
    assert (finding.place.file, finding.place.line, finding.place.step) == (shown(__file__), number, "Prep")
    assert (finding.rule, finding.place.pointer) == ("SMG207", "/Steps/0/Arguments/ProcessingInputs/1/S3Input/S3Uri")
    assert finding.message == "a text of the pipeline has half of a character in it (a lone surrogate)"


def test_a_script_that_is_gone(tmp_path: Path, p: FluentPipelineBuilder) -> None:
    contracts = tmp_path / "contracts"
    contracts.mkdir()
    for file in CONTRACTS.glob("*.json"):
        (contracts / file.name).write_bytes(file.read_bytes())
    (contracts / "scripts").mkdir()
    script = contracts / "scripts" / "prepare.py"
    script.write_text("print()")
    folder = generate(tmp_path, "gone_steps", contracts)
    steps = imported(tmp_path, "gone_steps")
    prepared(p, steps)
    script.unlink()
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG119", "the script of contract Prepare cannot be read")
    assert (finding.given or "").endswith("contracts/scripts/prepare.py: No such file or directory")
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    elsewhere = json.loads(manifest)
    elsewhere["options"]["contracts"] = "../nowhere"
    (folder / "manifest.json").write_text(json.dumps(elsewhere), encoding="utf-8")
    finding = one_of(p.build)
    assert (finding.rule, finding.given) == ("SMG131", "../nowhere")
    (folder / "manifest.json").unlink()
    prepared(p, steps, "a b")
    assert sorted(rules_of(p.build)) == ["SMG131", "SMG400"]


def test_everything_comes_together_and_sorted(steps: Steps) -> None:
    p = FluentPipelineBuilder("a b", Environment("bare"))
    p.string("A")
    p.string("A")
    prepared(p, steps, "x y")
    prepared(p, steps, "Prep")
    p.add_step("Prep", steps.train.StepBuilder(steps.train.Config(num_round=1), data=None), cache=Cache(enabled=False))
    p.condition("Gate")
    with pytest.raises(FindingsError) as caught:
        p.build()
    found = caught.value.findings
    assert sorted(finding.rule for finding in found) == [
        "SMG200",
        "SMG205",
        "SMG209",
        "SMG211",
        "SMG211",
        "SMG212",
        "SMG212",
        "SMG214",
        "SMG215",
        "SMG215",
        "SMG400",
        "SMG401",
    ]
    places = [(finding.place.file or "", finding.place.line or 0) for finding in found]
    assert places == sorted(places)
    # A value that the environment lacks is missed once, however many steps ask for it.
    assert [finding.message for finding in found if finding.rule == "SMG211"] == [
        "the environment 'bare' has no bucket",
        "the environment 'bare' has no role",
    ]
