"""Real kills: a process that SIGKILL ends while a command writes leaves old or new, as the next run finds it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import TERMINAL, smgen, tree
from tests.cli.faults import Stage, sampled
from tests.cli.writing_commands import CASES, Case
from tests.project.checkout import CHECKOUT

PROGRAM = """
import os, sys
from tests.cli.faults import changes_something
left = int(sys.argv.pop(1))

def hook(event, arguments):
    global left
    if changes_something(event, arguments):
        left -= 1
        if not left:
            os.kill(os.getpid(), 9)

from smgen.cli.main import main
sys.addaudithook(hook)
main()
"""
#: Kills of each command; together they are fifty. `make fuzz` does them all, `make test` some of each.
KILLS = {"import": 5, "compile again": 5}
SOME = 4
ALL = os.environ.get("SMGEN_KILLS") == "all"


def killed(at: int, *arguments: str, cwd: Path, temporary: Path) -> bool:
    """Run a command that is killed at its so many-th change; whether it was."""
    command = [sys.executable, "-c", PROGRAM, str(at), *arguments]
    environment = {**os.environ, **TERMINAL, "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def test_there_are_fifty() -> None:
    assert sum(KILLS.get(case.name, SOME) for case in CASES) == 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_killed_run(case: Case, tmp_path: Path) -> None:
    stage = Stage(case, tmp_path)
    count = sum(change not in ("fsync", "exchange") for change in stage.changes)
    kills = KILLS.get(case.name, SOME)
    for at in sampled(count, kills if ALL else kills // 2, shift=3):
        stage.reset()
        assert killed(at, *case.arguments, cwd=stage.work, temporary=stage.temporary)
        stage.check_end(finish=at % 2 == 0)


def test_what_reads_a_project_finishes_it_first(tmp_path: Path) -> None:
    """A command that only reads sees no half of a project."""
    stage = Stage(CASES[0], tmp_path)
    renames = [number for number, change in enumerate(stage.changes, 1) if change == "os.rename"]
    stage.reset()
    # The first one is that of the journal; here some of the files have their places.
    middle = renames[max(1, len(renames) // 2)]
    before = sum(change == "fsync" for change in stage.changes[:middle])
    assert killed(middle - before, *stage.case.arguments, cwd=stage.work, temporary=stage.temporary)
    assert tree(stage.work) != stage.new
    result = smgen("validate", cwd=stage.work / "p")
    assert result.code == 0, result.err
    assert tree(stage.work) == stage.new
