"""What is found and where: the plain values that every room reports with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypedDict

from smgen.diagnostics.rules import RULES, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: in a file, in a document, in a pipeline, or any mix of them.

    `line` and `column` count from 1, columns in characters; `pointer` is an RFC 6901 JSON pointer ("" is the whole
    document); `step` and `port` are names in a pipeline.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    pointer: str | None = None
    step: str | None = None
    port: str | None = None


_NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a finding is about beside the step and the port of its place, for code: the texts say it to people.

    `environment` and `contract` are names, `field` is that of a config's field, a parameter or a generated thing;
    `exception` is the class of what a user's code raised.
    """

    environment: str | None = None
    contract: str | None = None
    field: str | None = None
    exception: str | None = None


_NOTHING = Subject()


class Details(TypedDict, total=False):
    """What a finding may say beside its message, for functions that make findings of one rule or at one kind of place:
    ``def problem(message: str, **details: Unpack[Details])``.
    """

    given: str | None
    given_at: Place | None
    expected: str | None
    expected_at: Place | None
    nearest: str | None
    fix: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which rule, where, what was given, what was expected, and how to put it right.

    Texts are plain and may hold anything that a user wrote; the output forms bound and neutralise them. No code decides
    by what they say: `about` is for that, where the place is not enough. Raises ValueError for a rule id that is not in
    `RULES`.
    """

    rule: str
    message: str
    place: Place = _NOWHERE
    given: str | None = None
    given_at: Place | None = None
    expected: str | None = None
    expected_at: Place | None = None
    nearest: str | None = None
    fix: str | None = None
    about: Subject = field(default=_NOTHING, compare=False)

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"no rule has the id {self.rule!r}; add it to smgen/diagnostics/rules.py")

    @property
    def severity(self) -> Severity:
        """The severity of the finding's rule."""
        return RULES[self.rule].severity

    @property
    def texts(self) -> tuple[str | None, ...]:
        """Everything that is said: the message, what was given and expected, the nearest name, the fix."""
        return (self.message, self.given, self.expected, self.nearest, self.fix)

    def with_texts(self, change: Callable[[str], str]) -> Finding:
        """The finding with every text of it changed."""
        given, expected, nearest, fix = (None if text is None else change(text) for text in self.texts[1:])
        return replace(self, message=change(self.message), given=given, expected=expected, nearest=nearest, fix=fix)

    def bare(self, place: Place = _NOWHERE, given: str | None = None) -> Finding:
        """The mistake by itself, at another place: without values, what follows from them, and whence they are."""
        return Finding(self.rule, self.message, place, given)


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each different finding once, in reading order: by file, line, column, pointer, step, port, rule and text.

    Findings without a file come last; numbers in pointers sort as numbers.
    """
    return tuple(sorted(dict.fromkeys(findings), key=_finding_key))


_OptionalText = tuple[bool, str]
_PointerKey = tuple[tuple[bool, int, str], ...]
_PlaceKey = tuple[_OptionalText, int, int, _PointerKey, str, str]
_FindingKey = tuple[_PlaceKey, str, str, tuple[str, ...], _PlaceKey, _PlaceKey]


def _finding_key(finding: Finding) -> _FindingKey:
    texts = (finding.given or "", finding.expected or "", finding.nearest or "", finding.fix or "")
    return (
        _place_key(finding.place),
        finding.rule,
        finding.message,
        texts,
        _place_key(finding.given_at or _NOWHERE),
        _place_key(finding.expected_at or _NOWHERE),
    )


def _place_key(place: Place) -> _PlaceKey:
    return (
        (place.file is None, place.file or ""),
        place.line or 0,
        place.column or 0,
        _pointer_key(place.pointer or ""),
        place.step or "",
        place.port or "",
    )


def _pointer_key(pointer: str) -> _PointerKey:
    # Digits sort by length and then as text: the order of the numbers, without int() and its limit of digits.
    parts = pointer.split("/")[1:]
    return tuple((False, len(p), p) if re.fullmatch(r"0|[1-9][0-9]*", p) else (True, 0, p) for p in parts)
