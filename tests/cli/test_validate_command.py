"""``smgen validate``: every finding of the contracts at once, and nothing written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from smgen.documents import JsonObject
from tests.cli import command_line
from tests.cli.command_line import Result, smgen_process, tree
from tests.generate.conftest import GOLDEN_CONTRACTS
from tests.generate.packages import contract_document, write_contracts
from tests.source.script_contracts import processing, write_script

HEARTBEAT = contract_document(name="Heartbeat", kind="Lambda", step_fields={"FunctionArn": "arn:aws:lambda:x"})


def smgen(*arguments: str | Path, cwd: Path) -> Result:
    """Run a command; files of the folder are shown relative to it."""
    result = command_line.smgen(*arguments, cwd=cwd)
    return Result(result.code, result.out.replace(f"{cwd}/", ""), result.err.replace(f"{cwd}/", ""))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_contracts(tmp_path / "contracts", HEARTBEAT)
    (tmp_path / "pyproject.toml").write_text('[tool.smgen]\ncontracts = "contracts"\n')
    return tmp_path


def test_good_contracts(project: Path) -> None:
    before = tree(project)
    assert smgen("validate", cwd=project) == Result(
        0, "contracts: 1 contract and 2 artifact types, nothing to find.\n", ""
    )
    assert tree(project) == before


def test_another_folder(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN_CONTRACTS, tmp_path / "others")
    result = smgen("validate", "--contracts", "others", cwd=tmp_path)
    assert result == Result(0, "others: 8 contracts and 5 artifact types, nothing to find.\n", "")


def test_findings_of_all_contracts_come_together(project: Path) -> None:
    write_contracts(project / "contracts", HEARTBEAT, {**HEARTBEAT, "name": "Second", "kind": "Lamda"})
    (project / "contracts" / "third.json").write_text('{"name": "Third", "version": "1.0.0", "kind": "Lambda"}')
    result = smgen("validate", cwd=project)
    assert (result.code, result.out) == (1, "")
    assert "contracts/second.json:1:48: error SMG108 unknown-kind: there is no step kind 'Lamda'\n" in result.err
    missing = "a Lambda step needs the field 'FunctionArn' beside its arguments"
    assert f"contracts/third.json:1:1: error SMG115 bad-request-path: {missing}\n" in result.err
    assert result.err.endswith("\n2 errors\n")


def test_code_that_cannot_be_packed_is_found_too(project: Path) -> None:
    contracts = project / "contracts"
    source: JsonObject = {"dir": "src", "entry": "run.py", "dependencies": ["lib/commn"]}
    step = contract_document(name="Run", kind="Processing", source=source)
    step["request"] = {
        "AppSpecification": {"ImageUri": "image"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
        },
        "RoleArn": {"$default": "role"},
    }
    write_contracts(contracts, step)
    (contracts / "src").mkdir()
    (contracts / "src" / "run.py").write_text("")
    (contracts / "lib" / "common").mkdir(parents=True)
    (contracts / "lib" / "common" / "passwords").symlink_to("/etc/passwd")
    misspelt = smgen("validate", cwd=project)
    assert misspelt.code == 1
    assert "did you mean  lib/common\n" in misspelt.err
    source["dependencies"] = ["lib/common"]
    write_contracts(contracts, step)
    result = smgen("validate", cwd=project)
    assert (result.code, result.out) == (1, "")
    assert "SMG118 path-leaves-root: the source has a symbolic link that leaves its root\n" in result.err
    assert "  at            /source\n  given         contracts/lib/common/passwords\n" in result.err
    assert result.err.endswith("\n1 error\n")


def test_contracts_that_are_not_read_are_told_and_are_no_error(project: Path) -> None:
    (project / "contracts" / "heartbeat.json").rename(project / "contracts" / "heartbeat.yaml")
    (project / "contracts" / "team").mkdir()
    (project / "contracts" / "team" / "second.json").write_text(json.dumps({**HEARTBEAT, "name": "Second"}))
    told = (
        "contracts/heartbeat.yaml: warning SMG139 unread-contract: this contract is not read: contracts are files "
        "whose names end in .json\n"
        "  fix           rename it to contracts/heartbeat.json\n"
        "\n"
        "contracts/team/second.json: warning SMG139 unread-contract: this contract is not read: contracts lie "
        "directly in contracts\n"
        "  fix           move it to contracts/second.json\n"
        "\n"
        "2 warnings\n"
    )
    counts = "contracts: 0 contracts and 2 artifact types, no error.\n"
    assert smgen("validate", cwd=project) == Result(0, counts, told)
    machine = smgen("validate", "--format", "json", cwd=project)
    assert (machine.code, machine.err) == (0, counts)
    assert [finding["rule"] for finding in json.loads(machine.out)["findings"]] == ["SMG139", "SMG139"]


@pytest.mark.parametrize("types", ['{"types": {"Output": {}}}', '{"types": {"HeartbeatProxy": {}}}'])
def test_names_that_cannot_be_generated_are_found_too(project: Path, types: str) -> None:
    (project / "contracts" / "artifact_types.json").write_text(types)
    result = smgen("validate", cwd=project)
    assert result.code == 1
    assert "SMG107" in result.err


@pytest.mark.parametrize("name", ["json", "sarif", "github"])
def test_machine_formats(project: Path, name: str) -> None:
    good = smgen("validate", "--format", name, cwd=project)
    assert (good.code, good.err) == (0, "contracts: 1 contract and 2 artifact types, nothing to find.\n")
    (project / "contracts" / "heartbeat.json").write_text("{")
    bad = smgen("validate", "--format", name, cwd=project)
    assert (bad.code, bad.err) == (1, "")
    assert "SMG100" in bad.out
    if name != "github":
        for result in (good, bad):
            assert isinstance(json.loads(result.out), dict)


@pytest.mark.parametrize("arguments", [["--contracts", "nowhere"], ["--check"], ["x"], ["--format", "xml"]])
def test_wrong_usage(project: Path, arguments: list[str]) -> None:
    result = smgen("validate", *arguments, cwd=project)
    assert (result.code, result.out) == (2, "")


def test_a_file_that_cannot_be_opened(project: Path) -> None:
    (project / "contracts" / "lost.json").symlink_to("nowhere.json")
    result = smgen_process("validate", cwd=project)
    assert (result.code, result.out) == (2, "")
    assert result.err.replace(f"{project}/", "") == "Error: contracts/lost.json: No such file or directory\n"


def test_no_project(tmp_path: Path) -> None:
    result = smgen("validate", cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    assert "SMG130 project-settings: there is no smgen project here\n" in result.err


def test_what_is_seen_of_a_script_is_explained(project: Path) -> None:
    (project / "contracts" / "heartbeat.json").unlink()
    step = processing(arguments=["--share", "0.2"], image=None)
    script = (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--share')\nparser.parse_args()\n"
    )
    write_script(project / "contracts", step, {"run.py": script})
    result = smgen("validate", "--explain", cwd=project)
    assert result.err == ""
    assert result.out == (
        "Prepare: contracts/job/run.py\n"
        "  not seen  the image: no public one of AWS by default\n"
        "  seen      1 of 1 packed scripts, which import argparse\n"
        "  seen      sent in every job: --share; sent where a step sets it: none\n"
        "  seen      taken with argparse: --share\n"
        "  seen      folders and files below /opt/ml: none\n"
        "contracts: 1 contract and 3 artifact types, nothing to find.\n"
    )


def test_what_is_found_in_a_script_may_be_suppressed(project: Path) -> None:
    (project / "contracts" / "heartbeat.json").unlink()
    write_script(project / "contracts", processing(), {"run.py": "import helper\n", "helper.py": ""})
    settings = project / "pyproject.toml"
    assert "error SMG272 unpacked-module: the script imports 'helper'" in smgen("validate", cwd=project).err
    for extra, code in (('pipeline = "Other"', 1), ("", 0)):
        settings.write_text(
            '[tool.smgen]\ncontracts = "contracts"\n[[tool.smgen.suppressions]]\nrule = "SMG272"\n'
            f'reason = "the image has it"\n{extra}\n'
        )
        assert smgen("validate", cwd=project).code == code
