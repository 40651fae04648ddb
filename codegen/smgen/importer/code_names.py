"""Names in code for what definitions call in their own way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from smgen.contract_model import python_identifier

_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


#: What a tool puts into names to make them apart: dates with and without the time, seconds since 1970, hashes.
_STAMP: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:19|20)\d\d([-_]?)\d\d\1\d\d(?:[-_T]?\d\d(?:[-_:]?\d\d){1,2}(?:[-_.]\d{3,6})?)?"
    r"|1\d{9}(?:\d{3})?|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![0-9A-Za-z])"
)


def words_of(text: str) -> list[str]:
    """The words of a name in small letters: ``TrainingInstanceType`` gives training, instance and type.

    Without time stamps and hashes, unless it is nothing else: ``input-2024-05-06-07-08-09-123`` is an input.
    """
    return _words(_STAMP.sub("-", text)) or _words(text)


def _words(text: str) -> list[str]:
    return [word.lower() for word in re.split(r"[^A-Za-z0-9]+", _WORD_START.sub("_", text)) if word]


def snake(text: str) -> str:
    """A name in small letters with underscores: ``TrainingInstanceType`` gives ``training_instance_type``."""
    return python_identifier("_".join(words_of(text)) or "x")


def free(name: str, is_taken: Callable[[str], bool], before: str = "_") -> str:
    """The name, or where something has it the first one from 2 with a number behind it, and ``before`` in between."""
    own, number = name, 2
    while is_taken(own):
        own, number = f"{name}{before}{number}", number + 1
    return own
