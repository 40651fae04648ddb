"""The resolver: hard rules, evidence about outputs, the best joint assignment of each step, and then a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from smgen.contracts import ArtifactTypes, DependencySpec, OutputSpec, StepContract
from smgen.wiring.assignment import Standing, standings
from smgen.wiring.evidence import (
    KEYWORD_BESIDE,
    KIND_LISTED,
    MOST_CANDIDATES,
    SHADOW,
    STEP_LISTED,
    SUGGESTION_WINDOW,
    WEIGHTS,
    WINDOW,
    Evidence,
    Rule,
    Thresholds,
)
from smgen.wiring.knots import knots
from smgen.wiring.matcher import Offer, SemanticMatcher, is_named_after, is_named_for
from smgen.wiring.model import Ambiguity, Binding, Candidate, Given, OpenPort, Resolution, Step
from smgen.wiring.reach import Reach
from smgen.wiring.words import GENERIC, stem, stems, words

#: Rules whose evidence says which output is meant; the strength of a candidate is theirs.
_ABOUT_OUTPUT: Final = frozenset(
    (
        Rule.NAME,
        Rule.ALIAS,
        Rule.DIRECTION,
        Rule.KEYWORD,
        Rule.SIMILAR,
        Rule.ONLY_FIT,
        Rule.KEYWORD_WORDS,
        Rule.NAMED_AFTER,
        Rule.NAMED_FOR,
    )
)

#: Claims that are good enough for an optional port.
_OUTRIGHT: Final = frozenset((Rule.NAME, Rule.ALIAS, Rule.DIRECTION, Rule.KEYWORD))

_PAIR: Final = 2
"""So few steps have no name in common that says nothing of them."""

_TIES = 8
"""How many steps of one kind are weighed for one port where no edges are drawn: more of them would only tie."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What steps of one contract and variant have in common."""

    number: int
    contract: StepContract
    step_type: str
    job_type: str | None
    offers: tuple[tuple[Offer, OutputSpec], ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """An output of a kind for a port of a kind, with all evidence that does not depend on the place."""

    offer: Offer
    output: OutputSpec
    strength: int
    score: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A candidate of a port with what the decision needs beside it."""

    candidate: Candidate
    key: str
    shared: bool
    only_offered: bool
    """Whether it can be proposed but not bound: too far away for an optional port or another variant."""


@dataclass
class UnifiedDependencyResolver:
    """Binds the ports of steps to outputs of other steps, or says which ports it cannot bind, and why.

    ``artifact_types`` is the hierarchy that ports are compared in; without it only equal types fit. ``without`` names
    rules that are switched off. The result does not depend on the order of steps, ports, edges or aliases.
    """

    artifact_types: ArtifactTypes | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    without: frozenset[Rule] = frozenset()

    def resolve(
        self,
        steps: Sequence[Step],
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
        return _Resolving(self, steps, edges, tuple(given), tuple(waits), ports).resolution()


class _Resolving:
    """One call of the resolver."""

    def __init__(
        self,
        resolver: UnifiedDependencyResolver,
        steps: Sequence[Step],
        edges: Iterable[tuple[str, str]] | None,
        given: tuple[Given, ...],
        waits: tuple[tuple[str, str], ...],
        ports: Mapping[str, Collection[str]] | None,
    ) -> None:
        self.types = resolver.artifact_types
        self.thresholds = resolver.thresholds
        self.without = resolver.without
        self.matcher = SemanticMatcher(resolver.without)
        self.ports = ports
        self.waits = (*waits, *((item.source_step, item.step) for item in given if item.source_step is not None))
        known = {step.name for step in steps}
        self.waits = tuple(pair for pair in self.waits if pair[0] in known and pair[1] in known)
        self.reach = Reach(steps, edges if self.on(Rule.REACHABLE) else None, self.waits)
        self.steps = self.reach.steps
        self.given: dict[str, dict[str, list[Given]]] = defaultdict(lambda: defaultdict(list))
        for item in given:
            self.given[item.step][item.port].append(item)
        self.kinds: dict[str, _Kind] = {}
        self.variants: dict[tuple[str, str], int] = defaultdict(int)
        self.members: dict[int, list[str]] = defaultdict(list)
        self.lanes: dict[str, frozenset[str]] = {}
        self.by_lane: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._intern()
        self.offered = {offer.type for kind in kinds_of(self.kinds) for offer, _ in kind.offers}
        self.matches: dict[tuple[int, str, int], tuple[_Match, ...]] = {}
        self.compared = 0
        self.scored = 0

    def on(self, rule: Rule) -> bool:
        return rule not in self.without

    def _intern(self) -> None:
        kinds: dict[tuple[int, str, str | None], _Kind] = {}
        for name in sorted(self.steps):
            step = self.steps[name]
            key = (id(step.contract), step.step_type, step.job_type)
            kind = kinds.get(key)
            if kind is None:
                offers = tuple(_offers(step.contract))
                kind = kinds[key] = _Kind(len(kinds), step.contract, step.step_type, step.job_type, offers)
            self.kinds[name] = kind
            self.members[kind.number].append(name)
            if step.job_type is not None:
                self.variants[step.step_type, step.job_type] |= self.reach.bit(name)
            own = stems(step.step_type) | stems(step.job_type or "") | {stem(word) for word in GENERIC}
            self.lanes[name] = frozenset(stem(word) for word in words(name)) - own
        if len(self.lanes) > _PAIR:
            # A word that every step of the pipeline has, such as its name, tells none of them from the others.
            first, *others = self.lanes.values()
            everywhere = first.intersection(*others)
            self.lanes = {name: lane - everywhere for name, lane in self.lanes.items()}
        for name, lane in self.lanes.items():
            for word in sorted(lane):
                self.by_lane[self.kinds[name].number, word].append(name)

    # The whole --------------------------------------------------------------------------------------------------------

    def resolution(self) -> Resolution:
        bindings: list[Binding] = []
        ambiguities: list[Ambiguity] = []
        open_ports: list[OpenPort] = []
        for step in self.steps.values():
            found = _Consumer(self, step).outcome()
            for item in found:
                if isinstance(item, Binding):
                    bindings.append(item)
                elif isinstance(item, Ambiguity):
                    ambiguities.append(item)
                else:
                    open_ports.append(item)
        kept = self._without_cycles(bindings, ambiguities, open_ports)
        return Resolution(
            tuple(kept), tuple(ambiguities), tuple(open_ports), tuple(self.steps), self.compared, self.scored
        )

    def _without_cycles(
        self, bindings: list[Binding], ambiguities: list[Ambiguity], open_ports: list[OpenPort]
    ) -> list[Binding]:
        """Takes back every binding that is part of a cycle; only possible where no edges are drawn."""
        if self.reach.drawn:
            return bindings
        pairs = [(item.source.step, item.step) for item in bindings]
        knot = {name: number for number, group in enumerate(knots((*pairs, *self.waits))) for name in group}
        kept: list[Binding] = []
        for item in bindings:
            if knot.get(item.step, -1) != knot.get(item.source.step, -2):
                kept.append(item)
                continue
            reason = f"{item.source.step} would wait for {item.step} and {item.step} for {item.source.step}"
            if item.port.required:
                ambiguities.append(Ambiguity(item.step, item.port, (item.source,), reason))
            else:
                open_ports.append(OpenPort(item.step, item.port, reason, item.source))
        return kept

    # What depends on kinds only ------------------------------------------------------------------------------------

    def kind_matches(self, consumer: _Kind, port: DependencySpec, producer: _Kind) -> tuple[_Match, ...]:
        """The outputs of the producer's kind that fit the port, with their evidence; compared once for all steps."""
        key = (consumer.number, port.logical_name, producer.number)
        known = self.matches.get(key)
        if known is None:
            offers = (pair for pair in producer.offers if self.fits(pair[0].type, port.dependency_type))
            known = tuple(self._match(consumer, port, producer, *pair) for pair in offers)
            self.matches[key] = known
            self.compared += len(known)
        return known

    def fits(self, given: str, wanted: str) -> bool:
        """Whether an artifact of the one type can stand where the other is asked for."""
        if given == wanted or not self.on(Rule.TYPE):
            return True
        return self.types is not None and self.types.is_subtype(given, wanted)

    def _match(
        self, consumer: _Kind, port: DependencySpec, producer: _Kind, offer: Offer, output: OutputSpec
    ) -> _Match:
        found = list(self.matcher.output_evidence(port, offer))
        if found and self.on(Rule.NAMED_AFTER) and is_named_after(port, producer.step_type):
            text = f"port named after the step {producer.step_type}"
            found.append(Evidence(Rule.NAMED_AFTER, WEIGHTS[Rule.NAMED_AFTER], text))
        if found and self.on(Rule.NAMED_FOR) and consumer.step_type != producer.step_type:
            meant = next((name for name in offer.names if is_named_for(name, consumer.step_type)), None)
            if meant is not None:
                text = f"'{meant}' is named for the consumer"
                found.append(Evidence(Rule.NAMED_FOR, WEIGHTS[Rule.NAMED_FOR], text))
        if self.on(Rule.SOURCE):
            found += _source_evidence(port, producer)
        found += self._variant_evidence(consumer, port, producer)
        strength = sum(item.weight for item in found if item.rule in _ABOUT_OUTPUT)
        return _Match(offer, output, strength, sum(item.weight for item in found), tuple(found))

    def _variant_evidence(self, consumer: _Kind, port: DependencySpec, producer: _Kind) -> Iterator[Evidence]:
        job = producer.job_type
        if job is None:
            return
        if consumer.job_type is not None:
            if consumer.job_type == job and self.on(Rule.SAME_VARIANT):
                yield Evidence(Rule.SAME_VARIANT, WEIGHTS[Rule.SAME_VARIANT], f"same variant '{job}'")
        elif self.on(Rule.VARIANT_WORD) and names_variant(consumer.step_type, port, job):
            yield Evidence(Rule.VARIANT_WORD, WEIGHTS[Rule.VARIANT_WORD], f"variant '{job}' is in the consumer's name")

    # What depends on the place -------------------------------------------------------------------------------------

    def allowed_variant(self, consumer: Step, producer: str) -> bool:
        """The hard rule of variants: where the consumer's own variant of a step can feed it, no other one does."""
        own, other = consumer.job_type, self.steps[producer].job_type
        if own is None or other is None or own == other or not self.on(Rule.OWN_VARIANT):
            return True
        return not self.variants.get((self.steps[producer].step_type, own), 0) & self.reach.producers(consumer.name)

    def doubtful_variant(self, consumer: Step, port: DependencySpec, producer: str) -> bool:
        """Whether a step that is not a direct predecessor makes data of another variant than the consumer's."""
        job = self.steps[producer].job_type
        if job is None or not self.on(Rule.OWN_VARIANT):
            return False
        if consumer.job_type is not None:
            return consumer.job_type != job
        return not names_variant(consumer.step_type, port, job)


def names_variant(step_type: str, port: DependencySpec, job_type: str) -> bool:
    """Whether the word of the variant stands in the name of the step or of the port."""
    variant = stems(job_type)
    return bool(variant) and (variant <= stems(step_type) or variant <= stems(port.logical_name))


class _Consumer:
    """The ports of one step on their way to a decision."""

    def __init__(self, resolving: _Resolving, step: Step) -> None:
        self.on = resolving.on
        self.resolving = resolving
        self.thresholds = resolving.thresholds
        self.step = step
        self.kind = resolving.kinds[step.name]
        asked = None if resolving.ports is None else resolving.ports.get(step.name, ())
        given = resolving.given.get(step.name, {})
        self.ports = [
            port.dependency_spec
            for name, port in step.contract.input_ports.items()
            if (name not in given if asked is None else name in asked)
        ]
        self.used = {
            _key(item.source_step, item.output or "", item.file)
            for sources in given.values()
            for item in sources
            if item.source_step is not None
        }
        self.fed_by = {item.source_step for sources in given.values() for item in sources}
        self.found: dict[str, list[_Weighed]] = {port.logical_name: [] for port in self.ports}
        self.any_step = False
        #: What a limit left out, by port.
        self.cut_off: dict[str, list[str]] = {port.logical_name: [] for port in self.ports}
        self.used_steps = {item.source_step for sources in given.values() for item in sources}

    def outcome(self) -> list[Binding | Ambiguity | OpenPort]:
        if not self.ports:
            return []
        if self.resolving.reach.drawn:
            self._collect_by_distance()
        else:
            self._collect_everywhere()
        self._add_only_fits()
        self._shadow()
        fare = self._standings()
        outcome = {port.logical_name: self._decide(port, fare[port.logical_name]) for port in self.ports}
        if self.on(Rule.IDLE_EDGE):
            self._contest(outcome)
        result: list[Binding | Ambiguity | OpenPort] = []
        taken = {
            _candidate_key(item.source)
            for decided in outcome.values()
            for item in decided
            if isinstance(item, Binding) and not _shared(item.source)
        }
        for port in self.ports:
            decided = outcome[port.logical_name]
            result += decided
            if port.many:
                result += self._more(port, decided, taken)
        return result

    # Candidates -----------------------------------------------------------------------------------------------------

    def _collect_by_distance(self) -> None:
        """Goes back along the edges until every required port has a strong candidate, within the window."""
        looked = 0
        waiting = [port for port in self.ports if port.required]
        for distance, level in enumerate(self.resolving.reach.levels(self.step.name), start=1):
            limit = WINDOW if waiting else SUGGESTION_WINDOW
            # A port that takes many takes all of one distance, so that distance is looked at whole.
            if distance > 1 and not any(port.many for port in waiting):
                level = level[: max(limit - looked, 0)]
            looked += len(level)
            for name in level:
                self._collect(name, distance, self.ports)
            waiting = [port for port in waiting if not any(map(self._strong, self.found[port.logical_name]))]
            if looked >= (WINDOW if waiting else SUGGESTION_WINDOW):
                break
        self._tell_window(looked, waiting)

    def _tell_window(self, looked: int, waiting: Collection[DependencySpec]) -> None:
        """Notes that not all steps were looked at, for the ports that might have found something there."""
        there = self.resolving.reach.count(self.step.name)
        if looked < there:
            told = f"only the {looked:,} nearest of the {there:,} steps before it were looked at"
            for port in self.ports:
                if not port.required or port in waiting:
                    self.cut_off[port.logical_name].append(told)

    def _collect_everywhere(self) -> None:
        """Looks at all kinds of step; of many steps of one kind those of the consumer's lane, and some others."""
        for number, names in self.resolving.members.items():
            plausible = [port for port in self.ports if self._kind_offers(port, names[0])]
            if not plausible:
                self.any_step = True
                continue
            most = None if any(port.many for port in plausible) else _TIES
            near = islice(self._allowed(self._in_lane(number), plausible), most)
            others = self._allowed(names, plausible)
            weighed = tuple(dict.fromkeys((*near, *islice(others, most))))
            for name in weighed:
                self._collect(name, 1, plausible)
            if next((name for name in others if name not in weighed), None) is not None:
                kind = self.resolving.kinds[names[0]]
                label = kind.step_type if kind.job_type is None else f"{kind.step_type}:{kind.job_type}"
                told = f"only {len(weighed)} of the {len(names):,} steps of {label} were weighed"
                for port in plausible:
                    self.cut_off[port.logical_name].append(told)

    def _allowed(self, names: Iterable[str], ports: Sequence[DependencySpec]) -> Iterator[str]:
        reach = self.resolving.reach
        return (name for name in names if reach.may_feed(name, self.step.name) and not self._used_up(name, ports))

    def _used_up(self, producer: str, ports: Sequence[DependencySpec]) -> bool:
        """Whether all that a step has for these ports feeds other ports of the consumer already."""
        if producer not in self.used_steps or not self.on(Rule.ONE_PORT):
            return False
        kind = self.resolving.kinds[producer]
        offers = [match.offer for port in ports for match in self.resolving.kind_matches(self.kind, port, kind)]
        return not any(offer.shared or _key(producer, offer.output, offer.file) not in self.used for offer in offers)

    def _in_lane(self, kind: int) -> Iterator[str]:
        """The steps of a kind that share a word with the consumer, those that share the rarest one first."""
        by_lane = self.resolving.by_lane
        lists = [by_lane[kind, word] for word in self.resolving.lanes[self.step.name] if (kind, word) in by_lane]
        return iter(dict.fromkeys(name for found in sorted(lists, key=lambda one: (len(one), one)) for name in found))

    def _kind_offers(self, port: DependencySpec, producer: str) -> bool:
        return bool(self.resolving.kind_matches(self.kind, port, self.resolving.kinds[producer]))

    def _collect(self, producer: str, distance: int, ports: Sequence[DependencySpec]) -> None:
        self.any_step = True
        resolving = self.resolving
        if not resolving.allowed_variant(self.step, producer):
            return
        kind = resolving.kinds[producer]
        place = tuple(self._place_evidence(producer, distance))
        extra = sum(item.weight for item in place)
        for port in ports:
            far = distance > 1 and (not port.required or resolving.doubtful_variant(self.step, port, producer))
            for match in resolving.kind_matches(self.kind, port, kind):
                key = _key(producer, match.offer.output, match.offer.file)
                if key in self.used and not match.offer.shared and self.on(Rule.ONE_PORT):
                    continue
                resolving.scored += 1
                candidate = Candidate(
                    producer,
                    match.output,
                    match.offer.file,
                    match.score + extra,
                    match.strength,
                    distance,
                    (*match.evidence, *place),
                )
                self.found[port.logical_name].append(_Weighed(candidate, key, match.offer.shared, far))

    def _place_evidence(self, producer: str, distance: int) -> Iterator[Evidence]:
        if self.on(Rule.NEAREST) and self.resolving.reach.drawn:
            weight = WEIGHTS[Rule.NEAREST] // distance
            if weight:
                yield Evidence(Rule.NEAREST, weight, "direct edge" if distance == 1 else f"{distance} edges before")
        lanes = self.resolving.lanes
        shared = sorted(lanes[self.step.name] & lanes[producer])
        if shared and self.on(Rule.LANE):
            word = next(word for word in words(self.step.name) if stem(word) == shared[0])
            yield Evidence(Rule.LANE, WEIGHTS[Rule.LANE], f"both steps have '{word}' in their names")

    def _strong(self, item: _Weighed) -> bool:
        return item.candidate.strength >= self.thresholds.strong and not item.only_offered

    def _add_only_fits(self) -> None:
        """A required port whose type only one output before the step has, where other outputs have other types."""
        if not self.on(Rule.ONLY_FIT) or not self.on(Rule.TYPE):
            return
        for port in self.ports:
            found = self.found[port.logical_name]
            if len(found) == 1 and port.required and not port.many and self._type_tells(port, found[0]):
                found[0] = replace(found[0], candidate=_as_only_fit(found[0].candidate))

    def _type_tells(self, port: DependencySpec, item: _Weighed) -> bool:
        """Whether some output of the steps before does not fit: where all fit, the type says nothing."""
        names = (
            self.resolving.reach.direct(self.step.name)
            if self.resolving.reach.drawn
            else [members[0] for members in self.resolving.members.values()]
        )
        types = {offer.type for name in names for offer, _ in self.resolving.kinds[name].offers}
        types.add(item.candidate.output.output_type)
        return any(not self.resolving.fits(name, port.dependency_type) for name in types)

    def _shadow(self) -> None:
        """What a nearer strong candidate stands before loses: it is taken only when the nearer one serves elsewhere."""
        if not self.on(Rule.NEAREST):
            return
        for port in self.ports:
            found = self.found[port.logical_name]
            nearest = min((item.candidate.distance for item in found if self._strong(item)), default=None)
            if nearest is None:
                continue
            for index, item in enumerate(found):
                if item.candidate.distance > nearest:
                    score = max(item.candidate.score - SHADOW, 1)
                    found[index] = replace(item, candidate=replace(item.candidate, score=score))

    # Decision -------------------------------------------------------------------------------------------------------

    def _ranked(self, port: str) -> list[_Weighed]:
        return sorted(self.found[port], key=lambda item: (-item.candidate.score, item.key))

    def _standings(self) -> dict[str, Standing]:
        scores: dict[str, dict[str, int]] = {}
        for port in self.ports:
            row: dict[str, int] = {}
            for item in self._ranked(port.logical_name):
                if item.candidate.strength < self.thresholds.plausible or (item.only_offered and not port.required):
                    continue
                # More than one place for each other port, and three to choose from, can change nothing.
                if len(row) < len(self.ports) + MOST_CANDIDATES:
                    alone = item.shared or not self.on(Rule.ONE_PORT)
                    row[f"{item.key}\1{port.logical_name}" if alone else item.key] = item.candidate.score
            scores[port.logical_name] = row
        return standings(scores)

    def _decide(self, port: DependencySpec, fare: Standing) -> list[Binding | Ambiguity | OpenPort]:
        by_place: dict[str, _Weighed] = {}
        for item in self.found[port.logical_name]:
            by_place[item.key] = by_place[f"{item.key}\1{port.logical_name}"] = item
        winner = None if fare.place is None else by_place[fare.place]
        if winner is not None and fare.margin >= self.thresholds.margin and self._enough(port, winner):
            return [Binding(self.step.name, port, winner.candidate, fare.margin)]
        ranking = sorted(fare.totals, key=lambda place: (-fare.totals[place], place))
        ranked = [by_place[place].candidate for place in ranking]
        if not port.required:
            return [self._open(port, ranked)]
        for item in self._ranked(port.logical_name):
            if len(ranked) >= MOST_CANDIDATES or (ranked and item.candidate.distance > 1):
                break
            if item.candidate not in ranked:
                ranked.append(item.candidate)
        if not ranked:
            return [self._open(port, [])]
        there = sum(item.candidate.strength >= self.thresholds.plausible for item in self.found[port.logical_name])
        return [self._ambiguity(port, ranked, there, self._doubt(winner, fare))]

    def _doubt(self, winner: _Weighed | None, fare: Standing) -> str:
        """Why a required port with candidates is not bound."""
        if winner is None or winner.candidate.strength < self.thresholds.strong:
            return "no output has enough evidence"
        if fare.margin < self.thresholds.margin:
            return "two or more outputs fit as well"
        return f"{winner.candidate.step} is another variant and no direct predecessor"

    def _ambiguity(self, port: DependencySpec, ranked: Sequence[Candidate], there: int, reason: str) -> Ambiguity:
        """An ambiguity that names the first of the ranked candidates; ``there`` are so many that it could name."""
        cut_off = list(self.cut_off[port.logical_name])
        if there > MOST_CANDIDATES:
            cut_off.append(f"{MOST_CANDIDATES} of {there:,} candidates are named")
        named = tuple(ranked[:MOST_CANDIDATES])
        return Ambiguity(self.step.name, port, named, "; ".join((reason, *cut_off)), tuple(cut_off))

    def _enough(self, port: DependencySpec, item: _Weighed) -> bool:
        if not self._strong(item):
            return False
        if port.required or not self.on(Rule.SECOND_WITNESS):
            return True
        rules = {one.rule for one in item.candidate.evidence}
        if Rule.NAME in rules:
            return True
        # That any step of a kind may be the source says nothing about this one.
        listed = any(one.rule is Rule.SOURCE and one.weight > KIND_LISTED for one in item.candidate.evidence)
        witnesses = {Rule.KEYWORD, Rule.KEYWORD_WORDS, Rule.NAMED_AFTER}
        return bool(rules & _OUTRIGHT) and (listed or bool(rules & witnesses))

    def _open(self, port: DependencySpec, ranked: Sequence[Candidate]) -> OpenPort:
        if not self.any_step:
            return OpenPort(self.step.name, port, "no step comes before it", None, entry=True)
        cut_off = tuple(self.cut_off[port.logical_name])
        best = next(iter(ranked), None)
        if best is None:
            far = [item.candidate for item in self._ranked(port.logical_name)]
            best = next((one for one in far if one.strength >= self.thresholds.strong), None)
        if best is None or best.strength < self.thresholds.contest:
            fit = bool(self.found[port.logical_name])
            reason = "no output before it means this port" if fit else f"no {port.dependency_type} comes before it"
            outside = not any(self.resolving.fits(given, port.dependency_type) for given in self.resolving.offered)
            return OpenPort(self.step.name, port, "; ".join((reason, *cut_off)), None, outside, cut_off)
        reason = f"{best.source} is near, but not certain"
        return OpenPort(self.step.name, port, "; ".join((reason, *cut_off)), best, cut_off=cut_off)

    def _contest(self, outcome: dict[str, list[Binding | Ambiguity | OpenPort]]) -> None:
        """An edge that would carry nothing speaks against a required port that its step could feed as well."""
        idle = self._idle([item for decided in outcome.values() for item in decided])
        for decided in [*outcome.values()]:
            for item in decided:
                if not isinstance(item, Binding) or not item.port.required or item.port.many:
                    continue
                rival = next((name for name in idle if self._rivals(item, name)), None)
                if rival is not None:
                    others = [
                        other.candidate
                        for other in self._ranked(item.port.logical_name)
                        if other.candidate.step in idle and other.candidate.strength >= self.thresholds.contest
                    ]
                    reason = f"the edge from {rival} would carry nothing"
                    ranked = (item.source, *others)
                    outcome[item.port.logical_name] = [self._ambiguity(item.port, ranked, len(ranked), reason)]

    def _idle(self, decided: Iterable[Binding | Ambiguity | OpenPort]) -> list[str]:
        """The direct predecessors along drawn edges that feed nothing and are not asked about."""
        if not self.resolving.reach.drawn:
            return []
        feeding = set(self.fed_by)
        for item in decided:
            if isinstance(item, Binding):
                feeding.add(item.source.step)
            elif isinstance(item, Ambiguity):
                feeding.update(candidate.step for candidate in item.candidates)
        return [name for name in self.resolving.reach.direct(self.step.name) if name not in feeding]

    def _rivals(self, item: Binding, idle: str) -> bool:
        """Whether an idle predecessor has something for a bound port; one that only its variant bars counts as well."""
        kind = self.resolving.kinds[idle]
        if kind.step_type == self.resolving.kinds[item.source.step].step_type:
            return False
        matches = self.resolving.kind_matches(self.kind, item.port, kind)
        return any(match.strength >= self.thresholds.contest for match in matches)

    def _more(
        self, port: DependencySpec, decided: Sequence[Binding | Ambiguity | OpenPort], taken: set[str]
    ) -> list[Binding]:
        """The further outputs for a port that takes many: every strong one at the distance of the first."""
        first = next((item for item in decided if isinstance(item, Binding)), None)
        if first is None:
            return []
        more: list[Binding] = []
        for item in self._ranked(port.logical_name):
            candidate = item.candidate
            if item.key in taken or candidate.distance != first.source.distance or not self._enough(port, item):
                continue
            more.append(Binding(self.step.name, port, candidate, 0))
            if not item.shared:
                taken.add(item.key)
        return more


def _as_only_fit(candidate: Candidate) -> Candidate:
    """A candidate with what it gains as the only output of its type; itself where it has a better claim."""
    if {one.rule for one in candidate.evidence} & (_OUTRIGHT - {Rule.KEYWORD}):
        return candidate
    claim = next((one for one in candidate.evidence if one.rule is Rule.KEYWORD), None)
    evidence = [one for one in candidate.evidence if one.rule is not Rule.SIMILAR and one is not claim]
    dropped = sum(one.weight for one in candidate.evidence if one.rule is Rule.SIMILAR)
    # The type alone is not enough: a listed source or words of the name must agree with it.
    agreeing = sum(one.weight for one in evidence if one.rule is Rule.SOURCE)
    gain = WEIGHTS[Rule.ONLY_FIT] - dropped
    if claim is not None:
        # A keyword that names the output speaks for it as well: it must never leave the port less certain.
        evidence.insert(0, replace(claim, weight=KEYWORD_BESIDE))
        gain += KEYWORD_BESIDE - claim.weight
        if gain + agreeing <= 0:
            return candidate
    text = f"the only {candidate.output.output_type} before the step"
    evidence.insert(0, Evidence(Rule.ONLY_FIT, WEIGHTS[Rule.ONLY_FIT], text))
    strength = candidate.strength + gain + agreeing + min(dropped, WEIGHTS[Rule.SOURCE])
    return replace(candidate, strength=strength, score=candidate.score + gain, evidence=tuple(evidence))


def kinds_of(by_step: Mapping[str, _Kind]) -> tuple[_Kind, ...]:
    """Each kind of step once, by number."""
    return tuple({kind.number: kind for kind in by_step.values()}.values())


def _offers(contract: StepContract) -> Iterator[tuple[Offer, OutputSpec]]:
    for name, port in contract.output_ports.items():
        spec = port.output_spec
        yield Offer(name, spec.output_type, spec.aliases, None, spec.shared), spec
        for file in spec.files:
            if file.artifact_type != spec.output_type:
                yield Offer(name, file.artifact_type, (), file.name, True), spec


def _source_evidence(port: DependencySpec, producer: _Kind) -> Iterator[Evidence]:
    """Whether the port lists the step as a source: with its variant, by its name, or by its kind."""
    own = words(producer.step_type)
    full = (*own, *words(producer.job_type or ""))
    weight = WEIGHTS[Rule.SOURCE]
    listed = [(words(source), source) for source in port.compatible_sources]
    for known, source in listed:
        if producer.job_type is not None and known == full:
            yield Evidence(Rule.SOURCE, weight, f"lists the source '{source}'")
            return
    for known, source in listed:
        if known == own:
            yield Evidence(Rule.SOURCE, STEP_LISTED, f"lists the source '{source}'")
            return
    any_of_kind = producer.contract.step_kind.listed_as.casefold()
    for _, source in listed:
        if any_of_kind and source.casefold() == any_of_kind:
            yield Evidence(Rule.SOURCE, KIND_LISTED, f"lists sources of the kind '{source}'")
            return


def _key(step: str | None, output: str, file: str | None) -> str:
    return f"{step}\0{output}" if file is None else f"{step}\0{output}\0{file}"


def _candidate_key(candidate: Candidate) -> str:
    return _key(candidate.step, candidate.output.logical_name, candidate.file)


def _shared(candidate: Candidate) -> bool:
    return candidate.output.shared or candidate.file is not None
