"""JSON, SARIF and GitHub annotations: whole outputs, and the structure that their readers ask for."""

from __future__ import annotations

import json
from typing import TypeAlias

import pytest
from hypothesis import given

from smgen.diagnostics import Finding, Format, Place, render
from tests.diagnostics.findings import FINDINGS

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

DUPLICATE = Finding(
    "SMG101",
    'the key "a" stands twice',
    Place(file="specs/my file.json", line=3, column=5, pointer="/a~1b/x"),
    given='a second "a"',
    expected="one",
    expected_at=Place(file="specs/my file.json", line=2, column=5, pointer="/a~1b/x"),
    fix="remove one",
)
WIRING = Finding(
    "SMG204",
    "wrong type",
    Place(step="Train", port="training_data"),
    given="Model",
    given_at=Place(step="Pre"),
    nearest="Dataset",
)

RULES_AT = "https://github.com/smgen/sagemaker-smgen/tree/main/docs/rules"


def test_json_as_a_whole() -> None:
    parsed: Json = json.loads(render([WIRING, DUPLICATE], Format.JSON))
    assert parsed == {
        "version": 1,
        "counts": {"error": 2, "warning": 0, "note": 0},
        "findings": [
            {
                "rule": "SMG101",
                "name": "duplicate-key",
                "severity": "error",
                "message": 'the key "a" stands twice',
                "place": {
                    "file": "specs/my file.json",
                    "line": 3,
                    "column": 5,
                    "pointer": "/a~1b/x",
                    "step": None,
                    "port": None,
                },
                "given": 'a second "a"',
                "given_at": None,
                "expected": "one",
                "expected_at": {
                    "file": "specs/my file.json",
                    "line": 2,
                    "column": 5,
                    "pointer": "/a~1b/x",
                    "step": None,
                    "port": None,
                },
                "nearest": None,
                "fix": "remove one",
            },
            {
                "rule": "SMG204",
                "name": "wrong-artifact-type",
                "severity": "error",
                "message": "wrong type",
                "place": {
                    "file": None,
                    "line": None,
                    "column": None,
                    "pointer": None,
                    "step": "Train",
                    "port": "training_data",
                },
                "given": "Model",
                "given_at": {
                    "file": None,
                    "line": None,
                    "column": None,
                    "pointer": None,
                    "step": "Pre",
                    "port": None,
                },
                "expected": None,
                "expected_at": None,
                "nearest": "Dataset",
                "fix": None,
            },
        ],
    }


def test_json_without_findings() -> None:
    assert json.loads(render([], Format.JSON)) == {
        "version": 1,
        "counts": {"error": 0, "warning": 0, "note": 0},
        "findings": [],
    }


def test_json_is_ascii_and_has_no_lone_surrogates() -> None:
    shown = render([Finding("SMG104", "ü\x1b\x9b\ud800", given="\udfff")], Format.JSON)
    assert shown.isascii()
    assert shown.endswith("}\n")
    parsed: dict[str, list[dict[str, str]]] = json.loads(shown)
    assert parsed["findings"][0]["message"] == "ü\x1b\x9b\\ud800"
    assert parsed["findings"][0]["given"] == "\\udfff"


def test_sarif_as_a_whole() -> None:
    parsed: Json = json.loads(render([WIRING, DUPLICATE], Format.SARIF))
    artifact: Json = {"uri": "specs/my%20file.json", "uriBaseId": "%SRCROOT%"}
    pointer: Json = [{"name": "x", "fullyQualifiedName": "/a~1b/x", "kind": "value"}]
    assert parsed == {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "smgen",
                        "rules": [
                            {
                                "id": "SMG101",
                                "name": "duplicate-key",
                                "shortDescription": {"text": "A key stands once in an object."},
                                "helpUri": f"{RULES_AT}/SMG101.md",
                                "defaultConfiguration": {"level": "error"},
                            },
                            {
                                "id": "SMG204",
                                "name": "wrong-artifact-type",
                                "shortDescription": {
                                    "text": "A port is given an artifact of its type or of a subtype."
                                },
                                "helpUri": f"{RULES_AT}/SMG204.md",
                                "defaultConfiguration": {"level": "error"},
                            },
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "SMG101",
                        "ruleIndex": 0,
                        "level": "error",
                        "message": {
                            "text": 'the key "a" stands twice\n'
                            'given: a second "a"\n'
                            "expected: one (specs/my file.json:2:5, /a~1b/x)\n"
                            "fix: remove one"
                        },
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": artifact,
                                    "region": {"startLine": 3, "startColumn": 5},
                                },
                                "logicalLocations": pointer,
                            }
                        ],
                        "relatedLocations": [
                            {
                                "id": 1,
                                "physicalLocation": {
                                    "artifactLocation": artifact,
                                    "region": {"startLine": 2, "startColumn": 5},
                                },
                                "logicalLocations": pointer,
                                "message": {"text": "expected"},
                            }
                        ],
                        "properties": {"given": 'a second "a"', "expected": "one", "fix": "remove one"},
                    },
                    {
                        "ruleId": "SMG204",
                        "ruleIndex": 1,
                        "level": "error",
                        "message": {"text": 'wrong type\ngiven: Model (step "Pre")\ndid you mean: Dataset'},
                        "locations": [
                            {
                                "logicalLocations": [
                                    {"name": "Train", "fullyQualifiedName": "Train", "kind": "step"},
                                    {
                                        "name": "training_data",
                                        "fullyQualifiedName": "Train.training_data",
                                        "kind": "port",
                                    },
                                ]
                            }
                        ],
                        "relatedLocations": [
                            {
                                "id": 1,
                                "logicalLocations": [{"name": "Pre", "fullyQualifiedName": "Pre", "kind": "step"}],
                                "message": {"text": "given"},
                            }
                        ],
                        "properties": {"given": "Model", "nearest": "Dataset"},
                    },
                ],
            }
        ],
    }


