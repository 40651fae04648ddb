"""Finds the code of imported steps in folders of the repository."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """Code in Amazon S3 that steps run: its location in the definition, and what was found of it.

    ``path`` is the file or folder of the project that it comes from now, None where it stays in S3; ``candidates`` are
    those that it could be where there are several. ``note`` is a clause behind either, with its comma.
    """

    location: str
    steps: tuple[str, ...]
    path: str | None = None
    candidates: tuple[str, ...] = ()
    note: str = ""
