"""Every form of hole, filled for one step."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from smgen.authoring.builders import Reference
from smgen.building.filling import StepFiller
from smgen.contracts import contract_from_document
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject, JsonValue
from smgen.expressions import Get, Join, parse_expression, references, to_json
from smgen.runtime import Environment, External, FluentPipelineBuilder, StepConfig, Variable, join
from tests.runtime.fixture_package import one_of, rules_of

P = FluentPipelineBuilder("Fraud")
TEXT = P.string("Text")
WHOLE = P.integer("Whole")
NUMBER = P.float("Number")
FLAG = P.boolean("Flag")
TEXT_GET: JsonValue = {"Get": "Parameters.Text"}

FULL = Environment(
    "dev",
    account="1",
    region="eu-west-1",
    role="arn:role",
    bucket="b",
    kms_key="key",
    output_kms_key="out-key",
    subnets=("s-1",),
    security_group_ids=("g-1",),
    tags={"team": "x"},
    images={"own": "own:1"},
)

VALUES: JsonObject = {
    "type": "object",
    "properties": {
        "lambda": {"type": "number"},
        "i": {"type": "integer"},
        "b": {"type": "boolean"},
        "s": {"type": "string"},
        "l": {"type": "array", "items": {"type": "string"}},
        "m": {"type": "object", "additionalProperties": {"type": "number"}},
        "d": {"type": "integer", "default": 5},
    },
}


class Config(StepConfig):
    """The values of every kind, as a generated model has them."""

    lambda_: float | Variable[float] | None = None
    i: int | Variable[int] | None = None
    b: bool | Variable[bool] | None = None
    s: str | Variable[str] | None = None
    l: list[str | Variable[str]] | None = None  # noqa: E741  # a name that a contract may have
    m: dict[str, float | Variable[float]] | None = None
    d: int | None = None
    plain: str | Variable[str] | None = None
    listed: list[str | Variable[str]] | None = None
    image: str | None = None


def contract(request: JsonValue, *, step_fields: JsonValue = None) -> Any:
    return contract_from_document(
        {
            "name": "C",
            "version": "1.0.0",
            "kind": "Processing",
            "inputs": {
                "one": {"type": "Dataset"},
                "maybe": {"type": "Dataset", "required": False},
                "many": {"type": "Dataset", "many": True},
                "count": {"type": "Integer", "required": False},
            },
            "outputs": {"out": {"type": "Dataset", "output_name": "aws-out"}, "plain_out": {"type": "Dataset"}},
            "settings": {
                "plain": {"type": "string", "required": False},
                "listed": {"type": "array", "items": {"type": "string"}, "default": ["x", "y"]},
                "image": {"default": {"image": "own"}},
                "fixed": {"default": 7},
            },
            "hyperparameters": VALUES,
            "environment": VALUES,
            "request": request,
            "step_fields": {} if step_fields is None else step_fields,
            "source": {"entry": "run.py"},
        }
    )


def filler(
    request: JsonValue,
    config: Config | None = None,
    *,
    bindings: Mapping[str, Sequence[Reference]] | None = None,
    locations: Mapping[str, Any] | None = None,
    environment: Environment = FULL,
) -> StepFiller:
    return StepFiller(
        "Step",
        "Fraud",
        contract({"member": request, "AppSpecification": {"ContainerEntrypoint": []}}),
        config or Config(),
        bindings or {},
        locations or {},
        environment,
        lambda name: f"s3://code/{name}",
        Place(file="use.py", line=3),
        "Step",
    )


def filled(request: JsonValue, config: Config | None = None, **given: Any) -> JsonValue:
    """What stands at the member, or "gone"; nothing may be reported."""
    here = filler(request, config, **given)
    result = here.request().get("member", "gone")
    assert here.findings == []
    return result


def reported(request: JsonValue, config: Config | None = None, **given: Any) -> Finding:
    """The only thing that is reported; the member goes."""
    here = filler(request, config, **given)
    assert "member" not in here.request()
    (finding,) = here.findings
    return finding


ONE: dict[str, Sequence[Reference]] = {"one": [External("s3://one")]}
MANY: dict[str, Sequence[Reference]] = {"many": [External("s3://a"), External(TEXT)]}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("text", "text"),
        (3, 3),
        (None, None),
        ([], []),
        ({}, {}),
        ({"a": [1, {"b": True}]}, {"a": [1, {"b": True}]}),
        ({"$literal": {"$input": [{"x": 1}]}}, {"$input": [{"x": 1}]}),
        ({"$input": "one"}, "s3://one"),
        ({"$input": "maybe", "absent": "none"}, "none"),
        ({"$input": "maybe", "absent": None}, None),
        ({"$input": "maybe", "absent": {"a": [1]}}, {"a": [1]}),
        ({"$setting": "plain", "absent": "none"}, "none"),
        ({"$setting": "plain"}, "gone"),
        ({"$setting": "listed"}, ["x", "y"]),
        ({"$setting": "image"}, "own:1"),
        ({"$setting": "fixed"}, 7),
        ({"$default": "role"}, "arn:role"),
        ({"$default": "kms_key"}, "key"),
        ({"$default": "output_kms_key"}, "out-key"),
        ({"$default": "region"}, "eu-west-1"),
        ({"$default": "account"}, "1"),
        ({"$default": "bucket"}, "b"),
        ({"$default": "subnets"}, ["s-1"]),
        ({"$default": "security_group_ids"}, ["g-1"]),
        ({"$default": "network"}, {"SecurityGroupIds": ["g-1"], "Subnets": ["s-1"]}),
        ({"$default": "tags"}, [{"Key": "team", "Value": "x"}]),
        ({"$asset": "code"}, "s3://code/code"),
        ({"$asset": "code", "member": "run.py"}, "s3://code/code"),
        ({"$execution": "PipelineExecutionId"}, {"Get": "Execution.PipelineExecutionId"}),
        ({"$step_name": True}, "Step"),
        ({"$join": ["a", {"$step_name": True}, 3, 4.0, 0.5, True], "on": "-"}, "a-Step-3-4-0.5-true"),
        (
            {"$join": ["a", {"$execution": "PipelineName"}], "on": "/"},
            {"Std:Join": {"On": "/", "Values": ["a", {"Get": "Execution.PipelineName"}]}},
        ),
        ({"$join": ["a", {"$setting": "plain"}]}, "gone"),
        ({"$join": ["a", {"$setting": "plain", "absent": ""}]}, "a"),
        ({"$merge": [{"a": 1, "b": 2}, {"b": 3, "c": 4}]}, {"a": 1, "b": 3, "c": 4}),
        ({"$merge": [{"a": {"$setting": "plain"}}, {"b": 1}]}, {"b": 1}),
        ({"$merge": [{"a": {"$setting": "plain"}}]}, "gone"),
        ({"$when": "one", "value": {"x": {"$input": "one"}}}, {"x": "s3://one"}),
        ({"$when": "maybe", "value": 1}, "gone"),
        ({"$when": "fixed", "value": 1}, 1),
        ({"$when": "plain", "value": 1}, "gone"),
        # The optional port inside takes the nearest $when with it, not what is around that.
        ({"a": {"$when": "one", "value": {"x": {"$input": "maybe"}}}, "b": 1}, {"b": 1}),
        # An optional port takes the nearest item with it, from however deep.
        ([{"x": {"y": {"$input": "maybe"}}, "z": 1}, {"x": 2}], [{"x": 2}]),
        ([[{"x": {"$input": "maybe"}}, 1], 2], [[1], 2]),
        # Lists and objects that lose everything go as well; those that were empty stay.
        ([{"$input": "maybe"}], "gone"),
        ({"a": {"b": {"$setting": "plain"}}}, "gone"),
        ({"a": {"b": {"$setting": "plain"}}, "c": {}}, {"c": {}}),
        ([{"$when": "one", "items": [{"$input": "one"}, 2]}, 3], ["s3://one", 2, 3]),
        ([{"$when": "maybe", "items": [{"$input": "maybe"}, 2]}, 3], [3]),
        ([{"$when": "one", "items": [{"$when": "maybe", "items": [1]}, {"$input": "maybe"}, 4]}], [4]),
        ([{"$each": "many", "item": {"u": {"$item": True}}}], [{"u": "s3://a"}, {"u": TEXT_GET}]),
        (
            [{"$each": "many", "item": {"u": {"$join": [{"$item": True}, "/x"]}}}],
            [{"u": "s3://a/x"}, {"u": {"Std:Join": {"On": "", "Values": [TEXT_GET, "/x"]}}}],
        ),
        ([{"$each": "many", "item": {"u": {"$item": True}, "v": {"$input": "maybe"}}}, 1], [1]),
        (
            [{"$each": "many", "item": {"n": {"$join": ["in", {"$item": "number"}], "on": "-"}, "u": {"$item": True}}}],
            [{"n": "in-1", "u": "s3://a"}, {"n": "in-2", "u": TEXT_GET}],
        ),
    ],
)
def test_every_form_of_hole(request_: JsonValue, expected: JsonValue) -> None:
    assert filled(request_, bindings={**ONE, **MANY}) == expected


def test_a_port_with_many_may_be_empty() -> None:
    assert filled([{"$each": "many", "item": {"$item": True}}]) == "gone"
    assert filled([{"$each": "many", "item": {"$item": True}}, 1]) == [1]


def test_a_member_that_goes_takes_nothing_else_at_the_top() -> None:
    here = filler({"$input": "maybe"})
    request = here.request()
    assert "member" not in request
    assert request["AppSpecification"] == {"ContainerEntrypoint": []}


def test_step_fields_are_filled_as_the_request_is() -> None:
    here = filler(1)
    here.contract = contract({}, step_fields={"A": {"$setting": "fixed"}, "B": {"$setting": "plain"}})
    assert here.step_fields() == {"A": 7}


def test_a_literal_is_a_value_of_its_own() -> None:
    here = filler({"$literal": {"a": [1]}})
    first = here.request()["member"]
    assert isinstance(first, dict)
    first["a"] = "changed"
    assert here.request()["member"] == {"a": [1]}


# Text and JSON form ---------------------------------------------------------------------------------------------


def joined(*values: JsonValue) -> JsonValue:
    return {"Std:Join": {"On": "", "Values": list(values)}}


NUMBER_GET: JsonValue = {"Get": "Parameters.Number"}
WHOLE_GET: JsonValue = {"Get": "Parameters.Whole"}
FLAG_GET: JsonValue = {"Get": "Parameters.Flag"}


@pytest.mark.parametrize(
    ("values", "text", "as_json"),
    [
        ({"lambda_": 4.0}, "4", "4.0"),
        ({"lambda_": -0.0}, "0", "-0.0"),
        ({"lambda_": 0.1}, "0.1", "0.1"),
        ({"lambda_": 1e-05}, "1e-05", "1e-05"),
        ({"lambda_": 1e15}, "1000000000000000", "1000000000000000.0"),
        ({"lambda_": 1e22}, "1e+22", "1e+22"),
        ({"lambda_": 2}, "2", "2"),
        ({"lambda_": NUMBER}, joined(NUMBER_GET), joined(NUMBER_GET)),
        ({"lambda_": WHOLE}, joined(WHOLE_GET), joined(WHOLE_GET)),
        ({"i": 10**30}, "1000000000000000000000000000000", "1000000000000000000000000000000"),
        ({"i": -1}, "-1", "-1"),
        ({"b": True}, "true", "true"),
        ({"b": FLAG}, joined(FLAG_GET), joined(FLAG_GET)),
        ({"s": 'a"ü\\'}, 'a"ü\\', '"a\\"\\u00fc\\\\"'),
        ({"s": ""}, "", '""'),
        # A text that is known later needs its quotes around it in JSON.
        ({"s": TEXT}, TEXT_GET, joined('"', TEXT_GET, '"')),
        (
            {"s": join("/", TEXT, "x")},
            {"Std:Join": {"On": "/", "Values": [TEXT_GET, "x"]}},
            joined('"', {"Std:Join": {"On": "/", "Values": [TEXT_GET, "x"]}}, '"'),
        ),
        ({"l": ["a", 'b"']}, '["a","b\\""]', '["a", "b\\""]'),
        ({"l": []}, "[]", "[]"),
        ({"l": ["a", TEXT, "b"]}, joined('["a","', TEXT_GET, '","b"]'), joined('["a", "', TEXT_GET, '", "b"]')),
        ({"m": {"x": 1.5, 'y"': 2.0}}, '{"x":1.5,"y\\"":2.0}', '{"x": 1.5, "y\\"": 2.0}'),
        ({"m": {"x": NUMBER}}, joined('{"x":', NUMBER_GET, "}"), joined('{"x": ', NUMBER_GET, "}")),
    ],
)
def test_values_as_text_and_as_json(values: dict[str, Any], text: JsonValue, as_json: JsonValue) -> None:
    (field,) = values
    name = {"lambda_": "lambda"}.get(field, field)
    config = Config(**values)
    assert filled({"$hyperparameters": "text"}, config) == {name: text, "d": "5"}
    assert filled({"$hyperparameters": "json"}, config) == {name: as_json, "d": "5"}
    assert filled({"$environment": True}, config) == {name: text, "d": "5"}


def test_values_stand_in_the_order_of_the_contract_and_defaults_give_way() -> None:
    config = Config(d=6, s="x", lambda_=1.0)
    values = filled({"$hyperparameters": "text"}, config)
    assert values == {"lambda": "1", "s": "x", "d": "6"}
    assert isinstance(values, dict)
    assert list(values) == ["lambda", "s", "d"]


def test_settings_keep_their_types_and_variables() -> None:
    assert filled({"$setting": "plain"}, Config(plain=TEXT)) == TEXT_GET
    assert filled({"$setting": "listed"}, Config(listed=["a", TEXT])) == ["a", TEXT_GET]
    assert filled({"$join": [{"$setting": "plain"}, "/", {"$setting": "fixed"}]}, Config(plain="p")) == "p/7"


def test_what_was_used_is_remembered() -> None:
    here = filler({"$hyperparameters": "json"}, Config(s=TEXT, l=[join("", TEXT, WHOLE)]))
    here.request()
    assert [origin.name for origin in here.origins] == ["Text", "Text", "Whole"]


@given(
    st.builds(
        Config,
        lambda_=st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([NUMBER, WHOLE]),
        s=st.text() | st.just(TEXT),
        l=st.lists(st.text() | st.just(TEXT)),
        m=st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False) | st.just(NUMBER)),
    ),
    st.sampled_from(["text", "json"]),
)
def test_every_value_is_a_text_or_an_expression_that_reads_back(config: Config, form: str) -> None:
    values = filled({"$hyperparameters": form}, config)
    assert isinstance(values, dict)
    for value in values.values():
        if not isinstance(value, str):
            expression = parse_expression(value)
            assert expression is not None
            assert to_json(expression) == value
    # What it looks like once the pipeline runs is the JSON of the value with the variables' values in it.
    if form == "json":
        assert json.loads(_run(values["l"])) == ["run" if item is TEXT else item for item in config.l or []]
        assert json.loads(_run(values["m"])) == {
            key: 2 if value is NUMBER else value for key, value in (config.m or {}).items()
        }


def _run(value: JsonValue) -> str:
    """The text that the service makes of a value, with every Text parameter "run" and every number 2."""
    if isinstance(value, str):
        return value
    expression = parse_expression(value)
    if isinstance(expression, Join):
        return expression.on.join(_run(to_json(part)) for part in expression.values)
    assert isinstance(expression, Get)
    return "run" if expression.path == "Parameters.Text" else "2"


PARTS = st.one_of(
    st.text(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from([TEXT, WHOLE, NUMBER, FLAG]),
)


@given(st.recursive(PARTS, lambda inner: st.builds(join, st.text(max_size=2), inner, inner), max_leaves=12))
def test_every_join_reads_back(value: Any) -> None:
    text = join("/", value, TEXT)
    written = to_json(text.__smgen_expression__)
    assert parse_expression(written) == text.__smgen_expression__
    read = [expression for _, expression in references([written]) if isinstance(expression, Get)]
    assert len(read) == len(text.__smgen_origins__)


# Output locations and what is missing ---------------------------------------------------------------------------


def location(*parts: JsonValue) -> JsonValue:
    return {"Std:Join": {"On": "/", "Values": list(parts)}}


ID: JsonValue = {"Get": "Execution.PipelineExecutionId"}


@pytest.mark.parametrize(
    ("environment", "start"),
    [
        (FULL, ["s3:/", "b"]),
        (Environment(output_location="s3://other"), ["s3:/", "other"]),
        (Environment(output_location="s3://other/some/prefix/"), ["s3:/", "other", "some", "prefix"]),
        (Environment(output_location="s3://other//twice"), ["s3:/", "other", "twice"]),
    ],
)
def test_the_default_location_of_an_output(environment: Environment, start: list[JsonValue]) -> None:
    here = filled({"$output_location": "out"}, environment=environment)
    assert here == location(*start, "Fraud", ID, "Step", "output", "aws-out")
    here = filled({"$output_location": "plain_out"}, environment=environment)
    assert here == location(*start, "Fraud", ID, "Step", "output", "plain_out")


def test_a_location_may_be_a_text_or_a_text_variable() -> None:
    assert filled({"$output_location": "out"}, locations={"out": "s3://x/y"}) == "s3://x/y"
    here = filler({"$output_location": "out"}, locations={"out": TEXT})
    assert here.request()["member"] == TEXT_GET
    assert [origin.name for origin in here.origins] == ["Text"]


@pytest.mark.parametrize("wrong", ["", 3, NUMBER, ["s3://x"], External("s3://x")])
def test_a_location_that_is_none_is_reported(wrong: object) -> None:
    finding = reported({"$output_location": "out"}, locations={"out": wrong})
    assert (finding.rule, finding.message) == ("SMG207", "the location of the output 'out' is no S3 location")
    assert finding.given == f"{wrong!r} ({type(wrong).__name__})"


def test_a_missing_role_bucket_and_image() -> None:
    bare = Environment("bare", images={"owm": "x"})
    role = reported({"$default": "role"}, environment=bare)
    assert (role.rule, role.message) == ("SMG211", "the environment 'bare' has no role")
    assert role.fix == (
        'add role = "…" (ARN of the execution role) to [tool.smgen.environments.bare] in pyproject.toml'
    )
    bucket = reported({"$output_location": "out"}, environment=bare)
    assert (bucket.rule, bucket.message) == ("SMG211", "the environment 'bare' has no bucket")
    image = reported({"$setting": "image"}, environment=bare)
    assert (image.rule, image.message) == ("SMG212", "the environment 'bare' has no image 'own'")
    assert (image.given, image.expected, image.nearest) == ("own", "owm", "owm")
    for name in ("kms_key", "output_kms_key", "region", "account", "bucket", "network", "subnets", "tags"):
        assert filled({"$default": name}, environment=bare) == "gone"


def test_a_text_is_not_made_of_what_the_environment_lacks() -> None:
    finding = reported({"$join": ["s3://", {"$default": "bucket"}, "/x"]}, environment=Environment("bare"))
    assert (finding.rule, finding.message) == ("SMG211", "the environment 'bare' has no bucket")
    assert filled({"$join": ["s3://", {"$default": "bucket"}, "/x"]}) == "s3://b/x"


@pytest.mark.parametrize(
    ("half", "other"),
    [(Environment(subnets=("s",)), "security_group_ids"), (Environment(security_group_ids=("g",)), "subnets")],
)
def test_half_a_network_is_reported(half: Environment, other: str) -> None:
    here = filler({"$default": "network"}, environment=half)
    here.request()
    (finding,) = here.findings
    assert (finding.rule, finding.message) == ("SMG211", f"the environment 'default' has no {other}")


def test_a_number_that_is_too_long_to_write_is_refused() -> None:
    finding = one_of(lambda: filler({"$hyperparameters": "text"}, Config(i=10**5000)).request())
    assert (finding.rule, finding.message) == ("SMG207", "a number has more digits than can be written")


def test_no_number_without_an_end_reaches_a_filler() -> None:
    assert rules_of(lambda: Config(lambda_=math.inf)) == ["SMG207"]


def test_the_inputs_of_a_port_with_many_have_names_and_folders_of_their_own() -> None:
    document: JsonObject = {
        "name": "C",
        "version": "1.0.0",
        "kind": "Processing",
        "inputs": {"tables": {"type": "Dataset", "many": True, "local_path": "/opt/ml/processing/tables"}},
        "outputs": {},
        "request": {},
    }
    here = filler({}, bindings={"tables": [External("s3://a"), External("s3://b")]})
    here = replace(here, contract=contract_from_document(document))

    items = here.request()["ProcessingInputs"]

    assert isinstance(items, list)
    assert [
        (read(item, "InputName"), read(item, "S3Input", "LocalPath"), read(item, "S3Input", "S3Uri")) for item in items
    ] == [
        ("tables-1", "/opt/ml/processing/tables/1", "s3://a"),
        ("tables-2", "/opt/ml/processing/tables/2", "s3://b"),
    ]


def read(value: JsonValue, *keys: str) -> JsonValue:
    for key in keys:
        assert isinstance(value, dict)
        value = value[key]
    return value
