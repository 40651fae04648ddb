"""Every numeric limit of a contract, written as whole number and as fraction, holds alike on both paths.

Held against arithmetic with fractions: for integers a limit means the whole numbers within it, however it is written.
"""

from __future__ import annotations

import importlib
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import pytest

from smgen.contracts import config_fields, read_contracts, value_problem
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from smgen.generate import GenerationOptions, plan, publish_package
from smgen.packages import contracts_path
from smgen.runtime import ProxyFactory, StepConfig

Limits: TypeAlias = "dict[str, int | float]"
LIMITS: tuple[Limits, ...] = (
    *({"minimum": value} for value in (2, 2.0, 1.5, -1.5, -2, 0.1, 1e3, 10**20)),
    *({"maximum": value} for value in (9, 9.0, 9.5, -0.5, 1e3, 10**20)),
    *({"exclusiveMinimum": value} for value in (0, 0.0, 0.5, -0.5, 2.999)),
    *({"exclusiveMaximum": value} for value in (9, 9.0, 9.5, -0.5, 0.001)),
    *({"multipleOf": value} for value in (2, 2.0, 3, 0.5, 1.5, 2.5, 0.1, 0.25)),
    {"minimum": 0.5, "maximum": 9.5, "multipleOf": 1.5},
    {"exclusiveMinimum": 0.5, "minimum": 1.5, "maximum": 9.5, "exclusiveMaximum": 9.5},
    {"exclusiveMinimum": -2.5, "exclusiveMaximum": 2.5, "multipleOf": 0.5},
)
WHOLE: tuple[int, ...] = (*range(-5, 13), 999, 1000, 1001, 10**20 - 1, 10**20, 10**20 + 1)
REQUEST: JsonObject = {
    "AlgorithmSpecification": {"TrainingImage": "x:1", "TrainingInputMode": "File"},
    "RoleArn": {"$default": "role"},
    "OutputDataConfig": {"S3OutputPath": "s3://b/x"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "HyperParameters": {"$hyperparameters": "json"},
}

CONTRACT: JsonObject = {"name": "Limited", "version": "1.0.0", "kind": "Training", "request": REQUEST}


def allowed(value: int, limits: Limits) -> bool:
    """What JSON Schema says, by exact arithmetic."""
    number = Fraction(value)
    bounds = {key: Fraction(repr(limit)) for key, limit in limits.items()}
    return (
        number >= bounds.get("minimum", number)
        and number <= bounds.get("maximum", number)
        and ("exclusiveMinimum" not in bounds or number > bounds["exclusiveMinimum"])
        and ("exclusiveMaximum" not in bounds or number < bounds["exclusiveMaximum"])
        and ("multipleOf" not in bounds or (number / bounds["multipleOf"]).denominator == 1)
    )


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> tuple[type[StepConfig], type[StepConfig]]:
    """The config of one contract with a hyperparameter per limit, as generated and as made at run time."""
    folder = tmp_path_factory.mktemp("limits")
    contracts = folder / "contracts"
    contracts.mkdir()
    (contracts / "artifact_types.json").write_text('{"types": {}}')
    properties: JsonObject = {f"h{number}": {"type": "integer", **limits} for number, limits in enumerate(LIMITS)}
    contract: JsonObject = {
        **CONTRACT,
        "hyperparameters": {"type": "object", "additionalProperties": False, "properties": properties},
    }
    (contracts / "limited.json").write_text(json.dumps(contract))
    package = folder / "limited_steps"
    options = GenerationOptions("limited_steps", contracts_path(package, contracts))
    publish_package(package, plan(read_contracts(contracts), options))
    sys.path.insert(0, str(folder))
    try:
        generated: type[StepConfig] = importlib.import_module("limited_steps.limited").Config
    finally:
        sys.path.remove(str(folder))
    made = ProxyFactory.read(contracts).builder("Limited")
    return generated, made.__smgen_config_class__


@pytest.mark.parametrize("number", range(len(LIMITS)), ids=[json.dumps(limits) for limits in LIMITS])
def test_a_limit_of_an_integer(configs: tuple[type[StepConfig], type[StepConfig]], number: int) -> None:
    limits = LIMITS[number]
    contract = configs[0].__smgen_contract__
    assert contract is not None
    schema = next(field.schema for field in config_fields(contract) if field.name == f"h{number}")
    # Whatever the fields of pydantic say, they are made of whole numbers.
    written: list[JsonValue] = [*schema.json_schema().values()]
    assert not any(isinstance(limit, float) for limit in written)
    for value in WHOLE:
        expected = allowed(value, limits)
        assert (value_problem(schema, value) is None) is expected, value
        for config in configs:
            assert takes(config, f"h{number}", value) is expected, (config, value)


def takes(config: type[StepConfig], name: str, value: object) -> bool:
    try:
        config.model_validate({name: value})
    except FindingsError:
        return False
    return True


def contract_folder(folder: Path, limits: Limits) -> Path:
    (folder / "artifact_types.json").write_text('{"types": {}}')
    hyperparameters: JsonObject = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"h": {"type": "integer", **limits}},
    }
    (folder / "limited.json").write_text(json.dumps({**CONTRACT, "hyperparameters": hyperparameters}))
    return folder


@pytest.mark.parametrize(
    "limits", [{"exclusiveMinimum": 1, "exclusiveMaximum": 2}, {"minimum": 4, "maximum": 5, "multipleOf": 1.5}]
)
def test_limits_that_leave_nothing_refuse_everything(tmp_path: Path, limits: Limits) -> None:
    config = ProxyFactory.read(contract_folder(tmp_path, limits)).builder("Limited").__smgen_config_class__
    assert not any(takes(config, "h", value) for value in range(-3, 12))


def test_bounds_between_which_no_whole_number_lies(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        read_contracts(contract_folder(tmp_path, {"minimum": 1.5, "maximum": 1.9}))
    (finding,) = caught.value.findings
    assert (finding.rule, finding.message, finding.given) == (
        "SMG117",
        "no value can satisfy this: 'minimum' is above 'maximum'",
        "2 and 1",
    )
