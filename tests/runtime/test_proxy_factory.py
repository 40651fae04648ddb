"""Steps of contracts that are known only when the program runs: arguments, outputs, types and scripts."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smgen.contracts import artifact_types_from_document, contract_from_document, contract_registry
from smgen.definition import AutoBinding
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import JsonObject
from smgen.runtime import (
    AUTO,
    Artifact,
    Environment,
    External,
    FluentPipelineBuilder,
    Output,
    ProxyFactory,
    RunTimeProxy,
    RunTimeStepBuilder,
    StepOutputProxy,
)
from tests.runtime.fixture_package import CONTRACTS, ENVIRONMENT, Steps, document, findings_of, line, one_of, shown

DATA: External[Any] = External("s3://b/data")
ROUNDS = {"num_round": 1}

PATHS = [
    ("rows", int),
    ("ok", bool),
    ("title", str),
    ("nested.mean", float),
    ("nested.class", float),
    ("quantiles[1]", float),
    ("columns[0].share", float),
    ("['odd key']['it\\'s']", float),
    ("['odd key'].a-b", float),
    ("['odd key']['9']", float),
]


@pytest.fixture(scope="module")
def factory() -> ProxyFactory:
    return ProxyFactory.read(CONTRACTS)


def prepared(p: FluentPipelineBuilder, factory: ProxyFactory, name: str = "Prep") -> RunTimeProxy:
    return p.add_step(name, factory.builder("Prepare", raw=[DATA]))


def small(factory_of: JsonObject, types: JsonObject | None = None) -> ProxyFactory:
    """A factory of one contract that was read from no folder."""
    base: JsonObject = {"name": "Small", "version": "1.0.0", "kind": "Processing", "owner": "t", "request": {}}
    declared = artifact_types_from_document({"types": types or {"Dataset": {}}})
    return ProxyFactory(contract_registry((contract_from_document(base | factory_of),), declared))


# Arguments ------------------------------------------------------------------------------------------------------------


def same(typed: Callable[[], object], untyped: Callable[[], object]) -> list[tuple[str | None, str | None]]:
    """The fixes of the findings, typed and untyped; all else of them is the same, and is on one line."""
    left, right = findings_of(typed), findings_of(untyped)
    assert [replace(finding, fix=None) for finding in left] == [replace(finding, fix=None) for finding in right]
    assert {finding.place.file for finding in left} == {shown(__file__)}
    return [(one.fix, other.fix) for one, other in zip(left, right, strict=True)]


def test_a_port_that_is_left_out(steps: Steps, factory: ProxyFactory) -> None:
    config, train, f = steps.train.Config(num_round=1), steps.train.StepBuilder, factory.builder
    ((typed, untyped),) = same(lambda: train(config), lambda: f("Train", ROUNDS))
    assert typed == untyped == "pass data=… with an output of another step, or External(location)"
    same(lambda: steps.prepare.StepBuilder(), lambda: f("Prepare"))
    same(lambda: steps.tune.StepBuilder(), lambda: f("Tune"))


def test_a_misspelt_port(steps: Steps, factory: ProxyFactory) -> None:
    prepare, f = steps.prepare.StepBuilder, factory.builder
    for name in ("rwa", "nothing", "raw_", "instance_type"):
        ports: dict[str, Any] = {name: [DATA]}
        fixes = same(*(lambda: prepare(**ports), lambda: f("Prepare", **ports)))  # noqa: B023  # called at once
        assert all(typed == untyped for typed, untyped in fixes) is (name != "instance_type")


def test_a_former_name_of_a_port(steps: Steps, factory: ProxyFactory) -> None:
    config, train, f = steps.train.Config(num_round=1), steps.train.StepBuilder, factory.builder
    ((typed, untyped),) = same(
        *(lambda: train(config, training=DATA, data=DATA), lambda: f("Train", ROUNDS, training=DATA, data=DATA))
    )
    assert typed == untyped == "write data instead of training"
    assert one_of(lambda: f("Train", ROUNDS, training=DATA, data=DATA)).rule == "SMG501"
    same(*(lambda: train(config, training=DATA), lambda: f("Train", ROUNDS, training=DATA)))


def test_a_former_name_that_nobody_remembers() -> None:
    inputs: JsonObject = {"data": {"type": "Dataset", "renamed_from": {"name": "old", "until": "1.0.0"}}}
    finding = one_of(lambda: small({"inputs": inputs}).builder("Small", data=DATA, old=DATA))
    assert (finding.rule, finding.message) == ("SMG207", "a step of contract Small has no port 'old'")


def test_a_config_that_is_left_out_or_in_the_wrong_place(factory: ProxyFactory) -> None:
    left_out = one_of(lambda: factory.builder("Train", data=DATA))
    assert left_out == Finding(
        "SMG207",
        "a step of contract Train needs a config",
        Place(file=shown(__file__), line=line() - 4),
        expected='{"num_round": …} as the first argument',
        fix='write factory.builder("Train", {"num_round": …}, …)',
    )
    values: Any = {"eta": 1}
    as_port = one_of(lambda: factory.builder("Train", ROUNDS, data=DATA, **values))
    assert (as_port.message, as_port.fix) == (
        "a step of contract Train has no port 'eta'",
        'give it to the config: {"eta": …}',
    )
    values = {"config": ROUNDS}
    named = one_of(lambda: factory.builder("Train", data=DATA, **values))
    assert named.message == "a step of contract Train has no port 'config'"
    assert named.fix == 'write the config first and without a name: factory.builder("Train", {"num_round": …}, …)'


def test_everything_that_is_wrong_comes_together(factory: ProxyFactory) -> None:
    found = findings_of(lambda: factory.builder("Train", {"num_round": 0, "nme": 1}, dat=DATA, validation=AUTO))
    assert sorted((finding.rule, finding.message) for finding in found) == [
        ("SMG207", "TrainConfig has no 'nme'"),
        ("SMG207", "TrainConfig was given a wrong value for 'num_round'"),
        ("SMG207", "a step of contract Train has no port 'dat'"),
    ]


def test_a_port_takes_either_spelling_but_not_both(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    size = p.integer("Size", default=30)
    p.add_step("A", factory.builder("Prepare", raw=[DATA], self=size))
    p.add_step("B", factory.builder("Prepare", raw=[DATA], self_=size))
    steps = document(p.build())["Steps"]
    assert isinstance(steps, list)
    sizes = [step["Arguments"]["ProcessingResources"]["ClusterConfig"]["VolumeSizeInGB"] for step in steps]  # type: ignore[index, call-overload]  # JSON
    assert sizes == [{"Get": "Parameters.Size"}] * 2
    finding = one_of(lambda: factory.builder("Prepare", raw=[DATA], self_=size, self=size))
    assert (finding.rule, finding.message, finding.fix) == (
        "SMG207",
        "a step of contract Prepare was given 'self_' twice, under both of its names",
        "keep one of them; the argument is 'self_'",
    )


@pytest.mark.parametrize(("name", "nearest"), [("Trian", "Train"), ("qqqq", None), ("", None)])
def test_a_contract_that_there_is_not(factory: ProxyFactory, name: str, nearest: str | None) -> None:
    finding = one_of(lambda: factory.builder(name))
    assert (finding.rule, finding.message) == ("SMG125", f"there is no contract named {name}")
    assert (finding.nearest, finding.expected) == (nearest, "Notify, Prepare, Register, Train, Tune")
    assert finding.place == Place(file=shown(__file__), line=line() - 3)


@pytest.mark.parametrize("name", [None, 3, [], ProxyFactory])
def test_a_contract_that_is_no_text(factory: ProxyFactory, name: Any) -> None:
    finding = one_of(lambda: factory.builder(name))
    assert (finding.rule, finding.message) == ("SMG125", "a contract is asked for by its name")


def test_a_config_of_the_generated_module_and_of_another_one(steps: Steps, factory: ProxyFactory) -> None:
    config = steps.train.Config(num_round=7)
    assert factory.builder("Train", config, data=DATA).__smgen_config__ is config
    finding = one_of(lambda: factory.builder("Train", steps.prepare.Config(), data=DATA))
    assert finding.message == "a step of contract Train was given something else than its config"


def test_output_locations(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    builder = factory.builder("Prepare", raw=[DATA]).with_output_locations(train="s3://b/t", test=p.string("Where"))
    assert isinstance(builder, RunTimeStepBuilder)
    p.add_step("Prep", builder)
    text = str(document(p.build()))
    assert "'S3Uri': 's3://b/t'" in text
    assert "{'Get': 'Parameters.Where'}" in text
    finding = one_of(lambda: builder.with_output_locations(tset="s3://b/t", train=None))
    assert finding == Finding(
        "SMG206",
        "contract Prepare has no output 'tset' whose location can be chosen",
        Place(file=shown(__file__), line=line() - 4),
        given="tset",
        expected="train, test, report",
        nearest="test",
        fix="write test=…",
    )


def test_a_deprecated_contract() -> None:
    factory = small({"deprecated": "use Larger"})
    with pytest.warns(DeprecationWarning, match="^use Larger$"):
        factory.builder("Small")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small({}).builder("Small")


def test_a_builder_says_what_it_is(factory: ProxyFactory) -> None:
    builder: Any = factory.builder("Prepare", raw=[DATA])
    assert repr(builder) == "<PrepareStepBuilder of contract Prepare 1.1.0>"
    assert one_of(lambda: builder.train).message == "the output 'train' was read from a step builder, which has none"
    assert one_of(lambda: builder.with_output_location).nearest == "with_output_locations"
    assert builder.STEP_CONTRACT is factory.registry["Prepare"]
    assert type(factory.builder("Prepare", raw=[])) is type(builder)


# Outputs --------------------------------------------------------------------------------------------------------------


def test_attributes_are_those_of_the_generated_proxy(p: Any, steps: Steps, factory: ProxyFactory) -> None:
    typed = p.add_step("Typed", steps.prepare.StepBuilder(raw=[DATA]))
    untyped: Any = prepared(p, factory, "Typed")
    assert [repr(getattr(untyped, name)) for name in dir(typed)] == [repr(getattr(typed, name)) for name in dir(typed)]
    assert set(dir(untyped)) == {*dir(typed), "connect_input", "output", "value", "variable"}
    assert repr(untyped) == repr(typed)
    assert untyped.train.__smgen_artifact__.__doc__ == "Data to train on."


def misspelt(step: Any) -> list[Callable[[], object]]:
    report = step.statistics
    return [
        lambda: step.trian,
        lambda: step.holdout,
        lambda: step.qqqqq,
        lambda: report.rosw,
        lambda: report.nested.maen,
        lambda: report.columns[0].shrae,
        lambda: report.columns[-1],
        lambda: list(report.quantiles),
        lambda: f"{report.nested}",
        lambda: f"{step}",
        lambda: report.nested <= 3,
        lambda: bool(step.train),
        lambda: bool(report.rows),
    ]


def test_what_is_wrong_with_an_attribute_is_said_alike(p: Any, steps: Steps, factory: ProxyFactory) -> None:
    typed = misspelt(p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA])))
    untyped = misspelt(prepared(p, factory))
    for one, other in zip(typed, untyped, strict=True):
        assert one_of(one) == one_of(other)


def test_a_former_name_of_an_output(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    step = prepared(p, factory)
    assert one_of(lambda: step.output("holdout")).rule == "SMG501"
    assert (
        one_of(lambda: step.output("holdout")).message
        == "the output 'holdout' of contract Prepare is called 'test' now"
    )


def test_an_output_by_name(p: FluentPipelineBuilder, steps: Steps, factory: ProxyFactory) -> None:
    step = prepared(p, factory)
    assert repr(step.output("train")) == '<Output[TrainingData] of step "Prep", output "train">'
    typed: Output[Artifact] = step.output("train", steps.artifact_types.Dataset)
    assert repr(typed) == repr(step.output("train"))
    assert step.output("statistics").__smgen_artifact__.__name__ == "EvaluationReport"
    wrong = one_of(lambda: step.output("test", steps.artifact_types.TrainingData))
    assert (wrong.rule, wrong.given, wrong.expected) == (
        "SMG204",
        'Dataset: step "Prep", output "test"',
        "TrainingData",
    )
    unknown = one_of(lambda: step.output("trian"))
    assert (unknown.rule, unknown.message, unknown.nearest) == (
        "SMG206",
        "step \"Prep\" has no output 'trian'",
        "train",
    )
    scalar = one_of(lambda: step.output("job_name"))
    assert (scalar.rule, scalar.message, scalar.fix) == (
        "SMG206",
        "the output 'job_name' is a String variable and no artifact",
        'write .variable("job_name", str)',
    )
    assert one_of(lambda: step.output(3)).rule == "SMG208"  # type: ignore[call-overload]  # that is the mistake
    assert one_of(lambda: step.output("train", "TrainingData")).rule == "SMG208"  # type: ignore[call-overload]  # the mistake


def test_a_variable_by_name(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    step = p.add_step("Train", factory.builder("Train", ROUNDS, data=DATA))
    seconds = step.variable("seconds", int)
    assert repr(seconds) == "<Integer variable Steps.Train.TrainingTimeInSeconds>"
    assert repr(step.variable("seconds", float) <= 3.0) == "<condition Steps.Train.TrainingTimeInSeconds <= 3.0>"
    assert repr(step.variable("job_name", str)) == "<String variable Steps.Train.TrainingJobName>"
    wrong = one_of(lambda: step.variable("job_name", int))
    assert (wrong.rule, wrong.message, wrong.fix) == (
        "SMG208",
        "the output 'job_name' of step \"Train\" is String, not Integer",
        "ask for str",
    )
    artifact = one_of(lambda: step.variable("model", str))
    assert (artifact.rule, artifact.fix) == ("SMG206", 'write .output("model")')
    assert one_of(lambda: step.variable("job_name", list)).fix == "ask for str, int, float or bool"  # type: ignore[type-var]  # the mistake
    report = one_of(lambda: prepared(p, factory).variable("statistics", float))
    assert report.fix == 'write .value("statistics", "path.in.it", …)'


def attribute(report: Any, path: str) -> object:
    """A value of a report as one reads it from a generated class."""
    return {
        "rows": lambda: report.rows,
        "ok": lambda: report.ok,
        "title": lambda: report.title,
        "nested.mean": lambda: report.nested.mean,
        "nested.class": lambda: report.nested.class_,
        "quantiles[1]": lambda: report.quantiles[1],
        "columns[0].share": lambda: report.columns[0].share,
        "['odd key']['it\\'s']": lambda: report.odd_key.it_s,
        "['odd key'].a-b": lambda: report.odd_key.a_b,
        "['odd key']['9']": lambda: report.odd_key.x9,
    }[path]()


@pytest.mark.parametrize(("path", "type_"), PATHS)
def test_a_value_of_a_report_by_its_path(
    p: Any, steps: Steps, factory: ProxyFactory, path: str, type_: type[float]
) -> None:
    typed = attribute(p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA])).statistics, path)
    untyped = prepared(p, factory).value("statistics", path, type_)
    assert repr(untyped) == repr(typed)
    assert repr(attribute(prepared(p, factory).output("statistics"), path)) == repr(typed)


@pytest.mark.parametrize(
    ("path", "rule", "message"),
    [
        ("rosw", "SMG206", "the report of step \"Prep\" has no 'rosw'"),
        ("nested.maen", "SMG206", "the object nested of the report of step \"Prep\" has no 'maen'"),
        ("[0]", "SMG206", "the report of step \"Prep\" has no '[0]'"),
        ("nested[0]", "SMG206", "the object nested of the report of step \"Prep\" has no '[0]'"),
        ("columns.share", "SMG208", "the list columns of the report of step \"Prep\" has no 'share'"),
        ("nested", "SMG208", 'the object nested of the report of step "Prep" is no value, but holds some'),
        ("columns", "SMG208", 'the list columns of the report of step "Prep" is no value, but holds some'),
        (
            "title.x",
            "SMG208",
            '<String variable title of the report of step "Prep"> is a value, below which nothing stands',
        ),
        ("location", "SMG206", "the report of step \"Prep\" has no 'location'"),
        ("rows", "SMG208", "rows of the report 'statistics' is Integer, not String"),
        ("", "SMG208", "'' is no path in a report"),
        ("nested..mean", "SMG208", "'nested..mean' is no path in a report"),
        (".rows", "SMG208", "'.rows' is no path in a report"),
        ("columns[x]", "SMG208", "'columns[x]' is no path in a report"),
        ("columns[-1]", "SMG208", "'columns[-1]' is no path in a report"),
        (3, "SMG208", "3 is no path in a report"),
        (None, "SMG208", "None is no path in a report"),
    ],
)
def test_a_path_that_leads_nowhere(
    p: FluentPipelineBuilder, factory: ProxyFactory, path: Any, rule: str, message: str
) -> None:
    step = prepared(p, factory)
    finding = one_of(lambda: step.value("statistics", path, str))
    assert (finding.rule, finding.message) == (rule, message)
    assert finding.place.file == shown(__file__)


def test_a_value_of_what_is_no_report(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    finding = one_of(lambda: prepared(p, factory).value("train", "rows", int))
    assert (finding.rule, finding.message) == ("SMG206", "the output 'train' is no report file")


def test_outputs_that_are_called_like_a_look_up(p: FluentPipelineBuilder) -> None:
    outputs: JsonObject = {
        name: {"type": "Dataset", "output_name": name, "local_path": f"/opt/ml/processing/{name}"}
        for name in ("output", "value", "variable", "connect_input")
    }
    inputs: JsonObject = {"data": {"type": "Dataset", "local_path": "/opt/ml/processing/in", "required": False}}
    factory = small({"outputs": outputs, "inputs": inputs})
    first = p.add_step("First", factory.builder("Small"))
    for name in outputs:
        assert repr(first.output(name)) == f'<Output[Dataset] of step "First", output "{name}">'
    p.add_step("Second", factory.builder("Small", data=first.output("value")))
    p.add_step("Third", factory.builder("Small", data=first.value))  # type: ignore[arg-type]  # that is the mistake
    finding = one_of(p.build)
    assert finding.rule == "SMG204"
    assert (finding.fix or "").startswith("pass an output of that type: First.output, First.value, First.variable")


# Types ----------------------------------------------------------------------------------------------------------------


def test_references_of_both_kinds_mix(p: Any, steps: Steps, factory: ProxyFactory) -> None:
    typed = p.add_step("Typed", steps.prepare.StepBuilder(raw=[DATA]))
    untyped = prepared(p, factory, "Untyped")
    train = factory.builder("Train", ROUNDS, data=typed.train, validation=untyped.output("train"))
    one = p.add_step("One", train)
    config = steps.train.Config(num_round=1)
    data = untyped.output("train", steps.artifact_types.TrainingData)
    two = p.add_step("Two", steps.train.StepBuilder(config, data=data, validation=typed.test))
    for number, model in enumerate((one.output("model"), two.model)):
        p.add_step(f"Register{number}", factory.builder("Register", {"group": "g", "image": "i"}, model=model))
    assert len(p.build().provenance.steps) == 6


def test_a_wrong_type_is_said_alike(p: Any, steps: Steps, factory: ProxyFactory) -> None:
    made = prepared(p, factory)
    wrong = made.output("test")
    p.add_step("A", steps.train.StepBuilder(steps.train.Config(num_round=1), data=wrong))
    p.add_step("A", factory.builder("Train", ROUNDS, data=wrong))
    found = [finding for finding in findings_of(p.build) if finding.rule == "SMG204"]
    assert len(found) == 2
    assert replace(found[0], place=found[1].place) == found[1]
    assert (found[0].given, found[0].expected) == (
        'Dataset: step "Prep", output "test"',
        "a reference to TrainingData (contract Train 1.2.0)",
    )


def test_auto_ports_are_bound(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    p.add_step("Train", factory.builder("Train", ROUNDS, data=DATA))
    p.add_step("Register", factory.builder("Register", {"group": "g", "image": "i"}, model=AUTO, quality=AUTO))
    step = p.build().provenance.step("Register")
    assert step is not None
    assert list(step.ports) == ["model"]
    (binding,) = step.ports["model"]
    assert isinstance(binding, AutoBinding)
    assert (binding.step, binding.output) == ("Train", "model")


def test_a_type_that_a_package_owns_needs_no_package(p: FluentPipelineBuilder) -> None:
    types: JsonObject = {"Dataset": {"package": "no_such_package"}, "Rows": {"parent": "Dataset"}}
    outputs: JsonObject = {"rows": {"type": "Rows", "output_name": "rows", "local_path": "/opt/ml/processing/rows"}}
    step = p.add_step("S", small({"outputs": outputs}, types).builder("Small"))
    assert [base.__name__ for base in step.output("rows").__smgen_artifact__.__mro__] == [
        "Rows",
        "Dataset",
        "Artifact",
        "object",
    ]


# Scripts --------------------------------------------------------------------------------------------------------------


def test_the_script_is_found_beside_the_contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    relative = os.path.relpath(CONTRACTS)
    factory = ProxyFactory.read(relative)
    monkeypatch.chdir(tmp_path)
    p = FluentPipelineBuilder("Fraud", ENVIRONMENT)
    prepared(p, factory)
    (asset,) = p.build().assets
    assert asset.location.startswith("s3://dev-bucket/Fraud/code/")


def test_a_contract_of_no_folder_has_no_script(p: FluentPipelineBuilder) -> None:
    p.add_step("S", small({"source": {"entry": "x.py"}}).builder("Small"))
    finding = one_of(p.build)
    assert finding.rule == "SMG131"
    assert finding.fix == "use the CONTRACT of a generated module, or a contract that ProxyFactory.read(folder) read"


def test_a_folder_that_is_wrong(tmp_path: Path) -> None:
    assert one_of(lambda: ProxyFactory.read(tmp_path)).rule == "SMG110"
    with pytest.raises(OSError, match="No such file"):
        ProxyFactory.read(tmp_path / "none")


# Proxies of no pipeline -----------------------------------------------------------------------------------------------


def test_a_proxy_of_no_pipeline(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    contract = factory.registry["Tune"]
    for step in (factory.create_step_proxy("T", "Tune"), factory.create_step_proxy("T", contract)):
        assert isinstance(step, StepOutputProxy)
        assert repr(step.variable("best_job", str)) == "<String variable Steps.T.BestTrainingJob.TrainingJobName>"
        assert one_of(lambda: step.output("best_modle")).nearest == "best_model"  # noqa: B023  # called at once
        assert step.output("best_model").__smgen_artifact__.__name__ == "ModelArtifacts"
        refused = one_of(lambda: step.connect_input("data", DATA))  # noqa: B023  # called at once
        assert refused.message == '<TuneProxy of step "T"> belongs to no pipeline, so none of its ports can be bound'
    other = factory.create_step_proxy("Prep", "Prepare")
    p.add_step("Train", factory.builder("Train", ROUNDS, data=other.output("train")))
    found = [finding for finding in findings_of(p.build) if finding.rule == "SMG202"]
    assert [finding.message for finding in found] == ['step "Prep", output "train" belongs to another pipeline']
    assert one_of(lambda: factory.create_step_proxy("T", "Tuen")).nearest == "Tune"


def test_the_whole_pipeline_is_the_same_in_every_run(factory: ProxyFactory) -> None:
    def built(maker: ProxyFactory) -> str:
        p = FluentPipelineBuilder("Fraud", Environment("dev", bucket="b", role="r", images=ENVIRONMENT.images))
        made = prepared(p, maker)
        p.add_step("Note", maker.builder("Notify", {"function": "arn"}, text=made.variable("job_name", str)))
        return str(p.build().definition.document)

    assert built(factory) == built(ProxyFactory.read(CONTRACTS))


def test_nothing_is_reported_but_findings(factory: ProxyFactory) -> None:
    wrong: list[Any] = [{"num_round": object()}, {"num_round": []}, {3: 4}, [], "x", 3, object()]
    for values in wrong:
        with pytest.raises(FindingsError):
            factory.builder("Train", values, data=DATA)
