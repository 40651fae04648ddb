"""Caches, retries and experiments in their less usual forms."""

from smgen.runtime import Cache, Environment, External, FluentPipelineBuilder, Retry
from smgen_steps import create_model, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    p.no_experiment()
    patience = Retry(("SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"), expire_after_minutes=14_400)
    throttled = Retry(("Step.SERVICE_FAULT", "Step.THROTTLING"), max_attempts=20, backoff_rate=1.5)
    preprocessing = p.add_step(
        "Preprocess",
        tabular_preprocessing.StepBuilder(raw_data=External(env.uri("raw"))),
        cache=Cache(enabled=False),
        retry=[throttled, patience],
    )
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=10), training_data=preprocessing.processed_data
        ).with_output_locations(model_artifacts=env.uri("models")),
        cache=Cache("P4DT12H"),
        retry=patience,
    )
    p.add_step("Serve", create_model.StepBuilder(model=training.model_artifacts), after=(preprocessing,), retry=())
