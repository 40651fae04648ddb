"""Binds the AUTO ports of a pipeline: by the lock where it has them, otherwise by the resolver, and never silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from smgen.authoring.builders import Reference
from smgen.authoring.origins import Scope
from smgen.authoring.references import Artifact, bound_items
from smgen.authoring.reports import ReportFile
from smgen.authoring.step_handles import StepHandle
from smgen.building.connections import Connections, UnboundPort, auto_ports
from smgen.building.content import Added, AddedStep, AutoReference, PipelineContent
from smgen.building.output_types import attribute_name, output_attribute, output_types
from smgen.building.waiting import direct_waits, origins_in
from smgen.contract_model import SCALAR_TYPES, ArtifactType, ArtifactTypes
from smgen.definition import AutoBinding
from smgen.wiring import (
    LOCK_FILE,
    Ambiguity,
    Candidate,
    Given,
    LockedBinding,
    OpenPort,
    Resolution,
    UnifiedDependencyResolver,
    WiredStep,
    knots,
)


def bind_auto_ports(content: PipelineContent, added: Sequence[Added], steps: Sequence[AddedStep]) -> Connections:
    """Binds every AUTO port of ``steps``, which are those of all ``added`` that have a contract."""
    return _Connecting(content, added, steps).connections()


class _Connecting:
    """One binding of all AUTO ports."""

    def __init__(self, content: PipelineContent, added: Sequence[Added], steps: Sequence[AddedStep]) -> None:
        self.content = content
        self.steps = {step.handle.name: step for step in steps}
        self.before = direct_waits(added)
        self.bound: dict[StepHandle, dict[str, tuple[AutoReference, ...]]] = {
            step.handle: dict(content.connected.get(step.handle, {})) for step in steps
        }
        self.offers = _Offers()
        self.stale: list[tuple[LockedBinding, str]] = []

    def connections(self) -> Connections:
        for handle, ports in self.bound.items():
            for references in ports.values():
                self._wait(handle, references)
        pinned = {
            (step, port): references
            for step, ports in self._asked().items()
            for port in ports
            if (references := self._pinned(self.steps[step], port))
        }
        self._take_pins(pinned)
        asked = self._asked()
        resolution = self._resolve(asked) if asked else None
        unbound: dict[StepHandle, dict[str, UnboundPort]] = {}
        if resolution is not None:
            self._take(resolution)
            items: list[Ambiguity | OpenPort] = [*resolution.ambiguities, *resolution.open_ports]
            for item in items:
                empty = unbound.setdefault(self.steps[item.step].handle, {})
                empty[item.port.logical_name] = self._unbound(item)
        bindings = tuple(
            self._locked(handle.name, port, one.binding)
            for handle, found in self.bound.items()
            for port, references in found.items()
            for one in references
        )
        unlocked = tuple(binding for binding in bindings if not self._is_locked(binding))
        return Connections(self.bound, unbound, resolution, bindings, unlocked, tuple(self.stale))

    def _is_locked(self, binding: LockedBinding) -> bool:
        lines = self.content.pins.get((binding.step, binding.port), ())
        return any(line.source == binding.source for line in lines)

    def _asked(self) -> dict[str, list[str]]:
        """The AUTO ports that are not bound yet, by step."""
        asked: dict[str, list[str]] = {}
        for name, step in self.steps.items():
            ports = [port for port in auto_ports(step) if port not in self.bound[step.handle]]
            if ports:
                asked[name] = ports
        return asked

    def _wait(self, handle: StepHandle, references: Iterable[AutoReference]) -> None:
        self.before.setdefault(handle.name, set()).update(one.binding.step for one in references)

    def _locked(self, step: str, port: str, binding: AutoBinding) -> LockedBinding:
        return LockedBinding(self.content.name, step, port, binding.step, binding.output, binding.file)

    # By the lock ---------------------------------------------------------------------------------------------------

    def _pinned(self, step: AddedStep, port: str) -> tuple[AutoReference, ...]:
        """What the lock binds a port to; nothing where it has no line for it, or one that cannot be followed."""
        lines = self.content.pins.get((step.handle.name, port), ())
        references: list[AutoReference] = []
        problems = list(self._problems_of_lines(step, port, lines, references))
        self.stale += problems
        return () if problems else tuple(references)

    def _take_pins(self, pinned: Mapping[tuple[str, str], tuple[AutoReference, ...]]) -> None:
        """Binds ports as the lock says, but for those that would make steps wait for each other."""
        for (step, _), references in pinned.items():
            self._wait(self.steps[step].handle, references)
        groups = knots((first, step) for step, waits in self.before.items() for first in waits)
        knot = {name: number for number, group in enumerate(groups) for name in group}
        for (step, port), references in pinned.items():
            sources = [one.binding.step for one in references]
            around = [source for source in sources if source in knot and knot[source] == knot.get(step)]
            if around:
                line = self.content.pins[step, port][0]
                self.stale.append((line, f"{around[0]} waits for {step}"))
                self.before[step] -= set(around)
            else:
                self.bound[self.steps[step].handle][port] = references

    def _problems_of_lines(
        self, step: AddedStep, port: str, lines: Sequence[LockedBinding], references: list[AutoReference]
    ) -> Iterator[tuple[LockedBinding, str]]:
        spec = step.handle.contract.input_ports[port].dependency_spec
        if len({line.source for line in lines}) > 1 and not spec.many:
            yield lines[-1], "two lines bind one port"
        for line in lines:
            problem = self._problem(step, spec.dependency_type, line)
            if problem is not None:
                yield line, problem
            else:
                reference = self._reference(line.source_step, line.output, line.file)
                evidence = (f"{LOCK_FILE} says so",)
                references.append(
                    AutoReference(reference, AutoBinding(line.source_step, line.output, line.file, evidence))
                )

    def _problem(self, step: AddedStep, wanted: str, line: LockedBinding) -> str | None:
        """Why a line of the lock cannot be followed."""
        source = self.steps.get(line.source_step)
        if source is None:
            return f"there is no step {line.source_step}"
        output = source.handle.contract.output_ports.get(line.output)
        files = () if output is None else tuple(file.name for file in output.output_spec.files)
        if output is None or (line.file is not None and line.file not in files):
            return f"there is no output {line.source}"
        if not step.handle.scope.sees(source.handle.scope):
            return f"{line.source_step} stands in {source.handle.scope.title}"
        if wanted not in self.offers.types(source, line.output, line.file):
            return f"{line.source} is no {wanted}"
        return f"{line.source_step} is the step itself" if source is step else None

    # By the resolver -----------------------------------------------------------------------------------------------

    def _resolve(self, asked: Mapping[str, Sequence[str]]) -> Resolution:
        labels: dict[Scope, str] = {}
        steps = [
            WiredStep(name, added.handle.contract, scope=_scope_path(added.handle.scope, labels))
            for name, added in self.steps.items()
        ]
        resolver = UnifiedDependencyResolver(self.offers.hierarchy(self.steps.values()))
        waits = [
            (first, name) for name in self.steps for first in sorted(_through(name, self.before, self.steps.keys()))
        ]
        return resolver.resolve(steps, None, given=list(self._given()), waits=waits, ports=asked)

    def _given(self) -> Iterator[Given]:
        """What the author, the lock and earlier calls bound."""
        for name, added in self.steps.items():
            for port, bound in added.builder.__smgen_ports__.items():
                for reference in bound_items(bound):
                    yield _given(name, port, reference)
            for port, found in self.bound[added.handle].items():
                for one in found:
                    yield Given(name, port, one.binding.step, one.binding.output, one.binding.file)

    def _take(self, resolution: Resolution) -> None:
        found: dict[tuple[str, str], list[AutoReference]] = {}
        for binding in resolution.bindings:
            source = binding.source
            output = source.output.logical_name
            evidence = tuple(one.words for one in source.evidence)
            reference = self._reference(source.step, output, source.file)
            one = AutoReference(reference, AutoBinding(source.step, output, source.file, evidence))
            found.setdefault((binding.step, binding.port.logical_name), []).append(one)
        for (step, port), references in found.items():
            self.bound[self.steps[step].handle][port] = tuple(references)

    def _reference(self, step: str, output: str, file: str | None) -> Reference:
        """An output as the author would have written it: the attribute of the step's proxy."""
        added = self.steps[step]
        proxy = added.builder.__smgen_proxy__(added.handle)
        # The class of a contract's proxy has an attribute for each of its outputs, which is one of these.
        return cast("Reference", proxy.__smgen_read__(attribute_name(output, file)))

    def _unbound(self, item: Ambiguity | OpenPort) -> UnboundPort:
        near: tuple[Candidate, ...]
        if isinstance(item, OpenPort):
            near = () if item.suggestion is None else (item.suggestion,)
            reason = item.reason if near else self._in_the_way(item) or item.reason
        else:
            near, reason = item.candidates, item.reason
        written = [self._written(one.step, one.output.logical_name, one.file) for one in near]
        return UnboundPort(
            reason, tuple(written), tuple(f"{name} ({one.reasons})" for name, one in zip(written, near, strict=True))
        )

    def _written(self, step: str, output: str, file: str | None) -> str:
        """An output as the author would write it, ``Step.attribute`` with the step's name for its variable."""
        return f"{step}.{output_attribute(self.steps[step].handle.contract, output, file)}"

    def _in_the_way(self, item: OpenPort) -> str | None:
        """Why an output of the port's type cannot feed it although there is one; None where there is none."""
        consumer = self.steps[item.step]
        for name, added in self.steps.items():
            if added is consumer:
                continue
            for output, file in _outputs(added):
                if item.port.dependency_type not in self.offers.types(added, output, file):
                    continue
                if not consumer.handle.scope.sees(added.handle.scope):
                    return f"{self._written(name, output, file)} stands in {added.handle.scope.title}"
                if self._waits_for(name, item.step):
                    return f"{self._written(name, output, file)} fits, but {name} waits for {item.step}"
        return None

    def _waits_for(self, step: str, other: str) -> bool:
        """Whether a step waits for another one, directly or through others."""
        seen: set[str] = set()
        waiting = [step]
        while waiting:
            name = waiting.pop()
            if name == other:
                return True
            if name not in seen:
                seen.add(name)
                waiting += self.before.get(name, ())
        return False


