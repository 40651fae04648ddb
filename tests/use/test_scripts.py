"""Scripts that have left their contracts (cases 01 and 06): found before anything is paid for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import smgen
from tests.use.edits import edit

COMPILE = ("compile", "Churn", "--env", "dev", "-o", "build")
LEFT_BEHIND = """\
contract_specs/prepare/run.py:4:1: error SMG272 unpacked-module: the script imports 'features', which is not packed
  given         contract_specs/prepare/features.py stays behind
  expected      features.py beside the script (contract_specs/churn_prepare.json:16:13, /source)
  fix           write "pack": "folder" in 'source', which packs all of prepare

1 error
"""


def test_the_scripts_of_the_project_keep_their_contracts(churn: Path) -> None:
    result = smgen("validate", cwd=churn)
    assert (result.code, result.err) == (0, "")
    assert smgen(*COMPILE, cwd=churn).code == 0


def test_a_helper_module_that_is_not_packed(churn: Path) -> None:
    """Case 01."""
    edit(churn / "contract_specs/churn_prepare.json", '"pack": "folder", ', "")
    result = smgen("validate", cwd=churn)
    assert (result.code, result.out) == (1, "")
    assert result.err.replace(f"{churn}/", "") == LEFT_BEHIND


RENAMED = (
    "contract_specs/train/train.py:12:12: error SMG274 script-argument: "
    "the script does not take --lr, which its contract sends\n"
    "  given         the contract sends the hyperparameter 'lr' as --lr "
    "(contract_specs/churn_train.json:{line}, /hyperparameters/properties/lr)\n"
    "  expected      --epochs, --hidden-dim, --learning-rate, --model-dir, --optimizer, --train, --use-amp, "
    "--validation\n"
    "  fix           add --lr to the script, or leave it out of the contract\n"
    "\n1 error\n"
)


def test_an_argument_that_was_renamed(churn: Path) -> None:
    """Case 06, its other half."""
    edit(churn / "contract_specs/train/train.py", "--lr", "--learning-rate")
    result = smgen("validate", cwd=churn)
    assert (result.code, result.out) == (1, "")
    assert result.err.replace(f"{churn}/", "") == RENAMED.format(line="22:5")


def test_a_metric_that_was_renamed(churn: Path) -> None:
    edit(churn / "contract_specs/evaluate/evaluate.py", '"auc": 0.9', '"auc_roc": 0.9')
    edit(churn / "contract_specs/train/train.py", "val_auc: 0.9", "valid_auc: 0.9")
    result = smgen("validate", cwd=churn)
    assert (result.code, result.out) == (1, "")
    told = result.err.replace(f"{churn}/", "")
    assert "evaluate.py:3:46: error SMG278 script-report: the script does not write auc into metrics.json\n" in told
    assert (
        "warning SMG279 script-result: the expression of the metric 'val_auc' does not find it "
        "in what the script prints\n"
    ) in told


@pytest.mark.parametrize("command", [("lint", "Churn"), COMPILE])
def test_every_command_tells_the_place_in_the_contract(churn: Path, command: tuple[str, ...]) -> None:
    edit(churn / "contract_specs/train/train.py", "--lr", "--learning-rate")
    result = smgen(*command, cwd=churn)
    told = (result.out + result.err).replace(f"{churn}/", "")
    assert "as --lr (contract_specs/churn_train.json:22:5, /hyperparameters/properties/lr)\n" in told


def test_annotations_have_the_place_in_the_contract(churn: Path) -> None:
    edit(churn / "contract_specs/train/train.py", "val_auc: 0.9", "valid_auc: 0.9")
    result = smgen("lint", "Churn", "--format", "github", cwd=churn)
    assert "::warning file=contract_specs/churn_train.json,line=27,col=26,title=SMG279 script-result::" in result.out
    machine = json.loads(smgen("lint", "Churn", "--format", "json", cwd=churn).out)
    (place,) = [item["place"] for item in machine["findings"] if item["rule"] == "SMG279"]
    assert (place["file"], place["line"]) == ("contract_specs/churn_train.json", 27)


def test_a_script_that_drifted(churn: Path) -> None:
    """Case 06."""
    script = churn / "contract_specs/train/train.py"
    script.write_text(script.read_text(encoding="utf-8") + "def (\n", encoding="utf-8")
    result = smgen("validate", cwd=churn)
    assert result.code == 1
    place = "contract_specs/train/train.py:14:5: error SMG270 script-syntax: the script is no Python\n"
    assert result.err.replace(f"{churn}/", "").startswith(place)
    # Lint says it of the pipeline, so nothing is compiled.
    compiled = smgen(*COMPILE, cwd=churn)
    assert compiled.code == 1
    assert place in compiled.err.replace(f"{churn}/", "")
    assert not (churn / "build").exists()
