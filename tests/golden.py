"""Pinned texts: a test compares what was made with a file, and ``pytest --update-golden`` writes the file instead.

What changed is shown at the end of the run, so that it is read before it is committed.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.project.checkout import CHECKOUT

if TYPE_CHECKING:
    from smgen.generate import GeneratedPackage

#: How many lines are shown of one file, and of all.
MOST_OF_A_FILE = 40
MOST_OF_ALL = 400

#: What tools leave behind.
_LEFT = {"__pycache__", ".mypy_cache", ".pytest_cache"}
_HOW = "pytest --update-golden writes it, and shows what changed"


@dataclass
class Golden:
    """Holds what was made against files; with ``update`` writes them, and keeps what changed in ``changes``."""

    update: bool = False
    changes: list[list[str]] = field(default_factory=list[list[str]])

    def text(self, path: Path, made: str) -> None:
        """A file holds this text."""
        self.content(path, made.encode())

    def content(self, path: Path, made: bytes) -> None:
        """A file holds these bytes."""
        held = path.read_bytes() if path.is_file() else None
        if held == made:
            return
        change = _change(path, held, made)
        assert self.update, "\n".join((*_bounded(change), _HOW))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
        self.changes.append(change)

    def names(self, folder: Path, made: Collection[str]) -> None:
        """A folder holds no other file than these, by their paths in it."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.relative_to(folder).as_posix() not in made and not _LEFT & set(path.parts):
                assert self.update, f"{_shown(path)} is made no more; {_HOW}"
                self.changes.append(_change(path, path.read_bytes(), None))
                path.unlink()

    def folder(self, folder: Path, made: Mapping[str, bytes]) -> None:
        """A folder holds these files, by their paths in it, and no other."""
        self.names(folder, made)
        for name, content in sorted(made.items()):
            self.content(folder / name, content)

    def package(self, folder: Path, package: GeneratedPackage) -> None:
        """A folder holds a generated package, whose manifest may name other versions of the tools."""
        from smgen.generate import package_changes, publish_package

        changes = [
            [f"{change.kind} {change.path}", *change.diff.splitlines()] for change in package_changes(folder, package)
        ]
        assert self.update or not changes, "\n".join((*(line for lines in changes for line in _bounded(lines)), _HOW))
        if changes:
            publish_package(folder, package)
            self.changes += changes

    def told(self) -> list[str]:
        """What changed, as lines."""
        lines = [line for change in self.changes for line in _bounded(change)]
        more = len(lines) - MOST_OF_ALL
        return [*lines[:MOST_OF_ALL], *([f"… {more} more lines: git diff"] if more > 0 else [])]


def _change(path: Path, held: bytes | None, made: bytes | None) -> list[str]:
    before, after = (_lines(content) for content in (held, made))
    old, new = (_shown(path) if content is not None else "nothing" for content in (held, made))
    return list(difflib.unified_diff(before, after, old, new, lineterm="", n=1))


def _lines(content: bytes | None) -> list[str]:
    return [] if content is None else content.decode(errors="backslashreplace").splitlines()


def _bounded(change: list[str]) -> list[str]:
    more = len(change) - MOST_OF_A_FILE
    return [*change[:MOST_OF_A_FILE], *([f"… {more} more lines"] if more > 0 else [])]


def _shown(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix() if path.is_relative_to(CHECKOUT) else path.name
