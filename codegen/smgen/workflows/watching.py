"""Waits for changes of a folder of contracts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from smgen.distribution import need

#: In milliseconds: how long nothing has to be heard before nothing is told to have changed.
_QUIET: Final = 500


def changed_files(root: Path) -> Iterator[tuple[str, ...]]:
    """The files below a folder that were written, made or removed, relative to it and sorted, each time that some were.

    The first time there are none: from then on every change is heard. What is written at once comes at once. Hidden
    files do not count, nor does what Python keeps. Raises MissingExtraError without the extra ``watch``, and OSError
    where the folder cannot be watched.
    """
    need("watch")
    from watchfiles import Change, watch

    root = root.resolve()

    def counts(_change: Change, path: str) -> bool:
        parts = PurePath(path).relative_to(root).parts
        return not any(part.startswith(".") or part == "__pycache__" for part in parts)

    heard = False
    for changes in watch(root, watch_filter=counts, rust_timeout=_QUIET, yield_on_timeout=True, raise_interrupt=True):
        if changes or not heard:
            heard = True
            yield tuple(sorted({PurePath(path).relative_to(root).as_posix() for _, path in changes}))
