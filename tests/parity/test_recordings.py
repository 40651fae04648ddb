"""What is recorded of the SDKs in ``tests/data`` is what they make today, in environments of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.parity.sdks import ROOT, run

pytestmark = [pytest.mark.sdk, pytest.mark.slow]

#: Each program that records, with the SDK that it runs in, and what it writes below ``tests/data``.
RECORDERS = {
    "sdk_steps.py": (3, "parity/kinds"),
    "sdk_loops.py": (3, "parity/loops"),
    "sdk_tuning.py": (3, "parity/tuning/sdk3.json"),
    "sdk_tuning.py of version 2": (2, "parity/tuning/sdk2.json"),
    "script_mode/sdk2_estimators.py": (2, "script_mode/sdk2.json"),
    "sdk_imported/sdk2_pipelines.py": (2, "parity/imported/sdk2"),
    "sdk_imported/sdk3_pipelines.py": (3, "parity/imported/sdk3"),
}


def contents(path: Path) -> dict[str, str]:
    """The JSON files at a place, by name."""
    files = [path] if path.is_file() else sorted(path.glob("*.json"))
    return {file.name: file.read_text(encoding="utf-8") for file in files}


@pytest.mark.parametrize("recorder", RECORDERS)
def test_the_recording_is_what_the_sdk_makes(recorder: str, tmp_path: Path) -> None:
    major, place = RECORDERS[recorder]
    # The programs write beside themselves, and nothing of the checkout may change.
    shutil.copytree(ROOT / "tests" / "parity", tmp_path / "tests" / "parity")
    for folder in ("parity/kinds", "parity/loops", "parity/tuning", "script_mode"):
        (tmp_path / "tests" / "data" / folder).mkdir(parents=True)
    run(major, tmp_path / "tests" / "parity" / recorder.partition(" ")[0])
    recorded = contents(ROOT / "tests" / "data" / place)
    assert recorded
    assert contents(tmp_path / "tests" / "data" / place) == recorded
