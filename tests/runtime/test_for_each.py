"""Loops: what the body reads, what the steps after it read, and everything that is refused."""

from __future__ import annotations

import json
from functools import partial
from operator import getitem
from typing import Any

import pytest

from smgen.checks import check_definition
from smgen.diagnostics import Finding, render
from smgen.expressions import Get, JsonGet
from smgen.runtime import (
    AUTO,
    Environment,
    External,
    FluentPipelineBuilder,
    Item,
    ItemRecord,
    join,
)
from tests.runtime.fixture_package import findings_of, line, one_of, rules_of, shown, step
from tests.runtime.loop_package import LoopSteps, loop_steps

ROLE = "arn:aws:iam::111122223333:role/pipeline"
ENVIRONMENT = Environment("dev", role=ROLE, bucket="dev-bucket")
DATA: External[Any] = External("s3://b/data")


class Region(ItemRecord):
    name: Item[str]
    size: Item[int]


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> LoopSteps:
    return loop_steps(tmp_path_factory.mktemp("loops"))


@pytest.fixture
def p() -> FluentPipelineBuilder:
    return FluentPipelineBuilder("Loops", ENVIRONMENT)


def at(finding: Finding) -> tuple[str | None, int | None]:
    return finding.place.file, finding.place.line


def given_at(finding: Finding) -> tuple[str | None, int | None]:
    assert finding.given_at is not None
    return finding.given_at.file, finding.given_at.line


def whole(p: FluentPipelineBuilder, steps: LoopSteps) -> Any:
    """A loop with a processing, a training and a function step in its body; the model is consumed."""
    loop = p.for_each("Regions", items=["eu", "na"], max_concurrency=2)
    prepare = loop.body.add_step("Prepare", steps.prepare.StepBuilder(raw=External(join("/", "s3://b", loop.item))))
    train = loop.body.add_step("Train", steps.train.StepBuilder(data=prepare.data))
    score = loop.body.add_step("Score", steps.score.StepBuilder(region=train.job))
    return loop, prepare, train, score


# What the iterations leave ---------------------------------------------------------------------------------------


