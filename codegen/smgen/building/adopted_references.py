"""What an adopted step reads and waits for, looked up in the pipeline that it was adopted into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from smgen.authoring.misuse import short
from smgen.authoring.origins import Origin
from smgen.authoring.step_handles import StepHandle
from smgen.building.adopted_outputs import output_of_path
from smgen.building.content import AdoptedRequest, ParameterDeclaration
from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import JsonObject, list_at, pointer, text_at
from smgen.expressions import (
    CurrentItemReference,
    Get,
    ParameterReference,
    PropertyFileReference,
    StepReference,
    references,
    target,
)

_ADD: Final = "add the step to this pipeline, or adopt it"


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
            output = None if contract is None or path is None else output_of_path(contract, path)
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


def steps_named(document: JsonObject) -> tuple[str, ...]:
    """The steps that the document of a step reads or waits for, each once."""
    return tuple(dict.fromkeys((*_steps_read(document), *_steps_awaited(document))))


def _steps_read(document: JsonObject) -> Iterator[str]:
    for _, expression in references(document):
        read = target(expression) if isinstance(expression, Get) else None
        if isinstance(read, (StepReference, PropertyFileReference)):
            yield read.step


def _steps_awaited(document: JsonObject) -> Iterator[str]:
    for item in list_at(document, "DependsOn"):
        name = item if isinstance(item, str) else text_at(item, "Step")
        if name is not None:
            yield name


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
