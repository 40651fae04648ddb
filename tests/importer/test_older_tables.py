"""The recorded definitions, imported by a smgen that knows AWS of two years ago: what is newer is told, not refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from smgen.documents import JsonObject
from tests.aws.older_tables import older_tables
from tests.cli.command_line import smgen
from tests.importer.filled_corpus import filled, written
from tests.importer.round_trip import RECORDED

#: A member, a kind's whole request and a machine that AWS has since then, each in a step of its own.
NEWER: Final[dict[str, Any]] = {
    "Version": "2020-12-01",
    "Steps": [
        {
            "Name": "Fit",
            "Type": "Training",
            "Arguments": {
                "AlgorithmSpecification": {
                    "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/x:1",
                    "TrainingInputMode": "File",
                },
                "OutputDataConfig": {"S3OutputPath": "s3://ml-dev/models"},
                "ResourceConfig": {"InstanceType": "ml.p6-b200.48xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
                "RoleArn": "arn:aws:iam::111122223333:role/Runner",
                "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
                "MlflowConfig": {"MlflowResourceArn": "arn:aws:sagemaker:us-east-1:111122223333:mlflow-app/a"},
            },
        },
        {
            "Name": "Tailor",
            "Type": "Job",
            "Arguments": {
                "JobCategory": "AgentRFT",
                "JobConfigSchemaVersion": "1.0.0",
                "JobConfigDocument": "{}",
                "RoleArn": "arn:aws:iam::111122223333:role/Runner",
            },
        },
    ],
}


def _imported(folder: Path) -> tuple[dict[str, Any], dict[str, str], set[tuple[str, str, str]]]:
    """The report, the modules, and what lint finds in the definitions: file, rule and severity."""
    names: list[str] = []
    for file in sorted(RECORDED.glob("*.json")):
        name = f"P{file.stem[:2]}"
        content: JsonObject = {"PipelineName": name, "PipelineDefinition": json.dumps(filled(file.stem))}
        names.append(written(folder, f"{name}.json", content).name)
    newer: JsonObject = {"PipelineName": "Newer", "PipelineDefinition": json.dumps(NEWER)}
    names.append(written(folder, "Newer.json", newer).name)
    result = smgen("import", *names, "-o", "project", "--format", "json", cwd=folder)
    assert result.code == 0, result.err
    modules = {file.name: file.read_text() for file in (folder / "project" / "pipelines").glob("*.py")}
    findings = json.loads(smgen("lint", *names, "--format", "json", cwd=folder).out)["findings"]
    return (
        json.loads(result.out),
        modules,
        {(item["place"]["file"], item["rule"], item["severity"]) for item in findings},
    )


def test_all_come_in_and_what_is_newer_is_a_warning(tmp_path: Path) -> None:
    report, modules, known = _imported(tmp_path / "now")
    with older_tables():
        older, older_modules, told = _imported(tmp_path / "then")

    assert report["not_imported"] == older["not_imported"] == {}
    assert _raw_parts(report) == []
    # What the table does not know stands in the contracts as it is; all else, newer machines too, is as before.
    assert {pipeline for pipeline, _ in _raw_parts(older)} == {"Newer"}
    assert [pointer.rpartition("/")[2] for _, pointer in _raw_parts(older)] == [
        *("MlflowConfig", "JobCategory", "JobConfigSchemaVersion", "JobConfigDocument", "RoleArn"),
    ]
    assert {name for name, text in modules.items() if older_modules[name] != text} == {"newer.py"}
    assert told - known == {("Newer.json", "SMG425", "warning")}


def _raw_parts(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["pipeline"], part["pointer"]) for item in report["pipelines"] for part in item["raw_parts"]]
