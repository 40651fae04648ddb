"""Instance types that AWS has since smgen's table was made: they are told and never in the way; a slip still is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smgen.contracts import read_contracts
from tests.cli.command_line import smgen, smgen_process
from tests.runtime.fixture_package import findings_of

NEWER, SLIP = "ml.m99.large", "ml.m5.lage"

PIPELINE = """\
from smgen.runtime import Environment, FluentPipelineBuilder
from newer_steps import prep


def fixed(p: FluentPipelineBuilder, env: Environment) -> None:
    p.add_step("Prep", prep.StepBuilder(prep.Config(machine="MACHINE")))


def chosen(p: FluentPipelineBuilder, env: Environment) -> None:
    machine = p.string("Machine", default="MACHINE")
    p.add_step("Prep", prep.StepBuilder(prep.Config(machine=machine)))
"""
SETTINGS = """\
[tool.smgen]
contracts = "contracts"
output = "newer_steps"

[tool.smgen.pipelines]
fixed = "pipeline.py:fixed"
chosen = "pipeline.py:chosen"

[tool.smgen.environments.dev]
role = "arn:aws:iam::111122223333:role/R"
bucket = "fraud-data"
"""


def project(folder: Path, machine: str) -> Path:
    contract = json.loads(json.dumps(CONTRACT))
    contract["settings"] = {"machine": {}}
    contract["request"]["ProcessingResources"]["ClusterConfig"]["InstanceType"] = {"$setting": "machine"}
    (folder / "contracts").mkdir()
    (folder / "contracts" / "prep.json").write_text(json.dumps(contract))
    (folder / "contracts" / "artifact_types.json").write_text('{"package": null, "types": {"Rows": {}}}')
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "pipeline.py").write_text(PIPELINE.replace("MACHINE", machine))
    assert smgen("generate", cwd=folder).code == 0
    return folder


@pytest.mark.parametrize("name", ["fixed", "chosen"])
def test_a_newer_machine_compiles_with_a_warning(tmp_path: Path, name: str) -> None:
    result = smgen_process("compile", name, "--env", "dev", "-o", "build", cwd=project(tmp_path, NEWER))
    assert (result.code, "1 warning" in result.err) == (0, True)
    assert NEWER in (tmp_path / "build" / "definition.json").read_text()
    linted = json.loads(smgen_process("lint", name, "--format", "json", cwd=tmp_path).out)
    assert [(item["rule"], item["severity"]) for item in linted["findings"]] == [("SMG425", "warning")]


@pytest.mark.parametrize("machine", [SLIP, "ml.m99", "m99.large", "ML.M99.LARGE"])
def test_a_slip_is_refused(tmp_path: Path, machine: str) -> None:
    folder = project(tmp_path, machine)
    for name in ("fixed", "chosen"):
        result = smgen_process("compile", name, "--env", "dev", "-o", "build", cwd=folder)
        assert (result.code, "error SMG207" in result.err) == (1, True)


CONTRACT: dict[str, Any] = {
    "name": "Prep",
    "version": "1.0.0",
    "kind": "Processing",
    "outputs": {"rows": {"type": "Rows", "local_path": "/opt/ml/processing/rows"}},
    "request": {
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1, "VolumeSizeInGB": 30}},
        "AppSpecification": {"ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/w:1"},
        "RoleArn": {"$default": "role"},
    },
}


@pytest.mark.parametrize(
    ("setting", "machine", "rules"),
    [
        (None, NEWER, []),
        (None, SLIP, ["SMG115"]),
        ({"default": NEWER}, {"$setting": "machine"}, []),
        ({"default": SLIP}, {"$setting": "machine"}, ["SMG116"]),
        # A contract that names its machines means these.
        ({"default": NEWER, "enum": ["ml.m5.large"]}, {"$setting": "machine"}, ["SMG116"]),
    ],
)
def test_contracts_may_name_one(tmp_path: Path, setting: Any, machine: Any, rules: list[str]) -> None:
    contract = json.loads(json.dumps(CONTRACT))
    contract["request"]["ProcessingResources"]["ClusterConfig"]["InstanceType"] = machine
    if setting is not None:
        contract["settings"] = {"machine": setting}
    (tmp_path / "prep.json").write_text(json.dumps(contract))
    (tmp_path / "artifact_types.json").write_text('{"package": null, "types": {"Rows": {}}}')
    if rules:
        assert [item.rule for item in findings_of(lambda: read_contracts(tmp_path))] == rules
    else:
        assert [*read_contracts(tmp_path)] == ["Prep"]
