"""The types of JSON values, and the two ways in which smgen writes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""Any JSON value as `json.loads` makes it."""

JsonObject: TypeAlias = "dict[str, JsonValue]"
"""A JSON object; its members keep their order."""

JsonReadable: TypeAlias = "bool | int | float | str | Sequence[JsonReadable] | Mapping[str, JsonReadable] | None"
"""Anything that can be written as JSON: the read-only, covariant counterpart of `JsonValue`."""

HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")
"""Finds a lone surrogate, which no UTF-8 file can hold."""

#: From here on Python writes a float with an exponent.
_EXPONENT_FROM: Final = 1e16


def pretty_json(value: JsonReadable) -> str:
    """JSON for people: two spaces, insertion order, non-ASCII as it is, one line feed at the end.

    Raises ValueError for NaN, infinities and lone surrogates, none of which JSON in UTF-8 has.
    """
    return _checked(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=_plain)) + "\n"


def canonical_json(value: JsonReadable) -> str:
    """JSON for hashes: sorted keys, no spaces, no line feed; equal values give equal text.

    Raises ValueError like `pretty_json`.
    """
    return _checked(
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
    )


def compact_json(value: JsonReadable) -> str:
    """JSON for hashes in which the order of members counts: no spaces, no line feed.

    Raises ValueError like `pretty_json`.
    """
    return _checked(json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain))


def whole_text(value: float) -> str | None:
    """A whole float without its fraction, as AWS's maps of texts and the SDK have it; None for any other."""
    return str(int(value)) if value.is_integer() and abs(value) < _EXPONENT_FROM else None


def content_hash(data: bytes) -> str:
    """The SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _plain(value: JsonReadable) -> JsonReadable:
    # json.dumps asks here about everything that is no dict, list, tuple or scalar.
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _checked(text: str) -> str:
    text.encode("utf-8")
    return text
