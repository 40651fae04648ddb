"""`smgen diff`: two definitions, two environments, two commits, in any mix, and what cannot be compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from smgen.documents import JsonObject
from tests.cli.command_line import Result, smgen, smgen_process, tree
from tests.project.checkout import CHECKOUT
from tests.workflows.committed_project import PIPELINE, make_repository, replace
from tests.workflows.test_commits import commit, git

EXAMPLE = CHECKOUT / "examples" / "abalone"


def train(depth: str) -> JsonObject:
    arguments: JsonObject = {
        "HyperParameters": {"depth": depth},
        "OutputDataConfig": {"S3OutputPath": "s3://fraud/models"},
    }
    return {"Name": "Train", "Type": "Training", "Arguments": arguments}


OLD: JsonObject = {
    "Version": "2020-12-01",
    "Parameters": [{"Name": "Data", "Type": "String"}],
    "Steps": [train("5")],
}
NEW: JsonObject = {
    "Version": "2020-12-01",
    "Metadata": {},
    "Steps": [train("6"), {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "too bad"}}],
}
OLD_TO_NEW = """\
old.json to new.json: 3 changes
  - parameter Data
  ~ step Train
      ~ HyperParameters.depth: "5" -> "6"
  + step Stop (Fail)
  told another way and meaning the same: N2 empty-object 1 time
"""


# Files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder outside of any project with two definitions."""
    (tmp_path / "old.json").write_text(json.dumps(OLD), encoding="utf-8")
    (tmp_path / "new.json").write_text(json.dumps(NEW), encoding="utf-8")
    return tmp_path


def test_two_files(files: Path) -> None:
    assert smgen("diff", "old.json", "new.json", cwd=files) == Result(1, OLD_TO_NEW, "")


def test_a_file_and_itself(files: Path) -> None:
    result = smgen("diff", "old.json", "./old.json", cwd=files)
    assert result == Result(0, "old.json to ./old.json: no changes\n", "")


def test_the_input_stream(files: Path) -> None:
    command = [sys.executable, "-m", "smgen", "diff", "-", "new.json"]
    told = subprocess.run(command, cwd=files, input=json.dumps(OLD).encode(), capture_output=True, check=False)
    assert (told.returncode, told.stderr) == (1, b"")
    assert told.stdout.decode() == OLD_TO_NEW.replace("old.json", "the input stream")


def test_markdown(files: Path) -> None:
    result = smgen("diff", "old.json", "new.json", "--format", "markdown", cwd=files)
    assert (result.code, result.err) == (1, "")
    assert result.out == (
        "### old.json to new.json: 3 changes\n"
        "\n"
        "| | what | where | old.json | new.json |\n"
        "|---|---|---|---|---|\n"
        "| removed | parameter Data |  |  |  |\n"
        '| changed | step Train | `HyperParameters.depth` | `"5"` | `"6"` |\n'
        "| added | step Stop |  |  | `Fail` |\n"
        "\n"
        "Told another way and meaning the same: N2 empty-object 1 time.\n"
        "\n"
    )


def test_json(files: Path) -> None:
    result = smgen("diff", "old.json", "new.json", "--format", "json", cwd=files)
    assert (result.code, result.err) == (1, "")
    assert json.loads(result.out) == {
        "version": 1,
        "diffs": [
            {
                "pipeline": None,
                "environment": None,
                "before": "old.json",
                "after": "new.json",
                "missing": None,
                "changes": [
                    {"kind": "removed", "subject": "parameter Data", "path": "", "before": None, "after": None},
                    {
                        "kind": "changed",
                        "subject": "step Train",
                        "path": "HyperParameters.depth",
                        "before": '"5"',
                        "after": '"6"',
                    },
                    {"kind": "added", "subject": "step Stop", "path": "", "before": None, "after": "Fail"},
                ],
                "forgiven": {"N2": 1},
            }
        ],
    }


# Environments -----------------------------------------------------------------------------------------------------


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example, in a folder that is no repository."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "abalone", ignore=shutil.ignore_patterns("__pycache__")))


def test_two_environments(example: Path) -> None:
    result = smgen("diff", "dev", "env:prod", cwd=example)
    assert (result.code, result.err) == (1, "")
    lines = result.out.splitlines()
    assert lines[:3] == [
        "AbalonePipeline, dev to prod: 41 changes",
        "  ~ parameter TrainingInstanceType",
        '      ~ DefaultValue: "ml.m5.xlarge" -> "ml.m5.2xlarge"',
    ]
    assert "      ~ DefaultValue: 6.0 -> 5.0" in lines
    assert smgen("diff", "dev", "prod", "--pipeline", "AbalonePipeline", cwd=example).out == result.out


