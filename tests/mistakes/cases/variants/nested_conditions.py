"""Conditions in conditions, two gates beside each other, order without data, and every operator."""

from smgen.runtime import Condition, Environment, External, FluentPipelineBuilder
from smgen_steps import create_model, model_evaluation, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    wanted = p.boolean("Serve", default=True)
    mode = p.string("Mode", default="full", enum=["full", "quick"])
    preprocessing = p.add_step(
        "Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(env.uri("raw")))
    )
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=10), training_data=preprocessing.processed_data
        ),
    )
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
    )
    metrics = evaluation.metrics.binary_classification_metrics
    good: Condition = (metrics.auc.value >= 0.8) & ~(metrics.recall.value < 0.1) | mode.is_in(["quick"])
    outer = p.condition("Outer", wanted.equals(True), good, after=[preprocessing])
    inner = outer.then.condition("Inner", metrics.auc.value > metrics.auc.standard_deviation)
    inner.then.add_step("Serve", create_model.StepBuilder(model=training.model_artifacts))
    innermost = inner.otherwise.condition("Innermost", ~good)
    innermost.otherwise.fail("Weak", "neither good nor wanted")
    other = p.condition("Other", mode.equals("full"), after=[outer])
    other.otherwise.add_step("Copy", create_model.StepBuilder(model=training.model_artifacts), after=[outer])
