"""Contracts as text that people read: what fits into a line stands in one."""

from __future__ import annotations

import json
from typing import Final

from smgen.documents import JsonValue

_WIDTH: Final = 110
_INDENT: Final = "  "


def contract_text(value: JsonValue) -> str:
    """JSON with two spaces, in which an object or list that fits into a line stands in it; a line feed at the end.

    The document itself, and the members of its members, always have lines of their own.
    """
    return f"{_written(value, 0, 0)}\n"


def _written(value: JsonValue, depth: int, used: int) -> str:
    """A value at a depth, behind ``used`` characters of its line."""
    if not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, ensure_ascii=False)
    if depth > 1 or isinstance(value, list):
        line = json.dumps(value, ensure_ascii=False)
        if len(line) + used <= _WIDTH:
            return line
    inner = _INDENT * (depth + 1)
    if isinstance(value, list):
        items = [f"{inner}{_written(item, depth + 1, len(inner) + 1)}" for item in value]
        return "[\n" + ",\n".join(items) + f"\n{_INDENT * depth}]"
    members: list[str] = []
    for name, item in value.items():
        key = f"{inner}{json.dumps(name, ensure_ascii=False)}: "
        members.append(f"{key}{_written(item, depth + 1, len(key) + 1)}")
    return "{\n" + ",\n".join(members) + f"\n{_INDENT * depth}}}"
