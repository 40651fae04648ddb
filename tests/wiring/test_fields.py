"""Ten pipelines of other fields, which were labelled before the rules of drawn edges and of classes were written.

`python -m tests.wiring.test_fields` prints what is pinned here, with every port that is not bound right.
"""

from collections import Counter

import pytest

from smgen.wiring import EvidenceRule, UnifiedDependencyResolver
from tests.wiring.fields import Counts, artifact_types, counts, field_dags, resolve

# With edges, and without: right, wrong, asked (with a right one named), missed; of 90 ports with a label.
DRAWN = Counts(labelled=90, right=87, wrong=0, asked=3, asked_with_right=3, missed=0)
# The one that is not right is an optional port of the same name that a label leaves open, since no edge goes there.
NOT_DRAWN = Counts(labelled=90, right=84, wrong=1, asked=6, asked_with_right=5, missed=0)

CLASSES = {
    True: {"certain": 62, "named": 3, "likely": 5, "carried": 19},
    False: {"certain": 62, "named": 3, "likely": 6, "carried": 14},
}

# Each rule switched off: right, wrong and asked with edges.
WITHOUT: dict[EvidenceRule, tuple[int, int, int]] = {
    EvidenceRule.TYPE: (81, 0, 9),
    EvidenceRule.REACHABLE: (84, 1, 6),
    EvidenceRule.ONE_PORT: (87, 0, 3),
    EvidenceRule.OWN_VARIANT: (87, 0, 3),
    EvidenceRule.NAME: (70, 0, 20),
    EvidenceRule.ALIAS: (85, 0, 5),
    EvidenceRule.DIRECTION: (87, 0, 3),
    EvidenceRule.KEYWORD: (86, 0, 4),
    EvidenceRule.SIMILAR: (87, 1, 2),
    EvidenceRule.ONLY_FIT: (85, 0, 5),
    EvidenceRule.KEYWORD_WORDS: (87, 0, 3),
    EvidenceRule.NAMED_AFTER: (86, 0, 4),
    EvidenceRule.NAMED_FOR: (87, 0, 3),
    EvidenceRule.SOURCE: (83, 0, 7),
    EvidenceRule.NEAREST: (87, 0, 3),
    EvidenceRule.SAME_VARIANT: (87, 0, 3),
    EvidenceRule.VARIANT_WORD: (87, 0, 3),
    EvidenceRule.LANE: (87, 0, 3),
    EvidenceRule.SECOND_WITNESS: (87, 0, 3),
    EvidenceRule.LISTED_ONLY: (87, 0, 3),
    EvidenceRule.IDLE_EDGE: (70, 5, 15),
    EvidenceRule.CARRIES_ON: (87, 0, 3),
}


def total(*, drawn: bool, without: EvidenceRule | None = None, lines: list[str] | None = None) -> Counts:
    found = Counts(labelled=0, right=0, wrong=0, asked=0, asked_with_right=0, missed=0)
    off = frozenset[EvidenceRule]() if without is None else frozenset((without,))
    for dag in field_dags():
        resolver = UnifiedDependencyResolver(artifact_types(dag), without=off)
        one = counts(dag, resolve(dag, drawn=drawn, resolver=resolver), [] if lines is None else lines)
        found = Counts(
            labelled=found["labelled"] + one["labelled"],
            right=found["right"] + one["right"],
            wrong=found["wrong"] + one["wrong"],
            asked=found["asked"] + one["asked"],
            asked_with_right=found["asked_with_right"] + one["asked_with_right"],
            missed=found["missed"] + one["missed"],
        )
    return found


def test_no_drawn_edge_is_walked_past() -> None:
    assert total(drawn=True) == DRAWN


def test_chains_are_carried_on_where_no_edges_are_drawn() -> None:
    lines: list[str] = []
    assert total(drawn=False, lines=lines) == NOT_DRAWN
    assert [line for line in lines if line.startswith("wrong")] == [
        "wrong   forecasting: demand by store: Train.calendar <- Holidays.calendar, not open"
    ]


@pytest.mark.parametrize("drawn", [True, False])
def test_the_table_by_class(drawn: bool) -> None:
    found = Counter(item.certainty.name.lower() for dag in field_dags() for item in resolve(dag, drawn=drawn).bindings)
    assert dict(found) == CLASSES[drawn]


@pytest.mark.parametrize("rule", EvidenceRule)
def test_each_rule_switched_off(rule: EvidenceRule) -> None:
    found = total(drawn=True, without=rule)
    assert (found["right"], found["wrong"], found["asked"]) == WITHOUT[rule]


def main() -> None:
    for drawn in (True, False):
        lines: list[str] = []
        print("edges drawn" if drawn else "no edges", total(drawn=drawn, lines=lines), CLASSES[drawn])
        print(*lines, sep="\n")
    for rule in EvidenceRule:
        print(f"- {rule.value:16}", total(drawn=True, without=rule))


if __name__ == "__main__":
    main()
