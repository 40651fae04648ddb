"""The ports of one step on their way to a decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Final, TypeAlias

from smgen.contract_model import DependencySpec
from smgen.wiring.assignment import Standing, standings
from smgen.wiring.comparison import Kind, Match, StepComparison
from smgen.wiring.evidence import (
    KEYWORD_BESIDE,
    KIND_LISTED,
    MOST_CANDIDATES,
    SHADOW,
    SUGGESTION_WINDOW,
    WEIGHTS,
    WINDOW,
    Certainty,
    Evidence,
    EvidenceRule,
    Thresholds,
)
from smgen.wiring.matcher import Offer
from smgen.wiring.resolution import Ambiguity, Binding, Candidate, Given, OpenPort, WiredStep, output_key
from smgen.wiring.weighed import Weighed
from smgen.wiring.words import stem, words

#: Claims by an equal name.
_EQUAL: Final = frozenset((EvidenceRule.NAME, EvidenceRule.ALIAS))

#: Claims that name the output itself.
_NAMES: Final = _EQUAL | {EvidenceRule.DIRECTION}

#: Claims that are good enough for an optional port.
_OUTRIGHT: Final = _NAMES | {EvidenceRule.KEYWORD}

_TIES = 8
"""How many steps of one kind are weighed for one port where no edges are drawn: more of them would only tie."""

Decided: TypeAlias = Binding | Ambiguity | OpenPort

_Matching: TypeAlias = list[tuple[DependencySpec, tuple[Match, ...]]]


class Consumer:
    """One step, its ports that are to be bound, and the outputs that could feed them.

    ``given`` are its ports that have a source, by port. ``asked`` names the ports to decide; None means all others.
    """

    def __init__(
        self,
        comparison: StepComparison,
        thresholds: Thresholds,
        step: WiredStep,
        given: dict[str, list[Given]],
        asked: Collection[str] | None,
    ) -> None:
        self.comparison = comparison
        self.thresholds = thresholds
        self.step = step
        self.kind = comparison.kinds[step.name]
        self.ports = [
            port.dependency_spec
            for name, port in step.contract.input_ports.items()
            if (name not in given if asked is None else name in asked)
        ]
        sources = [item for items in given.values() for item in items if item.source_step is not None]
        self.used = {item.key for item in sources}
        #: The steps that feed the ports that have a source.
        self.fed_by = {item.source_step for item in sources}
        #: The candidates of each port; each list is sorted once all of it is weighed, the most certain first.
        self.found: dict[str, list[Weighed]] = {port.logical_name: [] for port in self.ports}
        #: What a limit left out, by port.
        self.cut_off: dict[str, list[str]] = {port.logical_name: [] for port in self.ports}
        self.any_step = False
        self.scored = 0

    def on(self, rule: EvidenceRule) -> bool:
        """Whether a rule holds in this resolution."""
        return self.comparison.on(rule)

    def decide(self) -> dict[str, list[Decided]]:
        """What becomes of each port as far as this step alone can tell."""
        if not self.ports:
            return {}
        if self.comparison.reach.drawn:
            self._collect_by_distance()
        else:
            self._collect_everywhere()
        self._add_only_fits()
        self._grade()
        fare = self._standings()
        outcome = {port.logical_name: [self._decide(port, fare[port.logical_name])] for port in self.ports}
        taken = {
            item.source.key
            for decided in outcome.values()
            for item in decided
            if isinstance(item, Binding) and not _shared(item.source)
        }
        for port in self.ports:
            if port.many:
                outcome[port.logical_name] += self._more(port, outcome[port.logical_name], taken)
        return outcome

    @cached_property
    def _near(self) -> list[Kind]:
        """The kinds of the direct predecessors; where no edges are drawn, those of all steps."""
        comparison = self.comparison
        if comparison.reach.drawn:
            return [comparison.kinds[name] for name in comparison.reach.direct(self.step.name)]
        return [comparison.kinds[members[0]] for members in comparison.members.values()]

    @cached_property
    def _strict(self) -> frozenset[str]:
        """The ports that take none but the sources they list, whatever its name is: one of these is near."""
        return frozenset(
            port.logical_name
            for port in self.ports
            if port.compatible_sources
            and any(match.listed for kind in self._near for match in self.comparison.matches(self.kind, port, kind))
        )

    # Candidates -----------------------------------------------------------------------------------------------------

    def _collect_by_distance(self) -> None:
        """Goes back along the edges until every required port has a strong candidate, within the window."""
        looked = 0
        waiting = [port for port in self.ports if port.required and self.comparison.is_offered(self.kind, port)]
        matching: dict[int, _Matching] = {}
        for distance, level in enumerate(self.comparison.reach.levels(self.step.name), start=1):
            limit = WINDOW if waiting else SUGGESTION_WINDOW
            # A port that takes many takes all of one distance, so that distance is looked at whole.
            if distance > 1 and looked + len(level) > limit and not any(port.many for port in waiting):
                level = level[: max(limit - looked, 0)]
            self.any_step = self.any_step or bool(level)
            looked += len(level)
            before = self.scored
            known = {port.logical_name: len(self.found[port.logical_name]) for port in waiting}
            self._collect_level(level, distance, matching)
            if self.scored > before:
                waiting = [port for port in waiting if not self._any_strong(port, known[port.logical_name])]
            if looked >= (WINDOW if waiting else SUGGESTION_WINDOW):
                break
        self._tell_window(looked, waiting)

    def _collect_level(self, level: Iterable[str], distance: int, matching: dict[int, _Matching]) -> None:
        for name in level:
            kind = self.comparison.kinds[name]
            found = matching.get(kind.number)
            if found is None:
                found = matching[kind.number] = self._matching(kind, self.ports)
            if found:
                self._collect(name, distance, found)

    def _any_strong(self, port: DependencySpec, start: int) -> bool:
        """Whether one of the candidates of a port from this number on is strong."""
        return any(map(self._strong, islice(self.found[port.logical_name], start, None)))

    def _tell_window(self, looked: int, waiting: Collection[DependencySpec]) -> None:
        """Notes that not all steps were looked at, for the ports that might have found something there."""
        there = self.comparison.reach.count(self.step.name)
        if looked < there:
            told = f"only the {looked:,} nearest of the {there:,} steps before it were looked at"
            for port in self.ports:
                if not port.required or port in waiting:
                    self.cut_off[port.logical_name].append(told)

    def _collect_everywhere(self) -> None:
        """Looks at all kinds of step; of many steps of one kind those of the consumer's lane, and some others."""
        for number, names in self.comparison.members.items():
            plausible = [port for port in self.ports if self._kind_offers(port, names[0])]
            if not plausible:
                self.any_step = True
                continue
            most = None if any(port.many for port in plausible) else _TIES
            near = islice(self._allowed(self._in_lane(number), plausible), most)
            others = self._allowed(names, plausible)
            weighed = tuple(dict.fromkeys((*near, *islice(others, most))))
            for name in weighed:
                self._collect(name, 1, self._matching(self.comparison.kinds[name], plausible))
            if next((name for name in others if name not in weighed), None) is not None:
                kind = self.comparison.kinds[names[0]]
                label = kind.step_type if kind.job_type is None else f"{kind.step_type}:{kind.job_type}"
                told = f"only {len(weighed)} of the {len(names):,} steps of {label} were weighed"
                for port in plausible:
                    self.cut_off[port.logical_name].append(told)

    def _allowed(self, names: Iterable[str], ports: Sequence[DependencySpec]) -> Iterator[str]:
        reach = self.comparison.reach
        return (name for name in names if reach.may_feed(name, self.step.name) and not self._used_up(name, ports))

    def _used_up(self, producer: str, ports: Sequence[DependencySpec]) -> bool:
        """Whether all that a step has for these ports feeds other ports of the consumer already."""
        if producer not in self.fed_by:
            return False
        kind = self.comparison.kinds[producer]
        offers = [match.offer for port in ports for match in self.comparison.matches(self.kind, port, kind)]
        return all(self._is_used(producer, offer) for offer in offers)

    def _in_lane(self, kind: int) -> Iterator[str]:
        """The steps of a kind that share a word with the consumer, those that share the rarest one first."""
        by_lane = self.comparison.by_lane
        lists = [by_lane[kind, word] for word in self.comparison.lanes[self.step.name] if (kind, word) in by_lane]
        return iter(dict.fromkeys(name for found in sorted(lists, key=lambda one: (len(one), one)) for name in found))

    def _kind_offers(self, port: DependencySpec, producer: str) -> bool:
        return bool(self.comparison.matches(self.kind, port, self.comparison.kinds[producer]))

    def _matching(self, kind: Kind, ports: Iterable[DependencySpec]) -> _Matching:
        """Those of the ports that steps of a kind have something for, each with what they have."""
        found = ((port, self.comparison.matches(self.kind, port, kind)) for port in ports)
        return [(port, matches) for port, matches in found if matches]

    def _collect(self, producer: str, distance: int, matching: _Matching) -> None:
        self.any_step = True
        if not self.comparison.allowed_variant(self.step, producer):
            return
        place = tuple(self._place_evidence(producer, distance))
        for port, matches in matching:
            found = self.found[port.logical_name]
            before = len(found)
            found += self._weigh(producer, distance, port, matches, place)
            self.scored += len(found) - before

    def weighed(self, producer: str, port: DependencySpec) -> list[Weighed]:
        """What a step beside it has for a port, also where it was not among those that were looked at."""
        known = [item for item in self.found[port.logical_name] if item.step == producer]
        if known or not self.comparison.allowed_variant(self.step, producer):
            return known
        matches = self.comparison.matches(self.kind, port, self.comparison.kinds[producer])
        return list(self._weigh(producer, 1, port, matches, tuple(self._place_evidence(producer, 1))))

    def _weigh(
        self, producer: str, distance: int, port: DependencySpec, matches: Iterable[Match], place: tuple[Evidence, ...]
    ) -> Iterator[Weighed]:
        comparison = self.comparison
        extra = sum(item.weight for item in place)
        far = distance > 1 and (not port.required or comparison.doubtful_variant(self.step, port, producer))
        spared = distance == 1 and port.logical_name not in self._strict
        drawn = comparison.reach.drawn
        for match in matches:
            if producer in self.fed_by and self._is_used(producer, match.offer):
                continue
            barred = far or (match.left_out and not (spared and (match.claim in _EQUAL or not drawn)))
            evidence = match.evidence + place if place else match.evidence
            if match.left_out and not barred:
                # It may be bound, but never without a word.
                evidence = (*evidence, Evidence(EvidenceRule.LISTED_ONLY, 0, "none of the sources that the port lists"))
            yield Weighed(producer, match, distance, match.score + extra, match.strength, evidence, barred, match.claim)

    def _is_used(self, producer: str, offer: Offer) -> bool:
        """Whether an output that feeds one port of the consumer at most feeds one already."""
        key = output_key(producer, offer.output, offer.file)
        return not offer.shared and key in self.used and self.on(EvidenceRule.ONE_PORT)

    def _place_evidence(self, producer: str, distance: int) -> Iterator[Evidence]:
        if self.on(EvidenceRule.NEAREST) and self.comparison.reach.drawn:
            weight = WEIGHTS[EvidenceRule.NEAREST] // distance
            if weight:
                yield Evidence(
                    EvidenceRule.NEAREST, weight, "direct edge" if distance == 1 else f"{distance} edges before"
                )
        lanes = self.comparison.lanes
        shared = lanes[self.step.name] & lanes[producer]
        if shared and self.on(EvidenceRule.LANE):
            first = min(shared)
            word = next(word for word in words(self.step.name) if stem(word) == first)
            yield Evidence(EvidenceRule.LANE, WEIGHTS[EvidenceRule.LANE], f"both steps have '{word}' in their names")

    def _add_only_fits(self) -> None:
        """A required port whose type only one output before the step has, where other outputs have other types."""
        if not self.on(EvidenceRule.ONLY_FIT) or not self.on(EvidenceRule.TYPE):
            return
        for port in self.ports:
            found = self.found[port.logical_name]
            if len(found) == 1 and port.required and not port.many and self._type_tells(port, found[0]):
                _claim_only_fit(found[0])

    def _type_tells(self, port: DependencySpec, item: Weighed) -> bool:
        """Whether some output of the steps before does not fit: where all fit, the type says nothing."""
        types = {offer.type for kind in self._near for offer, _ in kind.offers}
        types.add(item.match.output.output_type)
        return any(not self.comparison.fits(name, port.dependency_type) for name in types)

    # Certainty ------------------------------------------------------------------------------------------------------

    def _strong(self, item: Weighed) -> bool:
        return item.strength >= self.thresholds.strong and not item.barred

    def _grade(self) -> None:
        """Says of each candidate how certain it is, and sorts those of each port.

        One that stands behind a nearer strong one is taken only where the nearer one serves another port.
        """
        for port in self.ports:
            found = self.found[port.logical_name]
            strong = [item for item in found if self._strong(item)]
            nearest = min((item.distance for item in strong), default=None) if self.on(EvidenceRule.NEAREST) else None
            for item in strong:
                item.certainty = self._certainty(port, item)
            if nearest is not None:
                for item in found:
                    if item.distance > nearest:
                        item.score = max(item.score - SHADOW, 1)
                        item.certainty = None if item.certainty is None else Certainty.BEHIND
            found.sort(key=lambda item: (-_worth(item), item.key))

    def _certainty(self, port: DependencySpec, item: Weighed) -> Certainty | None:
        if not port.required and self.on(EvidenceRule.SECOND_WITNESS) and not _second_witness(item):
            return None
        if item.claim not in _NAMES:
            return Certainty.LIKELY
        listed = item.match.listed > KIND_LISTED and item.distance == 1
        return Certainty.CERTAIN if listed and item.claim is not EvidenceRule.DIRECTION else Certainty.NAMED

    # Decision -------------------------------------------------------------------------------------------------------

    def _standings(self) -> dict[str, Standing]:
        scores: dict[str, dict[str, int]] = {}
        # More than one place for each other port, and three to choose from, can change nothing.
        most = len(self.ports) + MOST_CANDIDATES
        for port in self.ports:
            bindable = (item for item in self.found[port.logical_name] if item.certainty is not None)
            scores[port.logical_name] = {self._place(port, item): _worth(item) for item in islice(bindable, most)}
        return standings(scores)

    def _place(self, port: DependencySpec, item: Weighed) -> str:
        return item.place(port.logical_name, alone=item.match.offer.shared or not self.on(EvidenceRule.ONE_PORT))

    def _decide(self, port: DependencySpec, fare: Standing) -> Decided:
        by_place = {self._place(port, item): item for item in self.found[port.logical_name]}
        winner = None if fare.place is None else by_place[fare.place]
        if winner is not None and fare.margin >= self.thresholds.margin and not self._outdone(port, winner):
            return self.binding(port, winner, fare.margin)
        ranked = self._ranked(port, fare, by_place)
        if not port.required:
            return self.open_port(port, ranked)
        if not self.found[port.logical_name]:
            return self.open_port(port, [])
        doubt = self._doubt(ranked, winner)
        if len(ranked) < MOST_CANDIDATES:
            ranked += [item for item in self._direct(port) if item not in ranked]
        return self.ambiguity(port, ranked or self.found[port.logical_name], doubt)

    def _ranked(self, port: DependencySpec, fare: Standing, by_place: Mapping[str, Weighed]) -> list[Weighed]:
        """The candidates by what the wiring with them is worth, then those that a name speaks for."""
        ranking = sorted(fare.totals, key=lambda place: (-fare.totals[place], place))
        ranked = [by_place[place] for place in ranking]
        return ranked + [
            item for item in self.plausible(port) if item not in ranked and (port.required or not item.barred)
        ]

    def _direct(self, port: DependencySpec) -> list[Weighed]:
        """The candidates of direct predecessors, the best first."""
        return [item for item in self.found[port.logical_name] if item.distance == 1]

    def binding(self, port: DependencySpec, item: Weighed, margin: int) -> Binding:
        """The binding of a port to one of its candidates; ``margin`` is in points, or more where its class decides."""
        certainty = Certainty.CARRIED if item.certainty is None else item.certainty
        return Binding(self.step.name, port, item.candidate(), min(margin, item.score), certainty)

    def plausible(self, port: DependencySpec) -> list[Weighed]:
        """The candidates of a port that a name speaks for, the best first."""
        return [item for item in self.found[port.logical_name] if item.strength >= self.thresholds.plausible]

    def _outdone(self, port: DependencySpec, winner: Weighed) -> bool:
        """Whether a likely candidate has a rival beside it that is not certain enough for itself but as good."""
        if winner.certainty is not Certainty.LIKELY:
            return False
        least = winner.score - self.thresholds.margin
        return any(item.certainty is None and not item.barred and item.score > least for item in self.plausible(port))

    def _doubt(self, ranked: Sequence[Weighed], winner: Weighed | None) -> str:
        """Why a required port with candidates is not bound."""
        if winner is not None:
            return "two or more outputs fit as well"
        if any(item.certainty is not None for item in ranked):
            return "what fits feeds another port"
        first = next(iter(ranked), None)
        if first is None or first.strength < self.thresholds.strong:
            return "no output has enough evidence"
        if first.match.left_out:
            return f"{first.step} is none of the sources that the port lists"
        return f"{first.step} is another variant and no direct predecessor"

    def ambiguity(self, port: DependencySpec, ranked: Sequence[Weighed], reason: str) -> Ambiguity:
        """An ambiguity that names the first of the ranked candidates, and one of a direct predecessor in any case."""
        cut_off = list(self.cut_off[port.logical_name])
        if len(ranked) > MOST_CANDIDATES:
            cut_off.append(f"{MOST_CANDIDATES} of {len(ranked):,} candidates are named")
        named = list(ranked[:MOST_CANDIDATES])
        direct = self._direct(port)
        if direct and all(item.distance > 1 for item in named):
            named[MOST_CANDIDATES - 1 :] = direct[:1]
        told = tuple(item.candidate() for item in named)
        return Ambiguity(self.step.name, port, told, "; ".join((reason, *cut_off)), tuple(cut_off))

    def open_port(self, port: DependencySpec, ranked: Sequence[Weighed]) -> OpenPort:
        """A port that stays open, with the first of the ranked candidates as suggestion if there is enough to it."""
        if not self.any_step:
            return OpenPort(self.step.name, port, "no step comes before it", None, entry=True)
        found = self.found[port.logical_name]
        cut_off = tuple(self.cut_off[port.logical_name])
        best = next(iter(ranked), None)
        if best is None:
            best = next((item for item in found if item.strength >= self.thresholds.strong), None)
        if best is None or best.strength < self.thresholds.contest:
            reason = "no output before it means this port" if found else f"no {port.dependency_type} comes before it"
            outside = not self.comparison.is_offered(self.kind, port)
            return OpenPort(self.step.name, port, "; ".join((reason, *cut_off)), None, outside, cut_off)
        suggestion = best.candidate()
        reason = f"{suggestion.source} is near, but not certain"
        return OpenPort(self.step.name, port, "; ".join((reason, *cut_off)), suggestion, cut_off=cut_off)

    def _more(self, port: DependencySpec, decided: Sequence[Decided], taken: set[str]) -> list[Binding]:
        """The further outputs for a port that takes many: every certain one at the distance of the first."""
        first = next((item for item in decided if isinstance(item, Binding)), None)
        if first is None:
            return []
        more: list[Binding] = []
        for item in self.found[port.logical_name]:
            if item.certainty is None or item.distance != first.source.distance:
                continue
            if item.key in taken or item.key == first.source.key:
                continue
            more.append(self.binding(port, item, 0))
            if not item.match.offer.shared:
                taken.add(item.key)
        return more


