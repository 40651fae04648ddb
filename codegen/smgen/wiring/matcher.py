"""How alike two names are, and what the words of a port and of an output say about each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from smgen.contract_model import DependencySpec
from smgen.diagnostics import first_of
from smgen.wiring.evidence import KEYWORD_BESIDE, KEYWORD_MORE, KEYWORD_ONE, WEIGHTS, Evidence, EvidenceRule
from smgen.wiring.words import DIRECTIONS, GENERIC, SPLITS, all_stems, content, stem, stems, telling_stems, words

_ALIKE = 0.75
"""The lowest likeness at which one word stands for another."""

_SHOWN = 4
"""How many words of keywords an explanation names."""

_GENERIC_SHARE = 0.25
"""What a generic word counts beside a telling one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a step offers: an output, or a report file of it (``file``), with the names that it goes by."""

    output: str
    type: str
    aliases: tuple[str, ...] = ()
    file: str | None = None
    shared: bool = False

    @property
    def name(self) -> str:
        """``output`` or ``output.file``."""
        return self.output if self.file is None else f"{self.output}.{self.file}"

    @property
    def names(self) -> tuple[str, ...]:
        """The own name first, then the aliases."""
        own = self.output if self.file is None else self.file
        return (own, *self.aliases)


@dataclass(slots=True)
class SemanticMatcher:
    """Compares names by their words: case, camel case, signs, plurals and common short forms do not count."""

    without: frozenset[EvidenceRule] = frozenset()
    _similarities: dict[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])

    def calculate_similarity(self, name1: str, name2: str) -> float:
        """How alike two names are: 1 for the same words, 0 for nothing in common; the order of the two is no matter.

        Words count by themselves and by their stems; a word that nearly every name has counts a quarter. Names with
        different parts of a dataset in them (`training_data`, `test_data`) have nothing in common.
        """
        key = (name1, name2) if name1 <= name2 else (name2, name1)
        known = self._similarities.get(key)
        if known is None:
            known = self._similarities[key] = _similarity(words(key[0]), words(key[1]))
        return known

    def output_evidence(self, port: DependencySpec, offer: Offer) -> tuple[Evidence, ...]:
        """What the names say about this output for this port: the best claim first, then what supports it."""
        claims = sorted(self._claims(port, offer), key=lambda item: -item.weight)
        beside = [replace(item, weight=KEYWORD_BESIDE) for item in claims[1:] if item.rule is EvidenceRule.KEYWORD]
        return (*claims[:1], *beside, *self._supports(port, offer))

    def _claims(self, port: DependencySpec, offer: Offer) -> Iterator[Evidence]:
        own = offer.names[0]
        if self._on(EvidenceRule.NAME) and words(port.logical_name) == words(own):
            yield Evidence(EvidenceRule.NAME, WEIGHTS[EvidenceRule.NAME], f"same name '{own}'")
        if self._on(EvidenceRule.ALIAS):
            yield from _alias_claims(port, offer)
        stem_of_port = content(port.logical_name)
        if self._on(EvidenceRule.DIRECTION) and stem_of_port and stem_of_port == content(own):
            turned = words(port.logical_name) != words(own)
            if turned and any(word not in GENERIC or word == "model" for word in stem_of_port):
                yield Evidence(
                    EvidenceRule.DIRECTION, WEIGHTS[EvidenceRule.DIRECTION], "same name but for the direction"
                )
        if self._on(EvidenceRule.KEYWORD):
            yield from _keyword_claims(port, offer)
        if self._on(EvidenceRule.SIMILAR):
            yield from self._similar_claims(port, offer)

    def _similar_claims(self, port: DependencySpec, offer: Offer) -> Iterator[Evidence]:
        nearest, likeness = max(
            ((name, self.calculate_similarity(port.logical_name, name)) for name in offer.names),
            key=lambda item: item[1],
        )
        weight = round(WEIGHTS[EvidenceRule.SIMILAR] * likeness)
        if weight:
            yield Evidence(EvidenceRule.SIMILAR, weight, f"name like '{nearest}' ({likeness:.2f})")

    def _supports(self, port: DependencySpec, offer: Offer) -> Iterator[Evidence]:
        if not self._on(EvidenceRule.KEYWORD_WORDS):
            return
        # Words of the port's own name are no second witness: the claim has counted them.
        keys = all_stems(port.semantic_keywords) - {stem(word) for word in GENERIC} - stems(port.logical_name)
        shared = {stem(word): word for name in offer.names for word in sorted(words(name)) if stem(word) in keys}
        if shared:
            weight = min(WEIGHTS[EvidenceRule.KEYWORD_WORDS], 3 * len(shared))
            shown = sorted(shared.values())
            yield Evidence(EvidenceRule.KEYWORD_WORDS, weight, f"words of its keywords: {first_of(shown, _SHOWN)}")

    def _on(self, rule: EvidenceRule) -> bool:
        return rule not in self.without


def _alias_claims(port: DependencySpec, offer: Offer) -> Iterator[Evidence]:
    own, *others = offer.names
    weight = WEIGHTS[EvidenceRule.ALIAS]
    wanted = words(port.logical_name)
    for alias in others:
        if words(alias) == wanted:
            yield Evidence(EvidenceRule.ALIAS, weight, f"the output's alias '{alias}'")
            return
    for alias in port.aliases:
        if words(alias) == words(own):
            yield Evidence(EvidenceRule.ALIAS, weight, f"the port's alias '{alias}'")
            return
    ours = {words(alias) for alias in port.aliases}
    for alias in others:
        if words(alias) in ours:
            yield Evidence(EvidenceRule.ALIAS, weight - 5, f"the alias '{alias}' of both")
            return


def _keyword_claims(port: DependencySpec, offer: Offer) -> Iterator[Evidence]:
    """Keywords that name the output: of several words, or one telling word that is the output's whole own name."""
    keys = {words(keyword): keyword for keyword in port.semantic_keywords if words(keyword)}
    found = [keys[words(name)] for name in offer.names if len(words(name)) > 1 and words(name) in keys]
    own = content(offer.names[0])
    if len(own) == 1 and own in keys and own[0] not in GENERIC:
        found.append(keys[own])
    named = tuple(dict.fromkeys(found))
    if named:
        weight = min(WEIGHTS[EvidenceRule.KEYWORD], KEYWORD_ONE + KEYWORD_MORE * (len(named) - 1))
        shown = ", ".join(f"'{name}'" for name in named[:3])
        yield Evidence(EvidenceRule.KEYWORD, weight, f"keyword {shown} names the output")


