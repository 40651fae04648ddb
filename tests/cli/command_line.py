"""Runs the command line for tests: in this process where nothing of a project is imported, else in one of its own."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from smgen.cli import main

# The width that texts of the command line are wrapped at.
TERMINAL = {"COLUMNS": "80"}


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


def smgen(*arguments: str | Path, cwd: Path) -> Result:
    """Run a command in this process, in the folder ``cwd``."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    here = Path.cwd()
    os.chdir(cwd)
    try:
        with (
            mock.patch.dict(os.environ, TERMINAL),
            mock.patch.object(sys, "argv", ["smgen", *(str(one) for one in arguments)]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            main()
    except SystemExit as stop:
        code = stop.code
    finally:
        os.chdir(here)
    assert isinstance(code, int)
    return Result(code, out.getvalue(), err.getvalue())


def smgen_process(*arguments: str | Path, cwd: Path, environment: Mapping[str, str] | None = None) -> Result:
    """Run a command in a process of its own, as a user does."""
    command = [sys.executable, "-m", "smgen", *(str(one) for one in arguments)]
    result = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **TERMINAL, **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Result(result.returncode, result.stdout, result.stderr)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative path, without what tools leave behind."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", ".mypy_cache", ".pytest_cache"} & set(path.parts)
    }
