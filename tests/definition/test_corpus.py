"""The eight recorded definitions: nothing is lost, every count and every recorded edge is found."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from smgen.definition import Definition, Step, dump_definition, parse_definition
from smgen.documents import DEFINITION_LIMITS, JsonObject, JsonValue, append_pointer, parse_document, pretty_json
from smgen.expressions import (
    Expression,
    Get,
    Join,
    JsonGet,
    PropertyFileReference,
    StepReference,
    parse_condition,
    references,
    target,
    to_json,
)

FILES = sorted((Path(__file__).parents[1] / "data" / "corpus").glob("*.json"))


def recorded(file: Path) -> JsonObject:
    value: JsonValue = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(value, dict)
    return value


def definition_of(file: Path) -> Definition:
    return parse_definition(recorded(file)["definition"], file=file.name)


def objects(value: JsonValue) -> list[JsonObject]:
    assert isinstance(value, list)
    return [item for item in value if isinstance(item, dict)]


def found_in(definition: Definition) -> list[tuple[str, Expression]]:
    return [(append_pointer("", *parts), found) for parts, found in references(definition.document)]


def test_the_corpus_is_complete() -> None:
    assert [file.name[:2] for file in FILES] == ["01", "02", "03", "04", "05", "06", "07", "08"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_definition_comes_back_byte_for_byte(file: Path) -> None:
    text = pretty_json(recorded(file)["definition"])
    document = parse_document(text.encode(), "definition.json", DEFINITION_LIMITS)
    assert pretty_json(dump_definition(parse_definition(document))) == text
    assert pretty_json(dump_definition(definition_of(file))) == text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_views_agree_with_the_recorded_counts(file: Path) -> None:
    summary = recorded(file)["summary"]
    assert isinstance(summary, dict)
    definition = definition_of(file)
    steps = definition.all_steps()
    located = found_in(definition)
    found = [expression for _, expression in located]
    reads = [target(expression) for expression in found if isinstance(expression, Get)]
    properties = Counter(
        re.sub(r"\['[^']*'\]", "['*']", read.path) for read in reads if isinstance(read, StepReference)
    )
    conditions = Counter(
        str(condition["Type"])
        for step in steps
        if step.type == "Condition"
        for condition in objects(step.arguments["Conditions"])
    )
    assert {
        "n_steps": len(steps),
        "types": dict(Counter(step.type for step in steps)),
        "edges": properties.total(),
        "props": dict(properties),
        "conds": dict(conditions),
        "params": len(definition.parameters),
        # The recorded count leaves out the location inside a JsonGet.
        "joins": sum(isinstance(item, Join) for at, item in located if "/Std:JsonGet/" not in at),
        "json_gets": sum(isinstance(expression, JsonGet) for expression in found),
        "depends_on": sum(len(step.depends_on) for step in steps),
        "property_files": sum(len(step.property_files) for step in steps),
        "cache": sum(step.cache is not None for step in steps),
        "retry": sum(step.retry != () for step in steps),
    } == summary


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_steps_and_parameters_agree_with_the_recorded_ones(file: Path) -> None:
    facts, definition = recorded(file), definition_of(file)
    for step, expected in zip(definition.all_steps(), objects(facts["steps"]), strict=True):
        assert (step.name, step.type) == (expected["name"], expected["type"])
        inside = expected.get("inside")
        assert [(scope.step, scope.branch) for scope in step.scope] == (
            [(inside["condition"], inside["branch"])] if isinstance(inside, dict) else []
        )
        assert [dependency.step for dependency in step.depends_on] == expected["depends_on"]
        assert [
            {"name": item.name, "output": item.output, "path": item.path} for item in step.property_files
        ] == expected.get("property_files", [])
    assert [
        {"name": parameter.name, "type": parameter.type, "default": parameter.default}
        for parameter in definition.parameters
    ] == facts["parameters"]


def place_of(step: Step, edge: JsonObject) -> str:
    """The pointer of the value that a recorded edge lands in, or of what holds it."""
    kind, name = edge["kind"], edge["to_input"]
    assert isinstance(name, str)
    arguments = append_pointer(step.pointer, "Arguments")
    if kind == "condition":
        return append_pointer(arguments, "Conditions")
    if kind == "step_field":
        return append_pointer(step.pointer, name)
    if kind == "lambda_input":
        return append_pointer(arguments, name)
    if kind == "processing_input":
        return _item_named(step.arguments["ProcessingInputs"], "InputName", name, f"{arguments}/ProcessingInputs")
    if kind == "training_channel":
        if step.type == "Tuning":
            job = step.arguments["TrainingJobDefinition"]
            assert isinstance(job, dict)
            at = f"{arguments}/TrainingJobDefinition/InputDataConfig"
            return _item_named(job["InputDataConfig"], "ChannelName", name, at)
        return _item_named(step.arguments["InputDataConfig"], "ChannelName", name, f"{arguments}/InputDataConfig")
    assert kind == "argument_field"
    return append_pointer(arguments, *re.findall(r"[^.\[\]]+", name))


def _item_named(items: JsonValue, member: str, name: str, at: str) -> str:
    (index,) = (index for index, item in enumerate(objects(items)) if item[member] == name)
    return append_pointer(at, index)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_recorded_edge_is_found_where_it_is(file: Path) -> None:
    definition = definition_of(file)
    found = found_in(definition)
    for edge in objects(recorded(file)["edges"]):
        step = definition.step(str(edge["to_step"]))
        assert step is not None
        at = place_of(step, edge)
        here = [expression for where, expression in found if where == at or where.startswith(at + "/")]
        if "property_path" in edge:
            expected = StepReference(str(edge["from_step"]), str(edge["property_path"]))
            assert expected in [target(expression) for expression in here if isinstance(expression, Get)]
            continue
        (json_get,) = (expression for expression in here if isinstance(expression, JsonGet))
        assert json_get.path == edge["json_path"]
        if "property_file" in edge:
            assert isinstance(json_get.source, Get)
            assert target(json_get.source) == PropertyFileReference(str(edge["from_step"]), str(edge["property_file"]))
        else:
            assert json_get.form == "S3Uri"
            assert isinstance(json_get.source, Join)
            first = json_get.source.values[0]
            assert isinstance(first, Get)
            assert target(first) == StepReference(str(edge["from_step"]), "OutputDataConfig.S3OutputPath")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_expression_and_condition_is_written_as_it_was(file: Path) -> None:
    definition = definition_of(file)
    values = {append_pointer("", *parts): to_json(found) for parts, found in references(definition.document)}
    todo: list[tuple[str, JsonValue]] = [("", definition.document)]
    seen = 0
    while todo:
        at, value = todo.pop()
        if at in values:
            assert json.dumps(values[at]) == json.dumps(value)
            seen += 1
        if isinstance(value, dict):
            assert at in values or not any(key == "Get" or key.startswith("Std:") for key in value)
            todo.extend((append_pointer(at, key), item) for key, item in value.items())
        elif isinstance(value, list):
            todo.extend((append_pointer(at, index), item) for index, item in enumerate(value))
    assert seen == len(values)
    for step in definition.all_steps():
        if step.type == "Condition":
            for value in objects(step.arguments["Conditions"]):
                condition = parse_condition(value)
                assert condition is not None
                assert json.dumps(to_json(condition)) == json.dumps(value)
