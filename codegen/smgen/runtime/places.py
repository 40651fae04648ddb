"""Where in the user's code a call was made, for messages that name the line."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import FrameType

from smgen.diagnostics import Place
from smgen.documents import shown_path

#: The top-level packages whose frames are not the user's: smgen itself, and generated packages as they are loaded.
_OWN_PACKAGES: set[str] = {"smgen", "pydantic"}


def own_package(name: str) -> None:
    """Says that the modules of a top-level package are generated, so that a place never points into them."""
    _OWN_PACKAGES.add(name.partition(".")[0])


def user_place(*, step: str | None = None, port: str | None = None) -> Place:
    """The file and line of the innermost call that the user's own code made.

    The file is relative to the working directory where it lies inside it.
    """
    frame = inspect.currentframe()
    while frame is not None and _is_own(frame):
        frame = frame.f_back
    if frame is None:
        return Place(step=step, port=port)
    return Place(file=shown_path(Path(frame.f_code.co_filename)), line=frame.f_lineno, step=step, port=port)


def _is_own(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__")
    return isinstance(name, str) and name.partition(".")[0] in _OWN_PACKAGES
