"""``smgen verify``: every part once, what each waits for, all findings at once, and the three exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

import pytest

from tests.cli.command_line import Result, smgen, smgen_process, tree
from tests.use.edits import append, edit
from tests.workflows.test_commits import commit, git

CONTRACT = "contract_specs/clean_data.json"
SCRIPT = "contract_specs/scripts/clean_data.py"
PIPELINE = "pipelines/fraud.py"
SETTINGS = "pyproject.toml"

GREEN = """\
contracts  passed
scripts    passed
freshness  passed
compile    passed     1 definition
lint       passed
lock       skipped    there is no smgen.lock
breaking   skipped    asked for with --against REF
types      passed

6 parts passed.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project with its package, and the cache that mypy keeps for all tests."""
    folder = tmp_path_factory.mktemp("verify") / "fraud"
    assert smgen("init", "fraud", cwd=folder.parent).code == 0
    assert smgen("generate", cwd=folder).code == 0
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "fraud"))


def verify(project: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Result:
    """Run it as a user does; mypy's cache is that of all tests, or each would wait for it."""
    cache = {"MYPY_CACHE_DIR": str(project.parents[1] / "mypy-cache")}
    return smgen_process("verify", *arguments, cwd=project, environment={**cache, **(environment or {})})


def verify_here(project: Path, *arguments: str) -> Result:
    """Run it in this process, without mypy, where no pipeline is imported, since the package is not fresh."""
    with mock.patch("smgen.workflows.verifying.is_mypy_installed", return_value=False):
        return smgen("verify", *arguments, cwd=project)


def without_mypy(folder: Path) -> dict[str, str]:
    """What makes Python look for modules where something says that there is no mypy."""
    hook = folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, package=None: None if name == 'mypy' else find(name, package)\n",
        encoding="utf-8",
    )
    return {"PYTHONPATH": os.pathsep.join([str(hook), os.environ.get("PYTHONPATH", "")])}


def outcomes(result: Result) -> dict[str, str]:
    return {part["name"]: part["outcome"] for part in json.loads(result.out)["parts"]}


@pytest.mark.typecheck
def test_a_green_project_and_nothing_is_written(project: Path) -> None:
    before = tree(project)
    result = verify(project)
    assert (result.code, result.out, result.err) == (0, GREEN, "")
    assert tree(project) == before


@pytest.mark.typecheck
def test_everything_that_is_wrong_at_once(project: Path) -> None:
    """A script, a type, a rule of lint and a lock, in a package that is fresh."""
    append(project / SCRIPT, '\nprint(os.environ["LABEL_COLUM"])\n')
    edit(project / PIPELINE, "training_data=cleaning.training_data,", "training_data=cleaning.validation_data,")
    (project / "smgen.lock").write_text("what is this\n", encoding="utf-8")
    result = verify(project, "--format", "json")
    assert result.code == 1
    document = json.loads(result.out)
    assert outcomes(result) == {
        "contracts": "passed",
        "scripts": "failed",
        "freshness": "passed",
        "compile": "failed",
        "lint": "failed",
        "lock": "failed",
        "breaking": "skipped",
        "types": "failed",
    }
    (typed,) = [finding for finding in document["findings"] if finding["part"] == "types"]
    assert (typed["rule"], typed["place"]["file"], typed["place"]["line"]) == ("SMG680", PIPELINE, 25)
    assert '"Output[ValidationData]"; expected "Output[TrainingData]' in typed["message"]
    assert typed["message"].endswith(" [arg-type]")
    assert document["counts"]["error"] == sum(part["counts"]["error"] for part in document["parts"])
    assert "Not green: scripts (failed), " in result.err


@pytest.mark.typecheck
def test_a_stale_package_keeps_from_compiling_and_types_are_asked_all_the_same(project: Path) -> None:
    edit(project / CONTRACT, '"version": "1.0.0"', '"version": "1.0.1"')
    edit(project / PIPELINE, "cleaning.validation_data", "cleaning.validation_dat")
    result = verify(project)
    assert result.code == 1
    assert "error SMG121 generated-changed" in result.out
    told = f'{PIPELINE}:26:29: error SMG680 type-error: "CleanDataProxy" has no attribute "validation_dat"'
    assert told in result.out
    assert result.out.partition("contracts  passed\n")[2] == (
        "scripts    passed\n"
        "freshness  failed     3 errors\n"
        "compile    not run    the generated package is not what the contracts say\n"
        "lint       not run    nothing was compiled\n"
        "lock       skipped    there is no smgen.lock\n"
        "breaking   skipped    asked for with --against REF\n"
        "types      failed     1 error; against the package as it stands, which is not what the contracts say\n"
        "\n"
        "Not green: freshness (failed), compile (not run), lint (not run), types (failed).\n"
    )


