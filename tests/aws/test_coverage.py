"""Every sentence of AWS's documentation that could be a rule has a verdict, and the page tells it."""

from __future__ import annotations

import botocore
import pytest

from smgen.aws import member_rules, service_model
from tests.aws.coverage import PAGE, page, sentences, verdicts
from tests.golden import Golden

pytestmark = pytest.mark.skipif(
    botocore.__version__ != service_model().botocore_version, reason="the table is of another botocore"
)


def test_every_sentence_with_a_demand_has_a_verdict() -> None:
    demands = {(sentence.place, sentence.digest) for sentence in sentences() if sentence.demands}
    assert {(place, digest) for place, of in verdicts().items() for digest in of} == demands
    assert len(demands) > 300


def test_a_verdict_names_a_rule_or_a_reason() -> None:
    names = {rule.name for rules in member_rules().values() for rule in rules}
    for of in verdicts().values():
        for verdict, why in of.values():
            assert verdict in ("rule", "not checkable", "another matter")
            assert why
            assert verdict != "rule" or why in names


def test_the_page_is_fresh(golden: Golden) -> None:
    golden.text(PAGE, page())
