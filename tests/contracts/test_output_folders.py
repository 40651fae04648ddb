"""Where outputs lie by default: no location is the beginning of a sibling's, and all else is as the SDK has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.contracts import folder_of, output_folder, read_contracts
from smgen.documents import JsonObject


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("test", ["train", "test"], ("output", "test")),
        ("test", ["test", "test_small"], ("output", "test", "data")),
        ("test_small", ["test", "test_small"], ("output", "test_small")),
        ("test", ["test"], ("output", "test")),
    ],
)
def test_the_folders_of_an_output(name: str, names: list[str], expected: tuple[str, ...]) -> None:
    assert folder_of(name, names) == expected


def test_only_outputs_that_are_written_count_and_by_the_names_that_aws_has(tmp_path: Path) -> None:
    written: JsonObject = {"type": "Rows", "local_path": "/opt/ml/processing/a"}
    contract: JsonObject = {
        "name": "Prep",
        "version": "1.0.0",
        "kind": "Processing",
        "outputs": {
            "rows": written,
            "rows_name": {"type": "String", "property_path": "ProcessingJobName"},
            "test": {**written, "output_name": "held", "local_path": "/opt/ml/processing/b"},
            "test_small": {**written, "output_name": "held_small", "local_path": "/opt/ml/processing/c"},
        },
        "request": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
            },
            "AppSpecification": {"ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/w:1"},
            "RoleArn": {"$default": "role"},
        },
    }
    (tmp_path / "prep.json").write_text(json.dumps(contract))
    (tmp_path / "artifact_types.json").write_text('{"package": null, "types": {"Rows": {}}}')
    prep = read_contracts(tmp_path)["Prep"]
    assert [output_folder(prep, name) for name in ("rows", "test", "test_small")] == [
        ("output", "rows"),
        ("output", "held", "data"),
        ("output", "held_small"),
    ]
