"""Builds pipelines with the classes of sagemaker 3.27.0, as its users do, and records the definitions that they give.

Run by hand, in an environment of its own that has that SDK and nothing of smgen:

    python tests/parity/sdk_imported/sdk3_pipelines.py

It writes ``tests/data/parity/imported/sdk3``, which ``tests/importer/test_sdk_definitions.py`` imports. Nothing leaves
the machine: S3 is a dictionary, and every other call and connection ends the recording.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

recording: Any = importlib.import_module("recording")
of: Callable[[str, str], Any] = recording.of
ROLE: str = recording.ROLE
BUCKET: str = recording.BUCKET
REGION: str = recording.REGION
ACCOUNT: str = recording.ACCOUNT
SKLEARN = f"141502667606.dkr.ecr.{REGION}.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
PYTORCH = f"763104351884.dkr.ecr.{REGION}.amazonaws.com/pytorch-training:2.1.0-cpu-py310"
SERVING = f"763104351884.dkr.ecr.{REGION}.amazonaws.com/pytorch-inference:2.1.0-cpu-py310"
CONFIGS = "core.training.configs"
SHAPES = "core.shapes"
STEPS = "mlops.workflow.steps"
EXECUTION = "core.workflow.execution_variables"


def session() -> Any:
    """The session of a pipeline."""
    return recording.session("core.workflow.pipeline_context")


def parameter(kind: str, name: str, default: Any) -> Any:
    """A parameter of the pipeline."""
    return of("core.workflow.parameters", f"Parameter{kind}")(name=name, default_value=default)


def pipeline(own: Any, name: str, parameters: list[Any], steps: list[Any]) -> Any:
    """A pipeline of these steps."""
    made = of("mlops.workflow.pipeline", "Pipeline")
    return made(name=name, parameters=parameters, steps=steps, sagemaker_session=own)


def source(name: str, data: Any, folder: str) -> Any:
    """An input of a processing job."""
    location = of(SHAPES, "ProcessingS3Input")(
        s3_uri=data, local_path=f"/opt/ml/processing/{folder}", s3_data_type="S3Prefix", s3_input_mode="File"
    )
    return of(SHAPES, "ProcessingInput")(input_name=name, s3_input=location)


def result(name: str, pipeline_name: str, step: str) -> Any:
    """An output of a processing job, below a folder of the execution."""
    place = [f"s3://{BUCKET}", pipeline_name, of(EXECUTION, "ExecutionVariables").PIPELINE_EXECUTION_ID, step, name]
    location = of(SHAPES, "ProcessingS3Output")(
        s3_uri=of("core.workflow.functions", "Join")(on="/", values=place),
        local_path=f"/opt/ml/processing/{name}",
        s3_upload_mode="EndOfJob",
    )
    return of(SHAPES, "ProcessingOutput")(output_name=name, s3_output=location)


def prepare(own: Any, raw: Any, cache: Any = None, pipeline_name: str = "Churn") -> Any:
    """A script on scikit-learn's image that splits data into three."""
    processor = of("core.processing", "ScriptProcessor")(
        image_uri=SKLEARN,
        command=["python3"],
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        base_job_name="churn-prepare",
        sagemaker_session=own,
    )
    arguments = processor.run(
        code="prepare.py",
        inputs=[source("raw", raw, "input")],
        outputs=[result(name, pipeline_name, "Prepare") for name in ("train", "validation", "test")],
        arguments=["--split", "0.2"],
    )
    return of(STEPS, "ProcessingStep")(name="Prepare", step_args=arguments, cache_config=cache)


