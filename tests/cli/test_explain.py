"""``smgen explain``: the page of a rule, and what the keys of a definition's steps are made of and never hit for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.documents import JsonObject
from tests.cli.command_line import smgen
from tests.project.checkout import CHECKOUT

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


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ExpireAfter": "banana"}, "refused by AWS: 'banana' is no ISO 8601 duration such as P30D"),
        ({"ExpireAfter": 3}, "refused by AWS: ExpireAfter is a text, and not 3"),
        ({}, "refused by AWS: CacheConfig does not say for how long"),
        ({"ExpireAfter": "P1D"}, "cached for P1D"),
        ({"ExpireAfter": {"Get": "Parameters.Age"}}, "cached"),
    ],
)
def test_a_duration_that_is_none(tmp_path: Path, settings: JsonObject, said: str) -> None:
    step: JsonObject = {**TRAIN, "CacheConfig": {"Enabled": True, **settings}}
    document: JsonObject = {"Version": "2020-12-01", "Metadata": {}, "Steps": [step]}
    (tmp_path / "definition.json").write_text(json.dumps(document), encoding="utf-8")
    result = smgen("explain", "cache", "definition.json", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[0].startswith(f"Train (Training): {said}")
    assert result.out.splitlines()[-1] == f"1 step: {int('refused' not in said)} cached."


def test_what_is_not_there(tmp_path: Path) -> None:
    written(tmp_path)
    result = smgen("explain", "cache", "definition.json", "--step", "Lost", cwd=tmp_path)
    assert (result.code, "definition.json has no step 'Lost'." in result.err) == (2, True)
    result = smgen("explain", "cache", "Fraud", cwd=tmp_path)
    assert (result.code, "name an environment: --env." in result.err) == (2, True)


def test_a_rule_is_explained_by_its_page(tmp_path: Path) -> None:
    result = smgen("explain", "SMG310", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out == (CHECKOUT / "docs" / "rules" / "SMG310.md").read_text(encoding="utf-8")
    result = smgen("explain", "SMG999", cwd=tmp_path)
    assert (result.code, "There is no rule 'SMG999'" in result.err) == (2, True)
    assert smgen("explain", "../rules/SMG310", cwd=tmp_path).code == 2


@pytest.mark.parametrize("asked", ["SMG201", "smg201", "201", "unresolved-auto"])
def test_a_rule_is_found_by_its_number_and_its_name(tmp_path: Path, asked: str) -> None:
    assert smgen("explain", asked, cwd=tmp_path).out.startswith("# SMG201 unresolved-auto\n")


@pytest.mark.parametrize(
    ("asked", "hint"), [("SMG2O1", "SMG201"), ("unresolved-outo", "unresolved-auto"), ("::error::", None)]
)
def test_a_rule_that_there_is_not(tmp_path: Path, asked: str, hint: str | None) -> None:
    result = smgen("explain", asked, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert "There is no rule '" in result.err
    assert "\n::error::" not in result.err
    assert (f"Did you mean {hint}?" in result.err) is (hint is not None)
