"""``smgen breaking`` against a commit: what it tells those who call the pipelines of the project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import Result, smgen, smgen_process, tree
from tests.project.checkout import CHECKOUT
from tests.workflows.committed_project import PIPELINE, make_repository, replace
from tests.workflows.test_commits import commit, git

DEFAULT = (
    "pipeline Fraud, for those who call it\n"
    "  run         SMG656 default-changed: the parameter 'LeastShareKept' has another default: "
    "a start without it does another thing\n"
    "              at   pyproject.toml:11\n"
    "              was  0.8\n"
    "              is   0.9\n"
    "              fix  tell those who start the pipeline without it, or keep the default\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of two commits with a project in a folder of it; no test writes into it."""
    root = tmp_path_factory.mktemp("breaking") / "repository"
    make_repository(root)
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """The project in a copy of that repository which the test may change."""
    return Path(shutil.copytree(made, tmp_path / "repository")) / "fraud"


def breaking(project: Path, *options: str | Path) -> Result:
    return smgen_process("breaking", *options, cwd=project)


def test_since_a_commit(project: Path) -> None:
    before = tree(project), git(project, "status", "--porcelain")
    result = breaking(project, "--against", "first")
    assert (result.code, result.err) == (1, "")
    contracts, _, interfaces = result.out.partition("\n\n")
    assert contracts.startswith("CleanData ")
    block, _, summary = interfaces.rpartition("\n\n")
    assert f"{block}\n" == DEFAULT
    assert " in 1 contract and the interface of 1 pipeline since first: 1 run, " in summary
    assert (tree(project), git(project, "status", "--porcelain")) == before


def test_the_level_that_fails(project: Path) -> None:
    assert breaking(project, "--against", "first", "--level", "wiring").code == 0
    assert breaking(project, "--against", "first", "--level", "run").code == 1


def test_a_note_fails_at_no_level(project: Path) -> None:
    daily = project / "pipelines/daily.py"
    daily.write_text('def daily(p, env):\n    p.string("Market", default="eu", enum=["eu"])\n    p.fail("Stop", "x")\n')
    commit(project)
    replace(daily, '["eu"]', '["eu", "us"]')
    result = breaking(project, "--against", "HEAD", "--level", "cache")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "pipeline Daily, for those who call it\n"
        "  compatible  SMG663 enumeration-wider: the parameter 'Market' may have more values: "
        "what lists them lists too few\n"
        "              at   pyproject.toml:10\n"
        '              was  "eu"\n'
        '              is   "eu", "us"\n'
        "\n"
        "1 change in the interface of 1 pipeline since HEAD: 1 compatible.\n"
    )


def test_nothing_changed(project: Path) -> None:
    assert breaking(project, "--against", "second") == Result(0, "Nothing has changed since second.\n", "")


def test_a_folder_has_no_pipelines_and_contracts_alone_are_compared_alone(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "contract_specs", tmp_path / "earlier")
    (project / PIPELINE).write_text("raise RuntimeError('is not run')\n")
    for options in (("--against", tmp_path / "earlier"), ("--against", "HEAD", "--contracts", "contract_specs")):
        result = breaking(project, *options)
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("Nothing has changed since ")


def test_pipelines_that_are_written_with_packages_of_others(tmp_path: Path) -> None:
    project = Path(shutil.copytree(CHECKOUT / "examples/abalone", tmp_path / "abalone"))
    git(project, "init", "--quiet")
    commit(project)
    assert breaking(project, "--against", "HEAD") == Result(0, "Nothing has changed since HEAD.\n", "")
    replace(project / "pipeline.py", '"AbaloneEval",', '"Evaluate",')
    result = breaking(project, "--against", "HEAD")
    assert (result.code, result.err) == (1, "")
    assert result.out == (
        "pipeline AbalonePipeline, for those who call it\n"
        "  run         SMG658 step-gone: the step 'AbaloneEval' is gone: "
        "what selects it, waits for it or shows it finds none of that name\n"
        "              at   pyproject.toml:4\n"
        "              was  AbaloneEval (Processing)\n"
        "              is   Evaluate\n"
        "              fix  keep the name, or change all that names the step first\n"
        "\n"
        "1 change in the interface of 1 pipeline since HEAD: 1 run.\n"
    )
    unknown = breaking(project, "--against", "HAED")
    assert (unknown.code, unknown.out) == (1, "")
    assert "SMG" in unknown.err


def test_a_package_that_is_stale_hides_no_contract(project: Path) -> None:
    replace(project / "contract_specs/clean_data.json", '"default": "eu"', '"default": "na"')
    result = breaking(project, "--against", "HEAD")
    assert (result.code, result.err) == (1, "")
    assert "warning SMG664 interface-not-compared: interfaces of the pipeline 'Fraud' are not compared" in result.out
    assert "SMG634 field-default" in result.out


@pytest.mark.parametrize("form", ["json", "sarif", "github", "markdown"])
def test_every_form_has_the_interfaces(project: Path, form: str) -> None:
    result = breaking(project, "--against", "first", "--format", form)
    assert (result.code, result.err) == (1, "")
    assert "SMG656" in result.out
    assert "LeastShareKept" in result.out


def test_json(project: Path) -> None:
    document = json.loads(breaking(project, "--against", "first", "--format", "json").out)
    (interface,) = document["interfaces"]
    assert (interface["pipeline"], interface["level"]) == ("Fraud", "run")
    (change,) = interface["changes"]
    assert (change["rule"], change["level"], change["expected"], change["given"]) == ("SMG656", "run", "0.8", "0.9")
    assert [item["message"] for item in document["findings"] if item["rule"] == "SMG656"] == [
        f"{change['message']} (run)"
    ]


def test_markdown(project: Path) -> None:
    out = breaking(project, "--against", "first", "--format", "markdown").out
    assert "<summary>pipeline Fraud, for those who call it: run</summary>" in out
    assert "| **run** | SMG656 default-changed | " in out
    assert out.count("<details>") == out.count("</details>") == 2


def test_a_commit_in_which_there_is_no_project(project: Path) -> None:
    settings = project / "pyproject.toml"
    text = settings.read_text()
    settings.write_text("[project]\nname = 'x'\n")
    commit(project)
    settings.write_text(text)
    result = smgen("breaking", "--against", "HEAD", cwd=project)
    assert (result.code, result.err) == (0, "")
