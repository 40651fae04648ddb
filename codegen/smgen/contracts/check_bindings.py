"""Checks that everything a contract declares reaches its request."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.contract_model.hole_names import hole_names
from smgen.contract_model.holes import AssetHole, EnvironmentHole, HyperparametersHole, Value
from smgen.contract_model.request_editing import member
from smgen.contract_model.short_forms import input_form
from smgen.contract_model.step_contract import StepContract
from smgen.contracts.usual_requests import nearest_usual_setting
from smgen.diagnostics import Finding


def unbound_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG114: what the contract declares and no hole of its request or step fields uses."""
    used = hole_names(contract.request, contract.step_fields)
    form = input_form(contract.kind)
    for port in contract.input_ports.values():
        if port.name not in used.inputs:
            argument = port.dependency_spec.input_name or port.name
            if (taken := _taken_argument(contract, argument)) is not None:
                yield _argument_twice(contract, argument, f"the input '{port.name}'", port.pointer, taken)
                continue
            ways = [*([] if form is None else [f"a '{form.place}'"]), f'{{"$input": "{port.name}"}} in the request']
            yield Finding(
                "SMG114",
                f"the input '{port.name}' never reaches the request",
                contract.place(port.pointer, key=True),
                given=port.name,
                expected=" or ".join(ways),
                fix="say where it goes, or remove the port",
            )
    for setting in contract.settings.values():
        if setting.name not in used.settings:
            if (taken := _taken_argument(contract, setting.name)) is not None:
                yield _argument_twice(contract, setting.name, f"the setting '{setting.name}'", setting.pointer, taken)
                continue
            yield Finding(
                "SMG114",
                f"the setting '{setting.name}' never reaches the request",
                contract.place(setting.pointer, key=True),
                given=setting.name,
                expected=f'{{"$setting": "{setting.name}"}} in the request',
                nearest=nearest_usual_setting(contract, setting.name),
                fix="say where it goes, or remove the setting",
            )
    code = '{"$asset": "code"}'
    launches = contract.step_kind.launches
    if len(launches) > 1:
        conventions = " or ".join(f'"{launch}"' for launch in launches)
        code = f'"launch": {conventions}, or {code}'
    groups = (
        (
            contract.hyperparameters,
            HyperparametersHole in used.forms,
            "hyperparameters",
            '{"$hyperparameters": "text"}',
            "never reach",
        ),
        (
            contract.environment,
            EnvironmentHole in used.forms,
            "environment",
            '{"$environment": true}',
            "variables never reach",
        ),
        (contract.source, _launches(contract) or AssetHole in used.forms, "source", code, "never reaches"),
    )
    for declared, bound, name, hole, verb in groups:
        if declared and not bound:
            yield Finding(
                "SMG114",
                f"the {name} {verb} the request",
                contract.place(f"/{name}", key=True),
                expected=f"{hole} in the request",
                fix=f"say where it goes, or remove '{name}'",
            )


def _taken_argument(contract: StepContract, name: str) -> Value | None:
    """What is given under the name of an argument that a port or setting would become; None where nothing is."""
    return member(contract.request, name) if contract.step_kind.takes_named_values else None


def _argument_twice(contract: StepContract, name: str, what: str, pointer: str, taken: Value) -> Finding:
    return Finding(
        "SMG107",
        f"{what} becomes the argument '{name}', which is given already",
        contract.place(pointer, key=True),
        given=name,
        expected="an argument of a name of its own",
        expected_at=contract.place(taken.pointer, key=True),
        fix="rename one of the two, or give the input another 'input_name'",
    )


def _launches(contract: StepContract) -> bool:
    """Whether a convention brings the code to the step, if not by its request then in the model."""
    return contract.source is not None and contract.source.launch is not None


def used_settings(contract: StepContract) -> frozenset[str]:
    """The names of settings that a hole of the request or of the step fields names."""
    return hole_names(contract.request, contract.step_fields).settings
