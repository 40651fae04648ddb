"""Corpus 04: the two best models of a tuning are created, and the best one is registered if it is good enough."""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Cache, ContinuousRange, Environment, Execution, External, FluentPipelineBuilder, join
from smgen_steps import create_model, model_registration, xgboost_training
from tests.corpus import environment
from tests.corpus.golden.corpus_steps import abalone_evaluation_tuning, abalone_preprocessing

NAME = "tuning-step-pipeline"
ENVIRONMENT = replace(environment.ENVIRONMENT, model_package_groups={"abalone": "tuning-job-model-packages"})


def hyperparameter_tuning(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    processing_instances = p.integer("ProcessingInstanceCount", default=1)
    training_instance = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    input_data = p.string(
        "InputDataUrl", default=f"s3://{env.text('sample_bucket')}/datasets/tabular/uci_abalone/abalone.csv"
    )
    approval = p.string("ModelApprovalStatus", default="PendingManualApproval")
    cache = Cache("30d")

    # One folder for all three parts: a mistake of the author, which the checks report.
    parts = join(
        "/",
        "s3:/",
        env.uri().removeprefix("s3://"),
        "tuning-step-example",
        Execution.PIPELINE_EXECUTION_ID,
        "PreprocessAbaloneDataForHPO",
    )
    preprocessing = p.add_step(
        "PreprocessAbaloneDataForHPO",
        abalone_preprocessing.StepBuilder(
            abalone_preprocessing.Config(instance_count=processing_instances),
            raw_data=External(input_data),
        ).with_output_locations(train=parts, validation=parts, test=parts),
    )
    training = xgboost_training.StepBuilder(
        xgboost_training.Config(
            eval_metric="rmse",
            objective="reg:squarederror",
            num_round=50,
            max_depth=5,
            eta=0.2,
            gamma=4,
            min_child_weight=6,
            subsample=0.7,
            silent=0,
            instance_type=training_instance,
        ),
        training_data=preprocessing.train,
        validation_data=preprocessing.validation,
    ).with_output_locations(model_artifacts=env.uri("tuning-step-example/AbaloneTrain"))
    tuning = p.add_step(
        "HPTuning",
        training.tune(
            minimize="validation:rmse",
            strategy="Random",
            max_jobs=3,
            max_parallel_jobs=3,
            ranges=xgboost_training.Ranges(
                alpha=ContinuousRange(0.01, 10, scaling="Logarithmic"),
                lambda_=ContinuousRange(0.01, 10, scaling="Logarithmic"),
            ),
        ),
        cache=cache,
    )
    p.add_step("CreateBestModel-CreateModel", create_model.StepBuilder(model=tuning.best.model_artifacts))
    p.add_step("CreateSecondBestModel-CreateModel", create_model.StepBuilder(model=tuning.top(1).model_artifacts))
    evaluation = p.add_step(
        "EvaluateTopModel",
        abalone_evaluation_tuning.StepBuilder(
            model=tuning.best.model_artifacts,
            test_data=preprocessing.test,
        ),
        cache=cache,
    )

    gate = p.condition("CheckMSEAbaloneEvaluation", evaluation.metrics.regression_metrics.mse.value <= 6.0)
    gate.then.add_step(
        "RegisterBestAbaloneModel-RegisterModel",
        model_registration.StepBuilder(
            model_registration.Config(
                model_package_group=env.model_package_group("abalone"),
                approval_status=approval,
                realtime_instance_types=["ml.t2.medium", "ml.m5.large"],
                transform_instance_types=["ml.m5.large"],
            ),
            model=tuning.best.model_artifacts,
        ),
    )
