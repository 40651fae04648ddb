"""Builds one tuning step with the classes of the SDK and writes its document to ``tests/data/parity/tuning``.

Run by hand, in the environments of sagemaker 3.27 and 2.257, which have nothing of smgen:

    python tests/parity/sdk_tuning.py

Nothing leaves the machine: every connection and name look-up is refused, and the script fails for them at its end.
``tests/library/test_tuning_parity.py`` holds the documents against the step that smgen makes.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "parity" / "tuning"
ROLE = "arn:aws:iam::111122223333:role/pipeline"
BUCKET = "dev-bucket"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1.7-1"
STATIC = {"objective": "binary:logistic", "max_depth": 5, "subsample": 0.7}
NETWORK = (["subnet-1"], ["sg-1"])
ATTEMPTS: list[str] = []


def of(place: str, name: str) -> Any:
    """A thing of a module of the SDK, which has no types."""
    return getattr(importlib.import_module(f"sagemaker.{place}"), name)


def nothing(*_: object, **__: object) -> None:
    """In place of what would talk to somebody."""


def guard() -> None:
    """No credentials that anybody has, and every attempt to leave this machine refused and noted."""
    os.environ.update(
        AWS_DEFAULT_REGION="eu-west-1",
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        AWS_EC2_METADATA_DISABLED="true",
        SAGEMAKER_VALIDATE_ROLE="false",
        SAGEMAKER_SUPPRESS_V2_WARNING="1",
    )

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
            ATTEMPTS.append(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}")
            raise RuntimeError(f"parity runs offline: {ATTEMPTS[-1]}")

    sys.addaudithook(refuse)


def session(place: str) -> Any:
    """A session that captures requests; its bucket is known, so that it asks nobody."""
    import boto3  # of the SDK's environment

    boto = boto3.Session(region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    made = of(place, "PipelineSession")(boto_session=boto, default_bucket=BUCKET)
    made._default_bucket = BUCKET
    return made


def ranges(place: str, rounds: Any) -> dict[str, Any]:
    """One range of each kind, at each way to write a bound."""
    continuous = of(place, "ContinuousParameter")
    return {
        "eta": continuous(0.01, 0.5, scaling_type="Logarithmic"),
        "alpha": continuous(0, 10),
        "num_round": of(place, "IntegerParameter")(50, rounds),
        "booster": of(place, "CategoricalParameter")(["gbtree", "dart"]),
    }


def step_of_sdk3() -> tuple[Any, Any]:
    """The step, and the location of the second best model, by sagemaker 3."""
    of("core.telemetry", "telemetry_logging")._send_telemetry_request = nothing
    shapes, configs = "core.shapes", "core.training.configs"
    integer, text = (of("core.workflow.parameters", name) for name in ("ParameterInteger", "ParameterString"))
    rounds, data = integer(name="Rounds", default_value=500), text(name="Data")
    pipeline_session = session("core.workflow.pipeline_context")
    trainer = of("train.model_trainer", "ModelTrainer")(
        training_image=IMAGE,
        role=ROLE,
        sagemaker_session=pipeline_session,
        hyperparameters=dict(STATIC),
        compute=of(configs, "Compute")(
            instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30, enable_managed_spot_training=False
        ),
        networking=of(configs, "Networking")(subnets=NETWORK[0], security_group_ids=NETWORK[1]),
        stopping_condition=of(shapes, "StoppingCondition")(max_runtime_in_seconds=3600),
        output_data_config=of(shapes, "OutputDataConfig")(s3_output_path=f"s3://{BUCKET}/jobs", kms_key_id="outputs"),
        checkpoint_config=of(shapes, "CheckpointConfig")(s3_uri=f"s3://{BUCKET}/checkpoints"),
    )
    tuner = of("train.tuner", "HyperparameterTuner")(
        model_trainer=trainer,
        objective_metric_name="validation:auc",
        objective_type="Maximize",
        hyperparameter_ranges=ranges("core.parameter", rounds),
        strategy="Random",
        max_jobs=20,
        max_parallel_jobs=4,
        max_runtime_in_seconds=7200,
        random_seed=7,
        tags=[{"Key": "team", "Value": "risk"}],
        warm_start_config=of(shapes, "HyperParameterTuningJobWarmStartConfig")(
            parent_hyper_parameter_tuning_jobs=[
                of(shapes, "ParentHyperParameterTuningJob")(hyper_parameter_tuning_job_name="earlier-job")
            ],
            warm_start_type="TransferLearning",
        ),
        completion_criteria_config=of(shapes, "TuningJobCompletionCriteria")(
            target_objective_metric_value=0.99,
            best_objective_not_improving=of(shapes, "BestObjectiveNotImproving")(
                max_number_of_training_jobs_not_improving=5
            ),
            convergence_detected=of(shapes, "ConvergenceDetected")(complete_on_convergence="Enabled"),
        ),
    )
    inputs = [of(configs, "InputData")(channel_name="train", data_source=data, content_type="text/csv")]
    made = of("mlops.workflow.steps", "TuningStep")(name="Tune", step_args=tuner.tune(inputs=inputs))
    return made, made.get_top_model_s3_uri(1, BUCKET, "jobs")


def step_of_sdk2() -> tuple[Any, Any]:
    """The step, and the location of the second best model, by sagemaker 2."""
    integer, text = (of("workflow.parameters", name) for name in ("ParameterInteger", "ParameterString"))
    rounds, data = integer(name="Rounds", default_value=500), text(name="Data")
    pipeline_session = session("workflow.pipeline_context")
    estimator = of("estimator", "Estimator")(
        image_uri=IMAGE,
        role=ROLE,
        sagemaker_session=pipeline_session,
        hyperparameters=dict(STATIC),
        instance_type="ml.m5.xlarge",
        instance_count=1,
        volume_size=30,
        subnets=NETWORK[0],
        security_group_ids=NETWORK[1],
        max_run=3600,
        output_path=f"s3://{BUCKET}/jobs",
        output_kms_key="outputs",
        checkpoint_s3_uri=f"s3://{BUCKET}/checkpoints",
    )
    types = of("tuner", "WarmStartTypes")
    tuner = of("tuner", "HyperparameterTuner")(
        estimator=estimator,
        objective_metric_name="validation:auc",
        objective_type="Maximize",
        hyperparameter_ranges=ranges("parameter", rounds),
        strategy="Random",
        max_jobs=20,
        max_parallel_jobs=4,
        max_runtime_in_seconds=7200,
        random_seed=7,
        tags=[{"Key": "team", "Value": "risk"}],
        warm_start_config=of("tuner", "WarmStartConfig")(types.TRANSFER_LEARNING, {"earlier-job"}),
        completion_criteria_config=of("tuner", "TuningJobCompletionCriteriaConfig")(
            target_objective_metric_value=0.99,
            max_number_of_training_jobs_not_improving=5,
            complete_on_convergence=True,
        ),
    )
    inputs = {"train": of("inputs", "TrainingInput")(data, content_type="text/csv")}
    made = of("workflow.steps", "TuningStep")("Tune", step_args=tuner.fit(inputs))
    return made, made.get_top_model_s3_uri(1, BUCKET, "jobs")


def main() -> None:
    guard()
    version = importlib.metadata.version("sagemaker")
    generation = version.partition(".")[0]
    if generation == "3":
        step, model = step_of_sdk3()
        place = "core.workflow.pipeline_context"
        pipeline_module = "mlops.workflow.pipeline"
    else:
        step, model = step_of_sdk2()
        place = "workflow.pipeline_context"
        pipeline_module = "workflow.pipeline"
    made = of(pipeline_module, "Pipeline")(name="Search", steps=[step], sagemaker_session=session(place))
    document = {
        "sdk": version,
        "step": json.loads(made.definition())["Steps"][0],
        "second_best_model": model.expr,
    }
    if ATTEMPTS:
        raise SystemExit(f"parity runs offline: {ATTEMPTS}")
    DATA.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=2, default=lambda value: value.expr) + "\n"
    (DATA / f"sdk{generation}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
