"""Runs mypy over the modules of a project's pipelines, as a process beside whatever else goes on."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from smgen.diagnostics import Finding, Place, bounded
from smgen.documents import shown_path
from smgen.runtime import Project
from smgen.workflows.existing_settings import has_settings

#: What mypy ends with where it has found mistakes, and where it has seen none because something stopped it.
#: Not ``-m``: that would take a folder of the project that is called mypy.
_START: Final = "import sys; del sys.path[0]; from mypy.__main__ import console_entry; console_entry()"
_LONGEST_REASON: Final = 300
_OPTIONS: Final = (
    "--show-column-numbers",
    "--show-error-codes",
    "--hide-error-context",
    "--no-error-summary",
    "--no-pretty",
    "--no-color-output",
)
_LINE: Final = re.compile(
    r"(?!mypy: )(?P<file>.+?):(?:(?P<line>\d+):(?:(?P<column>\d+):)?)? (?P<level>error|note): "
    r"(?P<text>.*?)(?:  \[(?P<code>[a-z0-9-]+)\])?"
)


@dataclass(frozen=True, slots=True)
class TypeErrors:
    """What mypy found (SMG680); ``stopped`` is what it said where it could not look, else None."""

    findings: tuple[Finding, ...] = ()
    stopped: str | None = None


@dataclass(frozen=True, slots=True)
class TypeCheck:
    """mypy at work on files of a project."""

    project: Project
    process: subprocess.Popen[bytes]
    output: IO[bytes]

    def finished(self) -> TypeErrors:
        """What it found, when it is done."""
        code = self.process.wait()
        self.output.seek(0)
        said = self.output.read().decode("utf-8", "replace")
        findings = type_errors(said, self.project.root)
        # A signal ends it in the middle; and what it finds nothing with, it says of itself.
        if code < 0 or (code > 0 and not findings):
            return TypeErrors(stopped=bounded(" ".join(said.split()), _LONGEST_REASON) or f"mypy ended with {code}")
        return TypeErrors(findings)


def is_mypy_installed() -> bool:
    """Whether the Python that runs has mypy."""
    return importlib.util.find_spec("mypy") is not None


def pipeline_modules(project: Project) -> tuple[str, ...]:
    """The files of the project's pipelines that are there, relative to the project."""
    files = sorted({source.file for source in project.pipelines.values()})
    return tuple(file for file in files if (project.root / file).is_file())


@contextmanager
def type_checking(project: Project, files: Iterable[str]) -> Generator[TypeCheck]:
    """mypy over these files, with the settings of the project; it runs while the block does, and not longer.

    Where the project has no settings for mypy, it looks for imports beside the pipelines and the generated package.
    """
    listed = list(files)
    command = [sys.executable, "-c", _START, *_OPTIONS, "--", *listed]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=project.root,
            env={**os.environ, **_import_folders(project, listed), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield TypeCheck(project, process, output)
        finally:
            process.kill()
            process.wait()


def type_errors(said: str, root: Path) -> tuple[Finding, ...]:
    """What mypy said, as findings; a note belongs to the error before it."""
    findings: list[Finding] = []
    for line in said.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        if match["level"] == "note":
            if findings:
                findings[-1] = _with_note(findings[-1], match["text"])
            continue
        line_number, column = match["line"], match["column"]
        place = Place(
            file=shown_path(root / match["file"]),
            line=None if line_number is None else int(line_number),
            column=None if column is None else int(column),
        )
        code = "" if match["code"] is None else f" [{match['code']}]"
        findings.append(Finding("SMG680", f"{match['text']}{code}", place))
    return tuple(findings)


def _with_note(finding: Finding, note: str) -> Finding:
    # Where to read more is told by the code already.
    if note.startswith("See https://"):
        return finding
    return replace(finding, fix=note if finding.fix is None else f"{finding.fix}; {note.strip()}")


def _import_folders(project: Project, files: Iterable[str]) -> Mapping[str, str]:
    if has_settings("mypy", project.root):
        return {}
    folders = {str((project.root / file).parent) for file in files}
    if project.output is not None:
        folders.add(str((project.root / project.output).parent))
    known = os.environ.get("MYPYPATH")
    return {"MYPYPATH": os.pathsep.join([*sorted(folders), *([known] if known else [])])}
