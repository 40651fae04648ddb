"""Config models: names, limits and defaults as the contract has them, whatever they are called."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, ValidationError
from typing_extensions import TypeAliasType

from smgen.aws import service_model
from smgen.contracts import CONFIG_ATTRIBUTES, ValueSchema, config_limits, contract_from_document
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from smgen.generate.config_models import config_model
from smgen.generate.model_generator import ModelGenerator
from smgen.runtime import StepConfig
from tests.generate.packages import class_of, contract_document, field_docstrings, hyperparameters, imported, planned


def field_annotations(document: JsonObject) -> dict[str, str]:
    """Each field's annotation and default, as one text."""
    tree = ast.parse(config_model(contract_from_document(document), ModelGenerator()).source)
    found: dict[str, str] = {}
    for member in class_of(tree, "FitConfig").body:
        if isinstance(member, ast.AnnAssign):
            default = "" if member.value is None else f" = {ast.unparse(member.value)}"
            found[ast.unparse(member.target)] = f"{ast.unparse(member.annotation)}{default}"
    return found


def aliases(document: JsonObject) -> dict[str, str]:
    tree = ast.parse(config_model(contract_from_document(document), ModelGenerator()).source)
    found: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            assert isinstance(statement.value, ast.Call)
            found[ast.unparse(statement.targets[0])] = ast.unparse(statement.value.args[1])
    return found


def with_hyperparameters(properties: JsonObject, *required: str) -> JsonObject:
    return contract_document(
        hyperparameters=hyperparameters(properties, *required),
        request={"HyperParameters": {"$hyperparameters": "text"}},
    )


def test_values_that_would_share_a_type_alias_get_one_each() -> None:
    document = with_hyperparameters(
        {
            "max_depth": {"type": "integer", "minimum": 1},
            "maxDepth": {"type": "integer", "minimum": 5},
            "MaxDepthValue": {"type": "integer", "minimum": 7},
        }
    )
    assert field_annotations(document) == {
        "max_depth": "MaxDepthValue2 | IntegerVariable | None = None",
        "maxDepth": "MaxDepthValue3 | IntegerVariable | None = None",
        "MaxDepthValue": "MaxDepthValueValue | IntegerVariable | None = None",
    }
    assert aliases(document) == {
        "MaxDepthValue2": "Annotated[int, Field(ge=1)]",
        "MaxDepthValue3": "Annotated[int, Field(ge=5)]",
        "MaxDepthValueValue": "Annotated[int, Field(ge=7)]",
    }


def test_fields_keep_their_names_whatever_the_tool_thinks_of_them() -> None:
    names = ("Field", "Literal", "ClassVar", "Annotated", "field", "date", "Any", "BaseModel", "smgenname000000", "cls")
    document = with_hyperparameters({name: {"type": "integer"} for name in names})
    assert field_annotations(document) == dict.fromkeys(names, "int | IntegerVariable | None = None")


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        *(("lambda", "lambda_"), ("model_config", "model_config_"), ("copy", "copy_"), ("type", "type_")),
        *(("learning rate", "learning_rate"), ("größe", "gr__e"), ("1st", "x1st"), ("_hidden", "x_hidden")),
    ],
)
def test_names_that_are_none_for_python_are_told_in_the_docstring(name: str, identifier: str) -> None:
    document = with_hyperparameters({name: {"type": "string"}})
    assert list(field_annotations(document)) == [identifier]
    tree = ast.parse(config_model(contract_from_document(document), ModelGenerator()).source)
    told = f'The contract\'s name for it is "{name}".'
    assert field_docstrings(class_of(tree, "FitConfig")) == {identifier: told}


