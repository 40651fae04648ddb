"""Pipelines that the tests of smgen.testing look at, made of the fixture contracts."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from smgen.diagnostics import FindingsError
from smgen.runtime import (
    AUTO,
    Cache,
    Environment,
    Execution,
    External,
    FluentPipelineBuilder,
    ProxyFactory,
    Ran,
    Retry,
    join,
)
from smgen.testing import TestedPipeline, compile_pipeline

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "abalone"
STEPS = ProxyFactory.read(ROOT / "tests" / "data" / "runtime_contracts")
LOOP_STEPS = ProxyFactory.read(ROOT / "tests" / "data" / "loop_contracts")

ENVIRONMENT = Environment(
    "dev",
    account="123456789012",
    region="eu-west-1",
    role="arn:aws:iam::123456789012:role/dev",
    bucket="dev-bucket",
    images={"prep": "prep:1", "xgboost": "xgb:1"},
)


def fraud(p: FluentPipelineBuilder, env: Environment, attempts: int = 3) -> None:
    """Every kind of edge: ports, AUTO, report files, values in arguments and conditions, ``after=``."""
    instance = p.string("Instance", default="ml.m5.xlarge")
    limit = p.float("Limit", default=0.5)
    mode = p.string("Mode", enum=["quick", "full"])
    raw = External(env.uri("raw"))
    prepare = p.add_step("Prepare", STEPS.builder("Prepare", {"LEVEL": 3}, raw=[raw]), cache=Cache.days(30))
    train = p.add_step(
        "Train",
        STEPS.builder(
            "Train",
            {"num_round": 7, "note": prepare.variable("job_name", str), "instance_type": instance, "REGION": "EU"},
            data=prepare.output("train"),
            validation=prepare.output("test"),
        ),
        retry=Retry(("SageMaker.CAPACITY_ERROR",), max_attempts=attempts),
    )
    notify = p.add_step(
        "Notify", STEPS.builder("Notify", {"function": "arn:aws:lambda:eu-west-1:123456789012:function:ask"})
    )
    mean = prepare.value("statistics", "nested.mean", float)
    answer = notify.variable("answer", str)
    gate = p.condition("Gate", mean <= limit, answer.equals("yes") | ~mode.is_in(["full"]))
    gate.then.add_step(
        "Register",
        STEPS.builder(
            "Register",
            {"group": "models", "image": "xgb:1"},
            model=AUTO,
            quality=prepare.output("statistics"),
        ),
        after=[notify],
    )
    inner = gate.otherwise.condition("Why", prepare.value("statistics", "ok", bool).equals(True))
    inner.then.fail("TooWeak", join(" ", "mean above", limit, "in", Execution.PIPELINE_EXECUTION_ID))
    inner.otherwise.fail("Broken", "the data is broken")
    p.add_step(
        "Tell",
        STEPS.builder("Notify", {"function": "arn:aws:lambda:eu-west-1:123456789012:function:tell"}),
        after=[Ran.failed(train)],
    )


def regions(p: FluentPipelineBuilder, env: Environment) -> None:
    """A loop, steps that read its iterations, and a condition over two reports of them."""
    loop = p.for_each("Regions", items=["eu", "na"], max_concurrency=2)
    prepare = loop.body.add_step(
        "Prepare", LOOP_STEPS.builder("Prepare", raw=External(join("/", env.uri("raw"), loop.item)))
    )
    train = loop.body.add_step("Train", LOOP_STEPS.builder("Train", data=prepare.output("data")))
    best = loop.max_by(train, train.variable("seconds", int))
    p.add_step("Score", LOOP_STEPS.builder("Score", region=best.output("model").location))
    gate = p.condition(
        "Gate",
        loop.outputs[0][prepare].value("quality", "mean", float) <= 0.5,
        loop.outputs[1][prepare].value("quality", "mean", float) <= 0.5,
        best.variable("seconds", int) < 60,
    )
    gate.otherwise.fail("Weak", "weak")


def abalone(env: str = "prod") -> TestedPipeline:
    return compile_pipeline("AbalonePipeline", env, project=EXAMPLE)


def built() -> TestedPipeline:
    return compile_pipeline(fraud, ENVIRONMENT)


def looped() -> TestedPipeline:
    return compile_pipeline(regions, ENVIRONMENT)


def said(wrong: Callable[[], object]) -> str:
    """The message of the AssertionError that a call raises."""
    with pytest.raises(AssertionError) as caught:
        wrong()
    return str(caught.value)


def found(wrong: Callable[[], object]) -> str:
    """The findings that a call raises, as pytest shows them."""
    with pytest.raises(FindingsError) as caught:
        wrong()
    return str(caught.value)


def lines(text: str) -> str:
    """The text of a message as a test writes it."""
    return textwrap.dedent(text).strip("\n")
