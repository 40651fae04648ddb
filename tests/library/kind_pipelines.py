"""A step of every kind that a contract can be of, written with typed builders; both type checkers read this file."""

from __future__ import annotations

from pathlib import Path

from smgen.runtime import Cache, Environment, Execution as Run, External, FluentPipelineBuilder, Retry, join
from smgen_steps import (
    automl_training,
    batch_transform,
    create_endpoint,
    create_endpoint_config,
    create_inference_component,
    create_model,
    data_bias_check,
    data_quality_check,
    emr_cluster_step,
    emr_serverless_spark,
    emr_step,
    lambda_function,
    model_bias_check,
    model_explainability_check,
    model_lineage,
    model_quality_check,
    model_registration,
    notebook_job,
    remote_function,
    sagemaker_job,
    sqs_callback,
    tabular_preprocessing,
    xgboost_training,
)
from tests.library.golden.kind_steps import (
    athena_query,
    evaluating_function,
    fixed_bias_check,
    glue_preparation,
    model_lookup,
    scoring,
    spark_features,
)

ROOT = Path(__file__).parents[2]

ENVIRONMENT = Environment(
    "dev",
    account="111122223333",
    region="eu-west-1",
    role="arn:aws:iam::111122223333:role/pipeline",
    bucket="dev-bucket",
    images={
        name: f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/{name}:1"
        for name in ("clarify", "notebook", "remote-function", "scikit-learn", "scoring", "xgboost")
    },
)


def kinds(p: FluentPipelineBuilder, env: Environment) -> None:
    """One pipeline in which every kind stands, each fed by others where it can be."""
    raw = p.string("RawData", default=env.uri("raw/"))
    group = p.string("ModelPackageGroup", default="scores")
    skip = p.boolean("SkipChecks", default=False)

    preparation = p.add_step("Prepare", tabular_preprocessing.StepBuilder(raw_data=External(raw)))
    data = preparation.processed_data
    quality = p.add_step(
        "DataQuality",
        data_quality_check.StepBuilder(
            data_quality_check.Config(skip_check=skip, model_package_group=group, max_runtime_s=3600),
            data=data,
        ),
        cache=Cache.days(30),
    )
    bias = p.add_step(
        "DataBias",
        data_bias_check.StepBuilder(
            data_bias_check.Config(skip_check=True, register_new_baseline=True, max_runtime_s=86400),
            data=data,
            analysis_config=External(env.uri("clarify/analysis_config.json")),
        ),
    )
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(
                num_round=10,
                validation_input_mode="FastFile",
                debugger_output=env.uri("debug"),
                debugger_rule="Overfit",
                debugger_rule_parameters={"patience": "5"},
            ),
            training_data=data,
            validation_data=preparation.validation_data,
        ),
    )
    created = p.add_step("Create", create_model.StepBuilder(model=training.model_artifacts))
    predictions = p.add_step(
        "Predict", batch_transform.StepBuilder(model=created.model, input_data=preparation.test_data)
    )
    model_quality = p.add_step(
        "ModelQuality",
        model_quality_check.StepBuilder(
            model_quality_check.Config(
                problem_type="BinaryClassification",
                probability_attribute="_c0",
                ground_truth_attribute="_c1",
                probability_threshold=0.5,
                container_environment={"LOG": "1"},
                max_runtime_s=86400,
            ),
            data=predictions.predictions,
            supplied_constraints=External(env.uri("baseline/constraints.json")),
        ),
    )
    config = External(env.uri("clarify/model/analysis_config.json"))
    model_bias = p.add_step(
        "ModelBias",
        model_bias_check.StepBuilder(
            model_bias_check.Config(max_runtime_s=86400), data=data, model=created.model, analysis_config=config
        ),
    )
    explained = p.add_step(
        "Explain",
        model_explainability_check.StepBuilder(
            model_explainability_check.Config(fail_on_violation=False, max_runtime_s=86400),
            data=data,
            model=created.model,
            analysis_config=config,
        ),
    )
    p.add_step(
        "Register",
        model_registration.StepBuilder(
            model_registration.Config(model_package_group=group),
            model=training.model_artifacts,
            quality=model_quality.statistics,
            quality_constraints=model_quality.constraints,
            data_statistics=quality.statistics,
            data_constraints=quality.constraints,
            pre_training_bias=bias.report,
            post_training_bias=model_bias.report,
            explainability=explained.report,
            drift_statistics=quality.drift_statistics,
            drift_constraints=quality.drift_constraints,
            drift_quality_statistics=model_quality.drift_statistics,
            drift_quality_constraints=model_quality.drift_constraints,
            drift_pre_training_bias=bias.drift_report,
            drift_post_training_bias=model_bias.drift_report,
            drift_bias_config=External(env.uri("clarify/analysis_config.json")),
            drift_explainability=explained.drift_report,
            drift_explainability_config=config,
        ),
    )
    p.add_step(
        "Lineage",
        model_lineage.StepBuilder(
            model_lineage.Config(
                name=join("-", "scores", Run.PIPELINE_EXECUTION_ID), action_source=training.training_job_name
            ),
            data=data,
            model=training.model_artifacts,
        ),
    )
    endpoint_config = p.add_step(
        "EndpointConfig",
        create_endpoint_config.StepBuilder(
            create_endpoint_config.Config(
                name=join("-", "scores", Run.PIPELINE_EXECUTION_ID),
                max_instances=3,
                min_instances=1,
                capture_location=env.uri("capture"),
                capture_percentage=20,
            ),
            model=created.model,
        ),
        cache=Cache.days(1),
        retry=Retry(("Step.THROTTLING",), max_attempts=3),
    )
    p.add_step(
        "Endpoint",
        create_endpoint.StepBuilder(
            create_endpoint.Config(name="scores"), endpoint_config=endpoint_config.endpoint_config
        ),
    )
    shared_config = p.add_step(
        "SharedConfig",
        create_endpoint_config.StepBuilder(
            create_endpoint_config.Config(name="shared", instance_type="ml.g5.2xlarge", execution_role=env.role)
        ),
    )
    shared = p.add_step(
        "SharedEndpoint",
        create_endpoint.StepBuilder(
            create_endpoint.Config(name="shared"), endpoint_config=shared_config.endpoint_config
        ),
    )
    p.add_step(
        "Component",
        create_inference_component.StepBuilder(
            create_inference_component.Config(name="scores", accelerators=1, min_memory_mb=2048),
            endpoint=shared.endpoint,
            model=created.model,
        ),
    )


