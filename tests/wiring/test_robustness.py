"""The figures of the ground truth under other names, and under another order of everything."""

import pytest

from smgen.wiring import Resolution, UnifiedDependencyResolver
from tests.wiring.corpus import artifact_types, contract_of, dags, resolve, steps_data, steps_of
from tests.wiring.renaming import random_names, random_words, synonym_renaming, synonyms, table_renamed, table_unshared
from tests.wiring.test_ground_truth import TABLES


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_the_figures_hold_under_synonyms(seed: int, typed: bool) -> None:
    assert table_renamed(synonym_renaming(seed), typed).row() == TABLES[typed]


def test_synonyms_change_most_names() -> None:
    rename = synonym_renaming(0)
    names = [port for step in steps_data().values() for port in (*step["inputs"], *step["outputs"])]
    assert sum(1 for name in names if rename(name) != name) > 0.5 * len(names)
    assert len(synonyms()) == 78


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_no_binding_is_wrong_when_every_word_is_random(seed: int, typed: bool) -> None:
    table = table_renamed(random_words(seed), typed)
    # What is lost are the four calibration models: `input` and `output` are no known words any more.
    assert (table.right, table.wrong, table.missed, table.ambiguous_without_right) == (229, 0, 4, 0)


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_no_binding_is_wrong_when_every_name_is_random(seed: int, typed: bool) -> None:
    table = table_renamed(random_names(seed), typed)
    assert (table.right, table.wrong, table.missed, table.ambiguous_without_right) == (227, 0, 6, 0)


@pytest.mark.parametrize("typed", [False, True])
def test_nothing_is_bound_when_no_two_names_are_equal(typed: bool) -> None:
    table = table_unshared(typed)
    assert (table.right, table.wrong, table.questionable, table.unlabelled) == (0, 0, 0, 0)


def outcome(resolution: Resolution) -> tuple[object, ...]:
    """What was decided, by names and numbers, in an order of its own."""
    bound = sorted((item.step, item.port.logical_name, item.source.source, item.margin) for item in resolution.bindings)
    unclear = sorted(
        (item.step, item.port.logical_name, tuple((one.source, one.score) for one in item.candidates), item.reason)
        for item in resolution.ambiguities
    )
    left = sorted(
        (item.step, item.port.logical_name, item.reason, item.suggestion.source if item.suggestion else "")
        for item in resolution.open_ports
    )
    return bound, unclear, left


@pytest.mark.parametrize("typed", [False, True])
def test_the_order_of_declarations_changes_nothing(typed: bool) -> None:
    turned = {step: contract_of(step, typed, reverse=True) for step in steps_data()}
    for dag in dags():
        steps = steps_of(dag, turned.__getitem__)[::-1]
        edges = [(source, target) for source, target in dag["edges"]][::-1]
        found = UnifiedDependencyResolver(artifact_types(typed)).resolve(steps, edges)
        assert outcome(found) == outcome(resolve(dag, typed)), dag["name"]
