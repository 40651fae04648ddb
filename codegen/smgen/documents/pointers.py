"""JSON pointers (RFC 6901): the address of a value inside a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

Trail: TypeAlias = "str | tuple[Trail, str | int]"
"""A place on the way of a walk: a pointer, or a place with the member or item below it.

A pointer is written out only for what is found: most values are never asked for theirs.
"""


def pointer(*parts: str | int) -> str:
    """The pointer that walks through these member names and list indices; no part is the whole document, ""."""
    return append_pointer("", *parts)


def append_pointer(base: str, *parts: str | int) -> str:
    """`base` followed by more member names and list indices."""
    for part in parts:
        if isinstance(part, str) and ("~" in part or "/" in part):
            part = part.replace("~", "~0").replace("/", "~1")
        base = f"{base}/{part}"
    return base


def split_pointer(p: str) -> tuple[str, ...]:
    """The member names and list indices of a pointer, unescaped; indices stay text.

    Raises ValueError when `p` is no pointer: it is not empty and does not start with "/", or a "~" stands alone.
    """
    if p == "":
        return ()
    if not p.startswith("/") or re.search(r"~(?![01])", p):
        raise ValueError(f"not a JSON pointer: {p!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in p[1:].split("/"))


def upwards(p: str) -> Iterator[str]:
    """The pointer itself, then that of its holder, up to the whole document."""
    while p:
        yield p
        p = p.rpartition("/")[0]
    yield ""


def trail_pointer(trail: Trail) -> str:
    """The pointer of a place."""
    start = trail
    while not isinstance(start, str):
        start = start[0]
    return append_pointer(start, *trail_parts(trail))


def trail_parts(trail: Trail) -> tuple[str | int, ...]:
    """The member names and list indices that lead to a place from where its walk began."""
    parts: list[str | int] = []
    while not isinstance(trail, str):
        trail, part = trail
        parts.append(part)
    return tuple(reversed(parts))


def longer_trail(trail: Trail, *parts: str | int) -> Trail:
    """The place at the end of a way below another one."""
    for part in parts:
        trail = (trail, part)
    return trail
