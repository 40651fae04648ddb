"""What is bound to the ports of a step, checked against its contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from smgen.authoring.arguments import port_in_words
from smgen.authoring.builders import Binding, Reference
from smgen.authoring.misuse import short, shown
from smgen.authoring.proxies import StepOutputProxy, output_attributes
from smgen.authoring.references import Artifact, Auto, Output, is_external, is_output
from smgen.authoring.step_handles import StepHandle
from smgen.authoring.variables import is_variable
from smgen.building.connections import Connections, UnboundPort
from smgen.building.content import AddedStep, AutoReference
from smgen.contract_model import (
    PORT_ATTRIBUTES,
    SCALAR_TYPES,
    DependencySpec,
    Value,
    is_derived_tuning,
    python_identifier,
)
from smgen.diagnostics import Finding, Place

_MOST_CANDIDATES = 3


def bound_references(
    step: StepHandle, ports: Mapping[str, Binding], steps: Sequence[AddedStep], connections: Connections
) -> tuple[dict[str, tuple[Reference, ...]], tuple[Finding, ...]]:
    """The references of each port in the contract's order, and what is wrong with them.

    ``steps`` are all steps of the pipeline, among which candidates are named; ``connections`` says what became of its
    AUTO ports.
    """
    connected = connections.bound.get(step, {})
    empty = connections.unbound.get(step, {})
    bound: dict[str, tuple[Reference, ...]] = {}
    findings: list[Finding] = []
    for name, port in step.contract.input_ports.items():
        spec = port.dependency_spec
        given = ports.get(name)
        checked = _Port(step, spec, replace(step.place_of(name), step=step.name, port=name), steps)
        if isinstance(given, Auto):
            bound[name] = checked.connected(connected.get(name, ()), empty.get(name))
        else:
            bound[name] = tuple(checked.references(given))
        findings += checked.findings
    return bound, tuple(findings)


class _Port:
    """One port while its binding is checked."""

    def __init__(self, step: StepHandle, spec: DependencySpec, place: Place, steps: Sequence[AddedStep]) -> None:
        self.step = step
        self.spec = spec
        self.place = place
        self.steps = steps
        self.findings: list[Finding] = []

    def connected(self, found: Sequence[AutoReference], empty: UnboundPort | None) -> tuple[Reference, ...]:
        """What an AUTO port was bound to; SMG201 for a required one that stays empty."""
        if not found and empty is not None and self.spec.required:
            self.unresolved(empty)
        return tuple(one.reference for one in found)

    def references(self, given: Reference | Sequence[Reference] | None) -> Iterator[Reference]:
        spec = self.spec
        if isinstance(given, (list, tuple)):
            if not spec.many:
                fix = "pass it without the list" if len(given) == 1 else "pass one reference"
                self.wrong(f"a list of {len(given)} item{'' if len(given) == 1 else 's'}", self.expected, fix)
                return
            items: Sequence[object] = given
        else:
            items = () if given is None else (given,)
        if not items and spec.required:
            fix = self.advice(f"pass {self.argument}=…, {self.noun} of that type")
            self.add("SMG205", f"the required port '{spec.logical_name}' is not bound", None, self.expected, fix)
        for item in items:
            reference = self.checked(item)
            if reference is not None:
                yield reference

    def checked(self, item: object) -> Reference | None:
        """The item if it may be bound here; None after a finding."""
        scalar = self.spec.dependency_type in SCALAR_TYPES
        if is_output(item) and not scalar:
            return item if self.has_type(item) else None
        if is_external(item) and not scalar:
            return item
        if is_variable(item) and scalar:
            if item.__smgen_type__ == self.spec.dependency_type:
                return item
            self.wrong(repr(item), self.expected, self.advice("pass a variable of that type"))
            return None
        if isinstance(item, StepOutputProxy):
            whole = f'the whole step "{item.__smgen_step__.name}"'
            self.wrong(whole, self.expected, self.advice("pass an output of that type"))
        elif not scalar and (isinstance(item, str) or _is_text_from_outside(item)):
            given = f"the text {short(item)}" if isinstance(item, str) else short(item)
            self.wrong(given, self.expected, "write External(…) to say that a plain location is meant")
        else:
            self.wrong(shown(item), self.expected, self.advice(f"pass {self.noun} of that type"))
        return None

    def has_type(self, output: Output[Artifact]) -> bool:
        given = [base.__name__ for base in output.__smgen_artifact__.__mro__]
        if self.spec.dependency_type in given:
            return True
        origin = output.__smgen_origin__
        self.findings.append(
            Finding(
                "SMG204",
                f"the port '{self.spec.logical_name}' was given another kind of artifact",
                self.place,
                given=f"{given[0]}: {origin.title}",
                given_at=origin.place,
                expected=f"{self.expected} (contract {self.step.contract.name} {self.step.contract.version})",
                fix=self.advice("pass an output of that type"),
            )
        )
        return False

    @property
    def argument(self) -> str:
        """The argument of the builder that the port is."""
        return python_identifier(self.spec.logical_name, PORT_ATTRIBUTES)

    @property
    def expected(self) -> str:
        """What the port takes, in words."""
        return port_in_words(self.spec)

    @property
    def noun(self) -> str:
        """What steps have that may be passed."""
        return "a variable" if self.spec.dependency_type in SCALAR_TYPES else "an output"

    def candidates(self) -> list[str]:
        """Outputs and report files of steps before this one that fit the port and can be read here, at most three."""
        found: list[str] = []
        for added in self.steps:
            handle = added.handle
            if handle is self.step:
                break
            if not self.step.scope.sees(handle.scope):
                continue
            for name in output_attributes(handle.contract):
                if self.artifact_fits(added, name):
                    of_job = "best." if is_derived_tuning(handle.contract) else ""
                    found.append(f"{handle.name}.{of_job}{name}")
        return found[:_MOST_CANDIDATES]

    def artifact_fits(self, added: AddedStep, attribute: str) -> bool:
        # Only the type of the output is asked for, and composing its value might report what nobody reads.
        proxy = added.builder.__smgen_proxy__(replace(added.handle, composed=_nothing))
        value = proxy.__smgen_read__(attribute)
        if is_output(value):
            return self.spec.dependency_type in [base.__name__ for base in value.__smgen_artifact__.__mro__]
        return is_variable(value) and value.__smgen_type__ == self.spec.dependency_type

    def advice(self, words: str) -> str:
        """The words, and the outputs of which they speak where there are some."""
        found = self.candidates()
        return f"{words}: {', '.join(found)}" if found else words

    def unresolved(self, empty: UnboundPort) -> None:
        """SMG201 with the outputs that come near, or else with those of the port's type."""
        found = empty.candidates or tuple(self.candidates())
        outside = "pass a variable" if self.spec.dependency_type in SCALAR_TYPES else "pass External(location)"
        self.add(
            "SMG201",
            f"the port '{self.spec.logical_name}' is AUTO, and no output is certain to be meant: {empty.reason}",
            "; ".join(empty.evidence) or None,
            self.expected,
            f"write {self.argument}=… with {found[0]} if that is meant"
            if len(found) == 1
            else f"write {self.argument}=… with {'those' if self.spec.many else 'one'} of: {', '.join(found)}"
            if found
            else f"add a step that makes it, or {outside}",
        )

    def wrong(self, given: str, expected: str, fix: str) -> None:
        self.add(
            "SMG204",
            f"the port '{self.spec.logical_name}' was given something that it does not take",
            given,
            expected,
            fix,
        )

    def add(self, rule: str, message: str, given: str | None, expected: str, fix: str) -> None:
        self.findings.append(Finding(rule, message, self.place, given=given, expected=expected, fix=fix))


def _is_text_from_outside(item: object) -> bool:
    """Whether a variable may be meant as a location: one that no step gives."""
    return (
        is_variable(item)
        and item.__smgen_type__ == "String"
        and all(origin.kind != "step" for origin in item.__smgen_origins__)
    )


def _nothing(value: Value) -> None:
    """Instead of composing a value."""
