"""The only ways by which text of a contract gets into generated source: literals, docstrings and comments.

Each of them is total: whatever the text holds, the result is one Python token that means exactly that text, or a
docstring or comment that shows it. What counts as printable is asked from Unicode 3.2, so that the same bytes come out
of every Python.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Final

from smgen.documents import JsonValue

_UNICODE: Final = unicodedata.ucd_3_2_0
#: The widest line of a docstring, its opening quotes left out, so that no line is longer than 120.
_WIDTH: Final = 117
#: Quotes that would close a docstring: three in a row, or one at the end.
_CLOSING: Final = re.compile(r'"""|"\Z')
#: Characters that may have to be written in another way; all others stand for themselves wherever they are.
_NOT_PLAIN: Final = re.compile(r"[^ !#-&(-\[\]-~]")
_ESCAPES: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def python_literal(value: JsonValue) -> str:
    """A JSON value as a Python expression of literals."""
    if isinstance(value, str):
        return string_literal(value)
    if isinstance(value, list):
        return f"[{', '.join(python_literal(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{string_literal(key)}: {python_literal(item)}' for key, item in value.items())}}}"
    return repr(value)


def string_literal(text: str) -> str:
    """A text as a Python string literal in double quotes, or in single ones where that saves escapes."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return f"{quote}{_written(text, quote)}{quote}"


def docstring(text: str, indent: int) -> str:
    """A text as a docstring that starts at column ``indent``: wrapped, with a blank line between its paragraphs."""
    margin = " " * indent
    lines = _lines(text, _WIDTH - indent)
    if len(lines) == 1:
        # The closing quotes stand in the same line.
        lines = _lines(text, _WIDTH - indent - len('"""'))
    body = "\n".join(f"{margin}{line}" if line else "" for line in lines).strip(" ")
    body = "\n".join(_written(line, "") for line in body.split("\n"))
    body = _CLOSING.sub(lambda quotes: quotes[0].replace('"', '\\"'), body)
    return f'"""{body}\n{margin}"""' if "\n" in body else f'"""{body}"""'


def comment(text: str) -> str:
    """A text as one comment line."""
    return f"# {_written(' '.join(text.split()), '')}"


def _lines(text: str, width: int) -> list[str]:
    """The lines of all paragraphs, with an empty one between two paragraphs."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        wrapped = _wrapped(paragraph, width)
        lines += ["", *wrapped] if lines and wrapped else wrapped
    return lines


def _wrapped(paragraph: str, width: int) -> list[str]:
    """The lines of one paragraph; a line that starts with ``-`` stays a line of its own."""
    lines: list[str] = []
    for line in paragraph.split("\n"):
        words = " ".join(line.split())
        bullet = words.startswith("- ")
        lines += textwrap.wrap(
            words, width, subsequent_indent="  " if bullet else "", break_long_words=False, break_on_hyphens=False
        )
    return lines


def _written(text: str, quote: str) -> str:
    return _NOT_PLAIN.sub(lambda found: _escaped(found[0], quote), text)


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{character}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if " " <= character <= "~":
        return character
    code = ord(character)
    # Unicode 3.2 took the soft hyphen, which does not show, for punctuation.
    if code > 0x9F and code != 0xAD and _UNICODE.category(character)[0] in "LNPS":
        return character
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
