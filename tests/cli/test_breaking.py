"""``smgen breaking``: against a commit, a folder and a package; what it prints, and with which exit code it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from smgen.contracts import read_contracts
from smgen.generate import GenerationOptions, plan, publish_package
from tests.cli.command_line import Result, smgen, tree
from tests.evolution.states import Edit, all_of, base, drop, drop_contract, put, write
from tests.golden import Golden
from tests.workflows.test_commits import commit, git

EXPECTED = Path(__file__).parent / "expected"
SETTINGS = """\
[tool.smgen]
contracts = "contract_specs"
output = "generated/risk_steps"

[tool.smgen.pipelines]
Fraud = "pipelines/fraud.py:fraud"
Churn = "pipelines/churn.py:churn"
Rating = "pipelines/rating.py:rating"
Notebook = "pipelines/notebook.py:notebook"
"""
MODULES = {
    "fraud": "from risk_steps import fitting\n",
    "churn": "import shared\n",
    "shared": "from risk_steps.scoring import StepBuilder\n",
    "rating": "from risk_steps.all import ScoringConfig\n",
    "notebook": "print(\n",
}
JOB_GONE = all_of(drop("fitting/outputs/job"), put("fitting/version", "1.4.3"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a repository whose only commit, tagged ``v1``, has the base state."""
    root = tmp_path / "project"
    write(root / "contract_specs", base())
    (root / "pyproject.toml").write_text(SETTINGS)
    (root / "pipelines").mkdir()
    for name, text in MODULES.items():
        (root / "pipelines" / f"{name}.py").write_text(text)
    git(root, "init", "--quiet")
    commit(root)
    git(root, "tag", "v1")
    git(root, "tag", "release-1")
    return root


def edited(project: Path, edit: Edit) -> None:
    state = base()
    edit(state)
    write(project / "contract_specs", state)


def breaking(project: Path, *options: str | Path) -> Result:
    return smgen("breaking", *options, cwd=project)


def test_nothing_changed(project: Path) -> None:
    before = tree(project)
    assert breaking(project, "--against", "v1") == Result(0, "Nothing has changed since v1.\n", "")
    assert tree(project) == before


def test_against_a_commit(project: Path, golden: Golden) -> None:
    edited(project, all_of(JOB_GONE, put("fitting/inputs/train/channel", "rows"), put("scoring/deprecated", "Old.")))
    result = breaking(project, "--against", "v1")
    assert (result.code, result.err) == (1, "")
    golden.text(EXPECTED / "breaking.txt", result.out)


def test_against_a_folder(project: Path, tmp_path: Path) -> None:
    write(tmp_path / "earlier" / "contract_specs", base())
    edited(project, JOB_GONE)
    for against in (tmp_path / "earlier", tmp_path / "earlier" / "contract_specs"):
        result = breaking(project, "--against", against)
        assert result.code == 1
        assert "SMG620 output-gone: the output 'job' is gone" in result.out


@pytest.mark.parametrize("installed", [False, True])
def test_against_a_package(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, installed: bool) -> None:
    folder = tmp_path / "site" / "risk_steps"
    contracts = read_contracts(project / "contract_specs")
    publish_package(folder, plan(contracts, GenerationOptions("risk_steps", "nowhere")))
    monkeypatch.setattr(sys, "path", [str(folder.parent), *sys.path])
    against = "risk_steps" if installed else str(folder)
    assert breaking(project, "--against", against) == Result(0, f"Nothing has changed since {against}.\n", "")

    edited(project, all_of(JOB_GONE, put("artifact_types/types/TrainingData", {})))
    result = breaking(project, "--against", against)
    assert result.code == 1
    assert "SMG620 output-gone: the output 'job' is gone" in result.out
    assert "SMG647 artifact-type-parents: TrainingData is no Dataset any more" in result.out


@pytest.mark.parametrize(
    ("edit", "level", "code"),
    [
        (JOB_GONE, "source", 1),
        (put("fitting/inputs/train/aliases", []), "source", 0),
        (put("fitting/inputs/train/aliases", []), "wiring", 1),
        (put("fitting/inputs/train/channel", "rows"), "wiring", 0),
        (put("fitting/inputs/train/channel", "rows"), "run", 1),
        (put("fitting/metrics/f1", {"regex": "f1=([0-9.]+)"}), "run", 0),
        (put("fitting/metrics/f1", {"regex": "f1=([0-9.]+)"}), "cache", 1),
        (put("fitting/deprecated", "Old."), "cache", 0),
    ],
)
def test_the_level_that_fails(project: Path, edit: Edit, level: str, code: int) -> None:
    edited(project, edit)
    assert breaking(project, "--against", "HEAD", "--level", level).code == code


