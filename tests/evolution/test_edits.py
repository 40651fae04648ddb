"""What is said of each edit of a state, forwards and backwards, and that nothing is said where nothing changed."""

from __future__ import annotations

import copy
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from smgen.contracts import ContractRegistry
from smgen.diagnostics import FindingsError, render
from smgen.documents import JsonObject
from smgen.evolution import contract_changes
from smgen.evolution.change_kinds import KINDS
from tests.evolution.edits import EDITS, Expected
from tests.evolution.states import base, registry
from tests.golden import Golden

#: It says how large the other changes are; test_versions.py is about it.
VERSION = "SMG608"


def told(old: ContractRegistry, new: ContractRegistry) -> str:
    changes = [change for change in contract_changes(old, new) if change.rule != VERSION]
    return ", ".join(sorted({f"{change.rule[3:]} {change.level.value}" for change in changes}))


def both(expected: Expected, folder: Path) -> tuple[ContractRegistry, ContractRegistry]:
    state = base()
    expected.edit(state)
    return before(), registry(folder / "new", state)


@cache
def before() -> ContractRegistry:
    with TemporaryDirectory() as folder:
        return registry(Path(folder), base())


@pytest.mark.parametrize("expected", EDITS, ids=lambda expected: expected.name)
def test_an_edit(expected: Expected, tmp_path: Path) -> None:
    old, new = both(expected, tmp_path)
    assert told(old, new) == expected.forwards


@pytest.mark.parametrize("expected", EDITS, ids=lambda expected: expected.name)
def test_an_edit_taken_back(expected: Expected, tmp_path: Path) -> None:
    old, new = both(expected, tmp_path)
    assert told(new, old) == (expected.forwards if expected.backwards is None else expected.backwards)


def test_every_kind_of_change_is_among_the_edits() -> None:
    """But for those that test_versions.py and test_breaking.py are about."""
    codes = ", ".join(text for edit in EDITS for text in (edit.forwards, edit.backwards) if text)
    told_of = {f"SMG{code[:3]}" for code in codes.split(", ")}
    assert KINDS.keys() - told_of == {"SMG603", "SMG639", VERSION}
    assert len(EDITS) >= 50


def test_what_is_said_of_the_edits(golden: Golden, tmp_path: Path) -> None:
    blocks: list[str] = []
    for expected in EDITS:
        old, new = both(expected, tmp_path)
        blocks.append(f"# {expected.name}\n{shown(old, new)}")
        if expected.backwards is not None:
            blocks.append(f"# {expected.name}, taken back\n{shown(new, old)}")
    golden.text(Path(__file__).parent / "expected" / "edits.txt", "\n".join(blocks))


def shown(old: ContractRegistry, new: ContractRegistry) -> str:
    return render(change.finding() for change in contract_changes(old, new) if change.rule != VERSION)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(EDITS), max_size=4, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_members_says_nothing(edits: list[Expected], random: Random) -> None:
    """And a state has no change from itself. The order of inputs is that of AWS's list, and has an edit of its own."""
    state = base()
    for expected in edits:
        with suppress(KeyError, FindingsError):
            trial = copy.deepcopy(state)
            expected.edit(trial)
            with TemporaryDirectory() as folder:
                registry(Path(folder), trial)
            state = trial
    kept = ("inputs", "InputDataConfig")
    shuffled = {name: _shuffled(document, random, kept) for name, document in state.items()}
    with TemporaryDirectory() as folder:
        old, new = registry(Path(folder) / "old", state), registry(Path(folder) / "new", shuffled)
        assert contract_changes(old, new) == ()


def _shuffled(document: JsonObject, random: Random, kept: Collection[str]) -> JsonObject:
    names = list(document)
    random.shuffle(names)
    values = {name: document[name] for name in names}
    return {
        name: _shuffled(value, random, kept) if isinstance(value, dict) and name not in kept else value
        for name, value in values.items()
    }