def test_no_field_can_hide_what_a_model_is_made_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        public = {name for name in dir(StepConfig) if not name.startswith("_")}
    assert public == {name for name in dir(BaseModel) if not name.startswith("_")}
    assert public <= CONFIG_ATTRIBUTES
    # A field of one of these names hides something of the class, which pydantic says when a module is imported.
    assert {name for name in dir(type(BaseModel)) if not name.startswith("_")} | {"Config"} <= CONFIG_ATTRIBUTES


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        ({"type": "integer"}, "int | IntegerVariable | None = None"),
        ({"type": "integer", "default": 2**70}, f"int | IntegerVariable = {2**70}"),
        ({"type": "number", "default": 5}, "float | FloatVariable = 5"),
        ({"type": "number", "default": 1e16}, "float | FloatVariable = 1e+16"),
        ({"type": "boolean", "default": False}, "bool | BooleanVariable = False"),
        ({"type": "string", "default": ""}, "str | StringVariable = ''"),
        ({"enum": ["", "a"], "default": ""}, "Literal['', 'a'] | StringVariable = ''"),
        ({"enum": [""]}, "Literal[''] | StringVariable | None = None"),
        ({"enum": [1, 2]}, "Literal[1, 2] | IntegerVariable | None = None"),
        ({"type": "integer", "enum": [1, 2], "default": 2}, "Literal[1, 2] | IntegerVariable = 2"),
        ({"enum": [True]}, "Literal[True] | BooleanVariable | None = None"),
        ({"enum": [True, False]}, "Literal[True, False] | BooleanVariable | None = None"),
        ({"const": "x"}, "Literal['x'] | StringVariable | None = None"),
        ({"const": 3}, "Literal[3] | IntegerVariable | None = None"),
        ({"type": "string", "enum": ["ab"], "minLength": 1}, "Literal['ab'] | StringVariable | None = None"),
        ({"type": "array", "items": {"type": "string"}}, "Sequence[str | StringVariable] | None = None"),
        (
            {"type": "array", "items": {"enum": ["a", "b"]}},
            "Sequence[Literal['a', 'b'] | StringVariable] | None = None",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "number"}},
            "Mapping[str, float | FloatVariable] | None = None",
        ),
    ],
)
def test_types_without_limits(schema: JsonObject, annotation: str) -> None:
    assert field_annotations(with_hyperparameters({"a": schema})) == {"a": annotation}


@pytest.mark.parametrize(
    ("schema", "alias"),
    [
        ({"type": "integer", "minimum": 1.0, "maximum": 2**70}, f"Annotated[int, Field(ge=1, le={2**70})]"),
        ({"type": "integer", "exclusiveMinimum": 0.5}, "Annotated[int, Field(ge=1)]"),
        ({"type": "integer", "minimum": -(2**80)}, f"Annotated[int, Field(ge=-{2**80})]"),
        ({"type": "integer", "multipleOf": 3}, "Annotated[int, Field(multiple_of=3)]"),
        (
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            "Annotated[float, Field(gt=0.0, lt=1.0)]",
        ),
        ({"type": "number", "minimum": 1e-07, "maximum": 1e308}, "Annotated[float, Field(ge=1e-07, le=1e+308)]"),
        ({"type": "string", "minLength": 1, "maxLength": 3}, "Annotated[str, Field(max_length=3, min_length=1)]"),
        ({"type": "string", "maxLength": 2**70}, f"Annotated[str, Field(max_length={2**63 - 1})]"),
        ({"type": "string", "pattern": '^"a\\d$'}, "Annotated[str, Field(pattern='^\"a\\\\d$')]"),
        ({"type": "string", "pattern": "(?i)^a$"}, "Annotated[str, Field(pattern='(?i)^a$')]"),
        # A number is no member of a Literal, so the type has its range only.
        ({"enum": [0.1, 0.9, 0.5]}, "Annotated[float, Field(ge=0.1, le=0.9)]"),
        ({"type": "number", "enum": [1, 2]}, "Annotated[float, Field(ge=1.0, le=2.0)]"),
        ({"const": 0.5}, "Annotated[float, Field(ge=0.5, le=0.5)]"),
    ],
)
def test_limits_stand_in_a_type_alias(schema: JsonObject, alias: str, tmp_path: Path) -> None:
    document = with_hyperparameters({"a": schema})
    assert aliases(document) == {"AValue": alias}
    with imported(planned(document), tmp_path, "fit") as modules:
        assert isinstance(modules["fit"].AValue, TypeAliasType)


def test_a_pattern_of_aws_that_pydantic_refuses_does_not_break_the_import() -> None:
    """A contract's own is a finding; of AWS's shapes some look around, and their limits hold when a step is built."""
    refused = [
        pattern
        for name in service_model().shape_names
        if (pattern := service_model().shape(name).pattern) is not None and "(?!" in pattern
    ]
    assert refused
    schema = ValueSchema("string", pattern=refused[0])
    assert "pattern" not in config_limits(schema)


def test_limits_are_told_in_words() -> None:
    document = with_hyperparameters(
        {
            "a": {"type": "integer", "minimum": 1, "description": "Depth."},
            "b": {"enum": [0.1, 0.5]},
            "c": {"enum": ["x"]},
            "d": {"type": "string"},
            "e": {"type": "array", "items": {"type": "string", "maxLength": 3}},
        }
    )
    tree = ast.parse(config_model(contract_from_document(document), ModelGenerator()).source)
    assert field_docstrings(class_of(tree, "FitConfig")) == {
        "a": "Depth. Takes a whole number of at least 1.",
        "b": "Takes one of 0.1, 0.5.",
        "e": "Takes a list, each a text of at most 3 characters.",
    }


