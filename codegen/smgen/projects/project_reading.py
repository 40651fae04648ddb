"""The settings of a project: ``[tool.smgen]`` in its pyproject.toml."""

from __future__ import annotations

from keyword import iskeyword
from pathlib import Path
from typing import Final

from smgen.aws import pipeline_name_problem
from smgen.building.names import legal_fix
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import finish_publication, resolve_inside
from smgen.projects.environment_reading import read_environment
from smgen.projects.project import PipelineSource, Project
from smgen.settings import SETTINGS_FILE, SettingsTable, TomlDocument, as_table, read_settings, table_at

DEFAULT_CONTRACTS: Final = "contract_specs"

# The last two are read by smgen.checks, when definitions are checked.
_TOP: Final = ("contracts", "output", "pipelines", "environments", "policy", "suppressions")
_PIPELINE: Final = ("function", "environments")
_FORM: Final = '"pipelines/fraud.py:fraud": a file and a function'


def find_project(start: Path) -> Project:
    """The project that ``start`` lies in: the nearest folder upwards whose pyproject.toml has ``[tool.smgen]``.

    What a killed run had decided to write into it is finished first, or what is read would be half of each state.

    Raises FindingsError (SMG130) for wrong settings, and where there is no such folder.
    """
    start = start.resolve()
    # A new project may have got no settings yet.
    finish_publication(start)
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            finish_publication(folder)
            settings = read_settings(folder)
            if as_table(table_at(settings.value, "tool").get("smgen")) is not None:
                return _project(folder, settings)
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
    return _project(folder, read_settings(folder))


def _project(folder: Path, settings: TomlDocument) -> Project:
    smgen = SettingsTable(("tool", "smgen"), table_at(settings.value, "tool", "smgen"), settings.place, [])
    project = _ProjectReader(folder, smgen).project()
    if smgen.findings:
        environments = (*project.environments.values(), *project.for_pipelines.values())
        problems = [problem for environment in environments for problem in environment.problems]
        raise FindingsError([*smgen.findings, *dict.fromkeys(problems)])
    return project


class _ProjectReader:
    """Reads the settings of one project."""

    def __init__(self, root: Path, settings: SettingsTable) -> None:
        self.root = root
        self.settings = settings
        self.findings = settings.findings

    def project(self) -> Project:
        self.settings.known(_TOP)
        environments = self.settings.table("environments")
        listed = self.settings.table("pipelines")
        pipelines = {name: self.pipeline(listed, name, tuple(environments.values)) for name in listed.values}
        targets = {name: source.environments for name, source in pipelines.items()}
        read = {name: read_environment(environments, name, targets) for name in environments.values}
        return Project(
            self.root,
            self.folder("contracts") or DEFAULT_CONTRACTS,
            self.output(),
            pipelines,
            {name: item.environment for name, item in read.items()},
            {(name, pipeline): own for name, item in read.items() for pipeline, own in item.for_pipelines.items()},
        )

    def folder(self, key: str) -> str | None:
        """A folder inside the project."""
        value = self.settings.text(key)
        if value is None:
            return None
        try:
            resolve_inside(self.root, value, self.settings.place(key))
        except FindingsError as error:
            self.findings += error.findings
            return None
        return value

    def output(self) -> str | None:
        output = self.folder("output")
        name = None if output is None else output.rstrip("/").rpartition("/")[2]
        if name is not None and (not name.isidentifier() or not name.isascii() or iskeyword(name) or name == "smgen"):
            self.settings.wrong("output", f"'{name}' cannot be imported", "a folder whose last part is a Python name")
            return None
        return output

    def pipeline(self, listed: SettingsTable, name: str, environments: tuple[str, ...]) -> PipelineSource:
        """A pipeline: a text with its function, or a table with its function and its environments."""
        value = listed.values[name]
        place = listed.member_place(name)
        holder, key = listed, name
        targets: tuple[str, ...] | None = None
        if as_table(value) is not None:
            holder, key = listed.table(name), "function"
            holder.known(_PIPELINE)
            place = holder.place(key)
            value = holder.text(key)
            if key not in holder.values:
                message = f"[{holder.where}] does not say the function of the pipeline"
                self.findings.append(Finding("SMG130", message, place, expected=f"function = {_FORM}"))
            if "environments" in holder.values:
                targets = self.targets(holder, environments)
        file, colon, function = value.rpartition(":") if isinstance(value, str) else ("", "", "")
        if colon and file.endswith(".py") and function.isidentifier():
            try:
                resolve_inside(self.root, file, place)
            except FindingsError as error:
                self.findings += error.findings
        elif value is not None:
            holder.wrong(key, f"{value!r} names no function", _FORM)
        problem = pipeline_name_problem(name)
        if problem is not None:
            fix = legal_fix(name, pipeline_name_problem)
            self.findings.append(Finding("SMG401", problem, listed.member_place(name), given=name, fix=fix))
        return PipelineSource(name, file, function, place, targets)

    def targets(self, pipeline: SettingsTable, environments: tuple[str, ...]) -> tuple[str, ...]:
        """The environments that a pipeline goes to, each once; SMG130 for names of none, and for no name at all."""
        names = pipeline.texts("environments")
        if pipeline.values["environments"] == []:
            pipeline.wrong("environments", "[]", "the names of the environments that the pipeline goes to")
        for name in names:
            if name not in environments:
                nearest = nearest_name(name, environments)
                self.findings.append(
                    Finding(
                        "SMG130",
                        f"there is no environment '{name}' in this project",
                        pipeline.place("environments"),
                        given=name,
                        expected=", ".join(environments) or "a table [tool.smgen.environments.<name>]",
                        nearest=nearest,
                        fix=f"write {nearest}"
                        if nearest
                        else f"add [tool.smgen.environments.{name}], or remove it here",
                    )
                )
        return tuple(dict.fromkeys(name for name in names if name in environments))
