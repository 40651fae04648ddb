"""Provenance comes back from JSON as it was, and what is none has findings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from smgen.definition import (
    AssetProvenance,
    AutoBinding,
    ExternalBinding,
    Provenance,
    ReferenceBinding,
    StepProvenance,
)
from smgen.diagnostics import FindingsError, Place
from smgen.documents import JsonObject, JsonValue

PROVENANCE = Provenance(
    (
        StepProvenance(
            step="Train",
            contract="XGBoostTraining",
            contract_version="1.2.0",
            file="pipelines/fraud.py",
            line=12,
            ports={
                "training_data": (ReferenceBinding("Preprocess", "processed_data"),),
                "validation_data": (AutoBinding("Preprocess", "validation_data", None, ("same name", "listed")),),
                "extra": (ExternalBinding(), ReferenceBinding("Load", "data")),
            },
            outputs={"model_artifacts": "ModelArtifacts", "training_job_name": "String"},
            assets={"script": AssetProvenance("scripts/train", "ab" * 32)},
        ),
        StepProvenance("Gate", "Condition", "1.0.0"),
    )
)

STEP: JsonObject = {
    "step": "Gate",
    "contract": "Condition",
    "contract_version": "1.0.0",
    "file": None,
    "line": None,
    "ports": {},
    "outputs": {},
    "assets": {},
}


def test_the_json_form() -> None:
    value = PROVENANCE.to_json()
    assert value["version"] == 1
    steps = value["steps"]
    assert isinstance(steps, list)
    assert steps[1] == STEP
    assert isinstance(steps[0], dict)
    assert steps[0]["ports"] == {
        "training_data": [{"kind": "reference", "step": "Preprocess", "output": "processed_data"}],
        "validation_data": [
            {
                "kind": "auto",
                "step": "Preprocess",
                "output": "validation_data",
                "file": None,
                "evidence": ["same name", "listed"],
            }
        ],
        "extra": [{"kind": "external"}, {"kind": "reference", "step": "Load", "output": "data"}],
    }
    assert steps[0]["assets"] == {"script": {"path": "scripts/train", "content_hash": "ab" * 32}}
    assert Provenance.from_json(json.loads(json.dumps(value))) == PROVENANCE


def test_steps_are_found_by_name() -> None:
    assert PROVENANCE.step("Gate") == StepProvenance("Gate", "Condition", "1.0.0")
    assert PROVENANCE.step("gate") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], [("", "an object"), ("/steps", "a list"), ("/version", "the version 1")]),
        ({"version": True, "steps": []}, [("/version", "the version 1")]),
        (
            {"version": 2, "steps": {}, "more": 1},
            [("/more", "one of the members version, steps"), ("/steps", "a list"), ("/version", "the version 1")],
        ),
        ({"version": 1, "steps": [{**STEP, "line": True}]}, [("/steps/0/line", "a whole number, or null")]),
        ({"version": 1, "steps": [{**STEP, "file": 1}]}, [("/steps/0/file", "a string")]),
        ({"version": 1, "steps": [{**STEP, "outputs": {"a": 1}}]}, [("/steps/0/outputs/a", "a string")]),
        (
            {"version": 1, "steps": [{**STEP, "assets": {"a": "b"}}]},
            [
                ("/steps/0/assets/a", "an object"),
                ("/steps/0/assets/a/content_hash", "a string"),
                ("/steps/0/assets/a/path", "a string"),
            ],
        ),
        (
            {"version": 1, "steps": [{**STEP, "ports": {"a": [{"kind": "other"}, {"kind": "external", "step": "B"}]}}]},
            [
                ("/steps/0/ports/a/0/kind", "reference or external or auto"),
                ("/steps/0/ports/a/1/step", "one of the members kind"),
            ],
        ),
    ],
)
def test_everything_wrong_is_found_at_once(value: JsonValue, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(FindingsError) as caught:
        Provenance.from_json(value, file="p.json")
    findings = caught.value.findings
    assert [(item.place, item.expected) for item in findings] == [
        (Place(file="p.json", pointer=pointer), text) for pointer, text in expected
    ]
    assert {item.rule for item in findings} == {"SMG300"}


NAMES = st.text(max_size=6)
BINDINGS = (
    st.builds(ReferenceBinding, NAMES, NAMES, st.none() | NAMES)
    | st.builds(ExternalBinding)
    | st.builds(AutoBinding, NAMES, NAMES, st.none() | NAMES, st.lists(NAMES, max_size=2).map(tuple))
)
STEPS = st.builds(
    StepProvenance,
    NAMES,
    NAMES,
    NAMES,
    st.none() | NAMES,
    st.none() | st.integers(1, 99999),
    st.dictionaries(NAMES, st.lists(BINDINGS, max_size=2).map(tuple), max_size=3),
    st.dictionaries(NAMES, NAMES, max_size=2),
    st.dictionaries(NAMES, st.builds(AssetProvenance, NAMES, NAMES), max_size=2),
)


@given(st.builds(Provenance, st.lists(STEPS, max_size=3).map(tuple)))
def test_any_provenance_comes_back(provenance: Provenance) -> None:
    assert repr(Provenance.from_json(json.loads(json.dumps(provenance.to_json())))) == repr(provenance)


MEMBERS = st.sampled_from(["version", "steps", *STEP, "kind", "output", "evidence", "path", "content_hash"])
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.sampled_from(["auto", "reference", "external"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=8),
    max_leaves=25,
)


@given(st.lists(JSON, max_size=2))
def test_any_json_is_a_provenance_or_has_findings(steps: list[JsonValue]) -> None:
    value: JsonValue = {"version": 1, "steps": steps}
    try:
        provenance = Provenance.from_json(value)
    except FindingsError as error:
        shown = str(error)
    else:
        shown = "a provenance"
        assert len(provenance.steps) == len(steps)
    assert shown
