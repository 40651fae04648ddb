"""Corpus 06: Python functions that SDK v3's decorator @step has serialized, with a gate on what one of them returned.

smgen serializes no functions. The SDK put them into S3, into a folder of the time at which it did so, and the pipeline
takes them over as they lie there.
"""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Environment, Execution, External, FluentPipelineBuilder, StringVariable, join
from smgen_steps import remote_function
from tests.corpus import environment
from tests.corpus.golden.corpus_steps import abalone_evaluation_function

NAME = "AbalonePipeline"
ENVIRONMENT = replace(
    environment.ENVIRONMENT,
    images={"remote-function": "111122223333.dkr.ecr.us-east-1.amazonaws.com/custom-image:1"},
    values={
        **environment.ENVIRONMENT.values,
        "function_folder": "2026-11-23-14-14-53-000",
        "repository": "/home/author/sagemaker-custom-project-templates",
        # What the functions in the folder are signed with; the private half stayed with the SDK.
        "function_key": (
            "-----BEGIN PUBLIC KEY-----\n"
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEncik1MZqd8fpPj2MRJtt7wksDSGN\n"
            "gBZLHqS+uyTDd0bTGrkILeceV/D0ZuzApw6AJShS1Tev7Y3CFxen1d+OqQ==\n"
            "-----END PUBLIC KEY-----\n"
        ),
    },
)

PYTHON, SDK = "3.11", "3.27.0"


def step_decorator_gate(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    instance = p.string("InstanceType", default="ml.m5.xlarge")
    input_data = p.string("InputDataUrl", default=f"s3://{env.text('sample_bucket')}/dataset/abalone-dataset.csv")
    functions = env.uri(NAME)
    folder = env.text("function_folder")
    sources = f"{env.text('repository')}/s3_templates/mlops-github-actions/seedcode/pipelines/abalone/steps"
    key = env.text("function_key")

    def results_of(step: str) -> StringVariable:
        return join("/", functions, step, folder, Execution.PIPELINE_EXECUTION_ID, "results")

    def config(references: list[str | StringVariable], keep_alive_s: int) -> remote_function.Config:
        return remote_function.Config(
            function_folder=folder,
            python_version=PYTHON,
            sdk_version=SDK,
            references=references,
            instance_type=instance,
            keep_alive_s=keep_alive_s,
            network_isolation=False,
            encrypt_traffic=False,
            spot_training=False,
            container_environment={"REMOTE_FUNCTION_SECRET_KEY": key},
        )

    # What a function reads: the path of each reference, then the reference.
    execution: list[str | StringVariable] = ["Execution.PipelineExecutionId", Execution.PIPELINE_EXECUTION_ID]
    preprocessing = p.add_step(
        "PreprocessAbaloneData",
        remote_function.StepBuilder(
            config([*execution, "Parameters.InputDataUrl", input_data, *execution], keep_alive_s=900),
            code=External(functions),
        ).with_output_locations(results=results_of("PreprocessAbaloneData")),
        display_name="pipelines.abalone.steps.processing.preprocess",
        description=f"{sources}/processing.py",
    )
    preprocessed: list[str | StringVariable] = [
        "Steps.PreprocessAbaloneData.OutputDataConfig.S3OutputPath",
        join("", preprocessing.results.location),
    ]
    training = p.add_step(
        "TrainAbaloneModel",
        remote_function.StepBuilder(
            config([*execution, *preprocessed * 4], keep_alive_s=900),
            code=External(functions),
        ).with_output_locations(results=results_of("TrainAbaloneModel")),
        after=[preprocessing],
        display_name="pipelines.abalone.steps.train.train",
        description=f"{sources}/train.py",
    )
    trained: list[str | StringVariable] = [
        "Steps.TrainAbaloneModel.OutputDataConfig.S3OutputPath",
        join("", training.results.location),
    ]
    evaluation = p.add_step(
        "EvaluateAbaloneModel",
        abalone_evaluation_function.StepBuilder(
            abalone_evaluation_function.Config(
                function_folder=folder,
                python_version=PYTHON,
                sdk_version=SDK,
                references=[*execution, *preprocessed * 3, *trained],
                instance_type=instance,
                keep_alive_s=900,
                container_environment={"REMOTE_FUNCTION_SECRET_KEY": key},
            ),
            code=External(functions),
        ).with_output_locations(results=results_of("EvaluateAbaloneModel")),
        after=[preprocessing, training],
        display_name="pipelines.abalone.steps.evaluate.evaluate",
        description=f"{sources}/evaluate.py",
    )

    gate = p.condition("CheckMSEAbaloneEvaluation", evaluation.metrics.Result.mse <= 6.0, after=[evaluation])
    gate.then.add_step(
        "RegisterAbaloneModel",
        remote_function.StepBuilder(
            config([*execution, *trained], keep_alive_s=0),
            code=External(functions),
        ).with_output_locations(results=results_of("RegisterAbaloneModel")),
        after=[training],
        display_name="pipelines.abalone.steps.register.register",
        description=f"{sources}/register.py",
    )
    gate.otherwise.fail("ModelQualityFail", "Model MSE exceeds threshold (6.0)")
