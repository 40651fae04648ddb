"""``make demo`` does what it says, on any machine, without credentials."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.typecheck
def test_the_demo_runs_to_its_end() -> None:
    result = subprocess.run(
        [sys.executable, "examples/abalone/demo.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    # A terminal of 80 columns shows every line as it is.
    assert [line for line in result.stdout.splitlines() if len(line) > 80] == []
    out = " ".join(result.stdout.split())
    # The first part generates something, and shows it.
    assert "generated/smgen_steps: 28 contracts, 61 written, 0 removed, 0 unchanged." in out
    assert "class XGBoostTrainingProxy: model_artifacts -> Output[ModelArtifacts]" in out
    assert "8 mistakes, each one edit away from the right pipeline. mypy and pyright find every one." in out
    assert "AbalonePipeline for dev: 8 steps, 6 parameters, 2 assets." in result.stdout
    assert "AbalonePipeline for prod: 8 steps, 6 parameters, 2 assets." in result.stdout
    assert "8 ports, none guessed. The definition is, byte for byte, that of the references written out." in out
    assert "What is deployed is the definition that was compiled" in out
