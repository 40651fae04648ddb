"""Pipelines of both SDKs are imported from their objects, with what the SDK itself would send to AWS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.definition import parse_definition
from smgen.importer import import_pipeline
from tests.importer.sdk_definitions import NAMES, document
from tests.parity.sdks import ROOT, VERSIONS, run

pytestmark = [pytest.mark.sdk, pytest.mark.slow]


@pytest.mark.parametrize("major", [2, 3])
def test_objects_are_imported_as_their_definitions_are(major: int, tmp_path: Path) -> None:
    program = ROOT / "tests" / "parity" / "sdk_imported" / "live.py"
    run(major, program, str(tmp_path), PYTHONPATH=str(ROOT / "codegen"))
    answers = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert answers["version"] == VERSIONS[major]
    assert tuple(answers["pipelines"]) == NAMES
    for name, found in answers["pipelines"].items():
        recorded = document(f"sdk{major}/{name}")
        assert found["definition"] == recorded
        imported = import_pipeline(name, {"default": parse_definition(recorded)})
        assert found["contracts"] == {contract: one["kind"] for contract, one in imported.contracts.items()}
        assert found["findings"] == []
    assert [found["file"] for found in answers["pipelines"].values()] == [
        "sdk:Churn",
        "sdk:Search",
        "sdk:Functions",
        "sdk:Checks",
        "sdk:Decorated",
    ]


@pytest.mark.parametrize("major", [2, 3])
def test_the_local_code_is_what_the_objects_name(major: int, tmp_path: Path) -> None:
    program = ROOT / "tests" / "parity" / "sdk_imported" / "team.py"
    run(major, program, str(tmp_path), PYTHONPATH=str(ROOT / "codegen"))
    answers = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert answers == {
        "Churn": ["evaluation", "inference", "prepare.py", "training"],
        "Search": ["prepare.py", "tuned"],
        "Functions": [],
        "Checks": ["prepare.py"],
        "Decorated": [],
    }