def _worth(item: Weighed) -> int:
    """What a candidate is worth in a sum: its class before its points."""
    return item.score if item.certainty is None else item.certainty.points + item.score


def _second_witness(item: Weighed) -> bool:
    """Whether an output is certain enough for an optional port: the same name, or a claim and a witness."""
    rules = {one.rule for one in item.evidence}
    if EvidenceRule.NAME in rules:
        return True
    # That any step of a kind may be the source says nothing about this one.
    witnesses = {EvidenceRule.KEYWORD, EvidenceRule.KEYWORD_WORDS, EvidenceRule.NAMED_AFTER}
    return bool(rules & _OUTRIGHT) and (item.match.listed > KIND_LISTED or bool(rules & witnesses))


def _claim_only_fit(item: Weighed) -> None:
    """Gives a candidate what it gains as the only output of its type, where it has no better claim."""
    if {one.rule for one in item.evidence} & _NAMES:
        return
    claim = next((one for one in item.evidence if one.rule is EvidenceRule.KEYWORD), None)
    evidence = [one for one in item.evidence if one.rule is not EvidenceRule.SIMILAR and one is not claim]
    dropped = sum(one.weight for one in item.evidence if one.rule is EvidenceRule.SIMILAR)
    # The type alone is not enough: a listed source or words of the name must agree with it.
    agreeing = item.match.listed
    gain = WEIGHTS[EvidenceRule.ONLY_FIT] - dropped
    if claim is not None:
        # A keyword that names the output speaks for it as well: it must never leave the port less certain.
        evidence.insert(0, Evidence(EvidenceRule.KEYWORD, KEYWORD_BESIDE, claim.words))
        gain += KEYWORD_BESIDE - claim.weight
        if gain + agreeing <= 0:
            return
    text = f"the only {item.match.output.output_type} before the step"
    evidence.insert(0, Evidence(EvidenceRule.ONLY_FIT, WEIGHTS[EvidenceRule.ONLY_FIT], text))
    item.claim = EvidenceRule.ONLY_FIT
    item.strength += gain + agreeing + min(dropped, WEIGHTS[EvidenceRule.SOURCE])
    item.score += gain
    item.evidence = tuple(evidence)


def _shared(candidate: Candidate) -> bool:
    return candidate.output.shared or candidate.file is not None
