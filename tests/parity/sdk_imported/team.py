"""Runs in the environment of an SDK: what ``smgen import --from-sdk`` reads of its pipelines, with their local code.

    PYTHONPATH=codegen python team.py FOLDER

writes ``FOLDER/answers.json``. ``test_sdk_imported.py`` runs it.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
from pathlib import Path
from typing import Any

from smgen.importer import sdk_pipelines

MAJOR = importlib.metadata.version("sagemaker").partition(".")[0]


def pipelines() -> list[Any]:
    """A team's own function: the recorded pipelines, built now."""
    recording: Any = importlib.import_module("recording")
    recorder: Any = importlib.import_module(f"sdk{MAJOR}_pipelines")
    recording.offline("core.telemetry" if MAJOR == "3" else "telemetry")
    own = recorder.session()
    return [build(own) for build in recorder.PIPELINES.values()]


def main(folder: Path) -> None:
    """Answers for every pipeline: its name, and the local code that its objects name."""
    found = sdk_pipelines("team:pipelines")
    # The recorder builds in a copy of its project.
    here = Path.cwd().resolve()
    answers = {
        item.name: sorted(path.relative_to(here).as_posix() for path in item.code if path.is_relative_to(here))
        for item in found
    }
    (folder / "answers.json").write_text(json.dumps(answers, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
