"""What a folder holds, and how that differs from what it should hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from smgen.diagnostics import Finding, FindingsError, Place, bounded, visible

LARGEST_FILE = 64 * 1024 * 1024
"""In bytes; a larger file is never read, because nothing that smgen writes is that large."""

STAGING = re.compile(r"\.smgen-staging-[a-z0-9_]{8}")
"""The names of the folders in which files wait for their place."""

_OF_THE_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers leave in every folder that somebody looks into."""

_CONTEXT = 3
_COMPARED_LINES = 2000
_SHOWN_LINES = 80
_SHOWN_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class TreeChange:
    """One file in which a folder differs from what it should hold.

    `path` is relative with forward slashes; `diff` leads from what is there to what should be, is bounded and safe to
    show.
    """

    kind: Literal["MISSING", "CHANGED", "EXTRA"]
    path: str
    diff: str


def compare_tree(target: Path, files: Mapping[str, bytes]) -> tuple[TreeChange, ...]:
    """How the folder `target` differs from `files` (relative POSIX path → content), sorted by path.

    A folder that is not there lacks every file. `__pycache__` folders and empty folders do not count; a symbolic link
    is never equal to a file. Raises FindingsError (SMG123) when `target` is a link or no folder, OSError when it
    cannot be read, and ValueError when a path of `files` is no plain relative path.
    """
    check_paths(files)
    check_folder(target)
    present = read_tree(target)
    changes: list[TreeChange] = []
    for path in sorted({*files, *present}):
        if path not in present:
            changes.append(TreeChange("MISSING", path, file_diff(path, None, files[path])))
        elif path not in files:
            changes.append(TreeChange("EXTRA", path, _present_diff(path, present[path], None)))
        elif present[path] != files[path]:
            changes.append(TreeChange("CHANGED", path, _present_diff(path, present[path], files[path])))
    return tuple(changes)


def read_tree(target: Path) -> dict[str, bytes | None]:
    """Every file below a folder by its relative POSIX path, sorted; nothing when the folder is not there.

    None stands for what is never read: links, devices, and files above `LARGEST_FILE`. `__pycache__`, staging
    folders and what file managers leave are left out.
    """
    found: dict[str, bytes | None] = {}
    for path, entry in sorted(_entries(target), key=lambda item: item[0]):
        found[path] = None
        if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_size <= LARGEST_FILE:
            # Not buffered, and no Path: a package of a thousand contracts has thousands of files.
            with open(entry.path, "rb", buffering=0) as stream:  # noqa: PTH123
                found[path] = stream.read()
    return found


def files_in_tree(target: Path) -> list[str]:
    """The paths that `read_tree` gives, without reading anything."""
    return sorted(path for path, _ in _entries(target))


def _entries(target: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    folders = [("", str(target))] if target.exists() else []
    while folders:
        prefix, folder = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                path = f"{prefix}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__" and not STAGING.fullmatch(entry.name):
                        folders.append((f"{path}/", entry.path))
                elif entry.name not in _OF_THE_SYSTEM:
                    yield path, entry


def check_folder(target: Path) -> None:
    """Raises FindingsError (SMG123) when `target` is a symbolic link or something else that is no folder."""
    if target.is_symlink():
        message, fix = "the folder to write is a symbolic link", "name the folder that the link leads to"
    elif os.path.lexists(target) and not target.is_dir():
        message, fix = "the folder to write is a file", "name another folder, or move the file away"
    else:
        return
    raise FindingsError([Finding(rule="SMG123", message=message, place=Place(file=target.as_posix()), fix=fix)])


def check_paths(paths: Iterable[str]) -> None:
    """Raises ValueError when a path is not plain, relative and POSIX, or when one is a folder of another."""
    files = set(paths)
    for path in sorted(files):
        parts = path.split("/")
        if "\\" in path or "\0" in path or any(part in ("", ".", "..", "__pycache__") for part in parts):
            raise ValueError(f"not a plain relative path: {path!r}")
        for parent in PurePosixPath(path).parents:
            if parent.as_posix() in files:
                raise ValueError(f"a file and a folder at once: {parent.as_posix()!r}")


def folders_of(paths: Iterable[str]) -> list[str]:
    """Every folder that relative POSIX paths need, parents first."""
    parents = {parent for path in paths for parent in PurePosixPath(path).parents}
    return sorted(parent.as_posix() for parent in parents if parent.parts)


def file_diff(path: str, old: bytes | None, new: bytes | None) -> str:
    """A unified diff from `old` to `new`, bounded and safe to show; None is a file that is not there."""
    head = [
        "--- /dev/null" if old is None else f"--- {visible(path)} (on disk)",
        "+++ /dev/null" if new is None else f"+++ {visible(path)} (expected)",
    ]
    old_lines, new_lines = _lines(old or b""), _lines(new or b"")
    if old_lines is None or new_lines is None:
        return "\n".join([*head, "the contents are no text"]) + "\n"
    if not old_lines and not new_lines:
        return "\n".join([*head, "the file is empty"]) + "\n"
    shown: list[str] = []
    left_out = 0
    for line in _hunks(old_lines, new_lines):
        if len(shown) < _SHOWN_LINES:
            shown.append(visible(bounded(line, _SHOWN_COLUMNS)))
        else:
            left_out += 1
    if left_out:
        shown.append(f"… ({left_out:,} more lines)")
    return "\n".join([*head, *shown]) + "\n"


def _present_diff(path: str, old: bytes | None, new: bytes | None) -> str:
    if old is not None:
        return file_diff(path, old, new)
    after = "+++ /dev/null" if new is None else f"+++ {visible(path)} (expected)"
    return f"--- {visible(path)} (on disk)\n{after}\nwhat is there is no regular file, or a huge one\n"


def _lines(data: bytes) -> list[str] | None:
    """The lines with their line feeds, or None when the data is no text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else re.findall(r"[^\n]*\n|[^\n]+", text)


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    # Imported here: few commands compare anything, and every one of them imports this room.
    import difflib

    # Equal beginnings are skipped and the rest is cut: the time of a comparison grows faster than its length.
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    start = max(0, same - _CONTEXT)
    window = slice(start, start + _COMPARED_LINES)
    before, after = old[window], new[window]
    for group in difflib.SequenceMatcher(None, before, after).get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        yield f"@@ -{_span(start, first[1], last[2])} +{_span(start, first[3], last[4])} @@"
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                yield from _marked(" ", before[old_from:old_to])
            else:
                yield from _marked("-", before[old_from:old_to])
                yield from _marked("+", after[new_from:new_to])
    if max(len(old), len(new)) > start + _COMPARED_LINES:
        yield f"… (line {start + _COMPARED_LINES + 1:,} and what follows is not compared)"


def _span(start: int, begin: int, end: int) -> str:
    # A span of no lines names the line before it, as diff tools do.
    length = end - begin
    first = start + begin + (1 if length else 0)
    return f"{first}" if length == 1 else f"{first},{length}"


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ no line feed at the end of the file"
