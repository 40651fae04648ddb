"""How much CPU time importing a definition costs, as a ratio to compiling the project that comes of it.

Whole processes on both sides: `smgen import`, which writes the contracts, generates the package and compiles the module
to prove it, and `smgen compile` of the result. The definitions are blocks of five steps (prepare, train, evaluate,
gate, register) that read each other. In the first table the blocks share their contracts; in the second every step has
another shape, so that each has a contract of its own. Both sides run once unmeasured and then three times in turn, into
a new folder each time; the tables hold medians. Ends with 1 where an import of 200 steps takes more per step, beside
what a process costs anyway, than twice what one of 50 does: time grows with the size and not much faster.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from smgen.documents import JsonObject, JsonValue

SIZES = (5, 50, 200)
BLOCK = 5
RUNS = 3
MOST_GROWTH = 2.0
BUCKET = "sagemaker-eu-west-1-111122223333"
ROLE = "arn:aws:iam::111122223333:role/SageMakerPipelines"
REGISTRY = "141502667606.dkr.ecr.eu-west-1.amazonaws.com"
SDK: Mapping[str, JsonValue] = {
    "S3DataType": "S3Prefix",
    "S3InputMode": "File",
    "S3DataDistributionType": "FullyReplicated",
    "S3CompressionType": "None",
}


def output_of(step: str, output: str) -> JsonObject:
    """A reference to an output of a processing job."""
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri"}


def model_of(step: str) -> JsonObject:
    """A reference to a trained model."""
    return {"Get": f"Steps.{step}.ModelArtifacts.S3ModelArtifacts"}


def processing(name: str, script: str, inputs: Mapping[str, JsonValue], outputs: list[str], mark: str) -> JsonObject:
    """A processing step as the SDK writes it, with a variable whose name ends with a mark."""
    code = f"s3://{BUCKET}/Blocks/code/{'ab' * 32}/{script}"
    located: list[JsonValue] = [
        {
            "InputName": given,
            "AppManaged": False,
            "S3Input": {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/input/{given}", **SDK},
        }
        for given, uri in (*inputs.items(), ("code", code))
    ]
    execution: JsonValue = {"Get": "Execution.PipelineExecutionId"}
    written: list[JsonValue] = [
        {
            "OutputName": given,
            "AppManaged": False,
            "S3Output": {
                "S3Uri": {
                    "Std:Join": {
                        "On": "/",
                        "Values": ["s3:/", BUCKET, "Blocks", execution, name, "output", given],
                    }
                },
                "LocalPath": f"/opt/ml/processing/{given}",
                "S3UploadMode": "EndOfJob",
            },
        }
        for given in outputs
    ]
    request: JsonObject = {
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceType": {"Get": "Parameters.Machine"},
                "InstanceCount": 1,
                "VolumeSizeInGB": 30,
            }
        },
        "AppSpecification": {
            "ImageUri": f"{REGISTRY}/sagemaker-scikit-learn:1.2-1-cpu-py3",
            "ContainerEntrypoint": ["python3", f"/opt/ml/processing/input/code/{script}"],
            "ContainerArguments": ["--split", "0.2"],
        },
        "RoleArn": ROLE,
        "Environment": {f"BLOCK{mark}": "1"},
        "ProcessingInputs": located,
        "ProcessingOutputConfig": {"Outputs": written},
    }
    return {"Name": name, "Type": "Processing", "Arguments": request}


def training(name: str, data: Mapping[str, JsonValue], mark: str) -> JsonObject:
    """A training step with a hyperparameter whose name ends with a mark."""
    channels: list[JsonValue] = [
        {
            "ChannelName": channel,
            "ContentType": "text/csv",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": uri,
                    "S3DataDistributionType": "FullyReplicated",
                }
            },
        }
        for channel, uri in data.items()
    ]
    request: JsonObject = {
        "AlgorithmSpecification": {
            "TrainingImage": f"{REGISTRY}/sagemaker-xgboost:1.7-1",
            "TrainingInputMode": "File",
        },
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30},
        "RoleArn": ROLE,
        "InputDataConfig": channels,
        "HyperParameters": {
            "objective": "reg:linear",
            "num_round": "50",
            "eta": "0.2",
            f"block{mark}": "1",
        },
    }
    return {"Name": name, "Type": "Training", "Arguments": request}


def registration(name: str, model: JsonValue, report: JsonValue, mark: str) -> JsonObject:
    """A step that registers a model, with a property whose name ends with a mark."""
    quality: JsonObject = {
        "ContentType": "application/json",
        "S3Uri": {"Std:Join": {"On": "/", "Values": [report, "evaluation.json"]}},
    }
    request: JsonObject = {
        "ModelPackageGroupName": "blocks",
        "ModelMetrics": {"ModelQuality": {"Statistics": quality}},
        "CustomerMetadataProperties": {f"block{mark}": "set"},
        "InferenceSpecification": {
            "Containers": [{"Image": f"{REGISTRY}/sagemaker-xgboost:1.7-1", "ModelDataUrl": model}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
            "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.large"],
            "SupportedTransformInstanceTypes": ["ml.m5.large"],
        },
        "ModelApprovalStatus": "PendingManualApproval",
    }
    return {"Name": name, "Type": "RegisterModel", "Arguments": request}


def block(number: int, mark: str) -> list[JsonValue]:
    """Five steps, the last of which is in a branch of the fourth."""
    prepare, train, evaluate = f"Prepare{number}", f"Train{number}", f"Evaluate{number}"
    before: JsonValue = output_of(f"Prepare{number - 1}", "test") if number else {"Get": "Parameters.InputData"}
    evaluation = processing(
        evaluate,
        "evaluate.py",
        {"model": model_of(train), "test": output_of(prepare, "test")},
        ["evaluation"],
        mark,
    )
    evaluation["PropertyFiles"] = [
        {"PropertyFileName": "Report", "OutputName": "evaluation", "FilePath": "evaluation.json"}
    ]
    file: JsonObject = {"Get": f"Steps.{evaluate}.PropertyFiles.Report"}
    condition: JsonObject = {
        "Type": "LessThanOrEqualTo",
        "LeftValue": {"Std:JsonGet": {"PropertyFile": file, "Path": "metrics.mse.value"}},
        "RightValue": {"Get": "Parameters.MaxError"},
    }
    registered = registration(f"Register{number}", model_of(train), output_of(evaluate, "evaluation"), mark)
    gate: JsonObject = {"Conditions": [condition], "IfSteps": [registered], "ElseSteps": []}
    return [
        processing(prepare, "prepare.py", {"raw": before}, ["train", "validation", "test"], mark),
        training(train, {name: output_of(prepare, name) for name in ("train", "validation")}, mark),
        evaluation,
        {"Name": f"Gate{number}", "Type": "Condition", "Arguments": gate},
    ]


def definition(steps: int, *, shared: bool) -> JsonObject:
    """A definition of so many steps, whose blocks have the same shapes or each their own."""
    found: list[JsonValue] = []
    for number in range(steps // BLOCK):
        found += block(number, "" if shared else str(number))
    parameters: list[JsonValue] = [
        {"Name": "InputData", "Type": "String", "DefaultValue": f"s3://{BUCKET}/raw"},
        {"Name": "Machine", "Type": "String", "DefaultValue": "ml.m5.xlarge"},
        {"Name": "MaxError", "Type": "Float", "DefaultValue": 6.0},
    ]
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters, "Steps": found}


def cpu_seconds(folder: Path, *arguments: str) -> float:
    """CPU seconds of user and system together, of one command as a process of its own."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    command = [sys.executable, "-c", f"import os; os.chdir({str(folder)!r}); from smgen.cli import main; main()"]
    process = os.posix_spawn(sys.executable, [*command, *arguments], os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"smgen {' '.join(arguments)} failed in {folder}")
    return usage.ru_utime + usage.ru_stime


