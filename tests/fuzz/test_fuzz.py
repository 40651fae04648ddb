"""A small run of every fuzzer: no exception, nothing evaluated, and at least half of the inputs get past a parser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smgen.checks import read_check_settings
from smgen.contracts import read_contracts
from smgen.diagnostics import Finding, Format
from smgen.runtime import read_project
from tests.fuzz.__main__ import main
from tests.fuzz.contracts import bases
from tests.fuzz.payloads import CANARY
from tests.fuzz.running import Input, Target, Trial, check_output, fuzz, made, table
from tests.fuzz.settings import BASES
from tests.fuzz.targets import TARGETS
from tests.project.checkout import CHECKOUT

#: How many inputs of each sort are tried here, and how many rules they meet at least.
INPUTS = {
    "contracts": (250, 12),
    "definitions": (1_000, 30),
    "settings": (500, 2),
    "dags": (400, 8),
    "locks": (500, 1),
    "archives": (500, 0),
    "scripts": (300, 4),
    "answers": (600, 2),
}


def test_every_sort_is_tried() -> None:
    assert list(INPUTS) == list(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_inputs(name: str) -> None:
    inputs, rules = INPUTS[name]
    tally = fuzz(TARGETS[name], inputs, seed=3)
    told = "\n".join(table(TARGETS[name], tally, 3, 1.0))
    assert tally.inputs == inputs
    assert tally.is_good, told
    assert len(tally.rules) >= rules, told
    assert (tally.commands > 0) is (TARGETS[name].commands is not None)


@pytest.mark.parametrize("name", TARGETS)
def test_inputs_depend_on_seed_and_number_alone(name: str) -> None:
    first = [made(TARGETS[name], 0, number) for number in range(40)]
    assert [made(TARGETS[name], 0, number) for number in reversed(range(40))] == first[::-1]
    assert len(set(first)) > 30
    assert made(TARGETS[name], 1, 0) != first[0]


def test_the_settings_that_are_mutated_are_right(tmp_path: Path) -> None:
    for text in BASES:
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        assert read_project(tmp_path).pipelines
        assert read_check_settings(tmp_path).policy is not None


# A fuzzer that cannot fail finds nothing ------------------------------------------------------------------------------


def raising(_trial: Trial) -> None:
    raise KeyError("maxProperties")


def evaluating(trial: Trial) -> None:
    trial.past = True
    eval(trial.given.data)


def unforeseen(trial: Trial) -> None:
    trial.past = True
    trial.findings.append(Finding("SMG199", "smgen stopped"))


def refusing(_trial: Trial) -> None:
    """Nothing gets past the parser."""


@pytest.mark.parametrize("run", [raising, evaluating, unforeseen, refusing])
def test_what_is_wrong_is_noticed(run: Callable[[Trial], None]) -> None:
    target = Target("x", lambda _: Input(f"__import__('pathlib').Path('{CANARY}').touch()".encode()), run)
    tally = fuzz(target, 3, 0)
    assert not tally.is_good
    assert (tally.exceptions, tally.executions) == (3 if run is raising else 0, 1 if run is evaluating else 0)
    assert tally.rules["SMG199"] == (3 if run is unforeseen else 0)
    assert ("KeyError: 'maxProperties'" in "\n".join(table(target, tally, 0, 1.0))) is (run is raising)


@pytest.mark.parametrize("text", ["a\x1b[2J", "::error::x", "  ::error::x", "a ##vso[x]", "x" * 70_000])
def test_an_output_that_moves_the_cursor_or_commands_is_noticed(text: str) -> None:
    with pytest.raises(AssertionError):
        check_output(text, Format.TEXT, 0)


def test_one_sort_can_be_chosen_and_one_input_shown(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--only", "locks", "--inputs", "30", "--seed", "5", "--processes", "1"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"locks, seed 5: ")
    assert main(["--only", "locks", "--seed", "5", "--show", "7"]) == 0
    assert capsysbinary.readouterr().out == made(TARGETS["locks"], 5, 7).data


def test_the_contracts_that_are_mutated_are_right() -> None:
    for folder in {(CHECKOUT / path).parent for path in bases()}:
        assert read_contracts(folder)
