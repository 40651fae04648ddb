"""Optional ports left out, outputs that nobody reads, and a report that nobody reads."""

from fraud_steps import data_baseline
from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import batch_transform, create_model, model_evaluation, model_registration


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    model = p.string("Model", default=env.uri("model.tar.gz"))
    baseline = p.add_step(
        "Baseline",
        data_baseline.StepBuilder(data_baseline.Config(REGION=p.string("Region")), data=External(env.uri("a.csv"))),
    )
    p.add_step("Evaluate", model_evaluation.StepBuilder(model=External(model), test_data=External(env.uri("b.csv"))))
    created = p.add_step("Create", create_model.StepBuilder(create_model.Config(), model=External(model)))
    p.add_step("Predict", batch_transform.StepBuilder(model=created.model, input_data=External(env.uri("c.csv"))))
    p.add_step(
        "Register",
        model_registration.StepBuilder(
            model_registration.Config(model_package_group=f"arn:aws:sagemaker:{env.region}:{env.account}:model-package-group/a"),
            model=External(model),
            drift_statistics=baseline.statistics / "statistics.json",
            drift_constraints=None,
        ),
    )
