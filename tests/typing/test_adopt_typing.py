"""Mistakes with steps and pipelines of the SDK are errors of both type checkers, and nothing else is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.typing.mistakes import MARK
from tests.typing.test_typing import CHECKERS, LONGEST_MESSAGE, differences

CASES = Path(__file__).parent / "cases" / "adopting.py"

pytestmark = pytest.mark.typecheck


@pytest.mark.parametrize("checker", CHECKERS)
def test_mistakes_with_steps_of_the_sdk(tmp_path: Path, checker: str) -> None:
    target = tmp_path / "adopting.py"
    shutil.copy(CASES, target)
    assert sum(line.endswith(MARK) for line in target.read_text().splitlines()) == 12

    assert differences(target, CHECKERS[checker], LONGEST_MESSAGE[checker]) == []
