"""What a step comes after, on which outcome, and steps that delete what others wrote."""

from __future__ import annotations

from typing import Any

import pytest

from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.diagnostics import Finding
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import Environment, External, FluentPipelineBuilder, Ran
from tests.runtime.fixture_package import findings_of, line, one_of, rules_of, shown, step
from tests.runtime.loop_package import LoopSteps, loop_steps

ROLE = "arn:aws:iam::111122223333:role/pipeline"
DATA: External[Any] = External("s3://b/data")


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> LoopSteps:
    return loop_steps(tmp_path_factory.mktemp("loops"))


@pytest.fixture
def p() -> FluentPipelineBuilder:
    return FluentPipelineBuilder("Orders", Environment("dev", role=ROLE, bucket="dev-bucket"))


def score(p: Any, steps: LoopSteps, name: str, *after: object) -> Any:
    return p.add_step(name, steps.score.StepBuilder(), after=after)


# Run conditions --------------------------------------------------------------------------------------------------


def test_every_outcome_and_every_kind_of_step(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    work = score(p, steps, "Work")
    gate = p.condition("Gate", work.score > 0.5, after=[Ran.any(work)])
    gate.then.fail("Stop", "no", after=[Ran.failed(work), Ran.failed(work)])
    clean = p.cleanup("Clean", p.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA)).data / "x")
    score(p, steps, "After", work, Ran.stopped(gate), clean)
    compiled = p.build()
    assert step(compiled, "Gate")["DependsOn"] == [{"Step": "Work", "Trigger": "Any"}]
    assert step(compiled, "Stop")["DependsOn"] == [{"Step": "Work", "Trigger": "Failed"}]
    assert step(compiled, "After")["DependsOn"] == ["Work", {"Step": "Gate", "Trigger": "Stopped"}, "Clean"]
    assert check_definition(compiled.definition) == ()


