"""Whether a generated package is what its contracts say: each way in which it may not be, and what is no difference."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from smgen.contracts import read_contracts
from smgen.documents import JsonObject
from smgen.generate import GenerationOptions, plan, publish_package
from smgen.packages import contracts_path, read_manifest, stale_package_findings
from tests.generate.packages import contract_document

SCHEMA: JsonObject = {"$defs": {"rounds": {"type": "integer", "minimum": 1}}}
FAMILY: JsonObject = contract_document(
    name="Load", kind="Processing", variants={"train": {"description": "One."}, "test": {"description": "Another."}}
)
REQUEST: JsonObject = {
    "AlgorithmSpecification": {"TrainingImage": "x:1", "TrainingInputMode": "File"},
    "RoleArn": {"$default": "role"},
    "OutputDataConfig": {"S3OutputPath": "s3://b/x"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "HyperParameters": {"$hyperparameters": "text"},
}
FIT: JsonObject = contract_document(
    name="Fit",
    request=REQUEST,
    hyperparameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {"rounds": {"$ref": "schemas/values.json#/$defs/rounds"}},
    },
)


def write(path: Path, document: JsonObject) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def generate(folder: Path) -> None:
    contracts, package = folder / "contracts", folder / "made_steps"
    publish_package(
        package, plan(read_contracts(contracts), GenerationOptions("made_steps", contracts_path(package, contracts)))
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a contract, one behind a reference, and its package; it is the working directory."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "contracts/artifact_types.json", {"types": {"Data": {}}})
    write(tmp_path / "contracts/fit.json", FIT)
    write(tmp_path / "contracts/schemas/values.json", SCHEMA)
    generate(tmp_path)
    return tmp_path


def stale(folder: Path) -> list[tuple[str, str]]:
    """The file and the message of each finding."""
    found = stale_package_findings(folder / "made_steps", folder / "contracts")
    assert {item.rule for item in found} <= {"SMG140"}
    return [(item.place.file or "", item.message) for item in found]


def test_a_fresh_package(folder: Path) -> None:
    assert stale(folder) == []
    manifest = read_manifest(folder / "made_steps")
    assert manifest is not None
    assert {path: record.modules for path, record in manifest.sources.items()} == {
        "artifact_types.json": ("artifact_types",),
        "fit.json": ("fit",),
        "schemas/values.json": ("fit",),
    }


@pytest.mark.parametrize("source", ["artifact_types.json", "fit.json", "schemas/values.json"])
def test_a_source_that_says_something_else(folder: Path, source: str) -> None:
    path = folder / "contracts" / source
    document = json.loads(path.read_text(encoding="utf-8"))
    document["description"] = "Another."
    write(path, document)
    assert stale(folder) == [(f"contracts/{source}", "made_steps was generated from an older state of this file")]


@pytest.mark.parametrize("source", ["artifact_types.json", "fit.json", "schemas/values.json"])
def test_a_source_that_is_written_differently_is_the_same(folder: Path, source: str) -> None:
    path = folder / "contracts" / source
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b"  ", b"\t"))
    assert stale(folder) == []


def test_the_order_of_members_counts(folder: Path) -> None:
    """Ports are arguments in the order of the contract."""
    document = json.loads((folder / "contracts/fit.json").read_text(encoding="utf-8"))
    write(folder / "contracts/fit.json", dict(reversed(document.items())))
    assert stale(folder) == [("contracts/fit.json", "made_steps was generated from an older state of this file")]


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff", b"[]"])
def test_a_source_that_is_no_contract_any_more(folder: Path, broken: bytes) -> None:
    (folder / "contracts/fit.json").write_bytes(broken)
    assert stale(folder) == [("contracts/fit.json", "made_steps was generated from an older state of this file")]


def test_a_source_too_many_and_one_too_few(folder: Path) -> None:
    (folder / "contracts/fit.json").rename(folder / "contracts/fitting.json")
    assert stale(folder) == [
        ("contracts/fitting.json", "made_steps was generated before there was this contract"),
        ("contracts/fit.json", "made_steps was generated from this file, which is gone"),
    ]
    # A file that nothing refers to, and one that is no JSON, are no sources.
    shutil.move(folder / "contracts/fitting.json", folder / "contracts/fit.json")
    write(folder / "contracts/schemas/other.json", {})
    (folder / "contracts/notes.txt").write_text("x")
    assert stale(folder) == []


@pytest.mark.parametrize("name", ["fit.py", "fit.json", "artifact_types.py", "__init__.py", "all.py", "py.typed"])
def test_a_generated_file_that_somebody_edited(folder: Path, name: str) -> None:
    path = folder / "made_steps" / name
    path.write_bytes(path.read_bytes() + b"# edited\n")
    message = "somebody has changed this generated file of made_steps"
    assert stale(folder) == [(f"made_steps/{name}", message)]
    path.unlink()
    assert stale(folder) == [(f"made_steps/{name}", "a file of made_steps is missing")]


def test_what_has_no_end_is_no_file_of_a_package(folder: Path) -> None:
    pipe, endless = folder / "made_steps/fit.py", folder / "made_steps/fit.json"
    pipe.unlink()
    endless.unlink()
    os.mkfifo(pipe)
    endless.symlink_to("/dev/zero")
    assert stale(folder) == [
        (f"made_steps/{name}", "a file of made_steps is missing") for name in ("fit.json", "fit.py")
    ]


def test_a_merge_that_went_wrong(folder: Path) -> None:
    path = folder / "made_steps/manifest.json"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines(keepends=True) if '"smgen"' in line)
    path.write_text(text.replace(line, f"<<<<<<< HEAD\n{line}=======\n{line}>>>>>>> other\n"), encoding="utf-8")
    assert stale(folder) == [("made_steps/manifest.json", "a merge has left a conflict in the manifest of made_steps")]


def test_a_manifest_that_smgen_did_not_write(folder: Path) -> None:
    (folder / "made_steps/manifest.json").write_text("{}")
    message = "the manifest of the generated package is not one that smgen wrote"
    assert stale(folder) == [("made_steps/manifest.json", message)]


def test_a_manifest_of_before(folder: Path) -> None:
    path = folder / "made_steps/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    write(path, {"generator": manifest["generator"], "package": "made_steps", "contracts": "../contracts"})
    message = "the manifest of made_steps does not say what it was generated from"
    assert stale(folder) == [("made_steps/manifest.json", message)]
    # A package of somebody else is left alone: nobody knows where its contracts are.
    assert stale_package_findings(folder / "made_steps") == ()
    write(path, {"generator": manifest["generator"], "options": manifest["options"], "files": {}})
    assert stale(folder) == [("made_steps/manifest.json", message)]


def test_other_contracts_than_the_projects(folder: Path) -> None:
    (folder / "contracts").rename(folder / "specs")
    write(folder / "contracts/artifact_types.json", {"types": {}})
    manifest = folder / "made_steps/manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("../contracts", "../specs"), encoding="utf-8")
    message = "made_steps was generated from other contracts than those of the project"
    assert stale(folder) == [("made_steps/manifest.json", message)]


def test_a_package_without_its_contracts_is_what_it_is(folder: Path) -> None:
    shutil.rmtree(folder / "contracts")
    (folder / "made_steps/fit.py").write_text("x = 1\n")
    assert stale_package_findings(folder / "made_steps") == ()


def test_no_package_yet(folder: Path) -> None:
    shutil.rmtree(folder / "made_steps")
    assert stale(folder) == []


def test_a_manifest_that_is_gone(folder: Path) -> None:
    (folder / "made_steps/manifest.json").unlink()
    assert stale(folder) == [("made_steps/manifest.json", "the manifest of the generated package is missing")]


@pytest.mark.parametrize("name", ["fit2.py", "fit2.json", "mine.py"])
def test_a_module_that_smgen_did_not_generate(folder: Path, name: str) -> None:
    """A copy of a generated one says what no contract says."""
    (folder / "made_steps" / name).write_bytes((folder / "made_steps/fit.py").read_bytes())
    message = "a file stands in the generated package made_steps that smgen did not generate"
    assert stale(folder) == [(f"made_steps/{name}", message)]
    (folder / "made_steps" / name).unlink()
    (folder / "made_steps/notes.txt").write_text("x")
    assert stale(folder) == []


def test_a_manifest_that_lists_no_files(folder: Path) -> None:
    path = folder / "made_steps/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    write(path, {**manifest, "files": {}})
    assert "made_steps/fit.json" in dict(stale(folder))


def test_two_points_in_a_name_are_no_way_up(folder: Path) -> None:
    (folder / "contracts/fit.json").rename(folder / "contracts/a..b.json")
    generate(folder)
    assert stale(folder) == []


def test_a_pipe_in_the_place_of_the_manifest_ends(folder: Path) -> None:
    (folder / "made_steps/manifest.json").unlink()
    os.mkfifo(folder / "made_steps/manifest.json")
    assert stale(folder) == [
        ("made_steps/manifest.json", "the manifest of the generated package is not one that smgen wrote")
    ]


def test_paths_that_leave_the_package_are_not_followed(folder: Path) -> None:
    path = folder / "made_steps/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] |= {"../../../etc/passwd": "0" * 64, "/etc/passwd": "0" * 64}
    manifest["sources"] |= {"../secret.json": {"raw": "0", "canonical": "0", "modules": []}}
    write(path, manifest)
    assert stale(folder) == []


def test_the_variants_of_a_family_are_modules_of_one_source(folder: Path) -> None:
    request: JsonObject = {
        "AppSpecification": {"ImageUri": "x:1"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "RoleArn": {"$default": "role"},
    }
    write(folder / "contracts/load.json", {**FAMILY, "request": request})
    generate(folder)
    manifest = read_manifest(folder / "made_steps")
    assert manifest is not None
    assert manifest.sources["load.json"].modules == ("load_train", "load_test")
    assert stale(folder) == []
