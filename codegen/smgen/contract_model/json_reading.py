"""Members of a JSON object in the type that its schema promises.

A contract document has passed its JSON Schema before it is read, but a type checker cannot know that: these functions
narrow, and fall back to the empty value of the type.
"""

from __future__ import annotations

from smgen.contract_model.value_schema import Scalar
from smgen.documents import JsonValue


def text(value: JsonValue, default: str = "") -> str:
    """The text, or ``default`` for anything else."""
    return value if isinstance(value, str) else default


def flag(value: JsonValue, default: bool) -> bool:
    """The boolean, or ``default`` for anything else."""
    return value if isinstance(value, bool) else default


def texts(value: JsonValue) -> tuple[str, ...]:
    """The texts of a list in order; nothing for anything else."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def scalar(value: JsonValue) -> Scalar | None:
    """The text, number or boolean; None for anything else."""
    return value if isinstance(value, (str, int, float)) else None


def whole_number(value: JsonValue) -> int | None:
    """The integer; None for anything else, booleans included."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: JsonValue) -> int | float | None:
    """The number; None for anything else, booleans included."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
