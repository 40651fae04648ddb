"""Small definitions for the tests of interfaces, as functions of what differs in them."""

from __future__ import annotations

from smgen.definition import Definition, parse_definition
from smgen.documents import JsonObject, JsonValue


def parameter(name: str, type: str = "String", **members: JsonValue) -> JsonObject:
    return {"Name": name, "Type": type, **members}


def training(name: str, location: JsonValue = "s3://fraud/models") -> JsonObject:
    return {"Name": name, "Type": "Training", "Arguments": {"OutputDataConfig": {"S3OutputPath": location}}}


def processing(name: str, **outputs: JsonValue) -> JsonObject:
    items: list[JsonValue] = [
        {"OutputName": output, "S3Output": {"S3Uri": uri, "LocalPath": f"/opt/{output}", "S3UploadMode": "EndOfJob"}}
        for output, uri in outputs.items()
    ]
    return {"Name": name, "Type": "Processing", "Arguments": {"ProcessingOutputConfig": {"Outputs": items}}}


def transform(name: str, location: JsonValue = "s3://fraud/models") -> JsonObject:
    return {"Name": name, "Type": "Transform", "Arguments": {"TransformOutput": {"S3OutputPath": location}}}


def registration(name: str, group: JsonValue) -> JsonObject:
    return {"Name": name, "Type": "RegisterModel", "Arguments": {"ModelPackageGroupName": group}}


def loop(name: str, *steps: JsonObject) -> JsonObject:
    return {"Name": name, "Type": "ForEach", "Arguments": {"ForEachBody": [*steps], "ForEachItems": ["a"]}}


def condition(name: str, *steps: JsonObject) -> JsonObject:
    return {"Name": name, "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [*steps], "ElseSteps": []}}


def get(path: str) -> JsonObject:
    return {"Get": path}


def join(*values: JsonValue, on: str = "/") -> JsonObject:
    return {"Std:Join": {"On": on, "Values": [*values]}}


def pipeline(*parts: JsonObject) -> Definition:
    """A definition of parameters and steps, in their order; what has a default or none of Arguments is a parameter."""
    parameters: list[JsonValue] = [part for part in parts if "Arguments" not in part]
    steps: list[JsonValue] = [part for part in parts if "Arguments" in part]
    return parse_definition({"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters, "Steps": steps})
