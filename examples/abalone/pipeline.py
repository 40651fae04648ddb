"""Predicts the age of abalone: preprocess, train, evaluate, and register only what is good enough.

The pipeline of a well-known AWS sample, written with smgen's library of typed steps. Every reference between two steps
is an attribute that mypy and pyright know.
"""

from __future__ import annotations

from smgen.runtime import Environment, External, FluentPipelineBuilder, join
from smgen_steps import (
    batch_transform,
    create_model,
    model_evaluation,
    model_registration,
    tabular_preprocessing,
    xgboost_training,
)


def abalone(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    processing_instances = p.integer("ProcessingInstanceCount", default=1)
    training_instance = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    approval = p.string("ModelApprovalStatus", default="PendingManualApproval")
    input_data = p.string("InputData", default=env.uri("abalone/abalone-dataset.csv"))
    batch_data = p.string("BatchData", default=env.uri("abalone/abalone-dataset-batch"))
    threshold = p.float("MseThreshold", default=6.0)

    preprocessing = p.add_step(
        "AbaloneProcess",
        tabular_preprocessing.StepBuilder(
            tabular_preprocessing.Config(instance_count=processing_instances),
            raw_data=External(input_data),
        ),
    )
    training_output = env.uri("AbaloneTrain")
    training = p.add_step(
        "AbaloneTrain",
        xgboost_training.StepBuilder(
            xgboost_training.Config(
                objective="reg:linear",
                num_round=50,
                max_depth=5,
                eta=0.2,
                gamma=4,
                min_child_weight=6,
                subsample=0.7,
                instance_type=training_instance,
                debugger_output=training_output,
                profiler_output=training_output,
                disable_profiler=False,
            ),
            training_data=preprocessing.processed_data,
            validation_data=preprocessing.validation_data,
        ).with_output_locations(model_artifacts=training_output),
    )
    evaluation = p.add_step(
        "AbaloneEval",
        model_evaluation.StepBuilder(
            model=training.model_artifacts,
            test_data=preprocessing.test_data,
        ),
    )

    gate = p.condition("AbaloneMSECond", evaluation.metrics.regression_metrics.mse.value <= threshold)
    gate.then.add_step(
        "AbaloneRegisterModel-RegisterModel",
        model_registration.StepBuilder(
            model_registration.Config(
                model_package_group=env.model_package_group("abalone"),
                approval_status=approval,
                realtime_instance_types=["ml.t2.medium", "ml.m5.xlarge"],
            ),
            model=training.model_artifacts,
            quality=evaluation.metrics,
        ),
    )
    model = gate.then.add_step(
        "AbaloneCreateModel-CreateModel",
        create_model.StepBuilder(model=training.model_artifacts),
    )
    gate.then.add_step(
        "AbaloneTransform",
        batch_transform.StepBuilder(
            model=model.model,
            input_data=External(batch_data),
        ).with_output_locations(predictions=env.uri("AbaloneTransform")),
    )
    gate.otherwise.fail("AbaloneMSEFail", join(" ", "Execution failed due to MSE >", threshold))
