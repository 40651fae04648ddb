"""Evaluates an XGBoost model on test data and writes metrics in the form that the model registry shows.

Runs in a processing job on the XGBoost image; it needs Python 3.7 or newer, numpy and xgboost. Options come from the
command line, else from environment variables of the same names.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import math
import os
import pickle
import random
import statistics
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    class Predictions(Protocol):
        """What a booster gives: a numpy array with one score per row, or one row of scores per row."""

        def tolist(self) -> list[float] | list[list[float]]:
            """The array as lists."""
            ...

    class Booster(Protocol):
        """The part of ``xgboost.Booster`` that is used; the package has no types."""

        def load_model(self, fname: str) -> None:
            """Read a model file that xgboost wrote."""
            ...

        def predict(self, data: object) -> Predictions:
            """The scores of a ``DMatrix``."""
            ...


MODEL_FOLDER = "/opt/ml/processing/model"
TEST_FOLDER = "/opt/ml/processing/test"
OUTPUT_FOLDER = "/opt/ml/processing/evaluation"

TASKS = ("regression", "binary_classification", "multiclass_classification")

#: How the built-in algorithm names its model; cross-validation leaves several, with a number behind the name.
MODEL_FILE = "xgboost-model"

#: What every pickle begins with. The algorithm's containers before 1.3 pickle the model, newer ones let xgboost write.
_PICKLE = b"\x80"

#: Standard deviations are over so many samples of this share of the rows.
SAMPLES = 5
SAMPLE_SHARE = 0.8


class InputError(Exception):
    """The input or an option is wrong; the text says what, where and what to do."""


def read_test_data(folder: Path) -> tuple[list[float], list[list[float]]]:
    """Labels and features of CSV files without a header, the label first; an empty feature is not a number."""
    labels: list[float] = []
    features: list[list[float]] = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(part[0] in "._" for part in path.relative_to(folder).parts):
            continue
        with path.open(encoding="utf-8", newline="") as text:
            reader = csv.reader(text)
            for row in reader:
                if not row:
                    continue
                try:
                    numbers = [float(value) if value.strip() else math.nan for value in row]
                except ValueError as error:
                    raise InputError(f"{path.name}:{reader.line_num}: {error}; the data have no header") from error
                if not math.isfinite(numbers[0]):
                    raise InputError(f"{path.name}:{reader.line_num}: the row has no label in its first column")
                if features and len(numbers) - 1 != len(features[0]):
                    raise InputError(f"{path.name}:{reader.line_num}: the row has another length than the first row")
                labels.append(numbers[0])
                features.append(numbers[1:])
    if not labels:
        raise InputError(f"there is no row in {folder}")
    return labels, features


def model_files(folder: Path, workspace: Path) -> list[Path]:
    """The model files in a folder, or in the archive ``model.tar.gz`` there, which are copied to ``workspace``."""
    archive = folder / "model.tar.gz"
    found: list[Path] = []
    if not archive.is_file():
        found += [path for path in folder.rglob("*") if path.is_file() and path.name.startswith(MODEL_FILE)]
    else:
        with tarfile.open(archive, "r:gz") as members:
            for member in members:
                name = PurePosixPath(member.name).name
                content = members.extractfile(member) if member.isfile() and name.startswith(MODEL_FILE) else None
                if content is not None:
                    # Only the last part of the name is used, so a member cannot leave the workspace.
                    (workspace / name).write_bytes(content.read())
                    found.append(workspace / name)
    if not found:
        raise InputError(f"there is no {MODEL_FILE} in {archive if archive.is_file() else folder}")
    return sorted(found)


def load_booster(path: Path) -> Booster:
    """The model in a file. A pickled one runs code while it is read: it has to come from one's own training."""
    with path.open("rb") as content:
        if content.read(1) == _PICKLE:
            content.seek(0)
            unpickled: Booster = pickle.load(content)
            return unpickled
    booster: Booster = importlib.import_module("xgboost").Booster()
    booster.load_model(str(path))
    return booster


