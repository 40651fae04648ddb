"""Faults at the changes that a command makes to the file system, in this process.

``python -m tests.cli.faults`` puts every fault at every change of every command that writes, which takes minutes.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from unittest import mock

from smgen.documents import finish_publication
from smgen.documents.exchange import exchange
from smgen.packages import CACHE_VARIABLE
from tests.cli.command_line import Result, smgen, tree
from tests.cli.writing_commands import CASES, Case

#: Audit events of what changes names and modes; ``open`` is one where it is for writing.
_CHANGES = frozenset(
    f"os.{name}" for name in ("rename", "remove", "mkdir", "rmdir", "link", "symlink", "chmod", "truncate", "utime")
)
#: What a full disk still does.
_FREEING = frozenset(("os.remove", "os.rmdir", "os.chmod", "os.utime", "os.truncate", "os.rename", "exchange"))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def changes_something(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an audit event is a change of the file system."""
    if event == "open":
        path, _, flags = arguments
        return isinstance(flags, int) and bool(flags & _WRITING) and path != os.devnull
    return event in _CHANGES


class Fault(Enum):
    """What happens at a change: the process is killed, the user presses Ctrl-C, or the disk is full from there on."""

    KILL = "kill"
    STOP = "Ctrl-C"
    FULL = "no space"


class KillError(BaseException):
    """Stands for the end of the process: nothing that is done after it has an effect."""


