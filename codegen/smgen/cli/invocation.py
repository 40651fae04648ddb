"""What one call of the command line asked for, which its end needs to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Invocation:
    """What one call of the command line asked for, as far as its options have been read."""

    output_format: str = "text"
    traceback: bool = False
