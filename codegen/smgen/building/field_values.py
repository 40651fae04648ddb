"""The values of a config held against the contract's limits when the pipeline is built.

Only then is the default of a parameter known; and a pattern of AWS may be one that pydantic cannot read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from smgen.authoring.config import StepConfig
from smgen.authoring.config_findings import value_schemas
from smgen.authoring.config_values import ConfigValue, config_value, field_name
from smgen.authoring.misuse import short
from smgen.authoring.request_filler import DefaultOf, ParameterDefault
from smgen.authoring.variables import Variable, plain_literal
from smgen.contract_model import StepContract, ValueSchema, describe_schema, nearest_value, value_problem
from smgen.diagnostics import Finding, FindingsError, Place


def field_schemas(contract: StepContract) -> Mapping[str, ValueSchema]:
    """The schemas of the config's values; none for a contract that has not been checked and has wrong settings."""
    try:
        return value_schemas(contract)
    except FindingsError:
        return {}


def value_findings(
    config: StepConfig,
    contract: StepContract,
    schemas: Mapping[str, ValueSchema],
    default_of: DefaultOf,
    place: Place,
) -> Iterator[Finding]:
    """SMG207 for each value of a config, and each default of a parameter in it, that its schema does not allow."""
    where = f"contract {contract.name} {contract.version}"
    for name, schema in schemas.items():
        for value, limits in _leaves(config_value(config, name), schema):
            default = default_of(value) if isinstance(value, Variable) else None
            literal = plain_literal(value) if default is None else default.value
            if literal is None or value_problem(limits, literal) is None:
                continue
            nearest = nearest_value(literal, limits)
            finding = Finding(
                "SMG207",
                f"the value of '{field_name(name)}' is not allowed there",
                place,
                given=short(literal),
                expected=f"{describe_schema(limits)} ({where})",
                nearest=nearest,
                fix=f"write {nearest!r}" if nearest else "give a value that is allowed there",
            )
            yield finding if default is None else _of_default(finding, default, field_name(name))


def _of_default(finding: Finding, default: ParameterDefault, field: str) -> Finding:
    """The finding about a value, which is the default of a parameter."""
    message = f"the default of parameter '{default.parameter}' is not allowed for '{field}'"
    fix = f"{finding.fix} as the default" if finding.nearest else "give the parameter another default"
    return replace(finding, message=message, given_at=default.place, fix=fix)


def _leaves(value: ConfigValue, schema: ValueSchema) -> Iterator[tuple[ConfigValue, ValueSchema]]:
    """The values themselves, in lists and mappings too, each with its schema."""
    items = value if isinstance(value, (list, tuple)) else value.values() if isinstance(value, dict) else None
    if items is None:
        yield value, schema
    elif schema.element is not None:
        for item in items:
            yield from _leaves(item, schema.element)
