"""Mistakes that a generator does not reach, each on a marked line beside its right use."""

from collections.abc import Sequence

from typing_extensions import assert_type

from smgen.runtime import (
    AUTO,
    TUNED,
    Cache,
    Condition,
    ContinuousRange,
    Environment,
    External,
    FluentPipelineBuilder,
    IntegerRange,
    Output,
    Retry,
    StringVariable,
    Variable,
    join,
)
from smgen_steps import (
    batch_transform,
    create_model,
    model_evaluation,
    model_registration,
    tabular_preprocessing,
    xgboost_training,
)
from smgen_steps.artifact_types import Dataset, ModelArtifacts, TestData, TrainingData


def pipeline(
    p: FluentPipelineBuilder, env: Environment, flag: bool, number: int, dataset: Output[Dataset]
) -> None:
    raw = p.string("RawData")
    limit = p.float("MaxError", default=6.0)
    depth = p.integer("Depth", default=3)
    fast = p.boolean("Fast", default=False)
    assert_type(raw, Variable[str])
    assert_type(limit, Variable[float])
    p.float("Limit", default="6.0")  # E
    p.integer("Rounds", default=0.5)  # E
    p.string("Name", default=7)  # E

    prepared = p.add_step("Prepare", tabular_preprocessing.StepBuilder(raw_data=External(raw)))
    trained = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=100, max_depth=depth),
            training_data=prepared.processed_data,
            validation_data=AUTO,
        ),
        cache=Cache.days(30),
        retry=Retry(("SageMaker.CAPACITY_ERROR",), max_attempts=3),
    )
    evaluated = p.add_step(
        "Evaluate", model_evaluation.StepBuilder(model=trained.model_artifacts, test_data=prepared.test_data)
    )
    config = xgboost_training.Config(num_round=1)

    # What a port takes: a reference to its kind of artifact, and nothing else.
    stored = External(raw)
    xgboost_training.StepBuilder(config, training_data=stored)
    xgboost_training.StepBuilder(config, training_data=prepared.processed_data / "part-0.csv")
    xgboost_training.StepBuilder(config, training_data=trained.model_artifacts)  # E
    xgboost_training.StepBuilder(config, training_data=prepared.test_data)  # E
    xgboost_training.StepBuilder(config, training_data=prepared)  # E
    xgboost_training.StepBuilder(config, training_data=None)  # E
    xgboost_training.StepBuilder(config, training_data=[prepared.processed_data])  # E
    xgboost_training.StepBuilder(config, training_data="s3://bucket/train")  # E
    xgboost_training.StepBuilder(config, training_data=raw)  # E
    xgboost_training.StepBuilder(config, training_data=prepared.processed_data.location)  # E
    xgboost_training.StepBuilder(config, training_data=External(7))  # E
    xgboost_training.StepBuilder(config, training_data=tabular_preprocessing.StepBuilder)  # E
    xgboost_training.StepBuilder(config, prepared.processed_data)  # E
    xgboost_training.StepBuilder(tabular_preprocessing.Config(), training_data=prepared.processed_data)  # E
    model_evaluation.StepBuilder(model=trained.training_job_name, test_data=prepared.test_data)  # E
    model_evaluation.StepBuilder(model=trained.model_artifacts, test_data=evaluated.metrics)  # E
    batch_transform.StepBuilder(model=trained.model_artifacts, input_data=External(raw))  # E
    batch_transform.StepBuilder(model=create_model.StepBuilder(model=trained.model_artifacts), input_data=AUTO)  # E
    wider: Output[Dataset] = prepared.processed_data
    narrower: Output[TrainingData] = dataset  # E
    other_file: Output[ModelArtifacts] = prepared.test_data / "test.csv"  # E
    several: Sequence[Output[TestData]] = prepared.test_data  # E

    # Reports: every member has its name and type.
    error = evaluated.metrics.regression_metrics.mse.value
    assert_type(error, Variable[float])
    evaluated.metrics.regression_metrics.mse.valeu  # E
    evaluated.metrics.regression_metrics.mean_squared_error  # E
    evaluated.metrics.mse  # E
    evaluated.metrics["regression_metrics"]  # E
    xgboost_training.Config(num_round=error)  # E
    xgboost_training.Config(num_round=1, objective=error)  # E

    # Conditions: numbers with numbers, texts with texts, and no truth value before the pipeline runs.
    good: Condition = (error <= limit) & ~(depth > 8) | trained.training_job_name.equals("a")
    p.condition("Gate", good, raw.is_in(["a", "b"]))
    p.condition("Text", raw <= 3)  # E
    p.condition("Number", limit <= "6")  # E
    p.condition("Equal", limit == 6)  # E
    p.condition("Python", flag)  # E
    p.condition("Bare", error)  # E
    p.condition("Texts", raw.equals(3))  # E
    p.condition("Flag", fast.equals("yes"))  # E
    p.condition("In", raw.is_in([1, 2]))  # E
    p.condition("Model", trained.model_artifacts <= limit)  # E
    p.condition("Member", good & flag)  # E
    p.condition("NoBrackets", error <= limit & limit >= 0.5)  # E
    p.condition("Inverted", ~flag)  # E

    # Nothing is computed, and no text is changed, before the pipeline runs.
    limit * 2  # E
    1 + limit  # E
    -depth  # E
    abs(limit)  # E
    raw + "/part"  # E
    raw[0]  # E
    raw.split("/")  # E
    trained.model_artifacts + "/model"  # E
    prepared["test_data"]  # E

    # Values: a variable of the field's type, or a value of it.
    xgboost_training.Config(num_round=number, eta=limit, instance_type=raw)
    xgboost_training.Config(num_round=limit)  # E
    xgboost_training.Config(num_round=1, eta=raw)  # E
    xgboost_training.Config(num_round=1, instance_type="ml.m5.xlrage")  # E
    xgboost_training.Config(num_round=1, instance_type=depth)  # E
    xgboost_training.Config(num_round=1, lambda_="0.1")  # E
    xgboost_training.Config(100)  # E
    types: list[str] = ["text/csv"]
    variables: dict[str, str] = {"LEVEL": "1"}
    model_registration.Config(model_package_group="g", content_types=types, container_environment=variables)
    model_registration.Config(model_package_group="g", content_types=("text/csv", raw))
    model_registration.Config(model_package_group="g", container_environment={"LEVEL": raw})
    model_registration.Config(model_package_group="g", content_types=["text/csv", 3])  # E
    model_registration.Config(model_package_group="g", content_types={"text/csv"})  # E
    model_registration.Config(model_package_group="g", content_types=3)  # E
    model_registration.Config(model_package_group="g", container_environment={"LEVEL": 1})  # E
    model_registration.Config(model_package_group="g", container_environment=[("LEVEL", "1")])  # E
    join("/", trained.model_artifacts, "x")  # E
    text: StringVariable = join("/", trained.model_artifacts.location, depth, "x")
    p.fail("Broken", limit)  # E
    p.fail("Failed", text)

    # Steps: an outcome is no step, a name is no reference.
    p.add_step("Again", xgboost_training.StepBuilder(config, training_data=stored), after=[trained])
    p.add_step("After", xgboost_training.StepBuilder(config, training_data=stored), after=["Train"])  # E
    p.add_step("Cached", xgboost_training.StepBuilder(config, training_data=stored), cache="P30D")  # E
    p.add_step("Config", config)  # E
    p.add_step(xgboost_training.StepBuilder(config, training_data=stored), "Order")  # E
    Retry(("SageMaker.CAPACITY",), max_attempts=3)  # E
    env.image(xgboost_training)  # E
    env.bukket  # E

    # Tuning: ranges of the hyperparameter's type, metrics of the contract, outputs of a job and not of the step.
    marked = xgboost_training.StepBuilder(xgboost_training.Config(num_round=TUNED), training_data=stored)
    searched = xgboost_training.Ranges(num_round=(10, depth), eta=ContinuousRange(0.1, limit), booster=["dart", raw])
    tuned = p.add_step("Tune", marked.tune(maximize="validation:auc", ranges=searched, max_jobs=depth))
    assert_type(tuned.best.model_artifacts, Output[ModelArtifacts])
    assert_type(tuned.best_objective_value, Variable[float])
    create_model.StepBuilder(model=tuned.top(1).model_artifacts)
    create_model.StepBuilder(model=tuned.best)  # E
    create_model.StepBuilder(model=tuned)  # E
    create_model.StepBuilder(model=tuned.model_artifacts)  # E
    tuned.best_training_job  # E
    tuned.best.objective  # E
    tuned.top("0")  # E
    marked.tune(maximize="validation:rmse", ranges=searched, max_jobs=3)  # E
    marked.tune(minimize="validation:auc", ranges=searched, max_jobs=3)  # E
    marked.tune(maximize="validation:auc", max_jobs=3)  # E
    marked.tune(maximize="validation:auc", ranges=searched, max_jobs=0.5)  # E
    marked.tune(maximize="validation:auc", ranges=searched, max_jobs=3, strategy="Baysian")  # E
    marked.tune(maximize="validation:auc", ranges=searched, max_jobs=3, early_stoping="Auto")  # E
    marked.tune(maximize="validation:auc", ranges={"eta": (0.1, 0.2), "max_dept": (1, 2)}, max_jobs=3)  # E
    marked.tune(maximize="validation:auc", ranges=searched, max_jobs=3, warm_start=["earlier"])  # E
    xgboost_training.Ranges(num_round=ContinuousRange(1, 2))  # E
    xgboost_training.Ranges(num_round=(1, 2, 3))  # E
    xgboost_training.Ranges(num_round=(limit, 2))  # E
    xgboost_training.Ranges(booster=("gbtree", "dart"))  # E
    xgboost_training.Ranges(booster="dart")  # E
    xgboost_training.Ranges(instance_type=["ml.m5.xlarge"])  # E
    ContinuousRange(0.1, 0.2, scaling="Log")  # E
    IntegerRange(0.1, 2)  # E
    tabular_preprocessing.StepBuilder(raw_data=stored).tune(ranges={}, max_jobs=3)  # E
