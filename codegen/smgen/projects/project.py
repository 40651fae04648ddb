"""A project: its folders, its pipelines, and the environments that they go to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from smgen.building.environment import Environment
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.settings import SETTINGS_FILE

T = TypeVar("T")


@dataclass(frozen=True)
class PipelineSource:
    """Where a pipeline function is: a file relative to the project and the function's name.

    ``environments`` are the names of those that the pipeline goes to; None stands for all of the project.
    """

    name: str
    file: str
    function: str
    place: Place
    environments: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Project:
    """A project: its folder, the folders of contracts and of the generated package, its pipelines and environments.

    ``output`` is the folder of the generated package, relative to the project; its last part is the package's import
    name. A project that only uses packages of others has none. ``for_pipelines`` has an environment as it is for one
    pipeline, by the names of both, where it says values for that pipeline.
    """

    root: Path
    contracts: str
    output: str | None
    pipelines: Mapping[str, PipelineSource] = field(default_factory=dict[str, PipelineSource])
    environments: Mapping[str, Environment] = field(default_factory=dict[str, Environment])

    for_pipelines: Mapping[tuple[str, str], Environment] = field(default_factory=dict[tuple[str, str], Environment])

    def environment(self, name: str, pipeline: str | None = None) -> Environment:
        """The environment of that name, as it is for a pipeline where one is named.

        Raises FindingsError: SMG211 where there is none, or where the pipeline does not go there; SMG210 where there
        is no such pipeline.
        """
        environment = self._named("SMG211", "environment", name, self.environments)
        if pipeline is None:
            return environment
        source = self.pipeline(pipeline)
        if source.environments is not None and name not in source.environments:
            raise FindingsError([_goes_elsewhere(source, name)])
        return self.for_pipelines.get((name, pipeline), environment)

    def environments_of(self, pipeline: str) -> tuple[str, ...]:
        """The names of the environments that a pipeline goes to. Raises FindingsError (SMG210) for an unknown one."""
        source = self.pipeline(pipeline)
        return tuple(self.environments) if source.environments is None else source.environments

    def targets(
        self, pipelines: Collection[str] = (), environments: Collection[str] = ()
    ) -> tuple[tuple[str, str], ...]:
        """The pipelines of these names (default: all), each with each of these environments that it goes to.

        Without ``environments`` these are all of a pipeline's own. Raises FindingsError for unknown names, all of
        them, and (SMG211) for a pipeline that was named and goes to none of the environments that were named.
        """
        findings = [
            *_refusals(self.pipeline, pipelines),
            *_refusals(self.environment, environments),
        ]
        if findings:
            raise FindingsError(findings)
        pairs: list[tuple[str, str]] = []
        for pipeline in dict.fromkeys(pipelines or self.pipelines):
            own = self.environments_of(pipeline)
            chosen = [name for name in dict.fromkeys(environments or own) if name in own]
            if pipelines and environments and not chosen:
                findings += [_goes_elsewhere(self.pipeline(pipeline), name) for name in environments]
            pairs += [(pipeline, name) for name in chosen]
        if findings:
            raise FindingsError(findings)
        return tuple(pairs)

    def pipeline(self, name: str) -> PipelineSource:
        """The pipeline of that name. Raises FindingsError (SMG210) where there is none."""
        return self._named("SMG210", "pipeline", name, self.pipelines)

    def _named(self, rule: str, what: str, name: str, among: Mapping[str, T]) -> T:
        if name in among:
            return among[name]
        nearest = nearest_name(name, among)
        finding = Finding(
            rule,
            f"there is no {what} '{name}' in this project",
            Place(file=SETTINGS_FILE),
            given=name,
            expected=", ".join(among) or f"a table [tool.smgen.{what}s]",
            nearest=nearest,
            fix=f"add '{name}' to [tool.smgen.{what}s], or name one that is there",
        )
        raise FindingsError([finding])


def _refusals(find: Callable[[str], object], names: Iterable[str]) -> Iterator[Finding]:
    """What is wrong with names that are looked up."""
    for name in names:
        try:
            find(name)
        except FindingsError as error:
            yield from error.findings


def _goes_elsewhere(source: PipelineSource, environment: str) -> Finding:
    """SMG211: a pipeline is asked for in an environment that it does not go to."""
    own = source.environments or ()
    nearest = nearest_name(environment, own)
    return Finding(
        "SMG211",
        f"the pipeline '{source.name}' does not go to the environment '{environment}'",
        source.place,
        given=environment,
        expected=", ".join(own),
        nearest=nearest,
        fix=f"name one of its environments, or add '{environment}' to them in [tool.smgen.pipelines]",
    )


def undeclared_environment_parameters(project: Project, declared_by_all: Collection[str]) -> tuple[Finding, ...]:
    """SMG130 for each default in an environment of a parameter that no pipeline of the project declares.

    ``declared_by_all`` are the parameters of all pipelines together, which are known only once all were built.
    """
    return tuple(
        environment.undeclared(name, declared_by_all)
        for environment in project.environments.values()
        for name in environment.parameters
        if name not in declared_by_all
    )
