"""Folders of wrong contracts, each with everything that is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.contracts import read_contracts
from smgen.diagnostics import FindingsError, Format, render
from tests.contracts.samples import BAD
from tests.golden import Golden

CASES = sorted(folder.name for folder in BAD.iterdir() if folder.is_dir())


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 50


@pytest.mark.parametrize("case", CASES)
def test_the_whole_output_of_a_wrong_folder(case: str, golden: Golden) -> None:
    with pytest.raises(FindingsError) as caught:
        read_contracts(BAD / case / "contracts", shown_root="contracts")
    found = render(caught.value.findings, Format.TEXT)
    golden.text(BAD / case / "expected.txt", found)
    assert str(caught.value) == found.rstrip("\n")


@pytest.mark.parametrize("case", CASES)
def test_every_finding_has_its_file(case: str) -> None:
    with pytest.raises(FindingsError) as caught:
        read_contracts(BAD / case / "contracts", shown_root="contracts")
    for finding in caught.value.findings:
        assert finding.place.file is not None
        assert finding.place.file.startswith("contracts/")
        # Only a file that is not there has no line.
        missing = not (BAD / case / Path(finding.place.file)).exists()
        assert (finding.place.line is None) == missing


def test_reading_twice_says_the_same() -> None:
    said: list[str] = []
    for _ in range(2):
        with pytest.raises(FindingsError) as caught:
            read_contracts(BAD / "several_files" / "contracts", shown_root="contracts")
        said.append(str(caught.value))
    assert said[0] == said[1]
