"""A Python file as text and back: its encoding and byte order mark as Python reads them, line ends as they are."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass

from smgen.diagnostics import Finding, FindingsError, Place


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """The text of a Python file and the encoding that it is written in (`utf-8-sig` with a byte order mark)."""

    text: str
    encoding: str

    def encoded(self, text: str) -> bytes:
        """Another text for the same file."""
        return text.encode(self.encoding)


def read_module(data: bytes, file: str) -> ModuleFile:
    """The module in the bytes of a file. Raises FindingsError (SMG210) for bytes that are no Python text."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return ModuleFile(data.decode(encoding), encoding)
    except (SyntaxError, UnicodeDecodeError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        place = Place(file=file)
        finding = Finding("SMG210", "the module of a pipeline is no Python", place, given=reason)
        raise FindingsError([finding]) from None
