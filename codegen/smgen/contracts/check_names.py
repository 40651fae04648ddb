"""Checks the names of a contract: what they become in generated code, and what they were before."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from smgen.aws.limits import HYPERPARAMETER_KEY_MAX
from smgen.contract_model.artifact_types import ArtifactTypes
from smgen.contract_model.model import InputPort, OutputPort, ParameterSpec, Renaming, ReportNode
from smgen.contract_model.names import (
    CONFIG_ATTRIBUTES,
    PORT_ATTRIBUTES,
    REPORT_ATTRIBUTES,
    module_name,
    python_identifier,
)
from smgen.contract_model.step_contract import StepContract
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, device_name

#: What a container's environment takes as a name (AWS: ProcessingEnvironmentKey, TrainingEnvironmentKey).
_ENVIRONMENT_NAME: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

#: The endings of the classes that are generated for a contract.
GENERATED_CLASSES: Final = ("Config", "Proxy", "StepBuilder")


@dataclass(frozen=True, slots=True)
class _Named:
    """A name of a scope of generated code: what it is, and where it stands in the contract."""

    noun: str
    name: str
    pointer: str
    #: Whether the pointer leads to a member whose key is the name.
    is_key: bool = True


def collision_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG107: names that become one name in a class of the generated code."""
    config = [_Named("setting", item.name, item.pointer) for item in contract.settings.values()]
    config += [_Named("hyperparameter", item.name, item.pointer) for item in contract.hyperparameters.values()]
    config += [_Named("environment variable", item.name, item.pointer) for item in contract.environment.values()]
    yield from _meeting(contract, config, CONFIG_ATTRIBUTES, "the config")
    inputs = [_Named("input", item.name, item.pointer) for item in contract.input_ports.values()]
    inputs += _former((item, item.dependency_spec.renamed_from) for item in contract.input_ports.values())
    yield from _meeting(contract, inputs, PORT_ATTRIBUTES, "the step builder's arguments")
    outputs = [_Named("output", item.name, item.pointer) for item in contract.output_ports.values()]
    outputs += [
        _Named("file", file.name, append_pointer(item.pointer, "files", file.name))
        for item in contract.output_ports.values()
        for file in item.output_spec.files
    ]
    outputs += _former((item, item.output_spec.renamed_from) for item in contract.output_ports.values())
    yield from _meeting(contract, outputs, (), "the proxy")
    for item in contract.output_ports.values():
        for file in item.output_spec.files:
            yield from _report(contract, file.schema, append_pointer(item.pointer, "files", file.name, "schema"))


def _former(renamed: Iterable[tuple[InputPort | OutputPort, Renaming | None]]) -> Iterator[_Named]:
    """The former names of ports that no port has now."""
    ports = list(renamed)
    taken = {port.name for port, _ in ports}
    for port, renaming in ports:
        if renaming is not None and renaming.name not in taken:
            at = append_pointer(port.pointer, "renamed_from", "name")
            yield _Named("former name", renaming.name, at, False)


def _report(contract: StepContract, node: ReportNode, pointer: str) -> Iterator[Finding]:
    at = append_pointer(pointer, "properties")
    names = [_Named("value", name, append_pointer(at, name)) for name, _ in node.members]
    yield from _meeting(contract, names, REPORT_ATTRIBUTES, "the report")
    for name, member in node.members:
        yield from _report(contract, member, append_pointer(at, name))
    if node.element is not None:
        yield from _report(contract, node.element, append_pointer(pointer, "items"))


def _meeting(contract: StepContract, names: list[_Named], reserved: Collection[str], scope: str) -> Iterator[Finding]:
    seen: dict[str, _Named] = {}
    former: dict[str, None] = {}
    for named in names:
        if not named.is_key and named.name in former:
            # Two ports renamed from one name: SMG500 says it better.
            continue
        former |= {} if named.is_key else {named.name: None}
        identifier = python_identifier(named.name, reserved)
        first = seen.setdefault(identifier, named)
        if first is named:
            continue
        yield Finding(
            "SMG107",
            f"the {first.noun} '{first.name}' and the {named.noun} '{named.name}' are both '{identifier}' in {scope}",
            contract.place(named.pointer, key=named.is_key),
            given=named.name,
            expected="a name of its own",
            expected_at=contract.place(first.pointer, key=first.is_key),
            fix="rename one of the two",
        )


