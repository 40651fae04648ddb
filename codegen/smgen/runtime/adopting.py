"""Reads a step that was made with the SDK: its request as plain JSON, held against the contract it is adopted under."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import new_class
from typing import Final, NoReturn, Protocol, TypeVar

from typing_extensions import TypeIs

from smgen.contracts import SCALAR_TYPES, OutputPort, OutputSpec, PropertyHole, StepContract, python_identifier, walk
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import JsonObject, JsonValue, append_pointer, pointer
from smgen.expressions import (
    CurrentItemReference,
    Get,
    ParameterReference,
    PropertyFileReference,
    StepReference,
    references,
    target,
)
from smgen.runtime.builders import StepBuilder
from smgen.runtime.config import StepConfig
from smgen.runtime.content import AdoptedRequest, ParameterDeclaration
from smgen.runtime.misuse import refuse, short, shown
from smgen.runtime.origins import Origin
from smgen.runtime.proxies import StepHandle, StepOutputProxy
from smgen.runtime.variables import VARIABLE_TYPES, VariableType, plain_literal

P = TypeVar("P", bound=StepOutputProxy)

#: How deep the request of a step may be; what AWS takes is far from it.
_DEEPEST: Final = 100
_PROCESSING_OUTPUT: Final = re.compile(
    r"""(?:properties\.)?ProcessingOutputConfig\.Outputs\[(?:'([^']+)'|"([^"]+)"|([0-9]+))\]"""
)
_OUTPUT_PARAMETER: Final = re.compile(r"""(?:properties\.)?OutputParameters\[(?:'([^']+)'|"([^"]+)")\]""")
_ADD: Final = "add the step to this pipeline, or adopt it"
#: The trigger that the SDK has a name for, and the definition format none.
_COMPLETED: Final = "Completed"


class SdkStep(Protocol):
    """A step of the SageMaker SDK, of whichever version."""

    @property
    def name(self) -> str:
        """The step's name."""
        ...

    def to_request(self) -> object:
        """The step's document, in which variables of the SDK may stand."""
        ...


def adopted_name(step: object) -> str:
    """The name of a step of the SDK. Raises FindingsError (SMG208) for anything that is none."""
    if not callable(getattr(step, "to_request", None)):
        fix = "pass a step of the SDK, such as TrainingStep(…)"
        if isinstance(getattr(step, "steps", None), (list, tuple)):
            fix = "adopt its steps one by one: they are in .steps"
        refuse(f"{short(step)} is no step of the SDK", fix)
    name = getattr(step, "name", None)
    if not isinstance(name, str):
        refuse(f"{short(step)} has no name", "give it one: name=…")
    return name


def contract_of_proxy(proxy: object, step: str) -> StepContract:
    """The contract of a class of outputs. Raises FindingsError (SMG208) for anything that has none."""
    contract: object = getattr(proxy, "__smgen_contract__", None) if isinstance(proxy, type) else None
    if not isinstance(contract, StepContract):
        refuse(f"the step '{step}' was adopted under {short(proxy)}", "pass the Proxy of a generated module")
    return contract


def adopted_builder(contract: StepContract, proxy: type[P]) -> StepBuilder[P]:
    """The builder of an adopted step: of its contract, with nothing bound, since the SDK bound it all."""

    def body(members: dict[str, object]) -> None:
        members["__module__"] = __name__
        members["STEP_CONTRACT"] = contract

    # A class of its own, since builders have their contract by their class.
    adopted: type[StepBuilder[P]] = new_class("AdoptedStepBuilder", (StepBuilder,), exec_body=body)
    return adopted(proxy, StepConfig(), {})


def refuse_connection(step: StepHandle, port: str, reference: object) -> NoReturn:
    """Raises FindingsError (SMG208): what an adopted step reads is said in the SDK."""
    fix = "give it to the SDK's step before: sdk_variable(…)"
    refuse(f"the port '{port}' of the adopted step \"{step.name}\" was connected to {short(reference)}", fix)


def adopted_request(step: SdkStep, contract: StepContract, place: Place) -> tuple[AdoptedRequest, tuple[Finding, ...]]:
    """The document of a step, and what is wrong with it for a step of ``contract`` (SMG230).

    Where the step makes no request, the document is that of a step without arguments.
    """
    reader = _Reader(place)
    document = reader.document(step)
    if document is None:
        empty: JsonObject = {"Name": step.name, "Type": contract.kind, "Arguments": {}}
        return AdoptedRequest(empty), tuple(reader.findings)
    findings = [*reader.findings, *_contract_findings(document, contract, place)]
    waits = dict.fromkeys((*_steps_read(document), *_steps_awaited(document)))
    return AdoptedRequest(document, tuple(reader.parameters.values()), tuple(waits)), tuple(findings)