def predict(paths: Sequence[Path], features: Sequence[Sequence[float]]) -> list[list[float]]:
    """The scores of each row, the mean over all models; one score, or one per class."""
    array: object = importlib.import_module("numpy").array(features, dtype="float32")
    matrix: object = importlib.import_module("xgboost").DMatrix(array)
    total: list[list[float]] = []
    for path in paths:
        given = load_booster(path).predict(matrix).tolist()
        scores: list[list[float]] = [row if isinstance(row, list) else [row] for row in given]
        total = [_sums(row, scores[index]) for index, row in enumerate(total)] if total else scores
    return [[score / len(paths) for score in row] for row in total]


def _sums(left: Sequence[float], right: Sequence[float]) -> list[float]:
    return [value + right[index] for index, value in enumerate(left)]


def regression_metrics(labels: Sequence[float], predictions: Sequence[float]) -> dict[str, float]:
    """Mean squared and absolute errors and the coefficient of determination.

    For labels that are all equal that coefficient is 1 where every prediction is right, else 0.
    """
    count = len(labels)
    errors = [predictions[index] - label for index, label in enumerate(labels)]
    squares = math.fsum(error * error for error in errors)
    mean = math.fsum(labels) / count
    spread = math.fsum((label - mean) * (label - mean) for label in labels)
    r2 = 1.0 - squares / spread if spread else float(not squares)
    return {
        "mse": squares / count,
        "rmse": math.sqrt(squares / count),
        "mae": math.fsum(abs(error) for error in errors) / count,
        "r2": r2,
    }


def area_under_curve(labels: Sequence[float], scores: Sequence[float]) -> float | None:
    """The probability that a positive row has a higher score than a negative one; None without one of the classes."""
    order = sorted(range(len(scores)), key=lambda index: scores[index])
    positives = sum(1 for label in labels if label == 1.0)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    ranks = 0.0
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        # Rows with the same score share the mean of their ranks, which count from 1.
        mean_rank = (start + 1 + end) / 2
        ranks += mean_rank * sum(1 for index in order[start:end] if labels[index] == 1.0)
        start = end
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def binary_metrics(labels: Sequence[float], scores: Sequence[float], threshold: float) -> dict[str, float]:
    """Metrics for the labels 0 and 1; ``auc`` is left out where a class has no row."""
    decided = [score >= threshold for score in scores]
    true_positives = sum(1 for index, label in enumerate(labels) if label == 1.0 and decided[index])
    right = sum(1 for index, label in enumerate(labels) if (label == 1.0) == decided[index])
    precision = _ratio(true_positives, sum(decided))
    recall = _ratio(true_positives, sum(1 for label in labels if label == 1.0))
    metrics = {"accuracy": right / len(labels)}
    auc = area_under_curve(labels, scores)
    if auc is not None:
        metrics["auc"] = auc
    return {**metrics, "precision": precision, "recall": recall, "f1": _harmonic(precision, recall)}


def multiclass_metrics(labels: Sequence[float], decided: Sequence[float]) -> dict[str, float]:
    """Accuracy, and means over the classes that are weighted by the rows of each."""
    count = len(labels)
    sums = {"weighted_precision": 0.0, "weighted_recall": 0.0, "weighted_f1": 0.0}
    right = 0
    for label in sorted(set(labels)):
        rows = sum(1 for other in labels if other == label)
        hits = sum(1 for index, other in enumerate(labels) if other == label == decided[index])
        precision = _ratio(hits, sum(1 for other in decided if other == label))
        recall = _ratio(hits, rows)
        right += hits
        sums["weighted_precision"] += precision * rows / count
        sums["weighted_recall"] += recall * rows / count
        sums["weighted_f1"] += _harmonic(precision, recall) * rows / count
    return {"accuracy": right / count, **sums}


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _harmonic(left: float, right: float) -> float:
    return 2 * left * right / (left + right) if left + right else 0.0


