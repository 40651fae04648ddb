"""The resolver against its own rules on arbitrary small pipelines, and the assignment against brute force."""

from collections.abc import Mapping
from itertools import permutations

from hypothesis import given, settings, strategies as st

from smgen.contracts import StepContract
from smgen.wiring import EvidenceRule, Given, PipelineDAG, SemanticMatcher, UnifiedDependencyResolver, WiredStep
from smgen.wiring.assignment import best_assignment, best_total, standings
from tests.wiring.samples import TYPES, contract

NAMES = ["raw", "train_data", "model", "report", "data", "metrics"]
KINDS = list(TYPES)

Ports = st.dictionaries(
    st.sampled_from(NAMES), st.tuples(st.sampled_from(KINDS), st.booleans(), st.sampled_from(NAMES)), max_size=3
)


@st.composite
def steps(draw: st.DrawFn) -> list[WiredStep]:
    found: list[WiredStep] = []
    for index in range(draw(st.integers(2, 6))):
        inputs, outputs = draw(Ports), draw(Ports)
        made: StepContract = contract(
            f"Step{index % 3}",
            {
                name: {"type": kind, "required": need, "aliases": [alias]}
                for name, (kind, need, alias) in inputs.items()
            },
            {name: {"type": kind, "shared": one, "aliases": [alias]} for name, (kind, one, alias) in outputs.items()},
        )
        found.append(WiredStep(f"s{index}", made, draw(st.sampled_from([None, "training", "test"]))))
    return found


@settings(max_examples=150, deadline=None)
@given(steps(), st.data(), st.booleans())
def test_no_binding_breaks_a_hard_rule(found: list[WiredStep], data: st.DataObject, drawn: bool) -> None:
    by_name = {step.name: step for step in found}
    names = list(by_name)
    later = [(a, b) for index, a in enumerate(names) for b in names[index + 1 :]]
    edges = data.draw(st.lists(st.sampled_from(later), unique=True))
    resolution = UnifiedDependencyResolver(TYPES).resolve(found, edges if drawn else None, waits=[] if drawn else edges)
    before: dict[str, set[str]] = {name: set() for name in names}
    for name in names:
        for source, target in edges:
            if target == name:
                before[name] |= {source} | before[source]
    used: set[tuple[str, str, str]] = set()
    for item in resolution.bindings:
        consumer, producer = by_name[item.step], by_name[item.source.step]
        assert TYPES.is_subtype(item.source.output.output_type, item.port.dependency_type)
        if drawn:
            assert producer.name in before[consumer.name]
        place = (consumer.name, producer.name, item.source.output.logical_name)
        assert place not in used or item.source.output.shared
        used.add(place)
        if consumer.job_type and producer.job_type and consumer.job_type != producer.job_type:
            candidates = before[consumer.name] if drawn else set(names) - {consumer.name}
            own = (producer.step_type, consumer.job_type)
            assert all((by_name[name].step_type, by_name[name].job_type) != own for name in candidates)
    order = [*edges, *((item.source.step, item.step) for item in resolution.bindings)]
    assert PipelineDAG(names, order).cycles() == ()
    assert all(len(item.candidates) <= 3 and item.port.required for item in resolution.ambiguities)
    ports = sum(len(step.contract.input_ports) for step in found)
    assert ports == len(resolution.bindings) + len(resolution.ambiguities) + len(resolution.open_ports)


Scores = st.dictionaries(
    st.sampled_from("abcd"), st.dictionaries(st.sampled_from("vwxyz"), st.integers(1, 20), max_size=4), max_size=4
)


def brute_total(scores: Mapping[str, Mapping[str, int]]) -> int:
    ports = sorted(scores)
    places = [*sorted({place for row in scores.values() for place in row}), *(f"-{port}" for port in ports)]
    return max(
        sum(scores[port].get(place, -1000 if place[0] != "-" else 0) for port, place in zip(ports, chosen, strict=True))
        for chosen in permutations(places, len(ports))
    )


