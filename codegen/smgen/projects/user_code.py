"""Runs the code of a pipeline's module: whatever it raises becomes one finding at the line that raised it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final

from smgen.authoring.operators import PARENTHESES
from smgen.authoring.places import is_own
from smgen.diagnostics import Finding, FindingsError, Place, Subject, nearest_name
from smgen.documents import shown_path
from smgen.projects.importing import import_fix
from smgen.projects.project import PipelineSource, Project

#: What takes the traceback of each exception of a user's own; None where nobody asked for it.
_TRACEBACKS: Final[ContextVar[Callable[[str], None] | None]] = ContextVar("tracebacks", default=None)
#: The classes whose objects Python's own functions refuse, because what they stand for is not there yet.
_NOT_YET: Final = re.compile(
    r"\b(Variable|Tuned|Output|External|Condition|Report(?:Node|List|Values|File)|\w+Proxy|ConditionStep|ForEachStep)\b"
)
_BITS_OF_NUMBERS: Final = re.compile(r"for [&|]: '(int|float)' and '(int|float)'")


@contextmanager
def tracebacks_to(write: Callable[[str], None]) -> Generator[None]:
    """Gives ``write`` Python's traceback of every exception that a pipeline's code raises in the block, each once."""
    told: set[str] = set()

    def once(text: str) -> None:
        if text not in told:
            told.add(text)
            write(text)

    token = _TRACEBACKS.set(once)
    try:
        yield
    finally:
        _TRACEBACKS.reset(token)


@contextmanager
def user_code(project: Project, source: PipelineSource, doing: str) -> Generator[None]:
    """Turns whatever the user's code raises into one finding (SMG210, SMG208) at the line of theirs that raised it."""
    try:
        yield
    except FindingsError:
        raise
    except BaseException as error:
        if not isinstance(error, (Exception, SystemExit)) and not _is_raised_by_user(error, project):
            raise
        write = _TRACEBACKS.get()
        if write is not None:
            write(_traceback(error))
        given = f"{type(error).__name__}: {_words(error)}".removesuffix(": ")
        message = f"{doing} raised an exception: pipeline '{source.name}'"
        place = _raised_at(error, project) or Place(file=source.file)
        nearest, fix = import_fix(error, place, project, source)
        about = Subject(exception=type(error).__name__)
        finding = Finding("SMG210", message, place, given=given, nearest=nearest, fix=fix, about=about)
        if isinstance(error, TypeError) and fix is None:
            finding = _about_operand(error, finding)
        if isinstance(error, NameError):
            finding = _about_name(error, finding, project)
        raise FindingsError([finding]) from error


def _is_raised_by_user(error: BaseException, project: Project) -> bool:
    """Whether the user's own line raised what is no error to Python, such as a class of their own; never for Ctrl-C."""
    frame = _innermost(error)
    inside = _is_inside(frame.f_code.co_filename, project.root.resolve())
    return inside and not isinstance(error, (KeyboardInterrupt, GeneratorExit))


def _innermost(error: BaseException) -> FrameType:
    """The frame that raised an error, which passed through this module's."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame


def _words(error: BaseException) -> str:
    """What an exception says of itself; nothing where its class cannot say it."""
    try:
        return str(error)
    except Exception:  # a class of the user's own
        return ""


def _traceback(error: BaseException) -> str:
    """Python's traceback without the frames of smgen that called the user's code."""
    return "".join(traceback.format_exception(type(error), error, _from_user(error.__traceback__)))


def _from_user(first: TracebackType | None) -> TracebackType | None:
    """The rest of a traceback from the user's first frame on; all of it where there is none."""
    here = first
    while here is not None and _is_around(here.tb_frame):
        here = here.tb_next
    return here or first


def _is_around(frame: FrameType) -> bool:
    return is_own(frame) or frame.f_code.co_filename.startswith("<frozen importlib")


def _about_operand(error: TypeError, finding: Finding) -> Finding:
    """The finding where Python's own functions were given what is known only when the pipeline runs: SMG208 then."""
    if _BITS_OF_NUMBERS.search(_words(error)):
        return replace(finding, fix=PARENTHESES)
    named = _NOT_YET.search(_words(error))
    if named is None:
        return finding
    message = f"Python works with a {named[1]} here, whose value is known only when the pipeline runs"
    fix = (
        "SageMaker calculates nothing: do it in a step, or in plain Python before it becomes a parameter; "
        "texts are put together with join(…)"
    )
    return replace(finding, rule="SMG208", message=message, fix=fix)


def _about_name(error: NameError, finding: Finding, project: Project) -> Finding:
    """The finding about a name that has no value, said as what it means in a pipeline; as it is for others' code."""
    frame = _innermost(error)
    quoted = re.search("'(.+?)'", _words(error))
    if quoted is None or is_own(frame) or not _is_inside(frame.f_code.co_filename, project.root.resolve()):
        return finding
    name = quoted[1]
    if isinstance(error, UnboundLocalError) or "free variable" in _words(error):
        message = f"'{name}' is read before it is set"
        fix = "add its step further up; two steps that read each other are a cycle, which no pipeline may have"
        return replace(finding, message=message, fix=fix)
    nearest = nearest_name(name, [*frame.f_locals, *frame.f_globals])
    fix = f"write {nearest}" if nearest else f"import '{name}', or set it before"
    return replace(finding, message=f"nothing is called '{name}' here", nearest=nearest, fix=fix)


def _raised_at(error: BaseException, project: Project) -> Place | None:
    """The user's line that raised an error: the innermost one in the project that is not generated."""
    root = project.root.resolve()
    if isinstance(error, SyntaxError) and error.filename and _is_inside(error.filename, root):
        return Place(file=shown_path(Path(error.filename)), line=error.lineno, column=error.offset)
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        if _is_inside(file, root) and not is_own(frame):
            return Place(file=shown_path(Path(file)), line=line)
    return None


def _is_inside(file: str, root: Path) -> bool:
    # What an environment inside the project has installed is not the project's.
    path = Path(file)
    return root in path.parents and "site-packages" not in path.parts
