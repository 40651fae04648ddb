"""Temporary folders: gone with the block, or with the next run where one was killed; those of others stay."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from smgen.documents import working_folder

KILLED = """
import os, signal
from smgen.documents import working_folder
with working_folder() as folder:
    (folder / "pyproject.toml").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""
WAITING = """
import sys
from smgen.documents import working_folder
with working_folder() as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_it_goes_with_the_block(base: Path) -> None:
    with working_folder() as folder:
        assert folder.is_relative_to(base)
        assert list(folder.iterdir()) == []
        (folder / "a").mkdir()
    with pytest.raises(KeyboardInterrupt), working_folder():
        raise KeyboardInterrupt
    assert list(base.iterdir()) == []


def test_that_of_a_killed_run_goes_with_the_next(base: Path) -> None:
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", KILLED], check=False).returncode < 0
    assert len(list(base.iterdir())) == 1, "the second run has found the first one's folder"
    with working_folder():
        assert len(list(base.iterdir())) == 1
    assert list(base.iterdir()) == []


def test_that_of_a_run_that_lives_stays(base: Path) -> None:
    command = [sys.executable, "-c", WAITING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        other = Path(process.stdout.readline().strip())
        with working_folder(), working_folder():
            assert len(list(base.iterdir())) == 3
        assert other.is_dir()
        process.communicate()
    assert list(base.iterdir()) == []


def test_what_somebody_else_put_there_stays(base: Path) -> None:
    outside = base / "outside"
    outside.mkdir()
    (base / ".smgen-work-abcdefgh").symlink_to(outside)
    (base / ".smgen-work-12345678").touch()
    (base / ".smgen-work-other-one").mkdir()
    before = sorted(path.name for path in base.rglob("*"))
    with working_folder():
        pass
    assert sorted(path.name for path in base.rglob("*")) == before


def test_a_folder_that_cannot_be_listed_is_no_reason_to_stop(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_path: object) -> object:
        raise PermissionError

    monkeypatch.setattr(os, "scandir", refused)
    with working_folder() as folder:
        monkeypatch.undo()
        assert folder.is_dir()
    assert list(base.iterdir()) == []
