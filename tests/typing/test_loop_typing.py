"""Mistakes about loops, run conditions and cleanup steps are errors of both type checkers, and nothing else is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.typing.checkers import mypy_errors, pyright_errors
from tests.typing.mistakes import MARK
from tests.typing.test_typing import CHECKERS, LONGEST_MESSAGE, differences

CASES = Path(__file__).parent / "cases" / "loops.py"

pytestmark = pytest.mark.typecheck


@pytest.mark.parametrize("checker", CHECKERS)
def test_mistakes_about_loops(tmp_path: Path, checker: str) -> None:
    target = tmp_path / "loops.py"
    shutil.copy(CASES, target)
    assert sum(line.endswith(MARK) for line in target.read_text().splitlines()) == 46

    assert differences(target, CHECKERS[checker], LONGEST_MESSAGE[checker]) == []


WRONG_ITEM = """\
from smgen.runtime import Environment, FluentPipelineBuilder, Item, ItemRecord


class Region(ItemRecord):
    name: Item[str]
    epochs: Item[int]


def regions(p: FluentPipelineBuilder, env: Environment) -> None:
    loop = p.for_each(
        "PerRegion",
        items=[
            Region(name="eu", epochs=3),
            Region(name="na", {}),
        ],
        max_concurrency=2,
    )
    loop.item.name.equals("eu")
"""
#: What is wrong with an item, and what mypy says.
ITEMS = {
    'epochs="5"': 'Argument "epochs" to "Region" has incompatible type "str"; expected "int | Variable[int]"  '
    "[arg-type]",
    "epoch=5": 'Unexpected keyword argument "epoch" for "Region"; did you mean "epochs"?  [call-arg]',
}


@pytest.mark.parametrize("wrong", ITEMS)
def test_what_is_wrong_with_an_item_is_told_at_the_item_and_nowhere_else(tmp_path: Path, wrong: str) -> None:
    target = tmp_path / "regions.py"
    target.write_text(WRONG_ITEM.replace("{}", wrong))

    assert mypy_errors(target) == {14: [ITEMS[wrong]]}
    found = pyright_errors(target)
    assert list(found) == [14]
    assert len(found[14]) <= 2
