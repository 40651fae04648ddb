"""JSON paths of reports: one meaning, one way to write it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from smgen.expressions import parse_json_path, write_json_path


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a.b.value", ("a", "b", "value")),
        ("Result['mse']", ("Result", "mse")),
        ('Result["mse"][0]', ("Result", "mse", 0)),
        ("$.a.b", ("a", "b")),
        ("$['a b'].c", ("a b", "c")),
        ("items[3].x-y", ("items", 3, "x-y")),
        (r"['it\'s']", ("it's",)),
    ],
)
def test_the_parts_of_a_path(path: str, parts: tuple[str | int, ...]) -> None:
    assert parse_json_path(path) == parts


@pytest.mark.parametrize(
    "path", ["", "$", "a..b", "a.", ".a", "$..a", "a[*]", "a[-1]", "a[01]", "a[?(@.x)]", "a['", "a b"]
)
def test_what_is_no_way_to_one_value(path: str) -> None:
    assert parse_json_path(path) is None


def test_a_path_is_written_with_dots_where_it_can_be() -> None:
    assert write_json_path(("Result", "mse", 0, "a b")) == "Result.mse[0]['a b']"


@given(st.lists(st.one_of(st.text(min_size=1), st.integers(0, 10**6)), min_size=1).map(tuple))
def test_what_is_written_reads_back(parts: tuple[str | int, ...]) -> None:
    assert parse_json_path(write_json_path(parts)) == parts
