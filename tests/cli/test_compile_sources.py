"""`smgen compile` of a step whose source is a folder: the archive, and what changes it."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.cli.command_line import Result, smgen, smgen_process, tree

SCRIPTS = "contract_specs/scripts"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose cleaning step brings a folder, a dependency and requirements; no test writes into it."""
    folder = tmp_path_factory.mktemp("sources") / "fraud-detection"
    assert smgen("init", folder.name, cwd=folder.parent).code == 0
    (folder / SCRIPTS / "net").mkdir()
    (folder / SCRIPTS / "net/layers.py").write_text("x = 1\n", encoding="utf-8")
    (folder / SCRIPTS / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    (folder / "contract_specs/lib").mkdir()
    (folder / "contract_specs/lib/tool.py").write_text("y = 2\n", encoding="utf-8")
    contract = folder / "contract_specs/clean_data.json"
    document = json.loads(contract.read_text(encoding="utf-8"))
    document["source"] |= {"pack": "folder", "dependencies": ["lib"], "requirements": "requirements.txt"}
    contract.write_text(json.dumps(document, indent=2), encoding="utf-8")
    assert smgen("generate", cwd=folder).code == 0
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of that project which the test may change."""
    return Path(shutil.copytree(made, tmp_path / "fraud-detection", ignore=shutil.ignore_patterns("__pycache__")))


def compile_(project: Path, seed: str = "0") -> Result:
    environment = {"PYTHONHASHSEED": seed}
    arguments = ("compile", "FraudDetection", "--env", "dev", "-o", "build")
    return smgen_process(*arguments, cwd=project, environment=environment)


def built(project: Path, seed: str = "0") -> dict[str, bytes]:
    shutil.rmtree(project / "build", ignore_errors=True)
    result = compile_(project, seed)
    assert (result.code, result.err) == (0, "")
    return tree(project / "build")


def archive(build: dict[str, bytes]) -> dict[str, bytes]:
    (path,) = [path for path in build if path.endswith("/sourcedir.tar.gz")]
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(build[path]), mode="r:gz") as members:
        for member in members:
            content = members.extractfile(member)
            assert content is not None
            found[member.name] = content.read()
    return found


def test_the_archive_stands_in_definition_manifest_and_folder(project: Path) -> None:
    build = built(project)
    script = (project / SCRIPTS / "clean_data.py").read_bytes()
    assert archive(build) == {
        "clean_data.py": script,
        "lib/tool.py": b"y = 2\n",
        "net/layers.py": b"x = 1\n",
        "requirements.txt": b"pandas\n",
    }
    (asset,) = json.loads(build["assets.json"])["assets"]
    assert asset["source"] == "scripts"
    assert asset["bytes"] == len(build[asset["path"]])
    arguments = json.loads(build["definition.json"])["Steps"][0]["Arguments"]
    assert arguments["ProcessingInputs"][-1]["S3Input"]["S3Uri"] == asset["location"]
    assert arguments["AppSpecification"]["ContainerEntrypoint"] == [
        "/bin/sh",
        "-c",
        "cd /opt/ml/processing/input/code && tar -xzf sourcedir.tar.gz && "
        'python3 -m pip install -r requirements.txt && exec python3 "$0" "$@"',
        "clean_data.py",
    ]


def test_the_same_bytes_in_two_folders_on_two_hash_seeds_at_two_times(
    made: Path, project: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(made, tmp_path / "elsewhere" / "copy", ignore=shutil.ignore_patterns("__pycache__")))
    for path in (other / "contract_specs").rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    # What another machine has beside the sources.
    (other / SCRIPTS / "__pycache__").mkdir()
    (other / SCRIPTS / "__pycache__/clean_data.cpython-311.pyc").write_bytes(b"compiled")
    (other / SCRIPTS / "clean_data.py").chmod(0o600)
    assert built(project, "0") == built(other, "4711")


def test_one_changed_file_gives_the_code_another_place_and_an_ignored_one_does_not(project: Path) -> None:
    before = built(project)
    (project / SCRIPTS / "notes.md").write_text("1", encoding="utf-8")
    (project / SCRIPTS / ".smgenignore").write_text("*.md\n", encoding="utf-8")
    assert built(project) == before
    (project / "contract_specs/lib/tool.py").write_text("y = 3\n", encoding="utf-8")
    after = built(project)
    assert archive(after)["lib/tool.py"] == b"y = 3\n"
    assert set(before) & set(after) == {"assets.json", "definition.json", "provenance.json"}


def test_what_cannot_be_packed_is_said_and_nothing_is_written(project: Path) -> None:
    (project / SCRIPTS / "lost").symlink_to("nowhere")
    (project / SCRIPTS / ".smgenignore").write_text("!\n", encoding="utf-8")
    result = compile_(project)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "contract_specs/scripts/.smgenignore:1: error SMG126 unpackable-source: a line of .smgenignore is no pattern\n"
        "  given         !\n"
        "  expected      a pattern as in a .gitignore file, of at most 1,000 characters, with '**' at most 3 times\n"
        "\n"
        "pipelines/fraud_detection.py:13: error SMG126 unpackable-source: "
        "the source has a symbolic link that leads nowhere\n"
        '  at            step "Clean"\n'
        "  given         contract_specs/scripts/lost\n"
        "\n"
        "2 errors\n"
    )
    assert not (project / "build").exists()
