"""Corpus 05: a model of taxi fares, registered with the baselines that drift of its data is checked against."""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Cache, Environment, Execution, External, FluentPipelineBuilder, join
from smgen_steps import data_quality_check, model_evaluation, model_registration, xgboost_training
from tests.corpus import environment
from tests.corpus.golden.corpus_steps import taxi_preprocessing

NAME = "Pipeline"
ENVIRONMENT = replace(environment.ENVIRONMENT, model_package_groups={"fares": "ModelPackageGroup"})

PREFIX = "placeholder-base_job_prefix"


def drift_detection_build(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    p.string("InputSource", default="Studio")
    trips = p.string("InputDataUrl", default=env.uri(f"{PREFIX}/input/data"))
    zones = p.string("InputZonesUrl", default=env.uri(f"{PREFIX}/input/zones/taxi_zones.zip"))
    processing_instance = p.string("ProcessingInstanceType", default="ml.m5.xlarge")
    processing_instances = p.integer("ProcessingInstanceCount", default=1)
    baseline_instance = p.string("BaselineInstanceType", default="ml.m5.xlarge")
    training_instance = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    approval = p.string("ModelApprovalStatus", default="PendingManualApproval")
    model_output = p.string("ModelOutputUrl", default=env.uri(f"{PREFIX}/model"))
    p.string("OutputBaselineUrl", default=env.uri(f"{PREFIX}/baseline/"))
    no_cache = Cache("PT1H", enabled=False)
    group = env.model_package_group("fares")
    bucket = env.uri().removeprefix("s3://")

    preprocessing = p.add_step(
        "PreprocessData",
        taxi_preprocessing.StepBuilder(
            taxi_preprocessing.Config(instance_type=processing_instance, instance_count=processing_instances),
            trips=External(trips),
            zones=External(zones),
        ),
        cache=no_cache,
    )
    baseline = p.add_step(
        "DataQualityBaselineJob",
        data_quality_check.StepBuilder(
            data_quality_check.Config(
                instance_type=baseline_instance,
                model_package_group=group,
                skip_check=True,
                register_new_baseline=True,
            ),
            data=preprocessing.baseline,
        ).with_output_locations(
            statistics=join("/", "s3:/", bucket, PREFIX, Execution.PIPELINE_EXECUTION_ID, "dataqualitycheckstep")
        ),
        cache=no_cache,
    )
    training = p.add_step(
        "TrainModel",
        xgboost_training.StepBuilder(
            xgboost_training.Config(
                objective="reg:squarederror",
                num_round=100,
                early_stopping_rounds=10,
                max_depth=9,
                eta=0.2,
                gamma=4,
                min_child_weight=300,
                subsample=0.8,
                instance_type=training_instance,
                debugger_output=model_output,
                debugger_rule="CreateXgboostReport",
                debugger_collections=["feature_importance", "predictions", "metrics", "labels"],
                debugger_save_interval=5,
                debugger_first_round_collections=["hyperparameters"],
                profiler_output=model_output,
                disable_profiler=False,
            ),
            training_data=preprocessing.train,
            validation_data=preprocessing.validation,
        ).with_output_locations(model_artifacts=model_output),
        cache=no_cache,
    )
    evaluation = p.add_step(
        "EvaluateModel",
        model_evaluation.StepBuilder(
            model_evaluation.Config(instance_type=processing_instance),
            model=training.model_artifacts,
            test_data=preprocessing.test,
        ),
        cache=no_cache,
    )

    gate = p.condition("CheckEvaluation", evaluation.metrics.regression_metrics.rmse.value <= 7.0)
    gate.then.add_step(
        "RegisterModel-RegisterModel",
        model_registration.StepBuilder(
            model_registration.Config(
                model_package_group=group,
                approval_status=approval,
                realtime_instance_types=["ml.t2.medium", "ml.t2.large", "ml.m5.large"],
                transform_instance_types=["ml.m5.large"],
            ),
            model=training.model_artifacts,
            quality=evaluation.metrics,
            data_statistics=baseline.statistics,
            data_constraints=baseline.constraints,
            drift_statistics=baseline.drift_statistics,
            drift_constraints=baseline.drift_constraints,
        ),
    )
