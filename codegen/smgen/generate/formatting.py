"""Formats all generated modules with one call of ruff; of each version in smgen's range the bytes are the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Final

from smgen.distribution import need
from smgen.documents import working_folder

LINE_LENGTH: Final = 120
TARGET_VERSION: Final = "py310"

#: No setting, ignore file or cache from outside, wherever the folder for temporary files is.
_ISOLATED: Final = ("--isolated", "--no-cache", "--no-respect-gitignore", "--config", "exclude = []")


def format_sources(sources: Mapping[str, str]) -> dict[str, str]:
    """The modules formatted, by their paths; one process however many there are, and no settings from outside.

    Raises MissingExtraError where there is no ruff, and RuntimeError with ruff's words if a module cannot be parsed:
    that is a defect of smgen.
    """
    if not sources:
        return {}
    need("generate")
    with working_folder() as folder:
        root = folder / "package"
        for path, source in sources.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.encode())
        # Python looks for modules where it is started: not among the generated ones, which may have any name.
        start = folder / "start"
        start.mkdir()
        options = [*_ISOLATED, "--target-version", TARGET_VERSION, "--line-length", str(LINE_LENGTH)]
        result = subprocess.run(
            [sys.executable, "-m", "ruff", "format", *options, str(root)],
            cwd=start,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if result.returncode != 0:
            raise RuntimeError(f"ruff could not format what smgen generated:\n{result.stderr}")
        return {path: (root / path).read_bytes().decode() for path in sources}
