"""The settings of a project: ``[tool.smgen]`` in its pyproject.toml."""

from __future__ import annotations

import re
import sys
from keyword import iskeyword
from pathlib import Path
from typing import Final, cast

from smgen.aws import pipeline_name_problem
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import resolve_inside
from smgen.runtime.environment_reading import read_environment
from smgen.runtime.names import legal_fix
from smgen.runtime.project import SETTINGS_FILE, PipelineSource, Project
from smgen.runtime.settings_reader import SettingsReader, as_table

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_CONTRACTS: Final = "contract_specs"

# The last two are read by smgen.checks, when definitions are checked.
_TOP: Final = ("contracts", "output", "pipelines", "environments", "policy", "suppressions")
_PIPELINES: Final = "tool.smgen.pipelines"
_PIPELINE: Final = ("function", "environments")
_FORM: Final = '"pipelines/fraud.py:fraud": a file and a function'


def find_project(start: Path) -> Project:
    """The project that ``start`` lies in: the nearest folder upwards whose pyproject.toml has ``[tool.smgen]``.

    Raises FindingsError (SMG130) for wrong settings, and where there is no such folder.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        settings = folder / SETTINGS_FILE
        if settings.is_file() and _smgen_table(_parsed(settings)) is not None:
            return read_project(folder)
    raise FindingsError(
        [
            Finding(
                "SMG130",
                "there is no smgen project here",
                Place(file=SETTINGS_FILE),
                expected=f"a pyproject.toml with a table [tool.smgen], in {start.as_posix()} or above it",
                fix="run 'smgen init', or go to the project's folder",
            )
        ]
    )


def read_project(folder: Path) -> Project:
    """The project whose pyproject.toml stands in ``folder``. Raises FindingsError (SMG130), all findings at once."""
    settings = folder / SETTINGS_FILE
    reader = _ProjectReader(folder, settings.read_bytes().decode(errors="replace"))
    project = reader.project(_smgen_table(_parsed(settings)) or {})
    if reader.findings:
        environments = (*project.environments.values(), *project.for_pipelines.values())
        problems = [problem for environment in environments for problem in environment.problems]
        raise FindingsError([*reader.findings, *dict.fromkeys(problems)])
    return project


def _parsed(settings: Path) -> dict[str, object]:
    try:
        return tomllib.loads(settings.read_bytes().decode())
    except (ValueError, RecursionError) as error:
        # Beside what is no TOML and no UTF-8: numbers and nesting that Python does not read.
        where = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(where[1]), int(where[2])) if where else (None, None)
        place = Place(file=SETTINGS_FILE, line=line, column=column)
        raise FindingsError([Finding("SMG130", "pyproject.toml is no TOML", place, given=str(error))]) from None


def _smgen_table(document: dict[str, object]) -> dict[str, object] | None:
    return as_table((as_table(document.get("tool")) or {}).get("smgen"))


class _ProjectReader(SettingsReader):
    """Reads the settings of one project."""

    def __init__(self, root: Path, text: str) -> None:
        super().__init__(text)
        self.root = root

    def project(self, table: dict[str, object]) -> Project:
        self.known("tool.smgen", table, _TOP)
        environments = self.table("tool.smgen", table, "environments")
        pipelines = {
            name: self.pipeline(name, value, tuple(environments))
            for name, value in self.table("tool.smgen", table, "pipelines").items()
        }
        targets = {name: source.environments for name, source in pipelines.items()}
        read = {name: read_environment(self, name, value, targets) for name, value in environments.items()}
        return Project(
            self.root,
            self.folder(table, "contracts") or DEFAULT_CONTRACTS,
            self.output(table),
            pipelines,
            {name: item.environment for name, item in read.items()},
            {(name, pipeline): own for name, item in read.items() for pipeline, own in item.for_pipelines.items()},
        )

    def folder(self, table: dict[str, object], key: str) -> str | None:
        """A folder inside the project."""
        value = self.text("tool.smgen", table, key)
        if value is None:
            return None
        try:
            resolve_inside(self.root, value, self.place("tool.smgen", key))
        except FindingsError as error:
            self.findings += error.findings
            return None
        return value

    def output(self, table: dict[str, object]) -> str | None:
        output = self.folder(table, "output")
        name = None if output is None else output.rstrip("/").rpartition("/")[2]
        if name is not None and (not name.isidentifier() or not name.isascii() or iskeyword(name) or name == "smgen"):
            self.wrong(
                "tool.smgen", "output", f"'{name}' cannot be imported", "a folder whose last part is a Python name"
            )
            return None
        return output

    def pipeline(self, name: str, value: object, environments: tuple[str, ...]) -> PipelineSource:
        """A pipeline: a text with its function, or a table with its function and its environments."""
        where = f"{_PIPELINES}.{name}"
        place = self.place(where)
        table = as_table(value)
        targets: tuple[str, ...] | None = None
        if table is not None:
            self.known(where, table, _PIPELINE)
            value = self.text(where, table, "function")
            place = self.place(where, "function")
            if "function" not in table:
                message = f"[{where}] does not say the function of the pipeline"
                self.findings.append(Finding("SMG130", message, place, expected=f"function = {_FORM}"))
            if "environments" in table:
                targets = self.targets(where, table, environments)
        file, colon, function = value.rpartition(":") if isinstance(value, str) else ("", "", "")
        if colon and file.endswith(".py") and function.isidentifier():
            try:
                resolve_inside(self.root, file, place)
            except FindingsError as error:
                self.findings += error.findings
        elif table is None:
            self.wrong(_PIPELINES, name, f"{value!r} names no function", _FORM)
        elif value is not None:
            self.wrong(where, "function", f"{value!r} names no function", _FORM)
        problem = pipeline_name_problem(name)
        if problem is not None:
            fix = legal_fix(name, pipeline_name_problem)
            self.findings.append(Finding("SMG401", problem, self.place(where), given=name, fix=fix))
        return PipelineSource(name, file, function, place, targets)

    def targets(self, where: str, table: dict[str, object], environments: tuple[str, ...]) -> tuple[str, ...]:
        """The environments that a pipeline goes to, each once; SMG130 for names of none, and for no name at all."""
        names = self.texts(where, table, "environments")
        # The items of a TOML list may be anything.
        if isinstance(table["environments"], list) and not cast("list[object]", table["environments"]):
            self.wrong(where, "environments", "[]", "the names of the environments that the pipeline goes to")
        for name in names:
            if name not in environments:
                nearest = nearest_name(name, environments)
                self.findings.append(
                    Finding(
                        "SMG130",
                        f"there is no environment '{name}' in this project",
                        self.place(where, "environments"),
                        given=name,
                        expected=", ".join(environments) or "a table [tool.smgen.environments.<name>]",
                        nearest=nearest,
                        fix=f"write {nearest}"
                        if nearest
                        else f"add [tool.smgen.environments.{name}], or remove it here",
                    )
                )
        return tuple(dict.fromkeys(name for name in names if name in environments))
