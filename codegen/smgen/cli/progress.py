"""How far a long command is, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

_WIDTH: Final = 24
_UNITS: Final = ("B", "kB", "MB", "GB")
_STEP: Final = 1000


class _Line:
    """A line of the error stream that is written over; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._shown = False

    def _show(self, text: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._shown = True

    def close(self) -> None:
        """Takes the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False


class Progress(_Line):
    """A bar on the error stream that is written over; nothing where that is no terminal."""

    def __init__(self, what: str, *, in_bytes: bool = False) -> None:
        """``what`` is being done, such as ``Reading pipelines``; with ``in_bytes`` the numbers are sizes."""
        super().__init__()
        self._what = what
        self._in_bytes = in_bytes

    def __call__(self, done: int, total: int) -> None:
        """Says that ``done`` of ``total`` are done."""
        filled = _WIDTH * done // total if total else _WIDTH
        bar = "#" * filled + "." * (_WIDTH - filled)
        self._show(f"{self._what} [{bar}] {self._said(done)} of {self._said(total)}")

    def _said(self, count: int) -> str:
        return in_bytes(count) if self._in_bytes else f"{count:,}"


class Activity(_Line):
    """Which of several parts is being done, in one line of the error stream; nothing where that is no terminal."""

    def __init__(self, parts: Sequence[str]) -> None:
        """``parts`` are the names of all parts, in their order."""
        super().__init__()
        self._parts = tuple(parts)

    def begin(self, part: str) -> None:
        """Says that a part begins."""
        self._show(f"[{self._parts.index(part) + 1}/{len(self._parts)}] {part} …")


def in_bytes(count: int) -> str:
    """A size in the unit that keeps it short: ``512 B``, ``1.2 MB``."""
    size = float(count)
    unit = 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size /= _STEP
        unit += 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{count} B"
