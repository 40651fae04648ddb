"""Runs mypy and pyright once over a folder of pipelines, with the settings of `smgen init`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.typing.checkers import PATHS, pyright_report

_MYPY: Final = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): (?P<said>(?:error|note): .*)")


@dataclass(frozen=True)
class Said:
    """One message of a type checker: the line, and the text as the checker writes it."""

    line: int
    text: str


Messages = Mapping[str, tuple[Said, ...]]


def mypy_messages(folder: Path, generated: Path) -> Messages:
    """What ``mypy --strict`` says, errors and notes, by the name of the file."""
    files = sorted(path.name for path in folder.glob("*.py"))
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "--python-version",
            "3.10",
            "--no-error-summary",
            *files,
        ],
        cwd=folder,
        env={**os.environ, "MYPYPATH": os.pathsep.join(map(str, (*PATHS, generated)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode in (0, 1), result.stdout + result.stderr
    found: dict[str, list[Said]] = {name: [] for name in files}
    for line in result.stdout.splitlines():
        match = _MYPY.fullmatch(line)
        assert match is not None, line
        found[match["file"]].append(Said(int(match["line"]), match["said"]))
    return {name: tuple(said) for name, said in found.items()}


def pyright_messages(folder: Path, generated: Path) -> Messages:
    """What pyright says in strict mode, the first line of each message with its rule, by the name of the file."""
    settings = {
        "include": ["*.py"],
        "extraPaths": [str(path) for path in (*PATHS, generated)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    found: dict[str, list[Said]] = {path.name: [] for path in sorted(folder.glob("*.py"))}
    for item in pyright_report(folder)["generalDiagnostics"]:
        text = f"{item['severity']}: {item['message'].splitlines()[0]} ({item['rule']})"
        found[Path(item["file"]).name].append(Said(item["range"]["start"]["line"] + 1, text))
    return {name: tuple(said) for name, said in found.items()}
