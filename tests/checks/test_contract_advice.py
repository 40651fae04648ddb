"""What validate says of contracts beside their form: requests with their defaults, listed sources, past renamings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.checks import contract_request_findings, unknown_source_findings
from smgen.contracts import ContractRegistry, read_contracts, rule_findings
from smgen.documents import JsonObject, JsonValue
from tests.cli.command_line import smgen

IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/w:1"
SPOT: JsonObject = {
    "spot": {"default": True},
    "max_run": {"default": 3600},
    "max_wait": {"default": 600},
}


def training(settings: JsonObject, **more: JsonValue) -> JsonObject:
    request: JsonObject = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30},
        "StoppingCondition": {
            "MaxRuntimeInSeconds": {"$setting": "max_run"},
            "MaxWaitTimeInSeconds": {"$setting": "max_wait"},
        },
        "EnableManagedSpotTraining": {"$setting": "spot"},
        "RoleArn": {"$default": "role"},
    }
    return {
        "name": "Fit",
        "version": "1.0.0",
        "kind": "Training",
        "inputs": {"rows": {"type": "Rows", "channel": "train"}},
        "outputs": {"model": {"type": "Mdl", "property_path": "ModelArtifacts.S3ModelArtifacts"}},
        "settings": settings,
        "request": request,
        **more,
    }


def registry(folder: Path, *contracts: JsonObject) -> ContractRegistry:
    folder.mkdir(exist_ok=True)
    for contract in contracts:
        (folder / f"{str(contract['name']).lower()}.json").write_text(json.dumps(contract))
    (folder / "artifact_types.json").write_text('{"package": null, "types": {"Rows": {}, "Mdl": {}}}')
    return read_contracts(folder)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (SPOT, ["SMG416"]),
        ({**SPOT, "max_wait": {"default": 3600}}, []),
        # Who gives the waiting time may give the right one.
        ({**SPOT, "max_wait": {}}, []),
        ({**SPOT, "max_wait": {"required": False}}, []),
        ({**SPOT, "spot": {"required": False}}, ["SMG416"]),
        ({**SPOT, "spot": {"default": False}}, ["SMG416", "SMG416"]),
        ({**SPOT, "spot": {}, "max_wait": {"default": 7200}}, []),
    ],
)
def test_rules_between_members_hold_of_the_defaults(tmp_path: Path, settings: JsonObject, found: list[str]) -> None:
    contracts = registry(tmp_path / "contracts", training(settings))
    assert [item.rule for item in contract_request_findings(contracts.values())] == found


def test_validate_refuses_defaults_that_contradict_each_other(tmp_path: Path) -> None:
    registry(tmp_path / "contracts", training(SPOT))
    result = smgen("validate", "--contracts", "contracts", cwd=tmp_path)
    assert result.code == 1
    assert "error SMG416" in result.err
    assert "/request/StoppingCondition/MaxWaitTimeInSeconds" in result.err


def test_one_of_two_optional_members_is_for_the_step_to_give(tmp_path: Path) -> None:
    settings: JsonObject = {**SPOT, "max_wait": {"default": 7200}}
    optional: JsonObject = {"image": {"required": False}, "name": {"required": False}}
    contract = training({**settings, **optional})
    request = contract["request"]
    assert isinstance(request, dict)
    image: JsonObject = {"$setting": "image"}
    name: JsonObject = {"$setting": "name"}
    request["AlgorithmSpecification"] = {"TrainingImage": image, "AlgorithmName": name, "TrainingInputMode": "File"}
    contracts = registry(tmp_path / "contracts", contract)
    assert [*contract_request_findings(contracts.values())] == []
    request["AlgorithmSpecification"] = {"TrainingImage": IMAGE, "AlgorithmName": "a", "TrainingInputMode": "File"}
    contracts = registry(tmp_path / "contracts", {**contract, "settings": settings})
    (found,) = contract_request_findings(contracts.values())
    assert (found.rule, found.place.pointer) == ("SMG416", "/request/AlgorithmSpecification/TrainingImage")


def test_a_listed_source_that_there_is_not(tmp_path: Path) -> None:
    listed: list[JsonValue] = ["Fit", "fit", "TrainingStep", "Ftt", "TabularPreprocessing"]
    inputs: JsonObject = {"rows": {"type": "Rows", "channel": "train", "compatible_sources": listed}}
    contracts = registry(tmp_path / "contracts", training({**SPOT, "max_wait": {"default": 7200}}, inputs=inputs))
    found = unknown_source_findings(contracts.values())
    assert [(item.rule, item.given, item.place.pointer) for item in found] == [
        ("SMG145", "Ftt", "/inputs/rows/compatible_sources/3"),
        ("SMG145", "TabularPreprocessing", "/inputs/rows/compatible_sources/4"),
    ]
    assert found[0].nearest == "Fit"
    assert len(unknown_source_findings(contracts.values(), ["TabularPreprocessing"])) == 1
    result = smgen("validate", "--contracts", "contracts", cwd=tmp_path)
    assert result.code == 0
    # The library has the other one.
    assert result.err.count("warning SMG145") == 1


@pytest.mark.parametrize(("until", "found"), [("0.9.0", ["SMG502"]), ("1.0.0", []), ("1.0.1", [])])
def test_a_renaming_that_is_over(tmp_path: Path, until: str, found: list[str]) -> None:
    inputs: JsonObject = {
        "rows": {"type": "Rows", "channel": "train", "renamed_from": {"name": "data", "until": until}}
    }
    contracts = registry(tmp_path / "contracts", training({**SPOT, "max_wait": {"default": 7200}}, inputs=inputs))
    assert [item.rule for contract in contracts.values() for item in rule_findings(contract)] == found


def test_the_library_has_none_of_that() -> None:
    contracts = read_contracts(Path(__file__).parents[2] / "contract_specs").values()
    assert list(contract_request_findings(contracts)) == []
    assert [item for contract in contracts for item in rule_findings(contract)] == []
    assert unknown_source_findings(contracts) == ()
