"""Whatever texts a contract holds, the generated modules have the same tree, run none of it, and give it back."""

from __future__ import annotations

import ast
import builtins
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings

from smgen.contracts import CONFIG_ATTRIBUTES, python_identifier, read_contracts
from smgen.documents import JsonObject, JsonValue
from smgen.generate import GenerationOptions, plan
from smgen.generate.literals import string_literal
from smgen.runtime import AUTO
from tests.generate.hostile import NASTY, texts, visible_texts
from tests.generate.packages import (
    class_of,
    contract_document,
    field_docstrings,
    folded,
    imported,
    module_tree,
    planned,
    shape,
    source,
)

# Too long a name cannot be one: the contract's checks refuse it.
NAMES = [text for text in NASTY if len(text) <= 256]


def hostile(text: str, name: str = "plain_name", pattern: str | None = None) -> JsonObject:
    """A contract with the text in every member that may hold any, and a name where only some may stand."""
    tag: JsonObject = {"type": "string", "maxLength": 9_999, "description": text}
    if pattern is not None:
        tag["pattern"] = pattern
    parameter: JsonObject = {"type": "string", "description": text, "default": text}
    choice: JsonObject = {"enum": [text, f"{text}!"], "description": text}
    schema: JsonObject = {
        "type": "object",
        "title": text,
        "description": text,
        "properties": {
            name: {"type": "number", "description": text},
            "list": {
                "type": "array",
                "description": text,
                "items": {"type": "object", "properties": {}, "title": text},
            },
            "undescribed": {"type": "object", "properties": {"leaf": {"type": "string", "$comment": text}}},
        },
    }
    report: JsonObject = {
        "path": text,
        "property_file": text,
        "description": text,
        "schema": schema,
    }
    return contract_document(
        description=text,
        owner=text,
        deprecated=text,
        inputs={
            "data": {
                "type": "Data",
                "description": text,
                "channel": text,
                "content_type": text,
                "input_mode": text,
                "compatible_sources": [text],
                "semantic_keywords": [text],
                "aliases": [text],
                "renamed_from": {"name": "old", "until": "9.0.0"},
            },
        },
        outputs={
            "model": {
                "type": "Model",
                "property_path": "ModelArtifacts.S3ModelArtifacts",
                "description": text,
                "aliases": [text],
                "files": {"metrics": report},
            }
        },
        settings={
            "image": {"default": {"image": text}, "description": text, "type": "string"},
            "words": {"default": [text], "description": text, "type": "array", "items": {"type": "string"}},
            "word": {"default": text, "description": text, "type": "string"},
        },
        hyperparameters={
            "type": "object",
            "description": text,
            "properties": {name: parameter, "choice": choice, "tag": tag},
        },
        environment={
            "type": "object",
            "properties": {"REGION": {"const": text, "description": text}},
        },
        reserved=[text],
        request={
            "HyperParameters": {"$hyperparameters": "text"},
            "Environment": {"$environment": True},
            "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}, "KmsKeyId": text},
            "AlgorithmSpecification": {
                "AlgorithmName": {"$join": [text, {"$setting": "word"}, {"$step_name": True}], "on": text},
            },
            "Tags": [{"$literal": {text: text}}],
        },
    )


def types(text: str) -> JsonObject:
    return {"Data": {"description": text}, "Model": {"parent": "Data", "description": text}}


@cache
def plain_shapes(pattern: str | None = None) -> Mapping[str, str]:
    package = planned(hostile("plain", pattern=pattern), types=types("plain"))
    return {module: shape(source(package, module)) for module in MODULES}


MODULES = ("__init__", "all", "artifact_types", "fit")