def calls(p: FluentPipelineBuilder, env: Environment) -> None:
    """Functions, queues, clusters and searches."""
    days = p.integer("MaxAge", default=30)
    preparation = p.add_step(
        "Glue",
        glue_preparation.StepBuilder(
            glue_preparation.Config(
                queue_url="https://sqs.eu-west-1.amazonaws.com/111122223333/glue",
                input_location=env.uri("raw"),
                output_location=join("/", env.uri("prepared"), Run.PIPELINE_EXECUTION_ID),
            )
        ),
        cache=Cache.days(7),
    )
    found = p.add_step(
        "Lookup",
        model_lookup.StepBuilder(model_lookup.Config(model_package_group_name="scores"), days=days),
        cache=Cache.days(7),
    )
    p.add_step(
        "Notify",
        lambda_function.StepBuilder(
            lambda_function.Config(
                function_arn="arn:aws:lambda:eu-west-1:111122223333:function:notify",
                arguments={"image": found.image_uri, "state": "done"},
            )
        ),
    )
    p.add_step(
        "Wait",
        sqs_callback.StepBuilder(
            sqs_callback.Config(queue_url="https://sqs.eu-west-1.amazonaws.com/111122223333/approvals")
        ),
    )
    p.add_step(
        "Monitor",
        data_quality_check.StepBuilder(
            data=preparation.prepared,
            supplied_statistics=found.statistics,
            supplied_constraints=found.constraints,
        ),
    )
    features = p.add_step(
        "Features",
        spark_features.StepBuilder(
            spark_features.Config(cluster_id="j-1ABCDEFGHIJKL", options=["--partitions", "8"]),
            rows=preparation.prepared,
        ),
    )
    p.add_step(
        "Score",
        scoring.StepBuilder(
            scoring.Config(arguments=["--verbose", found.image_uri], MODE="fast"),
            model=found.model,
            rows=[features.features, preparation.prepared],
            accuracy=found.accuracy,
        ),
    )
    p.add_step(
        "EmrCommand",
        emr_step.StepBuilder(
            emr_step.Config(
                cluster_id="j-1ABCDEFGHIJKL",
                arguments=["spark-submit", "s3://jobs/count.py", features.features.location],
                runtime_role="arn:aws:iam::111122223333:role/emr",
            )
        ),
        cache=Cache.days(1),
    )
    p.add_step(
        "EmrCluster",
        emr_cluster_step.StepBuilder(
            emr_cluster_step.Config(
                jar="s3://jobs/count.jar",
                main_class="com.example.Count",
                log_location=env.uri("emr"),
                subnet="subnet-1",
            )
        ),
    )
    p.add_step(
        "Serverless",
        emr_serverless_spark.StepBuilder(
            emr_serverless_spark.Config(
                application_id="00f1abcdexample",
                arguments=["--input", preparation.prepared.location],
                spark_parameters="--conf spark.executor.cores=2",
                timeout_minutes=60,
                log_location=env.uri("spark"),
            ),
            script=External("s3://jobs/count.py"),
        ),
        retry=Retry(("Step.SERVICE_FAULT",), max_attempts=2),
    )
    search = p.add_step(
        "Search",
        automl_training.StepBuilder(
            automl_training.Config(
                target_column="target",
                problem_type="BinaryClassification",
                objective="AUC",
                max_runtime_s=7200,
            ),
            training_data=features.features,
        ),
    )
    p.add_step(
        "CreateBest",
        create_model.StepBuilder(
            create_model.Config(
                image=search.image,
                container_environment={
                    "MODEL_NAME": search.model_name_variable,
                    "SAGEMAKER_PROGRAM": search.program_variable,
                },
            ),
            model=search.model,
        ),
    )
    p.add_step(
        "Tailor",
        sagemaker_job.StepBuilder(
            sagemaker_job.Config(
                category="DataTransformation",
                document=join("", '{"InputDataConfig": {"S3Uri": "', preparation.prepared.location, '"}}'),
            )
        ),
    )
    p.add_step("Bias", fixed_bias_check.StepBuilder(data=preparation.prepared))
    table = p.add_step(
        "Query",
        athena_query.StepBuilder(athena_query.Config(query="SELECT 1"), table=preparation.prepared),
        cache=Cache.days(1),
        retry=Retry(("Step.THROTTLING",), max_attempts=2),
    )
    function = p.add_step(
        "Function",
        remote_function.StepBuilder(
            remote_function.Config(
                function_folder="2026-11-23",
                python_version="3.11",
                sdk_version="3.27.0",
                references=["Steps.Query", table.rows.location],
            ),
            code=External(env.uri("functions")),
        ),
    )
    p.add_step(
        "Notebook",
        notebook_job.StepBuilder(
            notebook_job.Config(
                notebook_name="explore.ipynb",
                result_name="explored.ipynb",
                kernel="python3",
                parameters={"days": "30", "function": function.job_name},
                encrypt_traffic=True,
            ),
            notebook=External(env.uri("notebooks/explore")),
        ).with_output_locations(results=join("/", env.uri(), "calls", Run.PIPELINE_EXECUTION_ID, "Notebook")),
    )
    evaluation = p.add_step("Evaluate", evaluating_function.StepBuilder())
    gate = p.condition("Gate", evaluation.metrics.Result.mse <= 6.0, evaluation.metrics.Result.per_class[1] > 0.5)
    gate.otherwise.fail("TooWeak", join("", "mse above ", evaluation.metrics.Result.mse))
