"""What is said about each mistake, as the texts in ``expected/`` pin it: read every change as a user would."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Final

from tests.cli.command_line import Result, smgen
from tests.mistakes.checkers import Messages, Said, mypy_messages, pyright_messages
from tests.mistakes.project_folder import CASES, CORRECT, copied, edit, edited, edited_lines
from tests.mistakes.table import CONTRACT, MISTAKES, PIPELINE, Mistake
from tests.mistakes.variants import VARIANTS

EXPECTED: Final = Path(__file__).parent / "expected"
_RULE: Final = re.compile(r"^(?:\S+: )?(?:error|warning|note) (SMG\d+) ", re.MULTILINE)
# What Python says of a name that is read before it has a value.
_BEFORE_3_11: Final = re.compile(r"local variable '(\w+)' referenced before assignment")
_SINCE_3_11: Final = r"cannot access local variable '\1' where it is not associated with a value"


@dataclass(frozen=True)
class Checked:
    """What the two type checkers say about every file."""

    mypy: Messages
    pyright: Messages


@dataclass(frozen=True)
class Command:
    """One command and what it did."""

    line: str
    result: Result

    @property
    def text(self) -> str:
        """All that it printed, in the words of Python 3.11 and newer."""
        return _BEFORE_3_11.sub(_SINCE_3_11, self.result.out + self.result.err)

    @property
    def findings(self) -> str:
        """What it printed without the last line, which counts."""
        return self.text.rstrip("\n").rpartition("\n")[0]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of the findings that it printed."""
        return tuple(_RULE.findall(self.text))


def check_types(project: Path, folder: Path) -> Checked:
    """Runs both checkers once over the correct file, every mistake in a pipeline and every variant."""
    folder.mkdir()
    source = CORRECT.read_text(encoding="utf-8")
    (folder / "correct.py").write_text(source, encoding="utf-8")
    for mistake in MISTAKES:
        if mistake.file == PIPELINE:
            (folder / module(mistake)).write_text(edited(source, mistake.old, mistake.new), encoding="utf-8")
    for variant in VARIANTS:
        (folder / f"variant_{variant.name}.py").write_text(variant.text, encoding="utf-8")
    generated = project / "generated"
    return Checked(mypy_messages(folder, generated), pyright_messages(folder, generated))


def module(mistake: Mistake) -> str:
    """The name of a mistake's file in the folder that is type-checked."""
    return f"mistake_{mistake.name.replace('-', '_')}.py"


def commands(project: Path, folder: Path, mistake: Mistake) -> Sequence[Command]:
    """What the commands say about a mistake: of a contract when it is read, of all else when it is built and linted."""
    here = copied(project, folder / mistake.name)
    edit(here, mistake)
    if mistake.file == CONTRACT:
        return [_command(here, "validate"), _command(here, "generate")]
    compiled = _command(here, "compile", "Fraud", "--env", mistake.environment, "-o", "build")
    return [compiled, _command(here, "lint", "Fraud")]


def _command(project: Path, *arguments: str) -> Command:
    return Command(" ".join(("smgen", *arguments)), smgen(*arguments, cwd=project))


def report(mistake: Mistake, checked: Checked, ran: Sequence[Command]) -> str:
    """The text that is pinned: the edit, and everything that anybody says about it."""
    parts = [f"{mistake.name}: {mistake.what} ({mistake.caught})\n\n{mistake.file}\n{_difference(mistake)}"]
    if mistake.file == PIPELINE:
        parts.append(_said("mypy --strict", checked.mypy[module(mistake)]))
        parts.append(_said("pyright", checked.pyright[module(mistake)]))
    before: str | None = None
    for command in ran:
        if command.findings == before:
            counts = command.text.rstrip("\n").rpartition("\n")[2]
            parts.append(f"== {command.line} -> {command.result.code}\nthe same, and: {counts}\n")
        else:
            parts.append(f"== {command.line} -> {command.result.code}\n{command.text}")
        before = command.findings
    return "\n".join(parts)


def _said(checker: str, messages: Sequence[Said]) -> str:
    texts = [said.text for said in messages] or ["nothing"]
    return "\n".join([f"== {checker}", *texts, ""])


def _difference(mistake: Mistake) -> str:
    """The lines that an edit takes away and puts there."""
    file = CORRECT if mistake.file == PIPELINE else CASES / "project" / mistake.file
    source = file.read_text(encoding="utf-8")
    before, after = source.splitlines(), edited(source, mistake.old, mistake.new).splitlines()
    lines = [*unified_diff(before, after, n=0, lineterm="")][2:]
    return "".join(f"{line[0]} {line[1:].strip()}\n" for line in lines if not line.startswith("@@"))


def statement_lines(mistake: Mistake) -> frozenset[int]:
    """The lines of the statements that a mistake in the pipeline changes."""
    return edited_lines(CORRECT.read_text(encoding="utf-8"), mistake)
