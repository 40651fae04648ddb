"""Derives hyperparameters from training data and writes them as JSON, with the facts that they follow from.

Runs in a processing job; it needs Python 3.7 or newer and nothing else. Options come from the command line, else from
environment variables of the same names.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

INPUT_FOLDER = "/opt/ml/processing/training_data"
BASE_FOLDER = "/opt/ml/processing/base"
OUTPUT_FOLDER = "/opt/ml/processing/hyperparameters"

TASKS = ("regression", "binary_classification", "multiclass_classification")

_OBJECTIVES = {
    "regression": ("reg:squarederror", "rmse"),
    "binary_classification": ("binary:logistic", "auc"),
    "multiclass_classification": ("multi:softprob", "mlogloss"),
}


class InputError(Exception):
    """The input or an option is wrong; the text says what, where and what to do."""


@dataclass(frozen=True)
class Labels:
    """The labels of the training data: rows by label, and how many features stand beside each."""

    counts: Mapping[float, int]
    feature_count: int

    @property
    def row_count(self) -> int:
        """All rows."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        """The mean of the labels."""
        return math.fsum(label * count for label, count in self.counts.items()) / self.row_count


def data_files(folder: Path) -> list[Path]:
    """The file itself, or every file below the folder, sorted; names that start with ``.`` or ``_`` are left out."""
    if folder.is_file():
        return [folder]
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part[0] in "._" for part in path.relative_to(folder).parts)
    ]


def _rows(files: Sequence[Path]) -> Iterator[tuple[str, list[str]]]:
    for path in files:
        with path.open(encoding="utf-8", newline="") as text:
            reader = csv.reader(text)
            for row in reader:
                if row:
                    yield f"{path.name}:{reader.line_num}", row


def read_labels(folder: Path) -> Labels:
    """The labels, which stand in the first column of CSV files without a header."""
    counts: dict[float, int] = {}
    feature_count = -1
    for place, row in _rows(data_files(folder)):
        try:
            label = float(row[0])
        except ValueError:
            label = math.nan
        if not math.isfinite(label):
            raise InputError(f"{place}: the label {row[0]!r} is no number; the data have no header and the label first")
        if feature_count not in (-1, len(row) - 1):
            raise InputError(f"{place}: the row has {len(row)} values, the rows before {feature_count + 1}")
        feature_count = len(row) - 1
        counts[label] = counts.get(label, 0) + 1
    if not counts:
        raise InputError(f"there is no row in {folder}")
    return Labels(counts, feature_count)


def derive(task: str, labels: Labels) -> dict[str, JsonValue]:
    """The hyperparameters for a task, all of them, with neutral values where the task has no use for one."""
    objective, metric = _OBJECTIVES[task]
    values = sorted(labels.counts)
    num_class = 1
    scale_pos_weight = 1.0
    base_score = max(labels.mean, 0.0)
    if task == "binary_classification":
        if values != [0.0, 1.0]:
            raise InputError(f"two classes have the labels 0 and 1, these are {_some(values)}")
        scale_pos_weight = labels.counts[0.0] / labels.counts[1.0]
    elif task == "multiclass_classification":
        if values[0] < 0 or any(not value.is_integer() for value in values):
            raise InputError(f"classes are numbered from 0, these labels are {_some(values)}")
        num_class = int(values[-1]) + 1
        base_score = 0.5
    return {
        "objective": objective,
        "eval_metric": metric,
        "num_class": num_class,
        "scale_pos_weight": scale_pos_weight,
        "base_score": base_score,
    }


def _some(values: Sequence[float]) -> str:
    shown = ", ".join(f"{value:g}" for value in values[:5])
    return f"{shown} and {len(values) - 5} more" if len(values) > 5 else shown


def read_base(folder: Path) -> dict[str, JsonValue]:
    """The member ``hyperparameters`` of every JSON file in the folder, the last one winning; none without a folder."""
    merged: dict[str, JsonValue] = {}
    for path in data_files(folder) if folder.exists() else []:
        if path.suffix != ".json":
            continue
        try:
            document: JsonValue = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(f"{path.name} is no JSON: {error}") from error
        values = document.get("hyperparameters") if isinstance(document, dict) else None
        if not isinstance(values, dict):
            raise InputError(f"{path.name} has no object 'hyperparameters'")
        merged.update(values)
    return merged


def prepare(task: str, labels: Labels, base: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The report as the contract's schema has it; values of ``base`` win over derived ones of the same type."""
    derived = derive(task, labels)
    for name, value in base.items():
        wanted = derived.get(name)
        # A later step reads these as typed values, so a file may not change what they are.
        numbers = isinstance(wanted, float) and isinstance(value, int) and not isinstance(value, bool)
        if name in derived and type(value) is not type(wanted) and not numbers:
            raise InputError(f"the base hyperparameter {name} is {value!r}, and {type(wanted).__name__} is expected")
    return {
        "data": {
            "row_count": labels.row_count,
            "feature_count": labels.feature_count,
            "class_count": 0 if task == "regression" else len(labels.counts),
            "label_mean": labels.mean,
        },
        "hyperparameters": {**derived, **base},
    }


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run the script; 0 when it is done, 1 when the input is wrong, 2 for a wrong option."""
    parser = argparse.ArgumentParser(description="Derives hyperparameters from training data.")
    parser.add_argument("--input-folder", type=Path, default=INPUT_FOLDER)
    parser.add_argument("--base-folder", type=Path, default=BASE_FOLDER)
    parser.add_argument("--output-folder", type=Path, default=OUTPUT_FOLDER)
    task = environment.get("TASK")
    parser.add_argument("--task", default=task, required=task is None)
    given = parser.parse_args(arguments)
    if given.task not in TASKS:
        parser.error(f"TASK is {given.task!r}; there are {', '.join(TASKS)}")
    output: Path = given.output_folder
    try:
        report = prepare(given.task, read_labels(given.input_folder), read_base(given.base_folder))
        output.mkdir(parents=True, exist_ok=True)
        text = json.dumps(report, ensure_ascii=False, indent=2)
        (output / "hyperparameters.json").write_text(text + "\n", encoding="utf-8")
    except (InputError, OSError, UnicodeDecodeError, csv.Error) as error:
        print(f"prepare_hyperparameters: {error}", file=sys.stderr)
        return 1
    print(f"prepare_hyperparameters: {json.dumps(report['hyperparameters'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
