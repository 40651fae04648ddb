"""Requests that are left out or given in part: what is usual, what wins, and what is said of mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.contracts import StepContract, explained_request, read_contracts
from smgen.diagnostics import FindingsError, Format, render
from smgen.documents import JsonObject, JsonValue, object_at
from smgen.shipped import shipped_folder
from tests.cli.command_line import smgen

TRAIN: JsonObject = {
    "name": "Train",
    "version": "1.0.0",
    "kind": "Training",
    "inputs": {"train": {"type": "Data", "channel": "train"}},
    "outputs": {"model": {"type": "Model", "property_path": "ModelArtifacts.S3ModelArtifacts"}},
    "settings": {"image": {"default": {"image": "xgboost"}}, "instance_type": {"default": "ml.m5.xlarge"}},
    "hyperparameters": {"type": "object", "properties": {"epochs": {"type": "integer"}}},
}
WHOLE: JsonObject = {
    "AlgorithmSpecification": {"TrainingImage": {"$setting": "image"}, "TrainingInputMode": "File"},
    "HyperParameters": {"$hyperparameters": "text"},
    "OutputDataConfig": {"KmsKeyId": {"$default": "output_kms_key"}, "S3OutputPath": {"$output_location": "model"}},
    "ResourceConfig": {
        "InstanceCount": 1,
        "InstanceType": {"$setting": "instance_type"},
        "VolumeKmsKeyId": {"$default": "kms_key"},
        "VolumeSizeInGB": 30,
    },
    "RoleArn": {"$default": "role"},
    "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
    "Tags": {"$default": "tags"},
    "VpcConfig": {"$default": "network"},
}


def read(folder: Path, document: JsonObject) -> StepContract:
    """The contract in a folder of its own; of a family the first variant."""
    folder.mkdir(exist_ok=True)
    (folder / "artifact_types.json").write_text('{"types": {"Data": {}, "Model": {}}}')
    (folder / "train.json").write_text(json.dumps(document, indent=2))
    return next(iter(read_contracts(folder, shown_root="contracts").values()))


def request(folder: Path, document: JsonObject) -> JsonObject:
    return object_at(read(folder, document).document, "request")


def told(folder: Path, document: JsonObject) -> str:
    with pytest.raises(FindingsError) as caught:
        read(folder, document)
    return render(caught.value.findings, Format.TEXT)


def in_part(**members: JsonValue) -> JsonObject:
    return {**TRAIN, "request": {"$usual": True, **members}}


def test_without_a_request_it_is_the_usual_one(tmp_path: Path) -> None:
    found = request(tmp_path, TRAIN)
    assert found == WHOLE
    # AWS's order, whoever said what.
    assert list(found) == sorted(found)
    assert request(tmp_path, in_part()) == WHOLE


def test_what_is_written_wins_member_by_member(tmp_path: Path) -> None:
    document = in_part(
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxWaitTimeInSeconds": 90000},
        ResourceConfig={"VolumeSizeInGB": 100},
        Tags=[{"Key": "team", "Value": "risk"}],
        VpcConfig=None,
    )
    expected = {name: value for name, value in WHOLE.items() if name != "VpcConfig"}
    expected |= {
        "EnableManagedSpotTraining": True,
        "ResourceConfig": {**object_at(WHOLE, "ResourceConfig"), "VolumeSizeInGB": 100},
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400, "MaxWaitTimeInSeconds": 90000},
        "Tags": [{"Key": "team", "Value": "risk"}],
    }
    assert request(tmp_path, document) == expected


def test_a_hole_in_the_place_of_a_usual_object_replaces_it(tmp_path: Path) -> None:
    settings: JsonObject = {**object_at(TRAIN, "settings"), "wait_s": {"required": False}}
    hole: JsonObject = {"$when": "wait_s", "value": {"MaxWaitTimeInSeconds": {"$setting": "wait_s"}}}
    found = request(tmp_path, {**in_part(StoppingCondition=hole), "settings": settings})
    assert found["StoppingCondition"] == hole


def test_a_request_without_the_mark_is_whole(tmp_path: Path) -> None:
    written: JsonObject = {name: WHOLE[name] for name in WHOLE if name not in ("Tags", "VpcConfig")}
    assert request(tmp_path, {**TRAIN, "request": written}) == written


def test_settings_of_usual_names_fill_their_members(tmp_path: Path) -> None:
    settings: JsonObject = {
        **object_at(TRAIN, "settings"),
        "instance_count": {"default": 2},
        "volume_size_gb": {"default": 50},
        "input_mode": {"default": "FastFile"},
        "max_runtime_s": {"required": False},
        "network_isolation": {"required": False},
        "encrypt_traffic": {"required": False},
        "arguments": {"required": False},
        "container_environment": {"required": False},
    }
    found = request(tmp_path, {**TRAIN, "settings": settings})
    assert found["StoppingCondition"] == {
        "$when": "max_runtime_s",
        "value": {"MaxRuntimeInSeconds": {"$setting": "max_runtime_s"}},
    }
    assert object_at(found, "ResourceConfig")["InstanceCount"] == {"$setting": "instance_count"}
    assert object_at(found, "AlgorithmSpecification")["ContainerArguments"] == {"$setting": "arguments"}
    assert found["EnableNetworkIsolation"] == {"$setting": "network_isolation"}
    assert found["EnableInterContainerTrafficEncryption"] == {"$setting": "encrypt_traffic"}
    assert found["Environment"] == {"$setting": "container_environment"}


@pytest.mark.parametrize("base", [TRAIN, in_part()])
def test_variants_of_a_contract_in_part(tmp_path: Path, base: JsonObject) -> None:
    stated: JsonObject = {"EnableManagedSpotTraining": False, "VpcConfig": None, "ResourceConfig": {"InstanceCount": 2}}
    contract = read(tmp_path, {**base, "variants": {"other": {"request": stated}, "plain": {}}})
    found = object_at(contract.document, "request")
    assert {name for name in WHOLE if name not in found} == {"VpcConfig"}
    assert found["EnableManagedSpotTraining"] is False
    assert object_at(found, "ResourceConfig") == {**object_at(WHOLE, "ResourceConfig"), "InstanceCount": 2}
    plain = read_contracts(tmp_path)["TrainPlain"]
    assert plain.document["request"] == WHOLE


def test_a_raw_kind_has_nothing_usual(tmp_path: Path) -> None:
    document: JsonObject = {"name": "Ask", "version": "1.0.0", "kind": "Athena", "raw": True}
    assert request(tmp_path, document) == {}


# Mistakes -------------------------------------------------------------------------------------------------------------


def test_a_null_that_leaves_nothing_out(tmp_path: Path) -> None:
    assert told(tmp_path, in_part(VpcConfg=None)) == (
        "contracts/train.json:37:17: error SMG103 unknown-key: 'VpcConfg' is null, and there is nothing usual that it "
        "could leave out\n"
        "  at            /request/VpcConfg\n"
        "  given         null\n"
        "  expected      ResourceConfig, AlgorithmSpecification, RoleArn, OutputDataConfig, VpcConfig, Tags, "
        "HyperParameters, StoppingCondition\n"
        "  did you mean  VpcConfig\n"
        '  fix           remove it; a null for AWS is written {"$literal": null}\n'
        "\n"
        "1 error\n"
    )


def test_the_mark_is_true(tmp_path: Path) -> None:
    found = told(tmp_path, {**TRAIN, "request": {"$usual": False}})
    assert "error SMG104 wrong-type: '$usual' of a request is written as true" in found
    assert "  given         false\n" in found
    assert '  given         "true"\n' in told(tmp_path, {**TRAIN, "request": {"$usual": "true"}})


def test_a_misspelt_usual_setting_has_a_nearest_name(tmp_path: Path) -> None:
    settings: JsonObject = {"image": {"default": {"image": "xgboost"}}, "instace_type": {"default": "ml.m5.xlarge"}}
    assert "  did you mean  instance_type\n" in told(tmp_path, {**TRAIN, "settings": settings})


def test_a_setting_that_is_not_declared_is_named(tmp_path: Path) -> None:
    processing: JsonObject = {"name": "Prepare", "version": "1.0.0", "kind": "Processing"}
    found = told(tmp_path, processing)
    assert "fix           declare the setting 'image', which usually gives it, or write 'AppSpecification'" in found


# The library, and who says what ---------------------------------------------------------------------------------------


def test_the_library_leaves_to_what_is_usual_what_is() -> None:
    folder = shipped_folder("contract_specs")
    whole = [path.stem for path in sorted(folder.glob("*.json")) if "request" not in json.loads(path.read_bytes())]
    processing = ["data_load", "hyperparameter_prep", "model_evaluation", "model_packaging", "tabular_preprocessing"]
    assert whole == ["artifact_types", *processing]


def test_each_member_says_where_it_is_from(tmp_path: Path) -> None:
    contract = read(tmp_path, in_part(EnableManagedSpotTraining=True))
    found = {item.path: (item.value, item.origin) for item in explained_request(contract)}
    assert found["RoleArn"] == ('{"$default":"role"}', "usual")
    assert found["EnableManagedSpotTraining"] == ("true", "line 37")
    assert found["InputDataConfig[0].ChannelName"] == ('"train"', "input train")
    assert found["ResourceConfig.VolumeSizeInGB"] == ("30", "usual")


def test_explain_prints_a_contract_by_name_and_by_file(tmp_path: Path) -> None:
    read(tmp_path / "contract_specs", TRAIN)
    (tmp_path / "pyproject.toml").write_text('[tool.smgen]\ncontracts = "contract_specs"\noutput = "made_steps"\n')
    by_name = smgen("explain", "Train", cwd=tmp_path)
    assert by_name == smgen("explain", "contract_specs/train.json", cwd=tmp_path)
    assert (by_name.code, by_name.err) == (0, "")
    lines = by_name.out.splitlines()
    assert lines[0] == "Train 1.0.0, a Training step"
    assert lines[1].split() == ["AlgorithmSpecification.TrainingImage", '{"$setting":"image"}', "usual"]
    unknown = smgen("explain", "Trian", cwd=tmp_path)
    assert (unknown.code, "did you mean  Train" in unknown.err) == (1, True)
    assert smgen("explain", "none.json", cwd=tmp_path).code == 2
    # The library's contracts are everybody's.
    assert smgen("explain", "XGBoostTraining", cwd=tmp_path).out.startswith("XGBoostTraining 1.0.0, a Training step\n")
