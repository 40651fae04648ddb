"""Two arguments, and two returned values, of one name in a step that gives and takes values by their names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.contracts import read_contracts
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonObject

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:f"


def findings(folder: Path, **members: JsonObject) -> list[Finding]:
    contract: JsonObject = {
        "name": "Call",
        "version": "1.0.0",
        "kind": "Lambda",
        "outputs": {"status": {"type": "String"}},
        "step_fields": {"FunctionArn": FUNCTION},
        "request": {},
        **members,
    }
    (folder / "artifact_types.json").write_text('{"package": null, "types": {"Mdl": {}}}')
    (folder / "call.json").write_text(json.dumps(contract))
    try:
        read_contracts(folder)
    except FindingsError as error:
        return list(error.findings)
    return []


MODEL: JsonObject = {"type": "Mdl"}
TEXT: JsonObject = {"type": "string"}
STATUS = "OutputParameters['status']"
AS_DAY: JsonObject = {"type": "Mdl", "input_name": "day"}


@pytest.mark.parametrize(
    ("members", "at", "first"),
    [
        ({"inputs": {"model": AS_DAY}, "settings": {"day": TEXT}}, "/settings/day", "/inputs/model"),
        ({"inputs": {"model": AS_DAY, "other": AS_DAY}}, "/inputs/other", "/inputs/model"),
        ({"inputs": {"day": MODEL}, "settings": {"day": TEXT}}, "/settings/day", "/inputs/day"),
        ({"settings": {"day": TEXT}, "request": {"day": "monday"}}, "/settings/day", "/request/day"),
        (
            {"outputs": {"status": {"type": "String"}, "more": {"type": "String", "output_name": "status"}}},
            "/outputs/more",
            "/outputs/status",
        ),
    ],
)
def test_the_cause_is_told_and_nothing_else(
    tmp_path: Path, members: dict[str, JsonObject], at: str, first: str
) -> None:
    (found,) = findings(tmp_path, **members)
    assert (found.rule, found.place.pointer) == ("SMG107", at)
    assert found.expected_at is not None
    assert found.expected_at.pointer == first


@pytest.mark.parametrize(
    "members",
    [
        {"inputs": {"model": AS_DAY}, "settings": {"night": TEXT}},
        {"inputs": {"model": MODEL}, "settings": {"day": TEXT}, "request": {"today": {"$setting": "day"}, "day": "x"}},
        {"outputs": {"status": {"type": "String"}, "again": {"type": "String", "property_path": STATUS}}},
        {"outputs": {"status": {"type": "String"}, "more": {"type": "String", "output_name": "rest"}}},
    ],
)
def test_names_of_their_own(tmp_path: Path, members: dict[str, JsonObject]) -> None:
    assert findings(tmp_path, **members) == []