def test_other_code_makes_steps_run_again(project: Path) -> None:
    (project / "contract_specs" / "score.py").write_text("print('more scores')\n")
    result = breaking(project, "--against", "v1")
    assert result.code == 0
    assert "  cache       SMG639 code-changed: its code is another one: score.py\n" in result.out
    assert "fits 0.3.2" in result.out
    assert breaking(project, "--against", "v1", "--level", "cache").code == 1


def test_which_pipelines_are_hit(project: Path) -> None:
    edited(project, all_of(JOB_GONE, put("scoring/source/entry", "score_v2.py")))
    document = json.loads(breaking(project, "--against", "v1", "--format", "json").out)
    assert {item["name"]: (item["owner"], item["pipelines"]) for item in document["contracts"]} == {
        "Fitting": ("risk", ["Fraud"]),
        "Scoring": ("risk", ["Churn", "Rating"]),
    }
    assert document["hit"] == ["Fraud", "Churn", "Rating"]
    assert document["against"] == "v1"
    assert {change["level"] for item in document["contracts"] for change in item["changes"]} == {
        "source",
        "run",
        "compatible",
    }


def test_a_contract_that_is_gone_hits_who_imports_it(project: Path) -> None:
    edited(project, drop_contract("scoring"))
    out = breaking(project, "--against", "v1").out
    assert "Scoring 0.3.1 -> none, owner risk, used by Churn, Rating\n" in out
    assert out.endswith("2 pipelines of 4 may be hit: Churn, Rating.\n")


@pytest.mark.parametrize("form", ["json", "sarif", "github", "markdown"])
def test_every_form_has_the_changes(project: Path, form: str) -> None:
    edited(project, JOB_GONE)
    result = breaking(project, "--against", "v1", "--format", form)
    assert (result.code, result.err) == (1, "")
    assert "SMG620" in result.out
    assert "'job' is gone" in result.out
    edited(project, all_of())
    assert breaking(project, "--against", "v1", "--format", form).code == 0


def test_an_earlier_state_that_is_wrong_today(project: Path) -> None:
    specs = project / "contract_specs"
    (specs / "scoring.json").write_text("{")
    (specs / "query.json").write_text(
        (specs / "query.json").read_text().replace('"SELECT 1"', '{"$setting": "missing"}')
    )
    commit(project)
    edited(project, JOB_GONE)
    result = breaking(project, "--against", "HEAD")
    assert "SMG609 unreadable-earlier-state: the earlier state of scoring.json cannot be read" in result.out
    assert "SMG620 output-gone" in result.out
    assert "Query 1.0.0 -> 1.0.0" in result.out


def test_contracts_of_today_have_to_be_right(project: Path) -> None:
    edited(project, put("fitting/kind", "Trainig"))
    result = breaking(project, "--against", "v1")
    assert (result.code, result.out) == (1, "")
    assert "SMG108" in result.err


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_state_that_is_not_there(project: Path, form: str) -> None:
    result = breaking(project, "--against", "relase-1", "--format", form)
    assert (result.code, result.out) == (1, "")
    assert "error SMG600 unknown-state: git knows no commit 'relase-1' here\n" in result.err
    assert "did you mean  release-1" in result.err


def test_a_folder_without_contracts(project: Path) -> None:
    result = breaking(project, "--against", "./pipelines")
    assert result.code == 1
    assert "pipelines holds neither contracts nor a generated package" in result.err


@pytest.mark.parametrize("against", ["", ".", "contract_specs", "./pipelines/../contract_specs"])
def test_what_is_no_earlier_state(project: Path, against: str) -> None:
    result = breaking(project, "--against", against)
    assert (result.code, result.out) == (1, "")
    assert "SMG600 unknown-state: " in result.err


def test_contracts_outside_of_a_project(project: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    write(alone / "now", base())
    result = breaking(alone, "--against", project / "contract_specs", "--contracts", "now")
    assert result.code == 0
    assert result.out.startswith("Nothing has changed since")
    assert smgen("breaking", "--against", "x", cwd=alone).code == 1
