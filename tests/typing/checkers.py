"""Runs mypy and pyright over one file and gives their errors by line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATHS = (ROOT / "codegen", ROOT / "generated")
_MYPY_ERROR = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+)(?::\d+)?: error: (?P<message>.*)$", re.MULTILINE)

Errors = Mapping[int, list[str]]


def mypy_errors(file: Path) -> Errors:
    """The messages of ``mypy --strict`` by line; errors in any other file fail."""
    options = ["--strict", "--config-file=", "--no-error-summary", "--enable-error-code", "truthy-bool"]
    result = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--cache-dir", str(file.parent / ".mypy_cache"), file.name],
        cwd=file.parent,
        env={**os.environ, "MYPYPATH": os.pathsep.join(map(str, PATHS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode in (0, 1), result.stderr
    errors: dict[int, list[str]] = {}
    for found in _MYPY_ERROR.finditer(result.stdout):
        assert found["file"] == file.name, found[0]
        errors.setdefault(int(found["line"]), []).append(found["message"])
    return errors


def pyright_errors(file: Path) -> Errors:
    """The messages of pyright strict by line."""
    settings = {
        "include": [file.name],
        "extraPaths": [str(path) for path in PATHS],
        "typeCheckingMode": "strict",
        "reportUnusedExpression": False,
        "reportUnusedVariable": False,
        "pythonVersion": "3.10",
    }
    (file.parent / "pyrightconfig.json").write_text(json.dumps(settings))
    errors: dict[int, list[str]] = {}
    for item in pyright_report(file.parent)["generalDiagnostics"]:
        if item["severity"] == "error":
            errors.setdefault(item["range"]["start"]["line"] + 1, []).append(item["message"])
    return errors


def pyright_report(folder: Path) -> Any:
    """What pyright says of a folder with a file of settings, as its own JSON."""
    return json.loads(run_pyright(folder, "--outputjson", "--project", ".").stdout)


def run_pyright(folder: Path, *arguments: str, python: Path | str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Pyright over a folder, with what is installed for a Python. Its code is 0 or 1: what it says is its verdict.

    Seen once in CI: node ended without a word and with another code. That is no verdict, so pyright is asked once more.
    """
    command = [sys.executable, "-m", "pyright", "--pythonpath", str(python), *arguments]
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if result.returncode not in (0, 1):
        result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    told = f"pyright ended with {result.returncode}:\n{result.stdout[-2_000:]}\n{result.stderr[-2_000:]}"
    assert result.returncode in (0, 1), told
    return result