def test_an_environment_and_itself_and_the_whole_project_and_itself(example: Path) -> None:
    same = "the working tree to the working tree: no changes\n"
    assert smgen("diff", "dev", "dev", cwd=example) == Result(0, f"AbalonePipeline for dev, {same}", "")
    assert smgen("diff", ".", ".", cwd=example) == Result(0, f"AbalonePipeline for dev, prod, {same}", "")


def test_what_is_compiled_and_an_environment(example: Path) -> None:
    assert smgen("compile", "AbalonePipeline", "--env", "dev", "-o", "build", cwd=example).code == 0
    file = "build/definition.json"
    assert smgen("diff", file, "dev", cwd=example) == Result(0, f"AbalonePipeline, {file} to dev: no changes\n", "")
    assert smgen("diff", "dev", file, cwd=example) == Result(0, f"AbalonePipeline, dev to {file}: no changes\n", "")
    assert smgen("diff", file, ".", "--env", "dev", cwd=example).code == 0
    assert smgen("diff", file, ".", "--env", "prod", cwd=example).code == 1


# Commits ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of two commits with a project in a folder of it; no test writes into it."""
    root = tmp_path_factory.mktemp("diff") / "repository"
    make_repository(root)
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """The project in a copy of that repository which the test may change."""
    return Path(shutil.copytree(made, tmp_path / "repository")) / "fraud"


FIRST_TO_SECOND = """\
Daily for dev, first to second: is not in first
  + step Stop (Fail)

Fraud for dev, first to second: 3 changes
  ~ parameter LeastShareKept
      ~ DefaultValue: 0.8 -> 0.9
  ~ step Clean
      + Environment.MARKET: "us"
      ~ ProcessingInputs[code].S3Input.S3Uri: other content of the code
"""


def test_two_commits(project: Path) -> None:
    result = smgen_process("diff", "first", "second", cwd=project)
    assert result == Result(1, FIRST_TO_SECOND, "")


def test_the_environment_behind_a_name_of_the_log_of_a_commit(project: Path) -> None:
    """Git itself would take HEAD for HEAD@{1}:dev."""
    result = smgen_process("diff", "git:HEAD@{1}:nosuch", "HEAD@{0}:dev", cwd=project)
    assert (result.code, "SMG211" in result.err) == (1, True)
    assert "HEAD@{1}" in smgen_process("diff", "HEAD@{1}:dev", "HEAD@{0}:dev", cwd=project).out


def test_two_commits_backwards(project: Path) -> None:
    result = smgen_process("diff", "second", "git:first", cwd=project)
    assert (result.code, result.err) == (1, "")
    assert result.out == (
        "Fraud for dev, second to first: 3 changes\n"
        "  ~ parameter LeastShareKept\n"
        "      ~ DefaultValue: 0.9 -> 0.8\n"
        "  ~ step Clean\n"
        '      - Environment.MARKET: "us"\n'
        "      ~ ProcessingInputs[code].S3Input.S3Uri: other content of the code\n"
        "\n"
        "Daily for dev, second to first: is not in first\n"
        "  - step Stop (Fail)\n"
    )


def test_a_commit_is_compiled_from_its_own_tree_alone(project: Path) -> None:
    """Nothing of the working tree is imported, and nothing in it is changed."""
    shutil.rmtree(project / "generated")
    (project / PIPELINE).write_text("raise RuntimeError('of the working tree')\n")
    (project / "new.txt").write_text("in no commit\n")
    before = tree(project), git(project, "status", "--porcelain"), git(project, "stash", "list")
    # A path of the working tree is that of the commit as well.
    own = os.pathsep.join([str(project / "generated"), str(project / "pipelines")])
    path = os.pathsep.join(filter(None, [own, os.environ.get("PYTHONPATH")]))
    result = smgen_process("diff", "first", "second", cwd=project, environment={"PYTHONPATH": path})
    assert result == Result(1, FIRST_TO_SECOND, "")
    assert (tree(project), git(project, "status", "--porcelain"), git(project, "stash", "list")) == before


def test_a_module_beside_the_project_hides_no_package(project: Path) -> None:
    (project / "click.py").write_text("raise RuntimeError('of the project')\n")
    commit(project)
    assert smgen("diff", "HEAD", "second", "--pipeline", "Daily", cwd=project).code == 0