def test_two_outcomes_of_one_step(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    added = line() + 1
    work = p.add_step("Work", steps.score.StepBuilder())
    p.add_step("After", steps.score.StepBuilder(), after=[work, Ran.failed(work), Ran.any(work)])
    failed, any_ = findings_of(p.build)
    assert (failed.rule, failed.given, any_.given) == ("SMG321", "Completed and Any", "Completed and Failed")
    assert failed.message == 'the step waits for step "Work" in two ways'
    assert failed.given_at is not None
    assert (failed.place.line, failed.given_at.line) == (added + 1, added)
    assert failed.place.file == shown(__file__)


def test_what_is_no_step_to_wait_for(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    wrong: list[Any] = ["Work", None, 3, Ran.failed("Work"), Ran.any(None)]  # type: ignore[arg-type]  # the mistake
    for number, item in enumerate(wrong):
        score(p, steps, f"After{number}", item)
    found = findings_of(p.build)
    assert [finding.message for finding in found] == ["after takes steps"] * 5
    assert {finding.rule for finding in found} == {"SMG208"}


def test_outcomes_of_steps_that_are_out_of_sight(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    other = FluentPipelineBuilder("Other")
    foreign = score(other, steps, "Foreign")
    gate = p.condition("Gate", p.float("Rate", default=0.5) > 0.1)
    inner = score(gate.then, steps, "Inner", Ran.failed(gate))
    score(p, steps, "After", Ran.failed(foreign), Ran.any(inner))
    assert sorted(rules_of(p.build)) == ["SMG202", "SMG203", "SMG213"]


def triggered(trigger: JsonValue, kind: str = "Lambda") -> tuple[Finding, ...]:
    """What the checks say of a definition in which a step waits for an outcome."""
    function = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    first: JsonObject = {"Name": "A", "Type": kind, "Arguments": {}, "FunctionArn": function}
    if kind == "Fail":
        first = {"Name": "A", "Type": kind, "Arguments": {"ErrorMessage": "x"}}
    second: JsonObject = {"Name": "B", "Type": "Lambda", "Arguments": {}, "FunctionArn": function}
    second["DependsOn"] = [{"Step": "A", "Trigger": trigger}]
    steps: list[JsonValue] = [first, second]
    return check_definition(parse_definition({"Version": "2020-12-01", "Metadata": {}, "Steps": steps}))


def test_the_checks_know_the_outcomes() -> None:
    for trigger in ("Completed", "Failed", "Stopped", "Any", None, "${trigger}"):
        assert triggered(trigger) == ()
    for trigger in ("Completed", "Failed", None):
        (ended,) = triggered(trigger, "Fail")
        assert (ended.rule, ended.place.pointer) == ("SMG321", "/Steps/1/DependsOn/0")
    (found,) = triggered("Fialed")
    assert (found.rule, found.nearest, found.fix) == ("SMG321", "Failed", "write Failed")
    assert found.place.pointer == "/Steps/1/DependsOn/0/Trigger"


# Cleanup ---------------------------------------------------------------------------------------------------------


def prepared(p: FluentPipelineBuilder, steps: LoopSteps) -> tuple[Any, Any]:
    prepare = p.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA))
    train = p.add_step("Train", steps.train.StepBuilder(data=prepare.data))
    p.fail("Used", train.model.location)
    return prepare, train


def test_a_cleanup_waits_for_its_sources(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    prepare, train = prepared(p, steps)
    clean = p.cleanup("Clean", prepare.data / "a.csv", train, prepare.quality, display_name="Clean up")
    compiled = p.build()
    data = "Steps.Prepare.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri"
    report = "Steps.Prepare.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri"
    assert step(compiled, "Clean") == {
        "Name": "Clean",
        "Type": "Cleanup",
        "Arguments": {
            "Resources": {
                "S3": [
                    {
                        "StepName": "Prepare",
                        "S3Uris": [
                            {"Std:Join": {"On": "/", "Values": [{"Get": data}, "a.csv"]}},
                            {"Std:Join": {"On": "/", "Values": [{"Get": report}, "quality.json"]}},
                        ],
                    },
                    {"StepName": "Train"},
                ]
            }
        },
        "DependsOn": ["Prepare", "Train"],
        "DisplayName": "Clean up",
    }
    assert (clean.name, repr(clean)) == ("Clean", '<step "Clean">')
    assert one_of(lambda: clean.status).rule == "SMG206"  # type: ignore[attr-defined]  # the mistake
    # The step that uses the model may still run.
    assert [(item.rule, item.given) for item in check_definition(compiled.definition)] == [("SMG325", "Train")]


def test_in_the_body_of_a_loop(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    prepare = loop.body.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA))
    clean = loop.body.cleanup("Clean", prepare.data / "a.csv")
    loop.body.add_step("After", steps.score.StepBuilder(), after=[clean])
    compiled = p.build()
    assert step(compiled, "After")["DependsOn"] == ["Clean"]
    assert check_definition(compiled.definition) == ()
    p.cleanup("Outside", loop.outputs[0][prepare].data / "a.csv")
    found = one_of(p.build)
    assert found.message == 'a cleanup step deletes nothing of iteration 0 of loop "Regions"'


def test_deleting_is_not_reading(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    train = p.add_step("Train", steps.train.StepBuilder(data=DATA))
    p.cleanup("Clean", train.model)
    assert rules_of(p.build) == ["SMG214"]
    p.fail("Used", train.model.location)
    resources: Any = step(p.build(), "Clean")["Arguments"]
    assert resources["Resources"]["S3"] == [
        {"StepName": "Train", "S3Uris": [{"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}]}
    ]


def test_what_cannot_be_cleaned_up(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    prepare, train = prepared(p, steps)
    anything: Any = p
    anything.cleanup("Nothing")
    anything.cleanup("Text", "s3://b/x")
    anything.cleanup("Whole", prepare)
    anything.cleanup("Folder", prepare.data)
    anything.cleanup("Both", train, train.model)
    assert [(finding.rule, finding.message) for finding in findings_of(p.build)] == [
        ("SMG223", "a cleanup step deletes nothing"),
        ("SMG223", "a cleanup step was given something that no step wrote"),
        ("SMG223", 'SageMaker does not find by itself what step "Prepare", a Processing step, wrote'),
        ("SMG223", 'a cleanup step deletes single objects of step "Prepare", not a whole output'),
        ("SMG223", 'a cleanup step deletes all of step "Train" and single objects of it'),
    ]


def test_a_step_in_a_network(steps: LoopSteps) -> None:
    environment = Environment("dev", role=ROLE, bucket="b", subnets=("subnet-1",), security_group_ids=("sg-1",))
    p = FluentPipelineBuilder("Orders", environment)
    prepare = p.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA))
    added = line() + 1
    p.cleanup("Clean", prepare.data / "a.csv")
    found = one_of(p.build)
    assert (found.rule, found.place.line) == ("SMG223", added)
    assert found.message == (
        'step "Prepare" runs in a network (VpcConfig), and what such a step wrote cannot be cleaned up'
    )


def test_names_of_iterations_in_definitions() -> None:
    body: JsonValue = {"Name": "Train", "Type": "Cleanup", "Arguments": {"Resources": {"S3": [{"StepName": "A"}]}}}
    loop: JsonObject = {
        "Name": "Loop",
        "Type": "ForEach",
        "Arguments": {"IterableItems": ["a"], "MaxConcurrency": 1, "ForEachBody": [body]},
    }
    steps: list[JsonValue] = [loop]
    for name in ("A", "Train-0", "Train-x", "A-1"):
        steps.append({"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": "x"}})
    found = check_definition(parse_definition({"Version": "2020-12-01", "Metadata": {}, "Steps": steps}))
    (only,) = [finding for finding in found if finding.rule == "SMG314"]
    assert only.message == "Train-0 is named as an iteration of Train, which stands in a loop"
    assert only.place.pointer == "/Steps/2/Name"
