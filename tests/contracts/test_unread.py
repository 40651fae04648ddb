"""Files that look like contracts and are not read: each is told, with what to do, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.contracts import read_contracts, unread_findings
from smgen.diagnostics import FindingsError, Severity
from smgen.documents import JsonObject

TYPES = '{"types": {}}'
HEARTBEAT: JsonObject = {
    "name": "Heartbeat",
    "version": "1.0.0",
    "kind": "Lambda",
    "step_fields": {"FunctionArn": "arn:aws:lambda:x"},
    "request": {},
}
JSON = json.dumps(HEARTBEAT)
YAML = "name: Heartbeat\nversion: 1.0.0\nkind: Lambda\n"
ENDING = "this contract is not read: contracts are files whose names end in .json"
PLACE = "this contract is not read: contracts lie directly in contracts"


def folder(root: Path, files: dict[str, str]) -> Path:
    for path, text in {"artifact_types.json": TYPES, "heartbeat.json": JSON, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def unread(root: Path) -> list[tuple[str | None, str, str | None]]:
    registry = read_contracts(root, shown_root="contracts")
    found = unread_findings(root, registry.values(), shown_root="contracts")
    assert all((item.rule, item.severity) == ("SMG139", Severity.WARNING) for item in found)
    return [(item.place.file, item.message, item.fix) for item in found]


@pytest.mark.parametrize(
    ("path", "text", "message", "fix"),
    [
        ("train.yaml", JSON, ENDING, "rename it to contracts/train.json"),
        ("train.yml", YAML, ENDING, "write it as JSON in contracts/train.json"),
        ("train.YAML", YAML, ENDING, "write it as JSON in contracts/train.json"),
        ("train.toml", 'name = "A"\nkind = "Training"\n', ENDING, "write it as JSON in contracts/train.json"),
        ("train.JSON", JSON, ENDING, "rename it to contracts/train.json"),
        (
            "train.jsonc",
            '{\n  // a step\n  "name": "A",\n  "kind": "Training"\n}',
            ENDING,
            "write it as JSON in contracts/train.json",
        ),
        ("heartbeat.yaml", JSON, ENDING, "rename it to contracts, under a name that no file has there"),
        ("team/train.json", JSON, PLACE, "move it to contracts/train.json"),
        ("team/of/two/train.json", JSON, PLACE, "move it to contracts/train.json"),
        ("team/train.yaml", YAML, PLACE, "write it as JSON in contracts/train.json"),
        ("team/heartbeat.json", JSON, PLACE, "move it to contracts, under a name that no file has there"),
        ("team/athena.json", '{"name": "A", "kind": "Athena", "raw": true}', PLACE, "move it to contracts/athena.json"),
        (
            "artifact_types.yaml",
            "types: {}\n",
            "these artifact types are not read: they are a JSON file",
            "write it as JSON in contracts/artifact_types.json",
        ),
    ],
)
def test_a_file_that_is_not_read(tmp_path: Path, path: str, text: str, message: str, fix: str) -> None:
    assert unread(folder(tmp_path, {path: text})) == [(f"contracts/{path}", message, fix)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        # Documents of other kinds, and of other tools.
        ("environment.yml", "name: training\ndependencies: [pip]\n"),
        ("deployment.yaml", "kind: Deployment\nmetadata:\n  name: Training\n"),
        ("chart.yaml", "name: chart\nspec:\n  kind: Training\n"),
        ("schemas/report.json", '{"type": "object", "properties": {"name": {}, "kind": {}}}'),
        ("data/names.json", '{"name": "A", "kind": "Other"}'),
        ("data/list.json", json.dumps([HEARTBEAT])),
        ("data/broken.json", "{"),
        ("data/deep.json", "[" * 100_000),
        ("data/bytes.yaml", "\x00\x01"),
        ("notes.md", YAML),
        # Folders that nobody looks into for contracts.
        (".git/train.json", JSON),
        ("node_modules/train.json", JSON),
    ],
)
def test_what_is_no_contract_is_left_alone(tmp_path: Path, path: str, text: str) -> None:
    assert unread(folder(tmp_path, {path: text})) == []


def test_a_folder_of_contracts_in_another_one_is_its_own(tmp_path: Path) -> None:
    assert unread(folder(tmp_path, {"vendor/artifact_types.json": TYPES, "vendor/train.json": JSON})) == []


def test_what_a_contract_packs_or_points_at_is_its_own(tmp_path: Path) -> None:
    training: JsonObject = {
        "name": "Fit",
        "version": "1.0.0",
        "kind": "Training",
        "hyperparameters": {"$ref": "shared/fit.json#/hyperparameters"},
        "source": {"dir": "src", "entry": "train.py", "launch": "channel", "dependencies": ["lib"]},
        "request": {
            "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
            "RoleArn": {"$default": "role"},
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/key"},
            "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
            "HyperParameters": {"$hyperparameters": "text"},
        },
    }
    shared: JsonObject = {
        **HEARTBEAT,
        "hyperparameters": {"type": "object", "properties": {"rounds": {"type": "integer"}}},
    }
    files = {
        "fit.json": json.dumps(training),
        "shared/fit.json": json.dumps(shared),
        "src/train.py": "",
        "src/steps/train.json": JSON,
        "lib/train.json": JSON,
        "other/train.json": JSON,
    }
    assert unread(folder(tmp_path, files)) == [
        ("contracts/other/train.json", PLACE, "move it to contracts/train.json"),
    ]


def test_it_comes_with_the_errors_that_it_may_explain(tmp_path: Path) -> None:
    caller = {**HEARTBEAT, "name": "Caller", "inputs": {"beat": {"type": "Beat"}}}
    root = folder(tmp_path, {"caller.json": json.dumps(caller), "artifact_types.yaml": "types: {Beat: {}}\n"})
    with pytest.raises(FindingsError) as caught:
        read_contracts(root, shown_root="contracts")
    assert [(item.rule, item.place.file) for item in caught.value.findings] == [
        ("SMG139", "contracts/artifact_types.yaml"),
        ("SMG109", "contracts/caller.json"),
    ]
