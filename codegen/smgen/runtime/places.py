"""Where in the user's code a call was made, for messages that name the line."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import FrameType
from typing import Final

from smgen.diagnostics import Place
from smgen.documents import shown_path

#: Packages whose frames are not the user's: smgen and what it is called through, and generated packages as they are
#: loaded. ``External[T](…)`` is a call that ``typing`` makes, a deprecated class one of ``warnings``.
_OWN_PACKAGES: Final[set[str]] = {"smgen", "pydantic", "typing", "typing_extensions", "warnings"}


def own_package(module: str) -> None:
    """Says that the package of a module is generated, so that a place never points into it."""
    _OWN_PACKAGES.add(module.rpartition(".")[0] or module)


def user_place(*, step: str | None = None, port: str | None = None) -> Place:
    """The file and line of the innermost call that the user's own code made.

    The file is relative to the working directory where it lies inside it.
    """
    frame = inspect.currentframe()
    while frame is not None and is_own_module(_module(frame)):
        frame = frame.f_back
    if frame is None:
        return Place(step=step, port=port)
    return Place(file=shown_path(Path(frame.f_code.co_filename)), line=frame.f_lineno, step=step, port=port)


def is_own_module(module: str) -> bool:
    """Whether a module belongs to smgen, to what it is called through, or to a generated package."""
    while module:
        if module in _OWN_PACKAGES:
            return True
        module = module.rpartition(".")[0]
    return False


def _module(frame: FrameType) -> str:
    name = frame.f_globals.get("__name__")
    return name if isinstance(name, str) else ""
