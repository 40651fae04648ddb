"""What stands at the places that kinds of steps name."""

import pytest

from smgen.aws import EACH, Path, way
from smgen.definition import values_at
from smgen.expressions import Get, Value

DOCUMENT: Value = {
    "a": [{"b": 1}, {"b": None}, Get("Steps.a.b"), {"b": [2]}],
    "e": Get("Parameters.a"),
    "m": {"x": {"y": 4}, "z": None},
    "n": None,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), [((), DOCUMENT)]),
        (("a", EACH, "b"), [(("a", 0, "b"), 1), (("a", 3, "b"), [2])]),
        (("a", EACH, "b", EACH), [(("a", 3, "b", 0), 2)]),
        (("m", EACH, "y"), [(("m", "x", "y"), 4)]),
        (("a", "b"), []),
        (("e", EACH), []),
        (("e",), [(("e",), Get("Parameters.a"))]),
        (("n",), []),
        (("n", EACH), []),
        (("a", EACH, EACH, EACH, EACH), []),
    ],
)
def test_values_at_a_path(path: Path, found: list[tuple[tuple[str | int, ...], Value]]) -> None:
    assert [(item.parts, item.value) for item in values_at(DOCUMENT, path)] == found
    for parts, _ in found:
        assert len(way(parts)) == len(path)
