"""Runs in the environment of an SDK: imports its pipelines from the objects themselves.

    PYTHONPATH=codegen python live.py FOLDER

writes ``FOLDER/answers.json``. ``test_sdk_imported.py`` runs it.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
from pathlib import Path
from typing import Any

from smgen.importer import from_sdk, import_pipeline

VERSION = importlib.metadata.version("sagemaker")
MAJOR = VERSION.partition(".")[0]


def main(folder: Path) -> None:
    """Answers for every pipeline: its definition, and what an import makes of it."""
    recording: Any = importlib.import_module("recording")
    recorder: Any = importlib.import_module(f"sdk{MAJOR}_pipelines")
    recording.offline("core.telemetry" if MAJOR == "3" else "telemetry")
    own = recorder.session()
    pipelines: dict[str, Any] = {}
    for name, build in recorder.PIPELINES.items():
        definition = from_sdk(build(own))
        pipeline = import_pipeline(name, {"default": definition})
        pipelines[name] = {
            "file": definition.file,
            "definition": json.loads(recording.timeless(json.dumps(definition.document))),
            "contracts": {contract: document["kind"] for contract, document in pipeline.contracts.items()},
            "findings": [str(finding) for finding in pipeline.findings],
        }
    answers = {"version": VERSION, "pipelines": pipelines}
    (folder / "answers.json").write_text(json.dumps(answers, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
