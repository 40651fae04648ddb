"""Makes text from anywhere safe to show: nothing in it can move the cursor, hide, or grow without end."""

from __future__ import annotations

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, *, keep_newlines: bool = False) -> str:
    r"""`text` with every character that does not print replaced by its escape, such as `\x1b` or `\u202e`.

    Control characters, ANSI sequences, text-direction marks, zero-width characters and lone surrogates are escaped;
    letters of any script and ordinary spaces stay. `keep_newlines` leaves line feeds as they are.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or (keep_newlines and char == "\n") else _escape(char) for char in text)


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
