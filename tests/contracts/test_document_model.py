"""The generated model and the published schemas: fresh, and of one mind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from smgen.aws import STEP_KINDS
from smgen.contracts import ENVIRONMENT_DEFAULTS, document_model_script
from smgen.contracts.document_findings import (
    artifact_types_form_findings,
    contract_form_findings,
)
from smgen.documents import JsonValue, object_at as members, parse_document
from smgen.expressions import EXECUTION_VARIABLES
from tests.contracts.samples import (
    BAD,
    GOOD,
    places,
    published_schema,
    published_validator,
    replaced,
    sample,
)
from tests.golden import Golden

NAMES = sorted(path.stem for path in GOOD.glob("*.json") if path.stem != "artifact_types")


def rules(value: JsonValue) -> list[str]:
    document = parse_document(json.dumps(value).encode(), "a.json")
    return [finding.rule for finding in contract_form_findings(document)]


def test_the_model_is_what_the_schemas_make(golden: Golden) -> None:
    golden.text(document_model_script.MODEL_FILE, document_model_script.model_source())


def test_the_check_finds_a_stale_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "document_model.py"
    stale.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(document_model_script, "MODEL_FILE", stale)
    assert document_model_script.main(["--check"]) == 1
    assert "-old" in capsys.readouterr().out
    assert stale.read_text(encoding="utf-8") == "old\n"
    assert document_model_script.main([]) == 0
    assert "class ContractDocument(BaseModel):" in stale.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_good_contracts_have_the_published_form(name: str) -> None:
    assert published_validator("step-contract").is_valid(sample(name))


def test_good_artifact_types_have_the_published_form() -> None:
    assert published_validator("artifact-types").is_valid(sample("artifact_types"))


@pytest.mark.parametrize(
    "case", ["unknown_key", "wrong_type", "missing_key", "null_value", "bad_name", "not_an_object"]
)
def test_the_published_schema_refuses_wrong_forms_too(case: str) -> None:
    value: JsonValue = json.loads((BAD / case / "contracts" / "fitting.json").read_text(encoding="utf-8"))
    assert not published_validator("step-contract").is_valid(value)


def test_every_property_of_the_schemas_is_described() -> None:
    undescribed: list[str] = []

    def look(value: JsonValue, place: str) -> None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                look(item, f"{place}/{index}")
        elif isinstance(value, dict):
            for name, member in members(value.get("properties")).items():
                schema = members(member)
                if "description" not in schema and "$ref" not in schema:
                    undescribed.append(f"{place}/{name}")
            if value.get("type") == "object" and "properties" in value:
                assert value["additionalProperties"] is False, place
            for name, member in value.items():
                if name in ("properties", "$defs"):
                    for inner, below in members(member).items():
                        look(below, f"{place}/{inner}")
                else:
                    look(member, f"{place}/{name}")

    for name in ("step-contract", "artifact-types"):
        look(published_schema(name), name)
    assert undescribed == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(NAMES), st.data())
def test_what_the_published_schema_takes_has_the_right_form(name: str, data: st.DataObject) -> None:
    document: JsonValue = sample(name)
    document = replaced(document, data.draw(st.sampled_from(places(document))), data.draw(JSON))
    if published_validator("step-contract").is_valid(document):
        assert rules(document) == []


@given(st.sampled_from(NAMES), st.data())
def test_form_findings_mean_that_the_published_schema_refuses(name: str, data: st.DataObject) -> None:
    document: JsonValue = sample(name)
    document = replaced(document, data.draw(st.sampled_from(places(document))), data.draw(JSON))
    found = rules(document)
    assert set(found) <= {"SMG103", "SMG104", "SMG105", "SMG106"}
    if found:
        assert not published_validator("step-contract").is_valid(document)


def test_artifact_types_of_the_wrong_form() -> None:
    document = parse_document(b'{"types": {"A": {"parent": null, "package": null}}, "package": null}', "a.json")
    assert artifact_types_form_findings(document) == ()
    document = parse_document(b'{"types": {"A": {"parent": 1}, "b": {}}, "pakage": "x"}', "a.json")
    found = [(finding.rule, finding.place.pointer) for finding in artifact_types_form_findings(document)]
    assert sorted(found) == [("SMG103", "/pakage"), ("SMG104", "/types/A/parent"), ("SMG106", "/types/b")]


def test_the_room_is_imported_without_pydantic() -> None:
    heavy = ("pydantic", "rapidfuzz", "boto3", "jinja2")
    code = f"import sys, smgen.contracts; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_published_schema_lists_what_the_tables_have() -> None:
    properties = members(published_schema("step-contract")["properties"])
    assert members(properties["kind"])["examples"] == [name for name, row in STEP_KINDS.items() if not row.structural]
    definitions = members(published_schema("step-contract")["$defs"])
    for hole, key, names in (
        ("defaultHole", "$default", ENVIRONMENT_DEFAULTS),
        ("executionHole", "$execution", EXECUTION_VARIABLES),
    ):
        argument = members(members(members(definitions[hole])["properties"])[key])
        assert argument["enum"] == list(names)


def test_an_empty_object_where_members_are_needed() -> None:
    document = {**sample("model_evaluation"), "metrics": {}}
    found = contract_form_findings(parse_document(json.dumps(document).encode(), "c.json"))
    assert [(one.rule, one.place.pointer, one.expected) for one in found] == [
        ("SMG104", "/metrics", "at least 1 member")
    ]
