"""Makes rows for training, validation and test of taxi trips: the fare first, then what is known when a trip begins.

Runs in a processing job on the scikit-learn image, on several machines of which each has its share of the trips.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import random
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

COLUMNS = ("fare", "passengers", "hour", "weekday", "distance_km")
#: The share of each part; the test has the rest.
TRAIN, VALIDATION = 0.7, 0.2
EARTH_RADIUS_KM = 6371.0

#: Longitude and latitude of the middle of each zone, in degrees, by the zone's number.
Zones: TypeAlias = "Mapping[str, tuple[float, float]]"


def read_zones(folder: Path) -> Zones:
    """The zones: a CSV file in the first archive, with the columns zone, longitude and latitude."""
    archive = min(folder.glob("*.zip"))
    with zipfile.ZipFile(archive) as opened:
        name = min(name for name in opened.namelist() if name.endswith(".csv"))
        text = opened.read(name).decode("utf-8")
    return {row["zone"]: (float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(io.StringIO(text))}


def distance_km(start: tuple[float, float], end: tuple[float, float]) -> float:
    """The distance of two places on the globe, along its surface."""
    (east, north), (other_east, other_north) = (tuple(map(math.radians, place)) for place in (start, end))
    half = math.sin((other_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def prepared(trips: Path, zones: Zones) -> Iterator[list[str]]:
    """The rows of one file; trips without a fare, or to where there is no zone, are left out."""
    with trips.open(encoding="utf-8", newline="") as text:
        for trip in csv.DictReader(text):
            start, end = zones.get(trip["pickup_zone"]), zones.get(trip["dropoff_zone"])
            if start is None or end is None or float(trip["fare"]) <= 0:
                continue
            began = datetime.fromisoformat(trip["pickup_time"])
            distance = f"{distance_km(start, end):.3f}"
            yield [trip["fare"], trip["passengers"], str(began.hour), str(began.weekday()), distance]


def write(target: Path, rows: Sequence[Sequence[str]]) -> None:
    """Writes rows as CSV into a folder that is made for them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the trips, shuffles the rows and writes the three parts, and the training part with the columns' names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("/opt/ml"), help="where the container has its folders")
    root: Path = parser.parse_args(arguments).root
    folder = root / "processing"

    zones = read_zones(folder / "input" / "zones")
    rows = [row for path in sorted((folder / "input" / "data").glob("*.csv")) for row in prepared(path, zones)]
    random.Random(0).shuffle(rows)

    # Each machine of a job writes to one location, so its files have its name.
    host = json.loads((root / "config" / "resourceconfig.json").read_text(encoding="utf-8"))["current_host"]
    first, second = int(len(rows) * TRAIN), int(len(rows) * (TRAIN + VALIDATION))
    for name, part in {"train": rows[:first], "validation": rows[first:second], "test": rows[second:]}.items():
        write(folder / name / f"{name}-{host}.csv", part)
    write(folder / "baseline" / f"baseline-{host}.csv", [COLUMNS, *rows[:first]])


if __name__ == "__main__":
    main()
