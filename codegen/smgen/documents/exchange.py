"""The few system calls that publishing stands on: locking, exchanging two folders, reaching the disk."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextlib.contextmanager
def locked(folder: Path, *, wait: bool = True) -> Generator[bool, None, None]:
    """Holds the lock of a folder, waiting for whoever has it; the system frees it when the process ends.

    Yields False where there are no such locks, on Windows and on some network file systems, and without ``wait`` where
    somebody has it.
    """
    if sys.platform == "win32":
        yield False
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = True
        except OSError:
            held = False
        yield held
    finally:
        os.close(descriptor)


def exchange(left: Path, right: Path) -> bool:
    """Swaps two paths in one step; False, and nothing done, where the system or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        # A C library from before 2018, or one without this function.
        return False
    renameat2.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    renameat2.restype = ctypes.c_int
    # Whatever the reason of a failure, the caller's plain renames meet it too and report it properly.
    status: int = renameat2(_AT_FDCWD, os.fsencode(left), _AT_FDCWD, os.fsencode(right), _RENAME_EXCHANGE)
    return status == 0


def sync_folder(folder: Path) -> None:
    """Brings the names in a folder to the disk, where the system can; where it cannot, nothing better is to be had."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_new(path: Path, data: bytes) -> None:
    """Writes a file that is not there yet and brings it to the disk."""
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
