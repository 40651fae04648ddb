"""Ports that are bound after their step was added."""

from __future__ import annotations

from typing import Any

import pytest

from smgen.definition import ExternalBinding, ReferenceBinding
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject
from smgen.runtime import AUTO, External, FluentPipelineBuilder, ProxyFactory, RunTimeProxy
from tests.runtime.fixture_package import CONTRACTS, Steps, findings_of, line, one_of, rules_of, shown
from tests.runtime.test_proxy_factory import small

DATA: External[Any] = External("s3://b/data")
ROUNDS = {"num_round": 1}


@pytest.fixture(scope="module")
def factory() -> ProxyFactory:
    return ProxyFactory.read(CONTRACTS)


def trained(p: FluentPipelineBuilder, factory: ProxyFactory, name: str = "Train", **ports: Any) -> RunTimeProxy:
    step = p.add_step(name, factory.builder("Train", ROUNDS, **ports))
    p.add_step(f"Register{name}", factory.builder("Register", {"group": "g", "image": "i"}, model=step.output("model")))
    return step


def ports(p: FluentPipelineBuilder, step: str) -> dict[str, Any]:
    found = p.build().provenance.step(step)
    assert found is not None
    return dict(found.ports)


def test_ports_that_were_left_open(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    train = trained(p, factory, data=None)
    prep = p.add_step("Prep", factory.builder("Prepare", raw=AUTO))
    train.connect_input("data", prep.output("train"))
    train.connect_input("validation", DATA)
    prep.connect_input("raw", [DATA])
    assert ports(p, "Train") == {"data": (ReferenceBinding("Prep", "train"),), "validation": (ExternalBinding(),)}
    assert ports(p, "Prep") == {"raw": (ExternalBinding(),)}


def test_a_port_that_stays_open_is_reported(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    trained(p, factory, data=None)
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG205", "the required port 'data' is not bound")


def test_a_generated_step(p: Any, steps: Steps) -> None:
    prep = p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA]))
    train = p.add_step("Train", steps.train.StepBuilder(steps.train.Config(num_round=1), data=prep.train))
    p.add_step("Register", steps.register.StepBuilder(steps.register.Config(group="g", image="i"), model=train.model))
    ProxyFactory.connect_input(train, "validation", prep.test)
    assert ports(p, "Train")["validation"] == (ReferenceBinding("Prep", "test"),)


