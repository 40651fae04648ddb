"""What a contract promises of an adopted step, looked up in the request of the step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from smgen.aws import OUTPUT_PARAMETERS, IndexPart, KeyPart, NamedList, element_of
from smgen.building.step_documents import property_files
from smgen.contract_model import (
    SCALAR_TYPES,
    OutputPort,
    OutputSpec,
    PropertyHole,
    StepContract,
    python_identifier,
    walk,
)
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import JsonObject, objects_at


def promise_findings(document: JsonObject, contract: StepContract, place: Place) -> Iterator[Finding]:
    """SMG230 for what the contract promises and the step does not do."""
    kind = document["Type"]
    if kind != contract.kind:
        yield Finding(
            "SMG230",
            f"the step '{place.step}' is of another kind than contract {contract.name}",
            place,
            given=str(kind),
            expected=contract.kind,
            expected_at=contract.place("/kind"),
            fix=f"adopt it under the proxy of a contract of kind {kind}",
        )
        return
    for port in contract.output_ports.values():
        yield from _output_findings(document, contract, port, place)


def _output_findings(document: JsonObject, contract: StepContract, port: OutputPort, place: Place) -> Iterator[Finding]:
    spec = port.output_spec
    of = contract.step_kind.outputs or OUTPUT_PARAMETERS
    items = objects_at(document, *(() if of.beside else ("Arguments",)), *of.path)
    declared = {str(item.get(of.name)): item.get("OutputType") for item in items}
    at = replace(place, port=spec.logical_name)
    for path in dict.fromkeys(_paths(spec)):
        element = element_of(of.path, path)
        if element is None or (isinstance(element, IndexPart) and element.index < len(items)):
            continue
        name = element.key if isinstance(element, KeyPart) else str(element.index)
        if name not in declared:
            yield _missing(name, list(declared), contract, port, at, of)
        elif of.beside and spec.output_type in SCALAR_TYPES and declared[name] != spec.output_type:
            yield Finding(
                "SMG230",
                f"the output '{name}' of step '{place.step}' has another type than its contract says",
                at,
                given=str(declared[name]),
                expected=spec.output_type,
                expected_at=contract.place(port.pointer),
            )
    yield from _file_findings(document, contract, port, at)


def _file_findings(document: JsonObject, contract: StepContract, port: OutputPort, at: Place) -> Iterator[Finding]:
    """For the report files of an output."""
    for wanted in property_files(port.output_spec):
        for item in objects_at(document, "PropertyFiles"):
            if item.get("PropertyFileName") == wanted["PropertyFileName"] and item != wanted:
                yield Finding(
                    "SMG230",
                    f"the property file '{wanted['PropertyFileName']}' of step '{at.step}' is another one than its "
                    "contract says",
                    at,
                    given=f"{item.get('FilePath')} in output {item.get('OutputName')}",
                    expected=f"{wanted['FilePath']} in output {wanted['OutputName']}",
                    expected_at=contract.place(port.pointer),
                )


def _missing(
    name: str, there: Sequence[str], contract: StepContract, port: OutputPort, place: Place, of: NamedList
) -> Finding:
    attribute = python_identifier(port.name)
    fix = f"give the step an output of that name: ProcessingOutput(output_name='{name}', …)"
    if of.beside:
        fix = f"declare it among the step's outputs: '{name}', of type {port.output_spec.output_type}"
    return Finding(
        "SMG230",
        f"the step '{place.step}' has no output '{name}', which contract {contract.name} promises as .{attribute}",
        place,
        given=", ".join(there) or "no output",
        expected=name,
        expected_at=contract.place(port.pointer),
        nearest=nearest_name(name, there),
        fix=fix,
    )


def _paths(spec: OutputSpec) -> Iterator[str]:
    """The property paths that an output is, or is composed of."""
    if spec.property_path is not None:
        yield spec.property_path
    if spec.value is not None:
        yield from (hole.path for hole in walk(spec.value) if isinstance(hole, PropertyHole))


def output_of_path(contract: StepContract, path: str) -> str | None:
    """The output of a contract that a property path reads."""
    plain = _plain(path)
    for name, port in contract.output_ports.items():
        if any(_plain(one) == plain for one in _paths(port.output_spec)):
            return name
    return None


def _plain(path: str) -> str:
    return path.removeprefix("properties.").replace('"', "'")
