"""All steps of one resolution, compared with each other: what does not depend on the step that is being fed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smgen.contract_model import ArtifactTypes, DependencySpec, OutputSpec, StepContract
from smgen.wiring.evidence import KIND_LISTED, STEP_LISTED, WEIGHTS, Evidence, EvidenceRule
from smgen.wiring.matcher import Offer, SemanticMatcher, is_named_after, is_named_for
from smgen.wiring.reach import Reach
from smgen.wiring.resolution import WiredStep
from smgen.wiring.words import GENERIC, stem, stems, words

#: Rules whose evidence says which output is meant; the strength of a candidate is theirs.
_ABOUT_OUTPUT: Final = frozenset(
    (
        EvidenceRule.NAME,
        EvidenceRule.ALIAS,
        EvidenceRule.DIRECTION,
        EvidenceRule.KEYWORD,
        EvidenceRule.SIMILAR,
        EvidenceRule.ONLY_FIT,
        EvidenceRule.KEYWORD_WORDS,
        EvidenceRule.NAMED_AFTER,
        EvidenceRule.NAMED_FOR,
    )
)

_PAIR: Final = 2
"""So few steps have no name in common that says nothing of them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What steps of one contract and variant have in common."""

    number: int
    contract: StepContract
    step_type: str
    job_type: str | None
    offers: tuple[tuple[Offer, OutputSpec], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """An output of a kind for a port of a kind, with all evidence that does not depend on the place.

    ``listed`` is what a listed source weighs, 0 where the port does not list the step. ``left_out`` says that the port
    lists sources and the step is none of them.
    """

    offer: Offer
    output: OutputSpec
    strength: int
    score: int
    evidence: tuple[Evidence, ...]
    listed: int
    left_out: bool

    @property
    def claim(self) -> EvidenceRule | None:
        """The rule of the best claim on the output; None where no name speaks for it."""
        first = next(iter(self.evidence), None)
        return None if first is None or first.rule not in _ABOUT_OUTPUT else first.rule


class StepComparison:
    """The steps of a resolution by their kinds, and what the outputs of one kind are worth for the ports of another."""

    def __init__(
        self, steps: Sequence[WiredStep], reach: Reach, types: ArtifactTypes | None, without: frozenset[EvidenceRule]
    ) -> None:
        self.reach = reach
        self.steps = reach.steps
        self.types = types
        self.without = without
        self.matcher = SemanticMatcher(without)
        self.kinds: dict[str, Kind] = {}
        self.members: dict[int, list[str]] = defaultdict(list)
        self.lanes: dict[str, frozenset[str]] = {}
        self.by_lane: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._variants: dict[tuple[str, str], int] = defaultdict(int)
        self._intern(steps)
        self._find_lanes()
        #: The types of everything that some step gives.
        self.offered = {offer.type for kind in kinds_of(self.kinds) for offer, _ in kind.offers}
        self._matches: dict[tuple[int, str, int], tuple[Match, ...]] = {}
        self._offered: dict[tuple[int, str], bool] = {}
        self._fitting: dict[tuple[str, str], bool] = {}
        self.compared = 0

    def on(self, rule: EvidenceRule) -> bool:
        """Whether a rule holds in this resolution."""
        return rule not in self.without

    def _intern(self, steps: Iterable[WiredStep]) -> None:
        kinds: dict[tuple[int, str, str | None], Kind] = {}
        for step in sorted(steps, key=lambda one: one.name):
            key = (id(step.contract), step.step_type, step.job_type)
            kind = kinds.get(key)
            if kind is None:
                offers = tuple(_offers(step.contract))
                kind = kinds[key] = Kind(len(kinds), step.contract, step.step_type, step.job_type, offers)
            self.kinds[step.name] = kind
            self.members[kind.number].append(step.name)
            if step.job_type is not None:
                self._variants[step.step_type, step.job_type] |= self.reach.bit(step.name)

    def _find_lanes(self) -> None:
        generic = {stem(word) for word in GENERIC}
        for name, kind in self.kinds.items():
            own = stems(kind.step_type) | stems(kind.job_type or "") | generic
            self.lanes[name] = frozenset(stem(word) for word in words(name)) - own
        if len(self.lanes) > _PAIR:
            # A word that every step of the pipeline has, such as its name, tells none of them from the others.
            first, *others = self.lanes.values()
            everywhere = first.intersection(*others)
            self.lanes = {name: lane - everywhere for name, lane in self.lanes.items()}
        for name, lane in self.lanes.items():
            for word in sorted(lane):
                self.by_lane[self.kinds[name].number, word].append(name)

    # What depends on kinds only ------------------------------------------------------------------------------------

    def matches(self, consumer: Kind, port: DependencySpec, producer: Kind) -> tuple[Match, ...]:
        """The outputs of the producer's kind that fit the port, with their evidence; compared once for all steps."""
        key = (consumer.number, port.logical_name, producer.number)
        known = self._matches.get(key)
        if known is None:
            offers = (pair for pair in producer.offers if self.fits(pair[0].type, port.dependency_type))
            known = tuple(self._match(consumer, port, producer, *pair) for pair in offers)
            self._matches[key] = known
            self.compared += len(known)
        return known

    def is_offered(self, consumer: Kind, port: DependencySpec) -> bool:
        """Whether any step of the pipeline has an output that fits the port."""
        key = (consumer.number, port.logical_name)
        known = self._offered.get(key)
        if known is None:
            known = any(self.fits(given, port.dependency_type) for given in self.offered)
            self._offered[key] = known
        return known

    def fits(self, given: str, wanted: str) -> bool:
        """Whether an artifact of the one type can stand where the other is asked for."""
        if given == wanted or not self.on(EvidenceRule.TYPE):
            return True
        known = self._fitting.get((given, wanted))
        if known is None:
            known = self._fitting[given, wanted] = self.types is not None and self.types.is_subtype(given, wanted)
        return known

    def _match(self, consumer: Kind, port: DependencySpec, producer: Kind, offer: Offer, output: OutputSpec) -> Match:
        found = list(self.matcher.output_evidence(port, offer))
        if found:
            found += self._named_evidence(consumer, port, producer, offer)
        source = _source_evidence(port, producer) if self.on(EvidenceRule.SOURCE) else None
        if source is not None:
            found.append(source)
        found += self._variant_evidence(consumer, port, producer)
        return Match(
            offer,
            output,
            sum(item.weight for item in found if item.rule in _ABOUT_OUTPUT),
            sum(item.weight for item in found),
            tuple(found),
            0 if source is None else source.weight,
            self.on(EvidenceRule.LISTED_ONLY)
            and bool(port.compatible_sources)
            and _source_evidence(port, producer) is None,
        )

    def _named_evidence(self, consumer: Kind, port: DependencySpec, producer: Kind, offer: Offer) -> Iterator[Evidence]:
        if self.on(EvidenceRule.NAMED_AFTER) and is_named_after(port, producer.step_type):
            text = f"port named after the step {producer.step_type}"
            yield Evidence(EvidenceRule.NAMED_AFTER, WEIGHTS[EvidenceRule.NAMED_AFTER], text)
        if self.on(EvidenceRule.NAMED_FOR) and consumer.step_type != producer.step_type:
            meant = next((name for name in offer.names if is_named_for(name, consumer.step_type)), None)
            if meant is not None:
                text = f"'{meant}' is named for the consumer"
                yield Evidence(EvidenceRule.NAMED_FOR, WEIGHTS[EvidenceRule.NAMED_FOR], text)

    def _variant_evidence(self, consumer: Kind, port: DependencySpec, producer: Kind) -> Iterator[Evidence]:
        job = producer.job_type
        if job is None:
            return
        if consumer.job_type is not None:
            if consumer.job_type == job and self.on(EvidenceRule.SAME_VARIANT):
                yield Evidence(EvidenceRule.SAME_VARIANT, WEIGHTS[EvidenceRule.SAME_VARIANT], f"same variant '{job}'")
        elif self.on(EvidenceRule.VARIANT_WORD) and names_variant(consumer.step_type, port, job):
            yield Evidence(
                EvidenceRule.VARIANT_WORD,
                WEIGHTS[EvidenceRule.VARIANT_WORD],
                f"variant '{job}' is in the consumer's name",
            )

    # What depends on the place -------------------------------------------------------------------------------------

    def allowed_variant(self, consumer: WiredStep, producer: str) -> bool:
        """The hard rule of variants: where the consumer's own variant of a step can feed it, no other one does."""
        own, other = consumer.job_type, self.steps[producer].job_type
        if own is None or other is None or own == other or not self.on(EvidenceRule.OWN_VARIANT):
            return True
        return not self._variants.get((self.steps[producer].step_type, own), 0) & self.reach.producers(consumer.name)

    def doubtful_variant(self, consumer: WiredStep, port: DependencySpec, producer: str) -> bool:
        """Whether a step that is not a direct predecessor makes data of another variant than the consumer's."""
        job = self.steps[producer].job_type
        if job is None or not self.on(EvidenceRule.OWN_VARIANT):
            return False
        if consumer.job_type is not None:
            return consumer.job_type != job
        return not names_variant(consumer.step_type, port, job)


