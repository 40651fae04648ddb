"""Steps and definitions for the tests of the rules about AWS's requests, limits and the policy."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from smgen.checks import CheckContext, Policy
from smgen.checks.catalogue import SERVICE
from smgen.checks.engine import run_checks
from smgen.definition import parse_definition
from smgen.diagnostics import Finding
from smgen.documents import JsonObject, JsonValue

CORPUS: Final = sorted((Path(__file__).parents[1] / "data" / "corpus").glob("*.json"))
ROLE: Final = "arn:aws:iam::123456789012:role/pipelines"
IMAGE: Final = "123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:1"


def corpus_definition(number: int) -> JsonObject:
    """A fresh copy of one of the eight recorded definitions, counted from 1."""
    value: JsonValue = json.loads(CORPUS[number - 1].read_text(encoding="utf-8"))["definition"]
    assert isinstance(value, dict)
    return value


def definition(*steps: JsonObject, parameters: list[JsonValue] | None = None) -> JsonObject:
    listed: list[JsonValue] = list(steps)
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": listed}


def parameter(name: str, type: str, *default: JsonValue) -> JsonObject:
    return {"Name": name, "Type": type, **({"DefaultValue": default[0]} if default else {})}


def get(name: str) -> JsonObject:
    return {"Get": f"Parameters.{name}"}


def step(name: str, type: str, arguments: JsonObject, **fields: JsonValue) -> JsonObject:
    return {"Name": name, "Type": type, "Arguments": arguments, **fields}


def machine(**members: JsonValue) -> JsonObject:
    return {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30, **members}


def training(**arguments: JsonValue) -> JsonObject:
    """A training step that is right, with other or further arguments."""
    return step(
        "Train",
        "Training",
        {
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://fraud/models"},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
            "ResourceConfig": machine(),
            "RoleArn": ROLE,
            **arguments,
        },
    )


def processing(**arguments: JsonValue) -> JsonObject:
    return step(
        "Prepare",
        "Processing",
        {
            "ProcessingResources": {"ClusterConfig": machine()},
            "AppSpecification": {"ImageUri": IMAGE},
            "RoleArn": ROLE,
            **arguments,
        },
    )


def service_findings(document: JsonObject, policy: Policy | None = None) -> tuple[Finding, ...]:
    """What the rules about AWS and the policy find, without those about the structure of the pipeline."""
    return run_checks(parse_definition(copy.deepcopy(document)), CheckContext(policy=policy), SERVICE)


def found(document: JsonObject, policy: Policy | None = None) -> list[tuple[str, str]]:
    """The rule and the pointer of each finding."""
    return [(finding.rule, finding.place.pointer or "") for finding in service_findings(document, policy)]


def only(document: JsonObject, policy: Policy | None = None) -> Finding:
    findings = service_findings(document, policy)
    assert len(findings) == 1, [finding.message for finding in findings]
    return findings[0]


def raw_steps(document: JsonObject) -> Iterator[JsonObject]:
    """Every step of a definition, as it stands there."""
    todo: list[JsonValue] = [document["Steps"]]
    while todo:
        here = todo.pop()
        if isinstance(here, list):
            todo.extend(reversed(here))
        elif isinstance(here, dict):
            yield here
            arguments = here["Arguments"]
            assert isinstance(arguments, dict)
            todo.extend(arguments[name] for name in ("ElseSteps", "IfSteps", "ForEachBody") if name in arguments)


def first_step(document: JsonObject, type: str) -> JsonObject:
    return next(found for found in raw_steps(document) if found["Type"] == type)


def at(value: JsonValue, *parts: str | int) -> JsonObject:
    """The object at a path."""
    for part in parts:
        if isinstance(part, int):
            assert isinstance(value, list)
            value = value[part]
        else:
            assert isinstance(value, dict)
            value = value[part]
    assert isinstance(value, dict)
    return value


Mutation = Callable[[JsonObject], None]
