"""Splits the abalone table into rows for training, validation and test: the label first, the sex as three columns.

Runs in a processing job on the scikit-learn image. It reads the files that were copied to the machine, else it fetches
the table itself.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

SEXES = ("F", "I", "M")
#: The share of each part; the test has the rest.
TRAIN, VALIDATION = 0.7, 0.15


class S3(Protocol):
    """The part of boto3's client that is used; the image has it, and no types for it."""

    def download_file(self, bucket: str, key: str, file: str, /) -> None:
        """Copies an object to a file."""
        ...


def table_files(root: Path, location: str) -> list[Path]:
    """The files of the table on this machine."""
    folder = root / "processing" / "input"
    found = sorted(path for path in folder.glob("*") if path.is_file())
    if found:
        return found
    parts = urlsplit(location)
    target = root / "abalone.csv"
    s3: S3 = importlib.import_module("boto3").client("s3")
    s3.download_file(parts.netloc, parts.path.lstrip("/"), str(target))
    return [target]


def prepared(row: Sequence[str]) -> list[str]:
    """The rings, which are the label, then the measures, then one column for each sex."""
    sex, *measures, rings = row
    return [rings, *measures, *("1" if sex == known else "0" for known in SEXES)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the table, shuffles its rows and writes the three parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input-data", required=True, help="where the table lies in S3")
    parser.add_argument("--root", type=Path, default=Path("/opt/ml"), help="where the container has its folders")
    options = parser.parse_args(arguments)
    root: Path = options.root

    rows: list[list[str]] = []
    for path in table_files(root, options.input_data):
        with path.open(encoding="utf-8", newline="") as text:
            rows += [prepared(row) for row in csv.reader(text) if row]
    random.Random(0).shuffle(rows)

    # Each machine of a job writes to one location, so its files have its name.
    host = json.loads((root / "config" / "resourceconfig.json").read_text(encoding="utf-8"))["current_host"]
    first, second = int(len(rows) * TRAIN), int(len(rows) * (TRAIN + VALIDATION))
    for name, part in {"train": rows[:first], "validation": rows[first:second], "test": rows[second:]}.items():
        target = root / "processing" / name / f"{name}-{host}.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text, lineterminator="\n").writerows(part)


if __name__ == "__main__":
    main()
