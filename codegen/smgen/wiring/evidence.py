"""The rules of resolution, what each of them weighs, and the thresholds between certain, ambiguous and open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class Rule(str, Enum):
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
    IDLE_EDGE = "idle-edge"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a binding; ``weight`` is at most 100 and ``words`` are a plain phrase."""

    rule: Rule
    weight: int
    words: str


#: How much each rule adds at most. Those up to ONLY_FIT say which output is meant, and only the best of them counts.
WEIGHTS: Final[Mapping[Rule, int]] = MappingProxyType(
    {
        Rule.NAME: 100,
        Rule.ALIAS: 90,
        Rule.DIRECTION: 85,
        Rule.KEYWORD: 75,
        Rule.SIMILAR: 50,
        Rule.ONLY_FIT: 60,
        Rule.KEYWORD_WORDS: 10,
        Rule.NAMED_AFTER: 20,
        Rule.NAMED_FOR: 20,
        Rule.SOURCE: 20,
        Rule.NEAREST: 30,
        Rule.SAME_VARIANT: 10,
        Rule.VARIANT_WORD: 12,
        Rule.LANE: 12,
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