@settings(max_examples=30)
@given(visible_texts, visible_texts)
def test_any_text_gives_the_tree_of_plain_text(text: str, described: str) -> None:
    package = planned(hostile(text), types=types(described))
    for module in MODULES:
        assert shape(source(package, module)) == plain_shapes()[module]
    tree = module_tree(package)
    assert folded(ast.get_docstring(tree)) == folded(text)
    assert folded(ast.get_docstring(class_of(tree, "FitStepBuilder"))).startswith(folded(text))
    assert folded(ast.get_docstring(class_of(tree, "FitMetrics"))) == folded(text)
    told = field_docstrings(class_of(tree, "FitConfig"))
    assert told["plain_name"] == folded(text)
    assert told["tag"] == folded(f"{text.strip()}\n\nTakes a text of at most 9,999 characters.")
    declared = class_of(module_tree(package, "artifact_types"), "Model")
    assert folded(ast.get_docstring(declared)) == folded(described)
    assert json.loads(package.files["fit.json"]) == hostile(text)


@settings(max_examples=25)
@given(texts)
def test_texts_of_white_space_break_nothing(text: str) -> None:
    package = planned(hostile(text), types=types(text))
    for module in MODULES:
        ast.parse(source(package, module))


@settings(max_examples=30)
@given(texts.filter(lambda text: 0 < len(text) <= 256))
def test_any_name_gives_the_tree_of_its_identifier(name: str) -> None:
    identifier = python_identifier(name, CONFIG_ATTRIBUTES)
    package = planned(hostile("plain", name))
    plain = planned(hostile("plain", identifier))
    assert shape(source(package)) == shape(source(plain))
    expected = f"plain The contract's name for it is {string_literal(name)}." if identifier != name else "plain"
    assert field_docstrings(class_of(module_tree(package), "FitConfig"))[identifier] == folded(expected)
    keys = [
        node.args[0].value
        for node in ast.walk(class_of(module_tree(package), "FitMetrics"))
        if isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant)
    ]
    assert keys == [name, "list", "undescribed"]


@settings(max_examples=25)
@given(texts.filter(lambda text: text not in ("", "plain") and len(text) < 200))
def test_any_text_in_a_pattern(text: str) -> None:
    pattern = f"^{re.escape(text)}$"
    found = shape(source(planned(hostile("plain", pattern=pattern))))
    assert found in (plain_shapes("^plain$")["fit"], plain_shapes()["fit"])


@pytest.mark.parametrize("text", NAMES)
def test_nothing_runs_and_every_text_comes_back(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    package = planned(hostile(text, name=text, pattern=None), types=types(text))
    with imported(package, tmp_path / "here", "fit", "all") as modules:
        fit = modules["fit"]
        identifier = python_identifier(text, CONFIG_ATTRIBUTES)
        config = fit.Config(tag="x", choice=text, REGION=text)
        assert getattr(config, identifier) == text
        assert (config.word, config.choice, config.REGION) == (text, text, text)
        assert get_args(get_args(fit.Config.model_fields["choice"].annotation)[0]) == (text, f"{text}!")
        assert getattr(fit.Config.model_validate({text: "other"}), identifier) == "other"
        assert fit.CONTRACT.deprecated == text
        assert fit.CONTRACT.document == hostile(text, name=text)
        assert folded(fit.Proxy.model.fget.__doc__).startswith(folded(text))
        with pytest.warns(DeprecationWarning, match=re.escape(text)) as warned:
            builder = modules["all"].FitStepBuilder(config, data=AUTO)
        assert builder.STEP_CONTRACT is fit.CONTRACT
        assert [str(warning.message) for warning in warned] == [text]
    assert not hasattr(builtins, "pwned")
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_the_file_of_a_contract_may_have_any_name(tmp_path: Path) -> None:
    document: JsonValue = contract_document(kind="Lambda", step_fields={"FunctionArn": "arn:aws:lambda:::x"})
    (tmp_path / "artifact_types.json").write_text('{"types": {}}')
    (tmp_path / 'a "quote" # {{ x }}.json').write_text(json.dumps(document))
    package = plan(read_contracts(tmp_path), GenerationOptions("made_steps", "contracts"))
    first, second, *_ = source(package).splitlines()
    assert first == "# Generated by smgen from a \"quote\" # {{ x }}.json; change that and run 'smgen generate'."
    assert second.startswith("# sha256 of what was read: ")
    assert isinstance(module_tree(package).body[0], ast.Expr)
