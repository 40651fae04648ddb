"""The JSON paths of ``Std:JsonGet``: names with dots between them, ``[0]`` and ``['quoted names']``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from smgen.documents import JsonValue, append_pointer

PathParts: TypeAlias = "tuple[str | int, ...]"

_PART: Final = re.compile(r"""(\.?)([^.\[\]'"]+)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([0-9]{1,9}))\]""")


@dataclass(frozen=True)
class NotThere:
    """A path that leads nowhere: the pointer at which it ends, the part that is missing, and what is there."""

    pointer: str
    part: str | int
    value: JsonValue

    @property
    def there(self) -> tuple[str, ...]:
        """The names of the members that are there."""
        return tuple(self.value) if isinstance(self.value, dict) else ()


def path_parts(path: str) -> PathParts | None:
    """The keys and indices of a path; None for one that SageMaker's documentation knows no form for."""
    parts: list[str | int] = []
    end = 0
    while end < len(path):
        match = _PART.match(path, end)
        if match is None or (match[2] is not None and bool(match[1]) == (end == 0)):
            return None
        quoted = match[3] if match[3] is not None else match[4]
        if match[2] is not None:
            parts.append(match[2])
        else:
            parts.append(int(match[5]) if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        end = match.end()
    return tuple(parts) if parts else None


def value_at(report: JsonValue, parts: Sequence[str | int]) -> JsonValue | NotThere:
    """The value of a report at a path."""
    here, at = report, ""
    for part in parts:
        found = _member(here, part)
        if found is None:
            return NotThere(at, part, here)
        (here,) = found
        at = append_pointer(at, part)
    return here


def _member(value: JsonValue, part: str | int) -> tuple[JsonValue] | None:
    """The member or item of a value; None where there is none."""
    if isinstance(value, dict):
        return (value[part],) if isinstance(part, str) and part in value else None
    if isinstance(value, list):
        return (value[part],) if isinstance(part, int) and part < len(value) else None
    return None


def sketch(parts: Sequence[str | int]) -> str:
    """How a report with a value at a path is written: ``{"metrics": {"mse": …}}``."""
    text = "…"
    for part in reversed(parts):
        if isinstance(part, int):
            text = "[" + "…, " * min(part, 3) + f"{text}]"
        else:
            text = '{"' + part.replace("\\", "\\\\").replace('"', '\\"') + f'": {text}}}'
    return text