def test_a_port_that_is_bound_already(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    prep = p.add_step("Prep", factory.builder("Prepare", raw=[DATA]))
    step = p.add_step("Train", factory.builder("Train", ROUNDS, data=prep.output("train")))
    added = line() - 1
    p.add_step("Register", factory.builder("Register", {"group": "g", "image": "i"}, model=step.output("model")))
    step.connect_input("data", DATA)
    step.connect_input("validation", prep.output("test"))
    connected = line() - 1
    step.connect_input("validation", DATA)
    first, second = findings_of(p.build)
    file = shown(__file__)
    assert first == Finding(
        "SMG207",
        "the port 'data' is bound already",
        Place(file=file, line=connected - 1, step="Train", port="data"),
        given="External('s3://b/data')",
        expected='<Output[TrainingData] of step "Prep", output "train">',
        expected_at=Place(file=file, line=added, step="Train"),
        fix="bind it once; a port that is to be connected later is None in the builder",
    )
    assert second.expected_at == Place(file=file, line=connected, step="Train", port="validation")


def test_the_same_reference_again_changes_nothing(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    prep = p.add_step("Prep", factory.builder("Prepare", raw=[DATA], self_=p.integer("Size", default=1)))
    train = trained(p, factory, data=prep.output("train"), validation=External("s3://b/v"))
    train.connect_input("data", prep.output("train"))
    train.connect_input("validation", External("s3://b/v"))
    prep.connect_input("self", p.integer("Other", default=2))
    other = prep.output("train") / "part"
    train.connect_input("data", other)
    assert [finding.place.port for finding in findings_of(p.build)] == ["self", "data"]


def test_a_port_with_many_takes_one_more_each_time(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    first = p.add_step("First", factory.builder("Prepare", raw=[DATA]))
    second = p.add_step("Second", factory.builder("Prepare", raw=None))
    for reference in (first.output("test"), first.output("train"), first.output("test"), DATA):
        second.connect_input("raw", reference)
    assert ports(p, "Second")["raw"] == (
        ReferenceBinding("First", "test"),
        ReferenceBinding("First", "train"),
        ExternalBinding(),
    )


@pytest.mark.parametrize("reference", [None, AUTO, []])
def test_no_reference(p: FluentPipelineBuilder, factory: ProxyFactory, reference: object) -> None:
    train = trained(p, factory, data=DATA)
    train.connect_input("validation", reference)
    finding = one_of(p.build)
    assert (finding.rule, finding.message) == ("SMG207", "the port 'validation' was connected to no reference")


@pytest.mark.parametrize("reference", ["s3://b/k", 3, object()])
def test_what_is_no_reference_is_said_by_build(
    p: FluentPipelineBuilder, factory: ProxyFactory, reference: object
) -> None:
    train = trained(p, factory, data=DATA)
    train.connect_input("validation", reference)
    connected = line() - 1
    finding = one_of(p.build)
    assert finding.rule == "SMG204"
    assert finding.place == Place(file=shown(__file__), line=connected, step="Train", port="validation")


def test_a_port_that_there_is_not(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    train = trained(p, factory, data=DATA)
    train.connect_input("validaton", DATA)
    connected = line() - 1
    train.connect_input("training", DATA)
    train.connect_input(3, DATA)  # type: ignore[arg-type]  # that is the mistake
    unknown, former, number = sorted(findings_of(p.build), key=lambda finding: finding.place.line or 0)
    assert unknown == Finding(
        "SMG207",
        "a step of contract Train has no port 'validaton'",
        Place(file=shown(__file__), line=connected, step="Train"),
        given="validaton",
        expected="data, validation",
        expected_at=train.__smgen_step__.place,
        nearest="validation",
        fix='write connect_input("validation", …)',
    )
    assert (former.rule, former.message) == ("SMG501", "the port 'training' of contract Train is called 'data' now")
    assert (number.rule, number.given) == ("SMG207", "3")


def test_two_steps_of_one_builder(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    builder = factory.builder("Train", ROUNDS, data=DATA)
    one, two = p.add_step("One", builder), p.add_step("Two", builder)
    for step in (one, two):
        name = f"Register{step.__smgen_step__.name}"
        p.add_step(name, factory.builder("Register", {"group": "g", "image": "i"}, model=step.output("model")))
    one.connect_input("validation", DATA)
    assert list(ports(p, "One")) == ["data", "validation"]
    assert list(ports(p, "Two")) == ["data"]
    assert builder.__smgen_ports__["validation"] is None


def test_a_port_that_auto_connect_bound(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    prep = p.add_step("Prep", factory.builder("Prepare", raw=[DATA]))
    train = trained(p, factory, data=AUTO)
    p.auto_connect()
    train.connect_input("data", prep.output("train"))
    train.connect_input("data", DATA)
    finding = one_of(p.build)
    assert finding.message == "the port 'data' is bound already"
    assert finding.expected == '<Output[TrainingData] of step "Prep", output "train">'


SMALL: JsonObject = {
    "inputs": {
        "data": {"type": "Dataset", "local_path": "/opt/ml/processing/in", "required": False},
        "more": {"type": "Dataset", "local_path": "/opt/ml/processing/more", "required": False},
    },
    "outputs": {"rows": {"type": "Dataset", "output_name": "rows", "local_path": "/opt/ml/processing/rows"}},
}


def test_steps_that_wait_for_each_other(p: FluentPipelineBuilder) -> None:
    factory = small(SMALL)
    one = p.add_step("One", factory.builder("Small"))
    two = p.add_step("Two", factory.builder("Small", data=one.output("rows")))
    three = p.add_step("Three", factory.builder("Small", data=two.output("rows"), more=one.output("rows")))
    one.connect_input("data", three.output("rows"))
    connected = line() - 1
    assert one_of(p.build) == Finding(
        "SMG213",
        'step "One" waits for itself: One -> Three -> One',
        Place(file=shown(__file__), line=connected, step="One", port="data"),
        expected="steps that can run one after the other",
        fix="connect one of their ports to something else",
    )


def test_a_step_that_reads_itself(p: FluentPipelineBuilder) -> None:
    one = p.add_step("One", small(SMALL).builder("Small"))
    one.connect_input("data", one.output("rows"))
    assert one_of(p.build).message == 'step "One" waits for itself: One -> One'


def test_a_circle_through_a_condition(p: FluentPipelineBuilder, factory: ProxyFactory) -> None:
    first = p.add_step("First", factory.builder("Prepare", raw=None))
    gate = p.condition("Gate", first.value("statistics", "rows", int) > 1)
    inner = gate.then.add_step("Inner", factory.builder("Prepare", raw=[DATA]))
    first.connect_input("raw", inner.output("test"))
    assert rules_of(p.build) == ["SMG203", "SMG213"]


def test_an_earlier_step_may_read_a_later_one(p: FluentPipelineBuilder) -> None:
    factory = small(SMALL)
    one, two = (p.add_step(name, factory.builder("Small")) for name in ("One", "Two"))
    one.connect_input("data", two.output("rows"))
    assert ports(p, "One") == {"data": (ReferenceBinding("Two", "rows"),)}
