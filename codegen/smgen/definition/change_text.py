"""Changes between two definitions as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from smgen.definition.change_lists import Change

_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~", "moved": ">", "code": "~"}


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    """The changes by what they change: a line for each step or parameter, and below it one for each place in it."""
    for subject, found in groupby(changes, key=lambda change: change.subject):
        of_subject = tuple(found)
        whole = [change for change in of_subject if not change.path]
        for change in whole:
            yield f"{_SIGNS[change.kind]} {subject}{_whole(change)}"
        inside = [change for change in of_subject if change.path]
        if inside and not whole:
            yield f"~ {subject}"
        for change in inside:
            yield f"    {_SIGNS[change.kind]} {change.path}: {_values(change)}"


def _whole(change: Change) -> str:
    if change.kind == "moved":
        return f": {change.before} -> {change.after}"
    told = change.after if change.kind == "added" else change.before
    return f" ({told})" if told else ""


def _values(change: Change) -> str:
    if change.kind == "code":
        return "other content of the code"
    if change.kind == "added":
        return change.after or ""
    if change.kind == "removed":
        return change.before or ""
    return f"{change.before} -> {change.after}"
