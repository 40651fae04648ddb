"""Configs of a factory and of generated modules take and refuse the same values, with the same findings."""

from __future__ import annotations

import importlib
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from smgen.contracts import ConfigField, ValueSchema, config_fields, module_name, python_identifier, read_contracts
from smgen.diagnostics import Finding, FindingsError
from smgen.runtime import AUTO, FluentPipelineBuilder, ProxyFactory, StepConfig, Variable
from tests.runtime.fixture_package import CONTRACTS, Steps, findings_of, generate

LIBRARY = Path(__file__).resolve().parents[2] / "contract_specs"
REGISTRY = read_contracts(LIBRARY)
FACTORY = ProxyFactory(REGISTRY)
FIXTURE = ProxyFactory.read(CONTRACTS)

P = FluentPipelineBuilder("Values")
VARIABLES: dict[str, Variable[Any]] = {
    "string": P.string("Text"),
    "integer": P.integer("Whole"),
    "number": P.float("Number"),
    "boolean": P.boolean("Flag"),
}


class Rounds(IntEnum):
    FEW = 3


class Mode(str, Enum):
    FILE = "File"


#: Values of every kind; each field is given each of them.
ANY: list[object] = [
    *(None, True, False, 0, 1, -1, 2, 10**12, 10**5000, 0.0, 0.5, 1.0, -0.5, math.inf, math.nan, Rounds.FEW),
    *("", "7", "File", "x", "x" * 70000, "ml.m5.xlagre", "s3://bucket/key", "a b", Mode.FILE, b"x", object()),
    *([], ["a"], [1], [None], ["a"] * 300, [["a"]], {}, {"a": "b"}, {"a": 1}, {1: "a"}, ("a",), {"a"}),
    *VARIABLES.values(),
    *([variable] for variable in VARIABLES.values()),
    *({"a": variable} for variable in VARIABLES.values()),
]


def near(schema: ValueSchema) -> Iterator[object]:
    """Values at and just beyond the limits of a schema, and misspelt ones."""
    for bound in (schema.minimum, schema.maximum, schema.exclusive_minimum, schema.exclusive_maximum):
        if bound is not None:
            yield from (bound, bound - 1, bound + 1, float(bound))
    for length in (schema.min_length, schema.max_length):
        if length is not None and length < 100_000:
            yield from ("a" * length, "a" * (length + 1), "a" * max(length - 1, 0))
    for allowed in schema.enum or ():
        yield allowed
        if isinstance(allowed, str):
            yield from (allowed[:-1], allowed + "x", allowed.upper())
    if schema.element is not None:
        for value in near(schema.element):
            yield from ([value], {"a": value})


def sample(schema: ValueSchema) -> object:
    """A value that a field takes: a variable fits every scalar."""
    if schema.element is None:
        return VARIABLES[schema.type]
    element = sample(schema.element)
    return [element] if schema.type == "array" else {"a": element}


Outcome = Mapping[str, object] | tuple[Finding, ...]


def outcome(make: Callable[[], object]) -> Outcome:
    """The values of the config that was made, or what was found."""
    try:
        config: Any = make()
    except FindingsError as error:
        return error.findings
    config = getattr(config, "__smgen_config__", config)
    assert isinstance(config, StepConfig)
    values: dict[str, object] = vars(config)
    return {name: (type(value), value) for name, value in values.items()}


def both(factory: ProxyFactory, contract: str, config: Any, values: Any) -> tuple[Outcome, Outcome]:
    """What the generated config makes of some values, and what the factory does; both are called in one line."""
    ports = {
        python_identifier(name, ("self",)): AUTO
        for name, port in factory.registry[contract].input_ports.items()
        if port.dependency_spec.required
    }
    make = config.model_validate
    typed, untyped = (lambda: make(values), lambda: factory.builder(contract, values, **ports))  # fmt: skip
    return outcome(typed), outcome(untyped)


def generated(contract: str) -> Any:
    """The config of a module of the library."""
    return importlib.import_module(f"smgen_steps.{module_name(contract)}").Config


def required(fields: tuple[ConfigField, ...]) -> dict[str, object]:
    """A value for each field that must be given."""
    return {item.contract_name: sample(item.schema) for item in fields if item.required}


FIELDS = {name: config_fields(contract) for name, contract in REGISTRY.items()}
CASES = [(name, item.contract_name) for name, fields in FIELDS.items() for item in fields]


@pytest.mark.parametrize(("contract", "name"), CASES, ids=[f"{contract}-{name}" for contract, name in CASES])
def test_every_field_of_the_library(contract: str, name: str) -> None:
    fields = FIELDS[contract]
    item = next(item for item in fields if item.contract_name == name)
    needed = required(fields)
    refused = taken = 0
    for value in (*ANY, *near(item.schema)):
        typed, untyped = both(FACTORY, contract, generated(contract), needed | {name: value})
        assert typed == untyped, value
        if isinstance(typed, tuple):
            refused += 1
            assert {finding.rule for finding in typed} == {"SMG207"}
        else:
            taken += 1
    assert refused > 10
    assert taken > 0


@pytest.mark.parametrize("contract", list(REGISTRY))
def test_missing_and_unknown_names_of_the_library(contract: str) -> None:
    fields = FIELDS[contract]
    needed = required(fields)
    for values in (
        {},
        *({name: value for name, value in needed.items() if name != left_out} for left_out in needed),
        *(needed | {f"{item.name}x": 1} for item in fields),
        *(needed | {item.name[:-1] or "q": 1, "qqqqqq": 2} for item in fields),
        *({item.name[1:] or "q": 1} for item in fields),
    ):
        typed, untyped = both(FACTORY, contract, generated(contract), values)
        assert typed == untyped


