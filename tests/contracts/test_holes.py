"""The hole grammar: every value survives being written and read, and any JSON gives a value or findings."""

from __future__ import annotations

from functools import cache
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from smgen.contract_model.holes import HOLE_KEYS, Hole, RawLiteral, written as written_by_smgen
from smgen.contracts import (
    ABSENT,
    ENVIRONMENT_DEFAULTS,
    AssetHole,
    DefaultHole,
    EachHole,
    EnvironmentHole,
    ExecutionHole,
    HyperparametersHole,
    InputHole,
    ItemHole,
    JoinHole,
    JsonHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    OutputLocationHole,
    PropertyHole,
    SettingHole,
    StepNameHole,
    Value,
    WhenHole,
    children,
    parse_value,
    walk,
)
from smgen.documents import JsonObject, JsonValue, object_at as members, shown_json
from smgen.expressions import EXECUTION_VARIABLES
from tests.contracts.hole_grammar import hold_holes
from tests.contracts.samples import Validator, published_schema, validator_of
from tests.contracts.written_values import written
from tests.golden import Golden

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
NAMES = st.text(min_size=1, max_size=8)
KEYS = st.text(max_size=8).filter(lambda key: not key.startswith("$"))


def when_items(name: str, items: list[Value]) -> Value:
    return WhenHole(name, items=tuple(items))


def when_value(name: str, value: Value) -> Value:
    return WhenHole(name, value=value)


def a_list(items: list[Value]) -> Value:
    return ListValue(tuple(items))


def an_object(members: dict[str, Value]) -> Value:
    return ObjectValue(tuple(members.items()))


def a_join(parts: list[Value], on: str) -> Value:
    return JoinHole(tuple(parts), on)


def a_merge(parts: list[Value]) -> Value:
    return MergeHole(tuple(parts))