def test_outputs_of_an_iteration(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop, prepare, train, _ = whole(p, steps)
    one = loop.outputs[1][train]
    p.fail("Model", one.model.location)
    p.fail("Archive", one.archive.location)
    p.fail("File", (loop.outputs[0][prepare].data / "part.csv").location)
    compiled = p.build()
    root = "Steps.Regions.IterationOutputs"
    data = f"{root}[0].Prepare.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri"
    assert [step(compiled, name)["Arguments"] for name in ("Model", "Archive", "File")] == [
        {"ErrorMessage": {"Get": f"{root}[1].Train.ModelArtifacts.S3ModelArtifacts"}},
        # What is composed of several properties reads all of them there.
        {
            "ErrorMessage": {
                "Std:Join": {
                    "On": "/",
                    "Values": ["s3:/", "models", {"Get": f"{root}[1].Train.TrainingJobName"}, "model.tar.gz"],
                }
            }
        },
        {"ErrorMessage": {"Std:Join": {"On": "/", "Values": [{"Get": data}, "part.csv"]}}},
    ]
    assert render(check_definition(compiled.definition)) == "no findings\n"
    assert repr(one) == '<TrainProxy of step "Train">'
    assert one.model.__smgen_origin__.title == 'step "Train", output "model", iteration 1 of loop "Regions"'


def test_an_output_is_consumed_through_an_iteration_or_a_selector(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop, _, train, _ = whole(p, steps)
    nothing = one_of(p.build)
    assert (nothing.rule, nothing.message) == ("SMG214", "nothing reads the output 'model' of step \"Train\"")
    assert rules_of(p.build) == ["SMG214"]
    p.add_step("Read", steps.score.StepBuilder(region=loop.outputs[0][train].model.location))
    p.build()


def test_a_report_in_the_body_and_of_an_iteration(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop, prepare, train, _ = whole(p, steps)
    loop.body.add_step("Rows", steps.score.StepBuilder(size=prepare.quality.rows))
    p.fail("Model", loop.outputs[0][train].model.location)
    gate = p.condition("Gate", loop.outputs[0][prepare].quality.mean <= 0.5)
    gate.otherwise.fail("Weak", "weak")
    compiled = p.build()
    # The body reads the property file, which is declared by its step.
    assert step(compiled, "Prepare")["PropertyFiles"] == [
        {"PropertyFileName": "Quality", "OutputName": "report", "FilePath": "quality.json"}
    ]
    assert step(compiled, "Rows")["Arguments"] == {
        "size": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Prepare.PropertyFiles.Quality"}, "Path": "rows"}}
    }
    # From outside the file is read by its location, since the property file of an iteration has no name.
    folder = "Steps.Regions.IterationOutputs[0].Prepare.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri"
    read = loop.outputs[0][prepare].quality.mean.__smgen_expression__
    assert isinstance(read, JsonGet)
    assert (read.form, read.path) == ("S3Uri", "mean")
    conditions = step(compiled, "Gate")["Arguments"]
    assert json.dumps(conditions).count(folder) == 1
    assert render(check_definition(compiled.definition)) == "no findings\n"


def test_the_selected_iteration(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop, _, train, _ = whole(p, steps)
    best = loop.min_by(train, train.seconds)
    p.fail("Best", join(" ", best.job, best.model.location))
    compiled = p.build()
    arguments = step(compiled, "Regions")["Arguments"]
    assert isinstance(arguments, dict)
    assert list(arguments) == ["IterableItems", "MaxConcurrency", "Selector", "ForEachBody"]
    assert arguments["Selector"] == {"Pick": "MinBy", "Field": {"Get": "IterationOutput.Train.TrainingTimeInSeconds"}}
    assert best.model.__smgen_expression__ == Get("Steps.Regions.Selected.ModelArtifacts.S3ModelArtifacts")
    assert render(check_definition(compiled.definition)) == "no findings\n"
    # Once more is the same selector.
    assert loop.min_by(train, train.seconds).job.__smgen_expression__ == Get("Steps.Regions.Selected.TrainingJobName")
    p.build()


def test_the_properties_of_a_loop(p: FluentPipelineBuilder) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    variables = [
        (loop.status, "String", "Status"),
        (loop.input_item_count, "Integer", "InputItemCount"),
        (loop.total_step_count, "Integer", "TotalStepCount"),
        (loop.succeeded_step_count, "Integer", "SucceededStepCount"),
        (loop.failed_step_count, "Integer", "FailedStepCount"),
        (loop.stopped_step_count, "Integer", "StoppedStepCount"),
    ]
    for variable, type_, path in variables:
        assert (variable.__smgen_type__, variable.__smgen_expression__) == (type_, Get(f"Steps.Regions.{path}"))


# Where the iterations write ---------------------------------------------------------------------------------------


def location(compiled: Any, name: str, output: int = 0) -> list[object]:
    """The values of the join that is the location of an output of a processing step."""
    arguments: Any = step(compiled, name)["Arguments"]
    return list(arguments["ProcessingOutputConfig"]["Outputs"][output]["S3Output"]["S3Uri"]["Std:Join"]["Values"])


def test_each_iteration_writes_to_a_folder_of_its_own(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop, _, train, _ = whole(p, steps)
    p.fail("Model", loop.outputs[0][train].model.location)
    compiled = p.build()
    execution = {"Get": "Execution.PipelineExecutionId"}
    item = {"Get": "ForEach.CurrentItem"}
    assert location(compiled, "Prepare") == [
        "s3:/",
        "dev-bucket",
        "Loops",
        execution,
        "Prepare",
        item,
        "output",
        "data",
    ]
    # A training job has a folder of its own name below the location.
    arguments: Any = step(compiled, "Train")["Arguments"]
    assert arguments["OutputDataConfig"]["S3OutputPath"]["Std:Join"]["Values"] == [
        *("s3:/", "dev-bucket", "Loops"),
        execution,
        *("Train", "output", "model"),
    ]


def test_records_ask_for_the_location(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop = p.for_each("Regions", items=[Region(name="eu", size=1)], max_concurrency=1)
    builder = steps.prepare.StepBuilder(raw=DATA)
    added = line() + 1
    loop.body.add_step("Prepare", builder)
    for finding, output in zip(findings_of(p.build), ("data", "report"), strict=True):
        assert (finding.rule, at(finding)) == ("SMG222", (shown(__file__), added))
        assert finding.message == f"all iterations of the loop would write the output '{output}' to one place"
        assert finding.fix is not None
        assert finding.fix.endswith(f'.with_output_locations({output}=join("/", …, loop.item.…))')
    p = FluentPipelineBuilder("Loops", ENVIRONMENT)
    loop = p.for_each("Regions", items=[Region(name="eu", size=1)], max_concurrency=1)
    place = join("/", "s3://b/prepared", loop.item.name)
    located = builder.with_output_locations(data=place, report=place)
    loop.body.add_step("Prepare", located)
    assert location(p.build(), "Prepare") == ["s3://b/prepared", {"Get": "ForEach.CurrentItem.name"}]


def test_a_field_of_a_record_names_its_folder(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    class Named(ItemRecord, folder="code", keys={"code": "the-code"}):
        code: Item[str]

    loop = p.for_each("Regions", items=[Named(code="eu")], max_concurrency=1)
    loop.body.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA))
    compiled = p.build()
    folder = {"Get": "ForEach.CurrentItem['the-code']"}
    assert location(compiled, "Prepare", 1)[4:] == ["Prepare", folder, "output", "report"]
    assert render(check_definition(compiled.definition)) == "no findings\n"


# Scopes -----------------------------------------------------------------------------------------------------------


def test_the_body_is_read_in_the_body_only(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    outside = p.add_step("Outside", steps.score.StepBuilder())
    loop_line = line() + 1
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1, after=[outside])
    body_line = line() + 1
    inner = loop.body.add_step("Inner", steps.score.StepBuilder(region=outside.uri))
    other = p.for_each("Others", items=[1], max_concurrency=1)
    first = line() + 1
    p.add_step("Item", steps.score.StepBuilder(region=loop.item))
    p.add_step("Output", steps.score.StepBuilder(region=inner.uri))
    p.add_step("Order", steps.score.StepBuilder(), after=[inner])
    other.body.add_step("OfAnother", steps.score.StepBuilder(region=inner.uri))
    item, output, order, another = sorted(findings_of(p.build), key=lambda found: found.place.line or 0)
    assert {found.rule for found in (item, output, order, another)} == {"SMG203"}
    assert item.message == 'the current item of loop "Regions" is there in the body of the loop only'
    assert (at(item), given_at(item)) == ((shown(__file__), first), (shown(__file__), loop_line))
    assert output.message == (
        'step "Inner", output "uri" stands in the body of loop "Regions", which runs once for each item'
    )
    assert (at(output), given_at(output)) == ((shown(__file__), first + 1), (shown(__file__), body_line))
    assert output.fix == "read one iteration: loop.outputs[0][step], or loop.max_by(step, …)"
    assert order.fix == "name the loop instead of the step in its body"
    assert at(another) == (shown(__file__), first + 3)


def test_a_loop_inside_a_branch(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    flag = p.boolean("Flag", default=True)
    gate = p.condition("Gate", flag.equals(True))
    before = gate.then.add_step("Before", steps.score.StepBuilder())
    loop = gate.then.for_each("Regions", items=["eu"], max_concurrency=1)
    inner = loop.body.add_step("Inner", steps.score.StepBuilder(region=before.uri))
    gate.then.add_step("After", steps.score.StepBuilder(region=loop.outputs[0][inner].uri))
    p.build()
    p.add_step("Outside", steps.score.StepBuilder(region=loop.outputs[0][inner].uri))
    finding = one_of(p.build)
    assert finding.rule == "SMG203"
    assert finding.message.endswith('stands in the branch "then" of condition "Gate", which may not have run')
    p = FluentPipelineBuilder("Loops", ENVIRONMENT)
    gate = p.condition("Gate", p.boolean("Flag", default=True).equals(True))
    loop = gate.then.for_each("Regions", items=["eu"], max_concurrency=1)
    loop.body.add_step("Inner", steps.score.StepBuilder(), after=[gate])
    assert rules_of(p.build) == ["SMG213"]


def test_the_body_does_not_wait_for_its_own_loop(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    inner = loop.body.add_step("Inner", steps.score.StepBuilder(region=loop.item))
    start = line() + 1
    loop.body.add_step("Status", steps.score.StepBuilder(region=loop.status))
    loop.body.add_step("Iteration", steps.score.StepBuilder(region=loop.outputs[0][inner].uri))
    loop.body.add_step("Selected", steps.score.StepBuilder(region=loop.max_by(inner, inner.score).uri))
    loop.body.add_step("Order", steps.score.StepBuilder(), after=[loop])
    found = findings_of(p.build)
    assert [finding.rule for finding in found] == ["SMG213"] * 4
    assert [finding.place.line for finding in found] == [start, start + 1, start + 2, start + 3]
    assert found[0].message == ('step "Regions" is there when the loop has ended, and the step stands in its body')


def test_loops_of_two_pipelines(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    other = FluentPipelineBuilder("Other", ENVIRONMENT)
    loop = other.for_each("Regions", items=["eu"], max_concurrency=1)
    inner = loop.body.add_step("Inner", steps.score.StepBuilder())
    p.add_step("Item", steps.score.StepBuilder(region=loop.item))
    p.add_step("Status", steps.score.StepBuilder(region=loop.status))
    p.add_step("Output", steps.score.StepBuilder(region=loop.outputs[0][inner].uri))
    own = p.for_each("Own", items=[other.string("Name", default="x")], max_concurrency=1)
    own.body.add_step("Step", steps.score.StepBuilder())
    assert rules_of(p.build) == ["SMG202"] * 4


def test_a_loop_needs_its_own_names(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    p.add_step("Inner-0", steps.score.StepBuilder())
    p.add_step("Inner-x", steps.score.StepBuilder())
    p.add_step("Other-1", steps.score.StepBuilder())
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    body = line() + 1
    loop.body.add_step("Inner", steps.score.StepBuilder())
    loop.body.add_step("Inner-1", steps.score.StepBuilder())
    loop.body.add_step("Regions", steps.score.StepBuilder())
    iteration, twice = sorted(findings_of(p.build), key=lambda found: found.message)
    assert iteration.message == "the step 'Inner-0' is named as an iteration of step 'Inner' of a loop"
    assert iteration.expected_at is not None
    assert iteration.expected_at.line == body
    assert twice.message == "two steps are named 'Regions'"


# What is refused -------------------------------------------------------------------------------------------------


def test_what_steers_the_pipeline_stands_outside_of_the_body(p: FluentPipelineBuilder) -> None:
    body: Any = p.for_each("Regions", items=["eu"], max_concurrency=1).body
    for name, kind in (("condition", "Condition"), ("fail", "Fail"), ("for_each", "ForEach")):
        finding = one_of(partial(getattr, body, name))
        assert finding.rule == "SMG206"
        assert finding.message == f'the body of loop "Regions" takes no {kind} step'
        assert finding.fix == f"add it before or after the loop: p.{name}(…)"
    assert one_of(lambda: body.add_stpe).nearest == "add_step"


def test_an_empty_body(p: FluentPipelineBuilder) -> None:
    p.for_each("Regions", items=["eu"], max_concurrency=1)
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG222", "the loop 'Regions' has no step in its body")


@pytest.mark.parametrize("wrong", [0, 51, -1, True, 2.0, "3", None])
def test_a_concurrency_that_is_none(p: Any, steps: LoopSteps, wrong: object) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=wrong)
    loop.body.add_step("Inner", steps.score.StepBuilder())
    finding = one_of(p.build)
    assert (finding.rule, finding.given, finding.expected) == ("SMG222", repr(wrong), "a whole number from 1 to 50")


def test_selectors_that_are_none(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    parameter = p.float("Rate", default=0.5)
    outside = p.add_step("Outside", steps.score.StepBuilder())
    prepared = p.add_step("Prepared", steps.prepare.StepBuilder(raw=DATA))

    def made(number: int) -> Any:
        """A loop over two items and the two steps of its body."""
        loop = p.for_each(f"Loop{number}", items=["a", "b"], max_concurrency=1)
        builder = steps.score.StepBuilder(region=loop.item)
        score, other = (loop.body.add_step(f"{name}{number}", builder) for name in ("Score", "Other"))
        return loop, score, other

    number = "a loop picks an iteration by a number that a step of its body has as a property"
    of_step = "a loop picks the iteration of the step by which it compares"
    loop, score, other = made(1)
    for field in (score.uri, other.score, parameter, 3, prepared.quality.rows):
        loop.max_by(score, field)
    loop, score, _ = made(2)
    loop.max_by(outside, outside.score)
    loop, score, _ = made(3)
    loop.max_by(score, score.score)
    loop.min_by(score, score.score)
    loop, score, _ = made(4)
    assert loop.outputs[1][score].uri.__smgen_type__ == "String"
    assert loop.outputs[2][score].uri.__smgen_type__ == "String"
    assert loop.outputs[0][outside].uri.__smgen_type__ == "String"
    found = findings_of(p.build)
    assert {finding.rule for finding in found} == {"SMG222"}
    assert [finding.message for finding in found] == [
        number,
        number,
        number,
        number,
        of_step,
        'step "Outside" is no step of the body of the loop "Loop2"',
        'the loop "Loop3" picks two iterations',
        'the loop "Loop4" has no iteration 2',
        'step "Outside" is no step of the body of the loop "Loop4"',
    ]
    assert found[7].expected == "0 to 1"
    assert found[8].expected == "Score4, Other4"


def test_what_is_no_iteration(p: Any, steps: LoopSteps) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    inner = loop.body.add_step("Inner", steps.score.StepBuilder())
    for index in (-1, "0", 0.0, True, slice(0, 1)):
        assert one_of(partial(getitem, loop.outputs, index)).rule == "SMG208"
    for step_ in ("Inner", None, loop):
        assert one_of(partial(getitem, loop.outputs[0], step_)).rule == "SMG208"
        assert one_of(partial(loop.max_by, step_, inner.score)).rule == "SMG208"
    assert one_of(lambda: list(loop.outputs)).rule == "SMG208"
    assert one_of(lambda: inner in loop.outputs).rule == "SMG208"
    assert one_of(lambda: loop.outputs[0].uri).message == "iteration 0 of loop \"Regions\" has no 'uri'"
    assert one_of(lambda: loop.selected).nearest == "max_by"
    assert one_of(lambda: loop.statsu).nearest == "status"
    assert (repr(loop), repr(loop.outputs)) == ('<the loop "Regions">', '<the outputs of loop "Regions">')


def test_an_iteration_is_no_step_to_wait_for(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    inner = loop.body.add_step("Inner", steps.score.StepBuilder())
    p.add_step("After", steps.score.StepBuilder(), after=[loop.outputs[0][inner]])
    finding = one_of(p.build)
    assert (finding.rule, finding.fix) == ("SMG208", 'pass the loop "Regions", whose iterations end together')


# Resolution ------------------------------------------------------------------------------------------------------


def test_auto_ports_in_and_after_a_loop(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    loop.body.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA))
    train = loop.body.add_step("Train", steps.train.StepBuilder(data=AUTO))
    p.fail("Used", loop.outputs[0][train].model.location)
    arguments: Any = step(p.build(), "Train")["Arguments"]
    assert arguments["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] == {
        "Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri"
    }
    # Nothing in the body is bound to a step beside the loop.
    p.add_step("Beside", steps.train.StepBuilder(data=AUTO))
    assert "SMG201" in rules_of(p.build)


def test_a_body_is_not_bound_to_what_waits_for_its_loop(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    loop = p.for_each("Regions", items=["eu"], max_concurrency=1)
    train = loop.body.add_step("Train", steps.train.StepBuilder(data=AUTO))
    p.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA), after=[loop])
    p.fail("Used", loop.outputs[0][train].model.location)
    assert rules_of(p.build) == ["SMG201"]
