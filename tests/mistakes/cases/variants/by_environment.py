"""Other steps and values in other environments: those are known while the pipeline is written."""

from smgen.runtime import Cache, Environment, External, FluentPipelineBuilder
from smgen_steps import create_model, model_evaluation, tabular_preprocessing, xgboost_training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    is_prod = env.name == "prod" and not env.name.startswith("dev")
    raw = p.string("RawData", default=f"{env.uri()}/raw/{env.region or 'nowhere'}/")
    match env.name:
        case "prod" | "preprod":
            seed = 7
        case _:
            seed = 8
    if (name := env.name) == "dev" or name in ("test", "local"):
        seed += 1
    preprocessing = p.add_step(
        "Preprocess",
        tabular_preprocessing.StepBuilder(
            tabular_preprocessing.Config(RANDOM_SEED=seed), raw_data=External(raw)
        ),
    )
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(
                num_round=500 if is_prod else 5,
                instance_type="ml.m5.4xlarge" if is_prod else "ml.m5.large",
                image=env.images["xgboost"] if "xgboost" in env.images else None,
            ),
            training_data=preprocessing.processed_data,
            validation_data=preprocessing.validation_data if is_prod else None,
        ),
        cache=None if is_prod else Cache.days(30),
    )
    if env.name == "prod":
        p.add_step("Serve", create_model.StepBuilder(model=training.model_artifacts))
    elif env.subnets or env.tags:
        p.fail("Odd", str(env.account))
    else:
        p.add_step(
            "Evaluate",
            model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
        )
