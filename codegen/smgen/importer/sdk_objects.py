"""Reads pipelines that were built with the SageMaker SDK, of whichever version: their definitions, and their code."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import isclass, ismodule
from pathlib import Path, PurePath
from types import MethodType
from typing import Final, Protocol, cast, runtime_checkable

from typing_extensions import Unpack

from smgen.definition import Definition, parse_definition
from smgen.diagnostics import Details, Finding, FindingsError, Place, Subject, nearest_name
from smgen.documents import DEFINITION_LIMITS, parse_document, shown_path

#: What the SDK's objects call a script, and the folder that is packed with it: v2, and v3.
_SCRIPTS: Final = ("entry_point", "entry_script", "code")
_FOLDER: Final = "source_dir"
#: Attributes behind which no code of a step lies, but clients and caches.
_ELSEWHERE: Final = ("sagemaker_session", "boto_session", "session", "sagemaker_client", "depends_on", "_properties")
_CLIENTS: Final = ("boto3", "botocore", "logging", "threading")
_DEEPEST: Final = 12


@runtime_checkable
class SdkDefinition(Protocol):
    """What a ``Pipeline`` of SDK v2 or v3 is to an import; nothing of the SDK is needed to say so."""

    @property
    def name(self) -> str:
        """The pipeline's name in SageMaker."""
        ...

    def definition(self) -> str:
        """The definition as JSON text, with which the SDK would update the pipeline."""
        ...


@dataclass(frozen=True, slots=True)
class LoadedSdkPipeline:
    """A pipeline of the SDK: its name, its definition, and the local scripts and folders that its steps name."""

    name: str
    definition: Definition
    code: tuple[Path, ...]


def from_sdk(pipeline: SdkDefinition) -> Definition:
    """The definition of an SDK pipeline, as ``upsert`` would send it.

    The SDK may upload code when it is asked for it, as it always does. What it raises passes through; FindingsError
    (SMG300 and what reading a document reports) where its text is no definition.
    """
    data = pipeline.definition().encode("utf-8", "surrogatepass")
    return parse_definition(parse_document(data, f"sdk:{pipeline.name}", DEFINITION_LIMITS))


def sdk_pipelines(entry: str) -> tuple[LoadedSdkPipeline, ...]:
    """What a function of a team's own, ``MODULE:FUNCTION``, builds with the SDK: one pipeline, or a list of them.

    Modules are found as ``python -m`` finds them, from the current folder on. Raises FindingsError (SMG210) for what is
    no such function, for whatever it or the SDK raises, and for what it gives instead of pipelines.
    """
    module, _, name = entry.partition(":")
    if not (module and name.isidentifier()):
        raise _refused(
            f"'{entry}' names no function", given=entry, fix="write MODULE:FUNCTION, as in pipelines.churn:build"
        )
    function = _function(entry, module, name)
    with _of_the_team(entry):
        built: object = function()
        found = (
            [built]
            if isinstance(built, SdkDefinition) or not isinstance(built, Iterable)
            else [*cast("Iterable[object]", built)]
        )
        pipelines = [item for item in found if isinstance(item, SdkDefinition)]
        if pipelines and len(pipelines) == len(found):
            # Asked for its definition, the SDK puts locations in Amazon S3 in place of what is local.
            codes = [tuple(_local_code(item)) for item in pipelines]
            return tuple(
                LoadedSdkPipeline(item.name, from_sdk(item), code) for item, code in zip(pipelines, codes, strict=True)
            )
    other = next((type(item).__name__ for item in found if not isinstance(item, SdkDefinition)), "nothing")
    raise _refused(f"{entry} gives no pipeline of the SDK", given=other, fix="return the Pipeline")


def _function(entry: str, module: str, name: str) -> Callable[[], object]:
    with _of_the_team(entry):
        sys.path.insert(0, str(Path.cwd()))
        try:
            functions = vars(importlib.import_module(module))
        finally:
            sys.path.pop(0)
    found = functions.get(name)
    if callable(found):
        return cast("Callable[[], object]", found)
    nearest = nearest_name(name, [own for own, value in functions.items() if callable(value)])
    fix = f"write {module}:{nearest}" if nearest else "name a function that gives a Pipeline"
    raise _refused(f"{module} has no function {name}", given=name, nearest=nearest, fix=fix)


@contextmanager
def _of_the_team(entry: str) -> Generator[None]:
    """Turns whatever their code or the SDK raises into one finding, at the last line of theirs."""
    try:
        yield
    except FindingsError:
        raise
    except (Exception, SystemExit) as error:
        given = f"{type(error).__name__}: {error}".removesuffix(": ")
        here = Path.cwd()
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if here in Path(frame.filename).parents]
        own = [frame for frame in frames if "site-packages" not in frame.filename]
        place = Place(file=shown_path(Path(own[-1].filename)), line=own[-1].lineno) if own else Place()
        about = Subject(exception=type(error).__name__)
        message = f"{entry} raised an exception"
        fix = "run it in the environment in which the pipeline is built today, with smgen installed beside the SDK"
        raise FindingsError([Finding("SMG210", message, place, given=given, about=about, fix=fix)]) from error


def _refused(message: str, **details: Unpack[Details]) -> FindingsError:
    return FindingsError([Finding("SMG210", message, **details)])


# Code -----------------------------------------------------------------------------------------------------------------


def _local_code(pipeline: object) -> Iterator[Path]:
    """The scripts and folders of this machine that the objects of a pipeline name, each once.

    Both versions keep what a step was made of: its estimator, processor or trainer, or the call that made its request.
    """
    # With the objects themselves: the number of one that is gone is that of another one.
    seen: dict[int, object] = {}
    told: set[Path] = set()
    # What is nearest comes first: everything in the SDK leads to everything else in the end.
    todo = deque([(pipeline, 0)])
    while todo:
        holder, depth = todo.popleft()
        if id(holder) in seen or depth > _DEEPEST:
            continue
        seen[id(holder)] = holder
        members = _members(holder)
        for path in _code_of(members):
            if path not in told:
                told.add(path)
                yield path
        todo += ((value, depth + 1) for name, value in members.items() if name not in _ELSEWHERE and _holds(value))


def _members(holder: object) -> Mapping[object, object]:
    """What an object holds, by name; the items of a list by their numbers, and of a bound method its object."""
    if isinstance(holder, Mapping):
        return cast("Mapping[object, object]", holder)
    if isinstance(holder, (Sequence, Set)):
        return dict(enumerate(cast("Iterable[object]", holder)))
    if isinstance(holder, MethodType):
        return {"__self__": holder.__self__}
    return cast("Mapping[object, object]", getattr(holder, "__dict__", {}))


def _holds(value: object) -> bool:
    """Whether something of a step may stand in a value."""
    if value is None or isclass(value) or ismodule(value) or isinstance(value, (str, bytes, int, float)):
        return False
    return type(value).__module__.partition(".")[0] not in _CLIENTS


def _code_of(members: Mapping[object, object]) -> Iterator[Path]:
    """The folder that an object packs with its script, or the script alone."""
    folder = _path(members.get(_FOLDER))
    if folder is not None and folder.is_dir():
        yield folder
        return
    for name in _SCRIPTS:
        path = _path(members.get(name))
        if path is not None:
            yield path


def _path(value: object) -> Path | None:
    """A file or folder that is there; None for anything else, such as a location in Amazon S3."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, PurePath) else ""
    if not text:
        return None
    try:
        path = Path(text.removeprefix("file://")).resolve()
        return path if path.exists() else None
    except (OSError, ValueError):
        return None
