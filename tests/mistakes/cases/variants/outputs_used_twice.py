"""One output for several ports, one builder for several steps, one config for several builders."""

from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import model_evaluation, tabular_preprocessing, xgboost_training
from smgen_steps.artifact_types import RawData


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    raw = External[RawData](env.uri("raw/"))
    builder = tabular_preprocessing.StepBuilder(raw_data=raw)
    first = p.add_step("First", builder)
    second = p.add_step("Second", builder, after=[first])
    config = xgboost_training.Config(num_round=10)
    for number, step in enumerate([first, second, first]):
        training = p.add_step(
            f"Train{number}",
            xgboost_training.StepBuilder(
                config, training_data=step.processed_data, validation_data=first.validation_data
            ),
        )
        for split, data in {"test": first.test_data, "again": step.test_data}.items():
            p.add_step(
                f"Evaluate-{split}-{number}",
                model_evaluation.StepBuilder(model=training.model_artifacts, test_data=data),
            )