@dataclass
class _Offers:
    """The artifact types of outputs, asked once for each class of proxy."""

    known: dict[tuple[object, str, str | None], tuple[str, ...]] = field(
        default_factory=dict[tuple[object, str, "str | None"], tuple[str, ...]]
    )

    def types(self, added: AddedStep, output: str, file: str | None) -> tuple[str, ...]:
        """The type of an output and those that it is a kind of, nearest first; a scalar type alone."""
        key = (added.builder.__smgen_proxy__, output, file)
        if key not in self.known:
            self.known[key] = output_types(added, output, file)
        return self.known[key]

    def hierarchy(self, steps: Iterable[AddedStep]) -> ArtifactTypes:
        """The artifact types of all outputs with their parents."""
        types: dict[str, ArtifactType] = {}
        for added in steps:
            for output, file in _outputs(added):
                names = self.types(added, output, file)
                for name, parent in zip(names, (*names[1:], None), strict=True):
                    if name not in SCALAR_TYPES:
                        types.setdefault(name, ArtifactType(name, parent))
        return ArtifactTypes(types)


def _outputs(added: AddedStep) -> Iterator[tuple[str, str | None]]:
    for name, port in added.handle.contract.output_ports.items():
        yield name, None
        for file in port.output_spec.files:
            yield name, file.name


def _given(step: str, port: str, reference: object) -> Given:
    origin = next((one for one in origins_in(reference) if one.kind == "step"), None)
    if origin is None:
        return Given(step, port)
    return Given(step, port, origin.name, origin.output, _file(reference))


def _file(reference: object) -> str | None:
    if not isinstance(reference, ReportFile):
        return None
    # What the file is called does not matter, only that it is another thing than the output in which it lies.
    return cast("ReportFile[Artifact]", reference).__smgen_path__.property_file


def _through(step: str, before: Mapping[str, set[str]], steps: Iterable[str]) -> set[str]:
    """The steps with a contract that a step waits for directly, or through conditions only."""
    known = set(steps)
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(before.get(step, ()))
    while waiting:
        name = waiting.pop()
        if name in known:
            found.add(name)
        elif name not in seen:
            seen.add(name)
            waiting += before.get(name, ())
    return found


def _scope_path(scope: Scope, labels: dict[Scope, str]) -> tuple[str, ...]:
    """The branches around a step, outermost first, each with a name of its own."""
    path = [labels.setdefault(one, f"{len(labels)}") for one in scope.outward() if one.parent is not None]
    return tuple(reversed(path))
