"""The classes of mistakes found in public pipelines (FIELD.md, end of part B), rebuilt small: each is found.

Two of them are no facts of a definition. Timestamps of step functions are for the comparison of definitions, and
validation data wired to the port of test data is type-correct: only ports with types of their own tell them apart.
"""

from pathlib import Path

import pytest

from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.diagnostics import render
from smgen.documents import DEFINITION_LIMITS, read_document
from tests.checks.definitions import DATA
from tests.golden import Golden

BUGS = sorted((DATA / "bugs").glob("*.json"))

RULES = {
    "1-hidden-edge-by-position": {"SMG311"},
    "2-undeclared-parameter": {"SMG301"},
    "2-unread-parameter": {"SMG302"},
    "3-order-after-a-step-of-another-branch": {"SMG308"},
    "3-step-of-a-branch-read-from-outside": {"SMG308"},
    "4-python-name-of-a-model-step": {"SMG303"},
    "6-directory-for-the-model-file": {"SMG320"},
    "6-f-string-over-a-variable": {"SMG315"},
    "6-json-path-as-a-variable": {"SMG315"},
    "6-misspelt-step": {"SMG303"},
    "6-non-leaf-property": {"SMG305"},
    "6-train-and-evaluation-share-one-output": {"SMG312"},
}


@pytest.mark.parametrize("path", BUGS, ids=lambda path: path.stem)
def test_bug_is_found_with_its_fix(path: Path, golden: Golden) -> None:
    found = check_definition(parse_definition(read_document(path, DEFINITION_LIMITS, shown_as=path.name)))
    assert {finding.rule for finding in found} == RULES[path.stem]
    assert all(finding.fix for finding in found)
    golden.text(path.with_suffix(".txt"), render(found))


def test_every_class_is_there() -> None:
    assert [path.stem for path in BUGS] == list(RULES)
