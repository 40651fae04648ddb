"""What a folder's own settings already say about mypy, pyright and pytest, and what a new project adds to them."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeGuard

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import read_regular, shown_path
from smgen.settings import (
    SETTINGS_FILE,
    Table,
    TomlDocument,
    parse_toml,
    read_settings,
    table_at,
    tables_in,
    with_sections,
)


@dataclass(frozen=True, slots=True)
class Advice:
    """A line that a person adds: to which file, into which section, what, and the line that it replaces."""

    file: str
    section: str
    line: str
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class _Tool:
    """Where a tool looks for the folders of imports, which are those of the generated package and of the pipelines.

    ``files`` are its own files, any of which outranks pyproject.toml; ``shared`` are files of many tools with the
    section that counts as the tool's; ``tables`` are its tables under ``[tool]``, the one with the setting last.
    ``between`` is what may stand between two folders in one text, ``joint`` what is put there.
    """

    name: str
    key: str
    needed: tuple[str, ...]
    section: str
    files: tuple[str, ...]
    shared: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, ...], ...]
    between: str
    joint: str

    def folders(self, text: str) -> list[str]:
        """The folders that a text lists."""
        return [part for part in re.split(self.between, text) if part]

    def lacking(self, present: Iterable[object]) -> list[str]:
        """The folders that are not among those present, however these are written."""
        last = {str(one).rpartition("/")[2] for one in present}
        return [folder for folder in self.needed if folder.rpartition("/")[2] not in last]


_FOLDERS: Final = ("generated", "pipelines")
_TOOLS: Final = (
    _Tool(
        "mypy",
        "mypy_path",
        ("$MYPY_CONFIG_FILE_DIR/generated", "$MYPY_CONFIG_FILE_DIR/pipelines"),
        "mypy",
        ("mypy.ini", ".mypy.ini"),
        (("setup.cfg", "mypy"),),
        (("mypy",),),
        r"[\s,:]+",
        ":",
    ),
    _Tool("pyright", "extraPaths", _FOLDERS, "", ("pyrightconfig.json",), (), (("pyright",),), r"\n", "\n"),
    _Tool(
        "pytest",
        "pythonpath",
        _FOLDERS,
        "pytest",
        ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"),
        (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")),
        (("pytest",), ("pytest", "ini_options")),
        r"\s+",
        " ",
    ),
)


@dataclass(frozen=True, slots=True)
class ExistingSettings:
    """The settings of a folder that becomes a project.

    ``text`` is its pyproject.toml (None where there is none); ``missing`` names the tools without settings, which the
    project brings; ``advice`` is what is left to a person, because smgen changes no setting of anybody.
    ``has_groups`` says that there are dependency groups, to which none is added.
    """

    folder: Path
    text: str | None
    missing: tuple[str, ...]
    advice: tuple[Advice, ...]
    has_groups: bool = False

    def with_sections(self, sections: str) -> bytes:
        """The pyproject.toml with ``sections`` behind what is there.

        Raises FindingsError (SMG130) where nothing can follow it, as when ``tool`` is an inline table.
        """
        if self.text is None:
            return sections.encode()
        return with_sections(self.text, sections, shown_path(self.folder / SETTINGS_FILE)).encode()


def existing_settings(folder: Path) -> ExistingSettings:
    """What ``folder`` already has; it need not exist.

    Raises FindingsError (SMG130) where its pyproject.toml is no TOML or has ``[tool.smgen]`` already, and OSError
    where it cannot be read.
    """
    document = _document(folder)
    value: Table = {} if document is None else document.value
    tool = table_at(value, "tool")
    if document is not None and "smgen" in tool:
        raise FindingsError([_already_a_project(document)])
    advice: list[Advice] = []
    missing: list[str] = []
    for one in _TOOLS:
        found = _existing(one, folder, tool)
        if found is None:
            missing.append(one.name)
        else:
            advice += found
    text = None if document is None else document.text
    return ExistingSettings(folder, text, tuple(missing), tuple(advice), "dependency-groups" in value)


def is_project(folder: Path) -> bool:
    """Whether a folder's pyproject.toml has ``[tool.smgen]``. Raises FindingsError (SMG130) where it is no TOML."""
    document = _document(folder)
    return document is not None and "smgen" in table_at(document.value, "tool")


