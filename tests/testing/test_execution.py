"""Which branch is taken and which steps run, for what a test gives; and what is said where that does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smgen.definition import parse_definition
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import (
    CompiledPipeline,
    Condition,
    Environment,
    Execution,
    External,
    FluentPipelineBuilder,
    IntegerVariable,
    Ran,
    join,
)
from smgen.testing import TestedPipeline, compile_pipeline
from tests.testing.pipelines import ENVIRONMENT, STEPS, abalone, built, found, lines, looped, said

GOOD: dict[str, object] = {"nested": {"mean": 0.4}, "ok": True}
WEAK: dict[str, object] = {"nested": {"mean": 0.9}, "ok": True}
ANSWER = {"Notify.answer": "no"}
QUICK = {"Mode": "quick"}


@pytest.fixture(scope="module")
def pipeline() -> TestedPipeline:
    return built()


@pytest.fixture(scope="module")
def example() -> TestedPipeline:
    return abalone()


# Branches ------------------------------------------------------------------------------------------------------------


def mse(value: float) -> dict[str, object]:
    return {"AbaloneEval.metrics": {"regression_metrics": {"mse": {"value": value}}}}


def test_the_branch_depends_on_the_report_the_parameters_and_the_environment(example: TestedPipeline) -> None:
    assert example.branch("AbaloneMSECond", report=mse(5.0)) == "then"
    assert example.branch("AbaloneMSECond", report=mse(5.5)) == "otherwise"
    assert example.branch("AbaloneMSECond", report=mse(5.5), parameters={"MseThreshold": 6}) == "then"
    # 6.0 in the code, 5.0 in the environment prod.
    assert abalone("dev").branch("AbaloneMSECond", report=mse(5.5)) == "then"


@pytest.mark.parametrize("name", ["Prepare.statistics", "Prepare.report.statistics", "Prepare.Statistics"])
def test_names_of_a_report(pipeline: TestedPipeline, name: str) -> None:
    assert pipeline.branch("Gate", report={name: GOOD}, parameters=QUICK, outputs=ANSWER) == "then"


def test_the_output_of_one_report_is_a_name_of_it(example: TestedPipeline) -> None:
    report = mse(9.0)["AbaloneEval.metrics"]
    for name in ("AbaloneEval.evaluation", "AbaloneEval.EvaluationReport", "AbaloneEval.evaluation.metrics"):
        assert example.branch("AbaloneMSECond", report={name: report}) == "otherwise"


@pytest.mark.parametrize(
    ("report", "mode", "answer", "branch"),
    [
        (GOOD, "quick", "no", "then"),
        (GOOD, "full", "yes", "then"),
        (GOOD, "full", "no", "otherwise"),
        (WEAK, "quick", "yes", "otherwise"),
    ],
)
def test_and_or_not_in(
    pipeline: TestedPipeline, report: dict[str, object], mode: str, answer: str, branch: str
) -> None:
    outputs = {"Notify.answer": answer}
    assert (
        pipeline.branch("Gate", report={"Prepare.statistics": report}, parameters={"Mode": mode}, outputs=outputs)
        == branch
    )


def gate(write: Callable[[FluentPipelineBuilder], Condition]) -> TestedPipeline:
    """A pipeline that does nothing but decide."""

    def deciding(p: FluentPipelineBuilder, env: Environment) -> None:
        del env
        p.condition("Gate", write(p)).then.fail("Stop", "stop")

    return compile_pipeline(deciding, ENVIRONMENT)


COMPARISONS: list[tuple[Callable[[IntegerVariable], Condition], list[int]]] = [
    (lambda x: x < 2, [1]),
    (lambda x: x <= 2, [1, 2]),
    (lambda x: x > 2, [3]),
    (lambda x: x >= 2, [2, 3]),
    (lambda x: x.equals(2.0), [2]),
    (lambda x: ~x.equals(2), [1, 3]),
    (lambda x: x.is_in([1, 3]), [1, 3]),
    (lambda x: (x < 2) | (x > 2), [1, 3]),
    (lambda x: (x > 1) & (x < 3), [2]),
    (lambda x: ~((x > 1) & (x < 3)), [1, 3]),
]


@pytest.mark.parametrize(("write", "when"), COMPARISONS)
def test_comparisons(write: Callable[[IntegerVariable], Condition], when: list[int]) -> None:
    pipeline = gate(lambda p: write(p.integer("X")))
    assert [x for x in (1, 2, 3) if pipeline.branch("Gate", parameters={"X": x}) == "then"] == when


def test_texts_and_execution_variables() -> None:
    joined = gate(lambda p: join("-", p.string("A"), p.integer("B"), p.boolean("C")).equals("x-2-true"))
    assert joined.branch("Gate", parameters={"A": "x", "B": 2, "C": True}) == "then"
    assert joined.branch("Gate", parameters={"A": "x", "B": 2, "C": False}) == "otherwise"
    named = gate(lambda _: Execution.PIPELINE_NAME.equals("deciding"))
    assert named.branch("Gate") == "then"
    started = gate(lambda _: Execution.PIPELINE_EXECUTION_ID.equals("abc"))
    assert started.branch("Gate", outputs={"Execution.PipelineExecutionId": "abc"}) == "then"
    assert found(lambda: started.branch("Gate")) == lines(
        """
        error SMG260 test-value: 'Execution.PipelineExecutionId' is read and not given
          at            step "Gate"
          expected      a text
          fix           give outputs={"Execution.PipelineExecutionId": "…"}

        1 error
        """
    )


def test_what_is_no_condition(example: TestedPipeline) -> None:
    assert said(lambda: example.branch("AbaloneEval")) == lines(
        """
        step "AbaloneEval" of pipeline AbalonePipeline for prod is no condition
          it is       Processing
          conditions  AbaloneMSECond
        """
    )


# What is missing, and what does not fit ------------------------------------------------------------------------------


def test_everything_that_is_missing_is_said_at_once(pipeline: TestedPipeline) -> None:
    assert found(lambda: pipeline.branch("Gate")) == lines(
        """
        error SMG240 start-parameter: the parameter 'Mode' has no default and is not given
          at            step "Gate"
          expected      a text
          fix           give parameters={"Mode": …}

        error SMG260 test-value: the output 'Notify.answer' is read and not given
          at            step "Gate"
          expected      a text
          fix           give outputs={"Notify.answer": …}

        error SMG260 test-value: the report 'Prepare.statistics' is read and not given
          at            step "Gate"
          expected      a report with nested.mean
          fix           give report={"Prepare.statistics": {"nested": {"mean": …}}}

        3 errors
        """
    )


def test_names_that_the_pipeline_does_not_have(pipeline: TestedPipeline) -> None:
    message = found(
        lambda: pipeline.branch(
            "Gate",
            report={"Prepare.statistic": {}, "Prepair.statistics": {}},
            parameters={"Mod": "full", "Mode": "slow", "Limit": "0.5"},
            outputs={"Notify.answer": 3, "Notfy.answer": "yes", "Prepare": 1},
        )
    )
    assert message == lines(
        """
        error SMG240 start-parameter: the pipeline has no parameter 'Mod'
          given         Mod
          expected      Instance, Limit, Mode
          did you mean  Mode

        error SMG240 start-parameter: the value of parameter 'Limit' is no Float
          given         '0.5'
          expected      a number

        error SMG240 start-parameter: the value of parameter 'Mode' is not among its values
          given         "slow"
          expected      quick, full

        error SMG260 test-value: there is no output 'Notfy.answer' in this pipeline
          given         Notfy.answer
          expected      Prepare.train, Prepare.test, Prepare.report, Prepare.job_name, Train.model, Train.job_name, \
