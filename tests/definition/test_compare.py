"""Comparing documents: minimal pointers, strict scalars, counted normalisations, expected differences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from smgen.definition import ALL, N1, N2, DefinitionComparison, Difference, Unexplained, compare, parse_definition
from smgen.documents import JsonObject, JsonValue

CORPUS = Path(__file__).parents[1] / "data" / "corpus"
NONE_COUNTED = {"N1": 0, "N2": 0, "N3": 0, "N4": 0}


def differences(left: JsonValue, right: JsonValue) -> list[tuple[str, JsonValue, JsonValue, str]]:
    found = compare({"x": left}, {"x": right}, normalisations=()).differences
    return [(item.pointer.removeprefix("/x"), item.left, item.right, item.kind) for item in found]


CASES: list[tuple[JsonValue, JsonValue, list[tuple[str, JsonValue, JsonValue, str]]]] = [
    (1, 1, []),
    (1, 2, [("", 1, 2, "changed")]),
    (1, 1.0, [("", 1, 1.0, "changed")]),
    (True, 1, [("", True, 1, "changed")]),
    (0.0, -0.0, [("", 0.0, -0.0, "changed")]),
    (1e100, 1e100, []),
    (None, False, [("", None, False, "changed")]),
    ("1", 1, [("", "1", 1, "changed")]),
    ({}, [], [("", {}, [], "changed")]),
    ([], None, [("", [], None, "changed")]),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    ({"a": None}, {}, [("/a", None, None, "left-only")]),
    ({}, {"a": {"b": [1]}}, [("/a", None, {"b": [1]}, "right-only")]),
    ({"a": {"b": 1}, "c": 2}, {"a": {"b": 2}, "c": 3}, [("/a/b", 1, 2, "changed"), ("/c", 2, 3, "changed")]),
    (
        {"b": 1, "a": 1, "d": 1},
        {"a": 2, "c": 2, "e": 2},
        [
            ("/b", 1, None, "left-only"),
            ("/a", 1, 2, "changed"),
            ("/d", 1, None, "left-only"),
            ("/c", None, 2, "right-only"),
            ("/e", None, 2, "right-only"),
        ],
    ),
    ([1, 2, 3], [1, 3], [("/1", 2, 3, "changed"), ("/2", 3, None, "left-only")]),
    ([1], [1, {"a": 1}, 2], [("/1", None, {"a": 1}, "right-only"), ("/2", None, 2, "right-only")]),
    ([[1, 2]], [[2, 1]], [("/0/0", 1, 2, "changed"), ("/0/1", 2, 1, "changed")]),
    ({"a/b": {"c~d": 1}}, {"a/b": {"c~d": 2}}, [("/a~1b/c~0d", 1, 2, "changed")]),
]


@pytest.mark.parametrize(("left", "right", "expected"), CASES)
def test_differences_are_as_high_up_as_they_go(
    left: JsonValue, right: JsonValue, expected: list[tuple[str, JsonValue, JsonValue, str]]
) -> None:
    assert repr(differences(left, right)) == repr(expected)


def test_an_expression_is_one_value() -> None:
    get: JsonValue = {"Get": "Parameters.A"}
    join: JsonValue = {"Std:Join": {"On": "/", "Values": ["a", get]}}
    other: JsonValue = {"Std:Join": {"On": "/", "Values": ["b", get, "c"]}}
    assert differences(join, join) == []
    assert differences(get, "a") == [("", get, "a", "changed")]
    assert differences("a", get) == [("", "a", get, "changed")]
    assert differences(join, get) == [("", join, get, "changed")]
    assert differences(join, other) == [("", join, other, "changed")]
    assert differences({"a": get}, {}) == [("/a", get, None, "left-only")]
    one: JsonValue = {"Std:Join": {"On": "", "Values": [1]}}
    true: JsonValue = {"Std:Join": {"On": "", "Values": [True]}}
    assert differences(one, true) == [("", one, true, "changed")]


def test_deep_values_are_compared() -> None:
    left: JsonValue = 1
    right: JsonValue = 2
    for _ in range(5_000):
        left, right = [left], {"Std:Join": right}
    assert len(differences(left, right)) == 1
    assert differences(left, left) == []
    assert differences(right, right) == []


def test_nothing_differs_from_itself() -> None:
    for file in sorted(CORPUS.glob("*.json")):
        value = json.loads(file.read_text(encoding="utf-8"))["definition"]
        assert compare(value, parse_definition(value)) == DefinitionComparison((), NONE_COUNTED)
        assert compare(value, value, normalisations=()) == DefinitionComparison((), {})


def test_the_recorded_pipeline_equals_one_written_another_way() -> None:
    """Names, hashes, empty objects and false flags as a pipeline of smgen has them, in the definition of the SDK."""
    text = (CORPUS / "01-abalone-train-eval-transform.json").read_text(encoding="utf-8")
    recorded = json.loads(text)["definition"]
    own_text = json.dumps(recorded).replace("<HASH>", "0123456789abcdef" * 4)
    own_text = own_text.replace(', "AppManaged": false', "").replace('"AppManaged": false, ', "")
    own_text = re.sub(r', "(Bias|Explainability|Environment)": \{\}', "", own_text)
    own_text = re.sub(r'"(Bias|Explainability|Environment)": \{\}, ', "", own_text)
    own_text = own_text.replace('"input-1"', '"raw_data"').replace('"input-2"', '"test_data"')
    own = json.loads(own_text)
    comparison = compare(own, recorded)
    assert comparison == DefinitionComparison((), {"N1": 9, "N2": 4, "N3": 3, "N4": 2})
    assert compare(recorded, own) == comparison
    # Without them the same places differ.
    assert len(compare(own, recorded, normalisations=()).differences) == 18
    assert compare(own, recorded, normalisations=[N1, N2]).counts == {"N1": 9, "N2": 4}
    assert len(compare(own, recorded, normalisations=[N1, N2]).differences) == 5


def test_a_normalisation_counts_only_where_it_made_a_difference_go() -> None:
    empty: JsonObject = {"Steps": [], "A": {}, "B": {}, "C": {"D": {}}}
    assert compare(empty, empty).counts == NONE_COUNTED
    assert compare(empty, {"Steps": [], "A": {}}).counts == {**NONE_COUNTED, "N2": 3}
    # B differs still, so that it is empty on one side has made nothing equal.
    comparison = compare({"Steps": [], "B": {}}, {"Steps": [], "B": {"x": 1}})
    assert comparison.counts == NONE_COUNTED
    assert comparison.differences == (Difference("/B", None, {"x": 1}, "right-only"),)
    comparison = compare({"Steps": [], "B": {"y": {}}}, {"Steps": [], "B": {"x": 1}})
    assert comparison.counts == NONE_COUNTED
    assert comparison.differences == (Difference("/B", None, {"x": 1}, "right-only"),)


def test_the_values_are_the_normalised_ones() -> None:
    def document(uri: str) -> JsonObject:
        item: JsonObject = {"InputName": "code", "S3Input": {"S3Uri": uri}}
        return {"Steps": [{"Name": "P", "Type": "Processing", "Arguments": {"ProcessingInputs": [item]}}]}

    left, right = document(f"s3://a/code/{'0' * 64}/x.py"), document("s3://b/code/<HASH>/x.py")
    assert compare(left, right).differences == (
        Difference(
            "/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri",
            "s3://a/code/<HASH>/x.py",
            "s3://b/code/<HASH>/x.py",
            "changed",
        ),
    )


def a_comparison(*pointers: str) -> DefinitionComparison:
    return DefinitionComparison(tuple(Difference(pointer, 1, 2, "changed") for pointer in pointers), {})


@pytest.mark.parametrize(
    ("pointers", "expected", "left_over", "unused"),
    [
        ([], [], [], []),
        (["/a"], [], ["/a"], []),
        (["/a"], ["/a"], [], []),
        (["/a/b", "/a/c"], ["/a"], [], []),
        (["/ab"], ["/a"], ["/ab"], ["/a"]),
        (["/a"], ["/a/b"], ["/a"], ["/a/b"]),
        (["/a/b"], ["/a", "/a/b"], [], ["/a"]),
        (["/a/b", "/a/c"], ["/a", "/a/b"], [], []),
        (["/a", "/b"], ["/c", "/b", "/d"], ["/a"], ["/c", "/d"]),
        (["/a", "/b"], [""], [], []),
        (["/a/10"], ["/a/1"], ["/a/10"], ["/a/1"]),
    ],
)
def test_expected_differences_cover_subtrees_and_are_all_used(
    pointers: list[str], expected: list[str], left_over: list[str], unused: list[str]
) -> None:
    found = a_comparison(*pointers).unexplained(dict.fromkeys(expected, "a reason"))
    assert found == Unexplained(a_comparison(*left_over).differences, tuple(unused))


JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, "a"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "Get", "Std:Join"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_no_differences_means_the_same_text(left: JsonValue, right: JsonValue) -> None:
    same = json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
    assert (differences(left, right) == []) == same


@given(JSON, JSON)
def test_the_other_way_round_the_same_places_differ(left: JsonValue, right: JsonValue) -> None:
    there, back = compare({"x": left}, {"x": right}), compare({"x": right}, {"x": left})
    turned = {"left-only": "right-only", "right-only": "left-only", "changed": "changed"}
    assert sorted((item.pointer, item.kind) for item in there.differences) == sorted(
        (item.pointer, turned[item.kind]) for item in back.differences
    )
    assert there.counts == back.counts
    assert set(there.counts) == {item.id for item in ALL}
