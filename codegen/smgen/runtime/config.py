"""The base of generated config models: strict, frozen, and with messages that say what the contract allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from typing_extensions import Self

from smgen.contracts import CONFIG_ATTRIBUTES, StepContract, python_identifier
from smgen.diagnostics import Finding, FindingsError
from smgen.runtime.loading import contract_of_module
from smgen.runtime.places import user_place
from smgen.runtime.variables import Variable

#: A value of a config field as a step document takes it.
ConfigValue: TypeAlias = (
    "str | int | float | bool | Variable[object] | list[ConfigValue] | dict[str, ConfigValue] | None"
)


class StepConfig(BaseModel):
    """Settings, hyperparameters and environment variables of one step, as one flat model.

    Every value is either of its type or a variable of its type; nothing is converted. A wrong value raises
    :class:`~smgen.diagnostics.FindingsError` (SMG207), all wrong fields together. Where the contract's name is no
    Python name (``lambda``), a config made from a mapping takes either spelling, but not both.
    """

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", protected_namespaces=(), arbitrary_types_allowed=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _report_findings(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        contract = contract_of_module(cls.__module__)
        try:
            if isinstance(data, Mapping):
                # A mapping given to a model has text keys: pydantic refuses others before it looks at fields.
                return handler(_by_field(cls, cast("Mapping[str, object]", data), contract))
            return handler(data)
        except ValidationError as error:
            from smgen.runtime.config_findings import config_findings

            names = _spellings(contract)
            fields = {field: names.get(field, field) for field in cls.model_fields}
            raise FindingsError(config_findings(cls.__name__, fields, contract, error, user_place())) from None


def config_value(config: StepConfig, name: str) -> ConfigValue:
    """The value of the setting, hyperparameter or environment variable ``name``; None where it is not given."""
    value: ConfigValue = getattr(config, field_name(name), None)
    return value


def field_name(name: str) -> str:
    """The field of a config model that holds the setting, hyperparameter or environment variable ``name``."""
    return python_identifier(name, CONFIG_ATTRIBUTES)


def _spellings(contract: StepContract | None) -> dict[str, str]:
    """The contract's name of each field."""
    if contract is None:
        return {}
    return {field_name(name): name for name in (*contract.hyperparameters, *contract.settings, *contract.environment)}


def _by_field(config: type[StepConfig], data: Mapping[str, object], contract: StepContract | None) -> dict[str, object]:
    """The values under their fields' names; SMG207 where one is given under both of its names."""
    fields = {name: field for field, name in _spellings(contract).items() if field != name}
    values: dict[str, object] = {}
    findings: list[Finding] = []
    for name, value in data.items():
        field = fields.get(name, name)
        if field in values:
            findings.append(
                Finding(
                    "SMG207",
                    f"{config.__name__} was given '{field}' twice, under its own name and under another spelling",
                    user_place(),
                    fix=f"keep one of them; the field is '{field}'",
                )
            )
        values[field] = value
    if findings:
        raise FindingsError(findings)
    return values
