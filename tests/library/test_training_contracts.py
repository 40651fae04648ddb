"""What the contracts of the built-in algorithms write beyond what the recorded pipelines ask of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smgen.documents import JsonObject, JsonValue
from smgen.runtime import AUTO, Environment, External, FluentPipelineBuilder
from smgen_steps import create_model, random_cut_forest_training, xgboost_training
from tests.library.kind_pipelines import ENVIRONMENT


def request(
    builder: random_cut_forest_training.StepBuilder | xgboost_training.StepBuilder,
    environment: Environment = ENVIRONMENT,
) -> JsonObject:
    """The request of a training, of which a model is made."""
    p = FluentPipelineBuilder("training", environment)
    p.add_step("Train", builder)
    p.add_step("Create", create_model.StepBuilder(model=AUTO))
    found = p.build().definition.step("Train")
    assert found is not None
    return found.arguments


def channel(name: str, location: str, distribution: str, content_type: str) -> JsonValue:
    source: JsonValue = {"S3DataType": "S3Prefix", "S3Uri": location, "S3DataDistributionType": distribution}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "ContentType": content_type}


def test_random_cut_forest_reads_shares_of_the_records_and_all_labelled_ones() -> None:
    builder = random_cut_forest_training.StepBuilder(
        random_cut_forest_training.Config(feature_dim=3, eval_metrics=["accuracy", "precision_recall_fscore"]),
        training_data=External("s3://bucket/records"),
        test_data=External("s3://bucket/labelled"),
    ).with_output_locations(model_artifacts="s3://bucket/models")

    machine: JsonObject = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
    assert request(builder, replace(ENVIRONMENT, kms_key="key-1", output_kms_key="key-2")) == {
        "AlgorithmSpecification": {
            "TrainingImage": "438346466558.dkr.ecr.eu-west-1.amazonaws.com/randomcutforest:1",
            "TrainingInputMode": "File",
        },
        "RoleArn": ENVIRONMENT.role,
        "InputDataConfig": [
            channel("train", "s3://bucket/records", "ShardedByS3Key", "text/csv;label_size=0"),
            channel("test", "s3://bucket/labelled", "FullyReplicated", "text/csv;label_size=1"),
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/models", "KmsKeyId": "key-2"},
        "ResourceConfig": {**machine, "VolumeKmsKeyId": "key-1"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        "HyperParameters": {"feature_dim": "3", "eval_metrics": '["accuracy","precision_recall_fscore"]'},
    }


@pytest.mark.parametrize(
    ("collections", "interval", "first_round", "expected"),
    [
        (None, None, None, []),
        (None, 5, None, []),
        (["metrics"], None, None, [{"CollectionName": "metrics"}]),
        (["metrics"], 5, None, [{"CollectionName": "metrics", "CollectionParameters": {"save_interval": "5"}}]),
        (
            ["metrics"],
            None,
            ["hyperparameters"],
            [
                {"CollectionName": "metrics"},
                {"CollectionName": "hyperparameters", "CollectionParameters": {"save_steps": "0"}},
            ],
        ),
    ],
)
def test_what_debugger_saves_of_a_training(
    collections: list[str] | None, interval: int | None, first_round: list[str] | None, expected: JsonValue
) -> None:
    config = xgboost_training.Config(
        num_round=10,
        debugger_output="s3://bucket/debug",
        debugger_collections=None if collections is None else [*collections],
        debugger_save_interval=interval,
        debugger_first_round_collections=None if first_round is None else [*first_round],
    )
    builder = xgboost_training.StepBuilder(config, training_data=External("s3://bucket/rows"))
    hook: JsonValue = {"S3OutputPath": "s3://bucket/debug", "CollectionConfigurations": expected}
    assert request(builder)["DebugHookConfig"] == hook
