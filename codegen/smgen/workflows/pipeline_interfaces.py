"""What changed in the interfaces of a project's pipelines since a commit, which those who call them have to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from smgen.definition import Definition
from smgen.diagnostics import Finding, Place, first_of
from smgen.evolution import (
    Level,
    environment_gone,
    interface_changes,
    interface_level,
    interface_of,
    pipeline_gone,
)
from smgen.runtime import Project
from smgen.settings import SETTINGS_FILE
from smgen.workflows.pipeline_states import Progressed, Target, committed_state, compile_states, working_state

_MOST_ENVIRONMENTS: Final = 6


@dataclass(frozen=True, slots=True)
class ChangedInterface:
    """What changed in the interface of one pipeline, for those who call it; never nothing."""

    pipeline: str
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """That of the change that reaches furthest."""
        return min((interface_level(finding.rule) for finding in self.findings), key=lambda level: level.rank)


def _silent(_done: int, _all: int) -> None:
    """Nobody is told how far it is."""


def interface_findings(project: Project, ref: str, progress: Progressed = _silent) -> tuple[Finding, ...]:
    """The findings of ``changed_interfaces``, pipeline by pipeline."""
    return tuple(finding for item in changed_interfaces(project, ref, progress) for finding in item.findings)


def changed_interfaces(project: Project, ref: str, progress: Progressed = _silent) -> tuple[ChangedInterface, ...]:
    """What changed of every pipeline that the project had in a commit, for each environment that it went to.

    What is the same in all environments of a pipeline is told once. Both states are compiled, the commit's in a
    temporary folder, and nothing is written anywhere else. Raises FindingsError: SMG600 for the commit, and all that is
    wrong with a pipeline, in the commit or now, that cannot be compiled.
    """
    with committed_state(project, ref) as earlier:
        now = working_state(project)
        targets = set(project.targets())
        both = [target for target in earlier.project.targets() if target in targets]
        before, after = compile_states([(earlier, both), (now, both)], progress)
    found = {
        name: (*_gone(name, earlier.project, project), *_changed(name, project, both, before, after))
        for name in earlier.project.pipelines
    }
    return tuple(ChangedInterface(name, findings) for name, findings in found.items() if findings)


def _gone(name: str, earlier: Project, now: Project) -> Iterator[Finding]:
    """That a pipeline is gone, or goes no more to an environment."""
    if name not in now.pipelines:
        added = [other for other in now.pipelines if other not in earlier.pipelines]
        yield _told(pipeline_gone(name, added), Place(file=SETTINGS_FILE))
        return
    own = now.environments_of(name)
    for environment in earlier.environments_of(name):
        if environment not in own:
            yield _told(environment_gone(name, environment, own), now.pipeline(name).place)


def _changed(
    name: str,
    project: Project,
    targets: Sequence[Target],
    before: Mapping[Target, Definition],
    after: Mapping[Target, Definition],
) -> Iterator[Finding]:
    """The changes of a pipeline for the environments that it went to and goes to."""
    own = [target for target in targets if target[0] == name]
    found: dict[Finding, list[str]] = {}
    for target in own:
        for finding in interface_changes(interface_of(before[target]), interface_of(after[target])):
            found.setdefault(finding, []).append(target[1])
    for finding, environments in found.items():
        where = "" if len(environments) == len(own) else f", in {first_of(environments, _MOST_ENVIRONMENTS)}"
        yield _told(finding, replace(project.pipeline(name).place, step=finding.place.step), where)


def _told(finding: Finding, place: Place, where: str = "") -> Finding:
    """A finding at its place, which says how far it reaches."""
    return replace(finding, message=f"{finding.message} ({interface_level(finding.rule).value}{where})", place=place)
