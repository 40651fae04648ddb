"""What an import could not know of the types in its contracts: each is wide, with the line that makes it narrow."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from smgen.contract_model import StepContract, ValueSchema, contract_from_document, module_name, setting_schemas
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue, json_at, object_at, walk
from smgen.importer.imported_pipeline import (
    Authored,
    EnvironmentReference,
    Guess,
    ImportedPipeline,
    ImportedStep,
    ParameterInCode,
)
from smgen.importer.walking import contract_steps

#: AWS's own enumerations of so many values and more are worth a narrower one.
_MANY: Final = 40
_MACHINE: Final = "instance_type"


def type_guesses(pipeline: ImportedPipeline, contracts: Collection[str], folder: str) -> tuple[Guess, ...]:
    """The guesses about the types in those contracts of a pipeline; ``folder`` is that of the contracts' files."""
    found: list[Guess] = []
    for name in pipeline.contracts:
        if name in contracts:
            uses = [step for step in contract_steps(pipeline) if step.contract == name]
            found += _of_contract(pipeline, name, uses, f"{folder}/{module_name(name)}.json")
    return tuple(found)


def _of_contract(pipeline: ImportedPipeline, name: str, uses: Sequence[ImportedStep], file: str) -> Iterator[Guess]:
    document = pipeline.contracts[name]
    contract = contract_from_document(document)
    schemas: Mapping[str, ValueSchema] = {}
    with suppress(FindingsError):
        schemas = setting_schemas(contract)
    yield from _enumerations(pipeline, contract, document, schemas, uses, file)
    yield from _numbers(contract, document, uses, file)
    yield from _truth_values(contract, document, file)


def _enumerations(
    pipeline: ImportedPipeline,
    contract: StepContract,
    document: JsonObject,
    schemas: Mapping[str, ValueSchema],
    uses: Sequence[ImportedStep],
    file: str,
) -> Iterator[Guess]:
    """Settings that take everything AWS has in a long list, with those that are in use."""
    for setting, schema in schemas.items():
        written = object_at(document, "settings", setting)
        if schema.enum is None or len(schema.enum) < _MANY or "enum" in written:
            continue
        default = contract.settings[setting].default
        given = [step.config.get(setting, default if isinstance(default, str) else None) for step in uses]
        used = dict.fromkeys(text for value in given for text in _texts(pipeline, value))
        what = "machines" if setting.endswith(_MACHINE) else "values"
        words = f"takes each of the {len(schema.enum)} {what} that AWS has here; in use: {', '.join(used) or 'none'}"
        # Where nothing is known to be in use, no list would be right.
        lines = (_line(setting, {"enum": [*used], **written}),) if used else ()
        yield Guess(f"{contract.name}.{setting}", words, file if lines else "", lines)
        named = {value.name for value in given if isinstance(value, EnvironmentReference) and value.kind == "value"}
        for name in sorted(named):
            words = f'other values of an environment are to be listed in env.choice("{name}", …) as well'
            yield Guess(f"{contract.name}.{setting}", words)


def _texts(pipeline: ImportedPipeline, value: Authored) -> Iterator[str]:
    """The texts that a value may be: its own, those of the environments, or the default of its parameter."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, EnvironmentReference) and value.kind == "value":
        given = [environment.values.get(value.name) for environment in pipeline.environments]
        yield from (text for text in given if isinstance(text, str))
    elif isinstance(value, ParameterInCode):
        parameter = next((item for item in pipeline.parameters if item.name == value.name), None)
        if parameter is not None:
            yield from parameter.enum
            yield from _texts(pipeline, parameter.default)
            defaults = [environment.parameters.get(value.name) for environment in pipeline.environments]
            yield from (text for text in defaults if isinstance(text, str))


def _numbers(contract: StepContract, document: JsonObject, uses: Sequence[ImportedStep], file: str) -> Iterator[Guess]:
    """Numbers of which only whole ones are known."""
    names = [*_declared(document, "hyperparameters", "number"), *_settings_of(document, "number")]
    whole = [name for name in names if all(_is_whole(step.config.get(name)) for step in uses if name in step.config)]
    given = [name for name in whole if any(name in step.config for step in uses)]
    if given:
        shown = ", ".join(
            f"{name}={_shown([step.config[name] for step in uses if name in step.config])}" for name in given
        )
        words = f"any number is taken, though all that were given are whole: {shown}"
        yield Guess(contract.name, words, file, tuple(_line(name, {"type": "integer"}) for name in given))


def _truth_values(contract: StepContract, document: JsonObject, file: str) -> Iterator[Guess]:
    """Hyperparameters that are texts for AWS, and of which only true or false is known."""
    names = _declared(document, "hyperparameters", "boolean")
    if names and _text_form(document.get("request")):
        words = f"{', '.join(names)}: the texts true and false were taken for truth values; to take any text"
        yield Guess(contract.name, words, file, tuple(_line(name, {"type": "string"}) for name in names))


def _declared(document: JsonObject, member: str, kind: str) -> list[str]:
    properties = object_at(document, member, "properties")
    return [name for name, schema in properties.items() if schema == {"type": kind}]


def _settings_of(document: JsonObject, kind: str) -> list[str]:
    return [name for name, item in object_at(document, "settings").items() if json_at(item, "type") == kind]


def _text_form(request: JsonValue) -> bool:
    """Whether a request writes its hyperparameters as plain texts."""
    return any(object_at(item).get("$hyperparameters") == "text" for _, item in walk(request))


def _is_whole(value: Authored) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(values: Sequence[Authored]) -> str:
    return " or ".join(dict.fromkeys(map(str, values)))


def _line(name: str, value: JsonObject) -> str:
    """A member of a contract as its file has it."""
    return f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
