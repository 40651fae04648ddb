"""Every answer of the SDK held against smgen's: the questions and answers are those of ``image_answers.py``."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from smgen.aws import ImageProblem, ImageRequest, image_frameworks, image_table_version, image_uri, image_versions
from smgen.checks.gpu_images import is_cpu_image
from smgen.runtime import read_project

ANSWERS = Path(__file__).parents[1] / "data" / "images" / "answers.json.gz"
REGIONS = ("us-west-2", "eu-central-1", "cn-northwest-1")
MACHINES = ("ml.m5.xlarge", "ml.g5.xlarge")


@cache
def sdk() -> Any:
    return json.loads(gzip.decompress(ANSWERS.read_bytes()))


@cache
def compared() -> list[tuple[dict[str, Any], str | None, str | ImageProblem]]:
    return [(asked, theirs, image_uri(ImageRequest(**asked))) for asked, theirs in sdk()["answers"]]


def is_plain(asked: dict[str, Any]) -> bool:
    """Asked for in one of the three regions, on a CPU or a GPU, with nothing out of the way."""
    rare = {"inference_tool", "training_compiler", "smdistributed", "container_version"}
    return asked.get("instance_type") in MACHINES and not rare & asked.keys()


def test_the_answers_are_of_the_release_of_the_table() -> None:
    assert sdk()["sagemaker_core"] == image_table_version() == "2.27.0"


def test_every_framework_version_region_and_machine_was_asked_for() -> None:
    asked = Counter(
        (question["framework"], question["version"], question["region"], question["instance_type"])
        for question, _, _ in compared()
        if is_plain(question)
    )
    everything = [(name, version) for name in image_frameworks() for version in image_versions(name)]
    assert len(image_frameworks()) == 81
    assert len(everything) == 656
    for name, version in everything:
        for region in REGIONS:
            for machine in MACHINES:
                assert asked[name, version, region, machine] >= 1


def test_no_answer_is_another_one() -> None:
    different = [
        (asked, theirs, ours) for asked, theirs, ours in compared() if isinstance(ours, str) and ours != theirs
    ]
    assert different == []


def test_what_the_sdk_answers_on_cpu_and_gpu_is_answered_here_without_exception() -> None:
    plain = [(theirs, ours) for asked, theirs, ours in compared() if is_plain(asked)]
    assert len(plain) == 16662
    assert sum(theirs is not None for theirs, _ in plain) == 10019
    refused = [theirs for theirs, ours in plain if theirs is not None and isinstance(ours, ImageProblem)]
    assert refused == []


def test_the_rest_is_equal_but_for_two_ways_in_which_the_sdk_ignores_what_was_asked_for() -> None:
    kinds = Counter(
        "same image"
        if isinstance(ours, str)
        else "no image"
        if theirs is None
        else f"refused for the {ours.at}: {asked['framework']}"
        for asked, theirs, ours in compared()
    )
    assert sum(kinds.values()) == 46311
    assert kinds == {
        "same image": 16138,
        "no image": 29520,
        # On Trainium, Inferentia and Graviton, where the SDK knows one version, it takes that one for any other.
        "refused for the version: pytorch": 423,
        "refused for the version: huggingface": 48,
        "refused for the version: sklearn": 22,
        # Where the tag has an end of its own, the SDK drops the one that was asked for.
        "refused for the container_version: huggingface": 160,
    }


def test_a_refused_version_is_one_that_the_sdk_does_not_use() -> None:
    for asked, theirs, ours in compared():
        if theirs is not None and isinstance(ours, ImageProblem) and ours.at == "version":
            assert asked["version"] not in ours.expected
            assert any(version in theirs for version in ours.expected)


def test_the_rule_about_gpus_knows_every_cpu_image_that_has_a_gpu_image_beside_it() -> None:
    by_question: dict[str, dict[str, str]] = {}
    for asked, theirs, _ in compared():
        if is_plain(asked) and theirs is not None:
            others = json.dumps({key: value for key, value in asked.items() if key != "instance_type"}, sort_keys=True)
            by_question.setdefault(others, {})[asked["instance_type"]] = theirs
    pairs = [found for found in by_question.values() if len(set(found.values())) == 2]
    assert len(pairs) == 3522
    for found in pairs:
        assert is_cpu_image(found[MACHINES[0]])
        assert not is_cpu_image(found[MACHINES[1]])


def test_the_images_of_the_example_are_those_of_the_table() -> None:
    project = read_project(Path(__file__).parents[2] / "examples" / "abalone")
    assert list(project.environments) == ["dev", "prod"]
    for environment in project.environments.values():
        for name, framework, version in (("scikit-learn", "sklearn", "1.2-1"), ("xgboost", "xgboost", "1.7-1")):
            request = ImageRequest(framework, version, environment.region, "ml.m5.xlarge", scope="training")
            assert environment.images[name] == image_uri(request)
