"""What ``smgen init`` writes: every file of a new project, planned from its names and what its folder holds."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import publish_files, shown_path
from smgen.generate.template_rendering import render_template
from smgen.settings import SETTINGS_FILE
from smgen.workflows.existing_settings import Advice, ExistingSettings, existing_settings
from smgen.workflows.project_names import ProjectNames, project_names

_README: Final = "README.md"
#: What GitHub and pre-commit run, where they look for it.
WORKFLOW: Final = ".github/workflows/smgen.yml"
HOOKS: Final = ".pre-commit-config.yaml"
#: What working on a project needs: smgen as it is called on PyPI, both type checkers and pytest.
NEEDED: Final = ("sagemaker-smgen[generate]", "mypy", "pyright", "pytest")


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file of a new project: its path with ``/``, what it is for, and all of its bytes.

    ``is_new`` is False for a file that was there and is only added to.
    """

    path: str
    purpose: str
    content: bytes
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project before it is written.

    ``kept`` are the files that were there and stay: a read-me, a workflow, hooks; ``advice`` are lines that a person
    adds to settings. ``has_group`` says that its settings have the dependency group ``dev`` with all that it needs.
    ``repository`` is the root of a git repository that the folder only lies in, where GitHub and pre-commit look for
    what they run; then the project is given neither.
    """

    folder: Path
    names: ProjectNames
    files: tuple[ProjectFile, ...]
    kept: tuple[str, ...]
    advice: tuple[Advice, ...]
    has_group: bool
    repository: Path | None = None


def plan_project(folder: Path, name: str | None) -> NewProject:
    """The project that ``smgen init`` makes in ``folder``; nothing is written yet.

    Raises FindingsError: SMG106 for the name, SMG130 for a pyproject.toml that has a smgen project or cannot be added
    to, SMG123 for every file that would be overwritten. OSError passes through.
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
    repository = _repository_around(folder)
    kept = _kept(folder)
    left_out = {*kept, *(() if repository is None else (WORKFLOW, HOOKS))}
    files = tuple(file for file in _files(folder, names, settings) if file.path not in left_out)
    _refuse_overwriting(folder, files)
    return NewProject(folder, names, files, tuple(kept.values()), settings.advice, not settings.has_groups, repository)


def install_line() -> str:
    """The command that installs what a project needs where no dependency group names it."""
    return f"pip install {shlex.join(NEEDED)}"


def write_project(project: NewProject) -> None:
    """Writes all files. Raises FindingsError (SMG123) or OSError, and then none of them is written."""
    publish_files(project.folder, {file.path: file.content for file in project.files})


def _files(folder: Path, names: ProjectNames, settings: ExistingSettings) -> Iterator[ProjectFile]:
    group = () if settings.has_groups else NEEDED
    sections = _rendered("pyproject.toml", names, tools=settings.missing, group=group)
    purpose = "the settings, with one environment of placeholders"
    yield ProjectFile(SETTINGS_FILE, purpose, settings.with_sections(sections), settings.text is None)
    for path, template, purpose in (
        ("contract_specs/artifact_types.json", "artifact_types.json", "what steps pass to each other"),
        ("contract_specs/clean_data.json", "clean_data.json", "the contract of a step of your own"),
        ("contract_specs/scripts/clean_data.py", "clean_data.py", "its script"),
        (f"pipelines/{names.function}.py", "pipeline.py", f"the pipeline {names.pipeline}"),
        (f"tests/test_{names.function}.py", "test_pipeline.py", "a test of what it must be"),
        (_README, "README.md", "what to do next"),
        (WORKFLOW, "workflow.yml", "what GitHub runs for every change"),
        (HOOKS, "pre-commit-config.yaml", "what 'pre-commit install' runs before each commit"),
    ):
        text = _rendered(template, names, imports=_imports(names), group=group, needed=install_line())
        yield ProjectFile(path, purpose, text.encode())
    for path, template, purpose in (
        (".gitattributes", "gitattributes", "marks generated files"),
        (".gitignore", "gitignore", "leaves out what is built"),
    ):
        yield from _with_lines(folder, path, purpose, _rendered(template, names))


def _imports(names: ProjectNames) -> list[str]:
    """The import lines of the pipeline's module, sorted as linters want them."""
    imported = {
        "smgen.runtime": "Environment, External, FluentPipelineBuilder",
        "smgen_steps": "create_model, xgboost_training",
        names.package: "clean_data",
    }
    return [f"from {module} import {imported[module]}" for module in sorted(imported)]


def _rendered(template: str, names: ProjectNames, **values: object) -> str:
    return render_template(f"init/{template}.jinja", names=names, **values)


def _with_lines(folder: Path, path: str, purpose: str, text: str) -> Iterator[ProjectFile]:
    """A file of lines, with those that it lacks at its end; nothing where it lacks none."""
    if not (folder / path).is_file():
        yield ProjectFile(path, purpose, text.encode())
        return
    present = (folder / path).read_bytes()
    known = [line.strip() for line in present.splitlines()]
    missing = [line.encode() for line in text.splitlines() if not line.startswith("#") and line.encode() not in known]
    if missing:
        gap = b"" if not present or present.endswith(b"\n") else b"\n"
        yield ProjectFile(path, purpose, present + gap + b"".join(line + b"\n" for line in missing), is_new=False)


def _kept(folder: Path) -> dict[str, str]:
    """What of the folder stays as it is: the files of a project that are left out, each with what is there instead."""
    readme = _readme(folder)
    there = {path: path for path in (WORKFLOW, HOOKS) if os.path.lexists(folder / path)}
    return there if readme is None else {_README: readme, **there}


def _refuse_overwriting(folder: Path, files: Iterable[ProjectFile]) -> None:
    obstacles = [_obstacle(folder, file) for file in files if file.is_new and os.path.lexists(folder / file.path)]
    if obstacles:
        raise FindingsError(obstacles)


def _readme(folder: Path) -> str | None:
    """The read-me that the folder has, whatever its form; a new project does not replace it."""
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    return next((name for name in names if name.lower().partition(".")[0] == "readme"), None)


def _repository_around(folder: Path) -> Path | None:
    """The root of the git repository that a folder lies in; None where it is the root itself, or lies in none."""
    here = folder.resolve()
    root = next((path for path in (here, *here.parents) if (path / ".git").exists()), None)
    return None if root == here else root


def _obstacle(folder: Path, file: ProjectFile) -> Finding:
    return Finding(
        "SMG123",
        "'smgen init' would overwrite what is here",
        Place(file=shown_path(folder / file.path)),
        fix="move it away, or name another folder: smgen init DIR",
    )
