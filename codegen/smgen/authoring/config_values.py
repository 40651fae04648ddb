"""What a config holds, by the names of its contract: of settings, hyperparameters and environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from pydantic import BaseModel

from smgen.authoring.places import user_place
from smgen.authoring.variables import TUNED, Variable
from smgen.contract_model import CONFIG_ATTRIBUTES, StepContract, python_identifier

if TYPE_CHECKING:
    from smgen.diagnostics import Finding

#: A value of a config field as a step document takes it.
ConfigValue: TypeAlias = (
    "str | int | float | bool | Variable[object] | list[ConfigValue] | dict[str, ConfigValue] | None"
)


def config_value(config: BaseModel, name: str) -> ConfigValue:
    """The value of the setting, hyperparameter or environment variable ``name``; None where it is not given."""
    value: ConfigValue = getattr(config, field_name(name), None)
    # A hyperparameter that a tuning searches has no value of its own.
    return None if value is TUNED else value


def field_name(name: str) -> str:
    """The field of a config model that holds the setting, hyperparameter or environment variable ``name``."""
    return python_identifier(name, CONFIG_ATTRIBUTES)


def spellings(contract: StepContract | None) -> dict[str, str]:
    """The contract's name of each field."""
    if contract is None:
        return {}
    return {field_name(name): name for name in (*contract.hyperparameters, *contract.settings, *contract.environment)}


def by_field(
    config: type[BaseModel], contract: StepContract | None, data: Mapping[str, object]
) -> tuple[dict[str, object], list[Finding]]:
    """The values under their fields' names, and SMG207 where one is given under both of its names."""
    if data.keys() <= config.model_fields.keys():
        # Which other spellings there are needs nobody to know.
        return dict(data), []
    fields = {name: field for field, name in spellings(contract).items() if field != name}
    values: dict[str, object] = {}
    findings: list[Finding] = []
    for name, value in data.items():
        field = fields.get(name, name)
        if field in values:
            from smgen.diagnostics import Finding

            findings.append(
                Finding(
                    "SMG207",
                    f"{config.__name__} was given '{field}' twice, under its own name and under another spelling",
                    user_place(),
                    fix=f"keep one of them; the field is '{field}'",
                )
            )
        values[field] = value
    return values, findings
