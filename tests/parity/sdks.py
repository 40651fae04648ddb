"""The environments of the two SDKs, in which the tests of this folder run programs; ``make parity`` makes them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
#: The variable that names the interpreter of an SDK, by the SDK's major version.
INTERPRETERS: Final[Mapping[int, str]] = {3: "SMGEN_SDK3_PYTHON", 2: "SMGEN_SDK2_PYTHON"}
VERSIONS: Final[Mapping[int, str]] = {3: "3.27.0", 2: "2.257.7"}
#: Importing the SDK alone takes several seconds.
_LONGEST_RUN: Final = 600


def interpreter(major: int) -> str:
    """The interpreter of an SDK's environment; the test is skipped where none is named."""
    variable = INTERPRETERS[major]
    python = os.environ.get(variable)
    if not python:
        pytest.skip(f"{variable} names no interpreter with sagemaker {VERSIONS[major]}; run 'make parity'")
    return python


def run(major: int, script: Path, *arguments: str, **variables: str) -> None:
    """Runs a program in the environment of an SDK; the test fails with what it wrote where it does."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_"))}
    done = subprocess.run(
        [interpreter(major), str(script), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=_LONGEST_RUN,
        env=environment | {"SAGEMAKER_SUPPRESS_V2_WARNING": "1"} | variables,
    )
    if done.returncode:
        pytest.fail(f"{script.name} with sagemaker {VERSIONS[major]}:\n{done.stdout}\n{done.stderr}", pytrace=False)
