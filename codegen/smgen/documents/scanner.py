"""Walks through a JSON text once, without recursion, and tells everything that is wrong with it."""

from __future__ import annotations

import contextlib
import json
import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from smgen.diagnostics import Details, Finding, Place, bounded, nearest_name
from smgen.documents.document_limits import Limits
from smgen.documents.json_values import HALF_CHARACTER
from smgen.documents.pointers import append_pointer

if TYPE_CHECKING:  # An interpreter without any package runs this file: see tests/assets/test_archive.py.
    from typing_extensions import Unpack

MAX_DIGITS = 4300
"""The longest integer that is read; Python itself refuses to convert longer ones since its releases of 2022."""

MAX_FINDINGS = 1000
"""The most findings that are listed of one document; more nobody reads."""

_MAX_POINTER = 1000
_EXCERPT = 60

_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[-+.0-9A-Za-z_]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LINE_END = re.compile(r"\r\n|\n|\r")
_LITERALS = ("true", "false", "null")
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")
_PYTHON_NONE = "None"

_STRINGS = json.JSONDecoder()


class Lines:
    """Turns offsets into a text into lines and columns; CRLF, LF and CR each end a line."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def at(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both counted from 1, the column in characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


@dataclass(slots=True)
class _Node:
    """Where one value starts, where its member's name starts (its own start outside objects), and what it holds."""

    start: int
    key_start: int
    members: dict[str, _Node] | None = None
    items: list[_Node] | None = None


def scan(text: str, file: str, limits: Limits) -> tuple[Finding, ...]:
    """Everything that is wrong with `text`, in its order: SMG100, SMG101 and SMG102; nothing for a document.

    The walk goes on after what does not hide the structure (a duplicate key, a number out of range) and ends at the
    first thing that does.
    """
    return _Scanner(text, file, limits).run()


# What may come next. Plain numbers, because the walk compares one for every sign that it reads.
_VALUE, _ITEM_OR_END, _KEY_OR_END, _KEY, _COMMA_OR_END = range(5)


@dataclass(slots=True)
class _Open:
    """An object or a list that is not closed yet; the key is that of the member being read."""

    node: _Node
    is_object: bool
    key: str = ""
    key_start: int = 0

    @property
    def name(self) -> str:
        return "object" if self.is_object else "list"

    @property
    def end(self) -> str:
        return "}" if self.is_object else "]"


class _StopError(Exception):
    """The rest of the text has no meaning, or nobody would read more findings."""


