"""SMG107: names that meet or hide each other in generated code are findings, and nothing else is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from smgen.contracts import artifact_types_from_document, contract_from_document, contract_registry
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonObject
from smgen.generate import GenerationOptions, plan
from tests.generate.packages import (
    OPTIONS,
    TYPES,
    contract_document,
    hyperparameters,
    imported,
    module_tree,
    planned,
    source,
)


def findings(*documents: JsonObject, types: JsonObject | None = None) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        planned(*documents, types=types)
    assert {finding.rule for finding in caught.value.findings} == {"SMG107"}
    return list(caught.value.findings)


def messages(*documents: JsonObject, types: JsonObject | None = None) -> list[str]:
    return [finding.message for finding in findings(*documents, types=types)]


def report(**files: JsonObject) -> JsonObject:
    """An output with these report files, each given by the members of its schema."""
    declared: JsonObject = {
        name: {"path": f"{name}.json", "schema": {"type": "object", "properties": properties}}
        for name, properties in files.items()
    }
    return {"type": "Data", "property_path": "ModelArtifacts.S3ModelArtifacts", "files": declared}


@pytest.mark.parametrize(
    "name",
    [
        *("Output", "External", "Auto", "Renamed", "ReportFile", "Artifact", "StepConfig", "StepContract"),
        *("StringVariable", "Literal", "Field", "Annotated", "ClassVar", "Self", "Sequence", "TypeAliasType"),
        *("Config", "Proxy", "StepBuilder"),
    ],
)
def test_an_artifact_type_named_like_what_modules_import(name: str) -> None:
    # Two contracts, one finding: it is the type that is wrong.
    found = findings(contract_document(), contract_document(name="Other"), types={**TYPES, name: {}})
    assert [(finding.place.pointer, finding.given) for finding in found] == [(f"/types/{name}", name)]
    assert found[0].message.startswith(f"the artifact type {name} has the name of ")


@pytest.mark.parametrize(
    ("name", "module"), [("All", "all"), ("ArtifactTypes", "artifact_types"), ("Manifest", "manifest")]
)
def test_a_contract_named_like_a_file_of_every_package(name: str, module: str) -> None:
    assert messages(contract_document(name=name)) == [
        f"the contract {name} becomes the module {module}, and every generated package has a {module}"
    ]


@pytest.mark.parametrize(
    ("name", "module"),
    [("Init", "init"), ("Class", "class_"), ("Ruff", "ruff"), ("Typing", "typing"), ("Sys", "sys"), ("Json", "json")],
)
def test_a_contract_may_have_the_name_of_a_module_from_elsewhere(name: str, module: str, tmp_path: Path) -> None:
    package = planned(contract_document(name=name))
    with imported(package, tmp_path, module, "all") as modules:
        assert modules[module].CONTRACT.name == name
        assert hasattr(modules["all"], f"{name}StepBuilder")


@pytest.mark.parametrize("name", ["FitConfig", "FitProxy", "FitStepBuilder"])
def test_an_artifact_type_named_like_a_class_of_a_contract(name: str) -> None:
    assert messages(contract_document(), types={name: {}}) == [
        f"two things in the generated module of Fit would be named {name}: "
        "an artifact type, and a class of the contract"
    ]


@pytest.mark.parametrize(
    ("file", "name", "other"),
    [
        ("config", "FitConfig", "a class of the contract"),
        ("proxy", "FitProxy", "a class of a report"),
        ("step_builder", "FitStepBuilder", "a class of a report"),
    ],
)
def test_a_report_named_like_a_class_of_its_contract(file: str, name: str, other: str) -> None:
    properties: JsonObject = {"a": {"type": "string"}}
    found = messages(contract_document(outputs={"out": report(**{file: properties})}))
    assert len(found) == 1
    assert found[0].startswith(f"two things in the generated module of Fit would be named {name}: {other}, and ")


def test_two_reports_whose_classes_meet() -> None:
    inner: JsonObject = {"type": "object", "properties": {}}
    found = findings(contract_document(outputs={"out": report(a={"b_c": inner}, a_b={"c": inner})}))
    assert [finding.place.pointer for finding in found] == ["/outputs/out/files/a_b"]
    assert found[0].given == "FitABC"


def test_a_report_named_like_the_type_of_a_value() -> None:
    document = contract_document(
        hyperparameters=hyperparameters({"fit_depth": {"type": "integer", "minimum": 1}}),
        outputs={"out": report(depth_value={})},
    )
    assert messages(document) == [
        "two things in the generated module of Fit would be named FitDepthValue: "
        "the type of a config value, and a class of a report"
    ]


def test_an_artifact_type_named_like_the_type_of_a_value() -> None:
    document = contract_document(hyperparameters=hyperparameters({"depth": {"type": "integer", "minimum": 1}}))
    assert messages(document, types={"DepthValue": {}}) == [
        "two things in the generated module of Fit would be named DepthValue: "
        "an artifact type, and the type of a config value"
    ]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("str", {"type": "string"}),
        ("int", {"type": "integer", "default": 1}),
        ("Sequence", {"type": "array", "items": {"type": "string"}}),
        ("Mapping", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("StringVariable", {"type": "string", "default": "x"}),
        ("Literal", {"enum": ["a"]}),
    ],
)
def test_a_field_that_would_hide_its_own_type(name: str, schema: JsonObject) -> None:
    found = findings(contract_document(hyperparameters=hyperparameters({name: schema})))
    assert [(finding.message, finding.place.pointer) for finding in found] == [
        (
            f"the name {name} would hide the {name} that the config of Fit uses itself",
            f"/hyperparameters/properties/{name}",
        )
    ]


def test_a_field_may_have_the_name_of_what_its_class_does_not_use(tmp_path: Path) -> None:
    names = ("Field", "Literal", "Output", "property", "super", "StepConfig", "CONTRACT", "float")
    document = contract_document(hyperparameters=hyperparameters({name: {"type": "integer"} for name in names}))
    with imported(planned(document), tmp_path, "fit") as modules:
        made = modules["fit"].Config(**dict.fromkeys(names, 1))
        assert [getattr(made, name) for name in names] == [1] * len(names)


def outputs(*names: str, type: str = "Model") -> JsonObject:
    path = "ModelArtifacts.S3ModelArtifacts" if type == "Model" else "TrainingJobName"
    return {name: {"type": type, "property_path": path} for name in names}


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("property", "Model"),
        ("Output", "Model"),
        ("Model", "Model"),
        ("property", "String"),
        ("StringVariable", "String"),
    ],
)
def test_an_output_that_would_hide_what_its_class_uses(name: str, type: str) -> None:
    found = findings(contract_document(outputs=outputs("a", name, type=type)))
    assert [(finding.message, finding.place.pointer) for finding in found] == [
        (f"the name {name} would hide the {name} that the class FitProxy of Fit uses itself", f"/outputs/{name}")
    ]


def test_a_member_of_a_report_that_would_hide_what_its_class_uses() -> None:
    found = findings(contract_document(outputs={"out": report(m={"FloatVariable": {"type": "number"}})}))
    assert [finding.place.pointer for finding in found] == ["/outputs/out/files/m"]


@pytest.mark.parametrize("name", ["super", "FitProxy", "FitConfig"])
def test_a_port_that_would_hide_what_the_constructor_uses(name: str) -> None:
    found = findings(contract_document(inputs={name: {"type": "Data"}}))
    assert [finding.place.pointer for finding in found] == [f"/inputs/{name}"]


def test_a_port_may_have_the_name_of_anything_else(tmp_path: Path) -> None:
    names = (
        "config",
        "config_",
        "self",
        "Output",
        "Data",
        "property",
        "ports",
        "proxy",
        "Auto",
        "lambda",
        "STEP_CONTRACT",
    )
    document = contract_document(inputs={name: {"type": "Data", "required": False} for name in names})
    with imported(planned(document), tmp_path, "fit") as modules:
        builder = modules["fit"].StepBuilder()
        assert list(builder.__smgen_ports__) == list(names)
    arguments = next(
        node.args
        for node in ast.walk(module_tree(planned(document)))
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    )
    assert [argument.arg for argument in arguments.posonlyargs] == ["self", "config__"]
    assert [argument.arg for argument in arguments.kwonlyargs] == [
        *(
            "config",
            "config_",
            "self_",
            "Output",
            "Data",
            "property",
            "ports",
            "proxy",
            "Auto",
            "lambda_",
            "STEP_CONTRACT",
        )
    ]


def test_names_in_texts_import_nothing() -> None:
    document = contract_document(outputs=outputs("External", "Renamed", "Data", type="String"))
    names = [
        alias.name
        for node in module_tree(planned(document)).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert not {"External", "Renamed", "Data"} & set(names)


def test_former_names_that_only_a_port_must_avoid() -> None:
    renamed: JsonObject = {"renamed_from": {"name": "self", "until": "2.0.0"}}
    document = contract_document(
        inputs={"data": {"type": "Data", **renamed}},
        outputs={"model": {"type": "Model", "property_path": "ModelArtifacts.S3ModelArtifacts", **renamed}},
    )
    text = source(planned(document))
    assert 'self_: Renamed[Literal["use data"]] | None = None,' in text
    assert 'def self(self) -> Renamed[Literal["use model"]]:' in text


def test_types_of_the_package_itself_are_its_own() -> None:
    types = artifact_types_from_document(
        {"package": "made_steps", "types": {"Data": {}, "Model": {"package": "other"}}}
    )
    registry = contract_registry((contract_from_document(contract_document()),), types)
    text = plan(registry, GenerationOptions("made_steps", ".")).files["artifact_types.py"].decode()
    assert "class Data(Artifact):" in text
    assert "from other.artifact_types import Model" in text
    text = plan(registry, GenerationOptions("others_steps", ".")).files["artifact_types.py"].decode()
    assert "from made_steps.artifact_types import Data" in text
    assert "Artifact\n" not in text


def test_a_package_that_cannot_be_imported() -> None:
    types = artifact_types_from_document({"types": {"Data": {"package": "steps.class.x"}}})
    registry = contract_registry((contract_from_document(contract_document()),), types)
    with pytest.raises(FindingsError) as caught:
        plan(registry, OPTIONS)
    assert [(finding.rule, finding.given) for finding in caught.value.findings] == [("SMG106", "steps.class.x")]


def test_all_findings_come_together() -> None:
    documents = [contract_document(name="All"), contract_document(outputs=outputs("property"))]
    assert len(findings(*documents, types={**TYPES, "Output": {}})) == 3
