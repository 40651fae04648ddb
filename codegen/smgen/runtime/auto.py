"""Binds the AUTO ports of a pipeline: by the lock where it has them, otherwise by the resolver, and never silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from smgen.contracts import (
    SCALAR_TYPES,
    ArtifactType,
    ArtifactTypes,
    StepContract,
    Value,
    is_derived_tuning,
    python_identifier,
)
from smgen.definition import AutoBinding
from smgen.diagnostics import Finding, Place
from smgen.runtime.builders import Reference
from smgen.runtime.content import (
    Added,
    AddedCleanup,
    AddedCondition,
    AddedFail,
    AddedForEach,
    AddedRaw,
    AddedStep,
    AutoReference,
    PipelineContent,
    placed,
)
from smgen.runtime.misuse import items_of
from smgen.runtime.origins import Origin, Scope
from smgen.runtime.proxies import StepHandle
from smgen.runtime.references import Artifact, Auto, bound_items, is_external, is_output
from smgen.runtime.reports import ReportFile
from smgen.runtime.variables import Variable, is_variable
from smgen.wiring import (
    LOCK_FILE,
    Ambiguity,
    Candidate,
    Given,
    LockedBinding,
    OpenPort,
    Pins,
    Resolution,
    Step,
    UnifiedDependencyResolver,
    knots,
)


@dataclass(frozen=True)
class UnboundPort:
    """An AUTO port that stays empty: why, and the outputs (``Step.attribute``, at most three) that come near."""

    reason: str
    candidates: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Connections:
    """What became of the AUTO ports of the steps, by step and by the contract's name of the port.

    ``resolution`` is what the resolver said of the ports that the lock does not bind, None where there was none.
    ``unlocked`` are the bindings that the lock does not hold, ``stale`` the lines of it that hold no longer, with the
    reason.
    """

    bound: Mapping[StepHandle, Mapping[str, tuple[AutoReference, ...]]] = field(
        default_factory=dict[StepHandle, Mapping[str, tuple[AutoReference, ...]]]
    )
    unbound: Mapping[StepHandle, Mapping[str, UnboundPort]] = field(
        default_factory=dict[StepHandle, Mapping[str, UnboundPort]]
    )
    resolution: Resolution | None = None
    bindings: tuple[LockedBinding, ...] = ()
    unlocked: tuple[LockedBinding, ...] = ()
    stale: tuple[tuple[LockedBinding, str], ...] = ()


def connect(content: PipelineContent, added: Sequence[Added]) -> Connections:
    """Binds every AUTO port of the steps; ``added`` are all steps of the pipeline, in order.

    Steps that were connected before (``auto_connect``) keep what they were bound to.
    """
    steps = [item for item in added if isinstance(item, AddedStep)]
    if not any(_auto_ports(step) for step in steps):
        return Connections()
    if len({step.handle.name for step in steps}) < len(steps):
        # Reported as SMG200; which of two steps of one name is meant, nobody knows.
        return Connections()
    return _Connecting(content, added, steps).connections()


def lock_findings(connections: Connections, pins: Pins, steps: Iterable[AddedStep]) -> Iterator[Finding]:
    """SMG218 for every AUTO port whose binding is not that of the lock."""
    handles = {step.handle.name: step.handle for step in steps}
    reasons = {(line.step, line.port): reason for line, reason in connections.stale}
    unlocked: dict[tuple[str, str], list[LockedBinding]] = {}
    for binding in connections.unlocked:
        unlocked.setdefault((binding.step, binding.port), []).append(binding)
    for step, port in dict.fromkeys((*reasons, *unlocked)):
        now = [item for item in connections.bindings if (item.step, item.port) == (step, port)]
        given = ", ".join(binding.source for binding in now) or "nothing"
        place = replace(handles[step].place, step=step, port=port)
        lines = pins.get((step, port), ())
        if lines:
            reason = reasons.get((step, port))
            why = f": {reason}" if reason else ""
            message = f"the port '{port}' is AUTO and is not bound as {LOCK_FILE} says{why}"
            expected, at = ", ".join(line.source for line in lines), Place(file=LOCK_FILE, line=lines[0].line)
        else:
            message = f"the port '{port}' is AUTO, and {LOCK_FILE} has no line for it"
            expected, at = now[0].text, None
        fix = "run 'smgen resolve --lock', read what changes, and commit it"
        yield Finding("SMG218", message, place, given=given, expected=expected, expected_at=at, fix=fix)


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
            ports = [port for port in _auto_ports(step) if port not in self.bound[step.handle]]
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
            Step(name, added.handle.contract, scope=_scope_path(added.handle.scope, labels))
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
        return cast("Reference", proxy.__smgen_read__(_attribute_name(output, file)))

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


def output_types(added: AddedStep, output: str, file: str | None = None) -> tuple[str, ...]:
    """The type of a step's output and those that it is a kind of, nearest first; a scalar type alone."""
    # Only the type is asked for, and composing the value might report what nobody reads.
    proxy = added.builder.__smgen_proxy__(replace(added.handle, composed=_nothing))
    value = proxy.__smgen_read__(_attribute_name(output, file))
    if is_output(value):
        return _names(value.__smgen_artifact__)
    return (value.__smgen_type__,) if is_variable(value) else ()


