"""Whole numbers where fractions are asked for, and fractions that are whole."""

from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import model_evaluation, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    limit = p.float("Limit", default=6)
    rounds = p.integer("Rounds", default=0x10)
    preprocessing = p.add_step(
        "Preprocess",
        tabular_preprocessing.StepBuilder(
            tabular_preprocessing.Config(TRAIN_FRACTION=1, VALIDATION_FRACTION=0.0, RANDOM_SEED=0),
            raw_data=External(env.uri("raw")),
        ),
    )
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=rounds, eta=1, gamma=4, min_child_weight=rounds, max_depth=0, seed=-1),
            training_data=preprocessing.processed_data,
        ),
    )
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
    )
    error = evaluation.metrics.regression_metrics.mse.value
    gate = p.condition("Gate", error <= limit, rounds < 20, error.is_in([1, 2.5, rounds]), error >= -0.0)
    gate.otherwise.fail("Weak", "weak")