class _Reader:
    """Makes JSON of a request, and keeps the parameters of the SDK that stand in it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.findings: list[Finding] = []
        self.parameters: dict[str, ParameterDeclaration] = {}

    def document(self, step: SdkStep) -> JsonObject | None:
        """The step's document; None after a finding."""
        try:
            request = step.to_request()
        except Exception as error:  # whatever the SDK, or what it asks, raises
            given = f"{type(error).__name__}: {error}".removesuffix(": ")
            message = f"the step '{step.name}' makes no request"
            fix = "make it so that it builds offline: with a PipelineSession, a full role ARN, code that is in S3"
            self.findings.append(Finding("SMG230", message, self.place, given=given, fix=fix))
            return None
        if not _is_mapping(request) or not isinstance(request.get("Type"), str):
            message = f"the request of step '{step.name}' is no step document"
            expected = "an object with Name, Type and Arguments"
            self.findings.append(Finding("SMG230", message, self.place, given=short(request), expected=expected))
            return None
        members = dict(request)
        awaited = members.pop("DependsOn", None) or ()
        document = self.value(members, "", 0)
        if not isinstance(document, dict):
            return None
        # A step that is renamed by the SDK (X-RegisterModel) is called what its request says.
        ordered: JsonObject = {"Name": step.name, "Type": document.pop("Type"), "Arguments": {}}
        document.pop("Name", None)
        ordered |= {"Arguments": document.pop("Arguments", {})}
        depends_on = self.depends_on(awaited)
        if depends_on:
            ordered["DependsOn"] = depends_on
        return ordered | document

    def value(self, value: object, at: str, depth: int) -> JsonValue:
        """A value of a request as JSON; null after a finding."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Enum) and isinstance(value.value, (str, int, float)):
            value = value.value
        if isinstance(value, (str, int)):
            # Plain ones, whatever class of the caller's they are of.
            return str.__str__(value) if isinstance(value, str) else int(value)
        if isinstance(value, float) and math.isfinite(value):
            return float(value)
        if depth == _DEEPEST:
            self.wrong("is too deep", at, f"more than {_DEEPEST} levels")
            return None
        if _is_mapping(value):
            return self.members(value, at, depth)
        if _is_sequence(value):
            return [self.value(item, append_pointer(at, index), depth + 1) for index, item in enumerate(value)]
        if hasattr(value, "expr"):
            return self.variable(value, at, depth)
        self.wrong("holds something that is no JSON", at, shown(value))
        return None

    def members(self, value: Mapping[object, object], at: str, depth: int) -> JsonObject:
        found: JsonObject = {}
        for key, member in value.items():
            if isinstance(key, str):
                found[key] = self.value(member, append_pointer(at, key), depth + 1)
            else:
                self.wrong("has a name that is no text", at, shown(key))
        return found

    def variable(self, value: object, at: str, depth: int) -> JsonValue:
        """A variable of the SDK as the expression that it is."""
        self.collect(value, depth)
        expression: object = getattr(value, "expr", None)
        if callable(expression):
            fix = "pass step.properties.Outputs['name'] instead, which says of which step it is"
            self.wrong("holds an output of a Lambda or Callback step that names no step", at, short(value), fix)
            return None
        return self.value(expression, at, depth + 1)

    def collect(self, value: object, depth: int) -> None:
        """The parameters of the SDK in a variable, which may be composed of several."""
        type_name: object = getattr(getattr(value, "parameter_type", None), "value", None)
        name: object = getattr(value, "name", None)
        if isinstance(name, str) and _is_variable_type(type_name):
            default = plain_literal(getattr(value, "default_value", None))
            values: object = getattr(value, "enum_values", None)
            enum = tuple(item for item in values if isinstance(item, str)) if _is_sequence(values) else ()
            self.parameters.setdefault(name, ParameterDeclaration(name, type_name, default, enum, self.place))
        parts: object = getattr(value, "values", None)
        for part in (*(parts if _is_sequence(parts) else ()), getattr(value, "s3_uri", None)):
            if depth < _DEEPEST and hasattr(part, "expr"):
                self.collect(part, depth + 1)

    def depends_on(self, given: object) -> list[JsonValue]:
        """``DependsOn`` as the SDK would compile it: names, and outcomes other than that a step completed."""
        found: list[JsonValue] = []
        for index, item in enumerate(given if _is_sequence(given) else (given,)):
            step, trigger = _awaited(item)
            name = _awaited_name(step)
            if name is None:
                self.wrong("waits for something that is no step", append_pointer("/DependsOn", index), short(item))
            elif isinstance(trigger, str) and trigger != _COMPLETED:
                found.append({"Step": name, "Trigger": trigger})
            elif name not in found:
                found.append(name)
        return found

    def wrong(self, message: str, at: str, given: str, fix: str | None = None) -> None:
        place = replace(self.place, pointer=at)
        self.findings.append(Finding("SMG230", f"the request of an SDK step {message}", place, given=given, fix=fix))


def _contract_findings(document: JsonObject, contract: StepContract, place: Place) -> Iterator[Finding]:
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
    outputs = _processing_outputs(document)
    declared = _output_parameters(document)
    at = replace(place, port=spec.logical_name)
    for path in dict.fromkeys(_paths(spec)):
        found = _PROCESSING_OUTPUT.match(path)
        if found is not None and contract.kind == "Processing":
            name = found[1] or found[2] or found[3]
            if name in outputs or (found[3] and int(name) < len(outputs)):
                continue
            fix = f"give the step an output of that name: ProcessingOutput(output_name='{name}', …)"
            yield _missing("no output", name, outputs, contract, port, at, fix)
        found = _OUTPUT_PARAMETER.match(path)
        if found is not None:
            name = found[1] or found[2]
            if name not in declared:
                fix = f"declare it among the step's outputs: '{name}', of type {spec.output_type}"
                yield _missing("no output", name, list(declared), contract, port, at, fix)
            elif spec.output_type in SCALAR_TYPES and declared[name] != spec.output_type:
                yield Finding(
                    "SMG230",
                    f"the output '{name}' of step '{place.step}' has another type than its contract says",
                    at,
                    given=str(declared[name]),
                    expected=spec.output_type,
                    expected_at=contract.place(port.pointer),
                )
    for file in spec.files:
        wanted: JsonObject = {
            "PropertyFileName": file.property_file,
            "OutputName": spec.aws_name or spec.logical_name,
            "FilePath": file.path,
        }
        for item in _objects(document.get("PropertyFiles")):
            if item.get("PropertyFileName") == file.property_file and item != wanted:
                yield Finding(
                    "SMG230",
                    f"the property file '{file.property_file}' of step '{place.step}' is another one than its "
                    "contract says",
                    at,
                    given=f"{item.get('FilePath')} in output {item.get('OutputName')}",
                    expected=f"{file.path} in output {wanted['OutputName']}",
                    expected_at=contract.place(port.pointer),
                )


def _missing(
    what: str,
    name: str,
    there: Sequence[str],
    contract: StepContract,
    port: OutputPort,
    place: Place,
    fix: str,
) -> Finding:
    attribute = python_identifier(port.name)
    return Finding(
        "SMG230",
        f"the step '{place.step}' has {what} '{name}', which contract {contract.name} promises as .{attribute}",
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


@dataclass(frozen=True)
class AdoptedReferences:
    """What the request of an adopted step reads and waits for, and what is wrong with that."""

    origins: tuple[Origin, ...]
    findings: tuple[Finding, ...]


def adopted_references(
    document: JsonObject,
    step: StepHandle,
    steps: Mapping[str, Origin],
    contracts: Mapping[str, StepContract],
    parameters: Mapping[str, ParameterDeclaration],
) -> AdoptedReferences:
    """Looks up everything that an adopted step names (SMG230 for what there is not).

    ``steps`` are all steps of the pipeline, ``contracts`` those of the steps that have one.
    """
    origins: list[Origin] = []
    findings: list[Finding] = []
    for parts, expression in references(document):
        read = target(expression) if isinstance(expression, Get) else None
        place = replace(step.place, pointer=pointer(*parts))
        if isinstance(read, ParameterReference) and read.name not in parameters:
            fix = f'declare it: p.string("{read.name}"), or another type'
            findings.append(_undeclared("reads the parameter", step, read.name, parameters, place, fix))
        elif isinstance(read, CurrentItemReference) and step.scope.loop is None:
            message = f"the step '{step.name}' reads the current item of a loop, and stands in no loop"
            findings.append(Finding("SMG203", message, place, fix="adopt it in the body of the loop: loop.body.adopt"))
        elif isinstance(read, (StepReference, PropertyFileReference)):
            if read.step not in steps:
                findings.append(_undeclared("reads the step", step, read.step, steps, place, _ADD))
                continue
            contract = contracts.get(read.step)
            path = read.path if isinstance(read, StepReference) else None
            output = None if contract is None or path is None else _output_of_path(contract, path)
            origins.append(replace(steps[read.step], output=output))
    for name in _steps_awaited(document):
        if name in steps:
            origins.append(steps[name])
        else:
            findings.append(_undeclared("waits for the step", step, name, steps, step.place, _ADD))
    return AdoptedReferences(tuple(origins), tuple(findings))


def _undeclared(what: str, step: StepHandle, name: str, names: Iterable[str], place: Place, fix: str) -> Finding:
    return Finding(
        "SMG230",
        f"the step '{step.name}' {what} '{name}', which the pipeline does not have",
        place,
        given=name,
        expected=", ".join(one for one in names if one != step.name) or "nothing",
        nearest=nearest_name(name, [one for one in names if one != step.name]),
        fix=fix,
    )


def _output_of_path(contract: StepContract, path: str) -> str | None:
    """The output of a contract that a property path reads."""
    plain = _plain(path)
    for name, port in contract.output_ports.items():
        if any(_plain(one) == plain for one in _paths(port.output_spec)):
            return name
    return None


def _plain(path: str) -> str:
    return path.removeprefix("properties.").replace('"', "'")


def _processing_outputs(document: JsonObject) -> list[str]:
    arguments = document.get("Arguments")
    config = arguments.get("ProcessingOutputConfig") if isinstance(arguments, dict) else None
    outputs = config.get("Outputs") if isinstance(config, dict) else None
    return [str(item.get("OutputName")) for item in _objects(outputs)]


def _output_parameters(document: JsonObject) -> dict[str, JsonValue]:
    return {str(item.get("OutputName")): item.get("OutputType") for item in _objects(document.get("OutputParameters"))}


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _steps_read(document: JsonObject) -> Iterator[str]:
    for _, expression in references(document):
        read = target(expression) if isinstance(expression, Get) else None
        if isinstance(read, (StepReference, PropertyFileReference)):
            yield read.step


def _steps_awaited(document: JsonObject) -> Iterator[str]:
    items = document.get("DependsOn")
    for item in items if isinstance(items, list) else ():
        name = item.get("Step") if isinstance(item, dict) else item
        if isinstance(name, str):
            yield name


def _awaited(item: object) -> tuple[object, object]:
    """The step of an item of ``depends_on``, and the outcome that is waited for; None where there is no word of it."""
    if _is_mapping(item):
        return item.get("Step"), item.get("Trigger")
    if not hasattr(item, "trigger"):
        return item, None
    return getattr(item, "step", None), getattr(getattr(item, "trigger", None), "value", None)


def _awaited_name(step: object) -> str | None:
    """The name of what stands in the ``depends_on`` of an SDK step."""
    if isinstance(step, str):
        return step
    inner: object = getattr(step, "steps", None)
    if _is_sequence(inner) and len(inner):
        # A collection of version 2 is waited for until its last step completed.
        return _awaited_name(inner[-1])
    name: object = getattr(getattr(step, "_step", None) or step, "name", None)
    return name if isinstance(name, str) else None


def _is_mapping(value: object) -> TypeIs[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_sequence(value: object) -> TypeIs[Sequence[object]]:
    return isinstance(value, (list, tuple))


def _is_variable_type(name: object) -> TypeIs[VariableType]:
    return name in VARIABLE_TYPES.values()


def merged_parameters(
    declared: Mapping[str, ParameterDeclaration], adopted: Iterable[AdoptedRequest]
) -> tuple[dict[str, ParameterDeclaration], tuple[Finding, ...]]:
    """The parameters of a pipeline with those of its adopted steps; SMG209 where one is declared in two ways."""
    parameters = dict(declared)
    findings: list[Finding] = []
    for request in adopted:
        for parameter in request.parameters:
            first = parameters.setdefault(parameter.name, parameter)
            ways = [(one.type, one.enum) for one in (first, parameter)]
            same_default = None in (first.default, parameter.default) or first.default == parameter.default
            if ways[0] != ways[1] or not same_default:
                findings.append(
                    Finding(
                        "SMG209",
                        f"the parameter '{parameter.name}' of an SDK step is declared in another way before",
                        parameter.place,
                        given=_declaration(parameter),
                        expected=_declaration(first),
                        expected_at=first.place,
                        fix="declare it once, and pass sdk_variable(…) of it to the SDK's step",
                    )
                )
    return parameters, tuple(findings)


def _declaration(parameter: ParameterDeclaration) -> str:
    default = "no default" if parameter.default is None else f"default {short(parameter.default)}"
    return f"{parameter.type}, {default}" + (f", one of {', '.join(parameter.enum)}" if parameter.enum else "")
