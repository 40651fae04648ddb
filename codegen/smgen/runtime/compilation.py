"""Loads a project's pipeline function and builds it for an environment."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from smgen.definition import Provenance
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import shown_path
from smgen.runtime.building import CompiledPipeline
from smgen.runtime.environment import Environment
from smgen.runtime.pipeline import FluentPipelineBuilder
from smgen.runtime.project import PipelineSource, Project

T = TypeVar("T")


def compile_pipeline(project: Project, name: str, environment: str) -> CompiledPipeline:
    """The pipeline ``name`` of a project, built for the environment of that name.

    Raises FindingsError with everything that is wrong: SMG210 where the function cannot be loaded or raises.
    """
    findings: list[Finding] = []
    source = _collected(project.pipeline, name, findings)
    chosen = _collected(project.environment, environment, findings)
    if source is None or chosen is None:
        raise FindingsError(findings)
    with _import_paths(project):
        compiled = _built(_function(project, source), source, chosen, project.root)
    return replace(compiled, provenance=_relative(compiled.provenance, project.root))


def _relative(provenance: Provenance, root: Path) -> Provenance:
    """Files relative to the project, so that the folder in which a command is run changes nothing."""
    steps = (
        step if step.file is None else replace(step, file=shown_path(Path.cwd() / step.file, root))
        for step in provenance.steps
    )
    return Provenance(tuple(steps))


def _collected(find: Callable[[str], T], name: str, findings: list[Finding]) -> T | None:
    try:
        return find(name)
    except FindingsError as error:
        findings += error.findings
        return None


@contextmanager
def _import_paths(project: Project) -> Generator[None]:
    """Lets the pipeline's module import the project's generated package and what lies beside the project."""
    paths = [str(project.root)]
    if project.output is not None:
        paths.insert(0, str((project.root / project.output).parent))
    before = list(sys.path)
    sys.path[:0] = paths
    try:
        yield
    finally:
        sys.path[:] = before


def _function(project: Project, source: PipelineSource) -> Callable[..., object]:
    path = project.root / source.file
    if not path.is_file():
        raise _problem(source, f"the file of pipeline '{source.name}' is not there", given=source.file)
    specification = importlib.util.spec_from_file_location(f"smgen_pipeline_{path.stem}", path)
    if specification is None or specification.loader is None:
        raise _problem(source, f"the file of pipeline '{source.name}' cannot be imported", given=source.file)
    module = importlib.util.module_from_spec(specification)
    with _user_code(source, path, "importing its file"):
        specification.loader.exec_module(module)
    return _member(module, source)


def _member(module: ModuleType, source: PipelineSource) -> Callable[..., object]:
    function: object = getattr(module, source.function, None)
    if not callable(function):
        functions = [name for name, value in vars(module).items() if inspect.isfunction(value)]
        nearest = nearest_name(source.function, functions)
        raise _problem(
            source,
            f"{source.file} has no function '{source.function}'",
            given=source.function,
            expected=", ".join(functions) or "a function of the builder and the environment",
            nearest=nearest,
        )
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        raise _problem(
            source,
            f"the function of pipeline '{source.name}' does not take a builder and an environment",
            given=f"{source.function}{inspect.signature(function)}",
            expected=f"def {source.function}(p: FluentPipelineBuilder, env: Environment) -> None",
        ) from None
    return function


def _built(
    function: Callable[..., object], source: PipelineSource, environment: Environment, root: Path
) -> CompiledPipeline:
    builder = FluentPipelineBuilder(source.name, environment)
    with _user_code(source, root / source.file, "building it"):
        function(builder, environment)
    return builder.build()


@contextmanager
def _user_code(source: PipelineSource, path: Path, doing: str) -> Generator[None]:
    """Turns whatever the user's code raises into one finding at the line of theirs that raised it."""
    try:
        yield
    except FindingsError:
        raise
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
        line = frames[-1].lineno if frames else getattr(error, "lineno", None)
        place = Place(file=source.file, line=line)
        given = f"{type(error).__name__}: {error}"
        message = f"{doing} raised an exception: pipeline '{source.name}'"
        raise FindingsError([Finding("SMG210", message, place, given=given, given_at=source.place)]) from error


def _problem(
    source: PipelineSource,
    message: str,
    *,
    given: str,
    expected: str | None = None,
    nearest: str | None = None,
) -> FindingsError:
    return FindingsError([Finding("SMG210", message, source.place, given=given, expected=expected, nearest=nearest)])