def importing(folder: Path, document: JsonObject) -> float:
    """The cost of an import into a new project below a folder."""
    (folder / "blocks.json").write_text(json.dumps(document), encoding="utf-8")
    return cpu_seconds(folder, "import", "blocks.json", "-o", "project")


def compiling(folder: Path, document: JsonObject) -> float:
    """The cost of compiling what was imported below a folder."""
    del document
    return cpu_seconds(folder / "project", "compile", "Blocks", "--env", "default", "-o", str(folder / "compiled"))


def starting(folder: Path, document: JsonObject) -> float:
    """What a process costs that does nothing."""
    del document
    return cpu_seconds(folder, "import", "--help")


SIDES: Mapping[str, Callable[[Path, JsonObject], float]] = {
    "start": starting,
    "import": importing,
    "compile": compiling,
}


def medians(size: int, *, shared: bool) -> tuple[dict[str, float], int]:
    """The costs by side, and the number of contracts."""
    document = definition(size, shared=shared)
    costs: dict[str, list[float]] = {side: [] for side in SIDES}
    contracts = 0
    for run in range(RUNS + 1):
        with tempfile.TemporaryDirectory() as temporary:
            for side, cost in SIDES.items():
                seconds = cost(Path(temporary), document)
                if run:
                    costs[side].append(seconds)
            contracts = len([*Path(temporary, "project", "contract_specs").glob("*.json")]) - 1
    return {side: statistics.median(found) for side, found in costs.items()}, contracts


def table(*, shared: bool) -> bool:
    """Measures and prints one table; whether a step of the largest costs about what one of the middle does."""
    print(f"{'steps':>6}{'contracts':>11}{'import s':>10}{'compile s':>11}{'ratio':>8}{'ms/step':>9}")
    each: dict[int, float] = {}
    for size in SIZES:
        found, contracts = medians(size, shared=shared)
        each[size] = (found["import"] - found["start"]) / size
        ratio = found["import"] / found["compile"]
        print(
            f"{size:>6}{contracts:>11}{found['import']:>10.2f}{found['compile']:>11.2f}{ratio:>8.2f}"
            f"{1e3 * each[size]:>9.1f}",
            flush=True,
        )
    return each[SIZES[2]] <= MOST_GROWTH * each[SIZES[1]]


def main() -> int:
    """Measure, print the tables, and return the exit code."""
    print(f"Whole processes, medians of {RUNS} runs in CPU seconds, Python {sys.version.split()[0]}")
    print("\nBlocks that share their contracts")
    fits = table(shared=True)
    print("\nEvery step with a contract of its own")
    fits = table(shared=False) and fits
    said = f"A step among {SIZES[2]} costs at most {MOST_GROWTH:.0f} times one among {SIZES[1]}"
    print(f"\n{said}: {'yes' if fits else 'NO'}")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
