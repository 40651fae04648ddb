"""The journal of files that take their places one after the other: a run that is killed is finished by the next one."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final, cast

from smgen.documents.exchange import sync_folder, write_new
from smgen.documents.json_values import JsonObject, JsonValue
from smgen.documents.members import list_at, object_at
from smgen.documents.tree import check_paths, folders_of

_JOURNAL: Final = "journal.json"
#: In bytes; a journal names files, and no run writes that many.
_LARGEST: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Journal:
    """What is to be done to a folder: files to put into their places and files to remove, as relative POSIX paths.

    The content of the file with number n (from 0) waits in the staging folder under that number until it has its place.
    """

    files: tuple[str, ...]
    removed: tuple[str, ...] = ()


def write_journal(staging: Path, journal: Journal) -> None:
    """The point from which on the new state counts: all files wait in ``staging`` and are on the disk."""
    sync_folder(staging)
    # Under its name it is whole or not there.
    draft = staging / f"{_JOURNAL}.new"
    members = {"folder": staging.stat().st_ino, "files": journal.files, "removed": journal.removed}
    write_new(draft, json.dumps(members).encode())
    draft.replace(staging / _JOURNAL)
    sync_folder(staging)


def read_journal(staging: Path) -> Journal | None:
    """The journal of a staging folder; None for one that has none, or one that smgen did not write in this very folder.

    What came with a checkout or an archive is of another folder, whatever it says.
    """
    path = staging / _JOURNAL
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        # Anybody may have put it there.
        members = object_at(cast("JsonValue", json.loads(path.read_bytes())))
        if members.get("folder") != staging.stat().st_ino:
            return None
    except (OSError, ValueError, RecursionError):
        return None
    files, removed = _paths(members, "files"), _paths(members, "removed")
    return None if files is None or removed is None else Journal(files, removed)


def _paths(members: JsonObject, name: str) -> tuple[str, ...] | None:
    """The paths in a list; None where there is no list of plain relative paths."""
    items = list_at(members, name)
    paths = tuple(item for item in items if isinstance(item, str))
    try:
        check_paths(paths)
    except ValueError:
        return None
    return paths if name in members and len(paths) == len(items) else None


def carry_out(staging: Path, target: Path, journal: Journal) -> None:
    """Puts every file that still waits into its place, and drops the staging folder."""
    for path in journal.removed:
        (target / path).unlink(missing_ok=True)
    for folder in reversed(folders_of(journal.removed)):
        shutil.rmtree(target / folder / "__pycache__", ignore_errors=True)
        if (target / folder).is_dir() and not any((target / folder).iterdir()):
            (target / folder).rmdir()
    needed = folders_of(journal.files)
    for folder in needed:
        (target / folder).mkdir(exist_ok=True)
    for number, path in enumerate(journal.files):
        waiting = staging / str(number)
        if waiting.is_file() and not waiting.is_symlink():
            place(waiting, target / path)
    for folder in ("", *needed):
        sync_folder(target / folder)
    drop(staging)


def place(waiting: Path, target: Path) -> None:
    """Puts a file in the place of another one."""
    if target.suffix == ".py":
        # Python tells a module that changed by its size and by the second: both may be what they were.
        Path(cache_from_source(str(target))).unlink(missing_ok=True)
    waiting.replace(target)


def drop(staging: Path) -> None:
    """Removes a staging folder: first what says that its files are to take their places, then the files."""
    with suppress(OSError):
        (staging / _JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)