def output_of(step: Any, name: str) -> Any:
    """The location of an output of a processing step."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def trainer(own: Any, folder: str, instance_type: Any, hyperparameters: dict[str, Any]) -> Any:
    """A trainer in script mode with the code of a folder; the SDK adds its drivers."""
    made = of("train.model_trainer", "ModelTrainer")(
        training_image=PYTORCH,
        role=ROLE,
        base_job_name=f"churn-{folder}",
        sagemaker_session=own,
        source_code=of(CONFIGS, "SourceCode")(source_dir=folder, entry_script="train.py"),
        hyperparameters=hyperparameters,
        compute=of(CONFIGS, "Compute")(instance_type=instance_type, instance_count=1, volume_size_in_gb=30),
        stopping_condition=of(SHAPES, "StoppingCondition")(max_runtime_in_seconds=86400),
        output_data_config=of(SHAPES, "OutputDataConfig")(s3_output_path=f"s3://{BUCKET}/models"),
    )
    return made.with_metric_definitions([of(SHAPES, "MetricDefinition")(name="validation:mse", regex="mse: ([0-9.]+)")])


def channels(prepared: Any) -> list[Any]:
    """The data that is trained on."""
    made = of(CONFIGS, "InputData")
    return [
        made(channel_name=name, data_source=output_of(prepared, name), content_type="text/csv")
        for name in ("train", "validation")
    ]


def builder(own: Any, image: str, data: Any, **more: Any) -> Any:
    """A model to be registered or created."""
    made = of("serve.model_builder", "ModelBuilder")
    return made(image_uri=image, s3_model_data_url=data, role_arn=ROLE, sagemaker_session=own, **more)


def registration(own: Any) -> Any:
    """Script mode with source folders, a report, a gate, and registration with inference code and metrics."""
    raw = parameter("String", "InputData", f"s3://{BUCKET}/raw")
    machine = parameter("String", "TrainingInstance", "ml.m5.2xlarge")
    epochs = parameter("Integer", "Epochs", 10)
    threshold = parameter("Float", "MaxError", 6.0)
    approval = parameter("String", "ModelApprovalStatus", "PendingManualApproval")
    cache = of(STEPS, "CacheConfig")(enable_caching=True, expire_after="P30D")
    prepared = prepare(own, raw, cache)
    hyperparameters = {"epochs": epochs, "lr": 0.001, "hidden": [64, 32], "optimizer": "adam", "shuffle": True}
    fitted = trainer(own, "training", machine, hyperparameters).train(input_data_config=channels(prepared))
    trained = of(STEPS, "TrainingStep")(name="Train", step_args=fitted, cache_config=cache)
    report = of("core.workflow.properties", "PropertyFile")(
        name="EvaluationReport", output_name="evaluation", path="evaluation.json"
    )
    evaluator = of("core.processing", "FrameworkProcessor")(
        image_uri=PYTORCH,
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        base_job_name="churn-evaluate",
        sagemaker_session=own,
    )
    evaluation = evaluator.run(
        code="evaluate.py",
        source_dir="evaluation",
        inputs=[
            source("model", trained.properties.ModelArtifacts.S3ModelArtifacts, "model"),
            source("test", output_of(prepared, "test"), "test"),
        ],
        outputs=[result("evaluation", "Churn", "Evaluate")],
    )
    evaluated = of(STEPS, "ProcessingStep")(name="Evaluate", step_args=evaluation, property_files=[report])
    join = of("core.workflow.functions", "Join")
    metrics = of("core.model_metrics", "ModelMetrics")(
        model_statistics=of("core.model_metrics", "MetricsSource")(
            s3_uri=join(on="/", values=[output_of(evaluated, "evaluation"), "evaluation.json"]),
            content_type="application/json",
        )
    )
    code = of(CONFIGS, "SourceCode")(source_dir="inference", entry_script="inference.py")
    model = builder(own, SERVING, trained.properties.ModelArtifacts.S3ModelArtifacts, source_code=code)
    registered = of("mlops.workflow.model_step", "ModelStep")(
        name="Churn",
        step_args=model.register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.xlarge"],
            model_package_group_name="churn",
            approval_status=approval,
            model_metrics=metrics,
            customer_metadata_properties={"team": "risk"},
        ),
    )
    read = of("core.workflow.functions", "JsonGet")(
        step_name="Evaluate", property_file=report, json_path="regression_metrics.mse.value"
    )
    failed = of("mlops.workflow.fail_step", "FailStep")(
        name="TooLarge", error_message=join(on=" ", values=["The error is larger than", threshold])
    )
    gate = of("mlops.workflow.condition_step", "ConditionStep")(
        name="Gate",
        conditions=[of("core.workflow.conditions", "ConditionLessThanOrEqualTo")(left=read, right=threshold)],
        # In a branch, this version of the SDK leaves out the step that it adds itself.
        if_steps=[*registered.steps, registered],
        else_steps=[failed],
    )
    steps = [prepared, trained, evaluated, gate]
    return pipeline(own, "Churn", [raw, machine, epochs, threshold, approval], steps)


def search(own: Any) -> Any:
    """A tuning job in script mode, models of its best two trainings, and a transform job with the best."""
    raw = parameter("String", "InputData", f"s3://{BUCKET}/raw")
    prepared = prepare(own, raw, pipeline_name="Search")
    tuned_trainer = trainer(own, "tuned", "ml.m5.2xlarge", {"epochs": 5, "hidden": [64, 32], "momentum": 0.9})
    continuous, categorical = of("core.parameter", "ContinuousParameter"), of("core.parameter", "CategoricalParameter")
    tuner = of("train.tuner", "HyperparameterTuner")(
        model_trainer=tuned_trainer,
        objective_metric_name="validation:mse",
        objective_type="Minimize",
        metric_definitions=[{"Name": "validation:mse", "Regex": "mse: ([0-9.]+)"}],
        hyperparameter_ranges={
            "lr": continuous(0.0001, 0.1, scaling_type="Logarithmic"),
            "optimizer": categorical(["adam", "sgd"]),
        },
        max_jobs=8,
        max_parallel_jobs=2,
    )
    tuned = of(STEPS, "TuningStep")(name="Search", step_args=tuner.tune(inputs=channels(prepared)))
    steps: list[Any] = [prepared, tuned]
    for number, name in enumerate(("Best", "SecondBest")):
        best = tuned.get_top_model_s3_uri(top_k=number, s3_bucket=BUCKET, prefix="models")
        plain = builder(own, f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/serving:3", best, env_vars={"WORKERS": "2"})
        steps.append(of("mlops.workflow.model_step", "ModelStep")(name=name, step_args=plain.build()))
    transformer = of("core.transformer", "Transformer")(
        model_name=steps[2].properties.ModelName,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        output_path=f"s3://{BUCKET}/scores",
        accept="text/csv",
        assemble_with="Line",
        sagemaker_session=own,
    )
    scored = transformer.transform(output_of(prepared, "test"), content_type="text/csv", split_type="Line")
    steps.append(of(STEPS, "TransformStep")(name="Score", step_args=scored))
    return pipeline(own, "Search", [raw], steps)


def functions(own: Any) -> Any:
    """Functions and queues, what they return, a cluster, and conditions inside conditions."""
    lambdas, callbacks = "mlops.workflow.lambda_step", "mlops.workflow.callback_step"
    limit = parameter("Integer", "MaxAge", 30)
    stage = parameter("String", "Stage", "dev")
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"
    types = of(lambdas, "LambdaOutputTypeEnum")
    lookup = of(lambdas, "LambdaStep")(
        name="Lookup",
        lambda_func=of("core.lambda_helper", "Lambda")(function_arn=f"{arn}:lookup", session=own),
        inputs={"max_age": limit, "stage": stage, "group": "churn"},
        outputs=[
            of(lambdas, "LambdaOutput")(output_name="model_uri", output_type=types.String),
            of(lambdas, "LambdaOutput")(output_name="age", output_type=types.Integer),
            of(lambdas, "LambdaOutput")(output_name="accuracy", output_type=types.Float),
        ],
    )
    glue = of(callbacks, "CallbackStep")(
        name="Extract",
        sqs_queue_url=f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/glue",
        inputs={"day": of(EXECUTION, "ExecutionVariables").START_DATETIME, "stage": stage},
        outputs=[
            of(callbacks, "CallbackOutput")(
                output_name="s3_data_out", output_type=of(callbacks, "CallbackOutputTypeEnum").String
            )
        ],
    )
    counted = of("mlops.workflow.emr_step", "EMRStep")(
        name="Count",
        display_name="Count",
        description="Counts the rows.",
        cluster_id="j-1ABCDEFGHIJKL",
        step_config=of("mlops.workflow.emr_step", "EMRStepConfig")(
            jar="command-runner.jar",
            args=["spark-submit", f"s3://{BUCKET}/jobs/count.py", glue.properties.Outputs["s3_data_out"]],
        ),
        depends_on=[lookup],
    )
    notify = of(lambdas, "LambdaStep")(
        name="Notify",
        lambda_func=of("core.lambda_helper", "Lambda")(function_arn=f"{arn}:notify", session=own),
        inputs={"model": lookup.properties.Outputs["model_uri"], "state": "old"},
        outputs=[],
    )
    conditions = "core.workflow.conditions"
    old = of(conditions, "ConditionGreaterThan")(left=lookup.properties.Outputs["age"], right=limit)
    bad = of(conditions, "ConditionLessThan")(left=lookup.properties.Outputs["accuracy"], right=0.8)
    known = of(conditions, "ConditionIn")(value=stage, in_values=["dev", "prod"])
    failed = of("mlops.workflow.fail_step", "FailStep")(name="Unknown", error_message="The stage is unknown.")
    inner = of("mlops.workflow.condition_step", "ConditionStep")(
        name="IsOld", conditions=[of(conditions, "ConditionOr")([old, bad])], if_steps=[notify], else_steps=[]
    )
    outer = of("mlops.workflow.condition_step", "ConditionStep")(
        name="IsKnown",
        conditions=[of(conditions, "ConditionNot")(known)],
        if_steps=[failed],
        else_steps=[inner],
        depends_on=[counted],
    )
    return pipeline(own, "Functions", [limit, stage], [lookup, glue, counted, outer])


def checks(own: Any) -> Any:
    """Checks of quality, bias and explanations, and a package with their baselines."""
    raw = parameter("String", "InputData", f"s3://{BUCKET}/raw")
    skip = parameter("Boolean", "SkipChecks", False)
    new = parameter("Boolean", "NewBaselines", True)
    group = parameter("String", "ModelPackageGroup", "churn")
    prepared = prepare(own, raw, pipeline_name="Checks")
    data = output_of(prepared, "train")
    job = of("mlops.workflow.check_job_config", "CheckJobConfig")(
        role=ROLE, instance_count=1, instance_type="ml.c5.xlarge", volume_size_in_gb=60, sagemaker_session=own
    )
    join = of("core.workflow.functions", "Join")
    execution = of(EXECUTION, "ExecutionVariables").PIPELINE_EXECUTION_ID

    def output(name: str) -> Any:
        return join(on="/", values=["s3:/", BUCKET, "checks", execution, name])

    quality = "mlops.workflow.quality_check_step"
    common = {"skip_check": skip, "register_new_baseline": new, "model_package_group_name": group}
    csv = of("core.model_monitor.dataset_format", "DatasetFormat").csv(header=False)
    data_quality = of(quality, "QualityCheckStep")(
        name="DataQuality",
        quality_check_config=of(quality, "DataQualityCheckConfig")(
            baseline_dataset=data, dataset_format=csv, output_s3_uri=output("data-quality")
        ),
        check_job_config=job,
        **common,
    )
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/churn:1"
    plain_trainer = of("train.model_trainer", "ModelTrainer")(
        training_image=image,
        role=ROLE,
        base_job_name="churn",
        sagemaker_session=own,
        hyperparameters={"max_depth": 5, "objective": "binary:logistic"},
        compute=of(CONFIGS, "Compute")(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
        output_data_config=of(SHAPES, "OutputDataConfig")(s3_output_path=f"s3://{BUCKET}/models"),
    )
    trained = of(STEPS, "TrainingStep")(
        name="Train", step_args=plain_trainer.train(input_data_config=channels(prepared))
    )
    artifacts = trained.properties.ModelArtifacts.S3ModelArtifacts
    created = of("mlops.workflow.model_step", "ModelStep")(
        name="Create", step_args=builder(own, image, artifacts).build()
    )
    transformer = of("core.transformer", "Transformer")(
        model_name=created.properties.ModelName,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        output_path=f"s3://{BUCKET}/scores",
        sagemaker_session=own,
    )
    scored = of(STEPS, "TransformStep")(
        name="Score", step_args=transformer.transform(output_of(prepared, "test"), content_type="text/csv")
    )
    model_quality = of(quality, "QualityCheckStep")(
        name="ModelQuality",
        quality_check_config=of(quality, "ModelQualityCheckConfig")(
            baseline_dataset=scored.properties.TransformOutput.S3OutputPath,
            dataset_format=csv,
            output_s3_uri=output("model-quality"),
            problem_type="BinaryClassification",
            inference_attribute="_c0",
            ground_truth_attribute="_c1",
        ),
        check_job_config=job,
        **common,
    )
    clarify = "mlops.workflow.clarify_check_step"
    data_config = of("core.clarify", "DataConfig")
    bias_config = of("core.clarify", "BiasConfig")(label_values_or_threshold=[1], facet_name="age")

    def analysed(name: str) -> Any:
        return data_config(
            s3_data_input_path=data,
            s3_output_path=output(name),
            s3_analysis_config_output_path=f"s3://{BUCKET}/clarify/{name}",
            label="churned",
            dataset_type="text/csv",
        )

    bias = of(clarify, "ClarifyCheckStep")(
        name="DataBias",
        clarify_check_config=of(clarify, "DataBiasCheckConfig")(
            data_config=analysed("data-bias"), data_bias_config=bias_config
        ),
        check_job_config=job,
        **common,
    )
    explained = of(clarify, "ClarifyCheckStep")(
        name="Explanations",
        clarify_check_config=of(clarify, "ModelExplainabilityCheckConfig")(
            data_config=analysed("explanations"),
            model_config=of("core.clarify", "ModelConfig")(
                model_name=created.properties.ModelName, instance_count=1, instance_type="ml.m5.xlarge"
            ),
            explainability_config=of("core.clarify", "SHAPConfig")(
                num_samples=10, agg_method="mean_abs", baseline=[[0, 1]]
            ),
        ),
        check_job_config=job,
        **common,
    )
    made = of("core.model_metrics", "MetricsSource")

    def metrics(uri: Any) -> Any:
        return made(s3_uri=uri, content_type="application/json")

    model_metrics = of("core.model_metrics", "ModelMetrics")(
        model_data_statistics=metrics(data_quality.properties.CalculatedBaselineStatistics),
        model_data_constraints=metrics(data_quality.properties.CalculatedBaselineConstraints),
        model_statistics=metrics(model_quality.properties.CalculatedBaselineStatistics),
        model_constraints=metrics(model_quality.properties.CalculatedBaselineConstraints),
        bias=metrics(bias.properties.CalculatedBaselineConstraints),
        explainability=metrics(explained.properties.CalculatedBaselineConstraints),
    )
    baselines = of("core.drift_check_baselines", "DriftCheckBaselines")(
        model_data_statistics=metrics(data_quality.properties.BaselineUsedForDriftCheckStatistics),
        model_data_constraints=metrics(data_quality.properties.BaselineUsedForDriftCheckConstraints),
        bias_pre_training_constraints=metrics(bias.properties.BaselineUsedForDriftCheckConstraints),
        explainability_constraints=metrics(explained.properties.BaselineUsedForDriftCheckConstraints),
        explainability_config_file=of("core.model_metrics", "FileSource")(
            s3_uri=f"s3://{BUCKET}/clarify/explanations/analysis_config.json", content_type="application/json"
        ),
    )
    registered = of("mlops.workflow.model_step", "ModelStep")(
        name="Register",
        step_args=builder(own, image, artifacts).register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.xlarge"],
            model_package_group_name=group,
            model_metrics=model_metrics,
            drift_check_baselines=baselines,
        ),
    )
    steps = [prepared, data_quality, trained, created, scored, model_quality, bias, explained, registered]
    return pipeline(own, "Checks", [raw, skip, new, group], steps)


def decorated(own: Any) -> Any:
    """Python functions as steps, one of which reads what another returns."""
    step = of("mlops.workflow.function_step", "step")
    common = {
        "image_uri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/python:3.11",
        "instance_type": "ml.m5.large",
        "role": ROLE,
    }
    rows = parameter("Integer", "Rows", 100)
    loaded = step(load, name="Load", display_name="Load", **common)(rows)
    scored = step(score, name="Score", display_name="Score", keep_alive_period_in_seconds=300, **common)(loaded, 0.5)
    return pipeline(own, "Decorated", [rows], [scored])


def load(rows: int) -> list[int]:
    """Rows of data."""
    return list(range(rows))


def score(values: list[int], threshold: float) -> float:
    """How many of the rows are above a threshold."""
    return sum(value > threshold for value in values) / len(values)


PIPELINES: Mapping[str, Callable[[Any], Any]] = {
    "registration": registration,
    "search": search,
    "functions": functions,
    "checks": checks,
    "decorated": decorated,
}


def main() -> None:
    """Writes the recordings."""
    uploads = recording.offline("core.telemetry")
    recording.record(3, PIPELINES, session(), uploads)


if __name__ == "__main__":
    main()