@settings(max_examples=150, deadline=None)
@given(Scores)
def test_the_assignment_is_as_good_as_brute_force(scores: dict[str, dict[str, int]]) -> None:
    chosen = best_assignment(scores)
    assert len(set(chosen.values())) == len(chosen)
    assert all(place in scores[port] for port, place in chosen.items())
    assert best_total(scores) == brute_total(scores)
    for port, fare in standings(scores).items():
        # A standing counts the ports that share places with this one, so only differences can be compared.
        unbound = brute_total({name: row for name, row in scores.items() if name != port})
        for place, total in fare.totals.items():
            others = {
                name: {p: s for p, s in row.items() if p != place} for name, row in scores.items() if name != port
            }
            assert total - fare.unbound == scores[port][place] + brute_total(others) - unbound


def test_a_given_output_feeds_no_second_port() -> None:
    load = WiredStep("load", contract("Load", outputs={"raw": {}}))
    use = WiredStep("use", contract("Use", {"raw": {}, "other": {"required": False, "aliases": ["raw"]}}))
    resolver = UnifiedDependencyResolver(TYPES)
    edges = [("load", "use")]
    assert [item.port.logical_name for item in resolver.resolve([load, use], edges).bindings] == ["raw"]
    taken = resolver.resolve([load, use], edges, given=[Given("use", "other", "load", "raw")])
    assert (taken.bindings, [item.port.logical_name for item in taken.open_ports]) == ((), ["raw"])


def test_a_variant_binds_its_own_variant_also_when_another_is_nearer() -> None:
    made, used = contract("Make", outputs={"raw": {}}), contract("Use", {"raw": {}})
    steps = [WiredStep("a", made, "test"), WiredStep("b", made, "training"), WiredStep("c", used, "test")]
    found = UnifiedDependencyResolver(TYPES).resolve(steps, [("a", "b"), ("b", "c")])
    assert [item.source.source for item in found.bindings] == ["a.raw"]


def test_a_step_in_a_branch_is_not_seen_from_outside() -> None:
    inner = WiredStep("inner", contract("Make", outputs={"raw": {}}), scope=("gate/then",))
    outer = WiredStep("outer", contract("Use", {"raw": {}}))
    deep = WiredStep("deep", contract("Use", {"raw": {}}), scope=("gate/then", "again/else"))
    found = UnifiedDependencyResolver(TYPES).resolve([inner, outer, deep])
    assert [(item.step, item.source.source) for item in found.bindings] == [("deep", "inner.raw")]


def test_an_edge_that_would_carry_nothing_makes_a_port_ambiguous() -> None:
    first = WiredStep("first", contract("First", outputs={"rows": {"aliases": ["raw"]}}))
    second = WiredStep("second", contract("Second", outputs={"raw_rows": {}}))
    use = WiredStep("use", contract("Use", {"raw": {}}))
    edges = [("first", "use"), ("second", "use")]
    found = UnifiedDependencyResolver(TYPES).resolve([first, second, use], edges)
    assert [item.reason for item in found.ambiguities] == ["the edge from second would carry nothing"]
    without = UnifiedDependencyResolver(TYPES, without=frozenset((EvidenceRule.IDLE_EDGE,)))
    assert [item.source.source for item in without.resolve([first, second, use], edges).bindings] == ["first.rows"]


def test_similarity() -> None:
    like = SemanticMatcher().calculate_similarity
    assert like("model_artifacts", "ModelArtifact") == 1.0
    assert like("eval_data", "evaluation-data") == 1.0
    assert like("training_data", "test_data") == 0.0
    assert like("calibrated_data", "calibration_data") == 0.95
    assert like("training_dataset", "training_data") == like("training_data", "training_dataset") > 0.7
    assert like("", "model") == like("plots", "model") == 0.0
