"""Adds a step that was made with the SageMaker SDK to a pipeline, under a contract."""

from __future__ import annotations

from types import new_class
from typing import NoReturn, TypeVar

from smgen.authoring.builders import StepBuilder
from smgen.authoring.config import StepConfig
from smgen.authoring.misuse import refuse, short
from smgen.authoring.proxies import StepOutputProxy
from smgen.authoring.step_handles import StepHandle
from smgen.building.adopted_outputs import promise_findings
from smgen.building.adopted_references import steps_named
from smgen.building.content import AdoptedRequest
from smgen.building.sdk_requests import RequestReader, SdkStep
from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject

P = TypeVar("P", bound=StepOutputProxy)


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
    reader = RequestReader(place)
    document = reader.document(step)
    if document is None:
        empty: JsonObject = {"Name": step.name, "Type": contract.kind, "Arguments": {}}
        return AdoptedRequest(empty), tuple(reader.findings)
    findings = [*reader.findings, *promise_findings(document, contract, place)]
    return AdoptedRequest(document, tuple(reader.parameters.values()), steps_named(document)), tuple(findings)
