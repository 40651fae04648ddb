"""Writes a set of files so that the old state or the new one is there, never half."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents.exchange import exchange, locked, sync_folder, write_new
from smgen.documents.journal import Journal, carry_out, drop, place, read_journal, write_journal
from smgen.documents.tree import STAGING, check_folder, check_paths, folders_of, read_tree

_PREFIX = ".smgen-staging-"
_NEW = "new"
_OLD = "old"

_ABANDONED_AFTER = 3600.0
"""In seconds: where there are no locks, a younger staging folder may belong to a run that is still alive."""

_PROVISIONAL: set[Path] = set()
"""The folders that this process holds in a state that may be taken back."""

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
    replaced one by one. A kill in these milliseconds leaves a mixture, which the next run puts right.
    """
    check_paths(files)
    check_folder(target)
    if target.name in ("", ".."):
        # The folder one stands in, or above: it needs a name to have a sibling.
        target = target.resolve()
    with _made(target.parent), locked(target.parent) as alone:
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


def publish_files(target: Path, files: Mapping[str, bytes], *, removed: Iterable[str] = ()) -> Publication:
    """Writes `files` (relative POSIX path → content) into a folder that others write into too, and removes others.

    Every file is written before the first one takes its place, and a journal says where each belongs: a run that is
    killed leaves the old state, or the new one once the next run, or `finish_publication`, has finished it. Files that
    are equal already and files that are not named are left alone. What is written over keeps its mode.

    Raises FindingsError (SMG123) and writes nothing when `target` is a file, or when a folder or a link stands where
    something else is needed; OSError when the disk refuses; ValueError for a path that is not plain.
    """
    removed = tuple(sorted(removed))
    check_paths((*files, *removed))
    if not target.is_dir():
        check_folder(target)
    with _made(target), locked(target) as alone:
        _clear_staging(target, alone=alone)
        _refuse_obstacles(target, (*files, *removed))
        unchanged = tuple(path for path in sorted(files) if _holds(target / path, files[path]))
        written = tuple(path for path in sorted(files) if path not in unchanged)
        gone = tuple(path for path in removed if (target / path).exists())
        if written or gone:
            _replace_files(target, {path: files[path] for path in written}, gone)
    return Publication(written, gone, unchanged)


def finish_publication(target: Path) -> bool:
    """Finishes or takes back what a killed run of `publish_files` left in a folder; call it before looking into it.

    Returns whether a run had left something. OSError passes through.
    """
    if not target.is_dir() or target.resolve() in _PROVISIONAL:
        return False
    with os.scandir(target) as entries:
        left = any(STAGING.fullmatch(entry.name) for entry in entries)
    if not left:
        return False
    with locked(target) as alone:
        return _clear_staging(target, alone=alone)


@contextmanager
def provisional_files(target: Path, files: Mapping[str, bytes]) -> Generator[None]:
    """Puts `files` in the place of those that are there, for a block that looks at them: they stay when it ends well.

    Where it raises, or the run is killed, the old ones come back: at once, or by the next run. The folder is locked as
    long as the block. Raises FindingsError (SMG123) and OSError as `publish_files` does.
    """
    check_paths(files)
    with locked(target) as alone:
        _clear_staging(target, alone=alone)
        _refuse_obstacles(target, files)
        # The journal of the way back.
        old = {path: (target / path).read_bytes() for path in files}
        staging, journal = _decided(target, old)
        # What the block calls may look for what is to be finished, and would wait for its own lock.
        _PROVISIONAL.add(target.resolve())
        try:
            for number, path in enumerate(files):
                _write_for(target / path, staging / f"new-{number}", files[path])
                place(staging / f"new-{number}", target / path)
            yield
        except BaseException:
            carry_out(staging, target, journal)
            raise
        finally:
            _PROVISIONAL.discard(target.resolve())
        drop(staging)


@contextmanager
def _made(target: Path) -> Generator[None]:
    """Makes a folder, with those above it, for a block. Where that fails, those that are still empty go again."""
    made = [folder for folder in (target, *target.parents) if not folder.exists()]
    try:
        target.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def removable_files(target: Path, files: Iterable[str], *, owns: Callable[[str, bytes], bool]) -> tuple[str, ...]:
    """What `publish_tree` would remove of a folder that is to hold just these files.

    Raises FindingsError (SMG123) for files of somebody else, and where `target` is a link or a file.
    """
    check_folder(target)
    return _removable(target, files, read_tree(target), owns)


