"""A pipeline with the features that are found in real ones (FIELD, part B), written with typed builders."""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Cache, Environment, Execution, External, FluentPipelineBuilder, Retry, join
from smgen_steps import (
    batch_transform,
    create_model,
    data_quality_check,
    model_evaluation,
    model_registration,
    tabular_preprocessing,
    xgboost_training,
)
from tests.library.golden.kind_steps import model_lookup, scoring
from tests.library.kind_pipelines import ENVIRONMENT

FIELD_ENVIRONMENT = replace(
    ENVIRONMENT,
    subnets=("subnet-1", "subnet-2"),
    security_group_ids=("sg-1",),
    kms_key="key-1",
    output_kms_key="key-2",
    tags={"team": "ml"},
)


def field(p: FluentPipelineBuilder, env: Environment) -> None:
    """Parameters of every type bound to what they are bound to in the field, and every condition operator."""
    raw = p.string("InputData", default=env.uri("raw"))
    batch = p.string("BatchData", default=env.uri("batch"))
    instances = p.integer("ProcessingInstanceCount", default=1)
    processing_instance = p.string("ProcessingInstanceType", default="ml.m5.xlarge")
    training_instance = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    approval = p.string("ApprovalStatus", default="PendingManualApproval", enum=["Approved", "PendingManualApproval"])
    depth = p.integer("MaxDepth", default=5)
    rate = p.float("Eta", default=0.2)
    image = p.string("Image", default="xgboost:1")
    limit = p.float("Limit", default=6.0)
    mode = p.string("Mode", default="full")
    register_baseline = p.boolean("RegisterBaseline", default=False)

    preparation = p.add_step(
        "Prepare",
        tabular_preprocessing.StepBuilder(
            tabular_preprocessing.Config(instance_count=instances, instance_type=processing_instance),
            raw_data=External(raw),
        ),
        cache=Cache.days(30),
        retry=[
            Retry(("Step.SERVICE_FAULT", "Step.THROTTLING"), max_attempts=3, interval_seconds=10),
            Retry(("SageMaker.CAPACITY_ERROR",), expire_after_minutes=60),
        ],
        display_name="Prepare the data",
        description="Splits and encodes.",
    )
    builder = xgboost_training.StepBuilder(
        xgboost_training.Config(
            num_round=50,
            max_depth=depth,
            eta=rate,
            instance_type=training_instance,
            image=image,
            objective="reg:logistic",
        ),
        training_data=preparation.processed_data,
        validation_data=preparation.validation_data,
    )
    training = p.add_step("Train", builder)
    tuning = p.add_step(
        "Tune",
        builder.tune(minimize="validation:rmse", max_jobs=4, ranges=xgboost_training.Ranges(gamma=(0.1, 5.0))),
        after=[training],
    )
    lookup = p.add_step("Lookup", model_lookup.StepBuilder(model_lookup.Config(model_package_group_name="g")))
    evaluation = p.add_step(
        "Evaluate", model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preparation.test_data)
    )
    score = p.add_step(
        "Score",
        scoring.StepBuilder(
            scoring.Config(
                instance_count=instances,
                arguments=[
                    "--mode",
                    mode,
                    "--job",
                    training.training_job_name,
                    "--run",
                    Execution.PIPELINE_EXECUTION_ID,
                ],
            ),
            model=tuning.best.model_artifacts,
            rows=[preparation.test_data / "part.csv"],
            accuracy=lookup.accuracy,
        ),
    )
    quality = p.add_step(
        "Quality",
        data_quality_check.StepBuilder(
            data_quality_check.Config(register_new_baseline=register_baseline),
            data=preparation.processed_data,
            supplied_statistics=lookup.statistics,
        ),
    )
    reported = evaluation.metrics.regression_metrics.mse.value
    summary = score.summary
    gate = p.condition(
        "Gate",
        reported <= limit,
        summary.count >= instances,
        summary.mean > 0.5,
        summary.mean < lookup.accuracy,
        summary.label.equals("good"),
        summary.label.is_in(["good", mode]),
        summary.complete.equals(True) | lookup.approved.equals(True),
        ~(summary.count < 10),
        after=[quality],
    )
    created = gate.then.add_step(
        "Create",
        create_model.StepBuilder(create_model.Config(image=lookup.image_uri), model=training.model_artifacts),
    )
    gate.then.add_step(
        "Transform", batch_transform.StepBuilder(model=created.model, input_data=External(join("/", batch, "today")))
    )
    gate.then.add_step(
        "Register",
        model_registration.StepBuilder(
            model_registration.Config(
                model_package_group="g",
                approval_status=approval,
                image=lookup.image_uri,
                container_environment={"JOB": training.training_job_name},
            ),
            model=tuning.best.model_artifacts,
            quality=evaluation.metrics,
            data_statistics=quality.statistics,
            data_constraints=quality.constraints,
            drift_statistics=quality.drift_statistics,
            drift_constraints=quality.drift_constraints,
        ),
    )
    second = gate.otherwise.condition("Again", limit >= 3.0)
    second.then.add_step("CreateSecond", create_model.StepBuilder(model=tuning.top(1).model_artifacts))
    second.otherwise.fail("TooWeak", join(" ", "the error is above", limit, "in", Execution.PIPELINE_NAME))
