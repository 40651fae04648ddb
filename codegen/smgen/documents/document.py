"""Reads a JSON document so that every value knows its line and column."""

from __future__ import annotations

import json
import math
import re
from itertools import accumulate
from pathlib import Path

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents.document_limits import CONTRACT_LIMITS, Limits
from smgen.documents.json_values import JsonValue
from smgen.documents.locating import Locations
from smgen.documents.pointers import split_pointer
from smgen.documents.regular import open_regular
from smgen.documents.scanner import MAX_DIGITS, Lines, scan

_UTF8_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

_NO_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")


class Document:
    """A parsed JSON document: its value, the name it is shown by, and the place of everything in it.

    Places are computed when the first one is asked for; a document that is only read costs nothing more.
    """

    __slots__ = ("_lines", "_locations", "_text", "file", "value")

    file: str
    """The name that findings show."""

    value: JsonValue
    """What `json.loads` makes of the document; objects keep the order of their members."""

    def __init__(self, file: str, value: JsonValue, text: str) -> None:
        self.file = file
        self.value = value
        self._text = text
        self._lines: Lines | None = None
        self._locations: Locations | None = None

    @property
    def data(self) -> bytes:
        """The bytes that the document was read from."""
        return self._text.encode()

    def __repr__(self) -> str:
        return f"Document({self.file!r})"

    def place(self, pointer: str, *, key: bool = False) -> Place:
        """The place where the value at `pointer` starts, or its member's name with `key`.

        Items and the whole document have no name: theirs is the place of the value. A pointer that leads to nothing
        gets the line and the column of the last value on its way that is there, and keeps its own text: so a missing
        member is reported at the object that lacks it. Raises ValueError when `pointer` is no JSON pointer.
        """
        parts = split_pointer(pointer)
        if self._locations is None or self._lines is None:
            self._locations = Locations(self._text)
            self._lines = Lines(self._text)
        line, column = self._lines.at(self._locations.offset(parts, key=key))
        return Place(file=self.file, line=line, column=column, pointer=pointer)


def parse_document(data: bytes, file: str, limits: Limits = CONTRACT_LIMITS) -> Document:
    """The JSON document in `data`, shown as `file` in findings.

    Raises FindingsError with everything that is wrong: SMG100 (not UTF-8, a byte order mark, not JSON, NaN and
    infinities, integers of more than 4,300 digits, floats beyond 64 bits, halves of surrogate pairs), SMG101 (every
    duplicate key with both places) and SMG102 (more bytes or a deeper nesting than `limits` allow).
    """
    if len(data) > limits.max_bytes:
        raise FindingsError([_too_large(file, f"{len(data):,} bytes", limits)])
    findings: list[Finding] = []
    if data.startswith(_UTF8_BOM):
        findings.append(
            Finding(
                rule="SMG100",
                message="the document starts with a byte order mark",
                place=Place(file=file, line=1, column=1),
                expected="UTF-8 without a byte order mark",
                fix="save the file as UTF-8 without BOM",
            )
        )
        data = data[len(_UTF8_BOM) :]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FindingsError([*findings, _not_utf8(data, file, error)]) from None
    if not findings and _greatest_depth(data) <= limits.max_depth and not _SURROGATE_ESCAPE.search(text):
        try:
            return Document(file, _fast_value(text), text)
        except ValueError:
            # Something is wrong: the walk below finds out what and where.
            pass
    findings += scan(text, file, limits)
    if findings:
        raise FindingsError(findings)
    try:
        return Document(file, _fast_value(text), text)
    except ValueError as error:
        # Left over: a Python that was told to refuse numbers which smgen allows (PYTHONINTMAXSTRDIGITS).
        place = Place(file=file, line=1, column=1)
        finding = Finding(rule="SMG100", message="the document cannot be read", place=place, given=str(error))
        raise FindingsError([finding]) from None


def read_document(path: Path, limits: Limits = CONTRACT_LIMITS, *, shown_as: str | None = None) -> Document:
    """The JSON document in a file, shown in findings as `shown_as` or else by its path with forward slashes.

    Raises FindingsError like `parse_document`, and OSError when the file cannot be read. No more than the limit is
    ever read.
    """
    file = path.as_posix() if shown_as is None else shown_as
    with open_regular(path) as stream:
        data = stream.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise FindingsError([_too_large(file, f"more than {limits.max_bytes:,} bytes", limits)])
    return parse_document(data, file, limits)


def _fast_value(text: str) -> JsonValue:
    """The value of a text that may still have anything wrong with it; raises ValueError then."""
    value: JsonValue = json.loads(
        text, object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
    )
    return value


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def _integer(digits: str) -> int:
    # Python's own limit can be switched off; smgen's answer stays the same.
    if len(digits) > MAX_DIGITS and len(digits.lstrip("-")) > MAX_DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is out of range")
    return number


def _constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


def _greatest_depth(data: bytes) -> int:
    """How many objects and lists are open at once, at most: exact for JSON, and no less than a parser would open.

    Runs in linear time at C speed. Escaped signs go first, so that every quote left starts or ends a string; then
    strings go, then everything but brackets. A backslash outside of a string spoils what follows it, but there every
    parser stops.
    """
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(plain.split(b'"')[::2]).translate(_STEPS, _NO_BRACKETS)
    return max(accumulate(memoryview(brackets).cast("b")), default=0)


def _too_large(file: str, given: str, limits: Limits) -> Finding:
    expected = f"at most {limits.max_bytes:,} bytes"
    place = Place(file=file)
    return Finding(rule="SMG102", message="the document is too large", place=place, given=given, expected=expected)


def _not_utf8(data: bytes, file: str, error: UnicodeDecodeError) -> Finding:
    before = data[: error.start].decode("utf-8")
    line, column = Lines(before).at(len(before))
    wide = data.startswith(_WIDE_BOMS)
    return Finding(
        rule="SMG100",
        message="the document is UTF-16, not UTF-8" if wide else "the document is not UTF-8",
        place=Place(file=file, line=line, column=column),
        given=f"the byte 0x{data[error.start]:02x}",
        expected="UTF-8",
        fix="save the file as UTF-8",
    )