class _Scanner:
    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self._text = text
        self._file = file
        self._limits = limits
        self._lines = Lines(text)
        self._open: list[_Open] = []
        self._findings: list[Finding] = []

    def run(self) -> tuple[Finding, ...]:
        with contextlib.suppress(_StopError):
            self._walk()
        return tuple(self._findings)

    def _walk(self) -> None:
        expect = _VALUE
        at = self._skip_space(0)
        if at == len(self._text):
            self._stop(0, "the document is empty", expected="a JSON value")
        while True:
            char = self._text[at : at + 1]
            if expect == _COMMA_OR_END:
                if not self._open:
                    if char:
                        self._stop(at, "text follows the end of the document", given=self._excerpt(at))
                    return
                expect = self._after_value(at, char)
                at += 1
            elif expect in (_KEY, _KEY_OR_END):
                if expect == _KEY_OR_END and char == "}":
                    self._open.pop()
                    at, expect = at + 1, _COMMA_OR_END
                else:
                    at, expect = self._key(at, char), _VALUE
            elif expect == _ITEM_OR_END and char == "]":
                self._open.pop()
                at, expect = at + 1, _COMMA_OR_END
            elif char == "{":
                self._enter(at, is_object=True)
                at, expect = at + 1, _KEY_OR_END
            elif char == "[":
                self._enter(at, is_object=False)
                at, expect = at + 1, _ITEM_OR_END
            else:
                at, expect = self._scalar(at, char), _COMMA_OR_END
            at = self._skip_space(at)

    def _enter(self, at: int, *, is_object: bool) -> None:
        if len(self._open) == self._limits.max_depth:
            self._report(
                Finding(
                    rule="SMG102",
                    message="the document is nested too deeply",
                    place=self._place(at),
                    expected=f"at most {self._limits.max_depth} objects and lists inside each other",
                )
            )
            raise _StopError
        node = self._attach(at)
        if is_object:
            node.members = {}
        else:
            node.items = []
        self._open.append(_Open(node, is_object))

    def _attach(self, at: int) -> _Node:
        """The node of the value that starts at an offset, hung into what is open."""
        node = _Node(at, at)
        if not self._open:
            return node
        parent = self._open[-1]
        if parent.node.members is not None:
            node.key_start = parent.key_start
            parent.node.members[parent.key] = node
        elif parent.node.items is not None:
            parent.node.items.append(node)
        return node

    def _key(self, at: int, char: str) -> int:
        parent = self._open[-1]
        if char != '"':
            self._no_key(at, char)
        key, end = self._string(at)
        parent.key, parent.key_start = key, at
        members = parent.node.members
        first = None if members is None else members.get(key)
        if first is not None:
            shown = bounded(json.dumps(key, ensure_ascii=False), _EXCERPT)
            self._report(
                Finding(
                    rule="SMG101",
                    message=f"the key {shown} stands twice in one object",
                    place=self._place(at, inside=True),
                    given=f"a second {shown}",
                    expected="every key once in an object; the first one stands here",
                    expected_at=self._place(first.key_start, inside=True),
                    fix="remove or rename one of the two",
                )
            )
            # A third one is told about the first one too.
            parent.key_start = first.key_start
        colon = self._skip_space(end)
        found = self._text[colon : colon + 1]
        if found != ":":
            if not found:
                self._ends_inside()
            self._stop(colon, "a colon is missing after a key", given=self._excerpt(colon), expected='":"')
        return colon + 1

    def _no_key(self, at: int, char: str) -> NoReturn:
        if not char:
            self._ends_inside()
        if char == "}":
            self._stop(at, "a comma stands before the end of an object", given='"}"', fix="remove the comma")
        if char in ("/", "#"):
            self._comment(at)
        self._stop(at, "a key lacks its double quotes", given=self._excerpt(at), expected="a key in double quotes")

    def _after_value(self, at: int, char: str) -> int:
        parent = self._open[-1]
        if char == ",":
            return _KEY if parent.is_object else _VALUE
        if char == parent.end:
            self._open.pop()
            return _COMMA_OR_END
        if not char:
            self._ends_inside()
        if char in ("/", "#"):
            self._comment(at)
        given, expected = self._excerpt(at), f'"," or "{parent.end}"'
        if char in ("]", "}"):
            start = self._place(parent.node.start)
            self._stop(at, f"the wrong sign ends this {parent.name}", given=given, expected=expected, expected_at=start)
        return self._stop(at, f"a comma is missing in this {parent.name}", given=given, expected=expected)

    def _scalar(self, at: int, char: str) -> int:
        if char == '"':
            self._attach(at)
            return self._string(at, inside=True)[1]
        match = _WORD.match(self._text, at)
        word = "" if match is None else match.group()
        if not word:
            self._no_value(at, char)
        self._attach(at)
        if word in _NOT_FINITE:
            self._report(self._syntax(at, "JSON has no NaN and no infinities", given=word, inside=True))
        elif word not in _LITERALS:
            self._number(at, word)
        return at + len(word)

    def _no_value(self, at: int, char: str) -> NoReturn:
        if not char:
            self._ends_inside()
        if char == "]" and self._open and not self._open[-1].is_object:
            self._stop(at, "a comma stands before the end of a list", given='"]"', fix="remove the comma")
        if char in ("/", "#"):
            self._comment(at)
        if char == "'":
            self._stop(at, "a text stands in single quotes", given=self._excerpt(at), expected="double quotes")
        self._stop(at, "this is no JSON value", given=self._excerpt(at), expected="a JSON value")

    def _number(self, at: int, word: str) -> None:
        match = _NUMBER.fullmatch(word)
        given = bounded(word, _EXCERPT)
        if match is None:
            if word[0] in "-+.0123456789":
                self._stop(at, "this is no JSON number", given=given, expected="a number such as 7, -0.5 or 1e-3")
            meant = "null" if word == _PYTHON_NONE else nearest_name(word, _LITERALS)
            self._stop(at, "this word is no JSON value", given=given, expected="true, false or null", nearest=meant)
        elif match.group(1) is None and match.group(2) is None:
            if len(word.lstrip("-")) > MAX_DIGITS:
                self._out_of_range(at, given, f"at most {MAX_DIGITS:,} digits")
        elif math.isinf(float(word)):
            self._out_of_range(at, given, "a number that a 64-bit float can hold, at most about 1.8e308")

    def _out_of_range(self, at: int, given: str, expected: str) -> None:
        self._report(self._syntax(at, "the number is out of range", given=given, expected=expected, inside=True))

    def _string(self, at: int, *, inside: bool = False) -> tuple[str, int]:
        """The string that starts at an offset, and the offset behind it."""
        try:
            # The decoder of the standard library reads one string at C speed; it sees only a string here.
            decoded: tuple[str, int] = _STRINGS.raw_decode(self._text, at)
        except json.JSONDecodeError as error:
            self._bad_string(at, error)
        value, end = decoded
        if not value.isascii() and HALF_CHARACTER.search(value):
            self._report(
                self._syntax(
                    at,
                    "the text holds half of a surrogate pair",
                    given=bounded(self._text[at:end], _EXCERPT),
                    expected=r"both halves, such as \ud83d\ude00, or the character itself",
                    inside=inside,
                )
            )
        return value, end

    def _bad_string(self, at: int, error: json.JSONDecodeError) -> NoReturn:
        if error.msg.startswith("Unterminated"):
            self._stop(at, "the text has no closing double quote", given=self._excerpt(at))
        if error.msg.startswith("Invalid control character"):
            self._stop(
                error.pos,
                "a text holds a line end or another control character",
                given=repr(self._text[error.pos]),
                expected=r"an escape such as \n or \t",
            )
        # The reported position lies somewhere inside of the escape; its backslash is what people look for.
        backslash = self._text.rfind("\\", at, error.pos + 1)
        self._stop(
            backslash,
            "a text holds a backslash that starts no escape",
            given=self._excerpt(backslash),
            expected=r"one of \" \\ \/ \b \f \n \r \t or \u with four hexadecimal digits",
        )

    def _comment(self, at: int) -> NoReturn:
        self._stop(at, "JSON has no comments", given=self._excerpt(at), fix="remove the comment")

    def _ends_inside(self) -> NoReturn:
        end = len(self._text.rstrip(" \t\n\r"))
        if not self._open:
            self._stop(end, "the document ends too early", expected="a JSON value")
        innermost = self._open[-1]
        self._stop(
            end,
            f"the document ends inside of {'an' if innermost.is_object else 'a'} {innermost.name}",
            expected=f'"{innermost.end}" for the {innermost.name} that starts here',
            expected_at=self._place(innermost.node.start),
        )

    def _skip_space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return at if match is None else match.end()

    def _excerpt(self, at: int) -> str:
        """The rest of the line from an offset, bounded."""
        return _LINE_END.split(self._text[at : at + _EXCERPT], maxsplit=1)[0].rstrip()

    def _pointer(self, *, inside: bool) -> str | None:
        """The pointer of what is being read: of the innermost open value, or of the one inside it.

        None when it is so long that a finding with it would help nobody.
        """
        pointer = ""
        for level, opened in enumerate(self._open, 1):
            if level == len(self._open) and not inside:
                break
            pointer = append_pointer(pointer, opened.key if opened.is_object else len(opened.node.items or ()) - 1)
            if len(pointer) > _MAX_POINTER:
                return None
        return pointer

    def _place(self, at: int, *, inside: bool = False) -> Place:
        line, column = self._lines.at(at)
        return Place(file=self._file, line=line, column=column, pointer=self._pointer(inside=inside))

    def _syntax(self, at: int, message: str, *, inside: bool = False, **details: Unpack[Details]) -> Finding:
        return Finding("SMG100", message, self._place(at, inside=inside), **details)

    def _stop(self, at: int, message: str, **details: Unpack[Details]) -> NoReturn:
        self._report(self._syntax(at, message, **details))
        raise _StopError

    def _report(self, finding: Finding) -> None:
        self._findings.append(finding)
        if len(self._findings) == MAX_FINDINGS:
            place = Place(file=self._file, line=finding.place.line, column=finding.place.column)
            message = f"the document has more than {MAX_FINDINGS:,} findings; the others are not listed"
            self._findings.append(Finding(rule="SMG102", message=message, place=place))
            raise _StopError