def has_settings(tool: str, folder: Path) -> bool:
    """Whether a folder has settings for ``mypy``, ``pyright`` or ``pytest``.

    Raises FindingsError (SMG130) where its pyproject.toml is no TOML.
    """
    document = _document(folder)
    tables: Table = {} if document is None else table_at(document.value, "tool")
    return any(_existing(one, folder, tables) is not None for one in _TOOLS if one.name == tool)


def values_for_pipelines(folder: Path) -> Mapping[tuple[str, str], Table]:
    """What the environments of a project say for single pipelines, as written: by environment and pipeline."""
    settings = read_settings(folder)
    return {
        (environment, pipeline): values
        for environment, table in tables_in(settings.value, "tool", "smgen", "environments")
        for pipeline, values in tables_in(table, "pipelines")
    }


def _document(folder: Path) -> TomlDocument | None:
    path = folder / SETTINGS_FILE
    return read_settings(folder, shown_path(path)) if path.is_file() else None


def _already_a_project(document: TomlDocument) -> Finding:
    starts = (start for path, start in document.headers.tables.items() if path[:2] == ("tool", "smgen"))
    return Finding(
        "SMG130",
        "this is a smgen project already",
        Place(file=document.file, line=next((start + 1 for start in starts), None)),
        given="[tool.smgen]",
        fix="work with what is there, or name another folder: smgen init DIR",
    )


def _existing(tool: _Tool, folder: Path, tables: Table) -> tuple[Advice, ...] | None:
    """What to add for a tool that has settings here; None for one that has none."""
    for file in tool.files:
        if (folder / file).is_file():
            return _advice_for_file(tool, folder, file, tool.section)
    for *above, name in reversed(tool.tables):
        holder = table_at(tables, *above)
        if name in holder:
            section = ".".join(("tool", *above, name))
            return _advice_for_table(tool, section, table_at(holder, name).get(tool.key))
    for file, section in tool.shared:
        if (folder / file).is_file() and _ini(folder / file).has_section(section):
            return _advice_for_file(tool, folder, file, section)
    return None


def _advice_for_table(tool: _Tool, section: str, value: object) -> tuple[Advice, ...]:
    """The line for a table of pyproject.toml whose setting has that value now."""
    old: list[object] = value if _is_list(value) else [*tool.folders(value)] if isinstance(value, str) else []
    lacking = tool.lacking(old)
    if not lacking:
        return ()
    line = f"{tool.key} = {json.dumps([*old, *lacking])}"
    before = None if value is None else f"{tool.key} = {json.dumps(value, default=str)}"
    return (Advice(SETTINGS_FILE, f"[{section}]", line, before),)


def _advice_for_file(tool: _Tool, folder: Path, file: str, section: str) -> tuple[Advice, ...]:
    """The line for a file of the tool's own, in the form of that file."""
    if file.endswith(".json"):
        return (Advice(file, "the object", f"{json.dumps(tool.key)}: {json.dumps(list(tool.needed))}"),)
    if file.endswith(".toml"):
        path = folder / file
        parsed = table_at(parse_toml(read_regular(path), shown_path(path)).value, section)
        return tuple(
            Advice(file, found.section, found.line, found.instead_of)
            for found in _advice_for_table(tool, section, parsed.get(tool.key))
        )
    old = tool.folders(_ini(folder / file).get(section, tool.key, fallback="") or "")
    lacking = tool.lacking(old)
    if not lacking:
        return ()
    line = f"{tool.key} = {tool.joint.join([*old, *lacking])}"
    return (Advice(file, f"[{section}]", line, f"{tool.key} = {tool.joint.join(old)}" if old else None),)


def _ini(path: Path) -> configparser.RawConfigParser:
    """An ini file as far as it can be read; what cannot be is for its own tool to tell."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(read_regular(path).decode(errors="replace"))
    except configparser.Error:
        return configparser.RawConfigParser()
    return parser


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
