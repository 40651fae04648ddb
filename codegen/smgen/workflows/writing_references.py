"""Writes what the AUTO ports of pipelines are bound to into their modules: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from smgen.contract_model import PORT_ATTRIBUTES, python_identifier
from smgen.definition import Definition, compare
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import JsonValue, provisional_files, read_regular
from smgen.runtime import (
    Connections,
    Project,
    StepHandle,
    compile_pipeline,
    output_attribute,
    resolve_pipeline,
)
from smgen.source import (
    AutoEdit,
    AutoSource,
    ModuleFile,
    RewrittenModule,
    WrittenReference,
    WrittenStep,
    read_module,
    write_references,
)
from smgen.wiring import WiringLock
from smgen.workflows.resolving import PipelineResolution

_RULE = "SMG224"


@dataclass(frozen=True)
class WrittenReferences:
    """What was written, by module (its path in the project); nothing where there are findings."""

    references: Mapping[str, tuple[WrittenReference, ...]] = field(
        default_factory=dict[str, tuple[WrittenReference, ...]]
    )
    findings: tuple[Finding, ...] = ()

    def lines(self) -> Iterator[str]:
        """Each port with the line that it now stands on: ``pipeline.py:42  Train.model = training.model_artifacts``."""
        for file, references in self.references.items():
            for item in references:
                ports = ", ".join(f"{step}.{item.port}" for step in item.steps)
                yield f"{file}:{item.line}  {ports} = {item.expression}"

    def as_json(self) -> JsonValue:
        """The same as data."""
        return [
            {
                "file": file,
                "line": item.line,
                "steps": list(item.steps),
                "port": item.port,
                "expression": item.expression,
            }
            for file, references in self.references.items()
            for item in references
        ]


def write_all(project: Project, items: Sequence[PipelineResolution], lock: WiringLock) -> WrittenReferences:
    """Writes out every AUTO port of resolved pipelines that is bound.

    A module is one for all environments and for all pipelines that use it, so those that were not asked for are
    looked at, too. After writing, the pipelines are built again: if one of them is another than before, or cannot be
    built, the modules are put back and the finding says so.
    """
    facts = _Facts(project.root.resolve())
    try:
        before = _built(project, items, lock, facts)
    except FindingsError as error:
        return WrittenReferences(findings=error.findings)
    before |= _neighbours(facts, project, [item.name for item in items], lock)
    modules, findings = _rewritten(facts)
    if findings or not modules:
        return WrittenReferences(findings=tuple(findings))
    new = {path: module.file.encoded(module.new.text) for path, module in modules.items()}
    try:
        with provisional_files(facts.root, new):
            changed = tuple(_changes(project, before, lock))
            if changed:
                raise FindingsError(changed)
    except FindingsError as error:
        return WrittenReferences(findings=error.findings)
    return WrittenReferences({module.shown: module.new.references for module in modules.values()})


def _built(
    project: Project, items: Sequence[PipelineResolution], lock: WiringLock, facts: _Facts
) -> dict[tuple[str, str], Definition]:
    """What the pipelines compile to in each of their environments, as far as they do; the facts get their ports.

    Raises FindingsError where one cannot be loaded.
    """
    definitions: dict[tuple[str, str], Definition] = {}
    findings: list[Finding] = []
    for item in items:
        builds = dict(item.locked)
        for environment in project.environments_of(item.name):
            if environment not in builds:
                try:
                    builds[environment] = resolve_pipeline(project, item.name, environment, lock=lock)
                except FindingsError as error:
                    findings += error.findings
        for environment, build in builds.items():
            facts.add(f"{item.name} for {environment}", build.connections)
            if build.compiled is not None:
                definitions[item.name, environment] = build.compiled.definition
    if findings:
        raise FindingsError(findings)
    return definitions


@dataclass
class _Facts:
    """The AUTO ports of all builds, and the steps among which their producers are."""

    root: Path
    edits: list[AutoEdit] = field(default_factory=list[AutoEdit])
    steps: list[WrittenStep] = field(default_factory=list[WrittenStep])

    def add(self, build: str, connections: Connections, *, only: Iterable[tuple[str, int, str]] | None = None) -> None:
        """The ports of one build; with ``only`` those at these places (file, line, port)."""
        places = None if only is None else set(only)
        steps = {handle.name: self._step(build, handle) for handle in connections.bound}
        contracts = {handle.name: handle.contract for handle in connections.bound}
        self.steps += steps.values()
        for handle, ports in connections.bound.items():
            for port, references in ports.items():
                spec = contracts[handle.name].input_ports[port].dependency_spec
                sources = [
                    AutoSource(
                        steps[one.binding.step],
                        output_attribute(contracts[one.binding.step], one.binding.output, one.binding.file),
                    )
                    for one in references
                ]
                step = steps[handle.name]
                name = python_identifier(spec.logical_name, PORT_ATTRIBUTES)
                if sources and (places is None or (step.file, step.line, name) in places):
                    self.edits.append(AutoEdit(step, name, tuple(sources), spec.many))

    def _step(self, build: str, handle: StepHandle) -> WrittenStep:
        return WrittenStep(build, handle.name, handle.place.file or "", handle.place.line or 0)


@dataclass(frozen=True)
class _Module:
    """A module that changes: its path in messages, the file as it was, and what became of it."""

    shown: str
    file: ModuleFile
    new: RewrittenModule


def _neighbours(
    facts: _Facts, project: Project, names: Sequence[str], lock: WiringLock
) -> dict[tuple[str, str], Definition]:
    """The other pipelines as they are.

    Their steps become known, and those of their AUTO ports that stand where one is to be written out.
    """
    places = {(edit.step.file, edit.step.line, edit.port) for edit in facts.edits}
    found: dict[tuple[str, str], Definition] = {}
    for name in project.pipelines if places else ():
        for environment in project.environments_of(name) if name not in names else ():
            try:
                build = resolve_pipeline(project, name, environment, lock=lock)
            except FindingsError:
                # It cannot be built as it is, so it has nothing to lose.
                continue
            facts.add(f"{name} for {environment}", build.connections, only=places)
            if build.compiled is not None:
                found[name, environment] = build.compiled.definition
    return found


def _rewritten(facts: _Facts) -> tuple[dict[str, _Module], list[Finding]]:
    """The modules with their ports written out, by their paths in the project, and what cannot be written."""
    modules: dict[str, _Module] = {}
    findings: list[Finding] = []
    for shown in dict.fromkeys(edit.step.file for edit in facts.edits):
        # A file that is a link stays one.
        path = (Path.cwd() / shown).resolve()
        if facts.root not in path.parents or "site-packages" in path.parts:
            findings.append(_outside(next(edit for edit in facts.edits if edit.step.file == shown)))
            continue
        try:
            file = read_module(read_regular(path), shown)
        except FindingsError as error:
            findings += error.findings
            continue
        new = write_references(file.text, shown, facts.edits, facts.steps)
        findings += new.findings
        modules[path.relative_to(facts.root).as_posix()] = _Module(shown, file, new)
    return modules, findings


def _outside(edit: AutoEdit) -> Finding:
    place = Place(file=edit.step.file, line=edit.step.line, step=edit.step.step, port=edit.port)
    message = "the module lies outside of the project, where nothing is written"
    return Finding(_RULE, message, place, fix=f"write {edit.port}=… there, or add the step in the project")


def _changes(project: Project, before: Mapping[tuple[str, str], Definition], lock: WiringLock) -> Iterator[Finding]:
    """SMG224 for each pipeline that is no longer what it was."""
    for (name, environment), old in before.items():
        place = project.pipeline(name).place
        message = f"written out, {name} for {environment} would not be the same pipeline; the modules are as they were"
        fix = "write the ports by hand, and say to smgen's authors what the module looks like"
        try:
            new = compile_pipeline(project, name, environment, lock=lock).definition
        except FindingsError as error:
            yield Finding(_RULE, message, place, given=error.findings[0].message, fix=fix)
            continue
        if new.document != old.document:
            pointers = [item.pointer for item in compare(old, new, normalisations=()).differences]
            yield Finding(_RULE, message, place, given=", ".join(pointers[:3]) or None, fix=fix)
