"""The JSON path of a JsonGet as its parts, and the one way in which smgen writes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_MEMBER: Final = re.compile(r"[^.\[\]'\"\s$*?@]+")
_INDEX: Final = re.compile(r"\[(0|[1-9][0-9]{0,8})\]")
_QUOTED: Final = re.compile(r"""\[(?:'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)")\]""", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def parse_json_path(path: str) -> tuple[str | int, ...] | None:
    """The names and list indices of a JSON path; None for what is no plain way to one value.

    ``a.b``, ``a['b']``, ``a["b"]`` and ``$.a.b`` are one way to write the same.
    """
    position = 1 if path.startswith("$") else 0
    parts: list[str | int] = []
    while position < len(path):
        if index := _INDEX.match(path, position):
            parts.append(int(index[1]))
            position = index.end()
            continue
        if quoted := _QUOTED.match(path, position):
            parts.append(_ESCAPED.sub(r"\1", quoted[1] or quoted[2]))
            position = quoted.end()
            continue
        if position > 0:
            if path[position] != ".":
                return None
            position += 1
        member = _MEMBER.match(path, position)
        if member is None:
            return None
        parts.append(member[0])
        position = member.end()
    return tuple(parts) or None


def write_json_path(parts: Sequence[str | int]) -> str:
    """The path as smgen writes it: plain names behind dots, everything else in brackets."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            quoted = part.replace("\\", "\\\\").replace("'", "\\'")
            text += f"['{quoted}']"
    return text
