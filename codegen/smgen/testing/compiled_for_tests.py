"""Builds a pipeline for a test: of its function, or of its name in the project's settings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from smgen.diagnostics import Finding, FindingsError, Severity
from smgen.runtime import (
    Environment,
    FluentPipelineBuilder,
    Project,
    compile_pipeline as compile_listed,
    find_project,
    read_project,
    read_project_lock,
    stale_project_findings,
)
from smgen.testing.tested_pipeline import TestedPipeline

#: The function of a pipeline.
PipelineFunction: TypeAlias = Callable[[FluentPipelineBuilder, Environment], object]


def compile_pipeline(
    pipeline: PipelineFunction | str,
    env: str | Environment = "prod",
    *,
    project: Project | Path | str | None = None,
    name: str | None = None,
) -> TestedPipeline:
    """Builds a pipeline for an environment, offline.

    ``pipeline`` is its function, or its name in ``[tool.smgen.pipelines]``. ``env`` is the name of an environment of
    the project, or an Environment. The project (its folder, or what :func:`smgen.runtime.read_project` gave) is by
    default the one that the function's file lies in; for a name, the one of the file that calls. A function needs none
    where ``env`` is an Environment. The pipeline of a function has the name that the project lists it under, or else
    ``name``, or else that of the function. AUTO ports are bound as the project's smgen.lock says.

    Raises FindingsError with everything that is wrong with the pipeline, and (SMG140) where the project's generated
    package is not what its contracts say; what the function itself raises passes.
    """
    if isinstance(pipeline, str):
        found = _project(project, _file_of_caller())
        _refuse_stale(found)
        environment = found.environment(env, pipeline) if isinstance(env, str) else env
        if isinstance(env, Environment):
            found = _with_environment(found, env)
        return TestedPipeline(compile_listed(found, pipeline, environment.name), environment)
    file = _file_of(pipeline)
    there = _project_of_function(project, file, required=isinstance(env, str))
    if there is not None:
        _refuse_stale(there)
    listed = _listed_name(there, file, pipeline)
    environment = env if isinstance(env, Environment) else _environment(there, env, listed)
    errors = [item for item in environment.problems if item.severity is Severity.ERROR]
    if errors:
        raise FindingsError(errors)
    builder = FluentPipelineBuilder(
        name or listed or _own_name(pipeline),
        environment,
        lock=None if there is None else read_project_lock(there),
    )
    pipeline(builder, environment)
    return TestedPipeline(builder.build(), environment)


def _project(project: Project | Path | str | None, start: Path | None) -> Project:
    if isinstance(project, Project):
        return project
    if project is not None:
        return read_project(Path(project))
    return find_project(Path.cwd() if start is None else start.parent)


def _project_of_function(project: Project | Path | str | None, file: Path | None, *, required: bool) -> Project | None:
    """The project of a function; None where there is none, and it is not needed."""
    if project is not None or required:
        return _project(project, file)
    try:
        return _project(None, file)
    except FindingsError:
        # Wrong settings of a project that nobody asked for do not matter, as long as the environment is given.
        return None


def _refuse_stale(project: Project) -> None:
    """What a test says of a stale package would be said of something that is never deployed."""
    findings = stale_project_findings(project)
    if findings:
        raise FindingsError(findings)


def _with_environment(project: Project, environment: Environment) -> Project:
    """The project with an environment of the test's own, which is what it is for every pipeline."""
    everywhere = {name: replace(source, environments=None) for name, source in project.pipelines.items()}
    own = {key: value for key, value in project.for_pipelines.items() if key[0] != environment.name}
    environments = {**project.environments, environment.name: environment}
    return replace(project, pipelines=everywhere, environments=environments, for_pipelines=own)


def _environment(project: Project | None, name: str, pipeline: str | None) -> Environment:
    if project is None:
        finding = Finding("SMG211", f"there is no project with an environment '{name}'", fix="give project=…")
        raise FindingsError([finding])
    return project.environment(name, pipeline)


def _file_of_caller() -> Path | None:
    """The file of the innermost call from outside of this package."""
    frame = inspect.currentframe()
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith("smgen."):
        frame = frame.f_back
    file = None if frame is None else Path(frame.f_code.co_filename)
    return file if file is not None and file.is_file() else None


def _file_of(function: PipelineFunction) -> Path | None:
    """The file in which a function is written; None for one of no file."""
    try:
        file = inspect.getsourcefile(inspect.unwrap(function))
    except TypeError:
        return None
    return None if file is None else Path(file).resolve()


def _listed_name(project: Project | None, file: Path | None, function: PipelineFunction) -> str | None:
    """The name under which a project lists a function."""
    own = getattr(inspect.unwrap(function), "__name__", None)
    for source in project.pipelines.values() if project is not None else ():
        if project is not None and (project.root / source.file).resolve() == file and source.function == own:
            return source.name
    return None


def _own_name(function: PipelineFunction) -> str:
    """A name for the pipeline of a function that no project lists."""
    own = getattr(inspect.unwrap(function), "__name__", "")
    return re.sub("[^A-Za-z0-9]+", "-", own).strip("-") or "Pipeline"
