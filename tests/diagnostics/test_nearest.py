"""The name that somebody probably meant."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from smgen.diagnostics import nearest_name

NAMES = [
    "model_artifacts",
    "training_job_name",
    "training_data",
    "validation_data",
    "test_data",
    "processed_data",
    "evaluation_output",
    "mse",
]


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("model_artifact", "model_artifacts"),  # a letter missing
        ("modell_artifacts", "model_artifacts"),  # a letter too many
        ("model_artofacts", "model_artifacts"),  # a wrong letter
        ("tset_data", "test_data"),  # two neighbours swapped
        ("esm", None),  # another order altogether
        ("Training_Data", "training_data"),  # case
        ("TrainingData", "training_data"),  # camel case
        ("training-data", "training_data"),  # another sign between the words
        ("training data", "training_data"),
        ("trainingdata", "training_data"),  # no sign
        ("data_training", "training_data"),  # words in another order
        ("train", "training_data"),  # the beginning of a word
        ("train_data", "training_data"),
        ("trian", "training_data"),  # the beginning, misspelt
        ("val", "validation_data"),
        ("job_name", "training_job_name"),  # some of the words
        ("artifacts", "model_artifacts"),
        ("output", "evaluation_output"),
        ("training_dataset", "training_data"),
        ("valdation_data", "validation_data"),
        ("mae", "mse"),
        ("learning_rate", None),
        ("hyperparameters", None),
        ("input_data", None),
        ("a", None),
        ("zzz", None),
        ("", None),
        ("*", None),
        ("..", None),
    ],
)
def test_the_nearest_of_a_contracts_names(given_name: str, expected: str | None) -> None:
    assert nearest_name(given_name, NAMES) == expected


@pytest.mark.parametrize(
    ("given_name", "candidates", "expected"),
    [
        ("num_rounds", ["max_depth", "num_round", "num_class"], "num_round"),
        ("Trainning", ["Transform", "Training", "Tuning"], "Training"),
        ("ml.m5.xlage", ["ml.m5.4xlarge", "ml.m5.xlarge", "ml.p3.xlarge"], "ml.m5.xlarge"),
        (
            "ModelArtifact.S3ModelArtifacts",
            ["ModelArtifacts", "ModelArtifacts.S3ModelArtifacts", "TrainingJobName"],
            "ModelArtifacts.S3ModelArtifacts",
        ),
        ("S3Uri", ["S3OutputPath", "s3_uri"], "s3_uri"),
        ("größe", ["grösse", "farbe"], "grösse"),
    ],
)
def test_the_nearest_of_other_names(given_name: str, candidates: list[str], expected: str) -> None:
    assert nearest_name(given_name, candidates) == expected


def test_an_exact_name_wins_over_one_that_differs_in_case() -> None:
    assert nearest_name("Data", ["data", "DATA", "Data"]) == "Data"


def test_of_equally_near_names_the_first_wins() -> None:
    assert nearest_name("data_x", ["data_a", "data_b"]) == "data_a"
    assert nearest_name("data_x", ["data_b", "data_a"]) == "data_b"


def test_no_candidates_no_name() -> None:
    assert nearest_name("training_data", []) is None


def test_huge_names_are_answered_at_once() -> None:
    start = time.perf_counter()
    assert nearest_name("a" * 1_000_000, ["a" * 1_000_000]) is None
    assert nearest_name("abc", ["a" * 1_000_000, "abd"]) == "abd"
    assert time.perf_counter() - start < 1


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_the_answer_is_a_candidate_or_none(name: str, candidates: list[str]) -> None:
    answer = nearest_name(name, candidates)
    assert answer is None or answer in candidates
    assert name not in candidates or answer == name
