"""Hyperparameters that follow from training data."""

import json
from pathlib import Path

import pytest

from contract_specs.scripts.hyperparameter_prep import prepare_hyperparameters
from smgen.documents import JsonValue
from tests.library.script_runs import Rows, read_json, schema_problem, write_csv


def run(tmp_path: Path, rows: Rows, task: str) -> int:
    write_csv(tmp_path / "in" / "train.csv", rows)
    folders = (("input", "in"), ("base", "base"), ("output", "out"))
    return prepare_hyperparameters.main(
        [f"--{name}-folder={tmp_path / folder}" for name, folder in folders], {"TASK": task}
    )


def report(tmp_path: Path) -> JsonValue:
    written = read_json(tmp_path / "out" / "hyperparameters.json")
    assert schema_problem("HyperparameterPrep", "hyperparameters", "prepared", written) is None
    return written


def test_regression(tmp_path: Path) -> None:
    assert run(tmp_path, [[1.5, 2, 3], [4.5, 5, 6]], "regression") == 0
    assert report(tmp_path) == {
        "data": {"row_count": 2, "feature_count": 2, "class_count": 0, "label_mean": 3.0},
        "hyperparameters": {
            "objective": "reg:squarederror",
            "eval_metric": "rmse",
            "num_class": 1,
            "scale_pos_weight": 1.0,
            "base_score": 3.0,
        },
    }


def test_two_classes(tmp_path: Path) -> None:
    assert run(tmp_path, [[0, 2], [0, 3], [0, 4], [1, 5]], "binary_classification") == 0
    assert report(tmp_path) == {
        "data": {"row_count": 4, "feature_count": 1, "class_count": 2, "label_mean": 0.25},
        "hyperparameters": {
            "objective": "binary:logistic",
            "eval_metric": "auc",
            "num_class": 1,
            "scale_pos_weight": 3.0,
            "base_score": 0.25,
        },
    }


def test_more_classes(tmp_path: Path) -> None:
    assert run(tmp_path, [[0, 2], [3, 3], [1, 4]], "multiclass_classification") == 0
    written = report(tmp_path)
    assert isinstance(written, dict)
    assert written["hyperparameters"] == {
        "objective": "multi:softprob",
        "eval_metric": "mlogloss",
        "num_class": 4,
        "scale_pos_weight": 1.0,
        "base_score": 0.5,
    }


def test_the_first_prediction_is_never_negative(tmp_path: Path) -> None:
    # The container of the algorithm refuses a negative base_score.
    assert run(tmp_path, [[-4, 1], [-2, 1]], "regression") == 0
    written = report(tmp_path)
    assert isinstance(written, dict)
    assert isinstance(written["hyperparameters"], dict)
    assert written["hyperparameters"]["base_score"] == 0.0


def test_values_of_a_base_file_win_and_others_stand_beside(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    base = {"hyperparameters": {"objective": "reg:tweedie", "base_score": 1, "eta": 0.2}}
    (tmp_path / "base" / "hyperparameters.json").write_text(json.dumps(base), encoding="utf-8")
    assert run(tmp_path, [[1, 2]], "regression") == 0
    written = report(tmp_path)
    assert isinstance(written, dict)
    assert written["hyperparameters"] == {
        "objective": "reg:tweedie",
        "eval_metric": "rmse",
        "num_class": 1,
        "scale_pos_weight": 1.0,
        "base_score": 1,
        "eta": 0.2,
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "base.json is no JSON"),
        ("[]", "base.json has no object 'hyperparameters'"),
        ('{"hyperparameters": {"num_class": "3"}}', "num_class is '3', and int is expected"),
        ('{"hyperparameters": {"base_score": true}}', "base_score is True, and float is expected"),
    ],
)
def test_a_wrong_base_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, message: str) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "base.json").write_text(content, encoding="utf-8")
    assert run(tmp_path, [[1, 2]], "regression") == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "task", "message"),
    [
        ([["label", "x"], [1, 2]], "regression", "train.csv:1: the label 'label' is no number"),
        ([["nan", 2]], "regression", "train.csv:1: the label 'nan' is no number"),
        ([[1, 2], [1]], "regression", "train.csv:2: the row has 1 values, the rows before 2"),
        ([], "regression", "there is no row in"),
        ([[1, 2], [2, 2]], "binary_classification", "two classes have the labels 0 and 1, these are 1, 2"),
        ([[1, 2]], "binary_classification", "two classes have the labels 0 and 1, these are 1"),
        ([[0.5, 2]], "multiclass_classification", "classes are numbered from 0, these labels are 0.5"),
    ],
)
def test_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: Rows, task: str, message: str) -> None:
    assert run(tmp_path, rows, task) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "message"), [({}, "--task"), ({"TASK": "ranking"}, "TASK is 'ranking'; there are regression")]
)
def test_a_missing_or_wrong_task_is_refused(
    capsys: pytest.CaptureFixture[str], variables: dict[str, str], message: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        prepare_hyperparameters.main([], variables)
    assert stop.value.code == 2
    assert message in capsys.readouterr().err
