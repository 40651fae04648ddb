"""The pipeline tuning-step-pipeline, imported from its definition."""

from __future__ import annotations

from smgen.runtime import Cache, Environment, Execution, FluentPipelineBuilder, join
from tuning_steps import (
    create_best_model,
    evaluate_top_model,
    hp_tuning,
    preprocess_abalone_data_for_hpo,
    register_best_abalone_model,
)


def tuning_step_pipeline(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    processing_instance_count = p.integer("ProcessingInstanceCount", default=1)
    training_instance_type = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    input_data_url = p.string(
        "InputDataUrl", default=f"s3://{env.text('input_data_bucket')}/datasets/tabular/uci_abalone/abalone.csv"
    )
    model_approval_status = p.string("ModelApprovalStatus", default="PendingManualApproval")
    cache = Cache("30d")
    location = join(
        "/",
        "s3:/",
        env.text("bucket"),
        "tuning-step-example",
        Execution.PIPELINE_EXECUTION_ID,
        "PreprocessAbaloneDataForHPO",
    )

    preprocess_abalone_data_for_hpo_step = p.add_step(
        "PreprocessAbaloneDataForHPO",
        preprocess_abalone_data_for_hpo.StepBuilder(
            preprocess_abalone_data_for_hpo.Config(instance_count=processing_instance_count, input_data=input_data_url)
        ).with_output_locations(train=location, validation=location, test=location),
    )

    hp_tuning_step = p.add_step(
        "HPTuning",
        hp_tuning.StepBuilder(
            hp_tuning.Config(
                eval_metric="rmse",
                objective="reg:squarederror",
                num_round=50,
                max_depth=5,
                eta=0.2,
                gamma=4,
                min_child_weight=6,
                subsample=0.7,
                silent=0,
                output_path=env.uri("tuning-step-example/AbaloneTrain"),
                instance_type=training_instance_type,
            ),
            train=preprocess_abalone_data_for_hpo_step.train,
            validation=preprocess_abalone_data_for_hpo_step.validation,
        ),
        cache=cache,
    )

    p.add_step("CreateBestModel-CreateModel", create_best_model.StepBuilder(model=hp_tuning_step.best_model))

    p.add_step(
        "CreateSecondBestModel-CreateModel", create_best_model.StepBuilder(model=hp_tuning_step.second_best_model)
    )

    evaluate_top_model_step = p.add_step(
        "EvaluateTopModel",
        evaluate_top_model.StepBuilder(
            model=hp_tuning_step.best_model, test=preprocess_abalone_data_for_hpo_step.test
        ).with_output_locations(
            evaluation=env.uri("tuning-step-example/script-tuning-step--2026-01-02-03-04-05-678/output/evaluation")
        ),
        cache=cache,
    )

    check_mse_abalone_evaluation = p.condition(
        "CheckMSEAbaloneEvaluation",
        evaluate_top_model_step.best_tuning_model_evaluation_report.regression_metrics.mse.value <= 6.0,
    )

    check_mse_abalone_evaluation.then.add_step(
        "RegisterBestAbaloneModel-RegisterModel",
        register_best_abalone_model.StepBuilder(
            register_best_abalone_model.Config(approval_status=model_approval_status), model=hp_tuning_step.best_model
        ),
    )
