"""Step names at their limits, and titles that are no ASCII."""

from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import model_evaluation, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    preprocessing = p.add_step(
        "_-Preprocess",
        tabular_preprocessing.StepBuilder(raw_data=External(env.uri("raw/"))),
        display_name="Vorbereiten: Größe & „Zahl“",
        description='Reads "raw" data, 50 % of it; costs 3 €.',
    )
    training = p.add_step(
        "Train" + "-" * 58 + "x",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=1), training_data=preprocessing.processed_data
        ),
    )
    p.add_step(
        "-1",
        model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
    )
