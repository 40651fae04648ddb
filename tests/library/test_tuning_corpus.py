"""The recorded tuning step, written with the library's training contract, is what the SDK made, but for a list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.definition import Definition, compare, parse_definition
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import Cache, CompiledPipeline, ContinuousRange, Environment, External, FluentPipelineBuilder
from smgen_steps import create_model, tabular_preprocessing, xgboost_training

RECORDED = Path(__file__).parents[1] / "data" / "corpus" / "04-hyperparameter-tuning.json"
ENVIRONMENT = Environment(
    "dev",
    account="111122223333",
    region="eu-west-1",
    role="arn:aws:iam::111122223333:role/Tuning",
    bucket="tuning-dev",
    images={"xgboost": "xgboost:1.7-1", "scikit-learn": "scikit-learn:1.2-1"},
)
STEPS = ("HPTuning", "CreateBestModel-CreateModel", "CreateSecondBestModel-CreateModel")

#: What differs after the normalisations, by JSON pointer, and why. A pointer covers its subtree.
DIFFERENCES = {
    "/Steps/0/Arguments/TrainingJobDefinition/ResourceConfig": (
        "SDK v2 writes the machine of a tuned job as HyperParameterTuningResourceConfig, v3 and smgen as the "
        "ResourceConfig of the training job; AWS takes either"
    ),
    "/Steps/0/Arguments/TrainingJobDefinition/HyperParameterTuningResourceConfig": "the other half of that",
}
#: How often each normalisation made a difference go away: the models have no environment variables.
NORMALISATIONS = {"N1": 0, "N2": 2, "N3": 0, "N4": 0}


@pytest.fixture(scope="module")
def compiled() -> CompiledPipeline:
    p = FluentPipelineBuilder("tuning-step-pipeline", ENVIRONMENT)
    instance_type = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    data = p.string("InputDataUrl", default="s3://tuning-dev/abalone.csv")
    raw = tabular_preprocessing.StepBuilder(raw_data=External(data))
    preprocessing = p.add_step("PreprocessAbaloneDataForHPO", raw)
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
            instance_type=instance_type,
        ),
        training_data=preprocessing.processed_data,
        validation_data=preprocessing.validation_data,
    ).with_output_locations(model_artifacts=ENVIRONMENT.uri("tuning-step-example/AbaloneTrain"))
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
        cache=Cache("30d"),
    )
    p.add_step("CreateBestModel-CreateModel", create_model.StepBuilder(model=tuning.best.model_artifacts))
    p.add_step("CreateSecondBestModel-CreateModel", create_model.StepBuilder(model=tuning.top(1).model_artifacts))
    return p.build()


def with_steps(definition: JsonObject) -> Definition:
    """The definition with the steps that are compared."""
    steps: list[JsonValue] = definition["Steps"] if isinstance(definition["Steps"], list) else []
    named = {str(step["Name"]): step for step in steps if isinstance(step, dict)}
    return parse_definition({**definition, "Parameters": [], "Steps": [named[name] for name in STEPS]})


def recorded() -> JsonObject:
    text = json.dumps(json.loads(RECORDED.read_text(encoding="utf-8"))["definition"])
    for placeholder, value in {
        "<BUCKET_2>": ENVIRONMENT.bucket,
        "<ROLE_ARN>": ENVIRONMENT.role,
        "<IMAGE:sagemaker-xgboost:2>": ENVIRONMENT.images["xgboost"],
    }.items():
        assert placeholder in text
        assert value is not None
        text = text.replace(placeholder, value)
    filled: JsonObject = json.loads(text)
    return filled


def test_the_step_is_the_recorded_one(compiled: CompiledPipeline) -> None:
    comparison = compare(with_steps(compiled.definition.document), with_steps(recorded()))
    unexplained = comparison.unexplained(DIFFERENCES)
    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert comparison.counts == NORMALISATIONS


def test_the_best_models_are_what_the_sdk_reads(compiled: CompiledPipeline) -> None:
    locations: list[JsonValue] = []
    for name in STEPS[1:]:
        step = compiled.definition.step(name)
        assert step is not None
        container = step.arguments["PrimaryContainer"]
        assert isinstance(container, dict)
        locations.append(container["ModelDataUrl"])
    job = "Steps.HPTuning.TrainingJobSummaries[{}].TrainingJobName"
    folder: list[JsonValue] = ["s3:/", "tuning-dev", "tuning-step-example/AbaloneTrain"]
    assert locations == [
        {"Std:Join": {"On": "/", "Values": [*folder, {"Get": job.format(rank)}, "output/model.tar.gz"]}}
        for rank in (0, 1)
    ]