class FaultyDisk:
    """Sees every change that this process makes to the file system, and puts a fault in the place of one of them."""

    def __init__(self) -> None:
        self.changes: list[str] = []
        self._at: int | None = None
        self._fault = Fault.KILL
        self._thread: int | None = None
        self._is_installed = False

    @contextmanager
    def watched(self, fault: Fault = Fault.KILL, at: int | None = None) -> Generator[None]:
        """Counts the changes of a block; the one with the number ``at``, from 1, is a fault instead."""
        if not self._is_installed:
            # A hook cannot be taken out again.
            sys.addaudithook(self._audit)
            self._is_installed = True
        self.changes, self._fault, self._at, self._thread = [], fault, at, threading.get_ident()
        fsync = os.fsync

        def synced(descriptor: int) -> None:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                self._change("fsync", descriptor)
            fsync(descriptor)

        def exchanged(left: Path, right: Path) -> bool:
            self._change("exchange")
            return exchange(left, right)

        try:
            with mock.patch("os.fsync", synced), mock.patch("smgen.documents.publish.exchange", exchanged):
                yield
        finally:
            self._thread = None

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._thread == threading.get_ident() and changes_something(event, arguments):
            self._change(event)

    def _change(self, event: str, written: int | None = None) -> None:
        self.changes.append(event)
        number = len(self.changes)
        if self._at is None or number < self._at:
            return
        if number == self._at and written is not None:
            # What was not brought to the disk may be there in part.
            self._at = None
            os.truncate(written, os.fstat(written).st_size // 2)
            self._at = number
        if self._fault is Fault.KILL:
            raise KillError
        if self._fault is Fault.STOP and number == self._at:
            raise KeyboardInterrupt
        if self._fault is Fault.FULL and (number == self._at or event not in _FREEING):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


DISK = FaultyDisk()


class Stage:
    """A command that writes, with the state of its folder before it and after an undisturbed run."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self._before = folder / "before" / "work"
        self.work = folder / "now" / "work"
        self.temporary = folder / "temporary"
        self._cache = folder / "cache"
        for made in (self._before, self.temporary):
            made.mkdir(parents=True)
        with self._settings():
            case.prepare(self._before)
            self.old = tree(self._before)
            self.reset()
            with DISK.watched():
                result = smgen(*case.arguments, cwd=self.work)
        assert result.code == 0, result.err
        self.changes = tuple(DISK.changes)
        self.new = tree(self.work)
        assert self.new != self.old
        assert self.left_over() == []

    @contextmanager
    def _settings(self) -> Generator[None]:
        with (
            mock.patch.object(tempfile, "tempdir", str(self.temporary)),
            mock.patch("sys.dont_write_bytecode", True),
            mock.patch.dict(os.environ, {CACHE_VARIABLE: str(self._cache)}),
        ):
            yield

    def reset(self) -> None:
        """Makes the folder what it is before the command, of which nothing is known yet."""
        shutil.rmtree(self._cache, ignore_errors=True)
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self._before, self.work)

    def left_over(self) -> list[str]:
        """The staging folders in the project, and whatever is among the temporary files."""
        staging = [path.name for path in self.work.rglob("*.smgen-*")]
        return [*staging, *(path.name for path in self.temporary.iterdir())]

    def check(self, fault: Fault, at: int) -> str:
        """Runs the command with a fault, then again without; returns the state that the fault left."""
        self.reset()
        with self._settings():
            result: Result | None = None
            try:
                with DISK.watched(fault, at):
                    result = smgen(*self.case.arguments, cwd=self.work)
            except KillError:
                pass
        self._check_words(fault, result)
        state = self.check_end(finish=at % 2 == 0)
        assert state == "new" or result is None or result.code != 0
        return state

    def _check_words(self, fault: Fault, result: Result | None) -> None:
        if result is None:
            assert fault is Fault.KILL
            return
        assert "Traceback" not in result.out + result.err
        if fault is Fault.STOP:
            assert (result.code, "Stopped." in result.err) == (130, True), result
        elif fault is Fault.FULL:
            # What is left over of something that is done is no failure.
            assert result.code == 0 or (result.code == 2 and "No space left on device" in result.err), result

    def check_end(self, *, finish: bool) -> str:
        """Holds what a fault left against both states, and what the next run makes of it against the new one.

        With ``finish`` what is decided is finished by whatever looks at the folder first, and not by the next run.
        """
        state = self.check_state(finish=finish)
        if state != "new" or self.left_over() or not self.case.refuses_itself:
            self.check_next_run()
        return state

    def check_state(self, *, finish: bool) -> str:
        """Whether the folder is ``old``, ``new`` or ``decided``: a journal says which of them it is."""
        pending = [path.parent.parent for path in self.work.rglob(".smgen-*/journal.json")]
        if finish:
            for folder in pending:
                finish_publication(folder)
        elif pending:
            return "decided"
        found = {path: data for path, data in tree(self.work).items() if ".smgen-" not in path}
        if found == self.new:
            return "new"
        assert found == self.old, {path for path in {*found, *self.old} if found.get(path) != self.old.get(path)}
        return "old"

    def check_next_run(self) -> None:
        """The next undisturbed run ends well, with the new state and nothing beside it."""
        with self._settings():
            again = smgen(*self.case.arguments, cwd=self.work)
        assert again.code == 0, again.err
        found = tree(self.work)
        assert found == self.new, {path for path in {*found, *self.new} if found.get(path) != self.new.get(path)}
        assert self.left_over() == []


def sampled(count: int, most: int, shift: int = 0) -> list[int]:
    """At most so many of the numbers from 1 to ``count``, evenly, and all of them moved on by ``shift``."""
    step = max(1.0, count / most)
    return sorted({1 + (int(index * step) + shift) % count for index in range(min(count, most))})


def main() -> None:
    """Puts every fault at every change of every command."""
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            stage = Stage(case, Path(folder))
            found: dict[str, int] = {}
            for fault in Fault:
                for at in range(1, len(stage.changes) + 1):
                    try:
                        state = stage.check(fault, at)
                    except AssertionError:
                        print(f"{case.name}: {fault.value} at change {at} ({stage.changes[at - 1]})", flush=True)
                        raise
                    found[state] = found.get(state, 0) + 1
            told = ", ".join(f"{number} {state}" for state, number in sorted(found.items()))
            print(f"{case.name}: {len(stage.changes)} changes, {len(Fault)} faults at each: {told}", flush=True)


if __name__ == "__main__":
    main()
