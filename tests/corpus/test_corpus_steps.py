"""The generated package of the rebuilt pipelines' own steps is fresh, and the scripts of these steps do their work."""

from __future__ import annotations

import importlib.util
import io
import json
import tarfile
import zipfile
from itertools import chain
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tests.corpus.comparison import CONTRACTS, PACKAGE, corpus_package
from tests.golden import Golden


def script(name: str) -> ModuleType:
    """A script as the container runs it: a file of its own."""
    spec = importlib.util.spec_from_file_location(name, CONTRACTS / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_package_is_what_is_generated(golden: Golden) -> None:
    golden.package(PACKAGE, corpus_package())


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def container(root: Path) -> Path:
    """The folders of a container on the second machine of a job."""
    (root / "config").mkdir()
    (root / "config" / "resourceconfig.json").write_text('{"current_host": "algo-2"}', encoding="utf-8")
    return root


def test_the_table_is_split_into_three_parts(tmp_path: Path) -> None:
    root = container(tmp_path)
    folder = root / "processing" / "input"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("".join(f"M,0.{row},{row}\n" for row in range(10, 20)), encoding="utf-8")
    (folder / "b.csv").write_text("".join(f"F,0.{row},{row}\n" for row in range(20, 30)), encoding="utf-8")

    script("preprocess").main(["--input-data", "s3://sample-files/abalone", "--root", str(root)])

    parts = {name: lines(root / "processing" / name / f"{name}-algo-2.csv") for name in ("train", "validation", "test")}
    assert {name: len(rows) for name, rows in parts.items()} == {"train": 14, "validation": 3, "test": 3}
    males = [f"{row},0.{row},0,0,1" for row in range(10, 20)]
    females = [f"{row},0.{row},1,0,0" for row in range(20, 30)]
    assert sorted(chain.from_iterable(parts.values())) == males + females


def test_the_table_is_fetched_where_it_was_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def download_file(bucket: str, key: str, file: str) -> None:
        asked.append((bucket, key))
        Path(file).write_text("I,0.5,7\n", encoding="utf-8")

    def client(_: str) -> SimpleNamespace:
        return SimpleNamespace(download_file=download_file)

    module = script("preprocess")
    libraries = {"boto3": SimpleNamespace(client=client)}
    monkeypatch.setattr(module, "importlib", SimpleNamespace(import_module=libraries.__getitem__))
    module.main(["--input-data", "s3://sample-files/abalone/abalone.csv", "--root", str(container(tmp_path))])

    assert asked == [("sample-files", "abalone/abalone.csv")]
    assert lines(tmp_path / "processing" / "test" / "test-algo-2.csv") == ["7,0.5,0,1,0"]


def test_the_report_holds_the_error_of_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Doubling:
        """A model that predicts twice the first feature."""

        def load_model(self, fname: str) -> None:
            assert Path(fname).read_bytes() == b"model"

        def predict(self, data: list[list[float]]) -> list[float]:
            return [2 * row[0] for row in data]

    def unchanged(data: object) -> object:
        return data

    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "test.csv").write_text("3,1,0\n5,2,0\n", encoding="utf-8")
    (tmp_path / "model").mkdir()
    with tarfile.open(tmp_path / "model" / "model.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("xgboost-model")
        member.size = len(b"model")
        archive.addfile(member, io.BytesIO(b"model"))
    module = script("evaluate")
    libraries = {"xgboost": SimpleNamespace(Booster=Doubling, DMatrix=unchanged), "numpy": SimpleNamespace(array=list)}
    monkeypatch.setattr(module, "importlib", SimpleNamespace(import_module=libraries.__getitem__))

    module.main(["--root", str(tmp_path)])

    report = json.loads((tmp_path / "evaluation" / "evaluation.json").read_text(encoding="utf-8"))
    assert report == {"regression_metrics": {"mse": {"value": 1.0, "standard_deviation": 0.0}}}


def test_the_trips_become_rows_with_a_baseline(tmp_path: Path) -> None:
    root = container(tmp_path)
    trips = root / "processing" / "input" / "data"
    zones = root / "processing" / "input" / "zones"
    trips.mkdir(parents=True)
    zones.mkdir()
    with zipfile.ZipFile(zones / "taxi_zones.zip", "w") as archive:
        archive.writestr("zones.csv", "zone,longitude,latitude\n1,0,0\n2,0,90\n")
    header = "pickup_time,pickup_zone,dropoff_zone,passengers,fare\n"
    # A Monday; a quarter of the way around the globe. The last two have no fare and no such zone.
    trip = "2024-01-01T08:30:00,1,2,3,{fare}\n"
    told = [trip.format(fare=fare) for fare in range(10, 20)]
    left_out = [trip.format(fare=0), "2024-01-01T08:30:00,1,9,3,5\n"]
    (trips / "trips.csv").write_text(header + "".join([*told, *left_out]), encoding="utf-8")

    script("taxi/preprocess").main(["--root", str(root)])

    parts = {name: lines(root / "processing" / name / f"{name}-algo-2.csv") for name in ("train", "validation", "test")}
    assert {name: len(rows) for name, rows in parts.items()} == {"train": 7, "validation": 2, "test": 1}
    assert sorted(chain.from_iterable(parts.values())) == [f"{fare},3,8,0,10007.543" for fare in range(10, 20)]
    baseline = lines(root / "processing" / "baseline" / "baseline-algo-2.csv")
    assert baseline == ["fare,passengers,hour,weekday,distance_km", *parts["train"]]
