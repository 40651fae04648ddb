"""Random legal definitions come back as they were, in each environment; malformed ones give findings with a place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from smgen.aws import STEP_KINDS
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from tests.fuzz.definitions import MUTATIONS, words
from tests.fuzz.json_mutations import Edit, spots
from tests.importer.legal_definitions import RAW_KINDS, random_definition, second
from tests.importer.random_round_trip import fast_round_trip
from tests.importer.round_trip import round_trip
from tests.typing.checkers import run_pyright

#: A definition is drawn from a seed: as single draws its thousands of choices are too many for hypothesis.
#: The definitions that are generated for real and type-checked.
CHECKED = (50_003, 60_007, 70_011, 80_013, 90_017)
SEEDS = st.integers(0, 2**32)


@settings(max_examples=150)
@given(SEEDS)
def test_a_legal_definition_comes_back(seed: int) -> None:
    trip = fast_round_trip({"dev": random_definition(Random(seed))})

    assert trip.findings == ()
    assert trip.differences == ()


@settings(max_examples=80)
@given(SEEDS)
def test_it_comes_back_in_each_environment(seed: int) -> None:
    document = random_definition(Random(seed))
    trip = fast_round_trip({"dev": document, "prod": moved(document)})

    assert trip.findings == ()
    assert trip.differences == ()


@settings(max_examples=200)
@given(SEEDS, st.integers(1, 4))
def test_a_malformed_definition_gives_findings_with_a_place(seed: int, mutations: int) -> None:
    random = Random(seed)
    document = random_definition(random)
    for _ in range(mutations):
        candidates = spots(document)
        if candidates:
            random.choice(MUTATIONS)(Edit(random, document, random.choice(candidates), words()))
    try:
        found = fast_round_trip({"dev": document}).findings
    except FindingsError as error:
        found = error.findings

    assert [item for item in found if item.place.pointer is None] == []


def test_the_definitions_have_all_there_is() -> None:
    seen: set[str] = set()
    for seed in range(150):
        _look(random_definition(Random(seed)), seen)

    assert {*STEP_KINDS, *RAW_KINDS} <= seen
    assert {"Get", "Std:Join", "Std:JsonGet", "PropertyFile", "S3Uri", "In", "Not", "Or", "Equals"} <= seen
    assert {"Selector", "Trigger", "CacheConfig", "RetryPolicies", "PropertyFiles", "EnumValues", "DisplayName"} <= seen


@pytest.mark.typecheck
def test_generated_for_real_they_are_equal_and_clean_under_both_type_checkers(tmp_path: Path) -> None:
    together = tmp_path / "all"
    together.mkdir()
    for seed in CHECKED:
        document = random_definition(Random(seed))
        built = round_trip(tmp_path / str(seed), {"dev": document, "prod": moved(document)}, "Random")
        assert built.comparison("dev").differences == ()
        assert built.comparison("prod").differences == ()
        for entry in built.folder.iterdir():
            # What Python keeps of a module lies beside it, wherever it may.
            if entry.name != "__pycache__" and entry.name != "contract_specs":
                entry.rename(together / entry.name)
    (together / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")
    modules = sorted(entry.name for entry in together.glob("*_pipeline.py"))
    assert len(modules) == len(CHECKED)

    python = sys.executable
    mypy = subprocess.run([python, "-m", "mypy", "--strict", *modules], cwd=together, capture_output=True, text=True)
    assert mypy.stdout.strip() == f"Success: no issues found in {len(CHECKED)} source files", mypy.stdout
    pyright = run_pyright(together, ".")
    assert pyright.stdout.strip().endswith("0 errors, 0 warnings, 0 informations"), pyright.stdout


def moved(document: JsonObject) -> JsonObject:
    """The definition in a second environment."""
    return {name: second(value) for name, value in document.items()}


def _look(value: JsonValue, seen: set[str]) -> None:
    """Adds the kinds of steps and conditions in a value, and the names of all members."""
    if isinstance(value, dict):
        seen.update(value)
        if isinstance(value.get("Type"), str):
            seen.add(str(value["Type"]))
        for item in value.values():
            _look(item, seen)
    elif isinstance(value, list):
        for item in value:
            _look(item, seen)
