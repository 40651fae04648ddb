"""Names in code for what definitions call in their own way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from smgen.contracts import python_identifier

_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(text: str) -> list[str]:
    """The words of a name in small letters: ``TrainingInstanceType`` gives training, instance and type."""
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
