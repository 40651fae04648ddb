"""A pipeline without a parameter, with every location known now."""

from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import model_evaluation


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(
            model=External("s3://models/fraud/model.tar.gz"), test_data=External(env.uri("test.csv"))
        ),
    )
