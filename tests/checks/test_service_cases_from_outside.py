"""Definitions from outside, each with one slip at the border of AWS's rules: what lint says of each, and nothing more.

Each file of ``tests/data/aws_cases`` is named after its kind of slip; ``outcomes.json`` beside them has, per file, the
findings as severity, rule and place.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.documents import DEFINITION_LIMITS, parse_document

_CASES = Path(__file__).parents[1] / "data" / "aws_cases"
_OUTCOMES: dict[str, list[list[str]]] = json.loads((_CASES / "outcomes.json").read_text(encoding="utf-8"))
_NAMES = sorted(path.name for path in _CASES.glob("*.json") if path.name != "outcomes.json")


def outcome(name: str) -> list[list[str]]:
    document = parse_document((_CASES / name).read_bytes(), name, DEFINITION_LIMITS)
    definition = parse_definition(document, tolerant=True)
    return [
        [finding.severity.value, finding.rule, finding.place.pointer or ""] for finding in check_definition(definition)
    ]


def test_each_case_has_its_outcome() -> None:
    assert sorted(_OUTCOMES) == _NAMES


@pytest.mark.parametrize("name", _NAMES)
def test_a_case_says_this_and_no_more(name: str) -> None:
    assert outcome(name) == _OUTCOMES[name]
