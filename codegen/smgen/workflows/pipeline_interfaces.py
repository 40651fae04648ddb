"""What changed in the interfaces of a project's pipelines since a commit, which those who call them have to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from smgen.definition import Definition
from smgen.diagnostics import Finding, Place, first_of
from smgen.evolution import environment_gone, interface_changes, interface_of, pipeline_gone
from smgen.runtime import Project
from smgen.settings import SETTINGS_FILE
from smgen.workflows.pipeline_states import (
    Progressed,
    ProjectState,
    Target,
    committed_state,
    compile_states,
    working_state,
)

_MOST_ENVIRONMENTS = 6


def interface_findings(
    project: Project, ref: str, progress: Progressed = lambda _done, _all: None
) -> tuple[Finding, ...]:
    """The findings about every pipeline that the project had in a commit, for each environment that it went to.

    What is the same in all environments of a pipeline is told once. Both states are compiled, the commit's in a
    temporary folder, and nothing is written anywhere else. Raises FindingsError: SMG600 for the commit, and all that is
    wrong with a pipeline, in the commit or now, that cannot be compiled.
    """
    with committed_state(project, ref) as earlier:
        now = working_state(project)
        targets = earlier.project.targets()
        both = [target for target in targets if target in now.project.targets()]
        before, after = compile_states([(earlier, both), (now, both)], progress)
    return (*_gone(earlier, now), *_changed(project, both, before, after))


def _gone(earlier: ProjectState, now: ProjectState) -> Iterator[Finding]:
    """The pipelines that are gone, and the environments that one of those that are there goes to no more."""
    for name in earlier.project.pipelines:
        if name not in now.project.pipelines:
            added = [other for other in now.project.pipelines if other not in earlier.project.pipelines]
            yield replace(pipeline_gone(name, added), place=Place(file=SETTINGS_FILE))
            continue
        own = now.project.environments_of(name)
        for environment in earlier.project.environments_of(name):
            if environment not in own:
                yield replace(environment_gone(name, environment, own), place=now.project.pipeline(name).place)


def _changed(
    project: Project, targets: Sequence[Target], before: Mapping[Target, Definition], after: Mapping[Target, Definition]
) -> Iterator[Finding]:
    for name in dict.fromkeys(pipeline for pipeline, _ in targets):
        environments = [environment for pipeline, environment in targets if pipeline == name]
        found: dict[Finding, list[str]] = {}
        for environment in environments:
            target = name, environment
            for finding in interface_changes(interface_of(before[target]), interface_of(after[target])):
                found.setdefault(finding, []).append(environment)
        place = project.pipeline(name).place
        for finding, concerned in found.items():
            where = "" if concerned == environments else f" (in {first_of(concerned, _MOST_ENVIRONMENTS)})"
            at = replace(place, step=finding.place.step)
            yield replace(finding, place=at, message=f"{finding.message}{where}")
