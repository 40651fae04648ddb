"""Metrics of a model, from its archive to the report."""

import importlib
import json
import math
import pickle
import tarfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import assume, given, strategies as st

from contract_specs.scripts.model_evaluation import evaluation
from tests.library.script_runs import Rows, members, read_json, schema_problem, write_csv


@dataclass
class FakeScores:
    """What numpy's array is to the script."""

    values: list[float] | list[list[float]]

    def tolist(self) -> list[float] | list[list[float]]:
        return self.values


class FakeBooster:
    """Predicts the sum of the features times a factor that stands in the model file; ``classes`` copies of it."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self.classes = 1

    def load_model(self, fname: str) -> None:
        model: dict[str, float] = json.loads(Path(fname).read_text(encoding="utf-8"))
        self.factor, self.classes = model["factor"], int(model.get("classes", 1))

    def predict(self, data: list[list[float]]) -> FakeScores:
        sums = [self.factor * math.fsum(row) for row in data]
        return FakeScores(sums if self.classes == 1 else [[value] * self.classes for value in sums])


@pytest.fixture
def _fake_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """numpy and xgboost as far as the script uses them: neither is installed where smgen is developed."""

    def array(values: list[list[float]], dtype: str) -> list[list[float]]:
        assert dtype == "float32"
        return values

    def matrix(values: list[list[float]]) -> list[list[float]]:
        return values

    numpy, xgboost = ModuleType("numpy"), ModuleType("xgboost")
    vars(numpy).update(array=array)
    vars(xgboost).update(Booster=FakeBooster, DMatrix=matrix)
    fakes, real_import = {"numpy": numpy, "xgboost": xgboost}, importlib.import_module

    def import_module(name: str, package: str | None = None) -> ModuleType:
        return fakes[name] if name in fakes else real_import(name, package)

    # Not in sys.modules, where pytest would take the fake for the real numpy.
    monkeypatch.setattr(importlib, "import_module", import_module)


def pack(tmp_path: Path, **models: bytes) -> None:
    """``model/model.tar.gz`` with those files, whose names have ``_`` for ``-``."""
    folder = tmp_path / "model"
    folder.mkdir()
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        for name, content in models.items():
            path = tmp_path / name
            path.write_bytes(content)
            archive.add(path, f"./{name.replace('_', '-')}")


def run(tmp_path: Path, rows: Rows, **variables: str) -> int:
    write_csv(tmp_path / "test" / "test.csv", rows)
    folders = (("model", "model"), ("test", "test"), ("output", "out"))
    return evaluation.main([f"--{name}-folder={tmp_path / folder}" for name, folder in folders], variables)


def values(tmp_path: Path, group: str) -> dict[str, float]:
    """The metrics' values in the report, which holds that group only and fits the contract's schema."""
    report = members(read_json(tmp_path / "out" / "evaluation.json"))
    assert schema_problem("ModelEvaluation", "evaluation", "metrics", report) is None
    assert list(report) == [group]
    found: dict[str, float] = {}
    for name, metric in members(report[group]).items():
        value = members(metric)["value"]
        assert isinstance(value, (int, float))
        found[name] = value
    return found


@pytest.mark.usefixtures("_fake_libraries")
def test_regression(tmp_path: Path) -> None:
    pack(tmp_path, xgboost_model=b'{"factor": 1}', notes=b"no model")
    assert run(tmp_path, [[1, 1, 1], [2, 2, 0], [3, 1, 1], [6, 3, 2]]) == 0
    # Predictions 2, 2, 2, 5: errors 1, 0, -1, -1; the labels' mean is 3 and their squared spread 14.
    assert values(tmp_path, "regression_metrics") == {
        "mse": 0.75,
        "rmse": math.sqrt(0.75),
        "mae": 0.75,
        "r2": 1 - 3 / 14,
    }


@pytest.mark.usefixtures("_fake_libraries")
def test_two_classes(tmp_path: Path) -> None:
    pack(tmp_path, xgboost_model=b'{"factor": 0.1}')
    rows = [[0, 1], [0, 6], [1, 4], [1, 8], [1, 9]]
    assert run(tmp_path, rows, TASK="binary_classification") == 0
    # Scores .1 .6 .4 .8 .9: of the six pairs of a positive and a negative row five are in order.
    assert values(tmp_path, "binary_classification_metrics") == pytest.approx(
        {"accuracy": 3 / 5, "auc": 5 / 6, "precision": 2 / 3, "recall": 2 / 3, "f1": 2 / 3}
    )
    assert run(tmp_path, rows, TASK="binary_classification", DECISION_THRESHOLD="0.3") == 0
    assert values(tmp_path, "binary_classification_metrics")["recall"] == 1


@pytest.mark.usefixtures("_fake_libraries")
def test_more_classes(tmp_path: Path) -> None:
    pack(tmp_path, xgboost_model=b'{"factor": 1}')
    assert run(tmp_path, [[0, 0], [1, 1], [1, 2], [2, 2]], TASK="multiclass_classification") == 0
    # Class 0: 1 and 1; class 1: precision 1, recall 1/2; class 2: precision 1/2, recall 1.
    assert values(tmp_path, "multiclass_classification_metrics") == pytest.approx(
        {
            "accuracy": 3 / 4,
            "weighted_precision": (1 + 2 * 1 + 0.5) / 4,
            "weighted_recall": (1 + 2 * 0.5 + 1) / 4,
            "weighted_f1": (1 + 2 * (2 / 3) + 2 / 3) / 4,
        }
    )


@pytest.mark.usefixtures("_fake_libraries")
def test_several_models_predict_their_mean(tmp_path: Path) -> None:
    pack(tmp_path, xgboost_model_0=b'{"factor": 1}', xgboost_model_1=b'{"factor": 3}')
    assert run(tmp_path, [[2, 1], [4, 2]]) == 0
    assert values(tmp_path, "regression_metrics")["mse"] == 0


@pytest.mark.usefixtures("_fake_libraries")
def test_a_pickled_model_of_an_old_container(tmp_path: Path) -> None:
    pack(tmp_path, xgboost_model=pickle.dumps(FakeBooster(2.0), protocol=3))
    assert run(tmp_path, [[2, 1], [4, 2]]) == 0
    assert values(tmp_path, "regression_metrics")["mse"] == 0


@pytest.mark.usefixtures("_fake_libraries")
def test_a_model_that_was_not_packed(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "xgboost-model").write_text('{"factor": 1}', encoding="utf-8")
    assert run(tmp_path, [[1, 1]]) == 0
    report = members(read_json(tmp_path / "out" / "evaluation.json"))
    assert members(report["regression_metrics"])["mse"] == {"value": 0.0, "standard_deviation": 0.0}


@pytest.mark.usefixtures("_fake_libraries")
def test_the_report_is_the_same_with_the_same_seed(tmp_path: Path) -> None:
    pack(tmp_path, xgboost_model=b'{"factor": 1}')
    rows = [[number * number, number] for number in range(30)]
    reports: list[bytes] = []
    for seed in ("1", "1", "2"):
        assert run(tmp_path, rows, RANDOM_SEED=seed) == 0
        reports.append((tmp_path / "out" / "evaluation.json").read_bytes())
    assert reports[0] == reports[1]
    assert reports[0] != reports[2]


@pytest.mark.usefixtures("_fake_libraries")
@pytest.mark.parametrize(
    ("model", "rows", "task", "message"),
    [
        (b'{"factor": 1}', [["label", "x"]], "regression", "test.csv:1: could not convert string to float"),
        (b'{"factor": 1}', [["", 1]], "regression", "test.csv:1: the row has no label"),
        (b'{"factor": 1}', [[1, 1], [1]], "regression", "test.csv:2: the row has another length"),
        (b'{"factor": 1}', [], "regression", "there is no row in"),
        (b'{"factor": 1}', [[0, 1]], "binary_classification", "need rows of both"),
        (b'{"factor": 1, "classes": 3}', [[1, 1]], "regression", "gives 3 scores per row, which is too many"),
        (b'{"factor": 1, "classes": 3}', [[0, 1], [1, 1]], "binary_classification", "too many for a binary"),
        (b'{"factor": 1}', [[1, "nan"]], "regression", "the metric mse is no finite number"),
        (b'{"factor": 1e200}', [[1, 1]], "regression", "the metric mse is no finite number"),
    ],
)
def test_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], model: bytes, rows: Rows, task: str, message: str
) -> None:
    pack(tmp_path, xgboost_model=model)
    assert run(tmp_path, rows, TASK=task) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out" / "evaluation.json").exists()


def test_an_archive_without_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack(tmp_path, something=b"else")
    # A model is looked for before any library is asked for.
    assert run(tmp_path, [[1, 1]]) == 1
    assert "there is no xgboost-model in" in capsys.readouterr().err


def test_a_member_of_the_archive_cannot_leave_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    evil = tmp_path / "evil"
    evil.write_bytes(b"{}")
    with tarfile.open(tmp_path / "model" / "model.tar.gz", "w:gz") as archive:
        archive.add(evil, "../../xgboost-model")
    workspace = tmp_path / "a" / "b"
    workspace.mkdir(parents=True)
    assert evaluation.model_files(tmp_path / "model", workspace) == [workspace / "xgboost-model"]


def test_a_wrong_task_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        evaluation.main([], {"TASK": "ranking"})
    assert stop.value.code == 2
    assert "TASK is 'ranking'; there are regression" in capsys.readouterr().err


def test_probabilities_of_classes_decide_for_the_largest() -> None:
    report = evaluation.evaluate("multiclass_classification", [0.0, 2.0], [[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]], 0.5, 0)
    assert report["multiclass_classification_metrics"]["accuracy"]["value"] == 1


def test_of_two_probabilities_the_second_is_that_of_the_positive_class() -> None:
    report = evaluation.evaluate("binary_classification", [0.0, 1.0], [[0.9, 0.1], [0.2, 0.8]], 0.5, 0)
    assert report["binary_classification_metrics"]["accuracy"]["value"] == 1


def test_labels_that_are_all_equal() -> None:
    assert evaluation.regression_metrics([2.0, 2.0], [2.0, 2.0])["r2"] == 1
    assert evaluation.regression_metrics([2.0, 2.0], [2.0, 3.0])["r2"] == 0


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.integers(0, 5)), min_size=2, max_size=30))
def test_the_area_under_the_curve_is_the_share_of_ordered_pairs(rows: list[tuple[float, int]]) -> None:
    labels, scores = [label for label, _ in rows], [float(score) for _, score in rows]
    assume(len(set(labels)) == 2)
    pairs = [(high, low) for label, high in rows if label == 1.0 for other, low in rows if other == 0.0]
    ordered = sum(1.0 if high > low else 0.5 if high == low else 0.0 for high, low in pairs)
    assert evaluation.area_under_curve(labels, scores) == pytest.approx(ordered / len(pairs))


def test_the_area_under_the_curve_needs_both_classes() -> None:
    assert evaluation.area_under_curve([1.0, 1.0], [0.1, 0.2]) is None


@pytest.mark.slow
def test_a_real_model(tmp_path: Path) -> None:
    xgboost = pytest.importorskip("xgboost", reason="xgboost is in the container, not among smgen's tools")
    numpy = pytest.importorskip("numpy", reason="numpy is in the container, not among smgen's tools")
    features = [[float(number), float(number % 7)] for number in range(200)]
    labels = [2 * row[0] + row[1] for row in features]
    matrix = xgboost.DMatrix(numpy.array(features, dtype="float32"), label=labels)
    booster = xgboost.train({"max_depth": 6, "eta": 0.5}, matrix, num_boost_round=60)
    for native in (True, False):
        folder = tmp_path / str(native)
        folder.mkdir()
        model = folder / "source-model"
        if native:
            booster.save_model(model)
        else:
            model.write_bytes(pickle.dumps(booster))
        pack(folder, xgboost_model=model.read_bytes())
        assert run(folder, [[label, *features[index]] for index, label in enumerate(labels)]) == 0
        assert values(folder, "regression_metrics")["r2"] > 0.99