def settings_document(settings: JsonObject) -> JsonObject:
    request: JsonObject = {"StoppingCondition": {"MaxRuntimeInSeconds": {"$setting": "runtime"}}}
    request["AlgorithmSpecification"] = {
        "TrainingImage": {"$setting": "image"},
        "ContainerArguments": {"$setting": "arguments"},
        "TrainingInputMode": "File",
    }
    return contract_document(settings=settings, request=request)


@pytest.mark.parametrize(
    ("settings", "required", "given"),
    [
        ({"runtime": {}, "image": {"default": {"image": "x"}}, "arguments": {"default": ["a"]}}, True, ["runtime"]),
        ({"runtime": {"default": 5}, "image": {}, "arguments": {"required": False}}, True, ["image"]),
        ({"runtime": {"required": False}, "image": {"required": False}, "arguments": {"required": False}}, False, []),
        (
            {
                "runtime": {"default": 5, "required": True},
                "image": {"default": {"image": "x"}, "required": True},
                "arguments": {"default": ["a"], "required": True},
            },
            False,
            [],
        ),
    ],
)
def test_a_value_with_a_default_need_not_be_given(settings: JsonObject, required: bool, given: list[str]) -> None:
    model = config_model(contract_from_document(settings_document(settings)), ModelGenerator())
    assert model.is_required is required
    assert [item.name for item in model.fields if item.required] == given


def test_defaults_that_a_field_cannot_have_are_told() -> None:
    settings: JsonObject = {
        "runtime": {"default": 5, "description": "Seconds."},
        "image": {"default": {"image": 'my "x"'}, "description": "The image."},
        "arguments": {"default": ["a", "b"], "description": "Words."},
    }
    tree = ast.parse(config_model(contract_from_document(settings_document(settings)), ModelGenerator()).source)
    told = field_docstrings(class_of(tree, "FitConfig"))
    assert told["image"].endswith("Default: the environment's image 'my \"x\"'.")
    assert told["arguments"].endswith('Default: ["a", "b"].')
    assert "Default" not in told["runtime"]


def test_a_required_hyperparameter_with_a_default_may_be_left_out() -> None:
    document = with_hyperparameters({"a": {"type": "integer", "default": 1}, "b": {"type": "integer"}}, "a", "b")
    assert field_annotations(document) == {"a": "int | IntegerVariable = 1", "b": "int | IntegerVariable"}


def test_limits_hold_at_run_time(tmp_path: Path) -> None:
    properties: JsonObject = {
        "depth": {"type": "integer", "minimum": 1, "maximum": 2**70},
        "rate": {"type": "number", "exclusiveMinimum": 0},
        "tag": {"type": "string", "pattern": "^a+$", "maxLength": 3},
        "kind": {"enum": ["x", "y"]},
        "layers": {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 2},
        "lambda": {"type": "number"},
    }
    with imported(planned(with_hyperparameters(properties)), tmp_path, "fit") as modules:
        config = modules["fit"].Config
        made = config(depth=2**70, rate=0.5, tag="aaa", kind="x", layers=[1, 2], lambda_=1.0)
        assert (made.depth, made.lambda_) == (2**70, 1.0)
        assert config.model_validate({"lambda": 2.0}).lambda_ == 2.0
        wrong: tuple[dict[str, JsonValue], ...] = (
            {"depth": 0},
            {"depth": 2**70 + 1},
            {"rate": 0.0},
            {"tag": "b"},
            {"tag": "aaaa"},
            {"kind": "z"},
            {"layers": [0]},
            {"layers": [1, 2, 3]},
            {"depth": "1"},
            {"depht": 1},
        )
        for values in wrong:
            with pytest.raises(FindingsError) as caught:
                config(**values)
            assert [finding.rule for finding in caught.value.findings] == ["SMG207"]
        with pytest.raises((ValidationError, FindingsError)):
            made.depth = 3


def test_a_huge_enum_is_one_literal(tmp_path: Path) -> None:
    values: list[JsonValue] = [f"value-{number}" for number in range(2_000)]
    with imported(planned(with_hyperparameters({"a": {"enum": values}})), tmp_path, "fit") as modules:
        annotation = modules["fit"].Config.model_fields["a"].annotation
        assert list(get_args(get_args(annotation)[0])) == values


def test_the_generator_prints_nothing_and_warns_of_nothing(
    capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    planned(with_hyperparameters({"a": {"type": "integer", "minimum": 1}, "b": {"enum": ["x"], "default": "x"}}))
    assert capfd.readouterr() == ("", "")
    assert [str(warning.message) for warning in recwarn] == []
