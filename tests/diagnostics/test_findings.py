"""Findings, their order, the rule table, and the exception that carries them."""

from __future__ import annotations

import pickle
import re
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given, strategies as st

from smgen.diagnostics import RULES, Finding, FindingsError, Place, Severity, Subject, render, sorted_findings
from tests.diagnostics.findings import FINDINGS

RESERVED = """
SMG100 document-syntax
SMG101 duplicate-key
SMG102 document-limits
SMG103 unknown-key
SMG104 wrong-type
SMG105 missing-key
SMG106 bad-name
SMG107 name-collision
SMG108 unknown-kind
SMG109 unknown-artifact-type
SMG110 artifact-types
SMG111 bad-property-path
SMG112 bad-hole
SMG113 unknown-hole-name
SMG114 unbound-name
SMG115 bad-request-path
SMG116 bad-setting
SMG117 bad-value-schema
SMG118 path-leaves-root
SMG119 missing-source
SMG120 generated-missing
SMG121 generated-changed
SMG122 generated-extra
SMG123 foreign-file
SMG124 bad-output-file
SMG130 project-settings
SMG131 generated-data
SMG200 duplicate-step-name
SMG201 unresolved-auto
SMG202 foreign-reference
SMG203 branch-scope
SMG204 wrong-artifact-type
SMG205 missing-input
SMG206 unknown-output
SMG207 bad-value
SMG208 variable-misused
SMG209 duplicate-parameter
SMG210 pipeline-function
SMG211 environment-value
SMG212 unknown-image
SMG213 step-cycle
SMG214 unconsumed-output
SMG215 empty-condition
SMG300 not-a-definition
SMG400 step-name
SMG401 pipeline-name
SMG402 parameter-name
SMG403 cache-settings
SMG404 retry-settings
SMG500 bad-rename
SMG501 renamed-name-used
"""


def test_every_reserved_rule_stands_in_the_table() -> None:
    reserved = [tuple(line.split()) for line in RESERVED.strip().splitlines()]
    assert len(reserved) == 51
    assert [(id, RULES[id].name) for id, _ in reserved] == reserved


def test_the_table_is_in_order_and_names_are_unique() -> None:
    assert list(RULES) == sorted(RULES)
    assert all(RULES[id].id == id and re.fullmatch(r"SMG[1-9][0-9]{2}", id) for id in RULES)
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_every_summary_is_one_sentence() -> None:
    assert [rule.id for rule in RULES.values() if not re.fullmatch(r"[A-Z][^\n]{10,}\.", rule.summary)] == []


def test_a_finding_takes_its_severity_from_its_rule() -> None:
    assert Finding("SMG101", "twice").severity is Severity.ERROR


def test_a_finding_of_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="SMG999"):
        Finding("SMG999", "nothing")


def test_values_are_frozen() -> None:
    finding = Finding("SMG101", "twice")
    for value in (finding, finding.place):
        for field in fields(value):
            with pytest.raises(FrozenInstanceError):
                setattr(value, field.name, "x")


def test_findings_sort_by_file_line_column_and_the_rest() -> None:
    expected = [
        Finding("SMG105", "m", Place(file="a.json")),
        Finding("SMG103", "m", Place(file="a.json", line=2, column=1)),
        Finding("SMG101", "m", Place(file="a.json", line=2, column=9)),
        Finding("SMG104", "m", Place(file="a.json", line=2, column=9)),
        Finding("SMG101", "m", Place(file="a.json", line=10, column=1)),
        Finding("SMG101", "m", Place(file="b.json", line=1, column=1)),
        Finding("SMG300", "m", Place(pointer="/Steps/9")),
        Finding("SMG300", "m", Place(pointer="/Steps/10")),
        Finding("SMG300", "m", Place(pointer="/Steps/x")),
    ]
    assert sorted_findings(reversed(expected)) == tuple(expected)


def test_steps_sort_after_findings_without_a_step() -> None:
    train = Finding("SMG204", "m", Place(step="Train", port="model"))
    other = Finding("SMG204", "m", Place(step="Train", port="data"))
    plain = Finding("SMG300", "m")
    assert sorted_findings([train, other, plain]) == (plain, other, train)


def test_equal_findings_are_shown_once_and_different_ones_all() -> None:
    one = Finding("SMG101", "m", given="a")
    other = Finding("SMG101", "m", given="b")
    assert sorted_findings([other, one, Finding("SMG101", "m", given="a"), other]) == (one, other)


@given(st.lists(FINDINGS, max_size=6))
def test_sorting_keeps_every_finding_and_sorts_again_to_the_same(findings: list[Finding]) -> None:
    found = sorted_findings(findings)
    assert set(found) == set(findings)
    assert len(set(found)) == len(found)
    assert sorted_findings(found) == found


def test_the_error_carries_every_finding_sorted_and_says_them_all() -> None:
    second = Finding("SMG103", "no such key", Place(file="a.json", line=2, column=3))
    first = Finding("SMG101", "a key stands twice", Place(file="a.json", line=1, column=1))
    error = FindingsError(iter([second, first, second]))
    assert error.findings == (first, second)
    assert str(error) == (
        "a.json:1:1: error SMG101 duplicate-key: a key stands twice\n"
        "\n"
        "a.json:2:3: error SMG103 unknown-key: no such key\n"
        "\n"
        "2 errors"
    )


def test_an_error_without_findings_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FindingsError([])


def test_the_error_survives_pickling() -> None:
    error = FindingsError([Finding("SMG101", "twice", Place(file="a.json", line=1, column=1), given="x")])
    copy: object = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, FindingsError)
    assert copy.findings == error.findings


def test_what_a_finding_is_about_is_no_part_of_what_it_says() -> None:
    plain = Finding("SMG100", "this is wrong", Place(file="a"), given="x")
    about = Finding("SMG100", "this is wrong", Place(file="a"), given="x", about=Subject(contract="C", field="f"))
    assert plain == about
    assert render([plain, about]) == render([plain])


def test_texts_are_changed_together() -> None:
    finding = Finding("SMG100", "a message", given="a", expected_at=Place(line=1), fix="a fix")
    changed = finding.with_texts(str.upper)
    assert changed == Finding("SMG100", "A MESSAGE", given="A", expected_at=Place(line=1), fix="A FIX")
    assert finding.texts == ("a message", "a", None, None, "a fix")


def test_the_mistake_by_itself() -> None:
    here, there = Place(file="a", line=1), Place(file="b")
    finding = Finding("SMG100", "wrong", here, "x", there, "y", there, "z", "write z")
    assert finding.bare() == Finding("SMG100", "wrong")
    assert finding.bare(there, "x") == Finding("SMG100", "wrong", there, given="x")
