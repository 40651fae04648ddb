"""Plain values against shapes, and shapes in words."""

from __future__ import annotations

import pytest

from smgen.aws import NOUNS, Shape, ShapeType, scalar_problem, service_model, shape_in_words
from smgen.documents import JsonValue

TEXT = Shape("T", "string", min=2, max=4, pattern="[a-z]+")
LIST = Shape("L", "list", element="pipelines.Text", min=1, max=1)


def kind(value: JsonValue, shape: Shape) -> str | None:
    problem = scalar_problem(value, shape)
    return None if problem is None else problem.kind


TYPES: list[tuple[ShapeType, list[JsonValue], list[JsonValue]]] = [
    ("string", ["", "a"], [None, 1, 1.5, True, [], {}]),
    ("blob", ["a"], [None, 1, True]),
    ("boolean", [True, False], [None, 0, 1, "true"]),
    ("integer", [0, -1, 10**30], [None, True, 1.0, "1"]),
    ("long", [1], [True, 1.5, "1"]),
    ("float", [1, 1.5], [True, "1.5", None]),
    ("double", [1, 1.5], [True, "1.5"]),
    ("timestamp", ["2026-01-01", 1, 1.5], [True, None, []]),
    ("document", [None, 1, "a", [], {}], []),
]


@pytest.mark.parametrize(("type", "fits", "fails"), TYPES, ids=[type for type, _, _ in TYPES])
def test_types(type: ShapeType, fits: list[JsonValue], fails: list[JsonValue]) -> None:
    shape = Shape("S", type)
    assert [kind(value, shape) for value in fits] == [None] * len(fits)
    assert [kind(value, shape) for value in fails] == ["type"] * len(fails)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("ab", None), ("a", "length"), ("abcde", "length"), ("AB", "pattern"), ("ab\n", "pattern"), ("ABCDE", "length")],
)
def test_texts(value: str, expected: str | None) -> None:
    assert kind(value, TEXT) == expected


def test_classes_are_those_of_ascii() -> None:
    assert kind("ä", Shape("W", "string", pattern=r"\w+")) == "pattern"
    assert kind("٣", Shape("D", "string", pattern=r"\d+")) == "pattern"


def test_any_text_on_one_line() -> None:
    assert kind("two\nlines", Shape("A", "string", pattern=".*")) == "pattern"
    assert kind("two\nlines", Shape("A", "string", pattern=r"[\s\S]*")) is None


def test_a_pattern_that_python_cannot_read_is_not_applied() -> None:
    assert kind("anything", service_model().shape("TagKey")) is None
    assert kind("x" * 129, service_model().shape("TagKey")) == "length"


def test_enums() -> None:
    problem = scalar_problem("file", service_model().shape("TrainingInputMode"))
    assert problem is not None
    assert (problem.kind, problem.message) == ("enum", "it is none of the values that AWS knows")
    assert kind("File", service_model().shape("TrainingInputMode")) is None


@pytest.mark.parametrize(("value", "message"), [(0, "it is below 1"), (51, "it is above 50"), (1, None), (50, None)])
def test_ranges(value: int, message: str | None) -> None:
    problem = scalar_problem(value, service_model().shape("pipelines.ForEachConcurrency"))
    assert (problem.message if problem else None) == message


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (TEXT, "a text of 2 to 4 characters matching [a-z]+"),
        (LIST, "a list of 1 items"),
        (Shape("O", "string", max=2500, pattern=".*"), "a text of at most 2,500 characters on one line"),
        (Shape("O", "string", min=0, pattern=r"[\S\s]*"), "a text"),
        (Shape("I", "integer", min=0, max=43_200), "an integer of 0 to 43,200"),
        (Shape("I", "integer", min=1), "an integer of at least 1"),
        (Shape("B", "boolean"), "true or false"),
        (Shape("D", "document", min=2), "any value"),
        (Shape("E", "string", enum=("A", "B")), "A, B"),
        (
            Shape("E", "string", enum=tuple("ABCDEFGHIJKLMNOP")),
            "A, B, C, D, E, F, G, H, I, J, K, L and 4 more",
        ),
        (service_model().shape("VpcConfig"), "an object with SecurityGroupIds, Subnets"),
    ],
)
def test_words(shape: Shape, words: str) -> None:
    assert shape_in_words(shape) == words


def test_every_type_has_a_noun() -> None:
    model = service_model()
    assert {model.shape(name).type for name in model.shape_names} <= set(NOUNS)
