"""Values of a definition as tests write them, compare them and see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from smgen.documents import JsonValue, shown_json
from smgen.expressions import Get, Join, JsonGet, to_json

_LONGEST: Final = 300


def plain(value: object) -> JsonValue:
    """What a test wrote as the JSON that stands in a definition: JSON, or an expression (``parameter("Instance")``).

    Anything is taken, because type checkers make ``dict[str, object]`` of an object with values of several types.
    Raises TypeError for what is no JSON.
    """
    if isinstance(value, (Get, Join, JsonGet)):
        return to_json(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        # What the members of a caller's object are nobody knows.
        members = cast("Mapping[object, object]", value)
        return {str(key): plain(member) for key, member in members.items()}
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{type(value).__name__} is no JSON value")
    return [plain(item) for item in cast("Sequence[object]", value)]


def equal(left: JsonValue, right: JsonValue) -> bool:
    """Whether two values are the same JSON: members in any order, ``6`` as ``6.0``, but ``true`` not as ``1``."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(member, right[key]) for key, member in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(*pair) for pair in zip(left, right, strict=True))
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def shown(value: JsonValue) -> str:
    """A value as JSON in one line, shortened where it is long."""
    return shown_json(value, _LONGEST, "…")
