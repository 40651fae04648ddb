"""Names taken apart into words, so that `ModelArtifacts`, `model_artifacts` and `model-artifact` can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_BOUNDARY: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD: Final = re.compile(r"[^\W_]+")

#: Short forms that are common in names of machine learning, with the word that they stand for.
SHORT_FORMS: Final = {
    "calib": "calibration",
    "conf": "configuration",
    "config": "configuration",
    "eval": "evaluation",
    "feat": "feature",
    "feats": "feature",
    "hyperparam": "hyperparameter",
    "hyperparams": "hyperparameter",
    "meta": "metadata",
    "param": "parameter",
    "params": "parameter",
    "pred": "prediction",
    "preds": "prediction",
    "preproc": "preprocessing",
    "sig": "signature",
    "val": "validation",
}

#: Words that say on which side of a step a port stands, or that it is a place, and nothing of what is in it.
DIRECTIONS: Final = frozenset(
    ("in", "input", "incoming", "out", "output", "outgoing", "result", "source", "location", "path", "uri", "url", "s3")
)

#: Words that nearly every name of a pipeline has: sharing one of them says nothing.
GENERIC: Final = DIRECTIONS | {"data", "dataset", "file", "info", "job", "model", "step", "table", "value"}

#: Parts that a dataset is divided into; two names with different ones mean different data, however alike they are.
SPLITS: Final = frozenset(("train", "validat", "test", "calibrat", "holdout"))

_ENDINGS: Final = ("ions", "ors", "ers", "ing", "ion", "ed", "or", "er", "e")
_SHORTEST_STEM: Final = 3


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in order: small letters, short forms written out, plurals made singular."""
    found: list[str] = _WORD.findall(_BOUNDARY.sub(" ", name).casefold())
    return tuple(_singular(SHORT_FORMS.get(word, word)) for word in found)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What `calibrate`, `calibrated`, `calibration` and `calibrator` have in common."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=65536)
def stems(name: str) -> frozenset[str]:
    """The stems of a name's words."""
    return frozenset(stem(word) for word in words(name))


@lru_cache(maxsize=65536)
def telling_stems(name: str) -> frozenset[str]:
    """The stems of the words that say something: without directions, `data`, `model` and their like."""
    return frozenset(stem(word) for word in words(name) if word not in GENERIC)


@lru_cache(maxsize=65536)
def content(name: str) -> tuple[str, ...]:
    """The words of a name without those for a direction: `model_artifacts` for `model_artifacts_input`."""
    return tuple(word for word in words(name) if word not in DIRECTIONS)


def all_stems(names: Iterable[str]) -> frozenset[str]:
    """The stems of the words of several names."""
    return frozenset(part for name in names for part in stems(name))


def _singular(word: str) -> str:
    if len(word) > _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
