"""The form for people: exact lines, colours, bounds, and hostile text made harmless."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given, strategies as st

from smgen.diagnostics import Finding, Format, Place, Rule, Severity, bounded, render, rules, visible

FULL = Finding(
    "SMG111",
    "the property path names no member of DescribeTrainingJobResponse",
    Place(file="contract_specs/xgboost.json", line=12, column=27, pointer="/outputs/model/property_path"),
    given="ModelArtifact.S3ModelArtifacts",
    expected="a leaf of the response",
    nearest="ModelArtifacts.S3ModelArtifacts",
    fix="write ModelArtifacts.S3ModelArtifacts",
)
WIRING = Finding(
    "SMG204",
    "the model input is given a dataset",
    Place(file="pipelines/fraud.py", line=9, step="Evaluate", port="model"),
    given="ProcessedData",
    given_at=Place(step="Preprocess", port="processed_data"),
    expected="ModelArtifacts",
    expected_at=Place(file="contract_specs/evaluation.json", line=4, column=5, pointer="/inputs/model"),
)


def test_the_whole_form() -> None:
    assert render([WIRING, FULL]) == (
        "contract_specs/xgboost.json:12:27: error SMG111 bad-property-path: "
        "the property path names no member of DescribeTrainingJobResponse\n"
        "  at            /outputs/model/property_path\n"
        "  given         ModelArtifact.S3ModelArtifacts\n"
        "  expected      a leaf of the response\n"
        "  did you mean  ModelArtifacts.S3ModelArtifacts\n"
        "  fix           write ModelArtifacts.S3ModelArtifacts\n"
        "\n"
        "pipelines/fraud.py:9: error SMG204 wrong-artifact-type: the model input is given a dataset\n"
        '  at            step "Evaluate", port "model"\n'
        '  given         ProcessedData (step "Preprocess", port "processed_data")\n'
        "  expected      ModelArtifacts (contract_specs/evaluation.json:4:5, /inputs/model)\n"
        "\n"
        "2 errors\n"
    )


def test_a_place_without_a_file() -> None:
    finding = Finding("SMG205", "a required input is missing", Place(step="Train", port="training_data"))
    assert render([finding]) == (
        "error SMG205 missing-input: a required input is missing\n"
        '  at            step "Train", port "training_data"\n'
        "\n"
        "1 error\n"
    )


def test_a_place_without_anything_and_an_empty_value() -> None:
    finding = Finding("SMG104", "empty", given="", given_at=Place(file="a.json"), expected_at=Place(step="A"))
    assert render([finding]) == (
        'error SMG104 wrong-type: empty\n  given         "" (a.json)\n  expected      step "A"\n\n1 error\n'
    )


def test_the_pointer_of_the_whole_document_is_not_shown() -> None:
    finding = Finding("SMG104", "m", Place(file="a.json", line=1, column=1, pointer=""))
    assert render([finding]) == "a.json:1:1: error SMG104 wrong-type: m\n\n1 error\n"


def test_no_findings() -> None:
    assert render([]) == "no findings\n"


@pytest.fixture
def mild_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        **rules.RULES,
        "SMG103": Rule("SMG103", "unknown-key", Severity.WARNING, "A warning."),
        "SMG105": Rule("SMG105", "missing-key", Severity.NOTE, "A note."),
    }
    for module in ("finding", "text", "machine", "sarif", "github"):
        monkeypatch.setattr(f"smgen.diagnostics.{module}.RULES", table)


@pytest.mark.usefixtures("mild_rules")
def test_the_count_line_counts_by_severity() -> None:
    errors = [Finding("SMG101", f"{number}") for number in range(2)]
    notes = [Finding("SMG105", f"{number}") for number in range(1001)]
    shown = render([*notes, Finding("SMG103", "m"), *errors])
    assert shown.endswith("\n\n2 errors, 1 warning, 1,001 notes\n")
    assert "\nwarning SMG103 unknown-key: m\n" in shown


@pytest.mark.usefixtures("mild_rules")
def test_severities_in_the_other_forms() -> None:
    findings = [Finding("SMG101", "e"), Finding("SMG103", "w"), Finding("SMG105", "n")]
    assert [line.split(" ")[0] for line in render(findings, Format.GITHUB).splitlines()] == [
        "::error",
        "::warning",
        "::notice",
    ]
    assert re.findall(r'"level": "(\w+)"\n {12}}', render(findings, Format.SARIF)) == []
    assert re.findall(r'"ruleIndex": \d,\s+"level": "(\w+)"', render(findings, Format.SARIF)) == [
        "error",
        "warning",
        "note",
    ]
    assert '"error": 1,\n    "warning": 1,\n    "note": 1' in render(findings, Format.JSON)


def test_colours_change_nothing_but_colours() -> None:
    coloured = render([WIRING, FULL], color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render([WIRING, FULL])
    assert "\x1b[1;31merror\x1b[0m SMG204" in coloured
    assert coloured.count("\x1b[0m") == len(re.findall(r"\x1b\[(?!0m)", coloured))
    assert "\x1b" not in render([WIRING, FULL])


HOSTILE = "\x1b[2J\x1b]0;x\x07\r\nb.json:1:1: error SMG100\u202e\u200b\x9b31m\ud800\ttail"


def test_hostile_text_becomes_visible_escapes() -> None:
    place = Place(file=HOSTILE, line=1, column=1, pointer="/" + HOSTILE, step=HOSTILE, port=HOSTILE)
    finding = Finding("SMG104", HOSTILE, place, HOSTILE, place, HOSTILE, place, HOSTILE, HOSTILE)
    escaped = r"\x1b[2J\x1b]0;x\x07\r\nb.json:1:1: error SMG100\u202e\u200b\x9b31m\ud800\ttail"
    assert render([finding]).splitlines() == [
        f"{escaped}:1:1: error SMG104 wrong-type: {escaped}",
        f'  at            step "{escaped}", port "{escaped}", /{escaped}',
        f'  given         {escaped} ({escaped}:1:1, step "{escaped}", port "{escaped}", /{escaped})',
        f'  expected      {escaped} ({escaped}:1:1, step "{escaped}", port "{escaped}", /{escaped})',
        f"  did you mean  {escaped}",
        f"  fix           {escaped}",
        "",
        "1 error",
    ]


def test_letters_of_other_scripts_stay() -> None:
    assert visible("größe 模型 модель 😀") == "größe 模型 модель 😀"


def test_kept_newlines() -> None:
    assert visible("a\nb\r\x1b", keep_newlines=True) == "a\nb\\r\\x1b"
    assert visible("a\nb") == "a\\nb"
    assert visible("\U000e0041") == "\\U000e0041"


def test_bounded_says_how_much_is_missing() -> None:
    assert bounded("abc", 3) == "abc"
    assert bounded("a" * 2003, 3) == "aaa… (2,000 more characters)"


def test_long_values_are_bounded() -> None:
    huge = "x" * 10_000_000
    place = Place(file=huge, line=1, pointer="/" + huge, step=huge, port=huge)
    shown = render([Finding("SMG104", huge, place, huge, place, huge, place, huge, huge)])
    assert len(shown) < 6000
    assert "  did you mean  " + "x" * 300 + "… (9,999,700 more characters)\n" in shown


@given(st.text(), st.text(), st.text())
def test_only_printable_characters_and_our_line_feeds_come_out(message: str, file: str, value: str) -> None:
    shown = render([Finding("SMG104", message, Place(file=file, line=1, column=1, step=value), given=value)])
    assert all(char == "\n" or unicodedata.category(char)[0] not in "C" for char in shown)
    assert len(shown.splitlines()) == 5
    assert shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::pwned", "\\x3a:error::pwned"),
        ("   ::add-mask::x", "   \\x3a:add-mask::x"),
        ("##vso[task.setvariable]x", "\\x23#vso[task.setvariable]x"),
        ("a ##[error]b ##teamcity[x]", "a \\x23#[error]b \\x23#teamcity[x]"),
        ("a\n::stop-commands::x", "a\n\\x3a:stop-commands::x"),
        ("std::vector", "std::vector"),
        ("# A ## heading", "# A ## heading"),
        (":: ", "\\x3a: "),
        ("a\u2028::error::b", "a\\u2028::error::b"),
    ],
)
def test_no_text_is_a_command_to_a_ci_system(text: str, shown: str) -> None:
    assert visible(text, keep_newlines=True) == shown
    for line in render([Finding("SMG104", text, Place(file=text), given=text)]).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##vso[" not in line


def test_no_machine_form_holds_a_command_to_a_ci_system() -> None:
    text = "x ##vso[task.complete]\n::error::y"
    finding = Finding("SMG104", text, Place(file=text, step=text), given=text)
    for form in Format:
        shown = render([finding], form)
        assert "##vso[" not in shown
        assert [line for line in shown.splitlines() if line.lstrip().startswith("::")] == (
            [shown.rstrip("\n")] if form is Format.GITHUB else []
        )
    assert json.loads(render([finding], Format.JSON))["findings"][0]["message"] == text
