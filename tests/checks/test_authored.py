"""What rules say of definitions that were compiled from Python: the fix is one in Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.checks import CheckContext, check_definition
from smgen.definition import Provenance, StepProvenance, parse_definition
from smgen.documents import JsonObject, read_document
from tests.checks.definitions import as_definition

RULES = Path(__file__).resolve().parents[1] / "data" / "rules"


def authored(step: str, **outputs: str) -> CheckContext:
    return CheckContext(Provenance((StepProvenance(step, "Some", "1.0.0", "pipeline.py", 7, outputs=outputs),)))


@pytest.mark.parametrize(
    ("outputs", "way"),
    [
        ({"rows": "Integer", "evaluation": "Report"}, '<step>.evaluation / "evaluation.json"'),
        ({"evaluation": "Report", "plots": "Report"}, '<step>.evaluation / "evaluation.json"'),
        ({"a": "Report", "b": "Report"}, '<step>.a / "evaluation.json" or <step>.b / "evaluation.json"'),
        ({}, "an output of <step>"),
    ],
)
def test_a_hidden_edge_is_put_right_with_an_output(outputs: dict[str, str], way: str) -> None:
    definition = parse_definition(read_document(RULES / "SMG311" / "failing.json"))
    (found,) = (item for item in check_definition(definition, authored("Evaluate", **outputs)) if item.rule == "SMG311")
    assert found.fix == f'pass {way} instead of the location; <step> is what add_step("Evaluate", …) returned'


def test_what_is_told_of_a_place_is_given_its_location() -> None:
    output: JsonObject = {
        "OutputName": "o",
        "S3Output": {"LocalPath": "/o", "S3UploadMode": "EndOfJob", "S3Uri": "s3://b/o"},
    }
    writer: JsonObject = {
        "Name": "W",
        "Type": "Processing",
        "Arguments": {"ProcessingOutputConfig": {"Outputs": [output]}},
    }
    told: JsonObject = {"AppSpecification": {"ContainerArguments": ["s3://b/o", "s3://b/o/x.csv"]}}
    reader: JsonObject = {"Name": "R", "Type": "Processing", "Arguments": told}
    definition = as_definition({"Version": "2020-12-01", "Steps": [writer, reader]})
    fixes = [item.fix for item in check_definition(definition, authored("W", o="Data")) if item.rule == "SMG311"]
    end = 'instead of the location; <step> is what add_step("W", …) returned'
    assert fixes == [f"pass <step>.o.location {end}", f'pass (<step>.o / "x.csv").location {end}']


def test_an_unread_parameter_is_put_right_where_it_is_declared() -> None:
    definition = parse_definition(read_document(RULES / "SMG302" / "failing.json"))
    (found,) = (item for item in check_definition(definition, authored("Other")) if item.rule == "SMG302")
    assert (found.expected, found.fix) == (
        None,
        'use the variable that p.string("Approval") returns, or remove p.string("Approval")',
    )