def _names(artifact: type[Artifact]) -> tuple[str, ...]:
    """The names of an artifact class and of its bases, without the root of all of them."""
    return tuple(base.__name__ for base in artifact.__mro__ if issubclass(base, Artifact) and base is not Artifact)


def _outputs(added: AddedStep) -> Iterator[tuple[str, str | None]]:
    for name, port in added.handle.contract.output_ports.items():
        yield name, None
        for file in port.output_spec.files:
            yield name, file.name


def _auto_ports(step: AddedStep) -> list[str]:
    """The ports of a step that are AUTO, in the contract's order."""
    ports = step.builder.__smgen_ports__
    return [name for name in step.handle.contract.input_ports if isinstance(ports.get(name), Auto)]


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


def origins_in(value: object) -> Iterator[Origin]:
    """Where the references in a value come from, whatever holds them."""
    if is_output(value):
        yield value.__smgen_origin__
    elif is_external(value):
        yield from origins_in(value.__smgen_location__)
    elif isinstance(value, Variable):
        yield from cast("Variable[object]", value).__smgen_origins__
    elif isinstance(value, Mapping):
        yield from origins_in([*cast("Mapping[object, object]", value).values()])
    else:
        for item in items_of(value) or ():
            yield from origins_in(item)


def direct_waits(added: Sequence[Added]) -> dict[str, set[str]]:
    """For each step, of whatever kind, those that it waits for by what is written about it."""
    conditions = {id(item.place): item.name for item in added if isinstance(item, AddedCondition)}
    loops = {id(item.place): item.name for item in added if isinstance(item, AddedForEach)}
    written = {placed(item)[1]: _written_waits(item, conditions) for item in added}
    waits = {name: set(names) for name, names in written.items()}
    for item in added:
        scope, name, _ = placed(item)
        loop = None if scope.loop is None else loops.get(id(scope.loop))
        if loop is not None:
            # A loop starts before the steps in its body and ends after them.
            waits[name] |= written[loop]
            waits[loop].add(name)
    return waits


def _written_waits(item: Added, conditions: Mapping[int, str]) -> set[str]:
    scope, own, _ = placed(item)
    origins = [*_read_origins(item), *(() if isinstance(item, AddedRaw) else (waited.origin for waited in item.after))]
    waits = {origin.name for origin in origins if origin.kind == "step"}
    waits |= {origin.iteration.loop.name for origin in origins if origin.iteration is not None}
    if isinstance(item, AddedStep) and item.adopted is not None:
        waits.update(item.adopted.waits)
    if scope.condition is not None and id(scope.condition) in conditions:
        waits.add(conditions[id(scope.condition)])
    return waits - {own}


def _read_origins(item: Added) -> Iterator[Origin]:
    """Where that comes from which a step reads."""
    if isinstance(item, AddedStep):
        for values in (
            item.builder.__smgen_ports__,
            item.builder.__smgen_locations__,
            vars(item.builder.__smgen_config__),
        ):
            yield from origins_in(dict(values))
    elif isinstance(item, AddedCondition):
        for condition in item.conditions:
            yield from condition.__smgen_origins__
    elif isinstance(item, AddedFail):
        yield from origins_in(item.message)
    elif isinstance(item, AddedForEach):
        yield from item.items.origins
    elif isinstance(item, AddedCleanup):
        yield from (source.step for source in item.sources)


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


def output_attribute(contract: StepContract, output: str, file: str | None) -> str:
    """What is written behind a step's variable for one of its outputs; of a tuning step its best job has them."""
    of_job = "best." if is_derived_tuning(contract) else ""
    return of_job + _attribute_name(output, file)


def _attribute_name(output: str, file: str | None) -> str:
    return python_identifier(file or output)


def _nothing(value: Value) -> None:
    """Instead of composing a value."""