def test_contracts_that_cannot_be_read(project: Path) -> None:
    """What is told once, by the part that finds it."""
    edit(project / CONTRACT, '"kind": "Processing"', '"kind": "Procesing"')
    result = verify_here(project, "--format", "json")
    assert result.code == 1
    assert outcomes(result) == {
        "contracts": "failed",
        "scripts": "not run",
        "freshness": "not run",
        "compile": "not run",
        "lint": "not run",
        "lock": "skipped",
        "breaking": "skipped",
        "types": "skipped",
    }
    assert {finding["part"] for finding in json.loads(result.out)["findings"]} == {"contracts"}


def test_a_package_that_was_never_generated(project: Path) -> None:
    shutil.rmtree(project / "generated")
    result = smgen("verify", "--format", "json", cwd=project)
    assert result.code == 1
    told = outcomes(result)
    assert (told["freshness"], told["compile"], told["types"]) == ("failed", "not run", "not run")
    assert not (project / "generated").exists()


def test_a_finding_of_several_parts_is_told_once(project: Path, tmp_path: Path) -> None:
    """Lint holds the scripts of what is compiled against their contracts, too."""
    append(project / SCRIPT, '\nprint(os.environ["LABEL_COLUM"])\n')
    result = verify(project, "--format", "json", environment=without_mypy(tmp_path))
    document = json.loads(result.out)
    assert [finding["part"] for finding in document["findings"]] == ["scripts"]
    parts = {part["name"]: (part["outcome"], part["reason"]) for part in document["parts"]}
    assert parts["lint"] == ("failed", "what it found is told by scripts")
    assert parts["types"] == ("skipped", "mypy is not installed; install it with: pip install mypy")


def test_suppressions_count(project: Path, tmp_path: Path) -> None:
    share = '    least_share = p.float("LeastShareKept", default=0.8)\n'
    edit(project / PIPELINE, share, f'{share}    p.string("Unread", default="x")\n')
    append(project / SETTINGS, '\n[[tool.smgen.suppressions]]\nrule = "SMG302"\nreason = "a test"\n')
    result = verify(project, environment=without_mypy(tmp_path))
    assert result.code == 0
    assert "\nlint       passed     1 suppressed\n" in result.out


def test_every_environment_or_one(project: Path, tmp_path: Path) -> None:
    text = (project / SETTINGS).read_text(encoding="utf-8")
    start = text.index("[tool.smgen.environments.dev]")
    prod = text[start : text.index("\n\n[tool.mypy]")].replace("environments.dev", "environments.prod")
    append(project / SETTINGS, "\n" + prod.replace('"placeholder-bucket"', '"Not A Bucket"') + "\n")
    hidden = without_mypy(tmp_path)
    everything = verify(project, environment=hidden)
    assert everything.code == 1
    assert "Not A Bucket" in everything.out
    assert verify(project, "--env", "dev", environment=hidden).code == 0
    unknown = verify_here(project, "--env", "de")
    assert (unknown.code, unknown.out) == (1, "")
    assert "did you mean  dev" in unknown.err


def test_the_lock_is_held_against_what_was_compiled(project: Path, tmp_path: Path) -> None:
    """As ``compile --locked`` does, and with the same words."""
    edit(project / PIPELINE, "validation_data=cleaning.validation_data,", "validation_data=AUTO,")
    edit(project / PIPELINE, "import Environment", "import AUTO, Environment")
    hidden = without_mypy(tmp_path)
    assert smgen_process("resolve", "--lock", cwd=project).code == 0
    assert "\nlock       passed\n" in verify(project, environment=hidden).out
    edit(project / "smgen.lock", "Train.validation_data", "Train.validation_dat")
    result = verify(project, "--format", "json", environment=hidden)
    assert result.code == 1
    locked = smgen_process(
        "compile", "Fraud", "--env", "dev", "-o", "build", "--locked", "--format", "json", cwd=project
    )
    told = [{**finding, "part": "lock"} for finding in json.loads(locked.out)["findings"]]
    assert told
    assert json.loads(result.out)["findings"] == told


