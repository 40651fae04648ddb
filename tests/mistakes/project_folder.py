"""The correct project in a folder of its own, with its generated package, and copies of it with one edit."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Final

from tests.cli.command_line import smgen
from tests.mistakes.table import PIPELINE, Mistake

CASES: Final = Path(__file__).parent / "cases"
CORRECT: Final = CASES / "correct.py"


def make_project(folder: Path) -> Path:
    """Writes the correct project, its package generated, into a new folder below this one."""
    project = Path(shutil.copytree(CASES / "project", folder / "project"))
    (project / "pipelines").mkdir()
    shutil.copy(CORRECT, project / PIPELINE)
    result = smgen("generate", cwd=project)
    assert result.code == 0, result.err
    return project


def copied(project: Path, target: Path) -> Path:
    """A copy of a project which a test may change."""
    return Path(shutil.copytree(project, target, ignore=shutil.ignore_patterns("__pycache__")))


def edited(text: str, old: str, new: str) -> str:
    """The text with its only ``old`` replaced."""
    assert text.count(old) == 1, f"{text.count(old)} times: {old}"
    return text.replace(old, new)


def edit(project: Path, mistake: Mistake) -> None:
    """Makes the mistake in a project."""
    file = project / mistake.file
    file.write_text(edited(file.read_text(encoding="utf-8"), mistake.old, mistake.new), encoding="utf-8")


def edited_lines(source: str, mistake: Mistake) -> frozenset[int]:
    """The lines of the statements that an edit changes in a pipeline; ``source`` is the text before it."""
    start = source.index(mistake.old)
    text = edited(source, mistake.old, mistake.new)
    first = text.count("\n", 0, start) + 1
    last = text.count("\n", 0, start + max(len(mistake.new.rstrip("\n")), 1)) + 1
    lines: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            own = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            if own.start <= last and first < own.stop:
                lines |= {*own}
    return frozenset(lines)
