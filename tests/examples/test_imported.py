"""The imported examples are what an import makes today, and still compile to what they were imported from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import smgen
from tests.examples.imported_examples import EXAMPLES, IMPORTED, Example, imported
from tests.golden import Golden


@pytest.mark.parametrize("example", IMPORTED, ids=lambda example: example.folder)
def test_an_import_makes_the_same_today(tmp_path: Path, example: Example, golden: Golden) -> None:
    golden.folder(EXAMPLES / example.folder, imported(example, tmp_path))


@pytest.mark.parametrize("example", IMPORTED, ids=lambda example: example.folder)
def test_the_proof_holds(example: Example) -> None:
    result = smgen("import", "--check", ".", cwd=EXAMPLES / example.folder)
    assert (result.code, result.err) == (0, "")
    assert len(result.out.splitlines()) == 2


def test_nothing_else_lies_there() -> None:
    folders = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
    assert folders == [example.folder for example in IMPORTED]
