"""What the two sides of a comparison name: a definition file, an environment of the project, or a commit."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from smgen.diagnostics import Finding, FindingsError, nearest_name
from smgen.runtime import Project
from smgen.workflows.commits import is_commit

STDIN: Final = "-"
STDIN_NAME: Final = "the input stream"
WORKING_TREE: Final = "."

_JSON: Final = ".json"

_ENVIRONMENT: Final = re.compile(r"(?P<ref>.+):(?P<environment>[A-Za-z0-9_.-]+)", re.DOTALL)
"""A colon stands in no name of git's but inside of braces (``HEAD@{yesterday 10:00}``), which end such a name."""

_SPELLINGS: Final = "./FILE, env:ENVIRONMENT, git:REF or git:REF:ENVIRONMENT"


@dataclass(frozen=True, slots=True)
class FileSide:
    """A definition in a file, or (``path`` is None) on the input stream; ``name`` is what people call it."""

    name: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class ProjectSide:
    """The project in the working tree (``ref`` is None) or in a commit; in one environment, where one is named."""

    ref: str | None
    environment: str | None


Side: TypeAlias = "FileSide | ProjectSide"


def named_side(text: str, find_project: Callable[[], Project]) -> Side:
    """What a side names. ``find_project`` raises FindingsError where there is none; it is asked only if it matters.

    Raises FindingsError (SMG650) for what names nothing or several things, and OSError for a file that is none.
    """
    prefix, _, rest = text.partition(":")
    if text == STDIN:
        return FileSide(STDIN_NAME, None)
    if text == WORKING_TREE:
        return ProjectSide(None, None)
    if prefix == "env":
        return ProjectSide(None, rest)
    if prefix == "git":
        return ProjectSide(*_ref_and_environment(rest, find_project()))
    readings = list(_readings(text, find_project))
    if len(readings) == 1:
        return readings[0][1]
    if readings:
        raise _problem(
            f"'{text}' names several things",
            given=text,
            expected=" or ".join(spelling for spelling, _ in readings),
            fix="write the one that is meant",
        )
    raise _nothing(text, find_project)


def _readings(text: str, find_project: Callable[[], Project]) -> Iterator[tuple[str, Side]]:
    """Everything that a name without a prefix can mean, each as it is spelled so that it means nothing else."""
    path = Path(text)
    is_file = path.exists() and not path.is_dir()
    if is_file:
        is_path = path.is_absolute() or text.startswith(("./", "../"))
        yield text if is_path else f"./{text}", FileSide(text, path)
        if is_path:
            return
    try:
        project = find_project()
    except FindingsError:
        if is_file or (text and path.is_dir()) or path.suffix == _JSON:
            # A file needs no project, and neither does one that is not there.
            return
        raise
    if text in project.environments:
        yield f"env:{text}", ProjectSide(None, text)
    ref, environment = _ref_and_environment(text, project)
    if is_commit(project.root, ref):
        yield f"git:{text}", ProjectSide(ref, environment)


def _ref_and_environment(text: str, project: Project) -> tuple[str, str | None]:
    """A commit and the environment behind it. That there is such a commit is asked when it is read."""
    split = _ENVIRONMENT.fullmatch(text)
    if split is None:
        return text, None
    # A colon may be a part of a commit's name: HEAD@{12:30}. But of HEAD@{1}:dev git itself would take HEAD.
    if not is_commit(project.root, split["ref"]) and is_commit(project.root, text):
        return text, None
    return split["ref"], split["environment"]


def _nothing(text: str, find_project: Callable[[], Project]) -> Exception:
    """Why a name means nothing."""
    path = Path(text)
    if text and path.is_dir():
        return IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), text)
    if path.suffix == _JSON:
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), text)
    environments = find_project().environments
    nearest = nearest_name(text, environments)
    return _problem(
        f"'{text}' is no file, no environment of the project, and no commit",
        given=text,
        expected=", ".join(environments) or _SPELLINGS,
        nearest=nearest,
        fix=f"write {nearest}" if nearest else f"write {_SPELLINGS}",
    )


def _problem(message: str, *, given: str, expected: str, fix: str, nearest: str | None = None) -> FindingsError:
    finding = Finding("SMG650", message, given=given, expected=expected, nearest=nearest, fix=fix)
    return FindingsError([finding])