def list_items(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Items of a list: values, and holes that give several items or none."""
    several = st.builds(when_items, NAMES, st.lists(values, max_size=3))
    return values | several | st.builds(EachHole, NAMES, values)


def compound(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Values made of other values."""
    parts = st.lists(values, min_size=1, max_size=3)
    return (
        st.builds(a_list, st.lists(list_items(values), max_size=3))
        | st.builds(an_object, st.dictionaries(KEYS, values, max_size=3))
        | st.builds(a_join, parts, st.text(max_size=2))
        | st.builds(a_merge, parts)
        | st.builds(JsonHole, values)
        | st.builds(when_value, NAMES, values)
    )


FIXED: list[Value] = [
    HyperparametersHole("text"),
    HyperparametersHole("json"),
    EnvironmentHole(),
    StepNameHole(),
    ItemHole(),
]
SIMPLE: st.SearchStrategy[Value] = (
    st.builds(LiteralValue, SCALARS)
    | st.builds(InputHole, NAMES, st.just(ABSENT) | JSON)
    | st.builds(SettingHole, NAMES, st.just(ABSENT) | JSON)
    | st.builds(DefaultHole, st.sampled_from(ENVIRONMENT_DEFAULTS))
    | st.sampled_from(FIXED)
    | st.builds(AssetHole, NAMES, st.none() | st.text(min_size=1, max_size=6))
    | st.builds(OutputLocationHole, NAMES)
    | st.builds(ExecutionHole, st.sampled_from(EXECUTION_VARIABLES))
    | st.builds(PropertyHole, NAMES)
)
VALUES: st.SearchStrategy[Value] = st.recursive(SIMPLE, compound, max_leaves=12)


@cache
def value_validator() -> Validator:
    """The published schema, at a value of the request."""
    return validator_of({"$ref": "#/$defs/value", "$defs": published_schema("step-contract")["$defs"]})


def test_every_hole_is_in_the_schema_and_in_the_documentation(golden: Golden) -> None:
    hold_holes(golden)


@given(VALUES)
def test_a_value_survives_being_written_and_read(value: Value) -> None:
    assert parse_value(written(value)) == (value, ())


@given(VALUES | st.builds(LiteralValue, JSON) | st.just(ItemHole(number=True)))
def test_smgen_writes_what_it_reads(value: Value) -> None:
    assert parse_value(written_by_smgen(value)) == (value, ())


@given(VALUES)
def test_smgen_writes_a_value_as_a_contract_does(value: Value) -> None:
    assert written_by_smgen(value) == written(value)


@given(VALUES)
def test_a_value_rebuilt_of_its_parts_is_the_same(value: Value) -> None:
    def again(part: Value) -> Value:
        return part.rebuilt(again)

    seen: list[Value] = []

    def noted(part: Value) -> Value:
        seen.append(part)
        return LiteralValue("other")

    assert again(value) == value
    bare = value.rebuilt(noted)
    assert tuple(seen) == children(value)
    assert children(bare) == (LiteralValue("other"),) * len(seen)


def test_every_hole_has_a_key_of_its_own() -> None:
    assert [hole.keys[0] for hole in (*get_args(Hole), LiteralValue, RawLiteral)] == list(HOLE_KEYS)


@given(VALUES)
def test_the_published_schema_takes_every_value(value: Value) -> None:
    assert value_validator().is_valid(written(value))


@given(JSON)
def test_any_json_gives_a_value_or_findings(value: JsonValue) -> None:
    parsed, findings = parse_value(value)
    assert {finding.rule for finding in findings} <= {"SMG112"}
    if not findings:
        assert written(parsed) == value or "$literal" in shown_json(value)


@given(
    st.dictionaries(
        st.sampled_from([*HOLE_KEYS, "absent", "value", "items", "item", "on", "member", "$odd"]),
        JSON,
        min_size=1,
        max_size=3,
    )
)
def test_the_published_schema_refuses_what_the_parser_refuses(value: JsonObject) -> None:
    _, findings = parse_value(value)
    if findings:
        assert not value_validator().is_valid(value)


@given(JSON)
def test_a_literal_is_taken_as_it_stands(value: JsonValue) -> None:
    assert parse_value({"$literal": value}) == (LiteralValue(value), ())


@pytest.mark.parametrize("key", HOLE_KEYS)
def test_every_hole_is_in_the_published_schema(key: str) -> None:
    definitions = members(published_schema("step-contract")["$defs"])
    assert any(key in members(members(definition).get("properties")) for definition in definitions.values())


def test_pointers_and_walking() -> None:
    value, findings = parse_value(
        {"a": [{"$when": "p", "items": [{"$input": "p"}]}], "b/c": {"$join": [1, {"$item": True}]}}, "/request"
    )
    assert findings == ()
    assert [(type(inner).__name__, inner.pointer) for inner in walk(value)] == [
        ("ObjectValue", "/request"),
        ("ListValue", "/request/a"),
        ("WhenHole", "/request/a/0"),
        ("InputHole", "/request/a/0/items/0"),
        ("JoinHole", "/request/b~1c"),
        ("LiteralValue", "/request/b~1c/$join/0"),
        ("ItemHole", "/request/b~1c/$join/1"),
    ]
    assert children(LiteralValue(1)) == ()


@pytest.mark.parametrize(
    ("value", "message", "nearest"),
    [
        ({"$inputs": "a"}, "there is no hole '$inputs'", "$input"),
        ({"$input": "a", "abesnt": 1}, "the hole '$input' has no key 'abesnt'", "absent"),
        ({"$input": "a", "$setting": "b"}, "a hole has one key that starts with '$'", None),
        ({"$input": 7}, "the hole '$input' names something: a text", None),
        ({"$execution": "PipelineExecutionID"}, "there is no execution variable", "PipelineExecutionId"),
        ({"$default": "roles"}, "an environment has no default 'roles'", "role"),
        ({"$hyperparameters": "yaml"}, "hyperparameters are written as 'text' or 'json'", None),
        ({"$each": "a"}, "the hole '$each' needs the key 'item'", None),
        ({"$when": "a", "value": 1, "items": []}, "'$when' has either 'value' or 'items'", None),
        ({"$join": "a"}, "the hole '$join' takes a list of values", None),
        ({"$join": [1], "on": 2}, "'on' is the text between the values", None),
        ({"$asset": "code", "member": 1}, "the member of an asset is a file name", None),
        ({"$step_name": "yes"}, "the hole '$step_name' is written with true", None),
    ],
)
def test_what_is_said_about_a_wrong_hole(value: JsonValue, message: str, nearest: str | None) -> None:
    _, (finding,) = parse_value(value)
    assert finding.message.startswith(message)
    assert finding.nearest == nearest
