"""Values of a definition as tests write them, compare them and see them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from smgen.documents import JsonReadable, JsonValue
from smgen.expressions import Get, Join, JsonGet, to_json

#: What a test may write for a value: JSON, or an expression (``parameter("Instance")``) for its JSON form.
Expected: TypeAlias = "JsonReadable | Get | Join | JsonGet"

_LONGEST: Final = 300


def plain(value: Expected) -> JsonValue:
    """A value as the JSON that stands in a definition. Raises TypeError for what is no JSON."""
    if isinstance(value, (Get, Join, JsonGet)):
        return to_json(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if not _is_list(value):
        raise TypeError(f"{type(value).__name__} is no JSON value")
    return [plain(item) for item in value]


def _is_list(value: object) -> bool:
    """Whether a value is a list or a tuple; a caller without a type checker may give anything."""
    return isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray))


def equal(left: JsonValue, right: JsonValue) -> bool:
    """Whether two values are the same JSON: members in any order, ``6`` as ``6.0``, but ``true`` not as ``1``."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(member, right[key]) for key, member in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(*pair) for pair in zip(left, right, strict=True))
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def shown(value: JsonValue) -> str:
    """A value as JSON in one line, shortened where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
