"""Finds other Pythons on this machine, for tests that compare what different versions do."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SUPPORTED = ("3.10", "3.11", "3.12", "3.13")


def _candidates(version: str) -> Iterator[Path]:
    found = shutil.which(f"python{version}")
    if found:
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"))


@functools.cache
def find_python(version: str) -> Path | None:
    """Return an interpreter of a version such as ``"3.12"`` that really starts, or None.

    Asked first is the running one, then PATH, then pyenv's folder. A shim of pyenv for a version that is not
    active is on PATH and does not start.
    """
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return Path(sys.executable)
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    for path in _candidates(version):
        answer = subprocess.run([path, "-I", "-c", ask], capture_output=True, text=True, encoding="utf-8", check=False)
        if answer.returncode == 0 and answer.stdout.strip() == version:
            return path
    return None
