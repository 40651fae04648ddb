"""What differs between environments becomes theirs, under a name; other differences are findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.definition import parse_definition
from smgen.documents import JsonObject, JsonValue, object_at
from smgen.importer import ImportedPipeline, import_pipeline
from tests.importer.round_trip import round_trip

ACCOUNTS = {"dev": "111122223333", "prod": "444455556666"}


def _train(environment: str, **more: JsonValue) -> JsonObject:
    account = ACCOUNTS[environment]
    return {
        "RoleArn": f"arn:aws:iam::{account}:role/Trainer",
        "AlgorithmSpecification": {
            "TrainingImage": f"{account}.dkr.ecr.eu-west-1.amazonaws.com/team/boost:3",
            "TrainingInputMode": "File",
        },
        "OutputDataConfig": {"S3OutputPath": f"s3://{environment}-runs/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        **more,
    }


def _definition(steps: list[JsonValue], parameters: list[JsonValue] | None = None) -> JsonObject:
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": steps}


def _one(environment: str, **more: JsonValue) -> JsonObject:
    return _definition([{"Name": "Train", "Type": "Training", "Arguments": _train(environment, **more)}])


def test_roles_images_and_buckets(tmp_path: Path) -> None:
    built = round_trip(tmp_path, {"dev": _one("dev"), "prod": _one("prod")})

    assert [built.comparison(name).differences for name in ACCOUNTS] == [(), ()]
    dev, prod = built.pipeline.environments
    assert (dev.account, dev.region, dev.role, dev.bucket) == (
        "111122223333",
        "eu-west-1",
        "arn:aws:iam::111122223333:role/Trainer",
        "dev-runs",
    )
    assert prod.images == {"boost": "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/boost:3"}
    assert prod.values == {}
    assert 'train.StepBuilder().with_output_locations(model_artifacts=env.uri("models"))' in built.module
    assert built.pipeline.contracts["Train"]["settings"] == {
        "image": {"default": {"image": "boost"}},
        "instance_type": {"default": "ml.m5.xlarge"},
        "instance_count": {"default": 1},
        "volume_size_gb": {"default": 30},
        "max_runtime_s": {"default": 60},
    }


def test_one_definition_says_what_is_bound_to_its_account(tmp_path: Path) -> None:
    built = round_trip(tmp_path, {"dev": _one("dev")})

    assert "111122223333" not in built.module
    assert "dev-runs" not in built.module
    assert "111122223333" not in str(built.pipeline.contracts)


def test_a_region_among_several_is_a_guess() -> None:
    far = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    document = _one("dev", AlgorithmSpecification={"TrainingImage": far, "TrainingInputMode": "File"})
    steps = document["Steps"]
    assert isinstance(steps, list)
    steps.append({**object_at(steps[0]), "Name": "Other", "Arguments": _train("dev")})
    (guess,) = [item for item in _imported(document).guesses if item.subject == "the region of dev"]

    assert guess.words == (
        "what the definition names lies in several regions (us-east-1 once, eu-west-1 once);"
        " us-east-1 was taken for the pipeline's"
    )
    assert not [item for item in _imported(_one("dev")).guesses if "region" in item.subject]


def _imported(document: JsonObject) -> ImportedPipeline:
    return import_pipeline("Imported", {"dev": parse_definition(document)})


def test_a_network_keys_and_tags_may_be_in_one_environment_only(tmp_path: Path) -> None:
    more: dict[str, JsonValue] = {
        "VpcConfig": {
            "SecurityGroupIds": ["sg-0123456789abcdef0"],
            "Subnets": ["subnet-0123456789abcdef0", "subnet-1"],
        },
        "Tags": [{"Key": "team", "Value": "risk"}],
        "OutputDataConfig": {"S3OutputPath": "s3://prod-runs/models", "KmsKeyId": "alias/runs"},
    }
    built = round_trip(tmp_path, {"dev": _one("dev"), "prod": _one("prod", **more)})

    assert [built.comparison(name).differences for name in ACCOUNTS] == [(), ()]
    dev, prod = built.pipeline.environments
    assert (dev.subnets, dev.tags, dev.output_kms_key) == ((), {}, None)
    assert (prod.subnets, prod.security_group_ids) == (
        ("subnet-0123456789abcdef0", "subnet-1"),
        ("sg-0123456789abcdef0",),
    )
    assert (prod.tags, prod.output_kms_key) == ({"team": "risk"}, "alias/runs")


def test_other_values_are_called_as_their_place(tmp_path: Path) -> None:
    machines: dict[str, JsonValue] = {"InstanceType": "ml.m5.4xlarge", "InstanceCount": 2, "VolumeSizeInGB": 30}
    built = round_trip(tmp_path, {"dev": _one("dev"), "prod": _one("prod", ResourceConfig=machines)})

    assert [built.comparison(name).differences for name in ACCOUNTS] == [(), ()]
    assert [item.values for item in built.pipeline.environments] == [
        {"train_instance_type": "ml.m5.xlarge", "train_instance_count": 1},
        {"train_instance_type": "ml.m5.4xlarge", "train_instance_count": 2},
    ]
    assert 'instance_type=env.choice("train_instance_type", "ml.m5.xlarge", "ml.m5.4xlarge")' in built.module
    assert 'instance_count=env.integer("train_instance_count")' in built.module


def test_defaults_of_parameters(tmp_path: Path) -> None:
    def document(environment: str, limit: float, zone: str) -> JsonObject:
        parameters: list[JsonValue] = [
            {"Name": "Raw", "Type": "String", "DefaultValue": f"s3://{environment}-runs/raw"},
            {"Name": "Other", "Type": "String", "DefaultValue": f"s3://{environment}-landing/raw"},
            {"Name": "Limit", "Type": "Float", "DefaultValue": limit},
            {"Name": "Zone", "Type": "String", "DefaultValue": zone},
            {"Name": "Same", "Type": "String", "DefaultValue": "x"},
        ]
        fail: JsonObject = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}}
        arguments = _train(environment)
        return _definition([{"Name": "Train", "Type": "Training", "Arguments": arguments}, fail], parameters)

    built = round_trip(tmp_path, {"dev": document("dev", 6.0, "a"), "prod": document("prod", 5.0, "b")})

    assert [built.comparison(name).differences for name in ACCOUNTS] == [(), ()]
    assert [item.parameters for item in built.pipeline.environments] == [
        {"Limit": 6.0, "Zone": "a"},
        {"Limit": 5.0, "Zone": "b"},
    ]
    assert built.pipeline.environments[1].values == {"other_bucket": "prod-landing"}
    assert 'p.string("Raw", default=env.uri("raw"))' in built.module
    assert 'p.string("Other", default=f"s3://{env.text(\'other_bucket\')}/raw")' in built.module
    assert 'p.float("Limit")' in built.module


def _found(dev: JsonObject, prod: JsonObject) -> list[tuple[str, str | None]]:
    definitions = {"dev": parse_definition(dev, file="dev.json"), "prod": parse_definition(prod, file="prod.json")}
    found = import_pipeline("Imported", definitions).findings
    assert all(item.rule == "SMG133" and item.expected_at is not None for item in found)
    return [(item.message, item.place.pointer) for item in found]


def test_differences_in_structure_are_findings_all_at_once() -> None:
    dev, prod = _one("dev", Tags=[{"Key": "a"}]), _one("prod", RetryStrategy={"MaximumRetryAttempts": 1})
    prod["Parameters"] = [{"Name": "More", "Type": "String"}]
    steps = prod["Steps"]
    assert isinstance(steps, list)
    steps.append({"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}})

    only = "is in one environment only"
    assert _found(dev, prod) == [
        (f"the member Tags {only}: 'dev' differs from 'prod'", "/Steps/0/Arguments/Tags"),
        (f"the parameter 'More' {only}: 'prod' differs from 'dev'", "/Parameters/0"),
        (f"the member RetryStrategy {only}: 'prod' differs from 'dev'", "/Steps/0/Arguments/RetryStrategy"),
        (f"the step 'Stop' {only}: 'prod' differs from 'dev'", "/Steps/1"),
    ]


@pytest.mark.parametrize(
    ("dev", "prod", "pointer"),
    [
        ({"CacheConfig": {"Enabled": True}}, {"CacheConfig": {"Enabled": False}}, "/Steps/0/CacheConfig/Enabled"),
        ({"DisplayName": "a"}, {"DisplayName": "b"}, "/Steps/0/DisplayName"),
        ({"DependsOn": []}, {"DependsOn": ["x"]}, "/Steps/0/DependsOn"),
        ({"Type": "Training"}, {"Type": "Tuning"}, "/Steps/0/Type"),
    ],
)
def test_what_no_environment_can_say(dev: JsonObject, prod: JsonObject, pointer: str) -> None:
    step: JsonObject = {"Name": "Train", "Type": "Training"}
    documents = [
        _definition([{**step, "Arguments": _train(environment), **more}])
        for environment, more in (("dev", dev), ("prod", prod))
    ]

    assert [at for _, at in _found(*documents)] == [pointer]


def test_the_places_of_both_are_told() -> None:
    dev, prod = _one("dev"), _one("prod")
    steps = prod["Steps"]
    assert isinstance(steps, list)
    steps.insert(0, {"Name": "First", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}})
    definitions = {"dev": parse_definition(dev, file="dev.json"), "prod": parse_definition(prod, file="prod.json")}
    (finding,) = import_pipeline("Imported", definitions).findings

    assert (finding.place.file, finding.place.pointer, finding.place.step) == ("prod.json", "/Steps/0", "First")
    assert finding.expected_at is not None
    assert (finding.expected_at.file, finding.expected_at.pointer) == ("dev.json", "/Steps")
