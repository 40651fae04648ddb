"""Variables in lists and mappings, beside plain values and in every place of a config."""

from smgen.runtime import Environment, External, FluentPipelineBuilder, join
from smgen_steps import create_model, model_registration
from smgen_steps.artifact_types import ModelArtifacts


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    machine = p.string("Machine", default="ml.m5.large")
    group = p.string("Group", default=env.model_package_group("fraud"))
    model = p.string("ModelData", default=env.uri("model.tar.gz"))
    stored = External[ModelArtifacts](model)
    p.add_step(
        "Register",
        model_registration.StepBuilder(
            model_registration.Config(
                model_package_group=group,
                realtime_instance_types=[machine, "ml.m5.xlarge", machine],
                transform_instance_types=["ml.m5.xlarge"],
                container_environment={"MODEL": model, "LEVEL": "20", "EMPTY": ""},
                customer_metadata={"source": join(":", "model", model)},
            ),
            model=stored,
        ),
    )
    p.add_step("Serve", create_model.StepBuilder(model=stored))
