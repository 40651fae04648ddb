"""What changed in the interfaces of a project's pipelines since a commit, which those who call them have to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

from smgen.definition import Definition
from smgen.diagnostics import Finding, FindingsError, Place, first_of
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
from smgen.workflows.pipeline_states import Compiled, Progressed, Target, committed_state, working_state

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


@dataclass(frozen=True, slots=True)
class ChangedInterfaces:
    """The pipelines of which something changed, and (SMG664) those that cannot be compared."""

    pipelines: tuple[ChangedInterface, ...] = ()
    unread: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All changes, each of which says how far it reaches."""
        return tuple(
            replace(finding, message=f"{finding.message} ({interface_level(finding.rule).value})")
            for item in self.pipelines
            for finding in item.findings
        )


def _silent(_done: int, _all: int) -> None:
    """Nobody is told how far it is."""


def interface_findings(project: Project, ref: str, progress: Progressed = _silent) -> tuple[Finding, ...]:
    """The findings of ``changed_interfaces``, what cannot be compared first."""
    found = changed_interfaces(project, ref, progress)
    return (*found.unread, *found.findings)


def changed_interfaces(project: Project, ref: str, progress: Progressed = _silent) -> ChangedInterfaces:
    """What changed of every pipeline that the project had in a commit, for each environment that it went to.

    What is the same in all environments of a pipeline is told once. Both states are compiled, the commit's in a
    temporary folder, and nothing is written anywhere else. Raises FindingsError (SMG600) for the commit.
    """
    with ExitStack() as stack:
        try:
            earlier = stack.enter_context(committed_state(project, ref))
        except FindingsError as error:
            if any(finding.rule == "SMG600" for finding in error.findings):
                raise
            return ChangedInterfaces(unread=(_not_compared("the project", "read", "then", error.findings[0]),))
        targets = set(project.targets())
        both = [target for target in earlier.project.targets() if target in targets]
        before, after = (state.compile(both, progress) for state in (earlier, working_state(project)))
    pairs = [(target, before[target], after[target]) for target in both]
    right = {
        target: (old, new) for target, old, new in pairs if isinstance(old, Definition) and isinstance(new, Definition)
    }
    found = {
        name: (*_gone(name, earlier.project, project), *_changed(name, project, right))
        for name in earlier.project.pipelines
    }
    return ChangedInterfaces(
        tuple(ChangedInterface(name, findings) for name, findings in found.items() if findings),
        tuple(_unread(project, pairs)),
    )


def _unread(project: Project, pairs: Sequence[tuple[Target, Compiled, Compiled]]) -> Iterator[Finding]:
    """SMG664 for each pipeline that cannot be compiled in one of the states, with the first reason of each."""
    told: set[tuple[str, str]] = set()
    for (name, environment), old, new in pairs:
        for state, result in (("then", old), ("now", new)):
            if isinstance(result, Definition) or (name, state) in told:
                continue
            told.add((name, state))
            where = f", for '{environment}'"
            yield _not_compared(
                f"the pipeline '{name}'", "compiled", state, result[0], where, project.pipeline(name).place
            )


def _not_compared(
    what: str, done: str, state: str, reason: Finding, where: str = "", place: Place | None = None
) -> Finding:
    """SMG664, with why it is so."""
    return Finding(
        "SMG664",
        f"interfaces of {what} are not compared: it cannot be {done} {state}",
        Place(file=SETTINGS_FILE) if place is None else place,
        given=f"{reason.message} ({reason.rule}{where})",
        given_at=reason.place,
        fix=reason.fix,
    )


def _gone(name: str, earlier: Project, now: Project) -> Iterator[Finding]:
    """That a pipeline is gone, or goes no more to an environment."""
    if name not in now.pipelines:
        added = [other for other in now.pipelines if other not in earlier.pipelines]
        yield replace(pipeline_gone(name, added), place=Place(file=SETTINGS_FILE))
        return
    own = now.environments_of(name)
    for environment in earlier.environments_of(name):
        if environment not in own:
            yield replace(environment_gone(name, environment, own), place=now.pipeline(name).place)


def _changed(
    name: str, project: Project, definitions: Mapping[Target, tuple[Definition, Definition]]
) -> Iterator[Finding]:
    """The changes of a pipeline for the environments that it went to and goes to, each told once."""
    own = [environment for pipeline, environment in definitions if pipeline == name]
    alike: dict[tuple[Finding, int], dict[str, Finding]] = {}
    for environment in own:
        before, after = definitions[name, environment]
        counts: Counter[Finding] = Counter()
        for finding in interface_changes(interface_of(before), interface_of(after)):
            bare = replace(finding, given=None, expected=None)
            alike.setdefault((bare, counts[bare]), {})[environment] = finding
            counts[bare] += 1
    for (bare, _), found in alike.items():
        where = "" if len(found) == len(own) else f"in {first_of([*found], _MOST_ENVIRONMENTS)}: "
        yield replace(
            bare,
            message=f"{where}{bare.message}",
            place=replace(project.pipeline(name).place, step=bare.place.step),
            given=_by_environment({environment: finding.given for environment, finding in found.items()}),
            expected=_by_environment({environment: finding.expected for environment, finding in found.items()}),
        )


def _by_environment(texts: Mapping[str, str | None]) -> str | None:
    """What is said in each environment: once where it is the same in all."""
    said = dict.fromkeys(texts.values())
    if len(said) == 1:
        return next(iter(said))
    told = [
        f"{text} ({', '.join(environment for environment, other in texts.items() if other == text)})"
        for text in said
        if text is not None
    ]
    return first_of(told, _MOST_ENVIRONMENTS)
