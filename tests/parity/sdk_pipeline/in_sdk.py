"""Runs in the environment of an SDK: makes its pipelines of definitions, and mixes its steps with typed builders.

    PYTHONPATH=codegen:generated SMGEN_MOTO=http://127.0.0.1:… python in_sdk.py FOLDER

reads every ``FOLDER/definitions/*.json`` and writes ``FOLDER/answers.json``. ``test_sdk_pipeline.py`` runs it.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

from smgen.definition import Definition, parse_definition
from smgen.diagnostics import FindingsError
from smgen.emit import sagemaker_pipeline, sdk_variable
from smgen.runtime import AUTO, Environment, External, FluentPipelineBuilder
from smgen_steps import model_evaluation, tabular_preprocessing, xgboost_training

TESTS = Path(__file__).parents[2]
REGION = "eu-west-1"
ROLE = "arn:aws:iam::111122223333:role/pipeline"
BUCKET = "dev-bucket"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1.7-1"
VERSION = importlib.metadata.version("sagemaker")
MAJOR = int(VERSION.partition(".")[0])
ENVIRONMENT = Environment(
    "dev",
    account="111122223333",
    region=REGION,
    role=ROLE,
    bucket=BUCKET,
    images={"scikit-learn": IMAGE, "xgboost": IMAGE},
)


def of(place: str, name: str) -> Any:
    """A thing of a module of the SDK, which has no types."""
    return getattr(importlib.import_module(f"sagemaker.{place}"), name)


def guard() -> Any:
    """The suite's guard: loopback only. By its file, since the SDK's environment has a package named ``tests``."""
    spec = importlib.util.spec_from_file_location("network_guard", TESTS / "network_guard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.strip_aws_environment(os.environ)
    os.environ.update(
        AWS_ENDPOINT_URL=os.environ["SMGEN_MOTO"],
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        # The SDK looks up whether the role may do what it is for, unless it is told not to.
        SAGEMAKER_VALIDATE_ROLE="false",
        SAGEMAKER_SUPPRESS_V2_WARNING="1",
    )
    found = module.NetworkGuard()
    found.install()
    return found


def nothing(*_: object, **__: object) -> None:
    """In place of what would talk to somebody."""


def session() -> Any:
    """A session that captures requests; its bucket is known, so that it asks nobody."""
    import boto3  # of the SDK's environment

    boto = boto3.Session(region_name=REGION)
    place = "core.workflow.pipeline_context" if MAJOR == 3 else "workflow.pipeline_context"
    made = of(place, "PipelineSession")(boto_session=boto, default_bucket=BUCKET)
    made._default_bucket = BUCKET
    return made


def exported(definition: Definition, name: str, own: Any) -> dict[str, Any]:
    """What becomes of one definition: whether it is the same afterwards, in the SDK and in SageMaker."""
    try:
        pipeline: Any = sagemaker_pipeline(definition, own, name=name, role=ROLE)
    except FindingsError as error:
        return {"findings": [[one.rule, one.place.pointer, one.given] for one in error.findings]}
    return {
        "equal": json.loads(pipeline.definition()) == definition.document,
        "again": json.loads(pipeline.definition()) == definition.document,
        "graph": sorted(graph(pipeline)),
        **deployed(pipeline, definition.document),
    }


def graph(pipeline: Any) -> list[str]:
    """The steps as the SDK's own graph orders them; it raises for a circle."""
    made = of("mlops.workflow.pipeline" if MAJOR == 3 else "workflow.pipeline", "PipelineGraph")
    return [step.name for step in made.from_pipeline(pipeline)]


