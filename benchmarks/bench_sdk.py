"""How much CPU time and memory one pipeline costs with typed builders, against the classes of sagemaker 3.27.

Whole processes: start Python, import, build, definition as JSON. The pipeline is the same on both sides, alternating
training and processing steps that read each other, without code to upload, with one parameter, of 5, 50 and 200 steps.
The SDK's side is made as cheap as it can be: telemetry patched out, a region, made-up keys, a known bucket, no role
look-up, no sagemaker_config, literal images, everything offline. Both sides run once unmeasured, so that all byte code
is there, and then three times in turn; the table holds medians.

The environment with sagemaker 3.27.0 is the one that ``make parity`` makes, or whose interpreter SMGEN_SDK3_PYTHON
names; without it there is nothing to compare. Ends with 1 where 50 steps take more than 1/20 of the SDK's CPU or 1/3
of its memory.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SIZES = (5, 50, 200)
RUNS = 3
MOST_CPU = 1 / 20
MOST_MEMORY = 1 / 3
DECIDING_SIZE = 50
ROOT = Path(__file__).parents[1]
REGION = "eu-west-1"
ROLE = "arn:aws:iam::111122223333:role/pipeline"
BUCKET = "dev-bucket"
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
IMAGES = {name: f"{REGISTRY}/{name}:1" for name in ("scikit-learn", "xgboost")}
#: On which kind the steps begin: so that the last one always reads the model of the one before.
KINDS = ("train", "prepare")


def kinds(size: int) -> list[str]:
    """The kind of each step, the last of them one that prepares."""
    return [KINDS[(number + size) % 2] for number in range(size)]


def with_smgen(size: int) -> str:
    """The definition by typed builders."""
    from smgen.runtime import Environment, External, FluentPipelineBuilder
    from smgen_steps import tabular_preprocessing, xgboost_training

    environment = Environment("dev", account="111122223333", region=REGION, role=ROLE, bucket=BUCKET, images=IMAGES)
    p = FluentPipelineBuilder("Benchmark", environment)
    raw = p.string("RawData", default=f"s3://{BUCKET}/raw")
    trained: Any = None
    prepared: Any = None
    for number, kind in enumerate(kinds(size)):
        if kind == "train":
            config = xgboost_training.Config(num_round=100, max_depth=5, eta=0.2, objective="reg:squarederror")
            data = External(raw) if prepared is None else prepared.processed_data
            trained = p.add_step(f"Train{number}", xgboost_training.StepBuilder(config, training_data=data))
        else:
            source = External(raw if trained is None else trained.model_artifacts.location)
            prepared = p.add_step(f"Prepare{number}", tabular_preprocessing.StepBuilder(raw_data=source))
    return json.dumps(p.build().definition.document)


def of(place: str, name: str) -> Any:
    """A thing of a module of the SDK, which has no types."""
    return getattr(importlib.import_module(f"sagemaker.{place}"), name)


def nothing(*_: object, **__: object) -> None:
    """In place of what would talk to somebody."""


def with_sdk(size: int) -> str:
    """The definition by the SDK's own classes."""
    os.environ.update(AWS_DEFAULT_REGION=REGION, AWS_EC2_METADATA_DISABLED="true", SAGEMAKER_VALIDATE_ROLE="false")
    import boto3

    of("core.telemetry", "telemetry_logging")._send_telemetry_request = nothing
    configs, shapes = "core.training.configs", "core.shapes"
    boto = boto3.Session(region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")
    session = of("core.workflow.pipeline_context", "PipelineSession")(boto_session=boto, default_bucket=BUCKET)
    session._default_bucket = BUCKET
    join, variables = (
        of("core.workflow.functions", "Join"),
        of("core.workflow.execution_variables", "ExecutionVariables"),
    )
    raw = of("core.workflow.parameters", "ParameterString")(name="RawData", default_value=f"s3://{BUCKET}/raw")
    execution = variables.PIPELINE_EXECUTION_ID
    steps: list[Any] = []
    trained: Any = None
    prepared: Any = None
    for number, kind in enumerate(kinds(size)):
        name = f"{kind.title()}{number}"
        if kind == "train":
            trainer = of("train.model_trainer", "ModelTrainer")(
                training_image=IMAGES["xgboost"],
                role=ROLE,
                base_job_name="benchmark",
                sagemaker_session=session,
                hyperparameters={"num_round": 100, "max_depth": 5, "eta": 0.2, "objective": "reg:squarederror"},
                compute=of(configs, "Compute")(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
                stopping_condition=of(shapes, "StoppingCondition")(max_runtime_in_seconds=86400),
                output_data_config=of(shapes, "OutputDataConfig")(
                    s3_output_path=join("/", [f"s3://{BUCKET}", "Benchmark", execution, name])
                ),
            )
            outputs = None if prepared is None else prepared.properties.ProcessingOutputConfig.Outputs
            data = raw if outputs is None else outputs["train"].S3Output.S3Uri
            inputs = [of(configs, "InputData")(channel_name="train", data_source=data, content_type="text/csv")]
            arguments = trainer.train(input_data_config=inputs)
            trained = of("mlops.workflow.steps", "TrainingStep")(name=name, step_args=arguments)
            steps.append(trained)
        else:
            processor = of("core.processing", "ScriptProcessor")(
                role=ROLE,
                image_uri=IMAGES["scikit-learn"],
                command=["python3"],
                instance_type="ml.m5.xlarge",
                instance_count=1,
                base_job_name="benchmark",
                sagemaker_session=session,
            )
            source = raw if trained is None else trained.properties.ModelArtifacts.S3ModelArtifacts
            arguments = processor.run(
                code=f"s3://{BUCKET}/code/prepare.py",
                arguments=["--input", "/opt/ml/processing/input/raw"],
                inputs=[
                    of(shapes, "ProcessingInput")(
                        input_name="raw",
                        s3_input=of(shapes, "ProcessingS3Input")(
                            s3_uri=source, local_path="/opt/ml/processing/input/raw", s3_data_type="S3Prefix"
                        ),
                    )
                ],
                outputs=[
                    of(shapes, "ProcessingOutput")(
                        output_name=output,
                        s3_output=of(shapes, "ProcessingS3Output")(
                            s3_uri=join("/", [f"s3://{BUCKET}", "Benchmark", execution, name, output]),
                            local_path=f"/opt/ml/processing/{output}",
                            s3_upload_mode="EndOfJob",
                        ),
                    )
                    for output in ("train", "validation", "test")
                ],
            )
            prepared = of("mlops.workflow.steps", "ProcessingStep")(name=name, step_args=arguments)
            steps.append(prepared)
    pipeline = of("mlops.workflow.pipeline", "Pipeline")
    made = pipeline(name="Benchmark", parameters=[raw], steps=steps, sagemaker_session=session)
    definition: str = made.definition()
    return definition


SIDES = {"smgen": with_smgen, "sdk": with_sdk}


@dataclass(frozen=True)
class Cost:
    """What one process cost: CPU seconds of user and system together, and the most memory in MiB."""

    cpu_s: float
    memory_mib: float


def measured(python: str, side: str, size: int) -> Cost:
    """Runs one side as a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_"))}
    if side == "smgen":
        environment["PYTHONPATH"] = os.pathsep.join(str(ROOT / folder) for folder in ("codegen", "generated"))
    else:
        environment.pop("PYTHONPATH", None)
    arguments = [python, str(Path(__file__).resolve()), side, str(size)]
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(python, arguments, environment, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{side} with {size} steps failed; run it to see why: {' '.join(arguments)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(one.cpu_s for one in costs), statistics.median(one.memory_mib for one in costs))


def main() -> int:
    """Measure both sides, print the table, and say whether smgen is as cheap as it has to be."""
    python = os.environ.get("SMGEN_SDK3_PYTHON") or str(ROOT / ".venv-sdk3" / "bin" / "python")
    if not Path(python).exists():
        print("there is no environment with sagemaker 3.27.0 to compare with; 'make parity' makes one")
        return 0
    pythons = {"smgen": sys.executable, "sdk": python}
    for side, one in pythons.items():
        measured(one, side, min(SIZES))
    print(f"{'steps':>6}{'smgen s':>10}{'SDK s':>10}{'CPU':>9}{'smgen MiB':>12}{'SDK MiB':>10}{'memory':>9}")
    fits = True
    for size in SIZES:
        costs: dict[str, list[Cost]] = {side: [] for side in pythons}
        for _ in range(RUNS):
            for side, one in pythons.items():
                costs[side].append(measured(one, side, size))
        ours, theirs = median(costs["smgen"]), median(costs["sdk"])
        cpu, memory = ours.cpu_s / theirs.cpu_s, ours.memory_mib / theirs.memory_mib
        print(
            f"{size:>6}{ours.cpu_s:>10.2f}{theirs.cpu_s:>10.2f}{f'1/{1 / cpu:.1f}':>9}"
            f"{ours.memory_mib:>12.0f}{theirs.memory_mib:>10.0f}{f'1/{1 / memory:.1f}':>9}",
            flush=True,
        )
        if size == DECIDING_SIZE:
            fits = cpu <= MOST_CPU and memory <= MOST_MEMORY
    wanted = (
        f"at {DECIDING_SIZE} steps at most 1/{1 / MOST_CPU:.0f} of the CPU and 1/{1 / MOST_MEMORY:.0f} of the memory"
    )
    print(f"{wanted}: {'yes' if fits else 'NO'}")
    return 0 if fits else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(SIDES[sys.argv[1]](int(sys.argv[2])))
        sys.exit(0)
    sys.exit(main())
