"""Whole resolutions of small pipelines against a second resolver, which tries every wiring.

It is written from docs/resolution.md, "The rules in full", for names of one telling word, and shares no code with the
one that it is held against but the values that go in.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

from hypothesis import given, settings, strategies as st

from smgen.contracts import DependencySpec, StepContract, contract_from_document
from smgen.documents import JsonObject, JsonValue, object_at as members
from smgen.wiring import Candidate, PipelineDAG, Resolution, UnifiedDependencyResolver, WiredStep
from tests.wiring.samples import TYPES, contract

# Words that have nothing in common with each other.
WORDS = ("row", "plot", "weight", "score")
#: Names by what is left of them without the direction.
CONTENT = {"row": "row", "plot": "plot", "weight": "weight", "score": "score", "row_input": "row", "row_output": "row"}
TYPE_WORDS = {"RowMaker": {"row", "maker"}, "PlotMaker": {"plot", "maker"}, "Judge": {"judge"}}
PARENTS = {"Dataset": ("Dataset",), "TrainingData": ("TrainingData", "Dataset"), "Model": ("Model",)}
STRONG, MARGIN, CONTEST, PLAUSIBLE = 75, 10, 25, 20
CLAIMS = {"name", "alias", "direction", "keyword", "similar", "only-fit"}
ABOUT_OUTPUT = CLAIMS | {"keyword-words", "named-after", "named-for"}

Place: TypeAlias = tuple[str, str]
Edge: TypeAlias = tuple[str, str]


@dataclass
class Option:
    """An output that could feed a port."""

    place: Place
    shared: bool
    distance: int
    evidence: list[tuple[str, int]]
    far: bool
    left_out: bool
    barred: bool = False
    strength: int = 0
    score: int = 0
    #: 3 certain, 2 named, 1 likely, 0 behind a nearer one; None where it could not be bound for itself.
    certainty: int | None = None

    def __post_init__(self) -> None:
        self.strength = sum(weight for rule, weight in self.evidence if rule in ABOUT_OUTPUT)
        self.score = sum(weight for _, weight in self.evidence)

    @property
    def strong(self) -> bool:
        return self.strength >= STRONG and not self.barred

    @property
    def listed(self) -> int:
        return sum(weight for rule, weight in self.evidence if rule == "source")

    @property
    def worth(self) -> tuple[int, ...]:
        """What a binding to it is worth: so many of each class, the most certain first, and then points."""
        return (*(int(self.certainty == rank) for rank in (3, 2, 1)), self.score)

    @property
    def rules(self) -> set[str]:
        return {rule for rule, _ in self.evidence}


@dataclass
class Outcome:
    """What became of each port, by (step, port): with margin and score, with candidates, or with a suggestion."""

    bound: dict[Place, tuple[Place, int, int]]
    ambiguous: dict[Place, tuple[Place, ...]]
    open: dict[Place, Place | None]


def outcome_of(resolution: Resolution) -> Outcome:
    def place(candidate: Candidate) -> Place:
        return candidate.step, candidate.output.logical_name

    return Outcome(
        {
            (one.step, one.port.logical_name): (place(one.source), one.margin, one.source.score)
            for one in resolution.bindings
        },
        {(one.step, one.port.logical_name): tuple(map(place, one.candidates)) for one in resolution.ambiguities},
        {
            (one.step, one.port.logical_name): None if one.suggestion is None else place(one.suggestion)
            for one in resolution.open_ports
        },
    )


class BruteForce:
    """The rules of the documentation, each written down as it is told there."""

    def __init__(self, steps: list[WiredStep], edges: list[Edge] | None, waits: list[Edge]) -> None:
        self.steps = {step.name: step for step in steps}
        self.edges = edges
        self.waits = waits
        self.all_options: dict[Place, list[Option]] = {}

    # Hard rules

    def distance(self, producer: str, consumer: str) -> int | None:
        """How many edges lead from one step to the other, 1 where none are drawn; None where none do."""
        if self.edges is None:
            return None if producer in self.behind(consumer, self.waits) else 1
        level, count = {consumer}, 0
        for count in range(1, len(self.steps) + 1):
            level = {source for source, target in self.edges if target in level}
            if producer in level:
                return count
        return None

    def behind(self, step: str, edges: Iterable[Edge]) -> set[str]:
        found = {step}
        for _ in self.steps:
            found |= {target for source, target in edges if source in found}
        return found

    def reachable(self, producer: str, consumer: str) -> bool:
        if producer == consumer:
            return False
        return self.edges is None or self.distance(producer, consumer) is not None

    def fits(self, given: str, wanted: str) -> bool:
        return wanted in PARENTS[given]

    def own_variant(self, producer: WiredStep, consumer: WiredStep) -> bool:
        """Whether no other variant than the consumer's must be taken from this step type."""
        if consumer.job_type is None or producer.job_type in (None, consumer.job_type):
            return True
        wanted = (producer.step_type, consumer.job_type)
        return not any(
            (one.step_type, one.job_type) == wanted and self.reachable(one.name, consumer.name)
            for one in self.steps.values()
        )

    # Evidence

    def names_variant(self, consumer: WiredStep, port: DependencySpec, job: str) -> bool:
        return job in TYPE_WORDS[consumer.step_type] or job in port.logical_name.split("_")

    def evidence(
        self, producer: WiredStep, output: str, consumer: WiredStep, port: DependencySpec
    ) -> Iterator[tuple[str, int]]:
        aliases = producer.contract.output_ports[output].output_spec.aliases
        wanted, mine = port.logical_name, CONTENT[output]
        claims: list[tuple[str, int]] = []
        if wanted == output:
            claims.append(("name", 100))
        if wanted in aliases or output in port.aliases:
            claims.append(("alias", 90))
        elif set(port.aliases) & set(aliases):
            claims.append(("alias", 85))
        if wanted != output and CONTENT[wanted] == mine:
            claims.append(("direction", 85))
        # A name of several words, or the one telling word of the output's own name.
        named = {key for key in port.semantic_keywords if key == mine or (key == output and "_" in key)}
        if named:
            claims.append(("keyword", 45 + 10 * len(named)))
        if wanted != CONTENT[wanted] and CONTENT[wanted] in aliases:
            claims.append(("similar", 48))
        claims.sort(key=lambda item: -item[1])
        found = [claim if index == 0 else ("keyword", 10) for index, claim in enumerate(claims)]
        found = [claim for index, claim in enumerate(found) if index == 0 or claims[index][0] == "keyword"]
        keys = {CONTENT[key] for key in port.semantic_keywords} - {CONTENT[wanted]}
        shared = keys & {mine, *(CONTENT[alias] for alias in aliases)}
        if shared:
            found.append(("keyword-words", min(10, 3 * len(shared))))
        if found and CONTENT[wanted] in TYPE_WORDS[producer.step_type]:
            found.append(("named-after", 20))
        names = {mine, *(CONTENT[alias] for alias in aliases)}
        if found and producer.step_type != consumer.step_type and names & TYPE_WORDS[consumer.step_type]:
            found.append(("named-for", 20))
        return iter([*found, *self.step_evidence(producer, consumer, port)])

    def step_evidence(
        self, producer: WiredStep, consumer: WiredStep, port: DependencySpec
    ) -> Iterator[tuple[str, int]]:
        job = producer.job_type
        if job is not None and f"{producer.step_type}_{job}" in port.compatible_sources:
            yield "source", 20
        elif producer.step_type in port.compatible_sources:
            yield "source", 15
        elif "ProcessingStep" in port.compatible_sources:
            yield "source", 3
        if job is not None and job == consumer.job_type:
            yield "same-variant", 10
        if job is not None and consumer.job_type is None and self.names_variant(consumer, port, job):
            yield "variant-word", 12
        if self.lane(producer) & self.lane(consumer):
            yield "lane", 12

    def lane(self, step: WiredStep) -> set[str]:
        own = self.own_words(step)
        if len(self.steps) <= 2:
            return own
        return {word for word in own if any(word not in self.own_words(other) for other in self.steps.values())}

    def own_words(self, step: WiredStep) -> set[str]:
        return set(step.name.split("_")) - TYPE_WORDS[step.step_type] - {step.job_type}

    def match(
        self, producer: WiredStep, output: str, consumer: WiredStep, port: DependencySpec
    ) -> list[tuple[str, int]]:
        return list(self.evidence(producer, output, consumer, port))

    def options(self, consumer: WiredStep, port: DependencySpec) -> list[Option]:
        found: list[Option] = []
        for name, producer in self.steps.items():
            distance = self.distance(name, consumer.name)
            visible = consumer.scope[: len(producer.scope)] == producer.scope
            if name == consumer.name or distance is None or not visible or not self.own_variant(producer, consumer):
                continue
            found += self.outputs_for(producer, consumer, port, distance)
        self.only_fit(consumer, port, found)
        self.grade(port, found)
        return sorted(found, key=lambda one: (tuple(-part for part in one.worth), one.place))

    def outputs_for(
        self, producer: WiredStep, consumer: WiredStep, port: DependencySpec, distance: int
    ) -> Iterator[Option]:
        job = producer.job_type
        other = job is not None and (
            job != consumer.job_type if consumer.job_type is not None else not self.names_variant(consumer, port, job)
        )
        for output, spec in producer.contract.output_ports.items():
            if not self.fits(spec.output_spec.output_type, port.dependency_type):
                continue
            evidence = self.match(producer, output, consumer, port)
            left_out = bool(port.compatible_sources) and not any(rule == "source" for rule, _ in evidence)
            equal = bool(evidence) and evidence[0][0] in ("name", "alias")
            if self.edges is not None:
                evidence.append(("nearest", 30 // distance))
            far = distance > 1 and (not port.required or other)
            one = Option((producer.name, output), spec.output_spec.shared, distance, evidence, far, left_out)
            spared = distance == 1 and not self.lists_near(consumer, port) and (equal or self.edges is None)
            one.barred = far or (left_out and not spared)
            yield one

    def lists_near(self, consumer: WiredStep, port: DependencySpec) -> bool:
        """Whether a step that the port lists could feed it: a direct predecessor, or any step without edges."""
        near = [step for name, step in self.steps.items() if self.edges is None or (name, consumer.name) in self.edges]
        return any(
            self.fits(spec.output_spec.output_type, port.dependency_type)
            and any(rule == "source" for rule, _ in self.match(step, output, consumer, port))
            for step in near
            for output, spec in step.contract.output_ports.items()
        )

    def grade(self, port: DependencySpec, found: list[Option]) -> None:
        nearest = min((one.distance for one in found if one.strong), default=0)
        for one in found:
            first = one.evidence[0][0] if one.evidence else ""
            if one.strong and (port.required or self.second_witness(one)):
                listed = one.listed > 3 and one.distance == 1
                one.certainty = 1
                if first in ("name", "alias", "direction"):
                    one.certainty = 3 if listed and first != "direction" else 2
            if self.edges is not None and nearest and one.distance > nearest:
                one.score = max(one.score - 100, 1)
                one.certainty = None if one.certainty is None else 0

    def only_fit(self, consumer: WiredStep, port: DependencySpec, found: list[Option]) -> None:
        if len(found) != 1 or not port.required or found[0].rules & {"name", "alias", "direction"}:
            return
        before = [
            step
            for step in self.steps.values()
            if self.edges is None or (step.name, consumer.name) in self.edges or step.name == found[0].place[0]
        ]
        direct = [step for step in before if self.edges is None or (step.name, consumer.name) in self.edges]
        types = {spec.output_spec.output_type for step in direct for spec in step.contract.output_ports.values()}
        if all(self.fits(given, port.dependency_type) for given in types):
            return
        one = found[0]
        likeness = sum(weight for rule, weight in one.evidence if rule == "similar")
        listed = sum(weight for rule, weight in one.evidence if rule == "source")
        gain = 60 - likeness
        kept = [item for item in one.evidence if item[0] != "similar"]
        if kept and kept[0][0] == "keyword":
            gain += 10 - kept[0][1]
            kept[0] = ("keyword", 10)
            if gain + listed <= 0:
                return
        one.evidence = [("only-fit", 60), *kept]
        one.strength += gain + listed + min(likeness, 20)
        one.score += gain

    # Decision

    def resolve(self) -> Outcome:
        outcome = Outcome({}, {}, {})
        for step in self.steps.values():
            self.decide(step, outcome)
        if self.edges is None:
            self.carry_on(outcome)
            self.take_back_cycles(outcome)
        return outcome

    def decide(self, step: WiredStep, outcome: Outcome) -> None:
        ports = {name: port.dependency_spec for name, port in step.contract.input_ports.items()}
        options = {name: self.options(step, port) for name, port in ports.items()}
        self.all_options |= {(step.name, name): found for name, found in options.items()}
        rows = {name: [one for one in found if one.certainty is not None] for name, found in options.items()}
        wirings = list(self.wirings(rows))
        best = max(worth for _, worth in wirings)
        for name, port in ports.items():
            worth = {one.place: max(sums for wiring, sums in wirings if wiring[name] is one) for one in rows[name]}
            ranked = sorted(rows[name], key=lambda one: (tuple(-part for part in worth[one.place]), one.place))
            winner = next((one for one in ranked if worth[one.place] == best), None)
            if winner is not None:
                second = max(sums for wiring, sums in wirings if wiring[name] is not winner)
                lead = best[3] - second[3] if best[:3] == second[:3] else winner.score
                lead = min(lead, winner.score)
                if lead >= MARGIN and not self.outdone(winner, options[name]):
                    outcome.bound[step.name, name] = (winner.place, lead, winner.score)
                    continue
            ranked += [
                one
                for one in options[name]
                if one not in ranked and one.strength >= PLAUSIBLE and (port.required or not one.barred)
            ]
            if port.required:
                if len(ranked) < 3:
                    ranked += [one for one in options[name] if one not in ranked and one.distance == 1]
                self.ask(step.name, name, ranked or options[name], outcome)
            else:
                self.leave_open(step.name, name, ranked, outcome)
        if self.edges is not None:
            self.idle_edges(step, ports, options, outcome)

    def outdone(self, winner: Option, options: list[Option]) -> bool:
        """Whether a likely one has a rival as good that could not be bound for itself."""
        return winner.certainty == 1 and any(
            one.certainty is None and not one.barred and one.strength >= PLAUSIBLE and one.score > winner.score - MARGIN
            for one in options
        )

    def ask(self, step: str, port: str, ranked: list[Option], outcome: Outcome) -> None:
        outcome.bound.pop((step, port), None)
        outcome.open.pop((step, port), None)
        outcome.ambiguous.pop((step, port), None)
        if not ranked:
            outcome.open[step, port] = None
            return
        named = ranked[:3]
        direct = [one for one in self.all_options[step, port] if one.distance == 1]
        if direct and all(one.distance > 1 for one in named):
            named = [*named[:2], direct[0]]
        outcome.ambiguous[step, port] = tuple(one.place for one in named)

    def leave_open(self, step: str, port: str, ranked: list[Option], outcome: Outcome) -> None:
        strong = [one for one in self.all_options[step, port] if one.strength >= STRONG]
        near = next(iter([*ranked, *strong]), None)
        outcome.bound.pop((step, port), None)
        outcome.open[step, port] = None if near is None or near.strength < CONTEST else near.place

    def wirings(self, rows: Mapping[str, list[Option]]) -> Iterator[tuple[dict[str, Option | None], tuple[int, ...]]]:
        """Every way to give each port one of its options or none, with what it is worth."""
        for chosen in product(*([None, *row] for row in rows.values())):
            places = [one.place for one in chosen if one is not None and not one.shared]
            if len(places) == len(set(places)):
                worths = [one.worth for one in chosen if one is not None]
                sums = tuple(sum(worth[part] for worth in worths) for part in range(4))
                yield dict(zip(rows, chosen, strict=True)), sums

    def second_witness(self, one: Option) -> bool:
        if "name" in one.rules:
            return True
        listed = any(rule == "source" and weight > 3 for rule, weight in one.evidence)
        return bool(one.rules & {"alias", "direction", "keyword"}) and (
            listed or bool(one.rules & {"keyword", "keyword-words", "named-after"})
        )

    def idle_edges(
        self,
        step: WiredStep,
        ports: Mapping[str, DependencySpec],
        options: Mapping[str, list[Option]],
        outcome: Outcome,
    ) -> None:
        assert self.edges is not None
        bound = {name: place for (owner, name), (place, _, _) in outcome.bound.items() if owner == step.name}
        feeding = {place[0] for place in bound.values()}
        idle = [name for name in sorted(self.steps) if (name, step.name) in self.edges and name not in feeding]
        source = {name: next(one for one in options[name] if one.place == place) for name, place in bound.items()}
        could: dict[str, list[tuple[str, Option]]] = {
            name: [
                (port, one)
                for port in ports
                for one in options[port]
                if one.place[0] == name and not (port in source and source[port].certainty == 3 and not one.listed)
            ]
            for name in idle
        }
        for name, port in ports.items():
            only = [could[other][0][1] for other in idle if [one[0] for one in could[other]] == [name]]
            may = [
                one
                for one in only
                if port.required and not one.left_out and not (name in source and source[name].distance == 1)
            ]
            fitting = [one for other in idle for owner, one in could[other] if owner == name]
            if len(may) == 1:
                (one,) = may
                outcome.ambiguous.pop((step.name, name), None)
                score = one.score if one.certainty is not None else one.score + 60
                outcome.bound[step.name, name] = (one.place, score, score)
            elif name in source and source[name].distance > 1 and fitting:
                ranked = [*fitting, source[name]]
                if port.required:
                    self.ask(step.name, name, ranked, outcome)
                else:
                    self.leave_open(step.name, name, ranked, outcome)
            elif (
                name in source
                and port.required
                and any(self.has_something(other, source[name].place[0], step, port) for other in idle)
            ):
                strong = [one for one in fitting if one.strength >= CONTEST]
                self.ask(step.name, name, [source[name], *strong], outcome)

    # Chains

    def carry_on(self, outcome: Outcome) -> None:
        meant: dict[Place, list[Option]] = {}
        for key, options in self.all_options.items():
            if key in outcome.bound:
                meant[key] = [one for one in options if one.place == outcome.bound[key][0]]
            else:
                strong = [one for one in options if one.strength >= STRONG]
                best = max((one.score for one in strong), default=0)
                meant[key] = [one for one in strong if one.score > best - MARGIN]
        chains: dict[Place, tuple[list[Option], list[Option]]] = {}
        before = chains
        for _ in range(len(self.steps) + 1):
            feeds = {key: place for key, (place, _, _) in outcome.bound.items() if key not in chains}
            feeds |= {key: links[-1].place for key, (links, _) in chains.items()}
            firm = {
                (key[0], place)
                for key, place in feeds.items()
                if key not in chains and meant[key] and meant[key][0].certainty == 3
            }
            before = chains
            chains = {}
            for key, heads in meant.items():
                for head in heads:
                    links, fork = self.follow(key, head, feeds, firm)
                    ways = [one.place for one in (*links, *fork)]
                    if len(ways) > 1 and all(one.place in ways for one in heads):
                        chains[key] = (links, fork)
                        break
            if chains == before:
                break
        for key, (links, fork) in chains.items():
            agreed = before.get(key) == (links, fork)
            self.take_chain(key, links, fork if agreed or fork else links[-1:], outcome)

    def follow(
        self, key: Place, head: Option, feeds: Mapping[Place, Place], firm: set[tuple[str, Place]]
    ) -> tuple[list[Option], list[Option]]:
        consumer = self.steps[key[0]]
        others = [(place[0], step) for (step, port), place in feeds.items() if (step, port) != key]
        links = [head]
        while True:
            last = links[-1]
            kind = self.type_of(last.place)
            readers = {step for (step, _), place in feeds.items() if place == last.place}
            onward = [
                one
                for one in sorted(self.all_options[key], key=lambda option: option.place[0])
                if one.place[0] in readers
                and one.place[0] not in {link.place[0] for link in links}
                and one.place[0] not in self.behind(consumer.name, others) - {consumer.name}
                and self.fits(self.type_of(one.place), kind)
                and (one.listed > 3 if last.certainty == 3 else last.left_out or not one.left_out)
                and (
                    one.shared or one.place not in {feeds[mine] for mine in feeds if mine[0] == key[0] and mine != key}
                )
            ]
            if not onward:
                return links, []
            gives = {spec.output_spec.output_type for spec in consumer.contract.output_ports.values()}
            settled = all(
                (one.place[0], last.place) in firm
                or consumer.name in self.behind(one.place[0], others) - {one.place[0]}
                or not self.may_feed(consumer, self.steps[one.place[0]])
                for one in onward
            )
            narrower = self.type_of(onward[0].place) != kind
            if len(onward) > 1 or narrower or (kind in gives and not settled):
                return links, onward
            links.append(onward[0])

    def type_of(self, place: Place) -> str:
        return self.steps[place[0]].contract.output_ports[place[1]].output_spec.output_type

    def may_feed(self, producer: WiredStep, consumer: WiredStep) -> bool:
        visible = consumer.scope[: len(producer.scope)] == producer.scope
        return visible and self.distance(producer.name, consumer.name) is not None

    def take_chain(self, key: Place, links: list[Option], fork: list[Option], outcome: Outcome) -> None:
        step, port = key
        listed = [one for one in self.all_options[key] if one.listed > 3]
        ranked: list[Option] = []
        for one in (*listed, *fork, *reversed(links)):
            if one not in ranked:
                ranked.append(one)
        end = links[-1]
        if not self.steps[step].contract.input_ports[port].dependency_spec.required:
            outcome.ambiguous.pop(key, None)
            self.leave_open(step, port, ranked, outcome)
        elif fork or end.left_out or links[0].certainty == 3 or not (end.strength or end.listed):
            self.ask(step, port, ranked, outcome)
        else:
            outcome.ambiguous.pop(key, None)
            outcome.open.pop(key, None)
            outcome.bound[key] = (end.place, end.score + 60, end.score + 60)

    def has_something(self, idle: str, source: str, step: WiredStep, port: DependencySpec) -> bool:
        producer = self.steps[idle]
        if producer.step_type == self.steps[source].step_type:
            return False
        for output, spec in producer.contract.output_ports.items():
            if self.fits(spec.output_spec.output_type, port.dependency_type):
                evidence = self.match(producer, output, step, port)
                if sum(weight for rule, weight in evidence if rule in ABOUT_OUTPUT) >= CONTEST:
                    return True
        return False

    def take_back_cycles(self, outcome: Outcome) -> None:
        pairs = [(place[0], step) for (step, _), (place, _, _) in outcome.bound.items()] + self.waits
        for (step, name), (place, _, _) in list(outcome.bound.items()):
            if place[0] in self.behind(step, pairs):
                del outcome.bound[step, name]
                if self.steps[step].contract.input_ports[name].dependency_spec.required:
                    outcome.ambiguous[step, name] = (place,)
                else:
                    outcome.open[step, name] = place


# Small pipelines

# Most ports and outputs fit, most steps see each other, and most names occur twice: else nothing is to be decided.
Types = st.sampled_from(("Dataset", "Dataset", "Dataset", "TrainingData", "Model"))
Word = st.sampled_from(("row", "row", "plot", "plot", "weight", "score"))
SOURCES = ("RowMaker", "RowMaker_weight", "PlotMaker", "PlotMaker_score", "ProcessingStep")


def some(names: st.SearchStrategy[str]) -> st.SearchStrategy[JsonValue]:
    return st.lists(names, unique=True, max_size=2).map(lambda found: list[JsonValue](found))


def members_of(**members: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonObject]:
    return st.fixed_dictionaries(members)


Input = members_of(
    type=Types,
    required=st.sampled_from((True, True, False)),
    aliases=some(Word),
    semantic_keywords=some(st.sampled_from((*WORDS, "row_output"))),
    compatible_sources=some(st.sampled_from(SOURCES)),
)
Output = members_of(type=Types, shared=st.booleans(), aliases=some(Word))


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, StepContract]:
    found: dict[str, StepContract] = {}
    for name in TYPE_WORDS:
        inputs = draw(st.dictionaries(Word | st.just("row_input"), Input, min_size=1, max_size=3))
        outputs = draw(st.dictionaries(Word | st.just("row_output"), Output, min_size=1, max_size=2))
        found[name] = contract(name, inputs, outputs)
    return found


@dataclass
class Pipeline:
    steps: list[WiredStep]
    edges: list[Edge] | None
    waits: list[Edge]

    def resolve(self) -> Resolution:
        return UnifiedDependencyResolver(TYPES).resolve(self.steps, self.edges, waits=self.waits)


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    made = draw(contracts())
    steps: list[WiredStep] = []
    for letter in "dcba"[: draw(st.sampled_from((1, 2, 3, 3, 4, 4, 4)))]:
        name = f"{letter}{draw(st.sampled_from(('', '_north', '_south')))}"
        job = draw(st.sampled_from((None, "weight", "score")))
        scope = draw(st.sampled_from(((), (), (), (), (), ("gate",), ("gate", "again"))))
        steps.append(WiredStep(name, made[draw(st.sampled_from(tuple(made)))], job, scope=scope))
    names = [step.name for step in steps]
    later = [(first, second) for index, first in enumerate(names) for second in names[index + 1 :]]
    edges = [edge for edge in later if draw(st.sampled_from((True, True, False)))]
    return (
        Pipeline(steps, None, edges[:2]) if draw(st.sampled_from((True, False, False))) else Pipeline(steps, edges, [])
    )


@settings(max_examples=300, deadline=None)
@given(pipelines())
def test_a_resolution_is_what_brute_force_finds(pipeline: Pipeline) -> None:
    expected = BruteForce(pipeline.steps, pipeline.edges, pipeline.waits).resolve()
    assert outcome_of(pipeline.resolve()) == expected


def turned(value: JsonValue, chance: random.Random) -> JsonValue:
    """The same with the members of objects and the items of lists in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: turned(value[name], chance) for name in names}
    if isinstance(value, list):
        items = [turned(item, chance) for item in value]
        chance.shuffle(items)
        return items
    return value


@settings(max_examples=150, deadline=None)
@given(pipelines(), st.randoms(use_true_random=False))
def test_no_order_of_declarations_changes_anything(pipeline: Pipeline, chance: random.Random) -> None:
    documents = {step.contract.name: step.contract.document for step in pipeline.steps}
    made = {name: contract_from_document(members(turned(document, chance))) for name, document in documents.items()}
    steps = [replace(step, contract=made[step.contract.name]) for step in pipeline.steps]
    edges = None if pipeline.edges is None else list(pipeline.edges)
    waits = list(pipeline.waits)
    for order in (steps, edges, waits):
        if order is not None:
            chance.shuffle(order)
    assert outcome_of(Pipeline(steps, edges, waits).resolve()) == outcome_of(pipeline.resolve())


@settings(max_examples=150, deadline=None)
@given(pipelines())
def test_no_binding_breaks_a_hard_rule(pipeline: Pipeline) -> None:
    rules = BruteForce(pipeline.steps, pipeline.edges, pipeline.waits)
    resolution = pipeline.resolve()
    fed: set[tuple[str, str, str]] = set()
    for item in resolution.bindings:
        consumer, producer = rules.steps[item.step], rules.steps[item.source.step]
        assert rules.fits(item.source.output.output_type, item.port.dependency_type)
        assert rules.distance(producer.name, consumer.name) is not None
        assert consumer.scope[: len(producer.scope)] == producer.scope
        assert rules.own_variant(producer, consumer)
        place = (consumer.name, producer.name, item.source.output.logical_name)
        assert item.source.output.shared or place not in fed
        fed.add(place)
    order = [*(pipeline.edges or ()), *pipeline.waits, *((one.source.step, one.step) for one in resolution.bindings)]
    assert PipelineDAG(rules.steps, order).cycles() == ()