def _removable(
    target: Path, files: Iterable[str], present: Mapping[str, bytes | None], owns: Callable[[str, bytes], bool]
) -> tuple[str, ...]:
    """The files that go because nothing writes them any more; raises FindingsError for those of somebody else."""
    kept = set(files)
    extra = {path: data for path, data in present.items() if path not in kept}
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
    for folder in folders_of(files):
        (new / folder).mkdir()
    for path in sorted(files):
        if path in unchanged:
            _link(target / path, new / path)
        else:
            write_new(new / path, files[path])
    for folder in ("", *folders_of(files)):
        old = target / folder
        if old.is_dir() and not old.is_symlink():
            (new / folder).chmod(stat.S_IMODE(old.stat().st_mode) | stat.S_IRWXU)
        sync_folder(new / folder)


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
        _clear_staging(target, alone=alone)


def _settle(staging: Path, target: Path) -> None:
    old = staging / _OLD
    if old.is_dir() and not os.path.lexists(target):
        old.rename(target)
    shutil.rmtree(staging, ignore_errors=True)


def _clear_staging(folder: Path, *, alone: bool) -> bool:
    """Finishes what a killed run had decided to write, and drops what it had not; whether there was such a run."""
    left = _abandoned(folder, STAGING, alone=alone)
    for staging in left:
        journal = read_journal(staging)
        if journal is not None and not _obstacles(folder, (*journal.files, *journal.removed)):
            carry_out(staging, folder, journal)
        else:
            drop(staging)
    return bool(left)


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
    staging, journal = _decided(target, files, removed)
    # From here on a run that ends, by whatever, is finished by the next one.
    carry_out(staging, target, journal)


def _decided(target: Path, files: Mapping[str, bytes], removed: Iterable[str] = ()) -> tuple[Path, Journal]:
    """A staging folder with the files and with the journal that decides that they take their places."""
    staging = _staging_folder(target, _PREFIX)
    journal = Journal(tuple(sorted(files)), tuple(removed))
    try:
        for number, path in enumerate(journal.files):
            _write_for(target / path, staging / str(number), files[path])
        write_journal(staging, journal)
    except BaseException:
        drop(staging)
        raise
    return staging, journal


def _write_for(target: Path, waiting: Path, content: bytes) -> None:
    """Writes what is to take the place of a file, with the mode of that one."""
    write_new(waiting, content)
    if target.is_file():
        waiting.chmod(stat.S_IMODE(target.stat().st_mode))


def _refuse_obstacles(target: Path, files: Iterable[str]) -> None:
    findings = _obstacles(target, files)
    if findings:
        raise FindingsError(findings)


def _obstacles(target: Path, files: Iterable[str]) -> list[Finding]:
    findings: list[Finding] = []
    paths = sorted(files)
    for folder in folders_of(paths):
        place = Place(file=(target / folder).as_posix())
        if (target / folder).is_symlink():
            # Writing through it would write outside of the folder that was asked for.
            message, fix = "a symbolic link stands where a folder is needed", "remove the link"
            findings.append(Finding(rule="SMG123", message=message, place=place, fix=fix))
        elif os.path.lexists(target / folder) and not (target / folder).is_dir():
            message, fix = "a file stands where a folder is needed", "move the file away"
            findings.append(Finding(rule="SMG123", message=message, place=place, fix=fix))
    for path in paths:
        if (target / path).is_symlink():
            # Putting a file in its place would change nothing of what it points to, and say nothing of that.
            message, fix = (
                "a symbolic link stands where a file is needed",
                "remove the link, or put the file itself here",
            )
            findings.append(
                Finding(rule="SMG123", message=message, place=Place(file=(target / path).as_posix()), fix=fix)
            )
        elif (target / path).is_dir():
            message, fix = "a folder stands where a file is needed", "move the folder away"
            place = Place(file=(target / path).as_posix())
            findings.append(Finding(rule="SMG123", message=message, place=place, fix=fix))
    return findings


def _holds(path: Path, data: bytes) -> bool:
    """Whether a path is a regular file, no link, with exactly these bytes."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == len(data) and path.read_bytes() == data
