"""What ``smgen init`` writes: every file of a new project, planned from its names and what its folder holds."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smgen.cli.existing_settings import SETTINGS_FILE, Advice, ExistingSettings, existing_settings
from smgen.cli.project_names import ProjectNames, project_names
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import publish_files, shown_path
from smgen.generate.rendering import render_template

_README: Final = "README.md"
#: Files of lines to which those that are missing are added.
_LINES: Final = {".gitattributes": "gitattributes", ".gitignore": "gitignore"}


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file of a new project: its path in it, what it is for, and how it gets there (``new``, ``added to``)."""

    path: str
    purpose: str
    content: bytes
    is_new: bool


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project before it is written: its folder, names and files; ``kept`` are files that are left as they are."""

    folder: Path
    names: ProjectNames
    files: tuple[ProjectFile, ...]
    kept: tuple[str, ...]
    advice: tuple[Advice, ...]


def plan_project(folder: Path, name: str | None) -> NewProject:
    """The project that ``smgen init`` makes in ``folder``.

    Raises FindingsError with everything that stands in its way: SMG106 for the name, SMG130 for a pyproject.toml that
    has a smgen project or cannot be added to, SMG123 for every file that would be overwritten. OSError passes through.
    """
    findings: list[Finding] = []
    names: ProjectNames | None = None
    settings: ExistingSettings | None = None
    try:
        names = project_names(folder, name)
    except FindingsError as error:
        findings += error.findings
    try:
        settings = existing_settings(folder)
    except FindingsError as error:
        findings += error.findings
    if names is None or settings is None:
        raise FindingsError(findings)
    kept = tuple(path for path in (_README,) if os.path.lexists(folder / path))
    files = tuple(file for file in _files(folder, names, settings) if file.path not in kept)
    findings += _obstacles(folder, files)
    if findings:
        raise FindingsError(findings)
    return NewProject(folder, names, files, kept, settings.advice)


def write_project(project: NewProject) -> None:
    """Writes all files. Raises FindingsError (SMG123) or OSError, and then none of them is written."""
    publish_files(project.folder, {file.path: file.content for file in project.files})


def _files(folder: Path, names: ProjectNames, settings: ExistingSettings) -> list[ProjectFile]:
    sections = _rendered("pyproject.toml", names, tools=settings.missing)
    pipeline = f"pipelines/{names.function}.py"
    return [
        ProjectFile(
            SETTINGS_FILE,
            "the settings, with one environment of placeholders",
            settings.with_sections(sections),
            settings.text is None,
        ),
        *(
            _new(path, purpose, _rendered(template, names))
            for path, template, purpose in (
                ("contract_specs/artifact_types.json", "artifact_types.json", "what steps pass to each other"),
                ("contract_specs/clean_data.json", "clean_data.json", "the contract of a step of your own"),
                ("contract_specs/scripts/clean_data.py", "clean_data.py", "its script"),
                (pipeline, "pipeline.py", f"the pipeline {names.pipeline}"),
                (f"tests/test_{names.function}.py", "test_pipeline.py", "a test of what it must be"),
                (_README, "README.md", "what to do next"),
            )
        ),
        *(_with_lines(folder, path, _rendered(template, names)) for path, template in _LINES.items()),
    ]


def _rendered(template: str, names: ProjectNames, **values: object) -> str:
    return render_template(f"init/{template}.jinja", names=names, **values)


def _new(path: str, purpose: str, text: str) -> ProjectFile:
    return ProjectFile(path, purpose, text.encode(), True)


def _with_lines(folder: Path, path: str, text: str) -> ProjectFile:
    """A file of lines, with those that it has not got yet at its end."""
    purpose = "marks generated files" if path == ".gitattributes" else "leaves build/ out"
    if not (folder / path).is_file():
        return _new(path, purpose, text)
    present = (folder / path).read_bytes()
    known = [line.strip() for line in present.splitlines()]
    wanted = "".join(f"{line}\n" for line in text.splitlines() if line.encode() not in known)
    gap = b"" if not present or present.endswith(b"\n") else b"\n"
    return ProjectFile(path, purpose, present + gap + wanted.encode() if wanted else present, False)


def _obstacles(folder: Path, files: tuple[ProjectFile, ...]) -> list[Finding]:
    """SMG123 for every file that would be overwritten, and for what is no file where one is added to."""
    return [
        Finding(
            "SMG123",
            "smgen init would overwrite this",
            Place(file=shown_path(folder / file.path)),
            fix="move it away, or name another folder: smgen init DIR",
        )
        for file in files
        if file.is_new and os.path.lexists(folder / file.path)
    ]


def summary(project: NewProject) -> str:
    """What was written, what is left to do by hand, and the commands that come next."""
    names = project.names
    here = project.folder.resolve() == Path.cwd().resolve()
    width = max(len(file.path) for file in project.files)
    lines = [f"Made the project {names.project}{'' if here else f' in {shown_path(project.folder)}'}:", ""]
    for file in project.files:
        added = "" if file.is_new else " (added to what was there)"
        lines.append(f"  {file.path.ljust(width)}  {file.purpose}{added}")
    for path in project.kept:
        lines += ["", f"Your {path} stays as it is."]
    if names.note is not None:
        lines += ["", names.note]
    if project.advice:
        lines += ["", "These settings are yours, so smgen leaves them to you:"]
        for advice in project.advice:
            where = f"{advice.section} of {advice.file}"
            lines += ["", f"  to {where} add" if advice.instead_of is None else f"  in {where} replace"]
            if advice.instead_of is not None:
                lines += [f"      {advice.instead_of}", "  by"]
            lines.append(f"      {advice.line}")
    commands = {
        f"cd {shlex.quote(shown_path(project.folder))}": "",
        "smgen generate": f"writes the typed steps to generated/{names.package}",
        "mypy": "or pyright: checks every reference between steps",
        "pytest": "",
        f"smgen compile {names.pipeline} --env dev -o build": "writes the definition to build/",
    }
    width = max(len(command) for command in commands)
    lines += ["", "Next:", ""]
    lines += [f"  {command.ljust(width)}  {why}".rstrip() for command, why in commands.items()][1 if here else 0 :]
    return "\n".join(lines)
