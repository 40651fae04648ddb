"""What the resolver makes of the public wiring data: 19 pipelines with verdicts on the pairs of their ports.

`python -m tests.wiring.test_ground_truth` prints the tables that are pinned here.
"""

import pytest

from smgen.wiring import EvidenceRule, UnifiedDependencyResolver
from tests.wiring.corpus import (
    Table,
    artifact_types,
    dags,
    resolve,
    right_sources,
    steps_data,
    table_of,
    types_data,
    verdicts,
)

COLUMNS = ("right", "wrong", "questionable", "ambiguous", "open", "unlabelled")

# With one type for everything, as the data has it, and with the types of artifact_types.json.
TABLES = {False: (233, 0, 0, 2, 116, 2), True: (233, 0, 2, 0, 116, 2)}

# Bindings by their class of certainty, right and not (or without a label).
CLASSES: dict[bool, dict[str, tuple[int, int]]] = {
    False: {"certain": (219, 2), "named": (9, 0), "likely": (5, 0)},
    True: {"certain": (219, 4), "named": (9, 0), "likely": (5, 0)},
}

# Each rule switched off: the same columns, and how many ports with a right producer stayed open.
WITHOUT: dict[EvidenceRule, tuple[tuple[int, ...], tuple[int, ...]]] = {
    EvidenceRule.TYPE: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 0, 2, 116, 2, 0)),
    EvidenceRule.REACHABLE: ((196, 2, 2, 34, 117, 2, 8), (196, 2, 2, 34, 117, 2, 8)),
    EvidenceRule.ONE_PORT: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.OWN_VARIANT: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.NAME: ((139, 0, 0, 62, 150, 2, 34), (198, 0, 2, 1, 150, 2, 34)),
    EvidenceRule.ALIAS: ((203, 0, 0, 32, 116, 2, 0), (227, 0, 2, 6, 116, 2, 0)),
    EvidenceRule.DIRECTION: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.KEYWORD: ((227, 0, 0, 2, 122, 2, 6), (227, 0, 2, 0, 122, 2, 6)),
    EvidenceRule.SIMILAR: ((233, 0, 1, 1, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.ONLY_FIT: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.KEYWORD_WORDS: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.NAMED_AFTER: ((229, 0, 0, 2, 120, 2, 4), (229, 0, 2, 0, 120, 2, 4)),
    EvidenceRule.NAMED_FOR: ((233, 0, 1, 1, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.SOURCE: ((227, 0, 0, 6, 120, 0, 4), (229, 0, 2, 2, 120, 0, 4)),
    EvidenceRule.NEAREST: ((230, 0, 0, 5, 116, 2, 0), (231, 0, 2, 2, 116, 2, 0)),
    EvidenceRule.SAME_VARIANT: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.VARIANT_WORD: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.LANE: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.SECOND_WITNESS: ((233, 0, 1, 2, 115, 2, 0), (233, 0, 3, 0, 115, 2, 0)),
    EvidenceRule.LISTED_ONLY: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.IDLE_EDGE: ((233, 0, 2, 0, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    EvidenceRule.CARRIES_ON: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
}

# Bound pairs without a label, rated by hand, with the reason.
RATED_BY_HAND = {
    ("RiskTableMapping", "model_artifacts_input", "RiskTableMapping", "model_artifacts_output"): (
        "right: an evaluation reads the risk tables that the training of the same step fitted. The port lists "
        "RiskTableMapping_Training as its source, the output's aliases are the port's keywords, and the edge between "
        "the two can carry nothing else. The labels call the artifacts of MissingValueImputation right here, which "
        "fits RiskTableMapping:training (it passes them on) but not an evaluation: they hold no risk tables."
    ),
}


def without(rule: EvidenceRule, typed: bool) -> Table:
    return table_of(typed, UnifiedDependencyResolver(artifact_types(typed), without=frozenset((rule,))))


def test_the_corpus_is_what_the_tests_read() -> None:
    assert (len(steps_data()), len(dags()), len(verdicts())) == (43, 19, 69)
    assert {step.partition(":")[0] for step in steps_data()} == types_data()["steps"].keys()
    ports = [sources for dag in dags() for sources in right_sources(dag).values()]
    assert (len(ports), sum(1 for sources in ports if sources)) == (353, 235)


@pytest.mark.parametrize("typed", [False, True])
def test_no_binding_is_wrong_and_nearly_all_ports_are_bound(typed: bool) -> None:
    table = table_of(typed)
    assert table.wrong == 0
    assert table.share >= 0.99
    assert table.missed == 0
    assert table.ambiguous_without_right == 0


@pytest.mark.parametrize("typed", [False, True])
def test_the_table(typed: bool) -> None:
    assert table_of(typed).row() == TABLES[typed]


@pytest.mark.parametrize("typed", [False, True])
def test_every_pair_without_a_label_is_rated(typed: bool) -> None:
    assert table_of(typed).unlabelled_pairs == dict.fromkeys(RATED_BY_HAND, 2)


def by_class(typed: bool) -> dict[str, tuple[int, int]]:
    """How many bindings of each class are right, and how many are not, or have no label."""
    counts: dict[str, tuple[int, int]] = {}
    for dag in dags():
        right = right_sources(dag)
        for item in resolve(dag, typed).bindings:
            name = item.certainty.name.lower()
            hit = (item.source.step, item.source.output.logical_name) in right[item.step, item.port.logical_name]
            good, other = counts.get(name, (0, 0))
            counts[name] = (good + hit, other + (not hit))
    return counts


@pytest.mark.parametrize("typed", [False, True])
def test_the_table_by_class(typed: bool) -> None:
    assert by_class(typed) == CLASSES[typed]


def test_what_is_not_right_by_the_labels() -> None:
    pipeline = "xgboost/training_with_"
    port = "RiskTableMapping_evaluation.model_artifacts_input"
    assert table_of().lines == [
        f"ambiguous     {pipeline}calibration: ModelCalibration_training.evaluation_data <- "
        "XGBoostTraining.evaluation_output (the edge from TabularPreprocessing_calibration would carry nothing)",
        f"ambiguous     {pipeline}calibration_fs: ModelCalibration_training.evaluation_data <- "
        "XGBoostTraining.evaluation_output (the edge from FeatureSelection_calibration would carry nothing)",
        f"unlabelled    {pipeline}feature_selection: {port} <- RiskTableMapping_training.model_artifacts_output",
        f"unlabelled    {pipeline}preprocessing: {port} <- RiskTableMapping_training.model_artifacts_output",
    ]


@pytest.mark.parametrize("rule", EvidenceRule)
@pytest.mark.parametrize("typed", [False, True])
def test_each_rule_switched_off(rule: EvidenceRule, typed: bool) -> None:
    table = without(rule, typed)
    assert (*table.row(), table.missed) == WITHOUT[rule][typed]


def main() -> None:
    print(f"{'':18}{'':>8}", *(f"{column:>13}" for column in (*COLUMNS, "missed")))
    for typed in (False, True):
        table = table_of(typed)
        cells = (f"{cell:>13}" for cell in (*table.row(), table.missed))
        print(f"{'all rules':18}{'typed' if typed else 'one type':>8}", *cells)
    for typed in (False, True):
        for name, (good, other) in sorted(by_class(typed).items()):
            print(f"  {name:16}{'typed' if typed else 'one type':>8}{good:>14}{other:>14} not right or unlabelled")
    for rule in EvidenceRule:
        for typed in (False, True):
            table = without(rule, typed)
            cells = (f"{cell:>13}" for cell in (*table.row(), table.missed))
            print(f"- {rule.value:16}{'typed' if typed else 'one type':>8}", *cells)
    print()
    print(*table_of().lines, sep="\n")


if __name__ == "__main__":
    main()
