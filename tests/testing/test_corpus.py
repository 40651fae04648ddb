"""Definitions that the SDK made: their steps have an order, and what their conditions read can be given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.definition import Provenance, parse_definition
from smgen.diagnostics import FindingsError
from smgen.runtime import CompiledPipeline
from smgen.testing import TestedPipeline
from tests.testing.pipelines import ROOT, found

CORPUS = sorted((ROOT / "tests" / "data" / "corpus").glob("[0-9]*.json"))


def recorded(path: Path) -> TestedPipeline:
    definition = parse_definition(json.loads(path.read_text())["definition"])
    return TestedPipeline(CompiledPipeline(path.stem, definition, Provenance(), ()))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_every_step_comes_after_what_it_waits_for(path: Path) -> None:
    pipeline = recorded(path)
    order = pipeline.order()
    assert sorted(order) == sorted(pipeline.steps)
    for step in order:
        before = pipeline.upstream(step)
        assert all(order.index(one) < order.index(step) for one in before)
        assert all(step in pipeline.downstream(one) for one in before)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_is_missing_is_named(path: Path) -> None:
    pipeline = recorded(path)
    fixes: list[str | None] = []
    try:
        execution = pipeline.execution()
    except FindingsError as error:
        fixes = [finding.fix for finding in error.findings]
    else:
        assert sorted((*execution.steps, *execution.not_run)) == sorted(pipeline.steps)
    assert [fix for fix in fixes if fix is None or not fix.startswith("give ")] == []


def test_a_property_file_without_a_contract_has_the_name_of_the_definition() -> None:
    (path,) = [path for path in CORPUS if path.stem.startswith("01-abalone")]
    pipeline = recorded(path)
    assert 'give report={"AbaloneEval.EvaluationReport": {"regression_metrics": {"mse": {"value": …}}}}' in found(
        lambda: pipeline.branch("AbaloneMSECond")
    )
    report = {"AbaloneEval.EvaluationReport": {"regression_metrics": {"mse": {"value": 1.0}}}}
    assert pipeline.branch("AbaloneMSECond", report=report) == "then"
