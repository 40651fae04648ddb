"""Finds the name that somebody probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 256
"""Longer names are nobody's typing mistake, and comparing them would take long."""

_NEAR = 0.6
"""The lowest likeness, from 0 to 1, at which a candidate is worth proposing."""

_WORD_NEAR = 0.7
"""The lowest likeness at which one word of a name stands for one word of a candidate."""

_SHORTEST_PART = 3
"""The fewest characters in which the beginning of a word stands for the word."""

_SHORTEST_SLIP = 5
"""Shorter names are near to each other by chance."""


def nearest_name(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was probably meant to be, or None when nothing is near.

    Case, camel case and the signs between words do not count; typos, swapped neighbours, left-out or reordered words
    and beginnings of words (`train` for `training_data`) count little. Of equally near candidates the first one wins.
    """
    if len(name) > _LONGEST:
        return None
    best: str | None = None
    best_score = 0.0
    for candidate in candidates:
        if len(candidate) > _LONGEST:
            continue
        score = _likeness(name, candidate)
        if score >= _NEAR and score > best_score:
            best, best_score = candidate, score
    return best


def is_slip(name: str, meant: str) -> bool:
    """Whether two names differ by one typing mistake; names that differ by a number are mostly meant to."""
    from rapidfuzz.distance import OSA

    left, right = (re.sub(r"[_-]", "", text.casefold()) for text in (name, meant))
    if re.findall("[0-9]+", left) != re.findall("[0-9]+", right):
        return False
    return left == right or (min(len(left), len(right)) >= _SHORTEST_SLIP and OSA.distance(left, right) == 1)


def _likeness(name: str, candidate: str) -> float:
    if name == candidate:
        return 2.0
    given, meant = _words(name), _words(candidate)
    if not given or not meant:
        # Signs only, such as "*" or "..": nothing to compare.
        return 0.0
    if given == meant:
        return 1.5
    # Letters only: an underscore more or less is no difference, but equal words are nearer still.
    letters = _similarity("".join(given), "".join(meant))
    if letters == 1.0:
        return 1.2
    reordered = 0.95 * _similarity("".join(sorted(given)), "".join(sorted(meant)))
    return max(letters, reordered, _part_likeness(given, meant))


def _part_likeness(given: list[str], meant: list[str]) -> float:
    """How well every word of `given` is the beginning or a misspelling of some word of `meant`, at most 0.9."""
    total = 0.0
    left = list(meant)
    for word in given:
        scores = [_word_likeness(word, other) for other in left]
        best = max(scores, default=0.0)
        if best < _WORD_NEAR:
            return 0.0
        total += best
        left.pop(scores.index(best))
    # What is left out counts a little, so that of two candidates the one with less left out is nearer.
    covered = len("".join(given)) / max(len("".join(meant)), len("".join(given)))
    return 0.75 * total / len(given) + 0.15 * covered


def _word_likeness(word: str, other: str) -> float:
    if len(word) >= _SHORTEST_PART and other.startswith(word):
        return 1.0
    if len(other) >= _SHORTEST_PART and word.startswith(other):
        return 0.9
    whole = _similarity(word, other)
    if _SHORTEST_PART < len(word) < len(other):
        # The beginning of a word, misspelt: `trian` for `training`.
        return max(whole, 0.95 * _similarity(word, other[: len(word)]))
    return whole


def _similarity(left: str, right: str) -> float:
    """1 for equal, 0 for entirely different; a swap of neighbours is one mistake, like a wrong letter."""
    from rapidfuzz.distance import OSA

    return OSA.normalized_similarity(left, right)


def _words(name: str) -> list[str]:
    # A capital starts a word after a small letter or a digit, and as the last of a row of capitals: "S3ModelURIPath".
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.findall(r"[^\W_]+", spaced.casefold())