def test_against_a_commit(project: Path, tmp_path: Path) -> None:
    git(project, "init", "--quiet")
    commit(project)
    hidden = without_mypy(tmp_path)
    assert "\nbreaking   passed\n" in verify(project, "--against", "HEAD", environment=hidden).out
    edit(project / CONTRACT, '    "validation_data": {', '    "held_out": {')
    assert smgen("generate", cwd=project).code == 0
    edit(project / PIPELINE, "cleaning.validation_data", "cleaning.held_out")
    result = verify(project, "--against", "HEAD", "--format", "json", environment=hidden)
    assert result.code == 1
    assert outcomes(result)["breaking"] == "failed"
    found = {finding["rule"] for finding in json.loads(result.out)["findings"] if finding["part"] == "breaking"}
    assert "SMG620" in found
    # A version that says how large the change is has told its users.
    edit(project / CONTRACT, '"version": "1.0.0"', '"version": "2.0.0"')
    assert smgen("generate", cwd=project).code == 0
    released = verify(project, "--against", "HEAD", environment=hidden)
    assert released.code == 0
    assert re.search(r"\nbreaking   passed     \d breaks? released with a version that says so\n", released.out)


def test_the_commit_before_there_were_contracts(project: Path, tmp_path: Path) -> None:
    """The change that brings smgen into a repository is no finding."""
    git(project, "init", "--quiet")
    hidden = tmp_path / "contracts"
    (project / "contract_specs").rename(hidden)
    commit(project)
    hidden.rename(project / "contract_specs")
    result = verify(project, "--against", "HEAD", environment=without_mypy(tmp_path))
    assert result.code == 0
    assert "\nbreaking   skipped    HEAD has no folder contract_specs\n" in result.out


@pytest.mark.typecheck
def test_where_mypy_has_no_answer_there_is_none(project: Path) -> None:
    edit(project / SETTINGS, "[tool.mypy]\n", '[tool.mypy]\npython_executable = "/nowhere/python"\n')
    result = verify(project)
    assert result.code == 2
    assert "\ntypes      no answer  mypy could not look: " in result.out
    assert result.out.endswith("\nNot green: types (no answer).\n")


def test_the_forms_for_machines(project: Path) -> None:
    edit(project / CONTRACT, '"version": "1.0.0"', '"version": "1.0.1"')
    github = verify_here(project, "--format", "github")
    assert github.code == 1
    assert {line.partition(" ")[0] for line in github.out.splitlines()} == {"::error"}
    assert "freshness  failed     3 errors" in github.err
    sarif = verify_here(project, "--format", "sarif")
    assert {item["ruleId"] for item in json.loads(sarif.out)["runs"][0]["results"]} == {"SMG121"}
    assert verify_here(project, "--format", "sarif") == sarif
    text = verify_here(project)
    assert text.out.endswith(github.err)
    assert text.err == ""


def test_a_project_without_contracts_of_its_own(tmp_path: Path) -> None:
    """Its pipelines take the steps of the library."""
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "load.py").write_text(
        "from smgen.runtime import Environment, External, FluentPipelineBuilder\n"
        "from smgen_steps import data_load\n\n\n"
        "def load(p: FluentPipelineBuilder, env: Environment) -> None:\n"
        '    p.add_step("Load", data_load.StepBuilder(source_data=External(env.uri("source/"))))\n',
        encoding="utf-8",
    )
    (tmp_path / SETTINGS).write_text(
        '[tool.smgen.pipelines]\nLoad = "p/load.py:load"\n[tool.smgen.environments.dev]\naccount = "111122223333"\n'
        'region = "us-east-1"\nrole = "arn:aws:iam::111122223333:role/r"\nbucket = "some-bucket"\n'
        '[tool.smgen.environments.dev.images]\n"scikit-learn" = "111122223333.dkr.ecr.us-east-1.amazonaws.com/s:1"\n',
        encoding="utf-8",
    )
    result = smgen_process("verify", "--format", "json", cwd=tmp_path, environment=without_mypy(tmp_path))
    assert result.code == 0, result.out
    told = outcomes(result)
    assert [told[part] for part in ("contracts", "scripts", "freshness", "compile")] == [
        "skipped",
        "skipped",
        "skipped",
        "passed",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_a_terminal_sees_which_part_is_running(project: Path, tmp_path: Path) -> None:
    import pty
    import subprocess

    leader, follower = pty.openpty()
    environment = {**os.environ, **without_mypy(tmp_path)}
    process = subprocess.run(
        [sys.executable, "-m", "smgen", "verify"],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=follower,
        check=False,
    )
    os.close(follower)
    shown = os.read(leader, 100_000).decode()
    os.close(leader)
    assert process.returncode == 0
    assert "[1/8] contracts …" in shown
    assert "[8/8] types …" in shown
    assert shown.endswith("\r\x1b[K")
