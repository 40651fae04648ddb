"""The first hour of somebody new: one edit each of the project, and what is said of it (cases 11 to 20)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import smgen, smgen_process
from tests.use.edits import PIPELINE, TRAINING, edit

COMPILE = ("compile", "Churn", "--env", "dev", "-o", "build")
PREPARATION = "contract_specs/churn_prepare.json"


def test_parentheses_that_are_missing(churn: Path) -> None:
    """Case 11."""
    edit(
        churn / PIPELINE,
        "(ev.metrics.auc >= min_auc) & (ev.metrics.recall.at_10 >= 0.6)",
        "ev.metrics.auc >= min_auc & ev.metrics.recall.at_10 >= 0.6",
    )
    result = smgen_process(*COMPILE, cwd=churn)
    assert result.code == 1
    assert result.err.startswith("pipelines/churn.py:23:32: error SMG220 python-operator: ")
    assert "write parentheses around each comparison" in result.err
    assert "write (ev.metrics.auc >= min_auc) & (ev.metrics.recall.at_10 >= 0.6)" in result.err


def test_contracts_that_are_not_read(churn: Path) -> None:
    """Case 12."""
    (churn / TRAINING).rename(churn / "contract_specs/churn_train.yaml")
    (churn / "contract_specs/team").mkdir()
    (churn / "contract_specs/churn_deploy.json").rename(churn / "contract_specs/team/churn_deploy.json")
    result = smgen("validate", cwd=churn)
    assert result.code == 0
    told = result.out + result.err
    assert "contract_specs/churn_train.yaml: warning SMG139 unread-contract" in told
    assert "rename it to contract_specs/churn_train.json" in told
    assert "contract_specs/team/churn_deploy.json: warning SMG139 unread-contract" in told
    assert "move it to contract_specs/churn_deploy.json" in told


def test_a_helper_beside_the_pipeline(churn: Path) -> None:
    """Case 14."""
    (churn / "pipelines/helper.py").write_text("X = 1\n", encoding="utf-8")
    edit(churn / PIPELINE, "from churn_steps", "from helper import X\nfrom churn_steps")
    assert smgen_process(*COMPILE, cwd=churn).code == 0
    edit(churn / PIPELINE, "from helper", "from .helper")
    relative = smgen_process(*COMPILE, cwd=churn)
    assert relative.code == 1
    assert "write 'from helper import X'" in relative.err


def test_a_source_that_is_too_large_names_the_file(churn: Path) -> None:
    """Case 15."""
    with (churn / "contract_specs/train/data.bin").open("wb") as stream:
        stream.truncate(300_000_000)
    result = smgen("validate", cwd=churn)
    assert result.code == 1
    assert "contract_specs/train/data.bin has 300,000,000" in result.out + result.err


def test_a_number_in_an_argument_is_its_text(churn: Path) -> None:
    """Case 17."""
    edit(churn / PREPARATION, '{"$join": [{"$setting": "test_share"}]}', '{"$setting": "test_share"}')
    assert smgen("validate", cwd=churn).code == 0
    assert smgen("generate", cwd=churn).code == 0
    assert smgen_process(*COMPILE, cwd=churn).code == 0
    document = json.loads((churn / "build/definition.json").read_text(encoding="utf-8"))
    assert "0.25" in document["Steps"][0]["Arguments"]["AppSpecification"]["ContainerArguments"]


def test_a_default_that_is_misspelt(churn: Path) -> None:
    """Case 18."""
    edit(churn / TRAINING, "ml.g4dn.xlarge", "ml.g4nd.xlarge")
    result = smgen("validate", cwd=churn)
    assert result.code == 1
    told = result.out + result.err
    assert "  did you mean  ml.g4dn.xlarge\n" in told
    assert told.count("'ml.g4dn.xlarge'") == 1


@pytest.mark.typecheck
def test_a_loop_item_of_another_type(churn: Path) -> None:
    """Case 19: the one error stands at the wrong item."""
    # The project's settings name a folder for its tests.
    (churn / "tests").mkdir()
    (churn / "tests/__init__.py").touch()
    edit(churn / "pipelines/churn_regions.py", "epochs=5", 'epochs="5"')
    command = [sys.executable, "-m", "mypy"]
    result = subprocess.run(command, cwd=churn, capture_output=True, text=True, encoding="utf-8", check=False)
    errors = [line for line in result.stdout.splitlines() if ": error: " in line]
    assert len(errors) == 1, result.stdout + result.stderr
    assert 'Argument "epochs" to "Region" has incompatible type "str"' in errors[0]


def test_container_scripts_are_left_alone(tmp_path: Path) -> None:
    """Case 20: no checker that init sets up looks at scripts that run elsewhere."""
    assert smgen("init", "fraud", cwd=tmp_path).code == 0
    text = (tmp_path / "fraud/pyproject.toml").read_text(encoding="utf-8")
    looked_at = [line for line in text.splitlines() if line.startswith(("files = ", "include = "))]
    assert len(looked_at) == 2
    assert not any("contract_specs" in line for line in looked_at)
