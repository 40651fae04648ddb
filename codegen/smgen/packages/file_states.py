"""What tells a file that was not written since from one that was, without reading it.

Whoever writes into a file, or puts another one in its place, changes one of the numbers of its state. The times of a
file system have steps, though: the state of a file that was written a moment ago may stay the same when it is written
again, so that it tells nothing yet.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from smgen.documents import content_hash, read_regular

#: Size in bytes, number of the file, and when its content and its state changed, in nanoseconds.
FileState: TypeAlias = tuple[int, int, int, int]

#: In nanoseconds; the coarsest times are those of FAT, in steps of two seconds.
_SETTLED_AFTER: Final = 4_000_000_000


class FileHashes:
    """The hashes of files below a folder, each found once; a file whose state is ``known`` is not read for it.

    ``known`` has states and ``hashes`` the hashes that belong to them, by path with ``/``. ``states`` are those that
    tell something, of all files that were asked for.
    """

    def __init__(self, root: Path, known: Mapping[str, FileState], hashes: Mapping[str, str]) -> None:
        self._root = root
        self._known = known
        self._known_hashes = hashes
        self._found: dict[str, str] = {}
        self._settled = time.time_ns() - _SETTLED_AFTER
        self.states: dict[str, FileState] = {}

    def of(self, path: str) -> str:
        """The SHA-256 of a file's bytes, hexadecimal; "" where there is no regular file, or a link."""
        if path not in self._found:
            try:
                self._found[path] = self._hash(path)
            except (OSError, ValueError):
                self._found[path] = ""
        return self._found[path]

    def _hash(self, path: str) -> str:
        status = os.lstat(f"{self._root}/{path}")
        if not stat.S_ISREG(status.st_mode):
            return ""
        state = (status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
        if max(status.st_mtime_ns, status.st_ctime_ns) < self._settled:
            self.states[path] = state
            if self._known.get(path) == state and path in self._known_hashes:
                return self._known_hashes[path]
        return content_hash(read_regular(self._root / path))
