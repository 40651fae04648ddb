"""The resolver: hard rules, evidence about outputs, the best joint assignment of each step, and then a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smgen.contract_model import ArtifactTypes
from smgen.wiring.carrying import carry_on
from smgen.wiring.comparison import StepComparison
from smgen.wiring.consumer import Consumer, Decided
from smgen.wiring.cycles import knots
from smgen.wiring.drawn_edges import carry_edges
from smgen.wiring.evidence import EvidenceRule, Thresholds
from smgen.wiring.reach import Reach
from smgen.wiring.resolution import Ambiguity, Binding, Given, OpenPort, Resolution, WiredStep


@dataclass
class UnifiedDependencyResolver:
    """Binds the ports of steps to outputs of other steps, or says which ports it cannot bind, and why.

    ``artifact_types`` is the hierarchy that ports are compared in; without it only equal types fit. ``without`` names
    rules that are switched off. The result does not depend on the order of steps, ports, edges or aliases.
    """

    artifact_types: ArtifactTypes | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    without: frozenset[EvidenceRule] = frozenset()

    def resolve(
        self,
        steps: Sequence[WiredStep],
        edges: Iterable[tuple[str, str]] | None = None,
        *,
        given: Iterable[Given] = (),
        waits: Iterable[tuple[str, str]] = (),
        ports: Mapping[str, Collection[str]] | None = None,
    ) -> Resolution:
        """Resolves the ports of the steps.

        ``edges`` (source, target) say where data may flow; None says that it may flow wherever no cycle arises.
        ``given`` are the ports that have a source, ``waits`` pairs (first, then) of steps whose order is settled
        otherwise. ``ports`` names the ports to resolve by step; None means every port that is not given. Step names
        are unique; edges may name steps without a contract.
        """
        given = tuple(given)
        settled = _settled(steps, given, waits)
        reach = Reach(steps, edges if EvidenceRule.REACHABLE not in self.without else None, settled)
        comparison = StepComparison(steps, reach, self.artifact_types, self.without)
        consumers = self._consumers(comparison, given, ports)
        outcome = {name: consumer.decide() for name, consumer in consumers.items()}
        if reach.drawn and comparison.on(EvidenceRule.IDLE_EDGE):
            for name, consumer in consumers.items():
                carry_edges(consumer, outcome[name])
        elif comparison.on(EvidenceRule.CARRIES_ON) and not reach.drawn:
            carry_on(comparison, consumers, outcome, given)
        decided = [item for found in outcome.values() for items in found.values() for item in items]
        if not reach.drawn:
            decided = _without_cycles(decided, settled)
        scored = sum(consumer.scored for consumer in consumers.values())
        return _resolution(decided, tuple(reach.steps), comparison.compared, scored)

    def _consumers(
        self, comparison: StepComparison, given: Iterable[Given], ports: Mapping[str, Collection[str]] | None
    ) -> dict[str, Consumer]:
        sources: dict[str, dict[str, list[Given]]] = defaultdict(lambda: defaultdict(list))
        for item in given:
            sources[item.step][item.port].append(item)
        return {
            name: Consumer(
                comparison, self.thresholds, step, sources.get(name, {}), None if ports is None else ports.get(name, ())
            )
            for name, step in comparison.steps.items()
        }


def _resolution(decided: Iterable[Decided], steps: tuple[str, ...], compared: int, scored: int) -> Resolution:
    bindings: list[Binding] = []
    ambiguities: list[Ambiguity] = []
    open_ports: list[OpenPort] = []
    for item in decided:
        if isinstance(item, Binding):
            bindings.append(item)
        elif isinstance(item, Ambiguity):
            ambiguities.append(item)
        else:
            open_ports.append(item)
    return Resolution(tuple(bindings), tuple(ambiguities), tuple(open_ports), steps, compared, scored)


def _settled(
    steps: Iterable[WiredStep], given: Iterable[Given], waits: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """The pairs (first, then) of steps of the pipeline whose order is settled before anything is bound."""
    known = {step.name for step in steps}
    pairs = (*waits, *((item.source_step, item.step) for item in given if item.source_step is not None))
    return tuple((first, then) for first, then in pairs if first in known and then in known)


def _without_cycles(decided: Sequence[Decided], settled: Iterable[tuple[str, str]]) -> list[Decided]:
    """Takes back every binding that is part of a cycle; only possible where no edges are drawn."""
    pairs = [(item.source.step, item.step) for item in decided if isinstance(item, Binding)]
    knot = {name: number for number, group in enumerate(knots((*pairs, *settled))) for name in group}
    kept: list[Decided] = []
    for item in decided:
        if not isinstance(item, Binding) or knot.get(item.step, -1) != knot.get(item.source.step, -2):
            kept.append(item)
            continue
        reason = f"{item.source.step} would wait for {item.step} and {item.step} for {item.source.step}"
        if item.port.required:
            kept.append(Ambiguity(item.step, item.port, (item.source,), reason))
        else:
            kept.append(OpenPort(item.step, item.port, reason, item.source))
    return kept
