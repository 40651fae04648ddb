"""Loops, run conditions and cleanup steps: each line with a mark is a mistake, every other line is right."""

from __future__ import annotations

from smgen.runtime import (
    AUTO,
    BranchBuilder,
    Environment,
    External,
    FluentPipelineBuilder,
    ForEachStep,
    Item,
    ItemRecord,
    Output,
    Ran,
    StepsBuilder,
    Variable,
    join,
)
from smgen_steps import tabular_preprocessing, xgboost_training
from smgen_steps.artifact_types import ModelArtifacts
from typing_extensions import assert_type


class Zone(ItemRecord):
    code: Item[str]


class Region(ItemRecord, folder="name", keys={"size": "the-size"}):
    name: Item[str]
    size: Item[int]
    rate: Item[float]
    zone: Zone


class Wrong(ItemRecord):
    tags: Item[list[str]]  # E


def records(text: Variable[str], number: Variable[int]) -> None:
    eu = Region(name="eu", size=3, rate=1, zone=Zone(code="a"))
    Region(name=text, size=number, rate=number, zone=Zone(code=text))
    Region(name=3, size=3, rate=0.5, zone=Zone(code="a"))  # E
    Region(name="eu", size="3", rate=0.5, zone=Zone(code="a"))  # E
    Region(name="eu", size=text, rate=0.5, zone=Zone(code="a"))  # E
    Region(name="eu", size=3, rate=0.5, zone="a")  # E
    Region(name="eu", size=3, rate=0.5)  # E
    Region(nmae="eu", size=3, rate=0.5, zone=Zone(code="a"))  # E
    Region("eu", 3, 0.5, Zone(code="a"))  # E
    eu.name = 3  # E


def items(p: FluentPipelineBuilder, text: Variable[str], number: Variable[int], flag: Variable[bool]) -> None:
    eu = Region(name="eu", size=3, rate=1, zone=Zone(code="a"))
    names: list[str] = ["eu", "na"]
    assert_type(p.for_each("A", items=["eu", "na"], max_concurrency=2).item, Variable[str])
    assert_type(p.for_each("B", items=["eu", text], max_concurrency=2).item, Variable[str])
    assert_type(p.for_each("C", items=names, max_concurrency=2).item, Variable[str])
    assert_type(p.for_each("D", items=(text, text), max_concurrency=2).item, Variable[str])
    assert_type(p.for_each("E", items=[1, number], max_concurrency=2).item, Variable[int])
    assert_type(p.for_each("F", items=[1, 0.5], max_concurrency=2).item, Variable[float])
    assert_type(p.for_each("G", items=[True, flag], max_concurrency=2).item, Variable[bool])
    assert_type(p.for_each("H", items=[eu, eu], max_concurrency=2).item, Region)
    assert_type(p.for_each("I", items=text, of=Region, max_concurrency=2).item, Region)
    assert_type(p.for_each("J", items=[text, text], of=Region, max_concurrency=2).item, Region)
    assert_type(p.for_each("K", items=text, of=float, max_concurrency=2).item, Variable[float])
    p.for_each("L", items=text, max_concurrency=2)  # E
    p.for_each("M", items=[1, "a"], max_concurrency=2)  # E
    p.for_each("N", items=number, of=Region, max_concurrency=2)  # E
    p.for_each("O", items=[{"name": "eu"}], max_concurrency=2)  # E
    p.for_each("P", items=[None], max_concurrency=2)  # E
    p.for_each("Q", items=["eu"])  # E
    p.for_each("R", items=["eu"], max_concurrency="2")  # E
    p.for_each("S", items=text, of=list, max_concurrency=2)  # E
    p.for_each("T", items={"eu", "na"}, max_concurrency=2)  # E


def loops(p: FluentPipelineBuilder, env: Environment, score: Variable[float]) -> None:
    eu = Region(name="eu", size=3, rate=1, zone=Zone(code="a"))
    loop = p.for_each("PerRegion", items=[eu], max_concurrency=2)
    assert_type(loop, ForEachStep[Region])
    assert_type(loop.item.name, Variable[str])
    assert_type(loop.item.size, Variable[int])
    assert_type(loop.item.zone.code, Variable[str])
    assert_type(loop.body, StepsBuilder)
    preprocessing = loop.body.add_step(
        "Preprocess",
        tabular_preprocessing.StepBuilder(raw_data=External(join("/", env.uri("raw"), loop.item.name))),
    )
    config = xgboost_training.Config(num_round=loop.item.size, eta=loop.item.rate)
    training = loop.body.add_step("Train", xgboost_training.StepBuilder(config, training_data=AUTO))
    loop.body.add_step("Again", xgboost_training.StepBuilder(config, training_data=preprocessing.processed_data))
    xgboost_training.Config(num_round=loop.item.name)  # E
    xgboost_training.Config(num_round=loop.item)  # E
    External(loop.item.size)  # E
    join("/", loop.item)  # E
    loop.item.nmae  # E
    loop.item.zone.cod  # E
    loop.body.condition("Gate", loop.item.size >= 3)  # E
    loop.body.fail("Stop", loop.item.name)  # E
    loop.body.for_each("Inner", items=["a"], max_concurrency=1)  # E
    place: BranchBuilder = loop.body  # E

    iteration = loop.outputs[0]
    assert_type(iteration[training], xgboost_training.Proxy)
    assert_type(iteration[training].model_artifacts, Output[ModelArtifacts])
    assert_type(loop.max_by(training, score), xgboost_training.Proxy)
    assert_type(loop.status, Variable[str])
    assert_type(loop.failed_step_count, Variable[int])
    iteration[training].model_artifact  # E
    iteration["Train"]  # E
    iteration.model_artifacts  # E
    loop.outputs["Train"]  # E
    loop.outputs.training  # E
    loop.max_by(training, training.training_job_name)  # E
    loop.max_by("Train", score)  # E
    loop.min_by(training)  # E
    loop.selected  # E
    loop.satus  # E

    gate = p.condition("Gate", loop.failed_step_count <= 0, after=[Ran.any(loop)])
    nested = gate.then.for_each("Nested", items=[1], max_concurrency=1, after=[loop, Ran.failed(gate)])
    gate.otherwise.fail("Failed", loop.status, after=[Ran.stopped(loop)])
    nested.body.add_step("Inner", xgboost_training.StepBuilder(config, training_data=AUTO), after=[Ran.any(training)])
    p.fail("A", "text", after=["Train"])  # E
    p.fail("B", "text", after=[Ran.failed("Train")])  # E
    p.fail("C", "text", after=[Ran.succeeded(training)])  # E
    p.fail("D", "text", after=[Ran(training, "Finished")])  # E
    p.fail("E", "text", after=[training.model_artifacts])  # E

    clean = p.cleanup("Clean", training, preprocessing.test_data / "test.csv", after=[Ran.any(training)])
    p.fail("F", "text", after=[clean, Ran.failed(clean)])
    p.cleanup("G", "s3://bucket/key")  # E
    p.cleanup("H", training.training_job_name)  # E
    clean.status  # E
