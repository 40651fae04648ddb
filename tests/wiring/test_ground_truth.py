"""What the resolver makes of the public wiring data: 19 pipelines with verdicts on the pairs of their ports.

`python -m tests.wiring.test_ground_truth` prints the tables that are pinned here.
"""

import pytest

from smgen.wiring import Rule, UnifiedDependencyResolver
from tests.wiring.corpus import Table, artifact_types, dags, right_sources, steps_data, table_of, types_data, verdicts

COLUMNS = ("right", "wrong", "questionable", "ambiguous", "open", "unlabelled")

# With one type for everything, as the data has it, and with the types of artifact_types.json.
TABLES = {False: (233, 0, 0, 2, 116, 2), True: (233, 0, 2, 0, 116, 2)}

# Each rule switched off: the same columns, and how many ports with a right producer stayed open.
WITHOUT: dict[Rule, tuple[tuple[int, ...], tuple[int, ...]]] = {
    Rule.TYPE: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 0, 2, 116, 2, 0)),
    Rule.REACHABLE: ((185, 2, 2, 47, 115, 2, 6), (197, 2, 2, 35, 115, 2, 6)),
    Rule.ONE_PORT: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.OWN_VARIANT: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.NAME: ((134, 0, 0, 67, 150, 2, 34), (180, 0, 2, 19, 150, 2, 34)),
    Rule.ALIAS: ((201, 0, 0, 34, 116, 2, 0), (211, 0, 2, 22, 116, 2, 0)),
    Rule.DIRECTION: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.KEYWORD: ((226, 0, 0, 3, 122, 2, 6), (226, 0, 2, 1, 122, 2, 6)),
    Rule.SIMILAR: ((233, 0, 1, 1, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.ONLY_FIT: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.KEYWORD_WORDS: ((231, 0, 0, 4, 118, 0, 2), (231, 0, 2, 2, 118, 0, 2)),
    Rule.NAMED_AFTER: ((229, 0, 0, 2, 120, 2, 4), (229, 0, 2, 0, 120, 2, 4)),
    Rule.NAMED_FOR: ((233, 0, 1, 1, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.SOURCE: ((227, 0, 0, 6, 120, 0, 4), (227, 0, 2, 4, 120, 0, 4)),
    Rule.NEAREST: ((209, 0, 0, 26, 116, 2, 0), (213, 0, 2, 20, 116, 2, 0)),
    Rule.SAME_VARIANT: ((231, 0, 0, 4, 116, 2, 0), (231, 0, 2, 2, 116, 2, 0)),
    Rule.VARIANT_WORD: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.LANE: ((233, 0, 0, 2, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
    Rule.SECOND_WITNESS: ((233, 0, 1, 2, 115, 2, 0), (233, 0, 3, 0, 115, 2, 0)),
    Rule.IDLE_EDGE: ((233, 0, 2, 0, 116, 2, 0), (233, 0, 2, 0, 116, 2, 0)),
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


def without(rule: Rule, typed: bool) -> Table:
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


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("typed", [False, True])
def test_each_rule_switched_off(rule: Rule, typed: bool) -> None:
    table = without(rule, typed)
    assert (*table.row(), table.missed) == WITHOUT[rule][typed]


def main() -> None:
    print(f"{'':18}{'':>8}", *(f"{column:>13}" for column in (*COLUMNS, "missed")))
    for typed in (False, True):
        table = table_of(typed)
        cells = (f"{cell:>13}" for cell in (*table.row(), table.missed))
        print(f"{'all rules':18}{'typed' if typed else 'one type':>8}", *cells)
    for rule in Rule:
        for typed in (False, True):
            table = without(rule, typed)
            cells = (f"{cell:>13}" for cell in (*table.row(), table.missed))
            print(f"- {rule.value:16}{'typed' if typed else 'one type':>8}", *cells)
    print()
    print(*table_of().lines, sep="\n")


if __name__ == "__main__":
    main()
