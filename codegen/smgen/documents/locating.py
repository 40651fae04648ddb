"""Where everything stands in a text that is known to be JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final, TypeAlias

# One step through the text: a string and whether it is a key, the start or the end of an object or a list, or a word.
_STEP: Final = re.compile(
    r"""[ \t\n\r,]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"[ \t\n\r]*(:)?|([\[{])|([\]}])|([^ \t\n\r,\[\]{}":]+))""", re.DOTALL
)
_TEXT, _KEY, _START, _END = 1, 2, 3, 4

# From a member's name to its value.
_MEMBER: Final = re.compile(r"""[^"\\]*(?:\\.[^"\\]*)*"[ \t\n\r]*:[ \t\n\r]*""", re.DOTALL)
_INDEX: Final = re.compile(r"0|[1-9][0-9]*")


@dataclass(slots=True)
class _Container:
    """An object or a list: where it starts and its member's name starts, and what stands in it.

    A single value is only a number, which is where it starts, or its member's name in an object: most of a document
    are single values, and nobody asks for most of them.
    """

    key_start: int
    start: int
    inside: dict[str, _Entry] | list[_Entry]

    def entry(self, part: str) -> _Entry | None:
        """The member or the item that one part of a pointer names."""
        if isinstance(self.inside, dict):
            return self.inside.get(part)
        # No int() over digits without end: an index has no more digits than the number of items.
        if not _INDEX.fullmatch(part) or len(part) > len(str(len(self.inside))) or int(part) >= len(self.inside):
            return None
        return self.inside[int(part)]


_Entry: TypeAlias = "int | _Container"


class Locations:
    """The offsets of all values of a text, which is valid JSON without duplicate keys; found in one walk."""

    __slots__ = ("_root", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = _walked(text)

    def offset(self, parts: tuple[str, ...], *, key: bool) -> int:
        """Where the value at a pointer starts, or its member's name with `key`.

        For a pointer that leads to nothing, the start of the last value on its way that is there.
        """
        holder: _Container | None = None
        here = self._root
        for part in parts:
            below = here.entry(part) if isinstance(here, _Container) else None
            if below is None:
                key = False
                break
            holder, here = here if isinstance(here, _Container) else None, below
        if isinstance(here, _Container):
            return here.key_start if key else here.start
        if key or holder is None or isinstance(holder.inside, list):
            return here
        member = _MEMBER.match(self._text, here + 1)
        return here if member is None else member.end()


def _walked(text: str) -> _Entry:
    root: list[_Entry] = []
    # The text itself is like a list of one item.
    here = _Container(0, 0, root)
    inside = here.inside
    opened: list[_Container] = []
    key, key_start = "", 0
    for found in _STEP.finditer(text):
        group = found.lastindex
        if group == _END:
            here = opened.pop()
            inside = here.inside
        elif group == _KEY:
            key, key_start = found[1], found.start(1) - 1
            if "\\" in key:
                key = json.loads(f'"{key}"')
        else:
            # The quote of a text stands before the group.
            start = found.start(1) - 1 if group == _TEXT else found.start(group or 0)
            name_start = key_start if isinstance(inside, dict) else start
            entry: _Entry = name_start
            if group == _START:
                entry = _Container(name_start, start, {} if text[start] == "{" else [])
            if isinstance(inside, dict):
                inside[key] = entry
            else:
                inside.append(entry)
            if isinstance(entry, _Container):
                opened.append(here)
                here, inside = entry, entry.inside
    return root[0]
