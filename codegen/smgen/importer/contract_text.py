"""Contracts as text that people read: what fits into a line stands in one."""

from __future__ import annotations

import json
from typing import Final

from smgen.documents import JsonValue, children, is_container

_WIDTH: Final = 110
_INDENT: Final = "  "


def contract_text(value: JsonValue) -> str:
    """JSON with two spaces, in which an object or list that fits into a line stands in it; a line feed at the end.

    The document itself, and the members of its members, always have lines of their own.
    """
    return f"{_written(value, 0, 0)}\n"


def _written(value: JsonValue, depth: int, used: int) -> str:
    """A value at a depth, behind ``used`` characters of its line."""
    if not is_container(value) or not value:
        return json.dumps(value, ensure_ascii=False)
    is_list = isinstance(value, list)
    if depth > 1 or is_list:
        line = json.dumps(value, ensure_ascii=False)
        if len(line) + used <= _WIDTH:
            return line
    lines: list[str] = []
    for part, item in children(value):
        before = _INDENT * (depth + 1) + ("" if is_list else f"{json.dumps(part, ensure_ascii=False)}: ")
        lines.append(f"{before}{_written(item, depth + 1, len(before) + 1)}")
    first, last = "[]" if is_list else "{}"
    return f"{first}\n" + ",\n".join(lines) + f"\n{_INDENT * depth}{last}"
