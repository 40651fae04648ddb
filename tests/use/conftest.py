"""A project of six contracts, written from the documentation by somebody new to it, generated once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import smgen

CASES = Path(__file__).parent / "cases"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("use") / "churn"
    shutil.copytree(CASES / "churn", folder)
    result = smgen("generate", cwd=folder)
    assert (result.code, result.err) == (0, "")
    return folder


@pytest.fixture
def churn(generated: Path, tmp_path: Path) -> Path:
    """A copy of the project with its package."""
    return Path(shutil.copytree(generated, tmp_path / "churn"))