def is_named_after(port: DependencySpec, step_type: str) -> bool:
    """Whether the port's name is that of the step: every word but directions, and one of them a telling word."""
    own = {stem(word) for word in content(port.logical_name)}
    return bool(own) and own <= stems(step_type) and bool(telling_stems(port.logical_name))


def is_named_for(output: str, step_type: str) -> bool:
    """Whether a name of an output is that of the step which reads it: `calibration_data` for a ModelCalibration."""
    telling = telling_stems(output)
    return bool(telling) and telling <= stems(step_type)


def _similarity(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    if left == right:
        return 1.0 if left else 0.0
    one, two = [stem(word) for word in left], [stem(word) for word in right]
    splits = (SPLITS & set(one), SPLITS & set(two))
    if splits[0] and splits[1] and not splits[0] & splits[1]:
        return 0.0
    total = sum(map(_weight, left)) + sum(map(_weight, right))
    if not total:
        return 0.0
    shared = sum(_weight(word) * _best(stem(word), two) for word in left)
    shared += sum(_weight(word) * _best(stem(word), one) for word in right)
    # Only equal words make the same name; equal stems are nearly that.
    return min(shared / total, 0.95)


def _best(word: str, others: list[str]) -> float:
    from rapidfuzz.distance import OSA

    best = 0.0
    for other in others:
        if word == other:
            return 1.0
        likeness = OSA.normalized_similarity(word, other)
        if likeness >= _ALIKE:
            best = max(best, likeness)
    return best


def _weight(word: str) -> float:
    if word in DIRECTIONS:
        return 0.1
    return _GENERIC_SHARE if word in GENERIC else 1.0
