"""The imported examples are what an import makes today, and still compile to what they were imported from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import smgen, tree
from tests.examples.imported_examples import EXAMPLES, IMPORTED, Example, imported

RENEW = "renew them: python -m tests.examples.imported_examples"


@pytest.mark.parametrize("example", IMPORTED, ids=lambda example: example.folder)
def test_an_import_makes_the_same_today(tmp_path: Path, example: Example) -> None:
    made, committed = imported(example, tmp_path), tree(EXAMPLES / example.folder)
    assert list(made) == list(committed), RENEW
    assert [path for path, content in made.items() if committed[path] != content] == [], RENEW


@pytest.mark.parametrize("example", IMPORTED, ids=lambda example: example.folder)
def test_the_proof_holds(example: Example) -> None:
    result = smgen("import", "--check", ".", cwd=EXAMPLES / example.folder)
    assert (result.code, result.err) == (0, "")
    assert len(result.out.splitlines()) == 2


def test_nothing_else_lies_there() -> None:
    folders = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
    assert folders == [example.folder for example in IMPORTED]
