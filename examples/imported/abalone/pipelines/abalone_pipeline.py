"""The pipeline AbalonePipeline, imported from its definition."""

from __future__ import annotations

from abalone_steps import (
    abalone_create_model,
    abalone_eval,
    abalone_process,
    abalone_register_model,
    abalone_train,
    abalone_transform,
)
from smgen.runtime import Environment, External, FluentPipelineBuilder, join


def abalone_pipeline(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    processing_instance_count = p.integer("ProcessingInstanceCount", default=1)
    training_instance_type = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    model_approval_status = p.string("ModelApprovalStatus", default="PendingManualApproval")
    input_data = p.string("InputData", default=env.uri("abalone/abalone-dataset.csv"))
    batch_data = p.string("BatchData", default=env.uri("abalone/abalone-dataset-batch"))
    mse_threshold = p.float("MseThreshold", default=6.0)

    abalone_process_step = p.add_step(
        "AbaloneProcess",
        abalone_process.StepBuilder(
            abalone_process.Config(
                instance_count=processing_instance_count,
                code_location=env.uri("AbalonePipeline/code/0123456789abcdef0123456789abcdef/preprocessing.py"),
            ),
            data=External(input_data),
        ),
    )

    abalone_train_step = p.add_step(
        "AbaloneTrain",
        abalone_train.StepBuilder(
            abalone_train.Config(
                objective="reg:linear",
                num_round=50,
                max_depth=5,
                eta=0.2,
                gamma=4,
                min_child_weight=6,
                subsample=0.7,
                instance_type=training_instance_type,
            ),
            train=abalone_process_step.train,
            validation=abalone_process_step.validation,
        ).with_output_locations(model_artifacts=env.uri("AbaloneTrain")),
    )

    abalone_eval_step = p.add_step(
        "AbaloneEval",
        abalone_eval.StepBuilder(
            abalone_eval.Config(
                code_location=env.uri("AbalonePipeline/code/0123456789abcdef0123456789abcdef/evaluation.py")
            ),
            model=abalone_train_step.model_artifacts,
            test=abalone_process_step.test,
        ).with_output_locations(evaluation=env.uri("script-abalone-eval-2026-01-02-03-04-05-678/output/evaluation")),
    )

    abalone_mse_cond = p.condition(
        "AbaloneMSECond", abalone_eval_step.evaluation_report.regression_metrics.mse.value <= mse_threshold
    )

    abalone_mse_cond.then.add_step(
        "AbaloneRegisterModel-RegisterModel",
        abalone_register_model.StepBuilder(
            abalone_register_model.Config(approval_status=model_approval_status),
            model_statistics=External(
                env.uri("script-abalone-eval-2026-01-02-03-04-05-678/output/evaluation/evaluation.json")
            ),
            model=abalone_train_step.model_artifacts,
        ),
    )

    abalone_create_model_step = abalone_mse_cond.then.add_step(
        "AbaloneCreateModel-CreateModel", abalone_create_model.StepBuilder(model=abalone_train_step.model_artifacts)
    )

    abalone_mse_cond.then.add_step(
        "AbaloneTransform",
        abalone_transform.StepBuilder(
            model=abalone_create_model_step.model, data=External(batch_data)
        ).with_output_locations(predictions=env.uri("AbaloneTransform")),
    )

    abalone_mse_cond.otherwise.fail("AbaloneMSEFail", join(" ", "Execution failed due to MSE >", mse_threshold))
