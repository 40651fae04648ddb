"""Outputs, data from outside, reports and proxies."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from smgen.authoring.origins import Origin, PipelineIdentity, Scope
from smgen.authoring.reports import ReportPath
from smgen.diagnostics import FindingsError, Place
from smgen.expressions import Get, property_file, to_json
from smgen.runtime import Artifact, External, FluentPipelineBuilder, MisuseError, Output, Renamed, join
from tests.runtime.fixture_package import Steps, findings_of, line, one_of, shown

QUALITY = {"Get": "Steps.Prep.ProcessingOutputConfig.Outputs['quality'].S3Output.S3Uri"}


@pytest.fixture
def made(p: FluentPipelineBuilder, steps: Steps) -> Any:
    """The outputs of a step named Prep."""
    return p.add_step("Prep", steps.prepare.StepBuilder(raw=[External("s3://b/k")]))


def expression(value: Any) -> object:
    return to_json(value.__smgen_expression__)


# Outputs --------------------------------------------------------------------------------------------------------


def test_an_output_refers_to_its_property(made: Any, steps: Steps) -> None:
    train = made.train
    assert type(train) is Output
    assert train.__smgen_artifact__ is steps.artifact_types.TrainingData
    assert expression(train) == {"Get": "Steps.Prep.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"}
    assert expression(made.report) == QUALITY
    assert repr(train) == '<Output[TrainingData] of step "Prep", output "train">'


def test_files_below_an_output_are_joined(made: Any, steps: Steps) -> None:
    file = made.report / "part/file.csv"
    assert expression(file) == {"Std:Join": {"On": "/", "Values": [QUALITY, "part/file.csv"]}}
    assert file.__smgen_artifact__ is steps.artifact_types.EvaluationReport
    assert expression(made.report / "a" / "b") == {"Std:Join": {"On": "/", "Values": [QUALITY, "a", "b"]}}
    assert expression(made.statistics / "x") == {
        "Std:Join": {"On": "/", "Values": [QUALITY, "out/statistics.json", "x"]}
    }


def test_a_location_is_a_text_variable_of_the_same_origin(made: Any) -> None:
    location = made.report.location
    assert location.__smgen_type__ == "String"
    assert expression(location) == QUALITY
    assert [origin.title for origin in location.__smgen_origins__] == ['step "Prep", output "report"']


@pytest.mark.parametrize("file", ["", "/a", "../a", "a/../b", 3, None, b"a"])
def test_what_is_no_file_below_an_output_is_refused(made: Any, file: Any) -> None:
    finding = one_of(lambda: made.report / file)
    assert (finding.rule, finding.place.line) == ("SMG208", line() - 1)
    assert finding.message == f"{file!r} is no file below an output"
    assert finding.fix == 'write a relative name: output / "part/file.csv"'


def test_a_variable_is_no_file_below_an_output(made: Any) -> None:
    finding = one_of(lambda: made.report / made.job_name)
    assert finding.message == "<String variable Steps.Prep.ProcessingJobName> is no file below an output"


@pytest.mark.parametrize(
    ("use", "message", "fix"),
    [
        (bool, "was used as True or False", "leave the test out"),
        (str, "was made a text", 'output / "file.csv"'),
        ("{}/x".format, "was made a text", "output.location"),
        (list, "was iterated over", "pass the output itself"),
    ],
)
def test_an_output_is_no_python_value(made: Any, use: Callable[[Any], object], message: str, fix: str) -> None:
    finding = one_of(lambda: use(made.train))
    assert finding.rule == "SMG208"
    assert finding.message.startswith(f'<Output[TrainingData] of step "Prep", output "train"> {message}')
    assert fix in (finding.fix or "")


def test_outputs_copy_to_themselves(made: Any) -> None:
    output = made.train
    assert copy.copy(output) is output
    assert copy.deepcopy(output) is output
    assert expression(pickle.loads(pickle.dumps(output))) == expression(output)


# Data from outside ----------------------------------------------------------------------------------------------


def test_external_takes_a_text_or_a_text_variable(p: FluentPipelineBuilder) -> None:
    raw = p.string("Raw")
    assert repr(External("s3://b/k")) == "External('s3://b/k')"
    assert repr(External(raw)) == "External(<String variable Parameters.Raw>)"
    external: External[Artifact] = External(raw)
    assert copy.deepcopy(external) is external


def test_external_knows_the_line_of_the_user_when_its_type_is_written() -> None:
    external = External[Artifact]("s3://b/k")
    assert (external.__smgen_place__.file, external.__smgen_place__.line) == (shown(__file__), line() - 1)


def test_what_is_no_location_is_refused(p: FluentPipelineBuilder, made: Any) -> None:
    count = p.integer("Count")
    wrong: list[tuple[Any, str, str]] = [
        ("", "'' is no location", "give a text such as s3://bucket/key, or a String variable"),
        (3, "3 is no location", "give a text such as s3://bucket/key, or a String variable"),
        (None, "None is no location", "give a text such as s3://bucket/key, or a String variable"),
        (
            count,
            "<Integer variable Parameters.Count> is no location",
            "an external location is a text or a String variable",
        ),
        (
            made.train,
            '<Output[TrainingData] of step "Prep", output "train"> is no location from outside',
            "pass the output itself, without External(…)",
        ),
    ]
    for value, message, fix in wrong:
        finding = one_of(partial(External, value))
        assert (finding.rule, finding.message, finding.fix) == ("SMG208", message, fix)


def test_nobody_makes_a_tombstone() -> None:
    assert one_of(Renamed).message == "a renamed port takes no value"


# Reports --------------------------------------------------------------------------------------------------------


def report_path(value: Any) -> str:
    read = value.__smgen_expression__
    assert read.source == Get("Steps.Prep.PropertyFiles.Statistics")
    return str(read.path)


def test_values_of_a_report(made: Any) -> None:
    statistics = made.statistics
    values: list[tuple[Any, str, str]] = [
        (statistics.rows, "rows", "Integer"),
        (statistics.ok, "ok", "Boolean"),
        (statistics.title, "title", "String"),
        (statistics.nested.mean, "nested.mean", "Float"),
        (statistics.nested.class_, "nested.class", "Float"),
        (statistics.quantiles[0], "quantiles[0]", "Float"),
        (statistics.columns[12].share, "columns[12].share", "Float"),
        (statistics.odd_key.it_s, r"['odd key']['it\'s']", "Float"),
        (statistics.odd_key.a_b, "['odd key'].a-b", "Float"),
        (statistics.odd_key.x9, "['odd key']['9']", "Float"),
    ]
    for value, path, type in values:
        assert (report_path(value), value.__smgen_type__) == (path, type)
        assert [origin.title for origin in value.__smgen_origins__] == ['step "Prep", output "report"']


def test_keys_with_quotes_and_backslashes_stay_inside_their_quotes() -> None:
    scope = Scope(PipelineIdentity("P", Place()), "the pipeline")
    path = ReportPath(property_file("S", "F"), Origin("step", "S", scope, Place()))
    assert path.member("a\\'b").path == r"['a\\\'b']"
    assert path.member("").member("x").path == "[''].x"


def test_the_file_of_a_report_is_an_artifact(made: Any, steps: Steps) -> None:
    assert expression(made.statistics) == {"Std:Join": {"On": "/", "Values": [QUALITY, "out/statistics.json"]}}
    assert made.statistics.__smgen_artifact__ is steps.artifact_types.EvaluationReport


@pytest.mark.parametrize("index", [-1, True, "0", 1.0, None, slice(0, 1)])
def test_indexes_count_from_zero(made: Any, index: Any) -> None:
    for items in (made.statistics.quantiles, made.statistics.columns):
        finding = one_of(partial(items.__getitem__, index))
        assert (finding.rule, finding.fix) == ("SMG208", "count from 0 with a plain number")
        assert finding.message == f"{index!r} is no place in a list of a report"


WAYS: list[Callable[[Any], object]] = [list, tuple, lambda items: 3 in items, lambda items: [*items]]


@pytest.mark.parametrize("use", WAYS)
def test_the_length_of_a_list_in_a_report_is_not_known(made: Any, use: Callable[[Any], object]) -> None:
    finding = one_of(lambda: use(made.statistics.quantiles))
    assert finding.message == (
        'the list quantiles of the report of step "Prep" was iterated over, but its length is known only when the '
        "pipeline runs"
    )
    assert finding.fix == "name its items: [0], [1], …"


def test_parts_of_a_report_are_no_texts(made: Any) -> None:
    parts = [
        (made.statistics.nested, 'the object nested of the report of step "Prep"'),
        (made.statistics.columns, 'the list columns of the report of step "Prep"'),
        (made.statistics.columns[0], 'the object columns[0] of the report of step "Prep"'),
    ]
    uses: tuple[Callable[[Any], str], ...] = (str, "{}".format)
    for part, name in parts:
        assert repr(part) == f"<{name}>"
        for use in uses:
            finding = one_of(partial(use, part))
            assert finding.rule == "SMG208"
            assert finding.message == f"{name} was made a text, but a report is read only when the pipeline runs"


# Proxies --------------------------------------------------------------------------------------------------------


def test_a_misspelt_output_is_named_with_all_there_are(made: Any) -> None:
    finding = one_of(lambda: made.trian)
    assert (finding.rule, finding.place.file, finding.place.line) == ("SMG206", shown(__file__), line() - 1)
    assert finding.place.step == "Prep"
    assert finding.message == "step \"Prep\" has no output 'trian'"
    assert finding.expected == "train, test, report, statistics, extra, job_name (contract Prepare 1.1.0)"
    assert finding.nearest == "train"
    assert finding.fix == "write .train"


def test_the_text_of_a_misspelt_output(made: Any) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(made, "holdouts_of_last_year")  # noqa: B009  # an attribute alone would be a useless expression
    assert str(caught.value) == (
        f"{shown(__file__)}:{line() - 2}: error SMG206 unknown-output: "
        "step \"Prep\" has no output 'holdouts_of_last_year'\n"
        '  at            step "Prep"\n'
        "  given         holdouts_of_last_year\n"
        "  expected      train, test, report, statistics, extra, job_name (contract Prepare 1.1.0)\n"
        "  fix           use one of the outputs, or add one to the contract\n"
        "\n1 error"
    )


def test_a_step_without_outputs_says_so(p: FluentPipelineBuilder, steps: Steps) -> None:
    config = steps.register.Config(group="g", image="i")
    made = p.add_step("Reg", steps.register.StepBuilder(config, model=External("s3://b/m")))
    assert dir(made) == []
    assert one_of(lambda: made.package).expected == "no output (contract Register 0.3.0)"


def test_python_may_ask_a_proxy_for_anything(made: Any) -> None:
    assert dir(made) == ["extra", "job_name", "report", "statistics", "test", "train"]
    assert hasattr(made, "train")
    assert not hasattr(made, "trian")
    assert getattr(made, "trian", None) is None
    assert not hasattr(made, "holdout")
    assert getattr(made, "holdout", "gone") == "gone"
    assert not hasattr(made, "__wrapped__")
    assert inspect.unwrap(made) is made
    assert [name for name, _ in inspect.getmembers(made)] == dir(made)
    assert copy.copy(made).__smgen_step__ is made.__smgen_step__
    assert repr(made) == '<PrepareProxy of step "Prep">'


def test_a_deep_copy_belongs_to_the_same_pipeline(made: Any, p: FluentPipelineBuilder, steps: Steps) -> None:
    copied = copy.deepcopy(made)
    config = steps.register.Config(group="g", image=copied.job_name)
    p.add_step("Reg", steps.register.StepBuilder(config, model=External(copied.train.location)))
    p.build()


def test_a_renamed_output_says_its_new_name(made: Any) -> None:
    finding = one_of(lambda: made.holdout)
    assert (finding.rule, finding.place.line, finding.place.step) == ("SMG501", line() - 1, "Prep")
    assert finding.message == "the output 'holdout' of contract Prepare is called 'test' now"
    assert (finding.given, finding.expected, finding.fix) == ("holdout", "test", "write test instead of holdout")


@pytest.mark.parametrize("use", [str, "{}".format], ids=["str", "format"])
def test_a_step_is_no_text(made: Any, use: Callable[[Any], object]) -> None:
    finding = one_of(lambda: use(made))
    assert finding.rule == "SMG208"
    assert finding.message.startswith('<PrepareProxy of step "Prep"> was made a text')
    assert "step.output.location" in (finding.fix or "")


def test_outputs_that_are_composed(p: FluentPipelineBuilder, steps: Steps) -> None:
    tune = p.add_step("Tune", steps.tune.StepBuilder(steps.tune.Config(file="m.bin"), data=External("s3://b/k")))
    base = {
        "Std:Join": {
            "On": "/",
            "Values": [
                "s3:/",
                "dev-bucket",
                "Fraud",
                {"Get": "Execution.PipelineExecutionId"},
                "Tune",
                "output",
                "best_model",
            ],
        }
    }
    name = {"Get": "Steps.Tune.BestTrainingJob.TrainingJobName"}
    assert expression(tune.best_model) == {"Std:Join": {"On": "/", "Values": [base, name, "output", "m.bin"]}}
    assert expression(tune.best_job) == name
    assert expression(tune.image_of) == {
        "Std:Join": {
            "On": "",
            "Values": ["123456789012", ".dkr.", "eu-west-1", "/", name, "-", "Tune", "-", 7],
        }
    }
    moved = steps.tune.StepBuilder(data=External("s3://b/k")).with_output_locations(best_model="s3://x/y")
    again = p.add_step("Moved", moved)
    assert expression(again.best_model) == {
        "Std:Join": {
            "On": "/",
            "Values": ["s3://x/y", {"Get": "Steps.Moved.BestTrainingJob.TrainingJobName"}, "output", "model.tar.gz"],
        }
    }


def test_a_composed_output_asks_the_environment_once(steps: Steps) -> None:
    p = FluentPipelineBuilder("Bare")
    tune = p.add_step("Tune", steps.tune.StepBuilder(data=External("s3://b/k")))
    register = steps.register.Config(group="g", image=tune.image_of)
    p.add_step("Reg", steps.register.StepBuilder(register, model=tune.best_model))
    findings = findings_of(p.build)
    assert sorted(finding.message for finding in findings if finding.rule == "SMG211") == [
        "the environment 'default' has no account",
        "the environment 'default' has no bucket",
        "the environment 'default' has no role",
    ]
    # What could not be composed counts as read all the same.
    assert [finding.rule for finding in findings if finding.rule != "SMG211"] == []


def test_a_misuse_inside_a_generated_package_names_the_line_outside(steps: Steps) -> None:
    with pytest.raises(FindingsError) as caught:
        steps.train.StepBuilder(steps.train.Config(num_round=1), data=External("s3://b"), training="s3://b")
    (finding,) = caught.value.findings
    assert (finding.rule, finding.place.file, finding.place.line) == ("SMG501", shown(__file__), line() - 2)
    assert finding.message == "the port 'training' of contract Train is called 'data' now"


def test_a_proxy_is_no_part_of_a_text(made: Any) -> None:
    with pytest.raises(MisuseError):
        join("/", made)