def deployed(pipeline: Any, document: Any) -> dict[str, Any]:
    """Creates the pipeline, updates it, and starts it whole and in part."""
    client = pipeline.sagemaker_session.sagemaker_client
    arn = pipeline.upsert()["PipelineArn"]
    described = client.describe_pipeline(PipelineName=pipeline.name)
    stored = described["PipelineDefinition"]
    parameters = {one.name: "1" for one in pipeline.parameters if one.default_value is None}
    execution = pipeline.start(parameters=parameters)
    selective = of(f"{'mlops.' if MAJOR == 3 else ''}workflow.selective_execution_config", "SelectiveExecutionConfig")
    chosen = selective(source_pipeline_execution_arn=execution.arn, selected_steps=[pipeline.steps[0].name])
    return {
        # What came through S3 is told by moto as the text of a Python object.
        "stored": json.loads(stored) == document if stored.startswith('{"') else "through S3",
        "role": described["RoleArn"],
        "same": pipeline.upsert()["PipelineArn"] == arn,
        "started": execution.describe()["PipelineExecutionStatus"],
        "in_part": pipeline.start(parameters=parameters, selective_execution_config=chosen).arn != execution.arn,
    }


def training(own: Any, data: object, instance: object) -> Any:
    """A training step made by hand, which reads what a typed builder makes and a parameter of the SDK."""
    if MAJOR == 3:
        configs, shapes = "core.training.configs", "core.shapes"
        trainer = of("train.model_trainer", "ModelTrainer")(
            training_image=IMAGE,
            role=ROLE,
            base_job_name="by-hand",
            sagemaker_session=own,
            hyperparameters={"num_round": 10},
            compute=of(configs, "Compute")(instance_type=instance, instance_count=1, volume_size_in_gb=30),
            output_data_config=of(shapes, "OutputDataConfig")(s3_output_path=f"s3://{BUCKET}/models"),
        )
        inputs = [of(configs, "InputData")(channel_name="train", data_source=data, content_type="text/csv")]
        return of("mlops.workflow.steps", "TrainingStep")(
            name="Train", step_args=trainer.train(input_data_config=inputs), depends_on=["Preprocess"]
        )
    estimator = of("estimator", "Estimator")(
        image_uri=IMAGE,
        role=ROLE,
        sagemaker_session=own,
        hyperparameters={"num_round": 10},
        instance_type=instance,
        instance_count=1,
        output_path=f"s3://{BUCKET}/models",
    )
    inputs2 = {"train": of("inputs", "TrainingInput")(data, content_type="text/csv")}
    return of("workflow.steps", "TrainingStep")(
        name="Train", step_args=estimator.fit(inputs2), depends_on=["Preprocess"]
    )


def processing(own: Any, data: object, name: str, output: str) -> Any:
    """A processing step made by hand."""
    root = "core.processing" if MAJOR == 3 else "processing"
    processor = of(root, "ScriptProcessor")(
        role=ROLE,
        image_uri=IMAGE,
        command=["python3"],
        instance_type="ml.m5.large",
        instance_count=1,
        base_job_name="by-hand",
        sagemaker_session=own,
    )
    code = f"s3://{BUCKET}/code/report.py"
    if MAJOR == 3:
        shapes = "core.shapes"
        inputs = [
            of(shapes, "ProcessingInput")(
                input_name="data",
                s3_input=of(shapes, "ProcessingS3Input")(
                    s3_uri=data, local_path="/opt/ml/processing/input/data", s3_data_type="S3Prefix"
                ),
            )
        ]
        outputs = [
            of(shapes, "ProcessingOutput")(
                output_name=output,
                s3_output=of(shapes, "ProcessingS3Output")(
                    s3_uri=f"s3://{BUCKET}/by-hand",
                    local_path=f"/opt/ml/processing/{output}",
                    s3_upload_mode="EndOfJob",
                ),
            )
        ]
        step = of("mlops.workflow.steps", "ProcessingStep")
    else:
        inputs = [of(root, "ProcessingInput")(source=data, destination="/opt/ml/processing/input/data")]
        outputs = [
            of(root, "ProcessingOutput")(
                output_name=output, source=f"/opt/ml/processing/{output}", destination=f"s3://{BUCKET}/by-hand"
            )
        ]
        step = of("workflow.steps", "ProcessingStep")
    return step(name=name, step_args=processor.run(inputs=inputs, outputs=outputs, code=code))