def test_sarif_without_findings_is_a_run_without_results() -> None:
    parsed: dict[str, list[dict[str, Json]]] = json.loads(render([], Format.SARIF))
    assert parsed["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("file", "artifact"),
    [
        ("a b/ü#?.json", {"uri": "a%20b/%C3%BC%23%3F.json", "uriBaseId": "%SRCROOT%"}),
        ("a:b.json", {"uri": "a%3Ab.json", "uriBaseId": "%SRCROOT%"}),
        ("/tmp/a b.json", {"uri": "file:///tmp/a%20b.json"}),
        (r"C:\work\a b.json", {"uri": "file:///C:/work/a%20b.json"}),
        ("\udc80.json", {"uri": "%ED%B2%80.json", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_sarif_uris(file: str, artifact: dict[str, str]) -> None:
    shown = render([Finding("SMG102", "m", Place(file=file))], Format.SARIF)
    parsed: dict[str, list[dict[str, list[dict[str, Json]]]]] = json.loads(shown)
    assert parsed["runs"][0]["results"][0]["locations"] == [{"physicalLocation": {"artifactLocation": artifact}}]


def _members(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


def _items(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value


def _check_location(value: Json) -> None:
    location = _members(value)
    assert location
    assert set(location) <= {"id", "message", "physicalLocation", "logicalLocations"}
    if "physicalLocation" in location:
        physical = _members(location["physicalLocation"])
        uri = _members(physical["artifactLocation"])["uri"]
        assert isinstance(uri, str)
        assert uri.isascii()
        assert " " not in uri
        for number in _members(physical.get("region", {"startLine": 1})).values():
            assert isinstance(number, int)
            assert number >= 1
    if "logicalLocations" in location:
        logical = _items(location["logicalLocations"])
        assert logical
        assert all({"name", "fullyQualifiedName", "kind"} == set(_members(one)) for one in logical)


@given(FINDINGS)
def test_sarif_keeps_its_structure_for_any_finding(finding: Finding) -> None:
    log: dict[str, Json] = json.loads(render([finding], Format.SARIF))
    assert set(log) == {"$schema", "version", "runs"}
    run = _members(_items(log["runs"])[0])
    rules = _items(_members(_members(run["tool"])["driver"])["rules"])
    result = _members(_items(run["results"])[0])
    index = result["ruleIndex"]
    assert isinstance(index, int)
    assert _members(rules[index])["id"] == result["ruleId"] == finding.rule
    assert result["level"] in ("error", "warning", "note")
    assert isinstance(_members(result["message"])["text"], str)
    for place in _items(result.get("locations", [])):
        _check_location(place)
    related = [_members(place) for place in _items(result.get("relatedLocations", []))]
    for place in related:
        _check_location(place)
    assert [place["id"] for place in related] == list(range(1, len(related) + 1))
    assert all(isinstance(text, str) for text in _members(result.get("properties", {})).values())


def test_github_as_a_whole() -> None:
    assert render([WIRING, DUPLICATE], Format.GITHUB) == (
        "::error file=specs/my file.json,line=3,col=5,title=SMG101 duplicate-key::"
        'the key "a" stands twice%0Aat: /a~1b/x%0Agiven: a second "a"%0A'
        "expected: one (specs/my file.json:2:5, /a~1b/x)%0Afix: remove one\n"
        "::error title=SMG204 wrong-artifact-type::"
        'wrong type%0Aat: step "Train", port "training_data"%0Agiven: Model (step "Pre")%0Adid you mean: Dataset\n'
    )


def test_github_escapes_what_would_end_or_start_a_command() -> None:
    finding = Finding("SMG104", "50%\r\n::set-output\x1b[0m", Place(file="a,b:c%\n.json"), given="x\ny")
    assert render([finding], Format.GITHUB) == (
        "::error file=a%2Cb%3Ac%25\\n.json,title=SMG104 wrong-type::"
        "50%25\\r%0A\\x3a:set-output\\x1b[0m%0Agiven: x\\ny\n"
    )


def test_github_without_findings_is_empty() -> None:
    assert render([], Format.GITHUB) == ""


@given(FINDINGS)
def test_github_is_one_printable_line_for_any_finding(finding: Finding) -> None:
    shown = render([finding], Format.GITHUB)
    assert shown.endswith("\n")
    assert shown[:-1].isprintable()


@given(FINDINGS)
def test_json_reads_back_for_any_finding(finding: Finding) -> None:
    parsed: dict[str, list[dict[str, Json]]] = json.loads(render([finding], Format.JSON))
    assert [one["rule"] for one in parsed["findings"]] == [finding.rule]
