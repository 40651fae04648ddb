"""Writes a set of files so that the old state or the new one is there, never half."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents.exchange import exchange, locked, sync_folder, write_new
from smgen.documents.tree import STAGING, check_folder, check_paths, read_tree

_PREFIX = ".smgen-"
_NEW = "new"
_OLD = "old"

_ABANDONED_AFTER = 3600.0
"""In seconds: where there are no locks, a younger staging folder may belong to a run that is still alive."""

_CANNOT_MOVE = (errno.EXDEV, errno.EBUSY)
"""The target is a mount point, or stands in a lower layer of a container's file system."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publish did, as relative POSIX paths, each list sorted: written (new or changed), removed, unchanged."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


def publish_tree(target: Path, files: Mapping[str, bytes], *, owns: Callable[[str, bytes], bool]) -> Publication:
    """Makes the folder `target` hold exactly `files` (relative POSIX path → content), all or nothing.

    The new tree is staged beside the old one and takes its place in one step; unchanged files keep their inode and
    time; when nothing changes, nothing is touched. A run that is killed leaves the old tree or the new one, and its
    staging folder goes with the next run. Two runs at once wait for each other. `__pycache__` is dropped.

    `owns` is asked about every file that is there and not among `files`: whether smgen wrote these bytes at this
    path, so that they may go.

    Raises FindingsError (SMG123) and writes nothing when a file is not smgen's own or `target` is a link or a file;
    OSError when the disk refuses, with the old tree still there; ValueError for a path that is not plain.

    One exception: a target that cannot be moved, being a mount point or part of a container image, gets its files
    replaced one by one. A kill or a failing disk in these milliseconds leaves a mixture, which the next run puts right.
    """
    check_paths(files)
    check_folder(target)
    if target.name in ("", ".."):
        # The folder one stands in, or above: it needs a name to have a sibling.
        target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target.parent) as alone:
        _recover(target, alone=alone)
        check_folder(target)
        present = read_tree(target)
        removed = _removable(target, files, present, owns)
        written = tuple(path for path in sorted(files) if present.get(path) != files[path])
        unchanged = tuple(path for path in sorted(files) if present.get(path) == files[path])
        if written or removed:
            try:
                _publish_beside(target, files, unchanged)
            except OSError as error:
                if error.errno not in _CANNOT_MOVE:
                    raise
                _replace_files(target, {path: files[path] for path in written}, removed)
    return Publication(written, removed, unchanged)


def publish_files(target: Path, files: Mapping[str, bytes]) -> Publication:
    """Writes `files` (relative POSIX path → content) into a folder that others write into too.

    Every file is written before the first one takes its place, and each takes its place in one step; files that are
    equal already and files that are not named are left alone.

    Raises FindingsError (SMG123) and writes nothing when `target` is a file, or when a folder or a link stands where
    something else is needed; OSError when the disk refuses; ValueError for a path that is not plain.
    """
    check_paths(files)
    if not target.is_dir():
        check_folder(target)
    target.mkdir(parents=True, exist_ok=True)
    with locked(target) as alone:
        _clear_staging(target, STAGING, alone=alone)
        _refuse_obstacles(target, files)
        unchanged = tuple(path for path in sorted(files) if _holds(target / path, files[path]))
        written = tuple(path for path in sorted(files) if path not in unchanged)
        if written:
            _replace_files(target, {path: files[path] for path in written})
    return Publication(written, (), unchanged)


def _removable(
    target: Path, files: Mapping[str, bytes], present: Mapping[str, bytes | None], owns: Callable[[str, bytes], bool]
) -> tuple[str, ...]:
    """The files that go because nothing writes them any more; raises FindingsError for those of somebody else."""
    extra = {path: data for path, data in present.items() if path not in files}
    foreign = [path for path, data in extra.items() if data is None or not owns(path, data)]
    if foreign:
        raise FindingsError(
            Finding(
                rule="SMG123",
                message="smgen did not write this file, and it stands in a folder that smgen writes as a whole",
                place=Place(file=(target / path).as_posix()),
                expected=f"only files that smgen wrote in {target.as_posix()}",
                fix="move the file to another folder, or delete it",
            )
            for path in foreign
        )
    return tuple(extra)


def _publish_beside(target: Path, files: Mapping[str, bytes], unchanged: Iterable[str]) -> None:
    # A folder of its own for every run, with the two trees inside: whatever happens, one name tells what is left over.
    staging = _staging_folder(target.parent, f".{target.name}{_PREFIX}")
    try:
        new = staging / _NEW
        _stage(new, target, files, frozenset(unchanged))
        if not os.path.lexists(target):
            new.rename(target)
        elif not exchange(new, target):
            # Two steps. A kill between them leaves no target, but `_settle` finds the old tree and puts it back.
            target.rename(staging / _OLD)
            new.rename(target)
        sync_folder(target.parent)
    finally:
        _settle(staging, target)


