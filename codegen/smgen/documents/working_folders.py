"""Temporary folders that do not stay when their run is killed: the next run finds them by name, and removes them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from smgen.documents.exchange import locked

_PREFIX: Final = ".smgen-work-"
_NAME: Final = re.compile(re.escape(_PREFIX) + "[a-z0-9_]{8}")


@contextmanager
def working_folder() -> Generator[Path]:
    """A new folder among the temporary ones of the system, which goes with the block.

    A run holds the lock of its folder. One that nobody holds is of a run that was killed, and goes now.
    """
    with ExitStack() as held:
        folder = _locked_folder(held)
        try:
            # Who publishes into a folder takes the lock of that one.
            work = folder / "work"
            work.mkdir()
            yield work
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _locked_folder(held: ExitStack) -> Path:
    # Imported here: few commands work in a folder, and every one of them imports this room.
    import tempfile

    _remove_dead(Path(tempfile.gettempdir()))
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Before it is locked another run may take it for one of a dead run.
        with suppress(FileNotFoundError):
            held.enter_context(locked(folder))
            if folder.is_dir():
                return folder


def _remove_dead(parent: Path) -> None:
    found: list[Path] = []
    # A folder in which things can be made need not be one that can be listed.
    with suppress(OSError), os.scandir(parent) as entries:
        named = (entry for entry in entries if _NAME.fullmatch(entry.name))
        found = [Path(entry) for entry in named if entry.is_dir(follow_symlinks=False)]
    for folder in found:
        # It may be another user's, or gone by now.
        with suppress(OSError), locked(folder, wait=False) as is_dead:
            if is_dead and folder.stat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)
