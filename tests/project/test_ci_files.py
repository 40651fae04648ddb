"""What runs smgen in CI and before a commit, run as GitHub and pre-commit would: of a new project, and of this one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.cli.command_line import smgen
from tests.project.checkout import CHECKOUT
from tests.use.edits import edit
from tests.workflows.test_commits import commit, git

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the steps are lines of bash")

CONTRACT = "contract_specs/clean_data.json"
PIPELINE = "pipelines/fraud.py"
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
AGAINST = "inputs.against || (github.base_ref && format('origin/{0}', github.base_ref))"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project with its package, in a repository whose remote has the same commit on ``main``."""
    folder = tmp_path_factory.mktemp("ci") / "fraud"
    assert smgen("init", "fraud", cwd=folder.parent).code == 0
    assert smgen("generate", cwd=folder).code == 0
    git(folder, "init", "--quiet")
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "fraud"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def variables(project: Path) -> dict[str, str]:
    """The environment of a machine on which smgen is installed already: pip looks, and neither asks nor changes."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_DRY_RUN": "1",
        "MYPY_CACHE_DIR": str(project.parents[1] / "mypy-cache"),
        "PRE_COMMIT_HOME": str(project.parent / "pre-commit"),
    }


def run(command: list[str], project: Path, more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=project,
        env={**variables(project), **(more or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def run_steps(
    steps: list[dict[str, Any]], project: Path, values: Mapping[str, str]
) -> list[subprocess.CompletedProcess[str]]:
    """Every step with a line to run, up to the first that fails. An expression without a value is a KeyError."""

    def evaluated(text: str) -> str:
        return _EXPRESSION.sub(lambda found: values[found[1]], text)

    done: list[subprocess.CompletedProcess[str]] = []
    for step in steps:
        if "run" in step and not (done and done[-1].returncode):
            # No expression stands in a line itself, where a name could be read as a command.
            assert not _EXPRESSION.search(step["run"])
            more = {name: evaluated(text) for name, text in step.get("env", {}).items()}
            done.append(run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], project, more))
    return done


def test_the_workflow_of_a_new_project(made: Path) -> None:
    workflow = read(made / ".github/workflows/smgen.yml")
    # YAML 1.1 reads the key as a truth value, and GitHub does not.
    assert set(workflow.get("on", workflow.get(True))) == {"push", "pull_request"}
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["verify"]["steps"]
    assert [step["uses"].partition("@")[0] for step in steps if "uses" in step] == [
        "actions/checkout",
        "actions/setup-python",
    ]
    assert steps[0]["with"]["fetch-depth"] == 0
    assert (made / steps[1]["with"]["cache-dependency-path"]).is_file()


@pytest.mark.slow
@pytest.mark.typecheck
def test_the_workflow_is_green_for_a_push(project: Path) -> None:
    steps = read(project / ".github/workflows/smgen.yml")["jobs"]["verify"]["steps"]
    done = run_steps(steps, project, {"github.base_ref": ""})
    assert [one.returncode for one in done] == [0, 0, 0], done[-1].stdout + done[-1].stderr
    assert (done[1].stdout, done[1].stderr.splitlines()[-1]) == ("", "6 parts passed.")
    assert "breaking   skipped" in done[1].stderr


@pytest.mark.slow
@pytest.mark.typecheck
def test_the_workflow_finds_a_break_in_a_pull_request(project: Path) -> None:
    edit(project / CONTRACT, '    "validation_data": {', '    "held_out": {')
    assert smgen("generate", cwd=project).code == 0
    edit(project / PIPELINE, "cleaning.validation_data", "cleaning.held_out")
    steps = read(project / ".github/workflows/smgen.yml")["jobs"]["verify"]["steps"]
    done = run_steps(steps, project, {"github.base_ref": "main"})
    assert [one.returncode for one in done] == [0, 1]
    assert f"::error file={CONTRACT}," in done[1].stdout
    assert "title=SMG620 output-gone" in done[1].stdout
    assert done[1].stderr.endswith("\nNot green: breaking (failed).\n")


def test_the_workflow_where_dependency_groups_are_ones_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[dependency-groups]\ntest = ["pytest"]\n', encoding="utf-8")
    assert smgen("init", "--name", "x", cwd=tmp_path).code == 0
    steps = read(tmp_path / ".github/workflows/smgen.yml")["jobs"]["verify"]["steps"]
    (install,) = [step["run"] for step in steps if step.get("name") == "Install"]
    done = run(["bash", "-euc", install], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "python -m pip install 'sagemaker-smgen[generate]' mypy pyright pytest\n" in install


# pre-commit ----------------------------------------------------------------------------------------------------------


def test_pre_commit_runs_the_hooks_of_a_new_project(project: Path) -> None:
    done = run([*PRE_COMMIT, "run", "--all-files"], project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^(.+?)\.+Passed$", done.stdout, re.MULTILINE) == ["smgen generate --check", "smgen validate"]
    edit(project / CONTRACT, '"version": "1.0.0"', '"version": "1.0.1"')
    git(project, "add", "--all")
    stale = run([*PRE_COMMIT, "run"], project)
    assert stale.returncode == 1
    assert "- hook id: smgen-generate\n- exit code: 1\n" in stale.stdout
    assert "generated/fraud_steps is stale" in stale.stdout
    assert stale.stdout.count("- hook id: ") == 1


def test_the_hooks_run_where_a_contract_goes(project: Path) -> None:
    """What is deleted is no file that a hook would be given."""
    gone = sorted((project / "contract_specs").glob("*.json"))[-1]
    gone.unlink()
    git(project, "add", "--all")
    done = run([*PRE_COMMIT, "run"], project)
    assert done.returncode == 1
    assert "SMG1" in done.stdout


def test_the_hooks_of_this_repository(project: Path) -> None:
    """Their lines, in a project; that pre-commit makes their environments needs the package index."""
    manifest = CHECKOUT / ".pre-commit-hooks.yaml"
    valid = run([*PRE_COMMIT, "validate-manifest", str(manifest)], project)
    assert (valid.returncode, valid.stdout, valid.stderr) == (0, "", "")
    hooks = read(manifest)
    assert [hook["id"] for hook in hooks] == ["smgen-generate", "smgen-validate", "smgen-lint"]
    for hook in hooks:
        assert hook["language"] == "python"
        done = run(shlex.split(hook["entry"]), project)
        assert done.returncode == 0, done.stderr


# The Action ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.typecheck
def test_the_action(project: Path) -> None:
    action = read(CHECKOUT / "action.yml")
    assert action["runs"]["using"] == "composite"
    steps = action["runs"]["steps"]
    # GitHub asks for a shell in every step of an Action that runs a line.
    assert all(step.get("shell") == "bash" for step in steps if "run" in step)
    used = set(re.findall(r"inputs\.([a-z-]+)", (CHECKOUT / "action.yml").read_text(encoding="utf-8")))
    assert used == set(action["inputs"])
    values = {"inputs.install": action["inputs"]["install"]["default"], "inputs.environment": "dev"}
    green = run_steps(steps, project, {**values, AGAINST: "origin/main"})
    assert [one.returncode for one in green] == [0, 0], green[-1].stdout + green[-1].stderr
    assert "breaking   passed" in green[1].stderr
    assert green[1].stderr.endswith("\n7 parts passed.\n")


def test_a_name_of_a_branch_is_no_command(project: Path) -> None:
    steps = read(CHECKOUT / "action.yml")["runs"]["steps"]
    hostile = "x; touch pwned $(touch pwned)"
    values = {"inputs.install": "true", "inputs.environment": "", AGAINST: hostile}
    (project / "generated").rename(project / "gone")
    done = run_steps(steps, project, values)
    assert done[1].returncode == 1
    assert "SMG600" in done[1].stdout
    assert not (project / "pwned").exists()