def _staging_folder(parent: Path, prefix: str) -> Path:
    # Imported here: most commands publish nothing, and every one of them imports this room.
    import tempfile

    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))


def _stage(new: Path, target: Path, files: Mapping[str, bytes], unchanged: frozenset[str]) -> None:
    new.mkdir()
    for folder in _folders(files):
        (new / folder).mkdir()
    for path in sorted(files):
        if path in unchanged:
            _link(target / path, new / path)
        else:
            write_new(new / path, files[path])
    for folder in ("", *_folders(files)):
        old = target / folder
        if old.is_dir() and not old.is_symlink():
            (new / folder).chmod(stat.S_IMODE(old.stat().st_mode) | stat.S_IRWXU)
        sync_folder(new / folder)


def _folders(paths: Iterable[str]) -> list[str]:
    """Every folder that the paths need, parents first."""
    parents = {parent for path in paths for parent in PurePosixPath(path).parents}
    return sorted(parent.as_posix() for parent in parents if parent.parts)


def _link(source: Path, copy: Path) -> None:
    try:
        # Path.hardlink_to would do the same; os.link says which of the two is there.
        os.link(source, copy)
    except OSError:
        # No hard links here, or not to this file: a copy with the same time is the next best.
        shutil.copy2(source, copy)


def _recover(target: Path, *, alone: bool) -> None:
    """Puts right what a killed run left: an old tree without a target goes back, staging folders go away."""
    pattern = re.compile(re.escape(f".{target.name}") + STAGING.pattern)
    for staging in _abandoned(target.parent, pattern, alone=alone):
        _settle(staging, target)
    if target.is_dir():
        _clear_staging(target, STAGING, alone=alone)


def _settle(staging: Path, target: Path) -> None:
    old = staging / _OLD
    if old.is_dir() and not os.path.lexists(target):
        old.rename(target)
    shutil.rmtree(staging, ignore_errors=True)


def _clear_staging(folder: Path, pattern: re.Pattern[str], *, alone: bool) -> None:
    for staging in _abandoned(folder, pattern, alone=alone):
        shutil.rmtree(staging, ignore_errors=True)


def _abandoned(folder: Path, pattern: re.Pattern[str], *, alone: bool) -> list[Path]:
    with os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in entries
            if pattern.fullmatch(entry.name)
            and entry.is_dir(follow_symlinks=False)
            and (alone or time.time() - entry.stat(follow_symlinks=False).st_mtime > _ABANDONED_AFTER)
        ]
    return [folder / name for name in sorted(names)]


def _replace_files(target: Path, files: Mapping[str, bytes], removed: Iterable[str] = ()) -> None:
    staging = _staging_folder(target, _PREFIX)
    try:
        staged = {path: staging / str(number) for number, path in enumerate(sorted(files))}
        for path, waiting in staged.items():
            write_new(waiting, files[path])
        _remove_files(target, removed)
        for folder in _folders(files):
            (target / folder).mkdir(exist_ok=True)
        for path, waiting in staged.items():
            waiting.replace(target / path)
        for folder in ("", *_folders(files)):
            sync_folder(target / folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _remove_files(target: Path, removed: Iterable[str]) -> None:
    gone = tuple(removed)
    for path in gone:
        (target / path).unlink()
    for folder in reversed(_folders(gone)):
        shutil.rmtree(target / folder / "__pycache__", ignore_errors=True)
        if not any((target / folder).iterdir()):
            (target / folder).rmdir()


def _refuse_obstacles(target: Path, files: Iterable[str]) -> None:
    findings: list[Finding] = []
    paths = sorted(files)
    for folder in _folders(paths):
        place = Place(file=(target / folder).as_posix())
        if (target / folder).is_symlink():
            # Writing through it would write outside of the folder that was asked for.
            message, fix = "a symbolic link stands where a folder is needed", "remove the link"
            findings.append(Finding(rule="SMG123", message=message, place=place, fix=fix))
        elif os.path.lexists(target / folder) and not (target / folder).is_dir():
            message, fix = "a file stands where a folder is needed", "move the file away"
            findings.append(Finding(rule="SMG123", message=message, place=place, fix=fix))
    for path in paths:
        if (target / path).is_dir() and not (target / path).is_symlink():
            message, fix = "a folder stands where a file is needed", "move the folder away"
            place = Place(file=(target / path).as_posix())
            findings.append(Finding(rule="SMG123", message=message, place=place, fix=fix))
    if findings:
        raise FindingsError(findings)


def _holds(path: Path, data: bytes) -> bool:
    """Whether a path is a regular file, no link, with exactly these bytes."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == len(data) and path.read_bytes() == data