def mixed(own: Any) -> dict[str, Any]:
    """Typed builders, an adopted step between them, and a step of the SDK after them."""
    text = of("core.workflow.parameters" if MAJOR == 3 else "workflow.parameters", "ParameterString")
    instance = text(name="Machine", default_value="ml.m5.xlarge", enum_values=["ml.m5.xlarge", "ml.m5.4xlarge"])
    p = FluentPipelineBuilder("Mixed", ENVIRONMENT)
    raw = p.string("RawData", default=f"s3://{BUCKET}/raw")
    prepared = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(raw)))
    made = training(own, sdk_variable(prepared.processed_data), instance)
    adopted = p.adopt(made, xgboost_training.Proxy)
    p.add_step("Evaluate", model_evaluation.StepBuilder(model=adopted.model_artifacts, test_data=prepared.test_data))
    p.add_step("EvaluateAgain", model_evaluation.StepBuilder(model=AUTO, test_data=AUTO))
    compiled = p.build()
    definition = compiled.definition
    by_hand = processing(own, sdk_variable(adopted.model_artifacts), "ByHand", "report")
    pipeline: Any = sagemaker_pipeline(definition, own, name="Mixed", role=ROLE, steps=[by_hand])
    first = pipeline.steps[0].properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
    pipeline.steps.append(processing(own, first, "ByHandToo", "report"))
    document = json.loads(pipeline.definition())
    return {
        "ours": definition.document,
        "equal": {**document, "Steps": document["Steps"][:-2]} == definition.document,
        "names": [step["Name"] for step in document["Steps"]],
        "by_hand": [step["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"] for step in document["Steps"][-2:]],
        "alone": alone(own, made, instance),
        "graph": graph(pipeline),
        **deployed(pipeline, document),
    }


def alone(own: Any, step: Any, instance: Any) -> Any:
    """The step by hand as the SDK alone compiles it; what it reads stands in for by a step of that name."""
    pipeline = of("mlops.workflow.pipeline" if MAJOR == 3 else "workflow.pipeline", "Pipeline")
    before = processing(own, "s3://b/raw", "Preprocess", "train")
    made = pipeline(name="Alone", parameters=[instance], steps=[before, step], sagemaker_session=own)
    return json.loads(made.definition())["Steps"][1]


def refused(own: Any) -> list[list[Any]]:
    """What is found wrong with steps that do not fit their contract."""
    p = FluentPipelineBuilder("Refused", ENVIRONMENT)
    p.adopt(processing(own, "s3://b/raw", "Preprocess", "trian"), tabular_preprocessing.Proxy)
    p.adopt(training(own, "s3://b/train", "ml.m5.xlarge"), tabular_preprocessing.Proxy)
    try:
        p.build()
    except FindingsError as error:
        return [[one.rule, one.message, one.given, one.expected] for one in error.findings]
    return []


def main(folder: Path) -> None:
    """Answers for every definition, and for the mixed pipeline."""
    watching = guard()
    if MAJOR == 3:
        of("core.telemetry", "telemetry_logging")._send_telemetry_request = nothing
    else:
        of("telemetry", "telemetry_logging")._send_telemetry_request = nothing
    own = session()
    own.boto_session.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    answers: dict[str, Any] = {"version": VERSION, "exported": {}}
    for path in sorted((folder / "definitions").glob("*.json")):
        definition = parse_definition(json.loads(path.read_text(encoding="utf-8")))
        answers["exported"][path.stem] = exported(definition, path.stem, own)
    answers["mixed"] = mixed(own)
    answers["refused"] = refused(own)
    answers["attempts"] = watching.take_attempts()
    (folder / "answers.json").write_text(json.dumps(answers, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
