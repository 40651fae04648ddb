"""Which modules of a package a pipeline imports, read from the syntax trees of the project's modules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from smgen.source import PackageImports, package_imports


def imports(root: Path, main: str | None, modules: Mapping[str, str] | None = None) -> PackageImports:
    """What ``pipelines/main.py`` imports of ``steps``, beside these other modules."""
    for name, text in {**({} if main is None else {"pipelines/main": main}), **(modules or {})}.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return package_imports(root / "pipelines" / "main.py", (root,), "steps")


@pytest.mark.parametrize(
    "statement",
    [
        "from steps import fitting",
        "from steps import fitting as fit",
        "import steps.fitting",
        "import steps.fitting as fit",
        "from steps.fitting import Config, StepBuilder",
        "def fraud():\n    from steps import fitting",
        "if True:\n    import steps.fitting",
    ],
)
def test_a_module(tmp_path: Path, statement: str) -> None:
    found = imports(tmp_path, statement)
    assert found == PackageImports(frozenset({"fitting"}), frozenset(), everything=False)


def test_the_module_of_all_names(tmp_path: Path) -> None:
    found = imports(tmp_path, "from steps.all import FittingConfig, ScoringProxy")
    assert found == PackageImports(frozenset(), frozenset({"FittingConfig", "ScoringProxy"}), everything=False)


@pytest.mark.parametrize("statement", ["from steps.all import *", "import steps.all", "from steps import all"])
def test_everything(tmp_path: Path, statement: str) -> None:
    assert imports(tmp_path, statement).everything


def test_modules_of_the_project_are_followed(tmp_path: Path) -> None:
    modules = {
        "pipelines/shared": "from steps import fitting\nimport main",
        "team/__init__": "",
        "team/parts/__init__": "from . import other",
        "team/parts/part": "from steps import scoring\nfrom ..beside import *",
        "team/parts/other": "from steps import loading",
        "team/beside": "from steps import packing",
        "team/unused": "from steps import never",
    }
    found = imports(tmp_path, "import shared\nfrom team.parts import part\nimport json, smgen.runtime", modules)
    assert found.modules == {"fitting", "scoring", "loading", "packing"}


@pytest.mark.parametrize("text", ["print(", "x = '\0'", "# coding: nothing\n", "(" * 5000])
def test_what_is_no_python_imports_nothing(tmp_path: Path, text: str) -> None:
    assert imports(tmp_path, text) == PackageImports(frozenset(), frozenset(), everything=False)


def test_a_file_that_is_not_there_imports_nothing(tmp_path: Path) -> None:
    assert imports(tmp_path, None).modules == frozenset()
