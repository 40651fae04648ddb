"""Where in the user's code a call was made, for messages that name the line."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

    from smgen.diagnostics import Place

#: Packages whose frames are not the user's: smgen and what it is called through. ``External[T](…)`` is a call that
#: ``typing`` makes, and a deprecated class one of ``warnings``.
_OWN_PACKAGES: Final = ("smgen", "pydantic", "typing", "typing_extensions", "warnings")
#: What Python calls the code of a notebook's cell, and what was typed at a prompt.
_TYPED_IN: Final = re.compile(r"(?:.*/)?(?:ipykernel_\d+/[^/]+|<ipython-input-.*>|<python-input-.*>|<stdin>)")
#: The folders of the generated packages that were loaded; two projects may give theirs one name.
_GENERATED_FOLDERS: Final[set[str]] = set()


def generated_folder(module_file: str) -> None:
    """Says that the modules beside a file are generated, so that a place never points into them."""
    _GENERATED_FOLDERS.add(str(Path(module_file).parent))


def user_place(*, step: str | None = None, port: str | None = None) -> Place:
    """The file and line of the innermost call that the user's own code made.

    The file is relative to the working directory where it lies inside it.
    """
    from smgen.diagnostics import Place
    from smgen.documents import shown_path

    frame = inspect.currentframe()
    while frame is not None and is_own(frame):
        frame = frame.f_back
    if frame is None:
        return Place(step=step, port=port)
    return Place(file=shown_path(Path(frame.f_code.co_filename)), line=frame.f_lineno, step=step, port=port)


def is_own(frame: FrameType) -> bool:
    """Whether a frame is one of smgen, of what it is called through, or of a generated package."""
    name = frame.f_globals.get("__name__")
    if isinstance(name, str) and name.partition(".")[0] in _OWN_PACKAGES:
        return True
    return str(Path(frame.f_code.co_filename).parent) in _GENERATED_FOLDERS


def said_twice_fix(what: str, name: str, first: Place, again: Place) -> str:
    """What to do where a step or a parameter was added at ``first``, and under the same name once more at ``again``."""
    if _TYPED_IN.fullmatch(again.file or "") and _TYPED_IN.fullmatch(first.file or ""):
        return (
            f"a cell that runs again adds its {what}s again: make the builder in the same cell, "
            "p = FluentPipelineBuilder(…), and run the cells behind it once more"
        )
    if (first.file, first.line) == (again.file, again.line) and again.line is not None:
        return f'this line runs more than once: give each {what} a name of its own, such as f"{name}-{{number}}"'
    return "give one of them another name"
