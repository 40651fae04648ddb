"""Resolves the AUTO ports of a project's pipelines for their environments, and compares them with ``smgen.lock``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import JsonObject
from smgen.runtime import Project, ResolvedPipeline, resolve_pipeline
from smgen.wiring import LOCK_FILE, LockedBinding, Resolution, WiringLock, explain, joined, resolution_json
from smgen.workflows.neighbour_packages import NeighbourPackages


@dataclass(frozen=True)
class PipelineResolution:
    """One pipeline in its environments: as it is with the lock, and what the resolver says without it."""

    name: str
    locked: Mapping[str, ResolvedPipeline]
    fresh: Mapping[str, ResolvedPipeline]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong in any environment, each finding once."""
        return tuple(dict.fromkeys(finding for item in self.locked.values() for finding in item.findings))

    @property
    def bindings(self) -> tuple[LockedBinding, ...]:
        """The lines of the lock that say what the AUTO ports are bound to."""
        return joined({name: item.connections.bindings for name, item in self.locked.items()})

    def resolutions(self) -> Iterator[tuple[tuple[str, ...], Resolution]]:
        """What the resolver says, with the environments for which it says so."""
        groups: list[tuple[list[str], Resolution]] = []
        for environment, item in self.fresh.items():
            resolution = item.connections.resolution or Resolution((), (), ())
            same = next((names for names, known in groups if known == resolution), None)
            if same is None:
                groups.append(([environment], resolution))
            else:
                same.append(environment)
        for names, resolution in groups:
            yield tuple(names), resolution

    def kept(self) -> Iterator[tuple[LockedBinding, str]]:
        """The bindings that stay as the lock says, though the resolver would choose something else today."""
        seen: set[str] = set()
        for environment, item in self.locked.items():
            today: dict[tuple[str, str], list[str]] = {}
            for binding in self.fresh[environment].connections.bindings:
                today.setdefault((binding.step, binding.port), []).append(binding.source)
            for binding in item.connections.bindings:
                others = today.get((binding.step, binding.port), [])
                if binding.source not in others and binding.text not in seen:
                    seen.add(binding.text)
                    yield binding, ", ".join(others) or "nothing"


def resolve(project: Project, name: str, environments: Sequence[str], lock: WiringLock) -> PipelineResolution:
    """Resolves one pipeline. Raises FindingsError where its function cannot be loaded or raises."""
    none = WiringLock()
    fresh = {item: resolve_pipeline(project, name, item, lock=none) for item in environments}
    if not any(lock.pins(name, item) for item in environments):
        return PipelineResolution(name, fresh, fresh)
    return PipelineResolution(
        name, {item: resolve_pipeline(project, name, item, lock=lock) for item in environments}, fresh
    )


def table(item: PipelineResolution, *, evidence: bool) -> str:
    """What is bound to the AUTO ports of a pipeline, and what the lock keeps."""
    parts: list[str] = []
    for environments, resolution in item.resolutions():
        title = f"{item.name} ({', '.join(environments)})"
        if not (resolution.bindings or resolution.ambiguities or resolution.open_ports):
            parts.append(f"{title}\nno port is AUTO\n")
            continue
        parts.append(f"{title}\n\n{explain(resolution, evidence=evidence)}")
    kept = [f"{binding.text}  (today it would be {today})" for binding, today in item.kept()]
    if kept:
        parts.append(f"Kept by {LOCK_FILE}:\n" + "".join(f"  {line}\n" for line in kept))
    return "\n".join(parts)


def as_json(items: Iterable[PipelineResolution]) -> JsonObject:
    """All resolutions as data: for each pipeline and group of environments the ports with their evidence."""
    return {
        "pipelines": [
            {"pipeline": item.name, "environments": list(environments), **resolution_json(resolution)}
            for item in items
            for environments, resolution in item.resolutions()
        ]
    }


def lock_changes(lock: WiringLock, wanted: WiringLock) -> tuple[Finding, ...]:
    """SMG218 for every line that the lock lacks or has too much."""
    old = {binding.text: binding for binding in lock.bindings}
    new = {binding.text: binding for binding in wanted.bindings}
    fix = "run 'smgen resolve --lock', read what changes, and commit it"
    lacking = [
        Finding("SMG218", f"{LOCK_FILE} lacks a line", Place(file=LOCK_FILE), expected=text, fix=fix)
        for text in sorted(new.keys() - old.keys())
    ]
    left = [
        Finding(
            "SMG218",
            f"{LOCK_FILE} has a line that no AUTO port needs",
            Place(file=LOCK_FILE, line=old[text].line),
            given=text,
            fix=fix,
        )
        for text in sorted(old.keys() - new.keys())
    ]
    return (*lacking, *left)


@dataclass(frozen=True)
class ProjectResolution:
    """Pipelines of a project, and what is wrong with any of them.

    ``used`` is the lock that was followed, ``lock`` is the one that is there, and ``wanted`` what it would say.
    ``is_complete`` says that none of the pipelines is missing.
    """

    items: tuple[PipelineResolution, ...]
    findings: tuple[Finding, ...]
    used: WiringLock
    lock: WiringLock
    wanted: WiringLock
    is_complete: bool

    @cached_property
    def changes(self) -> tuple[Finding, ...]:
        """SMG218 for every line that the lock lacks or has too much."""
        return lock_changes(self.lock, self.wanted)


def resolve_all(
    project: Project, targets: Iterable[tuple[str, str]], lock: WiringLock, *, update: bool, every: bool
) -> ProjectResolution:
    """Every pipeline for the environments that it is named with.

    With ``update`` the lock is not followed; with ``every`` the lines of other pipelines leave it, since the project
    lists them no more.
    """
    environments: dict[str, list[str]] = {}
    for name, environment in targets:
        environments.setdefault(name, []).append(environment)
    used = WiringLock() if update else lock
    items: list[PipelineResolution] = []
    findings: list[Finding] = []
    for name, own in environments.items():
        try:
            item = resolve(project, name, own, used)
        except FindingsError as error:
            findings += error.findings
            continue
        items.append(item)
        findings += item.findings
    built = [one.compiled for item in items for one in item.locked.values() if one.compiled is not None]
    findings += NeighbourPackages(project).stale_findings(built)
    wanted = lock
    for item in items:
        wanted = wanted.replaced(item.name, item.bindings)
    if every:
        wanted = WiringLock(tuple(binding for binding in wanted.bindings if binding.pipeline in environments))
    complete = len(items) == len(environments)
    return ProjectResolution(tuple(items), tuple(dict.fromkeys(findings)), used, lock, wanted, complete)
