"""How far a long command is, on a terminal only."""

from __future__ import annotations

import sys


class Progress:
    """One line on the error stream that is written over; nothing where that is no terminal."""

    def __init__(self, what: str) -> None:
        """``what`` is being done, such as ``reading pipelines``."""
        self._what = what
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Says that ``done`` of ``total`` are done."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{self._what}: {done:,} of {total:,}")
            sys.stderr.flush()
            self._shown = True

    def close(self) -> None:
        """Takes the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
