"""The value of a report at a JSON path of ``Std:JsonGet``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smgen.documents import JsonValue, append_pointer


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
