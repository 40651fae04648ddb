"""Expressions and conditions: JSON both ways, what is not read as one, and the walk."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from smgen.documents import JsonValue
from smgen.expressions import (
    MAX_NESTING,
    Comparison,
    Condition,
    Expression,
    Get,
    In,
    Join,
    JsonGet,
    Not,
    Operand,
    Or,
    parse_condition,
    parse_expression,
    property_file,
    references,
    to_json,
)

REPORT = "Steps.Evaluate.PropertyFiles.Report"
RESULTS: JsonValue = {
    "Std:Join": {"On": "/", "Values": [{"Get": "Steps.Evaluate.OutputDataConfig.S3OutputPath"}, "results.json"]}
}

EXPRESSIONS: list[tuple[JsonValue, Expression]] = [
    ({"Get": "Parameters.Limit"}, Get("Parameters.Limit")),
    (
        {"Std:Join": {"On": "/", "Values": ["s3:/", 7, 1.5, True, None, {"Get": "Execution.PipelineName"}]}},
        Join("/", ("s3:/", 7, 1.5, True, None, Get("Execution.PipelineName"))),
    ),
    ({"Std:Join": {"On": "", "Values": []}}, Join("", ())),
    (
        {"Std:Join": {"On": "", "Values": [{"Std:Join": {"On": "-", "Values": ["a", "b"]}}]}},
        Join("", (Join("-", ("a", "b")),)),
    ),
    (
        {"Std:JsonGet": {"PropertyFile": {"Get": REPORT}, "Path": "mse.value"}},
        JsonGet(property_file("Evaluate", "Report"), "mse.value"),
    ),
    (
        {"Std:JsonGet": {"S3Uri": RESULTS, "Path": "Result['mse']"}},
        JsonGet(
            Join("/", (Get("Steps.Evaluate.OutputDataConfig.S3OutputPath"), "results.json")), "Result['mse']", "S3Uri"
        ),
    ),
    (
        {"Std:JsonGet": {"S3Uri": {"Get": "Parameters.File"}, "Path": "a"}},
        JsonGet(Get("Parameters.File"), "a", "S3Uri"),
    ),
    ({"Std:JsonGet": {"S3Uri": "s3://bucket/file.json", "Path": "a"}}, JsonGet("s3://bucket/file.json", "a", "S3Uri")),
]

NO_EXPRESSIONS: list[JsonValue] = [
    None,
    "Get",
    ["Get"],
    {},
    {"Get": 1},
    {"Get": "Parameters.X", "Path": "a"},
    {"get": "Parameters.X"},
    {"Std:Join": {"Values": []}},
    {"Std:Join": {"On": "/"}},
    {"Std:Join": {"On": "/", "Values": [], "More": 1}},
    {"Std:Join": {"On": None, "Values": []}},
    {"Std:Join": {"On": "/", "Values": "ab"}},
    {"Std:Join": {"On": "/", "Values": [["a"]]}},
    {"Std:Join": {"On": "/", "Values": [{"a": 1}]}},
    {"Std:JsonGet": {"PropertyFile": {"Get": REPORT}}},
    {"Std:JsonGet": {"PropertyFile": {"Get": REPORT}, "Path": 1}},
    {"Std:JsonGet": {"PropertyFile": "Report", "Path": "a"}},
    {"Std:JsonGet": {"PropertyFile": RESULTS, "Path": "a"}},
    {"Std:JsonGet": {"PropertyFile": {"Get": REPORT}, "S3Uri": "s3://b/c", "Path": "a"}},
    {"Std:JsonGet": {"S3Uri": 1, "Path": "a"}},
    {"Std:Other": {"On": "/", "Values": []}},
]

LEFT: JsonValue = {"Std:JsonGet": {"PropertyFile": {"Get": REPORT}, "Path": "mse"}}
MSE = JsonGet(Get(REPORT), "mse")
CONDITIONS: list[tuple[JsonValue, Condition]] = [
    (
        {"Type": "LessThanOrEqualTo", "LeftValue": LEFT, "RightValue": {"Get": "Parameters.Limit"}},
        Comparison("LessThanOrEqualTo", MSE, Get("Parameters.Limit")),
    ),
    ({"Type": "Equals", "LeftValue": "a", "RightValue": None}, Comparison("Equals", "a", None)),
    ({"Type": "GreaterThan", "LeftValue": 1, "RightValue": 2.0}, Comparison("GreaterThan", 1, 2.0)),
    ({"Type": "GreaterThanOrEqualTo", "LeftValue": 1, "RightValue": 2}, Comparison("GreaterThanOrEqualTo", 1, 2)),
    ({"Type": "LessThan", "LeftValue": 1, "RightValue": 2}, Comparison("LessThan", 1, 2)),
    (
        {"Type": "In", "QueryValue": {"Get": "Parameters.Zone"}, "Values": ["a", 1]},
        In(Get("Parameters.Zone"), ("a", 1)),
    ),
    (
        {"Type": "Not", "Condition": {"Type": "Equals", "LeftValue": 1, "RightValue": 2}},
        Not(Comparison("Equals", 1, 2)),
    ),
    (
        {"Type": "Not", "Expression": {"Type": "Equals", "LeftValue": 1, "RightValue": 2}},
        Not(Comparison("Equals", 1, 2), "Expression"),
    ),
    (
        {
            "Type": "Or",
            "Conditions": [
                {"Type": "Equals", "LeftValue": 1, "RightValue": 2},
                {"Type": "Or", "Conditions": []},
            ],
        },
        Or((Comparison("Equals", 1, 2), Or(()))),
    ),
]

NO_CONDITIONS: list[JsonValue] = [
    None,
    [],
    {},
    {"Type": "NotEquals", "LeftValue": 1, "RightValue": 2},
    {"Type": ["Equals"], "LeftValue": 1, "RightValue": 2},
    {"Type": "Equals", "LeftValue": 1},
    {"Type": "Equals", "LeftValue": 1, "RightValue": 2, "More": 3},
    {"Type": "Equals", "LeftValue": [1], "RightValue": 2},
    {"Type": "Equals", "LeftValue": {"a": 1}, "RightValue": 2},
    {"Type": "In", "Value": 1, "In": [1]},
    {"Type": "In", "QueryValue": 1, "Values": 1},
    {"Type": "Not", "Condition": 1},
    {"Type": "Not", "Conditions": []},
    {"Type": "Or", "Conditions": [1]},
    {"Type": "Or", "Conditions": {}},
]


@pytest.mark.parametrize(("value", "expression"), EXPRESSIONS)
def test_an_expression_is_read_and_written(value: JsonValue, expression: Expression) -> None:
    assert parse_expression(value) == expression
    assert repr(to_json(expression)) == repr(value)


@pytest.mark.parametrize("value", NO_EXPRESSIONS)
def test_what_is_not_exactly_an_expression_is_not_read(value: JsonValue) -> None:
    assert parse_expression(value) is None


@pytest.mark.parametrize(("value", "condition"), CONDITIONS)
def test_a_condition_is_read_and_written(value: JsonValue, condition: Condition) -> None:
    assert parse_condition(value) == condition
    assert repr(to_json(condition)) == repr(value)


@pytest.mark.parametrize("value", NO_CONDITIONS)
def test_what_is_not_exactly_a_condition_is_not_read(value: JsonValue) -> None:
    assert parse_condition(value) is None


def test_the_order_of_members_does_not_matter_for_reading() -> None:
    assert parse_expression({"Std:Join": {"Values": ["a"], "On": "/"}}) == Join("/", ("a",))


def test_a_property_file_is_read_with_a_get() -> None:
    with pytest.raises(ValueError, match="the source of a JsonGet is a Get"):
        JsonGet(Join("/", ("a",)), "mse")


def nested_joins(count: int) -> JsonValue:
    value: JsonValue = "a"
    for _ in range(count):
        value = {"Std:Join": {"On": "", "Values": [value]}}
    return value


def test_nesting_is_bounded() -> None:
    assert parse_expression(nested_joins(MAX_NESTING)) is not None
    assert parse_expression(nested_joins(MAX_NESTING + 1)) is None
    assert len(list(references(nested_joins(2000)))) == MAX_NESTING


def test_nested_conditions_are_bounded() -> None:
    value: JsonValue = {"Type": "Equals", "LeftValue": 1, "RightValue": 2}
    for _ in range(MAX_NESTING - 1):
        value = {"Type": "Not", "Condition": value}
    assert parse_condition(value) is not None
    assert parse_condition({"Type": "Not", "Condition": value}) is None


def test_the_walk_gives_every_expression_with_its_place() -> None:
    document: JsonValue = {
        "b": [1, {"Get": "Parameters.A"}],
        "a": {"x/y": LEFT, "broken": {"Std:Join": {"On": "/", "Values": [{"Get": "Parameters.B"}, []]}}},
        "": {"Get": "Parameters.C"},
    }
    assert list(references(document)) == [
        (("b", 1), Get("Parameters.A")),
        (("a", "x/y"), MSE),
        (("a", "x/y", "Std:JsonGet", "PropertyFile"), Get(REPORT)),
        (("a", "broken", "Std:Join", "Values", 0), Get("Parameters.B")),
        (("",), Get("Parameters.C")),
    ]


def test_the_walk_begins_with_the_value_itself() -> None:
    assert list(references({"Get": "Parameters.A"})) == [((), Get("Parameters.A"))]
    assert list(references("Parameters.A")) == []


SCALARS: st.SearchStrategy[bool | int | float | str | None] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
)
NAMES = st.text(max_size=8)


def _json_gets(sources: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    locations = sources.filter(lambda source: not isinstance(source, JsonGet))
    return st.builds(JsonGet, st.builds(Get, NAMES), NAMES) | st.builds(JsonGet, locations, NAMES, st.just("S3Uri"))


def _joins(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(Join, NAMES, st.lists(SCALARS | inner, max_size=4).map(tuple))


ALL_EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    st.builds(Get, NAMES), lambda inner: _joins(inner) | _json_gets(inner), max_leaves=8
)
OPERANDS: st.SearchStrategy[Operand] = SCALARS | ALL_EXPRESSIONS
COMPARISONS: st.SearchStrategy[Condition] = st.builds(
    Comparison,
    st.sampled_from(["Equals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"]),
    OPERANDS,
    OPERANDS,
) | st.builds(In, OPERANDS, st.lists(OPERANDS, max_size=3).map(tuple))
ALL_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds(Not, inner, st.sampled_from(["Condition", "Expression"]))
        | st.builds(Or, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=5,
)


@given(ALL_EXPRESSIONS)
def test_any_expression_comes_back(expression: Expression) -> None:
    assert repr(parse_expression(to_json(expression))) == repr(expression)


@given(ALL_CONDITIONS)
def test_any_condition_comes_back(condition: Condition) -> None:
    assert repr(parse_condition(to_json(condition))) == repr(condition)


MEMBERS = st.sampled_from(
    ["Get", "Std:Join", "Std:JsonGet", "On", "Values", "Path", "PropertyFile", "S3Uri", "Type", "Condition", "x"]
)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS | st.sampled_from(["Equals", "Not", "In", "Or"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_what_is_read_is_not_changed(value: JsonValue) -> None:
    for _, expression in references(value):
        assert parse_expression(to_json(expression)) == expression
    for read in (parse_expression(value), parse_condition(value)):
        assert read is None or to_json(read) == value
