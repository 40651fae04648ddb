"""Paths as messages and committed files show them."""

from __future__ import annotations

from pathlib import Path


def shown_path(path: Path, base: Path | None = None) -> str:
    """A path with ``/``, relative to ``base`` (default: the working directory) where it lies inside it."""
    try:
        return path.absolute().relative_to((base or Path.cwd()).absolute()).as_posix()
    except ValueError:
        return path.as_posix()
