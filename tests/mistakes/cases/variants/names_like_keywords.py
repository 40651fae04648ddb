"""Parameters, steps and hyperparameters that are called as Python and SageMaker call other things."""

from smgen.runtime import Environment, External, FluentPipelineBuilder, join
from smgen_steps import model_evaluation, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    class_ = p.string("class", default=env.uri("raw"))
    lambda_ = p.float("lambda", default=1.0)
    parameters = p.string("Parameters", default="Steps")
    preprocessing = p.add_step("import", tabular_preprocessing.StepBuilder(raw_data=External(class_)))
    training = p.add_step(
        "Steps",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=10, lambda_=lambda_, alpha=lambda_),
            training_data=preprocessing.processed_data,
        ),
    )
    p.add_step(
        "None",
        model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
        after=[preprocessing],
    )
    p.fail("return", join("", parameters))
