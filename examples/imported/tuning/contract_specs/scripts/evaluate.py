"""Measures how far an XGBoost model is off on the test rows, and writes the mean squared error as evaluation.json.

Runs in a processing job on the XGBoost image.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import operator
import statistics
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Booster(Protocol):
    """The part of ``xgboost.Booster`` that is used; the package has no types."""

    def load_model(self, fname: str) -> None:
        """Reads a model file."""
        ...

    def predict(self, data: object) -> Iterable[float]:
        """One prediction for each row of a ``DMatrix``."""
        ...


def predictions(archive: Path, features: Sequence[Sequence[float]]) -> list[float]:
    """What the model in an archive says of rows."""
    xgboost, numpy = importlib.import_module("xgboost"), importlib.import_module("numpy")
    booster: Booster = xgboost.Booster()
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive, "r:gz") as members:
        content = members.extractfile("xgboost-model")
        if content is None:
            raise SystemExit(f"there is no file xgboost-model in {archive}")
        model = Path(folder) / "xgboost-model"
        model.write_bytes(content.read())
        booster.load_model(str(model))
    return [float(value) for value in booster.predict(xgboost.DMatrix(numpy.array(features)))]


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads model and rows, and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("/opt/ml/processing"), help="where the job has its folders")
    root: Path = parser.parse_args(arguments).root

    rows: list[list[float]] = []
    for path in sorted((root / "test").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            rows += [[float(value) for value in row] for row in csv.reader(text) if row]
    labels, features = [row[0] for row in rows], [row[1:] for row in rows]
    errors = list(map(operator.sub, labels, predictions(root / "model" / "model.tar.gz", features)))

    mse = {"value": statistics.fmean(error**2 for error in errors), "standard_deviation": statistics.pstdev(errors)}
    report = root / "evaluation" / "evaluation.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps({"regression_metrics": {"mse": mse}}), encoding="utf-8")


if __name__ == "__main__":
    main()