Train.seconds, Notify.answer, Tell.answer
          did you mean  Notify.answer

        error SMG260 test-value: there is no output 'Prepare' in this pipeline
          given         Prepare
          expected      Prepare.train, Prepare.test, Prepare.report, Prepare.job_name, Train.model, Train.job_name, \
Train.seconds, Notify.answer, Tell.answer

        error SMG260 test-value: there is no report 'Prepair.statistics' in this pipeline
          given         Prepair.statistics
          expected      Prepare.statistics, Prepare.extra
          did you mean  Prepare.statistics

        error SMG260 test-value: there is no report 'Prepare.statistic' in this pipeline
          given         Prepare.statistic
          expected      Prepare.statistics, Prepare.extra
          did you mean  Prepare.statistics

        error SMG260 test-value: the output 'Notify.answer' has another type than its contract says
          at            step "Notify"
          given         3
          expected      a text

        8 errors
        """
    )


def test_a_report_that_the_contract_does_not_describe(pipeline: TestedPipeline) -> None:
    report: dict[str, object] = {
        "nested": {"maen": 0.4},
        "rows": 3.5,
        "ok": "yes",
        "quantiles": [0.1, None],
        "columns": {"share": 1},
    }
    schema = "/outputs/report/files/statistics/schema/properties"
    message = found(lambda: pipeline.branch("Gate", report={"Prepare.statistics": report}))
    told = [line for line in message.splitlines() if not line.startswith("  expected")]
    assert [line.partition(" (")[0] for line in told] == lines(
        """
        error SMG260 test-value: the report 'Prepare.statistics' is not what its contract describes: it is no list
          at            step "Prepare", /columns
          given         {"share": 1}

        error SMG260 test-value: the report 'Prepare.statistics' is not what its contract describes: the contract \
