"""Checks that everything a contract declares reaches its request."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.contracts.hole_names import hole_names
from smgen.contracts.holes import AssetHole, EnvironmentHole, HyperparametersHole
from smgen.contracts.model import StepContract
from smgen.contracts.short_forms import input_form
from smgen.diagnostics import Finding


def unbound_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG114: what the contract declares and no hole of its request or step fields uses."""
    used = hole_names(contract.request, contract.step_fields)
    form = input_form(contract.kind)
    for port in contract.input_ports.values():
        if port.name not in used.inputs:
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
            yield Finding(
                "SMG114",
                f"the setting '{setting.name}' never reaches the request",
                contract.place(setting.pointer, key=True),
                given=setting.name,
                expected=f'{{"$setting": "{setting.name}"}} in the request',
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


def _launches(contract: StepContract) -> bool:
    """Whether a convention brings the code to the step, if not by its request then in the model."""
    return contract.source is not None and contract.source.launch is not None


def used_settings(contract: StepContract) -> frozenset[str]:
    """The names of settings that a hole of the request or of the step fields names."""
    return hole_names(contract.request, contract.step_fields).settings
