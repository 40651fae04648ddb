"""Reading files that are named by others: a pipe or a device in the place of a file would never come to its end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

#: Where a shell hands over what another program writes: ``smgen lint <(jq .definition answer.json)``.
_HANDED_OVER: Final = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")


def read_regular(path: Path) -> bytes:
    """The bytes of a regular file, or of the one that a link leads to; OSError for anything else, and for no file."""
    with open_regular(path) as stream:
        return stream.read()


def open_regular(path: Path) -> BinaryIO:
    """A regular file, open to be read: nothing waits for who might write into it. OSError like :func:`read_regular`."""
    stream = open(path, "rb", opener=_at_once)  # noqa: SIM115 - the caller closes it
    mode = os.fstat(stream.fileno()).st_mode
    if stat.S_ISFIFO(mode) and str(path).startswith(_HANDED_OVER):
        os.set_blocking(stream.fileno(), True)
    elif not stat.S_ISREG(mode):
        stream.close()
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return stream


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting: a pipe has no end while nobody writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
