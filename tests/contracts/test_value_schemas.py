"""Types of values: from JSON Schema, from AWS's shapes, and both together."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from smgen.aws import Shape, service_model
from smgen.contract_model.aws_schemas import whole_pattern
from smgen.contract_model.value_schema import Conflict, intersect, pattern_problem, pydantic_takes
from smgen.contracts import (
    ParameterSpec,
    ReportNode,
    ValueSchema,
    limits_in_words,
    parameters_of_json_schema,
    report_of_json_schema,
    schema_of_json_schema,
    schema_of_shape,
    value_problem,
)
from smgen.documents import JsonObject, JsonValue
from tests.contracts.samples import validator_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            {"type": "string", "minLength": 1, "maxLength": 8, "pattern": "^a"},
            ValueSchema("string", min_length=1, max_length=8, pattern="^a"),
        ),
        (
            {"type": "integer", "minimum": 0, "exclusiveMaximum": 9, "multipleOf": 3},
            ValueSchema("integer", minimum=0, exclusive_maximum=9, multiple_of=3),
        ),
        ({"enum": ["a", "b"], "description": "One."}, ValueSchema("string", enum=("a", "b"), description="One.")),
        ({"const": True}, ValueSchema("boolean", enum=(True,))),
        ({"enum": [1, 2.5]}, ValueSchema("number", enum=(1, 2.5))),
        ({"type": "number", "enum": [1, 2]}, ValueSchema("number", enum=(1, 2))),
        (
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ValueSchema("array", min_items=1, element=ValueSchema("string")),
        ),
        (
            {"type": "object", "additionalProperties": {"enum": [1]}, "maxProperties": 2},
            ValueSchema("object", max_items=2, element=ValueSchema("integer", enum=(1,))),
        ),
    ],
)
def test_schemas_that_are_supported(written: JsonObject, expected: ValueSchema) -> None:
    schema, findings = schema_of_json_schema(written)
    assert findings == ()
    assert schema == expected


@pytest.mark.parametrize(
    ("written", "pointer"),
    [
        (7, ""),
        ({}, ""),
        ({"type": "text"}, "/type"),
        ({"type": "string", "format": "uri"}, "/format"),
        ({"type": "string", "minimum": 1}, "/minimum"),
        ({"type": "string", "minLength": -1}, "/minLength"),
        ({"type": "string", "minLength": True}, "/minLength"),
        ({"type": "string", "minLength": 2, "maxLength": 1}, ""),
        ({"type": "string", "pattern": "["}, "/pattern"),
        ({"type": "string", "pattern": 7}, "/pattern"),
        # Python's engine knows these; pydantic's, which generated classes use, refuses them or reads them otherwise.
        ({"type": "string", "pattern": "^(?!aws)"}, "/pattern"),
        ({"type": "string", "pattern": "(a)\\1"}, "/pattern"),
        ({"type": "string", "pattern": "[a-z&&x]"}, "/pattern"),
        ({"type": "string", "pattern": "[a--z]"}, "/pattern"),
        ({"type": "string", "description": 7}, "/description"),
        ({"type": "integer", "minimum": "1"}, "/minimum"),
        ({"type": "integer", "multipleOf": 0}, "/multipleOf"),
        ({"type": "integer", "enum": ["a"]}, "/enum"),
        ({"enum": []}, "/enum"),
        ({"enum": ["a", "a"]}, "/enum/1"),
        ({"enum": ["a", None]}, "/enum/1"),
        ({"enum": [True, 1]}, "/enum"),
        ({"const": []}, "/const"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "/items/type"),
        ({"type": "object", "additionalProperties": True}, "/additionalProperties"),
        ({"type": "object", "properties": {}}, "/properties"),
    ],
)
def test_schemas_that_are_not_supported(written: JsonValue, pointer: str) -> None:
    schema, findings = schema_of_json_schema(written)
    assert schema is None
    assert (findings[0].rule, findings[0].place.pointer) == ("SMG117", pointer)


SCALARS = st.booleans() | st.integers(-50, 50) | st.floats(-50, 50) | st.text("ab1", max_size=4)


@given(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "integer", "number", "boolean"])},
        optional={
            "minimum": st.integers(-20, 20),
            "maximum": st.integers(-20, 20),
            "exclusiveMinimum": st.integers(-20, 20),
            "multipleOf": st.integers(1, 4),
            "minLength": st.integers(0, 3),
            "maxLength": st.integers(0, 3),
            "pattern": st.sampled_from(["^a", "b$", "1"]),
            "enum": st.lists(SCALARS, min_size=1, max_size=3),
        },
    ),
    SCALARS,
)
def test_values_are_judged_as_json_schema_judges_them(written: JsonObject, value: JsonValue) -> None:
    schema, findings = schema_of_json_schema(written)
    if schema is None:
        assert findings
        return
    if schema.type == "integer" and isinstance(value, float):
        # JSON Schema takes 4.0 for an integer; Python's types do not.
        assert value_problem(schema, value) is not None
        return
    if isinstance(value, float) and schema.multiple_of is not None:
        return
    assert (value_problem(schema, value) is None) == validator_of(schema.json_schema()).is_valid(value)


def test_a_group_of_parameters() -> None:
    found, findings = parameters_of_json_schema(
        {
            "type": "object",
            "required": ["b"],
            "properties": {"a": {"type": "integer", "default": 3}, "b": {"type": "string"}},
        },
        "/hyperparameters",
    )
    assert findings == ()
    assert found == (
        ParameterSpec("a", ValueSchema("integer"), False, 3, "/hyperparameters/properties/a"),
        ParameterSpec("b", ValueSchema("string"), True, None, "/hyperparameters/properties/b"),
    )


@pytest.mark.parametrize(
    ("written", "pointer"),
    [
        ([], "/h"),
        ({"type": "array"}, "/h/type"),
        ({"properties": []}, "/h/properties"),
        ({"required": ["a"]}, "/h/required/0"),
        ({"required": "a"}, "/h/required"),
        ({"properties": {"a": {"type": "integer", "default": "x"}}}, "/h/properties/a/default"),
        (
            {"properties": {"a": {"type": "array", "items": {"type": "string"}, "default": []}}},
            "/h/properties/a/default",
        ),
        ({"patternProperties": {}}, "/h/patternProperties"),
    ],
)
def test_groups_that_are_not_supported(written: JsonValue, pointer: str) -> None:
    _, findings = parameters_of_json_schema(written, "/h")
    assert [(finding.rule, finding.place.pointer) for finding in findings] == [("SMG117", pointer)]


def test_a_report() -> None:
    node, findings = report_of_json_schema(
        {
            "properties": {"m": {"type": "number", "minimum": 0}, "l": {"type": "array", "items": {"enum": ["a"]}}},
            "additionalProperties": True,
        }
    )
    assert findings == ()
    assert node == ReportNode(
        "object",
        members=(("m", ReportNode("number")), ("l", ReportNode("array", element=ReportNode("string")))),
    )


@pytest.mark.parametrize(
    ("written", "pointer"),
    [
        (1, ""),
        ({"type": "object"}, ""),
        ({"type": "object", "properties": 1}, "/properties"),
        ({"type": "array"}, ""),
        ({"type": "nothing"}, "/type"),
        ({"type": "object", "properties": {"a": {"anyOf": []}}}, "/properties/a/anyOf"),
        ({"type": "object", "properties": {}, "required": ["x"]}, "/required/0"),
    ],
)
def test_reports_that_are_not_supported(written: JsonValue, pointer: str) -> None:
    _, findings = report_of_json_schema(written)
    assert [(finding.rule, finding.place.pointer) for finding in findings] == [("SMG117", pointer)]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (
            Shape("A", "string", min=1, max=9, pattern="[a-z]+"),
            ValueSchema("string", min_length=1, max_length=9, pattern="^(?:[a-z]+)$"),
        ),
        (Shape("A", "string", min=0, pattern=".*"), ValueSchema("string")),
        (Shape("A", "string", pattern="^a$"), ValueSchema("string", pattern="^a$")),
        (Shape("A", "string", enum=("x", "y")), ValueSchema("string", enum=("x", "y"))),
        (Shape("A", "long", min=0, max=5), ValueSchema("integer", minimum=0, maximum=5)),
        (Shape("A", "double"), ValueSchema("number")),
        (Shape("A", "boolean"), ValueSchema("boolean")),
        (Shape("A", "structure"), None),
        (Shape("A", "timestamp"), None),
        (Shape("A", "list", element="Tag", max=50), None),
        (Shape("A", "list", element="ProcessingInstanceType", max=5), "list"),
        (Shape("A", "map", key="EnvironmentKey", value="EnvironmentValue", max=3), "map"),
    ],
)
def test_shapes(shape: Shape, expected: ValueSchema | str | None) -> None:
    schema = schema_of_shape(shape)
    if not isinstance(expected, str):
        assert schema == expected
        return
    assert schema is not None
    assert schema.type == ("array" if expected == "list" else "object")
    assert schema.max_items == shape.max
    assert schema.element is not None
    assert schema.element.type == "string"


def test_every_shape_of_aws_has_a_schema_or_none() -> None:
    model = service_model()
    for name in model.shape_names:
        schema = schema_of_shape(model.shape(name))
        if model.shape(name).type in ("string", "integer", "long", "float", "double", "boolean"):
            assert schema is not None


def test_limits_in_words() -> None:
    assert limits_in_words(ValueSchema("integer", minimum=1)) == "at least 1"
    assert limits_in_words(ValueSchema("integer", minimum=1, maximum=2592000)) == "1 to 2,592,000"
    assert limits_in_words(ValueSchema("string", max_length=256)) == "at most 256 characters"
    assert limits_in_words(ValueSchema("array", max_items=5, element=ValueSchema("string", min_length=2))) == (
        "at most 5 items, each at least 2 characters"
    )
    assert limits_in_words(ValueSchema("boolean")) == ""


def test_intersections() -> None:
    joined = intersect(
        ValueSchema("number", minimum=1, description="Mine."), ValueSchema("integer", minimum=3, maximum=9)
    )
    assert joined == ValueSchema("integer", minimum=3, maximum=9, description="Mine.")
    assert isinstance(intersect(ValueSchema("string"), ValueSchema("boolean")), Conflict)
    assert isinstance(intersect(ValueSchema("string", enum=("a",)), ValueSchema("string", enum=("b",))), Conflict)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){12}$"])
def test_no_pattern_of_a_contract_takes_for_ever(pattern: str) -> None:
    assert pattern_problem(pattern) is None
    assert value_problem(ValueSchema("string", pattern=pattern), "a" * 5_000 + "!") is not None


def test_signs_that_are_no_set_operations() -> None:
    for pattern in ("a--b", "[a]--[b]", "\\[a--b", "[a\\--]", "&&", "[a-z]&&"):
        assert pattern_problem(pattern) is None, pattern


def test_no_pattern_of_aws_takes_for_ever() -> None:
    """Those that pydantic's engine refuses are matched by Python's, which may go back: by none of them for long."""
    shapes = [service_model().shape(name) for name in service_model().shape_names]
    patterns = {whole for shape in shapes if (whole := whole_pattern(shape.pattern)) is not None}
    refused = [pattern for pattern in patterns if not pydantic_takes(pattern)]
    assert 0 < len(refused) < len(patterns)
    for pattern in refused:
        for text in ("a" * 2_000, "a-" * 1_000, "s3://" + "a/" * 1_000, "arn:aws:a:" * 200, "0" * 2_000):
            value_problem(ValueSchema("string", pattern=pattern), f"{text}!\n")
