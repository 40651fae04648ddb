"""What only looks like an expression stays what it is, through every hole, and what is one stays one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.documents import JsonObject, JsonValue, is_container, trail_pointer
from smgen.expressions import Get, Join, Value, literal_value, rebuilt, value_from_json, value_to_json, walk_values
from smgen.runtime import Environment, FluentPipelineBuilder, ProxyFactory

#: Objects with the keys of expressions in every JSON form.
FORMS: tuple[JsonValue, ...] = ("/items/1", "x", 1, None, [], {}, True)
LOOK_ALIKES: tuple[JsonValue, ...] = (
    *({key: form} for key in ("Get", "Std:Join", "Std:JsonGet") for form in FORMS),
    {"Get": "Parameters.Missing"},
    {"Get": "Steps.Nowhere.ModelArtifacts.S3ModelArtifacts"},
    {"Std:Join": {"On": "/", "Values": ["a", {"Get": "Execution.PipelineName"}]}},
    {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.A.PropertyFiles.B"}, "Path": "c"}},
    {"Get": "x", "Set": "y"},
    [{"Get": "/items/1"}],
    {"op": {"Get": "/items/1"}},
    {"method": {"Std:Join": "x"}},
    {"deep": [[{"a": {"Get": 1}}]]},
)


def factory(folder: Path, request: JsonObject, **members: JsonValue) -> ProxyFactory:
    (folder / "artifact_types.json").write_text('{"types": {}}')
    contract: JsonObject = {"name": "Call", "version": "1.0.0", "kind": "Lambda", "request": request, **members}
    contract["step_fields"] = {"FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:call"}
    (folder / "call.json").write_text(json.dumps(contract))
    return ProxyFactory.read(folder)


def arguments(made: ProxyFactory, **config: object) -> JsonObject:
    p = FluentPipelineBuilder("Calls", Environment("dev", bucket="one-bucket"))
    p.add_step("Call", made.builder("Call", config or None))
    step = p.build().definition.document["Steps"]
    assert isinstance(step, list)
    assert isinstance(step[0], dict)
    found = step[0]["Arguments"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("value", LOOK_ALIKES, ids=json.dumps)
def test_a_text_of_json_holds_what_the_contract_says(tmp_path: Path, value: JsonValue) -> None:
    made = factory(tmp_path, {"body": {"$json": {"$literal": value}}})
    assert arguments(made) == {"body": json.dumps(value)}


@pytest.mark.parametrize("value", LOOK_ALIKES, ids=json.dumps)
def test_a_text_of_json_holds_what_stands_around_a_hole(tmp_path: Path, value: JsonValue) -> None:
    made = factory(tmp_path, {"body": {"$json": {"fixed": {"$literal": value}, "step": {"$step_name": True}}}})
    assert arguments(made) == {"body": json.dumps({"fixed": value, "step": "Call"})}


@pytest.mark.parametrize("value", LOOK_ALIKES, ids=json.dumps)
def test_a_literal_reaches_the_definition_as_it_is(tmp_path: Path, value: JsonValue) -> None:
    request: JsonObject = {
        "plain": {"$literal": value},
        "merged": {"$merge": [{"a": {"$literal": value}}, {"b": 1}]},
        "listed": [{"$literal": value}],
    }
    assert arguments(factory(tmp_path, request)) == {"plain": value, "merged": {"a": value, "b": 1}, "listed": [value]}


def test_an_expression_in_a_text_of_json_is_one(tmp_path: Path) -> None:
    made = factory(
        tmp_path,
        {"body": {"$json": {"id": {"$execution": "PipelineExecutionId"}, "look": {"$literal": {"Get": "x"}}}}},
    )
    assert arguments(made) == {
        "body": {
            "Std:Join": {
                "On": "",
                "Values": ['{"id": "', {"Get": "Execution.PipelineExecutionId"}, '", "look": {"Get": "x"}}'],
            }
        }
    }


@pytest.mark.parametrize("value", LOOK_ALIKES, ids=json.dumps)
def test_values_and_json(value: JsonValue) -> None:
    """There and back again, as a literal and as what a definition says."""
    assert value_to_json(literal_value(value)) == value
    assert value_to_json(value_from_json(value)) == value
    assert not any(isinstance(leaf, (Get, Join)) for _, leaf in walk_values(literal_value(value)))


def test_the_walk_and_the_rebuild_meet_every_leaf() -> None:
    value: Value = {"a": [1, Get("Parameters.X")], "b": {"c": Join("/", ("x",))}, "d": [], "e": None}
    assert [(trail_pointer(trail), leaf) for trail, leaf in walk_values(value) if not is_container(leaf)] == [
        ("/a/0", 1),
        ("/a/1", Get("Parameters.X")),
        ("/b/c", Join("/", ("x",))),
        ("/e", None),
    ]
    assert rebuilt(value, lambda leaf: leaf) == value
    assert rebuilt(value, lambda leaf: "x" if isinstance(leaf, Get) else leaf) == {
        "a": [1, "x"],
        "b": {"c": Join("/", ("x",))},
        "d": [],
        "e": None,
    }
