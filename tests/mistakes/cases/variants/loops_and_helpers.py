"""Steps that are added in loops and by helpers, under names that are made of plain values."""

from typing import NamedTuple

from smgen.runtime import (
    BranchBuilder,
    Environment,
    External,
    FloatVariable,
    FluentPipelineBuilder,
    Output,
    StringVariable,
)
from smgen_steps import create_model, model_evaluation, tabular_preprocessing, xgboost_training
from smgen_steps.artifact_types import ModelArtifacts, TestData


class Trained(NamedTuple):
    name: str
    model: Output[ModelArtifacts]
    test_data: Output[TestData]


REGIONS = ("eu", "us")


def trained(p: BranchBuilder, region: str, raw: StringVariable | str, depth: int) -> Trained:
    name = f"Train-{region.upper()}-{depth:02d}"
    preprocessing = p.add_step(
        f"Preprocess-{region}-{depth}", tabular_preprocessing.StepBuilder(raw_data=External(raw))
    )
    training = p.add_step(
        name,
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=10, max_depth=depth), training_data=preprocessing.processed_data
        ),
    )
    return Trained(name, training.model_artifacts, preprocessing.test_data)


def judged(p: BranchBuilder, found: Trained) -> FloatVariable:
    step = p.add_step(
        "Evaluate-" + found.name,
        model_evaluation.StepBuilder(model=found.model, test_data=found.test_data),
        description="Judges %s" % found.name,
    )
    return step.metrics.regression_metrics.mae.value


def labelled(raw: str, error: float) -> str:
    return f"{raw}/{error}/{str(error)}" if 0 < error <= 1 and not raw.endswith("/") else "{}".format(raw)


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    raw = {region: p.string(f"Raw-{region}", default=env.uri(f"raw/{region}/")) for region in REGIONS}
    models = [trained(p, region, raw[region], depth) for region in REGIONS for depth in (3, 7)]
    models.sort(key=lambda found: f"{found.name}")
    labels = ", ".join(labelled(region, len(region) / 2) for region in REGIONS)
    errors = [judged(p, found) for found in models]
    for position, (found, error) in enumerate(zip(models, errors)):
        gate = p.condition(f"Gate-{position}", error <= 3, description=f"{found.name} of {labels}")
        gate.then.add_step(f"Serve-{found.name}", create_model.StepBuilder(model=found.model))
        if position and found.name not in ("Train-EU-03",):
            again = trained(gate.otherwise, f"again-{position}", env.uri("raw/again/"), position)
            judged(gate.otherwise, again)
