"""Which files of a source folder stay at home: an ignore file in git's syntax, over defaults that nobody packs."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias, cast

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

#: In bytes; and of one line in characters, with so many ``**``.
_LARGEST_FILE: Final = 65_536
_LONGEST_LINE: Final = 1_000
#: Every name of a folder is held against every line.
_MOST_LINES: Final = 1_000
_MOST_DEPTHS: Final = 3

#: A star in one of pathspec's regular expressions, a set of characters, and what stands where a name ends.
_STAR: Final = "[^/]*"
_SET: Final = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.")
_ENDS_NAME: Final = re.compile(r"/|\(\?|\$")

#: Says of a path relative to the folder, with ``/`` and at the end of a folder's one more, whether it stays at home.
Ignored: TypeAlias = Callable[[str], bool]


class _Compiled(Protocol):
    """One of pathspec's patterns."""

    regex: re.Pattern[str] | None


def ignore_rules(folder: Path, place: Place) -> tuple[Ignored, tuple[Finding, ...]]:
    """The rules for a folder; SMG126 at ``place`` for an ignore file that cannot be read or understood."""
    # Imported here: only what packs a folder needs it.
    from pathspec import GitIgnoreSpec

    lines, findings = _ignore_lines(folder, place)
    patterns = [*GitIgnoreSpec.from_lines(DEFAULT_PATTERNS).patterns]
    for number, line in enumerate(lines, 1):
        try:
            if len(line) > _LONGEST_LINE or line.count("**") > _MOST_DEPTHS:
                raise ValueError(line)
            found = [*GitIgnoreSpec.from_lines([line]).patterns]
            # pathspec leaves open of what its expressions are: of texts.
            for one in cast("list[_Compiled]", found):
                # A comment and an empty line have none.
                if one.regex is not None:
                    one.regex = re.compile(_forward(one.regex.pattern))
        except (ValueError, re.error):
            at = Place(file=shown_path(folder / IGNORE_FILE), line=number)
            limits = f"of at most {_LONGEST_LINE:,} characters, with '**' at most {_MOST_DEPTHS} times"
            message = f"a line of {IGNORE_FILE} is no pattern"
            findings.append(
                Finding("SMG126", message, at, given=line, expected=f"a pattern as in a .gitignore file, {limits}")
            )
        else:
            patterns += found
    return GitIgnoreSpec(patterns).match_file, tuple(findings)


def _forward(regex: str) -> str:
    """A regular expression of pathspec in a form that never goes back within a name.

    Between two stars of one name the first place that fits is as good as any later one, so that it need not be given
    up again: a look-ahead is left as soon as it has matched.
    """
    first, *parts = regex.split(_STAR)
    found = [first]
    for index, part in enumerate(parts):
        is_last = index + 1 == len(parts) or _ENDS_NAME.search(_SET.sub("", part)) is not None
        if is_last:
            found.append(_STAR + part)
        elif part:
            found.append(f"(?=(?P<smgen{index}>{_STAR}?{part}))(?P=smgen{index})")
    return "".join(found)


def _ignore_lines(folder: Path, place: Place) -> tuple[Sequence[str], list[Finding]]:
    path = folder / IGNORE_FILE
    expected = "a text file, one pattern a line"
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            # Its lines are shown in findings, so it must be a file of this folder.
            raise OSError(None, "it is a symbolic link")
        if not stat.S_ISREG(status.st_mode):
            raise OSError(None, "it is no regular file")
        if status.st_size > _LARGEST_FILE:
            expected = f"at most {_LARGEST_FILE:,} bytes"
            raise OSError(None, f"it has {status.st_size:,} bytes")
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > _MOST_LINES:
            expected = f"at most {_MOST_LINES:,} lines"
            raise OSError(None, f"it has {len(lines):,} lines")
        return lines, []
    except FileNotFoundError:
        return (), []
    except UnicodeDecodeError:
        given = "bytes that are no UTF-8"
    except OSError as error:
        given = error.strerror or type(error).__name__
    message = f"the ignore file {shown_path(path)} cannot be read"
    return (), [Finding("SMG126", message, place, given=given, expected=expected)]
