"""Loops, run conditions and cleanup steps are what the classes of the SDK make of the same pipelines.

The SDK's documents are in ``tests/data/parity/loops``; ``tests/parity/sdk_loops.py`` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.documents import canonical_json
from smgen.runtime import Environment, External, FluentPipelineBuilder, Item, ItemRecord, Ran
from tests.runtime.fixture_package import document
from tests.runtime.loop_package import LoopSteps, loop_steps

DOCUMENTS = Path(__file__).parents[1] / "data" / "parity" / "loops"
ENVIRONMENT = Environment("dev", role="arn:aws:iam::111122223333:role/pipeline", bucket="dev-bucket")
DATA: External[Any] = External("s3://b/data")


class Zone(ItemRecord):
    code: Item[str]


class Region(ItemRecord, keys={"size": "the-size"}):
    name: Item[str]
    size: Item[int]
    zone: Zone


def values(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    score = steps.score.StepBuilder
    region = p.string("Region", default="us")
    before = p.add_step("Before", score(region=region))
    loop = p.for_each(
        "PerRegion",
        items=["eu", region, before.uri],
        max_concurrency=4,
        after=[before],
        display_name="Per region",
        description="One call for each region.",
    )
    one = loop.body.add_step("One", score(region=loop.item))
    two = loop.body.add_step("Two", score(region=one.uri), after=[one])
    p.add_step("Best", score(region=loop.max_by(one, one.score).uri))
    p.add_step("Second", score(region=loop.outputs[1][two].uri))
    p.add_step("Counts", score(region=loop.status, size=loop.failed_step_count))


def numbers(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    score = steps.score.StepBuilder
    whole = p.for_each("Whole", items=[1, 2, 3], max_concurrency=50)
    whole.body.add_step("OneWhole", score(size=whole.item))
    broken = p.for_each("Broken", items=[0.5, 1], max_concurrency=1)
    broken.body.add_step("OneBroken", score(rate=broken.item))
    flags = p.for_each("Flags", items=[True, False], max_concurrency=2)
    flags.body.add_step("OneFlag", score(flag=flags.item))


def records(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    score = steps.score.StepBuilder
    region = p.string("Region", default="us")
    items = [
        Region(name="eu", size=3, zone=Zone(code="a")),
        Region(name=region, size=4, zone=Zone(code="b")),
    ]
    loop = p.for_each("PerRegion", items=items, max_concurrency=2)
    loop.body.add_step("One", score(region=loop.item.name, size=loop.item.size))
    loop.body.add_step("Two", score(region=loop.item.zone.code))


def listed(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    score = steps.score.StepBuilder
    regions = p.string("Regions", default='["eu", "us"]')
    found = p.add_step("Find", score())
    gate = p.condition("Gate", regions.equals("[]"))
    first = gate.otherwise.for_each("PerRegion", items=regions, of=str, max_concurrency=2)
    first.body.add_step("One", score(region=first.item))
    second = gate.otherwise.for_each("PerSize", items=found.uri, of=int, max_concurrency=2)
    two = second.body.add_step("Two", score(size=second.item))
    second.min_by(two, two.score)


def outcomes(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    score = steps.score.StepBuilder
    work, more = p.add_step("Work", score()), p.add_step("More", score())
    loop = p.for_each("Loop", items=["a"], max_concurrency=1, after=[Ran.any(work)])
    loop.body.add_step("One", score(region=loop.item))
    failed = p.add_step("OnFailure", score(), after=[Ran.failed(work), more, Ran.stopped(loop)])
    p.add_step("Twice", score(), after=[Ran.failed(work), Ran.failed(work)])
    gate = p.condition("Gate", more.uri.equals("x"), after=[Ran.any(failed)])
    gate.then.fail("Stop", "stopped", after=[Ran.stopped(work)])
    p.fail("End", "failed", after=[Ran.failed(gate), Ran.failed(loop)])


def cleanups(p: FluentPipelineBuilder, steps: LoopSteps) -> None:
    prepare = p.add_step("Prepare", steps.prepare.StepBuilder(raw=DATA))
    train = p.add_step("Train", steps.train.StepBuilder(data=prepare.data))
    p.fail("Used", train.model.location)
    p.cleanup(
        "CleanAll", train, prepare.data / "a.csv", prepare.data / "b.csv", description="Deletes.", after=[prepare]
    )
    p.cleanup("CleanAny", train, after=[Ran.failed(prepare), Ran.any(train)])


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> LoopSteps:
    return loop_steps(tmp_path_factory.mktemp("loops"))


PIPELINES = [values, numbers, records, listed, outcomes, cleanups]


@pytest.mark.parametrize("written", PIPELINES, ids=lambda written: written.__name__)
def test_the_steps_are_those_of_the_sdk(
    written: Callable[[FluentPipelineBuilder, LoopSteps], None], steps: LoopSteps
) -> None:
    p = FluentPipelineBuilder(written.__name__, ENVIRONMENT)
    written(p, steps)
    made = document(p.build())["Steps"]
    assert isinstance(made, list)
    expected = json.loads((DOCUMENTS / f"{written.__name__}.json").read_text(encoding="utf-8"))
    if written is cleanups:
        made = [step for step in made if isinstance(step, dict) and step["Type"] == "Cleanup"]
    assert canonical_json(made) == canonical_json(expected)
    # The order of the members too.
    assert json.dumps(made) == json.dumps(expected)


#: What is deleted while a step that nobody waits for may still read it.
EARLY = {"cleanups": [("SMG325", "CleanAll", "Train"), ("SMG325", "CleanAny", "Train")]}


@pytest.mark.parametrize("written", PIPELINES, ids=lambda written: written.__name__)
def test_the_checks_find_nothing(written: Callable[[FluentPipelineBuilder, LoopSteps], None], steps: LoopSteps) -> None:
    p = FluentPipelineBuilder(written.__name__, ENVIRONMENT)
    written(p, steps)
    compiled = p.build()
    told = [(item.rule, item.place.step, item.given) for item in check_definition(compiled.definition)]
    assert told == EARLY.get(written.__name__, [])
    assert parse_definition(document(compiled)) == compiled.definition


def test_every_document_of_the_sdk_is_compared() -> None:
    assert sorted(path.stem for path in DOCUMENTS.iterdir()) == sorted(written.__name__ for written in PIPELINES)
