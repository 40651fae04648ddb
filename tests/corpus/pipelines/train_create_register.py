"""Corpus 02: preprocess, train, create the model and register it, as SDK v3's ModelTrainer and ModelBuilder do."""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Cache, Environment, External, FluentPipelineBuilder
from smgen_steps import create_model, model_registration, xgboost_training
from tests.corpus import environment
from tests.corpus.golden.corpus_steps import abalone_shard_preprocessing

NAME = "pipeline-v3"
ENVIRONMENT = replace(environment.ENVIRONMENT, model_package_groups={"abalone": "my-model-package-group"})


def train_create_register(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    processing_instances = p.integer("ProcessingInstanceCount", default=1)
    training_instance = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    input_data = p.string(
        "InputDataUrl", default=f"s3://{env.text('sample_bucket')}/datasets/tabular/uci_abalone/abalone.csv"
    )
    p.string("ModelApprovalStatus", default="PendingManualApproval")
    max_depth = p.integer("MaxDepth", default=5)
    cache = Cache("30d")

    preprocessing = p.add_step(
        "PreprocessAbaloneData",
        abalone_shard_preprocessing.StepBuilder(
            abalone_shard_preprocessing.Config(instance_count=processing_instances),
            raw_data=External(input_data),
        ).with_output_locations(
            train=env.uri("pipeline-v3/train"),
            validation=env.uri("pipeline-v3/validation"),
            test=env.uri("pipeline-v3/test"),
        ),
        cache=cache,
    )
    training = p.add_step(
        "TrainModelTestStep",
        xgboost_training.StepBuilder(
            xgboost_training.Config(
                objective="reg:linear",
                num_round=50,
                max_depth=max_depth,
                eta=0.2,
                gamma=4,
                min_child_weight=6,
                subsample=0.7,
                silent=0,
                instance_type=training_instance,
                max_runtime_s=3600,
                training_input_mode="File",
                validation_input_mode="File",
                model_compression="GZIP",
            ),
            training_data=preprocessing.train,
            validation_data=preprocessing.validation,
        ).with_output_locations(model_artifacts=env.uri("v3-pipeline-example-xgboost-train")),
        cache=cache,
    )
    p.add_step("CreateModel", create_model.StepBuilder(model=training.model_artifacts))
    p.add_step(
        "RegisterModel",
        model_registration.StepBuilder(
            model_registration.Config(
                model_package_group=env.model_package_group("abalone"),
                approval_status="Approved",
                content_types=["application/json"],
                response_types=["application/json"],
                realtime_instance_types=["ml.m5.xlarge"],
            ),
            model=training.model_artifacts,
        ),
    )
