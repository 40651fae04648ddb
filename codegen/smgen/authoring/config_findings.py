"""Pydantic's errors about a config, said in our words: one finding per field, with the contract's limits.

Pydantic reports every arm of ``int | Variable[int]`` separately; a user wants to hear once what the field takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from smgen.authoring.misuse import short, shown
from smgen.authoring.variables import Variable, is_number
from smgen.contract_model import (
    VARIABLE_OF_JSON,
    StepContract,
    ValueSchema,
    describe_schema,
    nearest_value,
    setting_schemas,
)
from smgen.diagnostics import Finding, Place, Subject, nearest_name


def config_findings(
    config: str, fields: Mapping[str, str], contract: StepContract | None, error: ValidationError, place: Place
) -> Iterator[Finding]:
    """SMG207 findings for the model named ``config``; ``fields`` maps its fields to the contract's names."""
    schemas: Mapping[str, ValueSchema] = {} if contract is None else value_schemas(contract)
    first: dict[str, ErrorDetails] = {}
    for problem in error.errors(include_url=False, include_context=False):
        first.setdefault(str(problem["loc"][0]) if problem["loc"] else "", problem)
    for field, problem in first.items():
        name = fields.get(field, field)
        schema = schemas.get(name)
        expected = None if schema is None else f"{describe_schema(schema)}{_or_variable(schema)}"
        if problem["type"] == "extra_forbidden":
            nearest = nearest_name(field, fields)
            yield Finding(
                "SMG207",
                f"{config} has no '{field}'",
                place,
                expected=", ".join(fields) or "no value at all",
                nearest=nearest,
                fix=f"write {nearest}=…" if nearest else f"leave '{field}' out, or add it to the contract",
            )
        elif not problem["loc"]:
            fix = f"write {config}(name=value, …)"
            yield Finding("SMG207", f"{config} is made of named values", place, given=shown(problem["input"]), fix=fix)
        elif problem["type"] == "missing":
            yield Finding("SMG207", f"{config} needs '{field}'", place, expected=expected, fix=f"give {field}=…")
        else:
            given = _given(problem)
            yield Finding(
                "SMG207",
                f"{config} was given a wrong value for '{name}'",
                place,
                given=shown(given),
                expected=expected or problem["msg"],
                nearest=nearest_value(given, schema),
                about=Subject(field=name),
                fix=_fix(given, schema, contract, whole=len(problem["loc"]) == 1),
            )


def value_schemas(contract: StepContract) -> Mapping[str, ValueSchema]:
    """The schema of every setting, hyperparameter and environment variable by its name in the contract."""
    schemas = dict(setting_schemas(contract))
    schemas.update({name: parameter.schema for name, parameter in contract.hyperparameters.items()})
    schemas.update({name: parameter.schema for name, parameter in contract.environment.items()})
    return schemas


def _given(problem: ErrorDetails) -> object:
    """The value that was given, however deep in a list the error stands."""
    value: object = problem["input"]
    return value


def _or_variable(schema: ValueSchema) -> str:
    title = VARIABLE_OF_JSON.get(schema.type)
    return "" if title is None else f", or a variable of type {title}"


def _fix(given: object, schema: ValueSchema | None, contract: StepContract | None, *, whole: bool) -> str | None:
    """What to do; ``given`` is the value of the field, or where it is not ``whole`` something inside of it."""
    where = "" if contract is None else f" (contract {contract.name} {contract.version})"
    if whole and schema is not None and schema.type == "array" and isinstance(given, str):
        return f"write a list: [{short(given)}]{where}"
    if isinstance(given, Variable):
        return f"give a variable of the type that is expected{where}"
    if schema is not None and isinstance(given, str) and schema.type in ("integer", "number"):
        words = "write the number without quotes" if is_number(given) else "write a number"
        return f"{words}{where}"
    if schema is not None and isinstance(given, bool) and schema.type in ("integer", "number"):
        return f"True and False are no numbers here{where}"
    return f"give a value that is allowed there{where}"
