"""The rules of resolution, what each of them weighs, and the thresholds between certain, ambiguous and open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Final


class EvidenceRule(str, Enum):
    """One reason for or against a binding. Each can be switched off, to see what it is worth."""

    TYPE = "type"
    REACHABLE = "reachable"
    ONE_PORT = "one-port"
    OWN_VARIANT = "own-variant"
    NAME = "name"
    ALIAS = "alias"
    DIRECTION = "direction"
    KEYWORD = "keyword"
    SIMILAR = "similar"
    ONLY_FIT = "only-fit"
    KEYWORD_WORDS = "keyword-words"
    NAMED_AFTER = "named-after"
    NAMED_FOR = "named-for"
    SOURCE = "source"
    NEAREST = "nearest"
    SAME_VARIANT = "same-variant"
    VARIANT_WORD = "variant-word"
    LANE = "lane"
    SECOND_WITNESS = "second-witness"
    LISTED_ONLY = "listed-only"
    IDLE_EDGE = "idle-edge"
    CARRIES_ON = "carries-on"


class Certainty(IntEnum):
    """How certain a binding is. A port takes the most certain one; points order only what is within a class.

    - ``CERTAIN``: of a direct predecessor (where no edges are drawn, of any step) that the port lists as a source by
      its name, with the same name or an alias.
    - ``NAMED``: the same name, an alias, or the same name but for the direction.
    - ``LIKELY``: anything else whose evidence about the output is strong.
    - ``BEHIND``: strong as well, but a nearer step has a strong one for the same port.
    - ``CARRIED``: decided when all ports of the step were: a drawn edge would carry nothing else, or a chain of steps
      carries on what is meant.
    """

    BEHIND = 0
    LIKELY = 1
    NAMED = 2
    CERTAIN = 3
    CARRIED = 4

    @property
    def points(self) -> int:
        """What the class is worth in a sum: more than all points of all ports of a step could be worth together."""
        return _CLASS_POINTS[self.value]


_CLASS_POINTS: Final = (0, 10**6, 10**12, 10**18, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a binding; ``weight`` is at most 100 and ``words`` are a plain phrase."""

    rule: EvidenceRule
    weight: int
    words: str


#: How much each rule adds at most. Those up to ONLY_FIT say which output is meant, and only the best of them counts.
WEIGHTS: Final[Mapping[EvidenceRule, int]] = MappingProxyType(
    {
        EvidenceRule.NAME: 100,
        EvidenceRule.ALIAS: 90,
        EvidenceRule.DIRECTION: 85,
        EvidenceRule.KEYWORD: 75,
        EvidenceRule.SIMILAR: 50,
        EvidenceRule.ONLY_FIT: 60,
        EvidenceRule.KEYWORD_WORDS: 10,
        EvidenceRule.NAMED_AFTER: 20,
        EvidenceRule.NAMED_FOR: 20,
        EvidenceRule.SOURCE: 20,
        EvidenceRule.NEAREST: 30,
        EvidenceRule.SAME_VARIANT: 10,
        EvidenceRule.VARIANT_WORD: 12,
        EvidenceRule.LANE: 12,
        EvidenceRule.IDLE_EDGE: 60,
        EvidenceRule.CARRIES_ON: 60,
    }
)

#: A keyword names an output: one keyword weighs this, each further one adds KEYWORD_MORE, up to WEIGHTS.
KEYWORD_ONE: Final = 55
KEYWORD_MORE: Final = 10

#: A further keyword that names the output, where a better claim stands already.
KEYWORD_BESIDE: Final = 10

#: A step is listed by its name without its variant, or only by its kind; with its variant it weighs WEIGHTS.
STEP_LISTED: Final = 15
KIND_LISTED: Final = 3

#: What a candidate loses when a nearer step has a strong one for the same port.
SHADOW: Final = 100


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The borders of a decision, in the unit of the weights; ``python -m tests.wiring.thresholds`` shows the others.

    - ``strong``: what the evidence about an output must reach before it is bound.
    - ``margin``: how much better the best joint assignment must be than the best one without this binding.
    - ``contest``: from which evidence on the output of a predecessor that would feed nothing contests a port.
    - ``plausible``: below this a candidate is not proposed, unless nothing better is there.
    """

    strong: int = 75
    margin: int = 10
    contest: int = 25
    plausible: int = 20


#: How many candidates an ambiguity names.
MOST_CANDIDATES: Final = 3

#: How many of the nearest steps are looked at for a required port that no nearer step can feed.
WINDOW: Final = 256

#: How many of the nearest steps are looked at for suggestions to optional ports.
SUGGESTION_WINDOW: Final = 16
