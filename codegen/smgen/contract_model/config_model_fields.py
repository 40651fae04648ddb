"""The fields of a contract's config, from which its class is generated, or made when the program runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from smgen.aws import works_in_pydantic
from smgen.contract_model.model import EnvironmentImage, FrameworkImage, ParameterSpec, SettingSpec
from smgen.contract_model.names import CONFIG_ATTRIBUTES, python_identifier
from smgen.contract_model.settings import setting_schemas
from smgen.contract_model.step_contract import StepContract
from smgen.contract_model.value_schema import Scalar, ValueSchema, pydantic_takes
from smgen.documents import JsonObject

#: Pydantic keeps lengths in a machine word; nothing can be longer than this anyway.
_LARGEST_LENGTH: Final = 2**63 - 1
_LENGTHS: Final = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One field of a config: its Python name, its name in the contract, its type, and whether it must be given.

    ``default`` is what the field holds. A list or an image by name cannot be that, so it is ``filled`` in
    when the step is built. ``pointer`` is the field's place in the contract.
    """

    name: str
    contract_name: str
    schema: ValueSchema
    required: bool
    default: Scalar | None
    filled: tuple[Scalar, ...] | EnvironmentImage | FrameworkImage | None
    pointer: str


def config_fields(contract: StepContract) -> tuple[ConfigField, ...]:
    """The fields of a contract's config: hyperparameters, settings, environment variables, each in written order.

    Raises FindingsError (SMG116, SMG117) for settings whose type cannot be said.
    """
    schemas = setting_schemas(contract)
    return (
        *(_field(item, item.schema) for item in contract.hyperparameters.values()),
        *(_field(item, schemas[item.name]) for item in contract.settings.values()),
        *(_field(item, item.schema) for item in contract.environment.values()),
    )


def _field(spec: ParameterSpec | SettingSpec, schema: ValueSchema) -> ConfigField:
    default = spec.default
    # Neither can be the default of a field in both type checkers.
    filled = default if isinstance(default, (EnvironmentImage, FrameworkImage, tuple)) else None
    return ConfigField(
        name=python_identifier(spec.name, CONFIG_ATTRIBUTES),
        contract_name=spec.name,
        schema=schema,
        required=spec.required and default is None,
        default=None if isinstance(default, (EnvironmentImage, FrameworkImage, tuple)) else default,
        filled=filled,
        pointer=spec.pointer,
    )


def config_limits(schema: ValueSchema) -> JsonObject:
    """The type and those limits of a value that pydantic can keep, in JSON Schema's words, without its elements.

    A request is checked against all limits when it is built. The enum is not among them, except that of a number: no
    number is a member of a ``Literal``, so what is left of it is its range.
    """
    limits: JsonObject = {}
    for key, value in schema.json_schema().items():
        if key in ("items", "additionalProperties", "enum"):
            continue
        if key in _LENGTHS and isinstance(value, int):
            limits[key] = min(value, _LARGEST_LENGTH)
        elif key != "pattern" or (isinstance(value, str) and works_in_pydantic(value) and pydantic_takes(value)):
            limits[key] = value
    if schema.type == "number" and schema.enum is not None:
        numbers = [value for value in schema.enum if isinstance(value, (int, float))]
        limits |= {"minimum": min(numbers), "maximum": max(numbers)}
    return limits
