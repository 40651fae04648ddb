"""What the house counts of itself stays within its bounds; a change that needs a higher one says why here."""

from __future__ import annotations

import pytest

from tests.project.checkout import CHECKOUT
from tests.project.measures import Measures, measured

#: Of 7eeaae8: 267 names of kinds, 557 tests of shape, 27 functions over 20 and 106 over 15.
MOST_KIND_NAMES = 12
MOST_SHAPE_TESTS = 227
MOST_OVER_15 = 20


@pytest.fixture(scope="module")
def house() -> Measures:
    return measured(CHECKOUT / "codegen" / "smgen")


def test_step_kinds_are_named_in_aws(house: Measures) -> None:
    assert len(house.kind_names) <= MOST_KIND_NAMES, "\n".join(house.kind_names)


def test_json_is_read_in_one_way(house: Measures) -> None:
    assert len(house.shape_tests) <= MOST_SHAPE_TESTS, "\n".join(house.shape_tests)


def test_functions_have_one_reason(house: Measures) -> None:
    assert house.over(20) == []
    assert len(house.over(15)) <= MOST_OVER_15, "\n".join(house.over(15))
