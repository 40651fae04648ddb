"""What a contract of an import, or a build of it, is refused for is told at its place in the definition."""

from __future__ import annotations

from smgen.contracts import module_name
from smgen.definition import parse_definition
from smgen.diagnostics import Finding, Place, Subject
from smgen.documents import JsonObject
from smgen.importer import at_definitions, at_steps, import_pipeline

DOCUMENT: JsonObject = {
    "Version": "2020-12-01",
    "Parameters": [{"Name": "Rows", "Type": "Integer"}],
    "Steps": [
        {
            "Name": "Fit",
            "Type": "Training",
            "Arguments": {
                "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
                "Environment": {"$x": "1", "A": "b"},
            },
        }
    ],
}


def placed(pointer: str, *, other: bool = False) -> str | None:
    definition = parse_definition(DOCUMENT)
    pipeline = import_pipeline("P", {"dev": definition})
    (contract,) = pipeline.contracts
    file = "contracts/other.json" if other else f"contracts/{module_name(contract)}.json"
    finding = Finding("SMG115", "no", Place(file=file, pointer=pointer))
    (found,) = at_definitions([finding], [(pipeline, definition)], "contracts")
    return found.place.pointer


def test_a_place_in_the_request_is_that_of_the_arguments() -> None:
    assert placed("/request/ResourceConfig") == "/Steps/0/Arguments/ResourceConfig"


def test_a_setting_stands_where_it_is_filled_in() -> None:
    assert placed("/settings/instance_type/default") == "/Steps/0/Arguments/ResourceConfig/InstanceType"


def test_the_parts_of_a_merge_are_one_object() -> None:
    assert placed("/request/Environment/$merge/0/A") == "/Steps/0/Arguments/Environment/A"


def test_what_the_definition_lacks_is_told_at_what_would_hold_it() -> None:
    assert placed("/request/StoppingCondition/MaxRuntimeInSeconds") == "/Steps/0/Arguments"
    assert placed("/outputs/model_artifacts") == "/Steps/0"


def test_contracts_that_were_there_keep_their_places() -> None:
    assert placed("/request/A", other=True) == "/request/A"


def test_what_a_build_is_refused_for_is_told_at_the_step_or_parameter() -> None:
    definition = parse_definition(DOCUMENT)
    line = Place(file="pipeline.py", line=3)
    findings = [
        Finding("SMG207", "no", Place(file="pipeline.py", line=3, step="Fit")),
        Finding("SMG402", "no", line, given="Rows", about=Subject(field="Rows")),
        Finding("SMG210", "no", line),
    ]

    assert [(item.place.pointer, item.place.line) for item in at_steps(findings, definition)] == [
        ("/Steps/0", None),
        ("/Parameters/0", None),
        ("", None),
    ]
