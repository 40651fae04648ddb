"""Keeps what a user's modules print out of a command's answer."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator


@contextlib.contextmanager
def user_output() -> Generator[None]:
    """What is printed while the block runs goes to the error stream, also by a program that the user's code starts."""
    with contextlib.ExitStack() as stack:
        saved = _saved_output()
        if saved is not None:
            stack.callback(_restore, saved)
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        yield


def _saved_output() -> int | None:
    """A copy of the process's output, which from now on is its error stream; None where it has not got both."""
    try:
        sys.stdout.flush()
        saved = os.dup(1)
    except (OSError, ValueError):
        return None
    try:
        os.dup2(2, 1)
    except OSError:
        os.close(saved)
        return None
    return saved


def _restore(saved: int) -> None:
    os.dup2(saved, 1)
    os.close(saved)
