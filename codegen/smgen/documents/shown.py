"""Paths and values as messages and committed files show them."""

from __future__ import annotations

import json
from pathlib import Path

from smgen.documents.json_values import JsonReadable


def shown_path(path: Path, base: Path | None = None) -> str:
    """A path with ``/``, relative to ``base`` (default: the working directory) where it lies inside it."""
    try:
        return path.absolute().relative_to((base or Path.cwd()).absolute()).as_posix()
    except ValueError:
        return path.as_posix()


def shown_json(value: JsonReadable, most: int = 60, mark: str = "...") -> str:
    """A value as JSON in one line of at most so many characters; where something is left out, the mark ends it."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else f"{text[: most - len(mark)]}{mark}"
