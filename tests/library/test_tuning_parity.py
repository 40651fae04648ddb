"""A tuning step is what the SDK makes of the same training job and ranges; ``tests/parity/sdk_tuning.py`` asked it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.definition import Definition, compare, parse_definition
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import TUNED, ContinuousRange, Environment, External, FluentPipelineBuilder, WarmStart
from smgen_steps import create_model, xgboost_training

ANSWERS = Path(__file__).parents[1] / "data" / "parity" / "tuning"
ENVIRONMENT = Environment(
    "dev",
    account="111122223333",
    region="eu-west-1",
    role="arn:aws:iam::111122223333:role/pipeline",
    bucket="dev-bucket",
    output_kms_key="outputs",
    subnets=("subnet-1",),
    security_group_ids=("sg-1",),
    tags={"team": "risk"},
    images={"xgboost": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1.7-1"},
)

DEFINITION = "/Steps/0/Arguments/TrainingJobDefinition"
#: What differs after the normalisations, by SDK and JSON pointer, and why.
DIFFERENCES: dict[str, dict[str, str]] = {
    "sdk2": {
        f"{DEFINITION}/ResourceConfig": "v2 writes the machine as HyperParameterTuningResourceConfig; AWS takes either",
        f"{DEFINITION}/HyperParameterTuningResourceConfig": "the other half of that",
    },
    "sdk3": {},
}
VERSIONS = {"sdk2": "2.257.7", "sdk3": "3.27.0"}


def ours() -> tuple[JsonObject, JsonValue]:
    """The step and the location of the second best model."""
    p = FluentPipelineBuilder("Search", ENVIRONMENT)
    rounds, data = p.integer("Rounds", default=500), p.string("Data")
    training = xgboost_training.StepBuilder(
        xgboost_training.Config(
            num_round=TUNED,
            objective="binary:logistic",
            max_depth=5,
            subsample=0.7,
            max_runtime_s=3600,
            checkpoint_location="s3://dev-bucket/checkpoints",
        ),
        training_data=External(data),
    ).with_output_locations(model_artifacts="s3://dev-bucket/jobs")
    tuning = p.add_step(
        "Tune",
        training.tune(
            maximize="validation:auc",
            ranges=xgboost_training.Ranges(
                eta=ContinuousRange(0.01, 0.5, scaling="Logarithmic"),
                alpha=(0, 10),
                num_round=(50, rounds),
                booster=["gbtree", "dart"],
            ),
            strategy="Random",
            max_jobs=20,
            max_parallel_jobs=4,
            max_runtime_s=7200,
            random_seed=7,
            warm_start=WarmStart(["earlier-job"], type="TransferLearning"),
            target_objective=0.99,
            max_jobs_not_improving=5,
            complete_on_convergence=True,
        ),
    )
    p.add_step("Create", create_model.StepBuilder(model=tuning.top(1).model_artifacts))
    definition = p.build().definition
    tune, create = definition.step("Tune"), definition.step("Create")
    assert tune is not None
    assert create is not None
    container = create.arguments["PrimaryContainer"]
    assert isinstance(container, dict)
    return {"Name": "Tune", "Type": tune.type, "Arguments": tune.arguments}, container["ModelDataUrl"]


def of_step(step: JsonValue) -> Definition:
    return parse_definition({"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": [step]})


@pytest.mark.parametrize("sdk", VERSIONS)
def test_the_step_is_the_sdks(sdk: str) -> None:
    answer: JsonObject = json.loads((ANSWERS / f"{sdk}.json").read_text(encoding="utf-8"))
    assert answer["sdk"] == VERSIONS[sdk]
    step, model = ours()
    comparison = compare(of_step(step), of_step(answer["step"]))
    unexplained = comparison.unexplained(DIFFERENCES[sdk])
    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert model == answer["second_best_model"]
