"""Families in DAG files and in the resolver: a step is one of the variants, with the variant's own ports."""

from __future__ import annotations

import json

import pytest

from smgen.contracts import (
    ContractRegistry,
    StepContract,
    contract_from_document,
    contract_registry,
    read_contracts,
)
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, parse_document
from smgen.wiring import PipelineDAG, UnifiedDependencyResolver, WiredStep, dag_from_document
from tests.project.checkout import CHECKOUT
from tests.wiring.samples import TYPES, contract


def variant(family: str, job_type: str, outputs: dict[str, JsonObject]) -> StepContract:
    document = contract(f"{family}{job_type.capitalize()}", {"raw": {"required": False}}, outputs).document
    return contract_from_document({**document, "variant_of": {"family": family, "job_type": job_type}})


TRAINING = variant("Prepare", "training", {"rows": {}, "learnt": {"type": "Model"}})
TEST = variant("Prepare", "test", {"rows": {}})
USE = contract("Use", {"rows": {"compatible_sources": ["Prepare"]}})
PLAIN, PLAIN_TEST = contract("Plain", outputs={"rows": {}}), contract("PlainTest", outputs={"rows": {}})
REGISTRY = contract_registry((TRAINING, TEST, USE, PLAIN, PLAIN_TEST), TYPES)


def dag(nodes: dict[str, str], *edges: tuple[str, str], registry: ContractRegistry = REGISTRY) -> PipelineDAG:
    listed = [{"name": name, "step": step} for name, step in nodes.items()]
    value = json.dumps({"nodes": listed, "edges": edges})
    return dag_from_document(parse_document(value.encode(), "dag.json"), registry)


def test_a_node_of_a_family_has_the_contract_of_its_variant() -> None:
    found = dag({"a": "Prepare:training", "b": "Prepare:test", "c": "PrepareTest"}).step_specifications
    assert (found["a"], found["b"], found["c"]) == (TRAINING, TEST, TEST)


def test_a_contract_without_variants_takes_any_word_for_one() -> None:
    found = dag({"a": "Plain:training", "b": "Plain:test", "c": "Plain"}).step_specifications
    assert (found["a"], found["b"], found["c"]) == (PLAIN, PLAIN_TEST, PLAIN)


@pytest.mark.parametrize(
    ("step", "message", "expected", "nearest"),
    [
        ("Prepare:tset", "Prepare has no variant 'tset'", "Prepare:training, Prepare:test", "Prepare:test"),
        ("Prepare:other", "Prepare has no variant 'other'", "Prepare:training, Prepare:test", None),
        ("Prepare", "Prepare is a family: say which variant is meant", "Prepare:training, Prepare:test", None),
        (
            "PrepareTest:test",
            "there is no contract named PrepareTest",
            "PrepareTraining, PrepareTest, Use, Plain, PlainTest, Prepare:training, Prepare:test",
            "Prepare:test",
        ),
    ],
)
def test_an_unknown_variant(step: str, message: str, expected: str, nearest: str | None) -> None:
    with pytest.raises(FindingsError) as caught:
        dag({"a": step})
    (finding,) = caught.value.findings
    assert (finding.rule, finding.message, finding.given) == ("SMG125", message, step)
    assert (finding.expected, finding.nearest, finding.place.pointer) == (expected, nearest, "/nodes/0/step")


def test_a_step_has_the_variant_of_its_contract() -> None:
    step = WiredStep("a", TRAINING)
    assert (step.step_type, step.job_type) == ("Prepare", "training")
    other = WiredStep("a", TRAINING, "mine", "Other")
    assert (other.step_type, other.job_type) == ("Other", "mine")
    plain = WiredStep("a", PLAIN)
    assert (plain.step_type, plain.job_type) == ("Plain", None)


def test_variants_of_a_family_are_variants_to_the_resolver() -> None:
    used = contract_from_document({**USE.document, "variant_of": {"family": "Use", "job_type": "test"}})
    steps = [WiredStep("one", TRAINING), WiredStep("two", TEST), WiredStep("use", used)]
    found = UnifiedDependencyResolver(TYPES).resolve(steps, [("one", "use"), ("two", "use")])
    assert [(item.step, item.source.source) for item in found.bindings] == [("use", "two.rows")]
    assert [one.words for one in found.bindings[0].source.evidence] == [
        "same name 'rows'",
        "lists the source 'Prepare'",
        "same variant 'test'",
        "direct edge",
    ]


@pytest.mark.parametrize("listed", ["PrepareTraining", "Prepare:training", "Prepare_Training"])
def test_a_port_may_list_one_variant_as_its_source(listed: str) -> None:
    use = contract("Use", {"rows": {"compatible_sources": [listed]}})
    steps = [WiredStep("one", TRAINING), WiredStep("two", TEST), WiredStep("use", use)]
    found = UnifiedDependencyResolver(TYPES).resolve(steps, [("one", "use"), ("two", "use")])
    assert [(item.step, item.source.source) for item in found.bindings] == [("use", "one.rows")]


def test_a_family_in_a_contract_folder_resolves() -> None:
    registry = read_contracts(CHECKOUT / "tests" / "data" / "golden_contracts")
    nodes = {"learn": "RecordPreparation:training", "score": "RecordPreparation:scoring", "fit": "ModelTraining"}
    graph = dag(nodes, ("learn", "score"), ("learn", "fit"), registry=registry)
    graph.auto_resolve_dependencies()
    assert graph.resolution is not None
    found = {f"{item.step}.{item.port.logical_name}": item.source.source for item in graph.resolution.bindings}
    # The edge from learn to fit carries the one output that fits the one port.
    assert found == {"score.model": "learn.learnt", "fit.training_data": "learn.prepared"}
