"""The version is held against the size of the change, and a name that changes is remembered as long as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.evolution import ContractChange, Level, contract_changes, fitting_version
from tests.evolution.states import Edit, all_of, base, drop, put, registry, rename

GONE = drop("fitting/outputs/job")
DEFAULT = put("fitting/hyperparameters/properties/eta/default", 0.1)
WORDS = put("fitting/description", "Trains.")


def changes(folder: Path, old: Edit, new: Edit) -> tuple[ContractChange, ...]:
    """What is told between two states, of which each is made by an edit of the base."""
    states = (base(), base())
    for state, edit in zip(states, (old, new), strict=True):
        edit(state)
    before, after = (registry(folder / name, state) for name, state in zip(("old", "new"), states, strict=True))
    return contract_changes(before, after)


def told(folder: Path, old: Edit, new: Edit) -> dict[str, str]:
    return {change.rule: change.message for change in changes(folder, old, new)}


@pytest.mark.parametrize(
    ("before", "level", "after"),
    [
        ("1.4.2", Level.SOURCE, "2.0.0"),
        ("1.4.2", Level.WIRING, "2.0.0"),
        ("1.4.2", Level.RUN, "1.5.0"),
        ("1.4.2", Level.CACHE, "1.5.0"),
        ("1.4.2", Level.COMPATIBLE, "1.5.0"),
        ("1.4.2", None, "1.4.2"),
        ("0.3.1", Level.SOURCE, "0.4.0"),
        ("0.3.1", Level.RUN, "0.3.2"),
        ("0.0.1", Level.WIRING, "0.1.0"),
    ],
)
def test_the_version_that_fits(before: str, level: Level | None, after: str) -> None:
    assert fitting_version(before, level) == after


@pytest.mark.parametrize(
    ("edit", "version", "fits", "level"),
    [
        (GONE, "1.5.0", "2.0.0", "source"),
        (DEFAULT, "1.4.3", "1.5.0", "run"),
        (put("fitting/inputs/train/aliases", []), "1.9.0", "2.0.0", "wiring"),
        (WORDS, "1.4.1", "1.4.2", "compatible"),
        (WORDS, "1.3.9", "1.4.2", "compatible"),
    ],
)
def test_a_version_that_is_too_low(tmp_path: Path, edit: Edit, version: str, fits: str, level: str) -> None:
    found = changes(tmp_path, all_of(), all_of(edit, put("fitting/version", version)))
    (low,) = (change for change in found if change.rule == "SMG608")
    assert (low.fitting, low.after, low.before, low.level.value) == (fits, version, "1.4.2", level)
    finding = low.finding()
    assert (finding.given, finding.expected) == (version, fits)


@pytest.mark.parametrize(
    ("edit", "version"),
    [(GONE, "2.0.0"), (GONE, "3.1.0"), (DEFAULT, "1.5.0"), (DEFAULT, "2.0.0"), (WORDS, "1.4.2"), (WORDS, "1.4.3")],
)
def test_a_version_that_says_enough(tmp_path: Path, edit: Edit, version: str) -> None:
    assert "SMG608" not in told(tmp_path, all_of(), all_of(edit, put("fitting/version", version)))


def test_the_variants_of_a_family_have_one_version(tmp_path: Path) -> None:
    family = put("scoring/variants", {"daily": {"description": "Each day."}, "weekly": {}})
    found = changes(tmp_path, family, all_of(family, put("scoring/source/entry", "score_v2.py")))
    assert [(change.rule, change.contract) for change in found] == [
        ("SMG642", "ScoringDaily"),
        ("SMG642", "ScoringWeekly"),
        ("SMG608", "Scoring"),
    ]


def renamed(until: str, version: str) -> Edit:
    return all_of(
        rename("fitting/inputs/train", "training", renamed_from={"name": "train", "until": until}),
        put("fitting/version", version),
    )


def test_a_renaming_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    """1.4.2 has the old name, 2.0.0 the new one and a word about it, 3.0.0 the new one, and the old one reserved."""
    known, over = (
        renamed("3.0.0", "2.0.0"),
        all_of(rename("fitting/inputs/train", "training"), put("fitting/version", "3.0.0")),
    )
    kept = all_of(over, put("fitting/reserved", ["seed_data", "train"]))

    assert told(tmp_path / "1", all_of(), known) == {
        "SMG613": "the input 'training' was called 'train', and the old name says so until 3.0.0"
    }
    assert told(tmp_path / "2", known, kept) == {}
    assert told(tmp_path / "3", known, over) == {
        "SMG605": "the name 'train' is gone, and may come back with another meaning"
    }


def test_a_renaming_that_says_nothing_any_more(tmp_path: Path) -> None:
    assert told(tmp_path, all_of(), renamed("2.0.0", "2.0.0")) == {
        "SMG613": "the input 'training' was called 'train', and the old name does not say so",
        "SMG605": "the name 'train' is gone, and may come back with another meaning",
    }


def test_what_else_changed_of_a_renamed_port_is_told_too(tmp_path: Path) -> None:
    new = all_of(
        renamed("3.0.0", "2.0.0"),
        put("fitting/inputs/training/type", "Dataset"),
        put("fitting/inputs/training/channel", "rows"),
    )
    assert sorted(told(tmp_path, all_of(), new)) == ["SMG613", "SMG616", "SMG618"]


def test_a_contract_that_becomes_a_variant_is_known_by_the_name_of_its_family(tmp_path: Path) -> None:
    def of_a_family(name: str) -> Edit:
        return all_of(put("scoring/name", name), put("scoring/variants", {"daily": {"description": "Each day."}}))

    alone = put("scoring/name", "ScoringDaily")
    assert told(tmp_path, alone, all_of(of_a_family("Scoring"), put("scoring/version", "0.4.0"))) == {
        "SMG603": "is called otherwise in lists of sources"
    }
