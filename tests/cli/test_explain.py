"""``smgen explain cache``: what the keys of a definition's steps are made of, and what makes them miss."""

from __future__ import annotations

import json
from pathlib import Path

from smgen.documents import JsonObject
from tests.cli.command_line import smgen

PREPARE: JsonObject = {
    "Name": "Prepare",
    "Type": "Processing",
    "Arguments": {
        "AppSpecification": {"ImageUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1"},
        "Environment": {"RUN": {"Get": "Execution.PipelineExecutionId"}, "STAGE": "dev"},
        "RoleArn": "arn:aws:iam::123456789012:role/own",
    },
    "CacheConfig": {"Enabled": True, "ExpireAfter": "P30D"},
}
MODEL: JsonObject = {"Name": "Make", "Type": "Model", "Arguments": {"ExecutionRoleArn": "r", "PrimaryContainer": {}}}
SCORE: JsonObject = {
    "Name": "Score",
    "Type": "Transform",
    "Arguments": {"ModelName": {"Get": "Steps.Make.ModelName"}, "TransformInput": {}},
    "CacheConfig": {"Enabled": True, "ExpireAfter": "PT12H"},
}
OTHER: JsonObject = {"Name": "Query", "Type": "Athena", "Arguments": {}}
TRAIN: JsonObject = {"Name": "Train", "Type": "Training", "Arguments": {}}

SAID = """\
Prepare (Processing): cached for P30D
  key       AppSpecification, Environment
  misses    Execution.PipelineExecutionId in Environment is another one in every execution
Make (Model): never cached: a Model step has nothing to cache
Score (Transform): cached for PT12H
  key       ModelName, TransformInput
  misses    Steps.Make.ModelName in ModelName is another one in every execution: Make makes a new model each time
Query (Athena): of a kind that smgen does not know
Train (Training): not cached

5 steps: 2 cached, 2 of which can never be found again.
"""


def written(folder: Path) -> None:
    steps = [PREPARE, MODEL, SCORE, OTHER, TRAIN]
    document: JsonObject = {"Version": "2020-12-01", "Metadata": {}, "Steps": [*steps]}
    (folder / "definition.json").write_text(json.dumps(document), encoding="utf-8")


def test_every_step(tmp_path: Path) -> None:
    written(tmp_path)
    result = smgen("explain", "cache", "definition.json", cwd=tmp_path)
    assert (result.code, result.out, result.err) == (0, SAID, "")


def test_one_step_as_json(tmp_path: Path) -> None:
    written(tmp_path)
    result = smgen("explain", "cache", "definition.json", "--step", "Score", "--format", "json", cwd=tmp_path)
    why = "is another one in every execution: Make makes a new model each time"
    score = {
        "step": "Score",
        "kind": "Transform",
        "cached": True,
        "why": None,
        "expires": "PT12H",
        "key": ["ModelName", "TransformInput"],
        "misses": [{"member": "ModelName", "reference": "Steps.Make.ModelName", "why": why}],
    }
    assert (result.code, json.loads(result.out)) == (0, {"version": 1, "steps": [score]})


def test_what_is_not_there(tmp_path: Path) -> None:
    written(tmp_path)
    result = smgen("explain", "cache", "definition.json", "--step", "Lost", cwd=tmp_path)
    assert (result.code, "definition.json has no step 'Lost'." in result.err) == (2, True)
    result = smgen("explain", "cache", "Fraud", cwd=tmp_path)
    assert (result.code, "name an environment: --env." in result.err) == (2, True)
