"""Which files of a source folder stay at home: an ignore file in git's syntax, over defaults that nobody packs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from smgen.diagnostics import Finding, Place
from smgen.documents import shown_path

#: The ignore file of a packed folder; it is read at the folder's top only, and is not packed itself.
IGNORE_FILE: Final = ".smgenignore"

#: What is left out before the ignore file is asked, which may bring any of it back with ``!``.
DEFAULT_PATTERNS: Final[tuple[str, ...]] = (
    "__pycache__/",
    "*.py[cod]",
    ".git/",
    ".hg/",
    ".svn/",
    ".venv/",
    ".tox/",
    ".mypy_cache/",
    ".pytest_cache/",
    ".ruff_cache/",
    ".ipynb_checkpoints/",
    ".idea/",
    ".vscode/",
    ".DS_Store",
    "Thumbs.db",
    # Files of local settings hold passwords more often than not.
    ".env",
)

#: Says of a path relative to the folder, with ``/`` and at the end of a folder's one more, whether it stays at home.
Ignored: TypeAlias = Callable[[str], bool]


def ignore_rules(folder: Path, place: Place) -> tuple[Ignored, tuple[Finding, ...]]:
    """The rules for a folder; SMG126 at ``place`` for an ignore file that cannot be read or understood."""
    # Imported here: only what packs a folder needs it.
    from pathspec import GitIgnoreSpec

    lines, findings = _ignore_lines(folder, place)
    patterns: list[str] = [*DEFAULT_PATTERNS]
    for number, line in enumerate(lines, 1):
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            at = Place(file=shown_path(folder / IGNORE_FILE), line=number)
            expected = "a pattern as in a .gitignore file"
            message = f"a line of {IGNORE_FILE} is no pattern"
            findings.append(Finding("SMG126", message, at, given=line, expected=expected))
        else:
            patterns.append(line)
    return GitIgnoreSpec.from_lines(patterns).match_file, tuple(findings)


def _ignore_lines(folder: Path, place: Place) -> tuple[Sequence[str], list[Finding]]:
    path = folder / IGNORE_FILE
    try:
        if path.is_symlink():
            # Its lines are shown in findings, so it must be a file of this folder.
            raise OSError(None, "it is a symbolic link")
        return path.read_text(encoding="utf-8").splitlines(), []
    except FileNotFoundError:
        return (), []
    except UnicodeDecodeError:
        given = "bytes that are no UTF-8"
    except OSError as error:
        given = error.strerror or type(error).__name__
    message = f"the ignore file {shown_path(path)} cannot be read"
    return (), [Finding("SMG126", message, place, given=given, expected="a text file, one pattern a line")]
