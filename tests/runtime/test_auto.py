"""AUTO ports: bound by evidence or by the lock, never silently, and never into a cycle or a branch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from smgen.definition import AutoBinding, dump_definition
from smgen.diagnostics import Finding
from smgen.runtime import AUTO, BranchBuilder, Environment, External, FluentPipelineBuilder, join
from smgen.wiring import LockedBinding, WiringLock, joined, read_lock
from smgen_steps import (
    create_model,
    data_load,
    model_evaluation,
    model_registration,
    tabular_preprocessing,
    xgboost_training,
)
from tests.runtime.fixture_package import findings_of

ENVIRONMENT = Environment(
    "dev",
    account="123456789012",
    region="eu-west-1",
    role="arn:aws:iam::123456789012:role/dev",
    bucket="dev-bucket",
    images={"scikit-learn": "sklearn:1", "xgboost": "xgb:1"},
    model_package_groups={"fraud": "Fraud"},
)


def pipeline(lock: WiringLock | None = None, *, locked: bool = False) -> FluentPipelineBuilder:
    return FluentPipelineBuilder("Fraud", ENVIRONMENT, lock=lock, locked=locked)


def preprocessed(p: FluentPipelineBuilder, name: str = "Preprocess") -> tabular_preprocessing.Proxy:
    return p.add_step(name, tabular_preprocessing.StepBuilder(raw_data=External("s3://dev-bucket/raw")))


def trained(p: BranchBuilder, name: str = "Train") -> xgboost_training.Proxy:
    config = xgboost_training.Config(num_round=1)
    return p.add_step(name, xgboost_training.StepBuilder(config, training_data=AUTO, validation_data=AUTO))


def evaluated(p: FluentPipelineBuilder, name: str = "Evaluate") -> model_evaluation.Proxy:
    return p.add_step(name, model_evaluation.StepBuilder(model=AUTO, test_data=AUTO))


def lines(p: FluentPipelineBuilder) -> list[str]:
    return [binding.text for binding in p.auto_connect().connections.bindings]


def found(p: FluentPipelineBuilder) -> list[Finding]:
    """What build() reports, but for outputs that these short pipelines leave unread."""
    return [finding for finding in findings_of(p.build) if finding.rule != "SMG214"]


def only(p: FluentPipelineBuilder) -> Finding:
    (finding,) = found(p)
    return finding


def locked(*texts: str) -> WiringLock:
    return read_lock("".join(f"{text}\n" for text in texts), "smgen.lock")


def short(finding: Finding) -> tuple[str, str | None, str | None, str]:
    return finding.rule, finding.place.step, finding.place.port, finding.message


# By evidence ---------------------------------------------------------------------------------------------------------


def test_auto_ports_are_bound_and_their_evidence_is_kept() -> None:
    p = pipeline()
    preprocessed(p)
    trained(p)
    evaluated(p)
    assert lines(p) == [
        "Fraud: Train.training_data = Preprocess.processed_data",
        "Fraud: Train.validation_data = Preprocess.validation_data",
        "Fraud: Evaluate.model = Train.model_artifacts",
        "Fraud: Evaluate.test_data = Preprocess.test_data",
    ]
    compiled = p.build()
    step = compiled.provenance.step("Train")
    assert step is not None
    (binding,) = step.ports["validation_data"]
    assert binding == AutoBinding(
        "Preprocess",
        "validation_data",
        None,
        ("same name 'validation_data'", "lists the source 'TabularPreprocessing'"),
    )
    assert compiled.provenance.from_json(compiled.provenance.to_json()) == compiled.provenance


def test_the_definition_is_that_of_explicit_references() -> None:
    auto, explicit = pipeline(), pipeline()
    preprocessed(auto)
    trained(auto)
    evaluated(auto)
    preprocessing = preprocessed(explicit)
    training = explicit.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=1),
            training_data=preprocessing.processed_data,
            validation_data=preprocessing.validation_data,
        ),
    )
    explicit.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
    )
    assert dump_definition(auto.build().definition) == dump_definition(explicit.build().definition)


def test_an_explicit_binding_stays_and_takes_its_output() -> None:
    p = pipeline()
    first, _ = preprocessed(p, "First"), preprocessed(p, "Second")
    config = xgboost_training.Config(num_round=1)
    p.add_step("Train", xgboost_training.StepBuilder(config, training_data=first.processed_data, validation_data=AUTO))
    # Two steps offer validation data, and nothing says which one is meant: the optional port stays empty.
    assert lines(p) == []
    ((handle, empty),) = p.connections.unbound.items()
    assert (handle.name, empty["validation_data"].candidates) == ("Train", ("First.validation_data",))


def test_an_ambiguous_port_is_reported_with_its_candidates() -> None:
    p = pipeline()
    preprocessed(p, "First")
    preprocessed(p, "Second")
    config = xgboost_training.Config(num_round=1)
    p.add_step("Train", xgboost_training.StepBuilder(config, training_data=AUTO))
    finding = only(p)
    assert short(finding) == (
        "SMG201",
        "Train",
        "training_data",
        "the port 'training_data' is AUTO, and no output is certain to be meant: two or more outputs fit as well",
    )
    assert finding.fix == "write training_data=… with one of: First.processed_data, Second.processed_data"
    assert finding.given is not None
    assert finding.given.startswith("First.processed_data (the output's alias 'training_data', ")
    assert finding.place.line is not None


def test_words_in_the_names_of_steps_decide_between_equal_outputs() -> None:
    p = pipeline()
    for region in ("Europe", "America"):
        preprocessed(p, f"Preprocess-{region}")
        trained(p, f"Train-{region}")
    assert lines(p) == [
        "Fraud: Train-Europe.training_data = Preprocess-Europe.processed_data",
        "Fraud: Train-Europe.validation_data = Preprocess-Europe.validation_data",
        "Fraud: Train-America.training_data = Preprocess-America.processed_data",
        "Fraud: Train-America.validation_data = Preprocess-America.validation_data",
    ]


def test_steps_added_later_count_as_well() -> None:
    p = pipeline()
    trained(p)
    preprocessed(p)
    assert lines(p)[0] == "Fraud: Train.training_data = Preprocess.processed_data"


def test_a_report_file_is_bound() -> None:
    p = pipeline()
    preprocessed(p)
    trained(p)
    evaluation = evaluated(p)
    gate = p.condition("Gate", evaluation.metrics.regression_metrics.mse.value <= 6.0)
    gate.then.add_step(
        "Register",
        model_registration.StepBuilder(model_registration.Config(model_package_group="g"), model=AUTO, quality=AUTO),
    )
    compiled = p.build()
    assert [binding.text for binding in compiled.connections.bindings][-2:] == [
        "Fraud: Register.model = Train.model_artifacts",
        "Fraud: Register.quality = Evaluate.evaluation.metrics",
    ]
    again = pipeline(WiringLock(compiled.connections.bindings), locked=True)
    preprocessed(again)
    trained(again)
    evaluation = evaluated(again)
    gate = again.condition("Gate", evaluation.metrics.regression_metrics.mse.value <= 6.0)
    gate.then.add_step(
        "Register",
        model_registration.StepBuilder(model_registration.Config(model_package_group="g"), model=AUTO, quality=AUTO),
    )
    assert dump_definition(again.build().definition) == dump_definition(compiled.definition)


# Never against a hard rule -------------------------------------------------------------------------------------------


def test_nothing_is_taken_out_of_a_branch() -> None:
    p = pipeline()
    preprocessed(p)
    gate = p.condition("Gate", p.integer("Days", default=1) >= 7)
    trained(gate.then)
    p.add_step("Model", create_model.StepBuilder(model=AUTO))
    finding = only(p)
    assert finding.message.endswith(': Train.model_artifacts stands in the branch "then" of condition "Gate"')


def test_a_branch_sees_what_stands_outside() -> None:
    p = pipeline()
    preprocessed(p)
    trained(p)
    gate = p.condition("Gate", p.integer("Days", default=1) >= 7)
    gate.then.add_step("Model", create_model.StepBuilder(model=AUTO))
    assert lines(p)[-1] == "Fraud: Model.model = Train.model_artifacts"


def test_no_cycle_through_after() -> None:
    p = pipeline()
    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=AUTO))
    p.add_step("Load", data_load.StepBuilder(source_data=External("s3://dev-bucket/raw")), after=[preprocessing])
    finding = only(p)
    assert finding.message.endswith(": Load.raw_data fits, but Load waits for Preprocess")


def test_no_cycle_through_a_condition() -> None:
    p = pipeline()
    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=AUTO))
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(xgboost_training.Config(num_round=1), training_data=preprocessing.processed_data),
    )
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
    )
    gate = p.condition("Gate", evaluation.metrics.regression_metrics.mse.value <= 6.0)
    gate.then.fail("F", "x")
    p.add_step("Load", data_load.StepBuilder(source_data=External("s3://dev-bucket/raw")), after=[gate])
    assert only(p).message.endswith(": Load.raw_data fits, but Load waits for Preprocess")


def test_no_cycle_through_a_setting_or_a_location() -> None:
    for setting in (True, False):
        p = pipeline()
        preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=AUTO))
        where = join("/", preprocessing.test_data.location, "x")
        builder = data_load.StepBuilder(source_data=External(where if setting else "s3://b/x"))
        p.add_step("Load", builder if setting else builder.with_output_locations(raw_data=where))
        assert only(p).message.endswith(": Load.raw_data fits, but Load waits for Preprocess")


# In two steps --------------------------------------------------------------------------------------------------------


def test_auto_connect_lets_one_look_and_keeps_what_it_bound() -> None:
    p = pipeline()
    preprocessed(p, "First")
    trained(p)
    assert not p.connections.bindings
    assert p.auto_connect() is p
    assert [binding.source for binding in p.connections.bindings] == ["First.processed_data", "First.validation_data"]
    # Both would be ambiguous now.
    preprocessed(p, "Second")
    assert lines(p)[0] == "Fraud: Train.training_data = First.processed_data"


def test_auto_connect_reports_nothing_that_later_steps_may_mend() -> None:
    p = pipeline()
    trained(p)
    p.auto_connect()
    assert p.connections.bindings == ()
    preprocessed(p)
    assert len(lines(p)) == 2


def test_names_given_twice_are_told_once() -> None:
    p = pipeline()
    preprocessed(p)
    trained(p)
    trained(p)
    assert [finding.rule for finding in found(p)] == ["SMG200"]


# By the lock ---------------------------------------------------------------------------------------------------------

FIRST = "Fraud: Train.training_data = First.processed_data"


def two_sources(lock: WiringLock | None = None, *, locked: bool = False) -> FluentPipelineBuilder:
    p = pipeline(lock, locked=locked)
    preprocessed(p, "First")
    preprocessed(p, "Second")
    config = xgboost_training.Config(num_round=1)
    p.add_step("Train", xgboost_training.StepBuilder(config, training_data=AUTO))
    return p


def test_the_lock_binds_what_is_ambiguous_without_it() -> None:
    p = two_sources(locked(FIRST), locked=True)
    p.add_step("Model", create_model.StepBuilder(model=External("s3://b/model")))
    assert found(p) == []
    assert lines(p) == [FIRST]
    assert p.connections.unlocked == ()
    ((_, ports),) = ((step, ports) for step, ports in p.connections.bound.items() if ports)
    (bound,) = ports["training_data"]
    assert bound.binding == AutoBinding("First", "processed_data", None, ("smgen.lock says so",))


def test_lines_of_an_environment_come_before_those_for_all() -> None:
    own = "Fraud@dev: Train.training_data = Second.processed_data"
    other = "Fraud@prod: Train.training_data = First.processed_data"
    assert lines(two_sources(locked(FIRST, own, other))) == ["Fraud: Train.training_data = Second.processed_data"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Train.training_data = Third.processed_data", "there is no step Third"),
        ("Train.training_data = First.processed", "there is no output First.processed"),
        ("Train.training_data = First.processed_data.part", "there is no output First.processed_data.part"),
        ("Train.training_data = First.test_data", "First.test_data is no TrainingData"),
        ("Train.training_data = Train.model_artifacts", "Train.model_artifacts is no TrainingData"),
    ],
)
def test_a_line_that_cannot_be_followed(line: str, reason: str) -> None:
    finding = only(two_sources(locked(f"Fraud: {line}")))
    assert finding.rule == "SMG201"
    both = found(two_sources(locked(f"Fraud: {line}"), locked=True))
    assert [short(item) for item in both if item.rule == "SMG218"] == [
        (
            "SMG218",
            "Train",
            "training_data",
            f"the port 'training_data' is AUTO and is not bound as smgen.lock says: {reason}",
        )
    ]


def test_a_line_that_would_close_a_cycle_is_not_followed() -> None:
    lock = locked("Fraud: Preprocess.raw_data = Load.raw_data")
    p = pipeline(lock, locked=True)
    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=AUTO))
    p.add_step("Load", data_load.StepBuilder(source_data=External("s3://dev-bucket/raw")), after=[preprocessing])
    rules = [(item.rule, item.message.rpartition(": ")[2]) for item in found(p)]
    assert sorted(rules) == [
        ("SMG201", "Load.raw_data fits, but Load waits for Preprocess"),
        ("SMG218", "Load waits for Preprocess"),
    ]


def test_a_binding_that_the_lock_lacks() -> None:
    p = pipeline(locked("Fraud: Train.training_data = Preprocess.processed_data"), locked=True)
    preprocessed(p)
    trained(p)
    finding = only(p)
    assert short(finding) == (
        "SMG218",
        "Train",
        "validation_data",
        "the port 'validation_data' is AUTO, and smgen.lock has no line for it",
    )
    assert finding.expected == "Fraud: Train.validation_data = Preprocess.validation_data"


def test_what_auto_connect_bound_is_held_against_the_lock() -> None:
    p = pipeline(locked(), locked=True)
    preprocessed(p)
    trained(p)
    p.auto_connect()
    assert [finding.rule for finding in found(p)] == ["SMG218", "SMG218"]


# The file ------------------------------------------------------------------------------------------------------------


def test_the_lock_file_reads_back() -> None:
    bindings = (
        LockedBinding("Fraud", "Train", "training_data", "Preprocess", "processed_data"),
        LockedBinding("Fraud", "Register", "quality", "Evaluate", "evaluation", "metrics"),
        LockedBinding("Fraud", "Train", "validation_data", "Split", "rest", environment="a: b@c"),
    )
    text = WiringLock(bindings).to_text()
    assert text == (
        "# What AUTO ports are bound to. Written by 'smgen resolve --lock'; one line for each binding.\n"
        "Fraud: Register.quality = Evaluate.evaluation.metrics\n"
        "Fraud: Train.training_data = Preprocess.processed_data\n"
        "Fraud@a%3A%20b%40c: Train.validation_data = Split.rest\n"
    )
    read = read_lock(text, "smgen.lock").bindings
    assert sorted(replace(binding, line=None).text for binding in read) == sorted(item.text for item in bindings)
    assert [binding.line for binding in read] == [2, 3, 4]
    assert WiringLock().to_text() == ""


def test_every_line_that_cannot_be_read_is_reported() -> None:
    text = "# c\n\n<<<<<<< HEAD\nFraud: A.x = B.y\n=======\nnonsense\n>>>>>>> other\nFraud: A.x = B\n"
    found = findings_of(lambda: read_lock(text, "smgen.lock"))
    assert [(item.place.line, item.message) for item in found] == [
        (3, "smgen.lock has a conflict of a merge in it"),
        (5, "smgen.lock has a conflict of a merge in it"),
        (6, "a line of smgen.lock cannot be read"),
        (7, "smgen.lock has a conflict of a merge in it"),
        (8, "a line of smgen.lock cannot be read"),
    ]


def test_environments_share_lines_where_they_agree() -> None:
    shared = LockedBinding("F", "Train", "a", "S", "o")
    here, there = LockedBinding("F", "Train", "b", "S", "p"), LockedBinding("F", "Train", "b", "S", "q")
    texts = [binding.text for binding in joined({"dev": [shared, here], "prod": [there, shared], "test": [here]})]
    assert texts == [
        "F: Train.a = S.o",
        "F@dev: Train.b = S.p",
        "F@prod: Train.b = S.q",
        "F@test: Train.b = S.p",
    ]


# Stable --------------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["Preprocess", "Train", "Evaluate"]), min_size=1, max_size=5), st.data())
def test_what_is_locked_stays_when_steps_are_added(kinds: list[str], data: st.DataObject) -> None:
    """The bindings of a pipeline hold, line by line, whatever is added later and wherever."""

    def add(p: FluentPipelineBuilder, kind: str, number: int) -> None:
        name = f"{kind}{number}"
        if kind == "Preprocess":
            preprocessed(p, name)
        elif kind == "Train":
            config = xgboost_training.Config(num_round=1)
            p.add_step(name, xgboost_training.StepBuilder(config, training_data=AUTO, validation_data=AUTO))
        else:
            p.add_step(name, model_evaluation.StepBuilder(model=AUTO, test_data=AUTO))

    first = pipeline()
    for number, kind in enumerate(kinds):
        add(first, kind, number)
    before = first.auto_connect().connections.bindings
    more = data.draw(st.lists(st.sampled_from(["Preprocess", "Train", "Evaluate"]), max_size=3))
    steps = [(kind, number) for number, kind in enumerate((*kinds, *more))]
    second = pipeline(read_lock(WiringLock(before).to_text(), "smgen.lock"))
    for kind, number in data.draw(st.permutations(steps)):
        add(second, kind, number)
    after = second.auto_connect().connections
    assert {binding.text for binding in before} <= {binding.text for binding in after.bindings}
    assert after.stale == ()