def kinds_of(by_step: Mapping[str, Kind]) -> tuple[Kind, ...]:
    """Each kind of step once, by number."""
    return tuple({kind.number: kind for kind in by_step.values()}.values())


def names_variant(step_type: str, port: DependencySpec, job_type: str) -> bool:
    """Whether the word of the variant stands in the name of the step or of the port."""
    variant = stems(job_type)
    return bool(variant) and (variant <= stems(step_type) or variant <= stems(port.logical_name))


def _offers(contract: StepContract) -> Iterator[tuple[Offer, OutputSpec]]:
    for name, port in contract.output_ports.items():
        spec = port.output_spec
        yield Offer(name, spec.output_type, spec.aliases, None, spec.shared), spec
        for file in spec.files:
            if file.artifact_type != spec.output_type:
                yield Offer(name, file.artifact_type, (), file.name, True), spec


def _source_evidence(port: DependencySpec, producer: Kind) -> Evidence | None:
    """That the port lists the step as a source: with its variant, by its name, or by its kind."""
    own = words(producer.step_type)
    full = (*own, *words(producer.job_type or ""))
    listed = [(words(source), source) for source in port.compatible_sources]
    for known, source in listed:
        if producer.job_type is not None and known == full:
            return Evidence(EvidenceRule.SOURCE, WEIGHTS[EvidenceRule.SOURCE], f"lists the source '{source}'")
    for known, source in listed:
        if known == own:
            return Evidence(EvidenceRule.SOURCE, STEP_LISTED, f"lists the source '{source}'")
    any_of_kind = producer.contract.step_kind.listed_as.casefold()
    for _, source in listed:
        if any_of_kind and source.casefold() == any_of_kind:
            return Evidence(EvidenceRule.SOURCE, KIND_LISTED, f"lists sources of the kind '{source}'")
    return None
