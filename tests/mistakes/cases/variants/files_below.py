"""Files below outputs, below files below outputs, and their locations as texts."""

from smgen.runtime import Environment, External, FluentPipelineBuilder, join
from smgen_steps import model_evaluation, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    preprocessing = p.add_step(
        "Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(env.uri("raw")))
    )
    folder = preprocessing.processed_data / "by-region" / "EU"
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=10),
            training_data=folder / "2024/part-0.csv",
            validation_data=preprocessing.validation_data / "validation.csv",
        ),
    )
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(
            model=training.model_artifacts, test_data=External(join("/", preprocessing.test_data.location, "a.csv"))
        ),
    )
    p.fail("Stop", join(" ", "see", evaluation.metrics.location, "and", folder.location))
