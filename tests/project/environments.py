"""Environments in which smgen is installed as its users install it, far from the checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.project.checkout import CHECKOUT, pyproject


@dataclass(frozen=True, slots=True)
class Home:
    """A virtual environment, a folder to work in, and variables that all of its commands see."""

    python: Path
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    def run(
        self, *command: str, cwd: Path | None = None, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command, with nothing of this process's own environment on its paths.

        One of the environment is found there; pip uses its cache and, for what is not in it, the registry.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY", "VIRTUAL"))}
        bin_ = self.python.parent
        own = bin_ / command[0]
        return subprocess.run(
            [str(own) if own.exists() else command[0], *command[1:]],
            cwd=cwd or self.folder,
            env={
                **kept,
                "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
                "PIP_DISABLE_PIP_VERSION_CHECK": "1",
                "PIP_NO_INPUT": "1",
                "PIP_QUIET": "2",
                **self.variables,
                **(variables or {}),
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def green(self, *command: str, cwd: Path | None = None) -> str:
        """Run a command that must succeed and say nothing on the error stream; return its output."""
        result = self.run(*command, cwd=cwd)
        assert (result.returncode, result.stderr) == (0, ""), f"{command}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def install(self, *requirements: str) -> None:
        """Install what is named, from wherever pip finds it."""
        command = ["pip", "install", "--quiet", *requirements]
        result = self.run(*command)
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"

    def installed(self) -> Mapping[str, str]:
        """What is installed: the versions by name, as the index writes names."""
        listing = json.loads(self.run("pip", "list", "--format", "json", variables={"PIP_QUIET": "0"}).stdout)
        return {one["name"].lower().replace("_", "-"): one["version"] for one in listing}


def prepared(command: list[str], cwd: Path | None = None) -> str:
    """Run a command of the preparation; return its output."""
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def built_wheel(folder: Path) -> Path:
    """The wheel of the checkout, built with the backend that is installed here."""
    prepared([sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(CHECKOUT)])
    (wheel,) = folder.glob("*.whl")
    return wheel


def new_home(root: Path, **variables: str) -> Home:
    """An environment with nothing but pip in it, and an empty folder; ``variables`` are seen by all its commands."""
    prepared([sys.executable, "-m", "venv", str(root / "venv")])
    (root / "elsewhere").mkdir()
    return Home(root / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python", root / "elsewhere", variables)


def constraints(folder: Path, *groups: str) -> str:
    """A file of pip's constraints with the exact versions of these groups of pyproject.toml.

    What is installed is always the same, whatever the commands say.
    """
    lines = [re.sub(r"\[.*?\]", "", one) for group in groups for one in pyproject()["dependency-groups"][group]]
    file = folder / "constraints.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)
