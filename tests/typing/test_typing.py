"""Every wrong reference and value is an error of both type checkers, on its own line, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from smgen.contracts import ContractRegistry, read_contracts
from tests.typing.checkers import ROOT, Errors, mypy_errors, pyright_errors
from tests.typing.mistakes import MARK, mistake_file

BY_HAND = Path(__file__).parent / "cases" / "by_hand.py"
#: The longest message in characters. A message that nobody can read is as bad as none.
LONGEST_MESSAGE = {"mypy": 500, "pyright": 1500}
CHECKERS = {"mypy": mypy_errors, "pyright": pyright_errors}

pytestmark = pytest.mark.typecheck


@pytest.fixture(scope="module")
def registry() -> ContractRegistry:
    return read_contracts(ROOT / "contract_specs")


def differences(file: Path, check: Callable[[Path], Errors], longest: int) -> list[str]:
    """Where the errors of a checker and the marks of a file differ, one text per line."""
    lines = file.read_text().splitlines()
    errors = check(file)
    found = [
        f"too long on line {line}: {message}"
        for line, messages in errors.items()
        for message in messages
        if len(message) > longest
    ]
    for number, line in enumerate(lines, 1):
        if line.endswith(MARK) and number not in errors:
            found.append(f"no error: {line.strip()}")
        elif not line.endswith(MARK) and number in errors:
            found.append(f"false alarm: {line.strip()}: {errors[number]}")
    return found


@pytest.mark.parametrize("checker", CHECKERS)
def test_every_name_and_value_of_the_library(tmp_path: Path, registry: ContractRegistry, checker: str) -> None:
    file = mistake_file(registry, "smgen_steps")
    target = tmp_path / "mistakes.py"
    target.write_text(file.source())

    assert differences(target, CHECKERS[checker], LONGEST_MESSAGE[checker]) == []


def test_the_library_is_covered_whole(registry: ContractRegistry) -> None:
    """The count of mistakes: it moves only with the contracts, and then on purpose."""
    assert mistake_file(registry, "smgen_steps").counts == {"misspelling": 587, "type": 946, "omission": 74}


@pytest.mark.parametrize("checker", CHECKERS)
def test_mistakes_by_hand(tmp_path: Path, checker: str) -> None:
    target = tmp_path / "by_hand.py"
    shutil.copy(BY_HAND, target)
    assert sum(line.endswith(MARK) for line in target.read_text().splitlines()) == 92

    assert differences(target, CHECKERS[checker], LONGEST_MESSAGE[checker]) == []
