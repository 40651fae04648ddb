"""Loads a project's pipeline function and builds it for an environment."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Literal, TypeAlias, TypeVar

from typing_extensions import Unpack

from smgen.authoring.missing_values import MissingValues, holds_stand_in, independent, once_per_value
from smgen.building.build import CompiledPipeline
from smgen.building.connections import Connections
from smgen.building.pipeline import FluentPipelineBuilder
from smgen.definition import Provenance
from smgen.diagnostics import Details, Finding, FindingsError, Place, Severity, Subject, nearest_name
from smgen.documents import compact_json, read_regular, shown_path
from smgen.projects.importing import import_paths
from smgen.projects.project import PipelineSource, Project
from smgen.projects.user_code import user_code
from smgen.wiring import LOCK_FILE, WiringLock, read_lock

T = TypeVar("T")
#: What becomes of values of an environment that cannot be right.
SettingValues: TypeAlias = Literal["checked", "repaired", "given"]


@dataclass(frozen=True)
class ResolvedPipeline:
    """What became of the AUTO ports of a pipeline, and the pipeline itself, or else what is wrong with it."""

    connections: Connections
    compiled: CompiledPipeline | None
    findings: tuple[Finding, ...] = ()


def compile_pipeline(
    project: Project,
    name: str,
    environment: str,
    *,
    lock: WiringLock | None = None,
    locked: bool = False,
    values: SettingValues = "checked",
) -> CompiledPipeline:
    """The pipeline ``name`` of a project, built for the environment of that name.

    AUTO ports are bound as ``lock`` says (default: the project's smgen.lock) as long as they can be; with ``locked``
    any other binding is a finding (SMG218). Raises FindingsError with everything that is wrong: SMG210 where the
    function cannot be loaded or raises, SMG211 for each value that the environment lacks.

    A value of the environment that cannot be right raises, unless ``values`` are ``repaired`` (a legal one stands in
    its place, and nothing of the result may be written) or taken as ``given``. Who asks for that reads the
    environment's ``problems``.
    """
    with _written(project, name, environment, lock, locked, values) as builder:
        compiled = builder.build()
    if holds_stand_in(compact_json(compiled.definition.document)):
        # What noted it was lost on the way, as in another process: this much is still seen.
        message = f"a value that the environment '{environment}' lacks stands in the definition"
        fix = "ask the environment that the function was given, in the process that builds the pipeline"
        about = Subject(environment=environment)
        raise FindingsError([Finding("SMG211", message, project.pipeline(name).place, fix=fix, about=about)])
    return _relative(compiled, project.root)


def resolve_pipeline(project: Project, name: str, environment: str, *, lock: WiringLock) -> ResolvedPipeline:
    """What becomes of the AUTO ports of a pipeline in an environment, also where something else is wrong with it.

    Raises FindingsError where the pipeline cannot be loaded or its function raises.
    """
    connections: Connections | None = None
    try:
        with _written(project, name, environment, lock, False) as builder:
            connections = builder.auto_connect().connections
            compiled = builder.build()
    except FindingsError as error:
        if connections is None:
            raise
        return ResolvedPipeline(connections, None, error.findings)
    return ResolvedPipeline(connections, _relative(compiled, project.root))


def read_project_lock(project: Project) -> WiringLock:
    """The project's smgen.lock; without the file nothing is locked. FindingsError (SMG218) for bad lines."""
    path = project.root / LOCK_FILE
    try:
        text = read_regular(path).decode("utf-8")
    except FileNotFoundError:
        return WiringLock()
    except UnicodeDecodeError as error:
        finding = Finding("SMG218", f"{LOCK_FILE} is not UTF-8", Place(file=LOCK_FILE), given=error.reason)
        raise FindingsError([finding]) from None
    return read_lock(text, LOCK_FILE)


@contextmanager
def _written(
    project: Project,
    name: str,
    environment: str,
    lock: WiringLock | None,
    locked: bool,
    values: SettingValues = "checked",
) -> Generator[FluentPipelineBuilder]:
    """The builder after the pipeline's function has run; its modules are there as long as the block runs."""
    findings: list[Finding] = []
    source = _collected(partial(project.pipeline, name), findings)
    pipeline = None if source is None else name
    chosen = _collected(partial(project.environment, environment, pipeline), findings)
    if lock is None:
        lock = _collected(partial(read_project_lock, project), findings)
    if source is None or chosen is None or findings:
        raise FindingsError(findings)
    asked = MissingValues()
    environment_of_run = replace(chosen if values == "given" else chosen.repaired(), missing_values=asked)
    errors = tuple(item for item in chosen.problems if item.severity is Severity.ERROR) if values == "checked" else ()
    try:
        with import_paths(project, source), _pipeline_module(source):
            builder = FluentPipelineBuilder(
                source.name, environment_of_run, lock=lock, locked=locked, place=source.place
            )
            function = _function(project, source)
            with user_code(project, source, "building it"):
                function(builder, environment_of_run)
            yield builder
    except FindingsError as error:
        # With something else in the place of what is missing, the rest could be built; what is wrong with that is not.
        raise FindingsError(
            once_per_value((*errors, *asked.findings, *independent(error.findings, bool(asked.findings))))
        ) from error
    if errors or asked.findings:
        raise FindingsError(once_per_value((*errors, *asked.findings)))


def _relative(compiled: CompiledPipeline, root: Path) -> CompiledPipeline:
    """Files relative to the project, so that the folder in which a command is run changes nothing."""
    steps = (
        step if step.file is None else replace(step, file=shown_path(Path.cwd() / step.file, root))
        for step in compiled.provenance.steps
    )
    return replace(compiled, provenance=Provenance(tuple(steps)))


def _collected(find: Callable[[], T], findings: list[Finding]) -> T | None:
    try:
        return find()
    except FindingsError as error:
        findings += error.findings
        return None


def _function(project: Project, source: PipelineSource) -> Callable[..., object]:
    path = project.root.resolve() / source.file
    if not path.is_file():
        raise _problem(source, f"the file of pipeline '{source.name}' is not there", given=source.file)
    specification = importlib.util.spec_from_file_location(_module_name(source), path)
    if specification is None or specification.loader is None:
        raise _problem(source, f"the file of pipeline '{source.name}' cannot be imported", given=source.file)
    module = importlib.util.module_from_spec(specification)
    # A dataclass of the module, and whatever else asks where it is defined, looks the module up.
    sys.modules[module.__name__] = module
    with user_code(project, source, "importing its file"):
        specification.loader.exec_module(module)
    return _member(module, source)


def _member(module: ModuleType, source: PipelineSource) -> Callable[..., object]:
    function: object = getattr(module, source.function, None)
    if not callable(function):
        functions = [
            name
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__
        ]
        nearest = nearest_name(source.function, functions)
        raise _problem(
            source,
            f"{source.file} has no function '{source.function}'",
            given=source.function,
            expected=", ".join(functions) or "a function of the builder and the environment",
            nearest=nearest,
        )
    wanted = f"def {source.function}(p: FluentPipelineBuilder, env: Environment) -> None"
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        # Calling one runs nothing of it.
        message = f"the function of pipeline '{source.name}' is no plain function"
        raise _problem(source, message, given="async or yield", expected=wanted)
    try:
        signature = inspect.signature(function)
    except ValueError:
        # Some functions that are written in C have none.
        return function
    try:
        signature.bind(None, None)
    except TypeError:
        raise _problem(
            source,
            f"the function of pipeline '{source.name}' does not take a builder and an environment",
            given=f"{source.function}{signature}",
            expected=wanted,
        ) from None
    return function


@contextmanager
def _pipeline_module(source: PipelineSource) -> Generator[None]:
    """Takes the pipeline's own module out of the process again."""
    try:
        yield
    finally:
        sys.modules.pop(_module_name(source), None)


def _module_name(source: PipelineSource) -> str:
    return f"smgen_pipeline_{Path(source.file).stem}"


def _problem(source: PipelineSource, message: str, **details: Unpack[Details]) -> FindingsError:
    return FindingsError([Finding("SMG210", message, source.place, **details)])
