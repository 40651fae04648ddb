"""Pipes and devices in the place of files: nothing waits for who might write into them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import TERMINAL, Result, smgen
from tests.fuzz.definitions import EXAMPLE
from tests.project.checkout import CHECKOUT

DEFINITION = {
    "Version": "2020-12-01",
    "Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}}],
}
COMPILED = ("compile", "AbalonePipeline", "--env", "dev", "-o", "build")


def ended(*arguments: str, cwd: Path) -> Result:
    """Runs a command that may wait for ever if it is wrong. Raises TimeoutExpired then."""
    command = [sys.executable, "-m", "smgen", *arguments]
    environment = {**os.environ, **TERMINAL}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", "pipeline.py"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    (tmp_path / "d.json").write_text(json.dumps(DEFINITION), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("lint", "pipe.json"),
        ("lint", "/dev/zero"),
        ("import", "pipe.json", "-o", "out"),
        ("import", "--env", "dev=pipe.json", "-o", "out"),
        ("resolve", "pipe.json", "--contracts", str(CHECKOUT / "contract_specs")),
    ],
)
def test_a_file_that_is_named(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    result = ended(*arguments, cwd=tmp_path)
    name = "/dev/zero" if "/dev/zero" in arguments else "pipe.json"
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(f"Error: {name}: it is no regular file\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("folder", ["--contracts", "-o", "assets"])
def test_a_folder_that_is_named(project: Path, folder: str) -> None:
    os.mkfifo(project / "pipe")
    calls = {
        "--contracts": ("validate", "--contracts", "pipe"),
        "-o": (*COMPILED[:-1], "pipe"),
        "assets": ("assets", "publish", "pipe"),
    }
    assert ended(*calls[folder], cwd=project).code in (1, 2)


@pytest.mark.parametrize("name", ["pyproject.toml", "pipeline.py", "smgen.lock"])
@pytest.mark.parametrize("arguments", [("lint",), ("resolve", "--locked"), COMPILED], ids=lambda given: given[0])
def test_a_file_of_the_project(project: Path, name: str, arguments: tuple[str, ...]) -> None:
    (project / name).unlink(missing_ok=True)
    os.mkfifo(project / name)
    result = ended(*arguments, cwd=project)
    assert result.code in (1, 2)
    assert name in result.err + result.out


def test_a_copy_of_an_import(project: Path) -> None:
    assert smgen("import", "d.json", "--name", "Fraud", "-o", "p", cwd=project).code == 0
    copy = project / "p/imported/Fraud.default.json"
    copy.unlink()
    os.mkfifo(copy)
    result = ended("import", "--check", "p", cwd=project)
    assert result.code == 2
    assert result.err.endswith("Fraud.default.json: it is no regular file\n")


def test_files_beside_what_is_read(project: Path) -> None:
    for name in ("d.json.smgen.toml", "provenance.json"):
        os.mkfifo(project / name)
    assert ended("lint", "d.json", cwd=project).code == 0
    (project / "contracts").mkdir()
    (project / "contracts/artifact_types.json").write_text('{"types": {}}', encoding="utf-8")
    for name in ("a.json", "b.yaml", ".smgenignore"):
        os.mkfifo(project / "contracts" / name)
    assert ended("validate", "--contracts", "contracts", cwd=project).code == 0


@pytest.mark.parametrize("name", ["setup.cfg", "mypy.ini", "pytest.ini", "ruff.toml", ".gitignore", "README.md"])
def test_files_that_a_new_project_looks_at(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert ended("init", ".", "--name", "one", cwd=tmp_path).code in (0, 1)


def test_what_a_shell_hands_over_is_read(project: Path) -> None:
    for line in ("smgen lint <(cat d.json)", "cat d.json | smgen lint /dev/stdin"):
        command = line.replace("smgen", f"{sys.executable} -m smgen")
        done = subprocess.run(
            ["bash", "-c", command], cwd=project, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith(": no findings\n")
