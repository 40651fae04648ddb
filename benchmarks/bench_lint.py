"""How long lint takes (reading, then every rule, in one process) against `json.loads` of the same text.

Definitions of 5, 50, 500 and 5,000 steps, and the one of 1 MB among them, have the shape of recorded ones: jobs that
read each other's outputs, with parameters, a condition and a property file for every ten of them. Lint and
`json.loads` are measured in turn, so that whatever else the machine does meets both. Ends with 1 where a step of
5,000 takes more than three times as long as a step of 50: time grows with the size and not faster.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from smgen.checks import check_definition, index_definition
from smgen.definition import parse_definition
from smgen.documents import DEFINITION_LIMITS, JsonValue, parse_document

SIZES = (5, 50, 500, 5_000)
MEGABYTE = 1_000_000
MOST_GROWTH = 3.0
IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ROLE = "arn:aws:iam::123456789012:role/Pipelines"


def processing(number: int, *, wrong: bool) -> JsonValue:
    """A job that reads the output of the one before it; a wrong one reads a parameter that nothing declares."""
    before = f"Steps.Prepare{number - 1}.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri"
    location: JsonValue = {
        "Std:Join": {
            "On": "/",
            "Values": ["s3:/", {"Get": "Parameters.Bucket"}, {"Get": "Execution.PipelineExecutionId"}, f"data{number}"],
        }
    }
    return {
        "Name": f"Prepare{number}",
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {
                    "InstanceType": {"Get": f"Parameters.Lost{number}" if wrong else "Parameters.InstanceType"},
                    "InstanceCount": 1,
                    "VolumeSizeInGB": 30,
                }
            },
            "AppSpecification": {
                "ImageUri": IMAGE,
                "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code/prepare.py"],
                "ContainerArguments": ["--rows", "1000", "--part", str(number)],
            },
            "RoleArn": ROLE,
            "Environment": {"STAGE": "benchmark", "PART": str(number)},
            "ProcessingInputs": [
                {
                    "InputName": "data",
                    "AppManaged": False,
                    "S3Input": {
                        "S3Uri": {"Get": before} if number % 10 else {"Get": "Parameters.InputData"},
                        "LocalPath": "/opt/ml/processing/input/data",
                        "S3DataType": "S3Prefix",
                        "S3InputMode": "File",
                        "S3DataDistributionType": "FullyReplicated",
                        "S3CompressionType": "None",
                    },
                }
            ],
            "ProcessingOutputConfig": {
                "Outputs": [
                    {
                        "OutputName": "data",
                        "AppManaged": False,
                        "S3Output": {
                            "S3Uri": location,
                            "LocalPath": "/opt/ml/processing/data",
                            "S3UploadMode": "EndOfJob",
                        },
                    }
                ]
            },
        },
        "PropertyFiles": [{"PropertyFileName": "Report", "OutputName": "data", "FilePath": "report.json"}]
        if number % 10 == 8
        else [],
    }


def gate(number: int) -> JsonValue:
    """A condition about the report of the job before it, with one step in its branch."""
    report: JsonValue = {"Get": f"Steps.Prepare{number - 1}.PropertyFiles.Report"}
    message: JsonValue = {"ErrorMessage": {"Get": "Parameters.Message"}}
    return {
        "Name": f"Gate{number}",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [
                {
                    "Type": "LessThanOrEqualTo",
                    "LeftValue": {"Std:JsonGet": {"PropertyFile": report, "Path": "metrics.mse.value"}},
                    "RightValue": 6.0,
                }
            ],
            "IfSteps": [],
            "ElseSteps": [{"Name": f"Stop{number}", "Type": "Fail", "Arguments": message}],
        },
    }


def definition(steps: int) -> str:
    """The text of a definition of so many steps; one in 25 jobs has something to be found."""
    found: list[JsonValue] = []
    count = 0
    number = 0
    while count < steps:
        if number % 10 == 9 and count + 2 <= steps:
            found.append(gate(number))
            count += 2
        else:
            found.append(processing(number, wrong=number % 25 == 3))
            count += 1
        number += 1
    parameters: list[JsonValue] = [
        {"Name": "Bucket", "Type": "String", "DefaultValue": "models"},
        {"Name": "InputData", "Type": "String", "DefaultValue": "s3://models/input"},
        {"Name": "InstanceType", "Type": "String", "DefaultValue": "ml.m5.xlarge"},
        {"Name": "Message", "Type": "String", "DefaultValue": "too large an error"},
    ]
    document: JsonValue = {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters, "Steps": found}
    return json.dumps(document, indent=2)


@dataclass(frozen=True)
class Row:
    """What one definition holds, and the medians in seconds."""

    bytes: int
    steps: int
    expressions: int
    findings: int
    load_s: float
    read_s: float
    lint_s: float


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def measured(text: str, runs: int) -> Row:
    data = text.encode()
    times: dict[str, list[float]] = {"load": [], "read": [], "lint": []}
    for _ in range(runs):
        times["load"].append(timed(lambda: json.loads(text)))
        times["read"].append(timed(lambda: parse_document(data, "definition.json", DEFINITION_LIMITS)))
        times["lint"].append(
            timed(lambda: check_definition(parse_definition(parse_document(data, "x.json", DEFINITION_LIMITS))))
        )
    parsed = parse_definition(parse_document(data, "definition.json", DEFINITION_LIMITS))
    index = index_definition(parsed)
    load, read, lint = (statistics.median(found) for found in times.values())
    return Row(len(data), len(index.steps), len(index.uses), len(check_definition(parsed)), load, read, lint)


def main() -> int:
    """Measure, print the table, and return the exit code."""
    check_definition(parse_definition(json.loads(definition(5))))
    per_step = len(definition(500)) / 500
    rows = [measured(definition(steps), 25 if steps < 500 else 7) for steps in (*SIZES, round(MEGABYTE / per_step))]
    print(f"Medians of processor time in one process, Python {sys.version.split()[0]}; lint is reading and all rules")
    print()
    heads = ("MB", "steps", "expressions", "findings", "loads ms", "read ms", "lint ms", "lint/loads", "ms/step")
    print("".join(f"{head:>12}" for head in heads))
    for row in rows:
        cells = (
            *(f"{row.bytes / 1e6:.3f}", f"{row.steps:,}", f"{row.expressions:,}", f"{row.findings:,}"),
            *(f"{row.load_s * 1e3:.2f}", f"{row.read_s * 1e3:.2f}", f"{row.lint_s * 1e3:.1f}"),
            *(f"{row.lint_s / row.load_s:.0f}", f"{row.lint_s / row.steps * 1e3:.3f}"),
        )
        print("".join(f"{cell:>12}" for cell in cells))
    print()
    growth = (rows[3].lint_s / rows[3].steps) / (rows[1].lint_s / rows[1].steps)
    fits = growth < MOST_GROWTH
    print(f"A step of 5,000 takes {growth:.2f} times as long as one of 50: {'near' if fits else 'NOT near'} linear")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