def test_a_commit_and_the_working_tree(project: Path) -> None:
    assert smgen_process("diff", "HEAD", ".", "--pipeline", "Fraud", cwd=project) == Result(
        0, "Fraud for dev, HEAD to the working tree: no changes\n", ""
    )
    replace(project / PIPELINE, "default=0.9", "default=0.95")
    told = (
        "Fraud for dev, HEAD to the working tree: 1 change\n"
        "  ~ parameter LeastShareKept\n"
        "      ~ DefaultValue: 0.9 -> 0.95\n"
    )
    for arguments in (("HEAD", "."), ("HEAD:dev", "dev"), ("HEAD", "dev"), ("git:HEAD", "env:dev")):
        assert smgen_process("diff", *arguments, "--pipeline", "Fraud", cwd=project) == Result(1, told, "")


def test_a_commit_and_a_file(project: Path, tmp_path: Path) -> None:
    assert smgen_process("compile", "Fraud", "--env", "dev", "-o", tmp_path / "build", cwd=project).code == 0
    file = tmp_path / "build/definition.json"
    told = smgen_process("diff", file, "first", "--pipeline", "Fraud", cwd=project)
    assert (told.code, told.err) == (1, "")
    assert told.out.startswith(f"Fraud, {file} to first:dev: 3 changes\n")


def test_environments_that_only_one_commit_has_are_told(project: Path) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text().replace("environments.dev", "environments.test"))
    settings.write_text(settings.read_text() + '\n[tool.smgen.environments.dev]\nbucket = "other-bucket"\n')
    git(project.parent, "add", "--all")
    replace(project / PIPELINE, "default=0.9", "default=0.95")
    result = smgen_process("diff", "second", ".", "--pipeline", "Daily", cwd=project)
    assert result == Result(
        0,
        "Daily for dev, second to the working tree: no changes\n",
        "Only in the working tree, and not compared: test.\n",
    )


def test_the_same_changes_are_told_once(project: Path) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text() + '\n[tool.smgen.environments.other]\nbucket = "other-bucket"\n')
    commit(project)
    replace(project / "pipelines/daily.py", "not today", "tomorrow")
    arguments = ("diff", "HEAD", ".", "--pipeline", "Daily")
    told = (
        "Daily for dev, other, HEAD to the working tree: 1 change\n"
        "  ~ step Stop\n"
        '      ~ ErrorMessage: "not today" -> "tomorrow"\n'
    )
    assert smgen_process(*arguments, cwd=project) == Result(1, told, "")
    data = json.loads(smgen_process(*arguments, "--format", "json", cwd=project).out)
    assert [item["environment"] for item in data["diffs"]] == ["dev", "other"]


# What cannot be compared --------------------------------------------------------------------------------------------


def refused(*arguments: str, cwd: Path) -> str:
    """What is said, of a comparison that there is not."""
    result = smgen_process("diff", *arguments, cwd=cwd)
    assert (result.code, result.out) == (1, "")
    return result.err


def test_what_names_nothing(project: Path) -> None:
    assert refused("frist", "env:dve", cwd=project) == (
        "error SMG650 compared-state: 'frist' is no file, no environment of the project, and no commit\n"
        "  given         frist\n"
        "  expected      dev\n"
        "  fix           write ./FILE, env:ENVIRONMENT, git:REF or git:REF:ENVIRONMENT\n"
        "\n"
        "1 error\n"
    )


def test_no_name(project: Path) -> None:
    assert refused("", ".", cwd=project).startswith("error SMG650 compared-state: '' is no file, no environment ")


def test_what_names_several_things(project: Path) -> None:
    git(project, "branch", "dev")
    (project / "first").write_text(json.dumps(OLD))
    assert refused("dev", "first", cwd=project) == (
        "error SMG650 compared-state: 'dev' names several things\n"
        "  given         dev\n"
        "  expected      env:dev or git:dev\n"
        "  fix           write the one that is meant\n"
        "\n"
        "error SMG650 compared-state: 'first' names several things\n"
        "  given         first\n"
        "  expected      ./first or git:first\n"
        "  fix           write the one that is meant\n"
        "\n"
        "2 errors\n"
    )
    assert smgen_process("diff", "git:dev:dev", "env:dev", cwd=project).code == 0
    assert smgen_process("diff", "./first", "./first", cwd=project).code == 0


def test_an_unknown_commit(project: Path) -> None:
    assert refused("git:frist", ".", cwd=project).startswith(
        "error SMG600 unknown-state: git knows no commit 'frist' here\n"
    )


def test_an_unknown_environment_of_a_commit(project: Path) -> None:
    assert refused("first:dve", ".", cwd=project) == (
        "first:pyproject.toml: error SMG211 environment-value: there is no environment 'dve' in this project\n"
        "  given         dve\n"
        "  expected      dev\n"
        "  did you mean  dev\n"
        "  fix           add 'dve' to [tool.smgen.environments], or name one that is there\n"
        "\n"
        "1 error\n"
    )


