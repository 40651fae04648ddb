"""What a folder's own settings already say about mypy, pyright and pytest, and what a new project adds to them."""

from __future__ import annotations

import configparser
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeGuard

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import shown_path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SETTINGS_FILE: Final = "pyproject.toml"


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
        newline = "\r\n" if "\r\n" in self.text else "\n"
        gap = "" if not self.text.strip() else newline if self.text.endswith("\n") else newline * 2
        text = self.text + gap + sections.replace("\n", newline)
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise FindingsError(
                [
                    Finding(
                        "SMG130",
                        "no section can be added to this pyproject.toml",
                        Place(file=shown_path(self.folder / SETTINGS_FILE)),
                        given=str(error),
                        expected="tables under [tool] that are written as tables, such as [tool.mypy]",
                        fix="write 'tool' and what is in it as tables, or choose another folder",
                    )
                ]
            ) from None
        return text.encode()


def existing_settings(folder: Path) -> ExistingSettings:
    """What ``folder`` already has; it need not exist.

    Raises FindingsError (SMG130) where its pyproject.toml is no TOML or has ``[tool.smgen]`` already, and OSError
    where it cannot be read.
    """
    path = folder / SETTINGS_FILE
    text = path.read_bytes() if path.is_file() else None
    document: Mapping[str, object] = {} if text is None else _parsed(text, path)
    tool = _table(document.get("tool"))
    if "smgen" in tool:
        raise FindingsError([_already_a_project(path, (text or b"").decode())])
    advice: list[Advice] = []
    missing: list[str] = []
    for one in _TOOLS:
        found = _existing(one, folder, tool)
        if found is None:
            missing.append(one.name)
        else:
            advice += found
    written = None if text is None else text.decode()
    return ExistingSettings(folder, written, tuple(missing), tuple(advice), "dependency-groups" in document)


def is_project(folder: Path) -> bool:
    """Whether a folder's pyproject.toml has ``[tool.smgen]``. Raises FindingsError (SMG130) where it is no TOML."""
    path = folder / SETTINGS_FILE
    return path.is_file() and "smgen" in _table(_parsed(path.read_bytes(), path).get("tool"))


def values_for_pipelines(folder: Path) -> Mapping[tuple[str, str], Mapping[str, object]]:
    """What the environments of a project say for single pipelines, as written: by environment and pipeline."""
    path = folder / SETTINGS_FILE
    smgen = _table(_table(_parsed(path.read_bytes(), path).get("tool")).get("smgen"))
    return {
        (environment, pipeline): _table(values)
        for environment, table in _table(smgen.get("environments")).items()
        for pipeline, values in _table(_table(table).get("pipelines")).items()
    }


def _parsed(text: bytes, path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = Place(file=shown_path(path))
        raise FindingsError([Finding("SMG130", f"{path.name} is no TOML", place, given=str(error))]) from None


def _already_a_project(path: Path, text: str) -> Finding:
    lines = (number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\s*tool\.smgen\b", line))
    return Finding(
        "SMG130",
        "this is a smgen project already",
        Place(file=shown_path(path), line=next(lines, None)),
        given="[tool.smgen]",
        fix="work with what is there, or name another folder: smgen init DIR",
    )


def _existing(tool: _Tool, folder: Path, tables: Mapping[str, object]) -> tuple[Advice, ...] | None:
    """What to add for a tool that has settings here; None for one that has none."""
    for file in tool.files:
        if (folder / file).is_file():
            return _advice_for_file(tool, folder, file, tool.section)
    for path in reversed(tool.tables):
        table: object = tables
        for part in path:
            table = _table(table).get(part)
        if table is not None:
            return _advice_for_table(tool, ".".join(("tool", *path)), _table(table).get(tool.key))
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
        parsed = _table(_parsed((folder / file).read_bytes(), folder / file).get(section))
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
        parser.read_string(path.read_bytes().decode(errors="replace"))
    except configparser.Error:
        return configparser.RawConfigParser()
    return parser


def _table(value: object) -> Mapping[str, object]:
    return value if _is_table(value) else {}


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    # The keys of a TOML table are texts.
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
