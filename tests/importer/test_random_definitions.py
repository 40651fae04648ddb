"""Random legal definitions of all kinds, built from generated packages: each gives itself again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importer.random_definitions import random_definition
from tests.importer.round_trip import moved, round_trip

PROD = {"111122223333": "444455556666", "s3://data": "s3://prod-data", "eu-west-1": "eu-central-1", "quoted": "cited"}


@pytest.mark.parametrize("seed", range(20))
def test_it_gives_itself_again(seed: int, tmp_path: Path) -> None:
    built = round_trip(tmp_path, {"dev": random_definition(seed)})

    assert built.comparison("dev").differences == ()


@pytest.mark.parametrize("seed", range(20, 35))
def test_it_gives_each_environment(seed: int, tmp_path: Path) -> None:
    document = random_definition(seed)
    built = round_trip(tmp_path, {"dev": document, "prod": moved(document, PROD)})

    assert built.comparison("dev").differences == ()
    assert built.comparison("prod").differences == ()
