"""Corpus 03: what trains well enough becomes a model, whose name a Lambda function takes to put it on an endpoint."""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Cache, Environment, External, FluentPipelineBuilder
from smgen_steps import create_model, xgboost_training
from tests.corpus import environment
from tests.corpus.golden.corpus_steps import (
    abalone_evaluation_training,
    abalone_preprocessing,
    endpoint_deployment,
)

#: The author's program put the time of its run into names; such a name is chosen once here.
RUN = "11-23-14-14-53"
NAME = f"lambda-step-pipeline{RUN}"
ENVIRONMENT = replace(
    environment.ENVIRONMENT,
    values={
        **environment.ENVIRONMENT.values,
        "deploy_function": "arn:aws:lambda:us-east-1:111122223333:function:deploy-endpoint",
    },
)


def lambda_deploy(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    processing_instances = p.integer("ProcessingInstanceCount", default=1)
    training_instance = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    input_data = p.string(
        "InputDataUrl", default=f"s3://{env.text('sample_bucket')}/datasets/tabular/uci_abalone/abalone.csv"
    )
    p.string("ModelApprovalStatus", default="PendingManualApproval")
    cache = Cache("30d")

    preprocessing = p.add_step(
        "PreprocessAbaloneData",
        abalone_preprocessing.StepBuilder(
            abalone_preprocessing.Config(instance_count=processing_instances),
            raw_data=External(input_data),
        ),
        cache=cache,
    )
    training_output = env.uri("lambda-step-example/AbaloneTrain")
    training = p.add_step(
        "TrainAbaloneModel",
        xgboost_training.StepBuilder(
            xgboost_training.Config(
                objective="reg:linear",
                num_round=50,
                max_depth=5,
                eta=0.2,
                gamma=4,
                min_child_weight=6,
                subsample=0.7,
                silent=0,
                instance_type=training_instance,
                debugger_output=training_output,
                profiler_output=training_output,
                disable_profiler=False,
            ),
            training_data=preprocessing.train,
            validation_data=preprocessing.validation,
        ).with_output_locations(model_artifacts=training_output),
        cache=cache,
    )
    evaluation = p.add_step(
        "EvaluateAbaloneModel",
        abalone_evaluation_training.StepBuilder(
            model=training.model_artifacts,
            test_data=preprocessing.test,
        ).with_output_locations(evaluation=env.uri("lambda-step-pipeline/evaluation_report")),
        cache=cache,
    )

    gate = p.condition("CheckMSEAbaloneEvaluation", evaluation.metrics.regression_metrics.mse.value <= 6.0)
    model = gate.then.add_step(
        "CreateModel-CreateModel",
        create_model.StepBuilder(model=training.model_artifacts),
    )
    gate.then.add_step(
        "LambdaStep",
        endpoint_deployment.StepBuilder(
            endpoint_deployment.Config(
                function_arn=env.text("deploy_function"),
                endpoint_config_name=f"demo-lambda-deploy-endpoint-config-{RUN}",
                endpoint_name=f"demo-lambda-deploy-endpoint-{RUN}",
            ),
            model=model.model,
        ),
    )
