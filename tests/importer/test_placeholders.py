"""Definitions with placeholders in the place of roles and buckets, as they stand in documents and tickets, come in."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command_line import smgen_process


def definition_with_placeholders() -> str:
    arguments = {
        "AlgorithmSpecification": {
            "TrainingImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/x:1",
            "TrainingInputMode": "File",
        },
        "RoleArn": "<ROLE_ARN>",
        "OutputDataConfig": {"S3OutputPath": "s3://<BUCKET_1>/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    steps = [{"Name": "Fit", "Type": "Training", "Arguments": arguments}]
    return json.dumps({"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": steps})


def test_what_can_be_no_role_comes_in_and_lint_says_so(tmp_path: Path) -> None:
    (tmp_path / "fit.json").write_text(definition_with_placeholders(), encoding="utf-8")
    imported = smgen_process("import", "fit.json", "-o", "out", cwd=tmp_path)
    assert (imported.code, imported.err) == (0, "")
    linted = json.loads(smgen_process("lint", "--format", "json", cwd=tmp_path / "out").out)["findings"]
    errors = [item for item in linted if item["severity"] == "error"]
    assert [(item["rule"], item["given"]) for item in errors] == [("SMG130", "<ROLE_ARN>")]
    compiled = smgen_process("compile", "Fit", "--env", "default", "-o", "build", cwd=tmp_path / "out")
    assert compiled.code == 1
    assert not (tmp_path / "out" / "build").exists()