def test_an_unknown_pipeline(project: Path) -> None:
    assert refused("first", ".", "--pipeline", "Frud", cwd=project).startswith(
        "pyproject.toml: error SMG210 pipeline-function: there is no pipeline 'Frud' in this project\n"
    )


def test_a_file_and_nothing_that_says_which_pipeline(project: Path) -> None:
    (project / "a.json").write_text(json.dumps(OLD))
    assert refused("a.json", "dev", cwd=project) == (
        "error SMG650 compared-state: a file holds one pipeline, and nothing says with which pipeline it is compared\n"
        "  given         Daily, Fraud\n"
        "  expected      one pipeline\n"
        "  fix           name one with --pipeline\n"
        "\n"
        "1 error\n"
    )


def test_env_beside_sides_that_name_one(project: Path) -> None:
    assert "both sides name an environment" in refused("dev", "first:dev", "--env", "dev", cwd=project)


def test_both_sides_the_input_stream(files: Path) -> None:
    assert smgen("diff", "-", "-", cwd=files) == Result(
        1,
        "",
        "error SMG650 compared-state: both sides are the input stream\n"
        "  given         - and -\n"
        "  fix           give one of them as a file\n"
        "\n"
        "1 error\n",
    )


def test_a_choice_of_two_files(files: Path) -> None:
    for option in (("--env", "dev"), ("--pipeline", "Fraud")):
        assert refused("old.json", "new.json", *option, cwd=files) == (
            "error SMG650 compared-state: two files hold one pipeline each, for no environment that they name\n"
            f"  given         {option[1]}\n"
            "  fix           leave --pipeline and --env out\n"
            "\n"
            "1 error\n"
        )


def test_a_pipeline_of_a_commit_that_cannot_be_compiled(project: Path) -> None:
    replace(project / "pipelines/daily.py", "def daily", "raise ValueError('what')\n\n\ndef daily")
    commit(project)
    assert refused("HEAD", "second", cwd=project) == (
        "HEAD:pipelines/daily.py:1: error SMG210 pipeline-function: "
        "importing its file raised an exception: pipeline 'Daily'\n"
        "  given         ValueError: what\n"
        "\n"
        "1 error\n"
    )


def test_a_pipeline_of_a_commit_that_ends_the_process(project: Path) -> None:
    replace(project / "pipelines/daily.py", "def daily", "import os\n\nos._exit(3)\n\n\ndef daily")
    commit(project)
    assert refused("HEAD", "second", cwd=project) == (
        "HEAD:pyproject.toml: error SMG650 compared-state: "
        "the pipeline 'Daily' of the commit 'HEAD' cannot be compiled for 'dev'\n"
        "  given         exit code 3\n"
        "  fix           check the commit out elsewhere, and run 'smgen compile Daily --env dev' there\n"
        "\n"
        "1 error\n"
    )


def test_a_stale_package_of_a_commit(project: Path) -> None:
    replace(project / "contract_specs/clean_data.json", '"default": "eu"', '"default": "na"')
    commit(project)
    told = refused("HEAD", "second", "--pipeline", "Fraud", cwd=project)
    assert told.startswith("HEAD:contract_specs/clean_data.json: error SMG140 stale-package: ")


def test_files_that_are_none(files: Path) -> None:
    (files / "broken.json").write_text("{")
    (files / "other.json").write_text("[]")
    (files / "folder").mkdir()
    for name, reason in (("gone.json", "No such file or directory"), ("folder", "Is a directory")):
        assert smgen("diff", name, "old.json", cwd=files) == Result(2, "", f"Error: {name}: {reason}\n")
    outside = smgen("diff", "main", "old.json", cwd=files)
    assert (outside.code, outside.out) == (1, "")
    assert outside.err.startswith("pyproject.toml: error SMG130 project-settings: there is no smgen project here\n")
    assert "error SMG100" in smgen("diff", "broken.json", "old.json", cwd=files).err
    assert "error SMG300" in smgen("diff", "old.json", "other.json", cwd=files).err
    (files / "faulty.json").write_text('{"Version": "2020-12-01", "Steps": [], "Parameters": [7]}')
    for arguments in (("faulty.json", "old.json"), ("old.json", "faulty.json"), ("faulty.json", "faulty.json")):
        faulty = smgen("diff", *arguments, cwd=files)
        assert (faulty.code, faulty.out) == (1, "")
        assert faulty.err.startswith("faulty.json:1:55: error SMG300 not-a-definition: an item of Parameters ")


def test_findings_in_json(project: Path) -> None:
    result = smgen_process("diff", "frist", ".", "--format", "json", cwd=project)
    assert (result.code, result.err) == (1, "")
    assert [item["rule"] for item in json.loads(result.out)["findings"]] == ["SMG650"]
