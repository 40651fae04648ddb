"""Script mode against SDK v2: hyperparameters, archive and the view of the container are those of its estimators.

What the SDK and SageMaker's own training toolkit made is recorded in ``tests/data/script_mode``; how, is said in
``tests/parity/script_mode``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.parity.script_mode.ours import DATA, HERE, compiled, read, recorded

CASES = tuple(read(HERE / "cases.json"))
THEIRS = read(DATA / "sdk2.json")
VIEWS = read(DATA / "views.json")

#: Members of a request in which the two differ on purpose: the SDK turns a debugger and a profiler on unasked, and
#: wants time series of a framework's metrics.
SDKS_OWN = ("DebugHookConfig", "ProfilerConfig")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What smgen makes today."""
    images = {
        name: case["request"]["AlgorithmSpecification"]["TrainingImage"] for name, case in THEIRS["cases"].items()
    }
    return {name: recorded(built) for name, built in compiled(tmp_path_factory.mktemp("ours"), images).items()}


def placed(value: Any) -> Any:
    """The value with the place of the code, which each names in its own way, left open."""
    return json.loads(re.sub(r's3://[^"\\]*/sourcedir\.tar\.gz', "CODE", json.dumps(value)))


def test_the_recordings_are_of_these_cases() -> None:
    assert THEIRS["sagemaker"] == "2.257.7"
    assert VIEWS["sagemaker-training"] == "5.1.4"
    assert sorted(THEIRS["cases"]) == sorted(VIEWS["cases"]) == sorted(CASES)
    assert len(CASES) == 12


@pytest.mark.parametrize("case", CASES)
def test_the_hyperparameters_are_those_of_the_estimator(case: str, ours: dict[str, Any]) -> None:
    theirs = THEIRS["cases"][case]["request"]["HyperParameters"]
    assert "sagemaker_job_name" not in theirs
    assert placed(ours[case]["request"]["HyperParameters"]) == placed(theirs)


@pytest.mark.parametrize("case", CASES)
def test_the_archive_holds_the_same_files(case: str, ours: dict[str, Any]) -> None:
    assert ours[case]["archive"] == THEIRS["cases"][case]["archive"]
    (location,) = ours[case]["uploaded_to"]
    submitted = ours[case]["request"]["HyperParameters"]["sagemaker_submit_directory"]
    in_channel = "/opt/ml/input/data/code/sourcedir.tar.gz"
    assert json.loads(submitted) == (in_channel if case == "network_isolation" else location)


@pytest.mark.parametrize("case", CASES)
def test_the_rest_of_the_request_is_the_same(case: str, ours: dict[str, Any]) -> None:
    mine, theirs = placed(ours[case]["request"]), placed(THEIRS["cases"][case]["request"])
    for name in SDKS_OWN:
        theirs.pop(name, None)
    theirs["AlgorithmSpecification"].pop("EnableSageMakerMetricsTimeSeries", None)
    for channel in mine["InputDataConfig"]:
        if channel["ChannelName"] == "code":
            # Ours is copied before the script starts, whatever the mode of the job; theirs follows the job.
            assert channel.pop("InputMode") == "File"
    assert mine == theirs


@pytest.mark.parametrize("case", CASES)
def test_the_toolkit_finds_the_same_in_the_container(case: str, ours: dict[str, Any]) -> None:
    # The recorded view is of what smgen makes today.
    assert read(DATA / "ours.json")["cases"][case] == ours[case]
    assert placed(VIEWS["cases"][case]["ours"]) == placed(VIEWS["cases"][case]["sdk2"])
    assert VIEWS["cases"][case]["ours"]["entry_point"] == "train.py"
    assert VIEWS["cases"][case]["ours"]["hyperparameters"] == read(HERE / "hyperparameters.json")


def test_two_builds_in_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    images = dict.fromkeys(CASES, "image")
    first, second = (compiled(tmp_path / name, images) for name in ("one", "a/longer/two"))
    for case in CASES:
        assert first[case].definition.document == second[case].definition.document
        assert [asset.content for asset in first[case].assets] == [asset.content for asset in second[case].assets]
