"""A small run of the fuzzer: no exception, and at least half of the inputs reach the rules."""

from tests.checks.fuzz_definitions import fuzz, lines, mutated

INPUTS = 1_500


def test_mutated_definitions_raise_nothing_and_reach_the_rules() -> None:
    tally = fuzz(INPUTS, seed=3)
    table = "\n".join(lines(tally, 3, 1.0, 1))
    assert tally.inputs == INPUTS
    assert tally.exceptions == 0, table
    assert tally.accepted >= INPUTS / 2, table
    # Most rules are met even by so few inputs.
    assert len(tally.rules) >= 30, table


def test_inputs_depend_on_seed_and_number_alone() -> None:
    first = [mutated(0, number) for number in range(40)]
    assert [mutated(0, number) for number in reversed(range(40))] == first[::-1]
    assert len(set(first)) == 40
    assert mutated(1, 0) != first[0]
