"""The code in the README is real: it type-checks, builds, and the errors it quotes are those that mypy says."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from smgen.runtime import Environment, FluentPipelineBuilder
from tests.typing.checkers import ROOT, mypy_errors, pyright_errors

README = (ROOT / "README.md").read_text()


def block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, language
    return str(found[0])


def test_the_example_builds() -> None:
    namespace: dict[str, object] = {}
    exec(compile(block("python"), "README.md", "exec"), namespace)
    fraud = cast("Callable[[FluentPipelineBuilder, Environment], None]", namespace["fraud"])
    environment = Environment(
        "dev",
        role="arn:aws:iam::111122223333:role/Fraud",
        bucket="fraud-dev",
        images={"xgboost": "xgboost:1.7-1", "scikit-learn": "scikit-learn:1.2-1"},
        model_package_groups={"fraud": "fraud-models"},
    )
    builder = FluentPipelineBuilder("Fraud", environment)

    fraud(builder, environment)

    steps = [(step.name, step.type) for step in builder.build().definition.all_steps()]
    assert steps == [
        ("Preprocess", "Processing"),
        ("Train", "Training"),
        ("Evaluate", "Processing"),
        ("Gate", "Condition"),
        ("Register", "RegisterModel"),
        ("TooWeak", "Fail"),
    ]


@pytest.mark.typecheck
def test_the_example_type_checks(tmp_path: Path) -> None:
    file = tmp_path / "fraud.py"
    file.write_text(block("python"))

    assert mypy_errors(file) == {}
    assert pyright_errors(file) == {}


@pytest.mark.typecheck
def test_the_quoted_errors_are_real(tmp_path: Path) -> None:
    wrong = block("python").replace("preprocessing.test_data", "preprocessing.tset_data")
    wrong = wrong.replace("=preprocessing.processed_data", "=preprocessing.validation_data")
    file = tmp_path / "fraud.py"
    file.write_text(wrong)

    said = [re.sub(r"  \[[a-z-]+\]$", "", message) for messages in mypy_errors(file).values() for message in messages]
    quoted = re.findall(r"^error: (.*(?:\n +.*)*)", block("text"), re.MULTILINE)

    assert sorted(said) == sorted(" ".join(textwrap.dedent(text).split()) for text in quoted)
