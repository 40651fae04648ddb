"""An experiment and MLflow by parameters, said in one chain."""

from smgen.runtime import Environment, Execution, External, FluentPipelineBuilder
from smgen_steps import tabular_preprocessing


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    arn = f"arn:aws:sagemaker:{env.region}:{env.account}:mlflow-tracking-server/fraud"
    p.experiment(p.string("Experiment", default="fraud"), Execution.PIPELINE_EXECUTION_ID).mlflow(arn, "fraud")
    p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(env.uri("raw"))))
