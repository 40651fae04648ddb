"""Builds steps with the classes of sagemaker 3.27 and writes their documents to ``tests/data/parity/kinds``.

Run by hand, in an environment of its own that has that SDK and nothing of smgen:

    python tests/parity/sdk_steps.py

Nothing leaves the machine: every connection and name look-up is refused, and the script fails for them at its end.
``tests/library/test_parity.py`` holds the documents against those that smgen makes of its contracts.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "parity"
ROLE = "arn:aws:iam::111122223333:role/pipeline"
BUCKET = "dev-bucket"
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
SDK_VERSION = "3.27.0"
ATTEMPTS: list[str] = []


def module(name: str) -> Any:
    """A module of the SDK, which has no types."""
    return importlib.import_module(f"sagemaker.{name}")


def of(place: str, name: str) -> Any:
    """A thing of a module of the SDK."""
    return getattr(module(place), name)


def nothing(*_: object, **__: object) -> None:
    """In place of what would talk to somebody."""


def guard() -> None:
    """No credentials that anybody has, no telemetry, and every attempt to leave this machine refused and noted."""
    os.environ.update(
        AWS_DEFAULT_REGION="eu-west-1",
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        AWS_EC2_METADATA_DISABLED="true",
        SAGEMAKER_VALIDATE_ROLE="false",
    )

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
            ATTEMPTS.append(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}")
            raise RuntimeError(f"parity runs offline: {ATTEMPTS[-1]}")

    sys.addaudithook(refuse)
    of("core.telemetry", "telemetry_logging")._send_telemetry_request = nothing


def session() -> Any:
    """A session that captures requests; its bucket is known, so that it asks nobody."""
    import boto3  # of the SDK's environment

    boto = boto3.Session(region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    made = of("core.workflow.pipeline_context", "PipelineSession")(boto_session=boto, default_bucket=BUCKET)
    made._default_bucket = BUCKET
    return made


def variables() -> tuple[Callable[[str], Any], Callable[..., Any]]:
    """Makes a reference by its path, and a join; a reference is a variable of the SDK that belongs to no step."""

    class Reference(of("core.helper.pipeline_variable", "PipelineVariable")):  # type: ignore[misc]  # no types there
        def __init__(self, path: str) -> None:
            self.path = path

        @property
        def expr(self) -> dict[str, str]:
            return {"Get": self.path}

        @property
        def _referenced_steps(self) -> list[Any]:
            return []

    def join(on: str, *values: Any) -> Any:
        return of("core.workflow.functions", "Join")(on=on, values=list(values))

    return Reference, join


def build() -> tuple[dict[str, Any], dict[str, str]]:
    """The steps by name, and what of the SDK does not work by kind."""
    ps = session()
    get, join = variables()
    execution = get("Execution.PipelineExecutionId")

    def location(pipeline: str, step: str, output: str) -> Any:
        return join("/", "s3:/", BUCKET, pipeline, execution, step, "output", output)

    cache = of("mlops.workflow.steps", "CacheConfig")
    retry = of("mlops.workflow.retry", "StepRetryPolicy")
    exceptions = of("mlops.workflow.retry", "StepExceptionTypeEnum")
    data = get("Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")
    prepared = get("Steps.Glue.OutputParameters['s3_data_out']")
    model = get("Steps.Create.ModelName")
    steps: list[Any] = []

    # Functions and queues.
    lambda_step = of("mlops.workflow.lambda_step", "LambdaStep")
    lambda_output = of("mlops.workflow.lambda_step", "LambdaOutput")
    lambda_type = of("mlops.workflow.lambda_step", "LambdaOutputTypeEnum")
    function = of("core.lambda_helper", "Lambda")
    arn = "arn:aws:lambda:eu-west-1:111122223333:function"
    outputs = [
        ("accuracy", "Float"),
        ("model_artifact_uri", "String"),
        ("image_uri", "String"),
        ("version", "Integer"),
        ("approved", "Boolean"),
        ("s3_statistics", "String"),
        ("s3_constraints", "String"),
    ]
    steps.append(
        lambda_step(
            name="Lookup",
            lambda_func=function(function_arn=f"{arn}:model-lookup", session=ps),
            inputs={
                "region": "eu-west-1",
                "max_age_days": get("Parameters.MaxAge"),
                "model_package_group_name": "scores",
                "stages": ["prod"],
            },
            outputs=[lambda_output(name, getattr(lambda_type, kind)) for name, kind in outputs],
            cache_config=cache(enable_caching=True, expire_after="P7D"),
        )
    )
    steps.append(
        lambda_step(
            name="Notify",
            lambda_func=function(function_arn=f"{arn}:notify", session=ps),
            inputs={"image": get("Steps.Lookup.OutputParameters['image_uri']"), "state": "done"},
        )
    )
    callback_step = of("mlops.workflow.callback_step", "CallbackStep")
    callback_output = of("mlops.workflow.callback_step", "CallbackOutput")
    queues = "https://sqs.eu-west-1.amazonaws.com/111122223333"
    steps.append(
        callback_step(
            name="Glue",
            sqs_queue_url=f"{queues}/glue",
            inputs={
                "input_location": f"s3://{BUCKET}/raw",
                "output_location": join("/", f"s3://{BUCKET}/prepared", execution),
            },
            outputs=[callback_output("s3_data_out")],
            cache_config=cache(enable_caching=True, expire_after="P7D"),
        )
    )
    steps.append(callback_step(name="Wait", sqs_queue_url=f"{queues}/approvals", inputs={}, outputs=[]))

    # Checks, without the uploads that they make when they are constructed.
    monitoring = of("core.model_monitor", "model_monitoring")
    monitoring.ModelMonitor._upload_and_convert_to_processing_input = _as_input
    clarify_step_module = module("mlops.workflow.clarify_check_step")
    clarify_step_module._upload_analysis_config = _config_location
    clarify_monitors = of("core.model_monitor", "clarify_model_monitoring")
    clarify_monitors.ClarifyModelMonitor._upload_analysis_config = nothing
    job = of("mlops.workflow.check_job_config", "CheckJobConfig")
    quality_step = of("mlops.workflow.quality_check_step", "QualityCheckStep")
    csv = {"csv": {"header": True, "output_columns_position": "START"}}
    steps.append(
        quality_step(
            name="DataQuality",
            quality_check_config=of("mlops.workflow.quality_check_step", "DataQualityCheckConfig")(
                baseline_dataset=data,
                dataset_format=csv,
                output_s3_uri=location("kinds", "DataQuality", "statistics"),
            ),
            check_job_config=job(role=ROLE, max_runtime_in_seconds=3600, sagemaker_session=ps),
            skip_check=get("Parameters.SkipChecks"),
            model_package_group_name=get("Parameters.ModelPackageGroup"),
            cache_config=cache(enable_caching=True, expire_after="P30D"),
        )
    )
    steps.append(
        quality_step(
            name="ModelQuality",
            quality_check_config=of("mlops.workflow.quality_check_step", "ModelQualityCheckConfig")(
                baseline_dataset=get("Steps.Predict.TransformOutput.S3OutputPath"),
                dataset_format=csv,
                output_s3_uri=location("kinds", "ModelQuality", "statistics"),
                problem_type="BinaryClassification",
                probability_attribute="_c0",
                ground_truth_attribute="_c1",
                probability_threshold_attribute=0.5,
            ),
            check_job_config=job(role=ROLE, env={"LOG": "1"}, sagemaker_session=ps),
            supplied_baseline_constraints=f"s3://{BUCKET}/baseline/constraints.json",
        )
    )
    clarify_step = clarify_step_module.ClarifyCheckStep
    data_config = of("core.clarify", "DataConfig")
    model_config = of("core.clarify", "ModelConfig")
    bias_config = of("core.clarify", "BiasConfig")(label_values_or_threshold=[1], facet_name="age")

    def analysed(step: str, folder: str) -> Any:
        return data_config(
            s3_data_input_path=data,
            s3_output_path=location("kinds", step, "report"),
            s3_analysis_config_output_path=f"s3://{BUCKET}/{folder}",
            label="target",
            dataset_type="text/csv",
        )

    predictor = model_config(model_name=model, instance_count=1, instance_type="ml.m5.xlarge")
    steps.append(
        clarify_step(
            name="DataBias",
            clarify_check_config=clarify_step_module.DataBiasCheckConfig(
                data_config=analysed("DataBias", "clarify"), data_bias_config=bias_config
            ),
            check_job_config=job(role=ROLE, sagemaker_session=ps),
            skip_check=True,
            register_new_baseline=True,
        )
    )
    steps.append(
        clarify_step(
            name="ModelBias",
            clarify_check_config=clarify_step_module.ModelBiasCheckConfig(
                data_config=analysed("ModelBias", "clarify/model"),
                data_bias_config=bias_config,
                model_config=predictor,
                model_predicted_label_config=of("core.clarify", "ModelPredictedLabelConfig")(probability_threshold=0.5),
            ),
            check_job_config=job(role=ROLE, sagemaker_session=ps),
        )
    )
    steps.append(
        clarify_step(
            name="Explain",
            clarify_check_config=clarify_step_module.ModelExplainabilityCheckConfig(
                data_config=analysed("Explain", "clarify/model"),
                model_config=predictor,
                explainability_config=of("core.clarify", "SHAPConfig")(
                    baseline=[[0, 1]], num_samples=10, agg_method="mean_abs"
                ),
            ),
            check_job_config=job(role=ROLE, sagemaker_session=ps),
            fail_on_violation=False,
        )
    )

    # Clusters.
    emr_step = of("mlops.workflow.emr_step", "EMRStep")
    emr_config = of("mlops.workflow.emr_step", "EMRStepConfig")
    cluster = "j-1ABCDEFGHIJKL"
    features = emr_config(
        jar="command-runner.jar",
        args=[
            "spark-submit",
            "s3://jobs/features.py",
            "--input",
            prepared,
            "--output",
            location("calls", "Features", "features"),
            "--partitions",
            "8",
        ],
    )
    steps.append(emr_step("Features", None, None, cluster, features))
    steps.append(
        emr_step(
            "EmrCommand",
            None,
            None,
            cluster,
            emr_config(
                jar="command-runner.jar",
                args=["spark-submit", "s3://jobs/count.py", get("Steps.Features.Config.Args[5]")],
            ),
            cache_config=cache(enable_caching=True, expire_after="P1D"),
            execution_role_arn="arn:aws:iam::111122223333:role/emr",
        )
    )
    steps.append(
        emr_step(
            "EmrCluster",
            None,
            None,
            None,
            emr_config(jar="s3://jobs/count.jar", main_class="com.example.Count"),
            cluster_config={
                "ReleaseLabel": "emr-7.5.0",
                "Applications": [{"Name": "Spark"}],
                "Instances": {
                    "InstanceGroups": [
                        {"Name": "Primary", "InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1},
                        {"Name": "Core", "InstanceRole": "CORE", "InstanceType": "m5.xlarge", "InstanceCount": 2},
                    ],
                    "Ec2SubnetId": "subnet-1",
                },
                "JobFlowRole": "EMR_EC2_DefaultRole",
                "ServiceRole": "EMR_DefaultRole",
                "LogUri": f"s3://{BUCKET}/emr",
            },
        )
    )
    serverless = of("mlops.workflow.emr_serverless_step", "EMRServerlessStep")(
        "Serverless",
        None,
        None,
        of("mlops.workflow.emr_serverless_step", "EMRServerlessJobConfig")(
            job_driver={
                "sparkSubmit": {
                    "entryPoint": "s3://jobs/count.py",
                    "entryPointArguments": ["--input", prepared],
                    "sparkSubmitParameters": "--conf spark.executor.cores=2",
                }
            },
            execution_role_arn=ROLE,
            configuration_overrides={
                "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": f"s3://{BUCKET}/spark"}}
            },
            execution_timeout_minutes=60,
        ),
        application_id="00f1abcdexample",
        retry_policies=[retry(exception_types=[exceptions.SERVICE_FAULT], max_attempts=2)],
    )
    steps.append(serverless)

    # Endpoints.
    endpoint_config_step = of("mlops.workflow.endpoint_step", "EndpointConfigStep")
    endpoint_step = of("mlops.workflow.endpoint_step", "EndpointStep")
    steps.append(
        endpoint_config_step(
            "EndpointConfig",
            ps.create_endpoint_config(
                name=join("-", "scores", execution),
                production_variants=[
                    {
                        "VariantName": "AllTraffic",
                        "ModelName": model,
                        "InitialInstanceCount": 1,
                        "InstanceType": "ml.m5.xlarge",
                        "InitialVariantWeight": 1,
                        "ManagedInstanceScaling": {
                            "Status": "ENABLED",
                            "MinInstanceCount": 1,
                            "MaxInstanceCount": 3,
                        },
                    }
                ],
                data_capture_config_dict={
                    "EnableCapture": True,
                    "InitialSamplingPercentage": 20,
                    "DestinationS3Uri": f"s3://{BUCKET}/capture",
                    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
                },
            ),
            cache_config=cache(enable_caching=True, expire_after="P1D"),
            retry_policies=[retry(exception_types=[exceptions.THROTTLING], max_attempts=3)],
        )
    )
    steps.append(
        endpoint_config_step(
            "SharedConfig",
            ps.create_endpoint_config(
                name="shared",
                production_variants=[
                    {
                        "VariantName": "AllTraffic",
                        "InitialInstanceCount": 1,
                        "InstanceType": "ml.g5.2xlarge",
                        "InitialVariantWeight": 1,
                    }
                ],
                role=ROLE,
            ),
        )
    )
    for name, endpoint, config in (
        ("Endpoint", "scores", "EndpointConfig"),
        ("SharedEndpoint", "shared", "SharedConfig"),
    ):
        arguments = ps.create_endpoint(endpoint_name=endpoint, config_name=get(f"Steps.{config}.EndpointConfigName"))
        steps.append(endpoint_step(name, arguments))
    steps.append(
        of("mlops.workflow.inference_component_step", "InferenceComponentStep")(
            "Component",
            ps.create_inference_component(
                inference_component_name="scores",
                endpoint_name=get("Steps.SharedEndpoint.EndpointName"),
                variant_name="AllTraffic",
                specification={
                    "ModelName": model,
                    "ComputeResourceRequirements": {
                        "NumberOfAcceleratorDevicesRequired": 1,
                        "MinMemoryRequiredInMb": 2048,
                    },
                },
            ),
        )
    )

    # Lineage.
    name = join("-", "scores", execution)
    reference = of("mlops.workflow.lineage_step", "LineageEntityReference")
    association = of("mlops.workflow.lineage_step", "LineageAssociation")
    action = of("core.lineage.action", "Action")
    artifact = of("core.lineage.artifact", "Artifact")
    steps.append(
        of("mlops.workflow.lineage_step", "LineageStep")(
            "Lineage",
            actions=[
                action.create(
                    action_name=join("", name, "-action"),
                    source_uri=get("Steps.Train.TrainingJobName"),
                    action_type="ModelTraining",
                    status="Completed",
                    sagemaker_session=ps,
                )
            ],
            artifacts=[
                artifact.create(
                    artifact_name=join("", name, "-data"),
                    source_uri=data,
                    artifact_type="DataSet",
                    sagemaker_session=ps,
                ),
                artifact.create(
                    artifact_name=join("", name, "-model"),
                    source_uri=get("Steps.Train.ModelArtifacts.S3ModelArtifacts"),
                    artifact_type="Model",
                    sagemaker_session=ps,
                ),
            ],
            associations=[
                association(
                    reference(join("", name, "-data"), "Artifact"),
                    reference(join("", name, "-action"), "Action"),
                    "ContributedTo",
                ),
                association(
                    reference(join("", name, "-action"), "Action"),
                    reference(join("", name, "-model"), "Artifact"),
                    "Produced",
                ),
            ],
        )
    )

    # A job: the SDK's own producers are trainers that talk to the hub, so the request is captured by itself.
    capture = of("core.workflow.pipeline_capture", "capture_create_job_request")

    class Producer:
        sagemaker_session = ps

        def run(self) -> None:
            capture(
                ps,
                job_name="tailor",
                role_arn=ROLE,
                job_category="DataTransformation",
                schema_version="1.0.0",
                job_config={"InputDataConfig": {"S3Uri": prepared}},
            )

    step_arguments = of("core.workflow.pipeline_context", "_StepArguments")
    steps.append(
        of("mlops.workflow.steps", "JobStep")("Tailor", step_arguments("create_job", Producer.run, Producer()))
    )

    # A notebook, without the upload of its files.
    notebook_module = module("mlops.workflow.notebook_job_step")
    notebook_module.NotebookJobStep._upload_job_files = nothing
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder, "explore.ipynb")
        notebook.write_text("{}", encoding="utf-8")
        notebook_step = notebook_module.NotebookJobStep(
            name="Notebook",
            input_notebook=str(notebook),
            image_uri=f"{REGISTRY}/notebook:1",
            kernel_name="python3",
            notebook_job_name="explored",
            role=ROLE,
            s3_root_uri=f"s3://{BUCKET}",
            parameters={"days": "30", "function": get("Steps.Function.TrainingJobName")},
            instance_type="ml.m5.xlarge",
            volume_size=30,
            max_runtime_in_seconds=86400,
        )
        steps.append(notebook_step)
        documents = requests(steps, ps)
    return documents, defects(serverless)


def _config_location(_file: str, folder: str, *_: object) -> str:
    """Where the SDK uploads an analysis to."""
    return f"{folder}/analysis_config.json"


def _as_input(_: object, source: Any, destination: str, name: str) -> Any:
    """What the SDK makes of an S3 location without its upload; None for what is not given."""
    if source is None:
        return None
    return of("core.shapes", "ProcessingInput")(
        input_name=name, s3_input={"s3_uri": source, "local_path": destination, "s3_data_type": "S3Prefix"}
    )


def requests(steps: list[Any], ps: Any) -> dict[str, Any]:
    """The documents of the steps as a pipeline of them has it, the times in them replaced."""
    found: dict[str, Any] = {}
    for step in steps:
        # One pipeline per step: what a step reads of others is not asked for.
        pipeline = of("mlops.workflow.pipeline", "Pipeline")(name="calls", steps=[step], sagemaker_session=ps)
        text = re.sub(r"input-[0-9-]{20,}", "input-<TIMESTAMP>", pipeline.definition())
        (found[step.name],) = json.loads(text)["Steps"]
    return found


def defects(serverless: Any) -> dict[str, str]:
    """What does not work in the SDK, in its own words."""
    names: list[str] = list(serverless.properties.__dict__)
    own = [name for name in names if not name.startswith("_") and name not in ("step_name", "path")]
    found = {"EMRServerless": f"members of its properties: {len(own)}"}
    try:
        of("mlops.workflow.automl_step", "AutoMLStep")("Search", None)
    except (AttributeError, TypeError, ImportError) as error:
        found["AutoML"] = f"{type(error).__name__}: {error}"
    return found


def main() -> int:
    """Writes the documents; 1 when anything tried to leave the machine."""
    guard()
    version = importlib.metadata.version("sagemaker")
    if version != SDK_VERSION:
        print(f"this needs sagemaker {SDK_VERSION}, and here is {version}")
        return 1
    documents, not_working = build()
    folder = DATA / "kinds"
    folder.mkdir(parents=True, exist_ok=True)
    written = {**documents, "_sdk": {"sagemaker": version, "defects": not_working}}
    for name, document in written.items():
        text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    print(f"{len(documents)} steps written to {folder}")
    for attempt in ATTEMPTS:
        print(f"tried to leave this machine: {attempt}")
    return 1 if ATTEMPTS else 0


if __name__ == "__main__":
    sys.exit(main())
