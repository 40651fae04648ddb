"""Uses every feature of the golden package; both type checkers find nothing in it, and it runs."""

from golden_steps import all as steps
from golden_steps import (
    model_evaluation,
    model_training,
    record_preparation_training,
    record_preparation_validation,
    release_notice,
    searched_training,
)
from golden_steps.artifact_types import ModelArtifacts, ModelReport, TrainingData, ValidationData
from shared_types.artifact_types import Records
from smgen.runtime import (
    AUTO,
    TUNED,
    AutoRange,
    BooleanVariable,
    ContinuousRange,
    External,
    FloatVariable,
    FluentPipelineBuilder,
    IntegerVariable,
    Output,
    ReportFile,
    StringVariable,
    TuningProxy,
)
from typing_extensions import assert_type


def golden(p: FluentPipelineBuilder) -> None:
    depth = p.integer("Depth", default=3)
    region = p.string("Region", default="EU")
    metric = p.string("Metric", default="rmse")
    training = p.add_step(
        "Train",
        model_training.StepBuilder(
            model_training.Config(
                num_round=10,
                max_depth=depth,
                lambda_=0.5,
                REGION=region,
                volume_gb=30,
                layers=[1, depth],
                metrics=["mae", metric],
                weights={"a": 0.5},
                verbosity=1,
                quantile=0.5,
                model_config_="x",
            ),
            training_data=External("s3://bucket/train"),
        ).with_output_locations(model_artifacts="s3://bucket/model"),
    )
    assert_type(training.model_artifacts, Output[ModelArtifacts])
    assert_type(training.job_name, StringVariable)
    assert_type(training.billed_seconds, IntegerVariable)
    assert_type(training.loss, FloatVariable)
    assert_type(training.spot, BooleanVariable)

    records: Output[Records] | External[Records] = External("s3://bucket/records")
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(models=[training.model_artifacts], records=records, baselines=None),
    )
    assert_type(evaluation.report, Output[ModelReport])
    metrics = evaluation.metrics
    as_file: ReportFile[ModelReport] = metrics
    assert as_file is metrics
    assert_type(evaluation.summary.text, StringVariable)
    assert_type(metrics.regression.rmse, FloatVariable)
    assert_type(metrics.regression.count, IntegerVariable)
    assert_type(metrics.models[0].scores[1], FloatVariable)
    assert_type(metrics.class_, StringVariable)
    assert_type(metrics.location_, StringVariable)

    notice = p.add_step(
        "Tell",
        release_notice.StepBuilder(config=metrics.label, lambda_=depth, recipients=[region, training.job_name]),
    )
    assert_type(notice.class_, StringVariable)
    gate = p.condition("Gate", metrics.passed.equals(True) & (metrics.f1_score > 0.5) & (training.loss < 1))
    gate.otherwise.fail("Weak", notice.class_)

    # Each variant has its own ports, types and values.
    prepared = p.add_step(
        "Prepare",
        record_preparation_training.StepBuilder(
            record_preparation_training.Config(SHARE=0.5), records=External("s3://bucket/records")
        ),
    )
    assert_type(prepared.prepared, Output[TrainingData])
    checked = p.add_step(
        "Check",
        record_preparation_validation.StepBuilder(
            record_preparation_validation.Config(instance_type="ml.m5.24xlarge"),
            records=prepared.prepared,
            model=prepared.learnt,
        ).with_output_locations(prepared="s3://bucket/checked"),
    )
    assert_type(checked.prepared, Output[ValidationData])


def tuned(p: FluentPipelineBuilder) -> None:
    """A tuning of a training step: typed ranges, and the best jobs' outputs."""
    depth = p.integer("Rounds", default=20)
    rate = p.float("Rate", default=0.001)
    training = searched_training.StepBuilder(
        searched_training.Config(rounds=TUNED, learning_rate=TUNED, layers=[1], output_location="s3://bucket/jobs"),
        training_data=External("s3://bucket/train"),
    )
    tuning = p.add_step(
        "Tune",
        training.tune(
            maximize="accuracy",
            ranges=searched_training.Ranges(
                rounds=(10, depth),
                learning_rate=ContinuousRange(rate, 0.5, scaling="Logarithmic"),
                batch=[16, 64],
                optimizer=["sgd", "adam"],
                shuffle=[True, False],
                momentum=AutoRange(0.9),
            ),
            max_jobs=20,
            max_parallel_jobs=4,
            early_stopping="Auto",
            random_seed=depth,
            target_objective=0.99,
        ),
    )
    assert_type(tuning, TuningProxy[searched_training.SearchedTrainingTunedJob])
    assert_type(tuning.best.model_artifacts, Output[ModelArtifacts])
    assert_type(tuning.top(1).report, Output[ModelReport])
    assert_type(tuning.best.job_name, StringVariable)
    assert_type(tuning.best_training_job_name, StringVariable)
    assert_type(tuning.best_objective_value, FloatVariable)
    assert_type(tuning.completed_jobs, IntegerVariable)
    p.condition("Good", tuning.best_objective_value >= 0.8).otherwise.fail("Bad", tuning.best.job_name)
    training.tune(
        minimize="gain", ranges={"rounds": [1, 2], "learning_rate": (0.1, 0.2)}, strategy="Random", max_jobs=3
    )


def fits(training: Output[TrainingData], validation: Output[ValidationData], records: Output[Records]) -> None:
    """A subtype fits where its parent is asked for, whoever owns the parent."""
    model_evaluation.StepBuilder(models=AUTO, records=training)
    model_evaluation.StepBuilder(models=AUTO, records=validation)
    model_evaluation.StepBuilder(models=AUTO, records=records)
    steps.ModelTrainingStepBuilder(
        steps.ModelTrainingConfig(num_round=1, lambda_=1.0, volume_gb=1, REGION="NA"), training_data=training
    )