def test_the_spellings_of_a_keyword_name_in_the_library() -> None:
    spelled = [(name, item) for name, fields in FIELDS.items() for item in fields if item.name != item.contract_name]
    assert [(name, item.contract_name) for name, item in spelled] == [("XGBoostTraining", "lambda")]
    config = generated("XGBoostTraining")
    for values in ({"lambda": 0.5}, {"lambda_": 0.5}, {"lambda": 0.5, "lambda_": 0.5}, {"lambda": -1}, {"lamda": 1}):
        typed, untyped = both(FACTORY, "XGBoostTraining", config, {"num_round": 1} | values)
        assert typed == untyped


@pytest.mark.parametrize("values", ["text", 3, [("num_round", 1)], b"x", object(), {1: 2}, {"num_round": 1, None: 2}])
def test_what_is_no_mapping_of_names(values: object) -> None:
    typed, untyped = both(FACTORY, "XGBoostTraining", generated("XGBoostTraining"), values)
    assert typed == untyped


def test_a_finding_in_full() -> None:
    first, second, third = findings_of(
        lambda: FACTORY.builder("XGBoostTraining", {"num_round": "7", "max_dept": 3, "eta": 2.0}, training_data=AUTO)
    )
    assert (first.message, first.nearest, first.fix) == (
        "XGBoostTrainingConfig has no 'max_dept'",
        "max_depth",
        "write max_depth=…",
    )
    assert (second.message, second.given, second.expected) == (
        "XGBoostTrainingConfig was given a wrong value for 'eta'",
        "2.0 (float)",
        "a number from 0 to 1, or a variable of type Float",
    )
    assert (third.message, third.given, third.fix) == (
        "XGBoostTrainingConfig was given a wrong value for 'num_round'",
        "'7' (str)",
        "write the number without quotes (contract XGBoostTraining 1.0.0)",
    )
    assert {finding.place.file for finding in (first, second, third)} == {"tests/runtime/test_run_time_config.py"}


ANYTHING = st.recursive(
    # Hypothesis cannot write an integer of so many digits.
    st.sampled_from([value for value in ANY if value != 10**5000]) | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
TRAIN = config_fields(FIXTURE.registry["Train"])
NAMES = st.sampled_from([*(item.name for item in TRAIN), *(item.contract_name for item in TRAIN), "nme"])


@given(st.dictionaries(NAMES, ANYTHING, max_size=6))
def test_whatever_is_given_both_say_the_same(steps: Steps, values: dict[str, object]) -> None:
    typed, untyped = both(FIXTURE, "Train", steps.train.Config, values)
    assert typed == untyped


def test_a_schema_of_every_kind(kinds: Any) -> None:
    factory, config = kinds
    for item in config_fields(factory.registry["Kinds"]):
        for value in (*ANY, *near(item.schema), *MORE):
            typed, untyped = both(factory, "Kinds", config, {"must": 1, item.contract_name: value})
            assert typed == untyped, (item.name, value)


#: For limits that the library's contracts do not have.
MORE: list[object] = [
    *(6, 9, 7.5, 1.5, 3.0, 1.25),
    *(["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"], ["x", "z"], [1.5], [True], ["aa", "b"]),
    *({"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, {"a": 1.5, "b": True}, "abc", "ab", "a", "abcd"),
]

KINDS = {
    "name": "Kinds",
    "version": "1.0.0",
    "kind": "Training",
    "owner": "tests",
    "description": "Every kind of value.",
    "hyperparameters": {
        "type": "object",
        "required": ["must", "one"],
        "properties": {
            "must": {"type": "integer"},
            "one": {"type": "string", "enum": ["only"], "default": "only"},
            "single": {"enum": ["only"]},
            "constant": {"const": 3},
            "yes": {"type": "boolean", "enum": [True]},
            "share": {"type": "number", "enum": [0.5, 1.5, 2]},
            "between": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2},
            "third": {"type": "integer", "multipleOf": 3, "maximum": 9},
            "quarter": {"type": "number", "multipleOf": 0.25},
            "word": {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^[a-c]+$"},
            "behind": {"type": "string", "pattern": "^[^x]"},
            "pair": {"type": "array", "items": {"type": "string", "maxLength": 1}, "minItems": 2, "maxItems": 3},
            "choices": {"type": "array", "items": {"enum": ["x", "y"]}},
            "numbers": {"type": "array", "items": {"type": "number", "minimum": 1}},
            "members": {
                "type": "object",
                "additionalProperties": {"type": "integer", "minimum": 1},
                "minProperties": 2,
                "maxProperties": 2,
            },
            "class": {"type": "integer", "default": 3},
            "copy": {"type": "boolean", "default": False},
            "_under": {"type": "string", "default": ""},
            "a-b": {"type": "integer", "enum": [0, 1]},
        },
    },
    "request": {
        "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image:1"},
        "RoleArn": {"$default": "role"},
        "OutputDataConfig": {"S3OutputPath": "s3://b/k"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "HyperParameters": {"$hyperparameters": "text"},
    },
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> tuple[ProxyFactory, Any]:
    """A contract with values of every kind: its factory, and its generated config."""
    folder = tmp_path_factory.mktemp("kinds")
    contracts = folder / "contracts"
    contracts.mkdir()
    (contracts / "kinds.json").write_text(json.dumps(KINDS))
    (contracts / "artifact_types.json").write_text('{"types": {}}')
    generate(folder, "kind_steps", contracts)
    sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module("kind_steps.kinds")
    finally:
        sys.path.remove(str(folder))
    return ProxyFactory.read(contracts), module.Config
