"""Makes text from anywhere safe to show: nothing in it can move the cursor, hide, or grow without end."""

from __future__ import annotations

import re
from typing import Final

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

#: What CI systems take for a command of theirs: ``::error::`` at the beginning of a line (GitHub), and ``##[error]``,
#: ``##vso[…]`` and ``##teamcity[…]`` anywhere in it (Azure, TeamCity, GitHub).
_COMMAND: Final = re.compile(r"^(\s*):(?=:)|#(?=#\w*\[)", re.MULTILINE)


def visible(text: str, *, keep_newlines: bool = False) -> str:
    r"""`text` with every character that does not print replaced by its escape, such as `\x1b` or `\u202e`.

    Control characters, ANSI sequences, text-direction marks, zero-width characters and lone surrogates are escaped;
    letters of any script and ordinary spaces stay, and so do all signs but the first of what a CI system would take for
    a command in its log. `keep_newlines` leaves line feeds as they are.
    """
    if not text.isprintable():
        text = "".join(
            char if char.isprintable() or (keep_newlines and char == "\n") else _escape(char) for char in text
        )
    if "::" in text or "##" in text:
        return _COMMAND.sub(lambda found: f"{found[1] or ''}{_escape(found[0][-1])}", text)
    return text


def bounded(text: str, limit: int) -> str:
    """`text` when it has at most `limit` characters, else its beginning and how many characters follow."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def _escape(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