def module_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG106: a contract whose module would be a file that no package has on Windows."""
    device = device_name(module_name(contract.name))
    if device is not None:
        yield Finding(
            "SMG106",
            f"the contract {contract.name} becomes a module that Windows takes for the device {device}",
            contract.place("/name"),
            given=contract.name,
            expected="a name that is none of a device",
            fix=f"call it {contract.name}Step",
        )


def class_findings(contract: StepContract, types: ArtifactTypes) -> Iterator[Finding]:
    """SMG107: artifact types that are named like a class generated for the contract."""
    for ending in GENERATED_CLASSES:
        name = f"{contract.name}{ending}"
        if name in types:
            yield Finding(
                "SMG107",
                f"the contract {contract.name} gets a class {name}, and an artifact type has that name",
                contract.place("/name"),
                given=name,
                expected="a name of its own",
                fix="rename the artifact type or the contract",
            )


def parameter_name_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG106: names of hyperparameters and environment variables that a container cannot have."""
    yield from _parameter_names(contract, contract.hyperparameters, "hyperparameter")
    yield from _parameter_names(contract, contract.environment, "environment variable")


def _parameter_names(contract: StepContract, parameters: Mapping[str, ParameterSpec], noun: str) -> Iterator[Finding]:
    for item in parameters.values():
        fits = 0 < len(item.name) <= HYPERPARAMETER_KEY_MAX
        form = f"1 to {HYPERPARAMETER_KEY_MAX} characters"
        if noun == "environment variable":
            fits = fits and _ENVIRONMENT_NAME.fullmatch(item.name) is not None
            form = "letters, digits and underscores, and no digit first"
        if not fits:
            yield Finding(
                "SMG106",
                f"this cannot be the name of a {noun}" if noun[0] != "e" else f"this cannot be the name of an {noun}",
                contract.place(item.pointer, key=True),
                given=item.name,
                expected=form,
            )


def history_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG500: reserved names that are used, and renamings that do not lead from a name that is gone."""
    groups = (
        ("input", {item.name: item.pointer for item in contract.input_ports.values()}),
        ("output", {item.name: item.pointer for item in contract.output_ports.values()}),
        ("setting", {item.name: item.pointer for item in contract.settings.values()}),
    )
    for noun, names in groups:
        for name, pointer in names.items():
            if name in contract.reserved:
                at = contract.reserved.index(name)
                yield Finding(
                    "SMG500",
                    f"the {noun} '{name}' has a name that the contract reserves",
                    contract.place(pointer, key=True),
                    given=name,
                    expected="a name that was never used",
                    expected_at=contract.place(append_pointer("/reserved", at)),
                    fix="give it another name",
                )
    renamings = [
        ("input", item.name, item.pointer, item.dependency_spec.renamed_from) for item in contract.input_ports.values()
    ]
    yield from _renamings(contract, renamings, tuple(contract.input_ports))
    renamings = [
        ("output", item.name, item.pointer, item.output_spec.renamed_from) for item in contract.output_ports.values()
    ]
    yield from _renamings(contract, renamings, tuple(contract.output_ports))


def _renamings(
    contract: StepContract, ports: list[tuple[str, str, str, Renaming | None]], names: tuple[str, ...]
) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for noun, name, pointer, renaming in ports:
        if renaming is None:
            continue
        at = append_pointer(pointer, "renamed_from", "name")
        if renaming.name in names:
            yield Finding(
                "SMG500",
                f"the {noun} '{name}' was renamed from '{renaming.name}', and an {noun} still has that name",
                contract.place(at),
                given=renaming.name,
                expected="a name that is gone",
            )
        first = seen.setdefault(renaming.name, at)
        if first != at:
            yield Finding(
                "SMG500",
                f"two {noun}s were renamed from '{renaming.name}'",
                contract.place(at),
                given=renaming.name,
                expected="one new name for an old one",
                expected_at=contract.place(first),
            )
