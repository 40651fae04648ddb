"""One edit of a project's file, as each case makes it."""

from __future__ import annotations

from pathlib import Path

TRAINING = "contract_specs/churn_train.json"
PIPELINE = "pipelines/churn.py"
SETTINGS = "pyproject.toml"


def edit(file: Path, old: str, new: str) -> None:
    """Replaces a text, which has to be there, once."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