def with_deviations(
    count: int, measure: Callable[[Sequence[int]], dict[str, float]], seed: int
) -> dict[str, dict[str, float]]:
    """Each metric over all rows, with its standard deviation over random samples of them.

    ``measure`` gives the metrics of the rows with these indices. A metric that fewer than two samples have gets 0.
    Raises InputError for a metric that is no finite number, which JSON could not hold.
    """
    chooser = random.Random(seed)
    size = max(1, int(SAMPLE_SHARE * count))
    samples = [measure(chooser.sample(range(count), size)) for _ in range(SAMPLES)]
    report: dict[str, dict[str, float]] = {}
    for name, value in measure(range(count)).items():
        values = [sample[name] for sample in samples if name in sample]
        if not all(math.isfinite(number) for number in (value, *values)):
            raise InputError(f"the metric {name} is no finite number: labels or predictions are too large or none")
        deviation = statistics.stdev(values) if len(values) > 1 else 0.0
        report[name] = {"value": value, "standard_deviation": deviation}
    return report


def evaluate(
    task: str, labels: Sequence[float], scores: Sequence[Sequence[float]], threshold: float, seed: int
) -> dict[str, dict[str, dict[str, float]]]:
    """The report: the one group of metrics that belongs to the task, as the contract's schema has it.

    Raises InputError where labels or scores do not fit the task.
    """
    if task == "multiclass_classification":
        # One score is a class, several are the probabilities of the classes.
        decided = [float(row.index(max(row))) if len(row) > 1 else row[0] for row in scores]

        def multiclass(rows: Sequence[int]) -> dict[str, float]:
            return multiclass_metrics(_at(labels, rows), _at(decided, rows))

        return {"multiclass_classification_metrics": with_deviations(len(labels), multiclass, seed)}
    most = 1 if task == "regression" else 2
    if len(scores[0]) > most:
        raise InputError(f"the model gives {len(scores[0])} scores per row, which is too many for a {task}: set TASK")
    last = [row[-1] for row in scores]
    if task == "regression":

        def regression(rows: Sequence[int]) -> dict[str, float]:
            return regression_metrics(_at(labels, rows), _at(last, rows))

        return {"regression_metrics": with_deviations(len(labels), regression, seed)}
    if set(labels) != {0.0, 1.0}:
        raise InputError("two classes have the labels 0 and 1, and the test data need rows of both")

    def binary(rows: Sequence[int]) -> dict[str, float]:
        return binary_metrics(_at(labels, rows), _at(last, rows), threshold)

    return {"binary_classification_metrics": with_deviations(len(labels), binary, seed)}


def _at(values: Sequence[float], rows: Sequence[int]) -> list[float]:
    return [values[index] for index in rows]


def write_report(folder: Path, report: Mapping[str, object]) -> None:
    """Write ``evaluation.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=2, allow_nan=False)
    (folder / "evaluation.json").write_text(text + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run the script; 0 when it is done, 1 when the input is wrong, 2 for a wrong option."""
    parser = argparse.ArgumentParser(description="Evaluates an XGBoost model on test data.")
    parser.add_argument("--model-folder", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--test-folder", type=Path, default=TEST_FOLDER)
    parser.add_argument("--output-folder", type=Path, default=OUTPUT_FOLDER)
    parser.add_argument("--task", default=environment.get("TASK", "regression"))
    parser.add_argument("--decision-threshold", type=float, default=environment.get("DECISION_THRESHOLD", "0.5"))
    parser.add_argument("--random-seed", type=int, default=environment.get("RANDOM_SEED", "0"))
    given = parser.parse_args(arguments)
    if given.task not in TASKS:
        parser.error(f"TASK is {given.task!r}; there are {', '.join(TASKS)}")
    try:
        labels, features = read_test_data(given.test_folder)
        with tempfile.TemporaryDirectory() as workspace:
            scores = predict(model_files(given.model_folder, Path(workspace)), features)
        report = evaluate(given.task, labels, scores, given.decision_threshold, given.random_seed)
        write_report(given.output_folder, report)
    except (InputError, OSError, UnicodeDecodeError, csv.Error, tarfile.TarError) as error:
        print(f"evaluation: {error}", file=sys.stderr)
        return 1
    print(f"evaluation: {len(labels)} rows, {json.dumps(report)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
