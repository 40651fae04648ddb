"""Fraud: preprocess, train, evaluate, and register only what is good enough."""

from __future__ import annotations

from fraud_steps import data_baseline
from smgen.runtime import Cache, Environment, External, FluentPipelineBuilder, join
from smgen_steps import model_evaluation, model_registration, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    raw = p.string("RawData", default=env.uri("raw/"))
    limit = p.float("MaxError", default=6.0)

    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(raw)))
    baseline = p.add_step(
        "Baseline",
        data_baseline.StepBuilder(
            data_baseline.Config(REGION="EU"),
            data=preprocessing.processed_data,
        ),
    )
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=100, max_depth=5, instance_type="ml.m5.2xlarge"),
            training_data=preprocessing.processed_data,
            validation_data=preprocessing.validation_data,
        ),
    )
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(
            model=training.model_artifacts,
            test_data=preprocessing.test_data,
        ),
        cache=Cache.days(30),
    )
    error = evaluation.metrics.regression_metrics.mse.value
    fit = evaluation.metrics.regression_metrics.r2.value
    gate = p.condition("Gate", (error <= limit) & (fit >= 0.5))
    gate.then.add_step(
        "Register",
        model_registration.StepBuilder(
            model_registration.Config(
                model_package_group=env.model_package_group("fraud"),
                description=join(" ", "trained by", training.training_job_name),
            ),
            model=training.model_artifacts,
            quality=evaluation.metrics,
            data_statistics=baseline.statistics,
            drift_statistics=External(env.uri("drift/statistics.json")),
        ),
    )
    gate.otherwise.fail("TooWeak", join(" ", "mean squared error above", limit))