knows no 'maen'
          at            step "Prepare", /nested/maen
          given         maen
          did you mean  mean

        error SMG260 test-value: the report 'Prepare.statistics' is not what its contract describes: "yes" is no boolean
          at            step "Prepare", /ok
          given         "yes"

        error SMG260 test-value: the report 'Prepare.statistics' is not what its contract describes: null is no number
          at            step "Prepare", /quantiles/1
          given         null

        error SMG260 test-value: the report 'Prepare.statistics' is not what its contract describes: 3.5 is no integer
          at            step "Prepare", /rows
          given         3.5

        5 errors
        """
    ).splitlines()
    expected = [line.split(None, 1)[1] for line in message.splitlines() if line.startswith("  expected")]
    assert [text.partition(" (")[0] for text in expected] == [
        "a list",
        "mean, class",
        "True or False",
        "a number",
        "a whole number",
    ]
    assert expected[1].endswith(f"/tests/data/runtime_contracts/prepare.json:26:25, {schema}/nested)")


def test_a_number_that_json_does_not_have(pipeline: TestedPipeline) -> None:
    message = found(lambda: pipeline.branch("Gate", report={"Prepare.statistics": {"nested": {"mean": float("nan")}}}))
    assert "the report 'Prepare.statistics' has a number that no JSON has\n" in message
    assert '  at            step "Prepare", /nested/mean\n' in message


def test_a_value_that_the_report_lacks(pipeline: TestedPipeline) -> None:
    report: dict[str, object] = {"Prepare.statistics": {"nested": {"class": 1.0}}}
    assert found(lambda: pipeline.branch("Gate", report=report, parameters=QUICK, outputs=ANSWER)) == lines(
        """
        error SMG260 test-value: the report 'Prepare.statistics' has no nested.mean, which condition 'Gate' reads
          at            step "Gate", /nested
          given         class
          expected      'mean'

        1 error
        """
    )


def test_a_report_from_a_file(example: TestedPipeline, tmp_path: Path) -> None:
    metric = {"value": 4.0, "standard_deviation": 0.1}
    metrics: dict[str, object] = dict.fromkeys(("mse", "rmse", "mae", "r2"), metric)
    file = tmp_path / "evaluation.json"
    file.write_text(json.dumps({"regression_metrics": metrics}))
    assert example.branch("AbaloneMSECond", report={"AbaloneEval.metrics": file}) == "then"
    # A file is what the script wrote, so that nothing may be missing in it.
    file.write_text('{\n  "regression_metrics": {"mse": {"value": 4.0}}\n}')
    message = found(lambda: example.branch("AbaloneMSECond", report={"AbaloneEval.metrics": file}))
    shown = file.as_posix()
    headlines = [line for line in message.splitlines() if "error SMG" in line]
    place = f"{shown}:2:"
    prefix = "error SMG260 test-value: the report 'AbaloneEval.metrics' is not what its contract describes:"
    assert headlines == [
        f"{place}25: {prefix} 'mae' is missing",
        f"{place}25: {prefix} 'r2' is missing",
        f"{place}25: {prefix} 'rmse' is missing",
        f"{place}33: {prefix} 'standard_deviation' is missing",
    ]


def compiled_with(pipeline: TestedPipeline, condition: JsonValue) -> TestedPipeline:
    """The pipeline with another condition in its definition, as somebody else may have written it."""
    document: JsonObject = json.loads(json.dumps(pipeline.definition.document))
    steps = document["Steps"]
    assert isinstance(steps, list)
    for step in steps:
        if isinstance(step, dict) and step["Name"] == "Gate" and isinstance(step["Arguments"], dict):
            step["Arguments"]["Conditions"] = [condition]
    compiled: CompiledPipeline = replace(pipeline.compiled, definition=parse_definition(document))
    return TestedPipeline(compiled, pipeline.environment)


def test_two_types_are_not_compared(pipeline: TestedPipeline) -> None:
    mixed = compiled_with(pipeline, {"Type": "Equals", "LeftValue": {"Get": "Parameters.Limit"}, "RightValue": "0.5"})
    assert found(lambda: mixed.branch("Gate")) == lines(
        """
        error SMG260 test-value: the condition 'Gate' compares a number with a text
          at            step "Gate"
          given         Parameters.Limit = 0.5, compared with "0.5"
          expected      two values of one type

        1 error
        """
    )


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"Type": "Near"}, "a condition of step 'Gate' has a form that cannot be worked out"),
        (
            {"Type": "LessThan", "LeftValue": "a", "RightValue": "b"},
            "the condition 'Gate' compares by size what is no number",
        ),
        (
            {"Type": "Equals", "LeftValue": {"Get": "ForEach.CurrentItem"}, "RightValue": "b"},
            "'ForEach.CurrentItem' cannot be worked out in a test",
        ),
        (
            {
                "Type": "Equals",
                "LeftValue": {
                    "Std:JsonGet": {"PropertyFile": {"Get": "Steps.Prepare.PropertyFiles.Statistics"}, "Path": "a..b"}
                },
                "RightValue": True,
            },
            "the path of a value in the report 'Prepare.statistics' cannot be read",
        ),
        (
            {
                "Type": "Equals",
                "LeftValue": {"Std:JsonGet": {"S3Uri": "s3://b/report.json", "Path": "ok"}},
                "RightValue": True,
            },
            "the report 's3://b/report.json' is read and not given",
        ),
    ],
)
def test_conditions_of_others(pipeline: TestedPipeline, condition: JsonValue, message: str) -> None:
    text = found(lambda: compiled_with(pipeline, condition).branch("Gate"))
    assert text.splitlines()[0] == f"error SMG260 test-value: {message}"


def test_a_report_that_nothing_describes_is_given_by_its_location(pipeline: TestedPipeline) -> None:
    read: JsonObject = {"Std:JsonGet": {"S3Uri": "s3://b/report.json", "Path": "a['b c'][1]"}}
    other = compiled_with(pipeline, {"Type": "Equals", "LeftValue": read, "RightValue": True})
    assert other.branch("Gate", report={"s3://b/report.json": {"a": {"b c": [False, True]}}}) == "then"


def test_the_outcome_of_a_condition_is_worked_out(pipeline: TestedPipeline) -> None:
    outcome: JsonObject = {"Type": "Equals", "LeftValue": {"Get": "Steps.Why.Outcome"}, "RightValue": "True"}
    other = compiled_with(pipeline, outcome)
    assert other.branch("Gate", report={"Prepare.statistics": {"ok": True}}) == "then"
    assert other.branch("Gate", report={"Prepare.statistics": {"ok": False}}) == "otherwise"


# Executions ----------------------------------------------------------------------------------------------------------


def test_the_steps_that_run(pipeline: TestedPipeline) -> None:
    execution = pipeline.execution(report={"Prepare.statistics": WEAK}, parameters=QUICK, outputs=ANSWER)
    assert execution.steps == ("Prepare", "Train", "Notify", "Gate", "Why", "TooWeak")
    assert execution.not_run == ("Register", "Broken", "Tell")
    assert execution.branches == {"Gate": "otherwise", "Why": "then"}
    # What only an execution knows stands in braces.
    assert execution.failures == {"TooWeak": "mean above 0.5 in {Execution.PipelineExecutionId}"}
    report: dict[str, object] = {"Prepare.statistics": GOOD}
    good = pipeline.executed_steps(report=report, parameters=QUICK, outputs=ANSWER)
    assert good == ("Prepare", "Train", "Notify", "Gate", "Register")


def test_steps_that_fail_and_those_that_wait_for_that(pipeline: TestedPipeline) -> None:
    report: dict[str, object] = {"Prepare.statistics": GOOD}
    failed = pipeline.executed_steps(report=report, parameters=QUICK, outputs=ANSWER, failed=["Train"])
    assert failed == ("Prepare", "Train", "Notify", "Gate", "Tell")
    stopped = pipeline.executed_steps(report=report, parameters=QUICK, outputs=ANSWER, stopped=["Train"])
    assert stopped == ("Prepare", "Train", "Notify", "Gate")
    # What is not reached reads nothing.
    assert pipeline.executed_steps(failed=["Prepare"]) == ("Prepare", "Notify")
    assert pipeline.executed_steps(failed="Prepare") == ("Prepare", "Notify")
    assert "did you mean" in said(lambda: pipeline.executed_steps(failed=["Trian"]))


def test_a_loop_fails_with_a_step_of_its_body() -> None:
    loop = looped()
    assert loop.executed_steps(failed=["Train"]) == ("Regions", "Prepare", "Train")
    reports: dict[str, object] = {"Prepare.quality": {"mean": 0.1}}
    assert loop.executed_steps(report=reports, outputs={"Train.seconds": 5}) == (
        "Regions",
        "Prepare",
        "Train",
        "Score",
        "Gate",
    )


def test_iterations_have_reports_of_their_own() -> None:
    loop = looped()
    first, second = (f"Regions.IterationOutputs[{index}].Prepare.quality" for index in (0, 1))
    seconds = {"Regions.Selected.Train.seconds": 5}
    assert loop.branch("Gate", report={first: {"mean": 0.1}, second: {"mean": 0.2}}, outputs=seconds) == "then"
    assert loop.branch("Gate", report={first: {"mean": 0.1}, second: {"mean": 0.7}}, outputs=seconds) == "otherwise"
    # The step's own name stands for all of them that are not given.
    both: dict[str, object] = {"Prepare.quality": {"mean": 0.1}, second: {"mean": 0.7}}
    assert loop.branch("Gate", report=both, outputs=seconds) == "otherwise"
    assert f"the report '{second}' is read and not given" in found(lambda: loop.branch("Gate"))


def test_an_output_that_is_composed() -> None:
    loop = looped()
    assert found(lambda: loop.branch("Gate", outputs={"Train.archive": "s3://models/x"})) == lines(
        """
        error SMG260 test-value: the output 'Train.archive' is composed of several properties
          at            step "Train"
          given         Train.archive
          fix           give the properties that it is composed of, by their paths

        1 error
        """
    )


def test_any_run_condition() -> None:
    def told(p: FluentPipelineBuilder, env: Environment) -> None:
        prepare = p.add_step("Prepare", STEPS.builder("Prepare", raw=[External(env.uri("raw"))]))
        function = {"function": "arn:aws:lambda:eu-west-1:123456789012:function:tell"}
        for name, outcome in (("Any", Ran.any), ("Failed", Ran.failed), ("Stopped", Ran.stopped)):
            p.add_step(name, STEPS.builder("Notify", function), after=[outcome(prepare)])
        # It reads what it waits for in another way: the outcome that is said decides.
        text = prepare.variable("job_name", str)
        p.add_step("Name", STEPS.builder("Notify", function, text=text), after=[Ran.any(prepare)])

    pipeline = compile_pipeline(told, ENVIRONMENT)
    assert pipeline.executed_steps() == ("Prepare", "Any", "Name")
    assert pipeline.executed_steps(failed=["Prepare"]) == ("Prepare", "Any", "Failed", "Name")
    assert pipeline.executed_steps(stopped=["Prepare"]) == ("Prepare", "Any", "Stopped", "Name")
