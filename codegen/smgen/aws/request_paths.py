"""Places in requests: the one notation in which the rows of step kinds say them."""

from __future__ import annotations

from typing import Final, TypeAlias

Path: TypeAlias = tuple[str, ...]
"""Names of members from ``Arguments`` (or from the step itself) on, with `EACH` between them."""

EACH: Final = "*"
"""In a path: every item of a list, every entry of a map."""


def way(parts: tuple[str | int, ...]) -> Path:
    """The path on which a place lies: its parts, with `EACH` for each index."""
    return tuple(EACH if isinstance(part, int) else part for part in parts)


def property_at(path: Path, name: str = "name") -> str:
    """The property of the same names, as others read it: ``Outputs['name'].S3Uri`` where the path has `EACH`."""
    text = ""
    for part in path:
        text += f"['{name}']" if part == EACH else f".{part}" if text else part
    return text
