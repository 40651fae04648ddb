"""Keeps paths that a document names inside the folder that they belong to."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path, PurePosixPath

from smgen.diagnostics import Finding, FindingsError, Place


def resolve_inside(root: Path, relative: str, place: Place) -> Path:
    """`root` joined with the relative POSIX path of a document; the result need not exist.

    Raises FindingsError (SMG118, at `place`) when the path is empty, absolute, has "..", a drive, a backslash or a
    character that does not print, when it cannot be followed, or when a symbolic link on the way leads out of `root`.
    """
    problem = _spelling_problem(relative) or _leaving_problem(root, relative)
    if problem is not None:
        raise FindingsError(
            [
                Finding(
                    rule="SMG118",
                    message=problem,
                    place=place,
                    given=relative,
                    expected="a relative path with forward slashes that stays inside its folder",
                )
            ]
        )
    return root / PurePosixPath(relative)


def documents_in(root: Path) -> tuple[str, ...]:
    """The names of the JSON documents directly in a folder, sorted: files, and links that may lead out of it.

    OSError passes.
    """
    with os.scandir(root) as entries:
        return tuple(
            sorted(
                entry.name
                for entry in entries
                if entry.name.endswith(".json")
                and entry.name != ".json"
                and (entry.is_file() or (entry.is_symlink() and not entry.is_dir()))
            )
        )


def _spelling_problem(relative: str) -> str | None:
    if not relative:
        return "the path is empty"
    if not relative.isprintable():
        return "the path has a character that does not print"
    if "\\" in relative:
        return "the path has a backslash"
    if re.match(r"[A-Za-z]:", relative):
        return "the path starts with a drive"
    if relative.startswith("/"):
        return "the path is absolute"
    if ".." in relative.split("/"):
        return 'the path goes up with ".."'
    return None


def _leaving_problem(root: Path, relative: str) -> str | None:
    try:
        resolved_root = root.resolve()
        resolved = (resolved_root / PurePosixPath(relative)).resolve()
        # What is not there may come; a name that is too long never does.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            resolved.lstat()
    except (OSError, RuntimeError, ValueError):
        # A loop of links is a RuntimeError before Python 3.13 and an OSError after; overlong names are an OSError.
        return "the path cannot be followed"
    if not resolved.is_relative_to(resolved_root):
        return "the path leaves its folder through a symbolic link"
    return None
