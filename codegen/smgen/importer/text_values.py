"""Numbers, truth values and JSON in texts, of which the same letters are written again, with their types."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from typing import Final

from smgen.documents import JsonObject, JsonValue, children, is_container, whole_text
from smgen.importer.imported_pipeline import Authored, authored_json

#: The type of a plain number without a fraction: one value says nothing about the next one.
WHOLE: Final = "whole"
_LARGEST_WHOLE: Final = 10**18
_SCALARS: Final[Mapping[type, str]] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def is_whole(value: object) -> bool:
    """Whether a value is a plain number without a fraction, and not one of more digits than numbers have."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_WHOLE


def is_number(kinds: Collection[str]) -> bool:
    """Whether values of these types are numbers together: of plain ones, that they are whole says nothing."""
    return bool(kinds) and {"number", WHOLE, "integer"}.issuperset(kinds) and set(kinds) != {"integer"}


def number_in(text: str) -> tuple[str, Authored] | None:
    """Type and value of a number whose text is written back in the same letters; None for any other text."""
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text) and text != "-0":
        return WHOLE, int(text)
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value) or whole_text(value) is not None:
        return None
    return ("number", value) if json.dumps(value) == text else None


def value_in_json(text: str) -> tuple[str, Authored] | None:
    """Type and value of a JSON text that is written back in the same letters; None for any other text.

    Lists and maps have plain values of one type: ``array of string``.
    """
    try:
        value: JsonValue = json.loads(text)
        again = json.dumps(value)
    except (ValueError, RecursionError):
        return None
    kind = _kind(value)
    if is_container(value):
        kinds = {_kind(item) for _, item in children(value)}
        inner = "number" if is_number(kinds) else kinds.pop() if len(kinds) == 1 else ""
        kind = f"{'object' if isinstance(value, dict) else 'array'} of {inner}" if inner else ""
    is_same = again == text and not (isinstance(value, float) and not math.isfinite(value))
    return (kind, authored_json(value)) if kind and is_same else None


def _kind(value: JsonValue) -> str:
    """The type of a plain value; "" for null, objects and lists."""
    return WHOLE if is_whole(value) else _SCALARS.get(type(value), "")


def schema_of_type(kind: str) -> JsonObject:
    """The JSON Schema of a type; lists and maps say the type of their values."""
    holder, _, inner = kind.partition(" of ")
    if not inner:
        return {"type": kind}
    return {"type": holder, "items" if holder == "array" else "additionalProperties": {"type": inner}}
