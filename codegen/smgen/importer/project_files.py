"""The files of a project that imported pipelines become: settings, contracts, modules, copies of definitions."""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.contracts import ARTIFACT_TYPES_FILE, module_name, python_identifier
from smgen.definition import Definition, dump_definition
from smgen.documents import JsonObject, pretty_json
from smgen.importer.contract_text import contract_text
from smgen.importer.environments import EnvironmentSettings, SharedEnvironments
from smgen.importer.merging import Merged
from smgen.importer.model import ImportedPipeline, Scalar
from smgen.importer.module import pipeline_module
from smgen.importer.settings_text import SettingValue, with_settings

SETTINGS_FILE: Final = "pyproject.toml"
#: The folder of the definitions that were imported, and of the reports.
IMPORTED_FOLDER: Final = "imported"
_MODULES_FOLDER: Final = "pipelines"
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: Names that a module of a pipeline imports from smgen, or gives to its arguments.
_TAKEN: Final = frozenset(("p", "env", "join", "smgen", *dir(builtins)))

#: What a new project's settings say for mypy and pyright, which have to find the generated package.
_TYPE_CHECKERS: Final[Mapping[tuple[str, ...], Mapping[str, SettingValue]]] = {
    ("tool", "mypy"): {
        "strict": True,
        "files": ("generated", "pipelines"),
        "mypy_path": ("$MYPY_CONFIG_FILE_DIR/generated",),
        "explicit_package_bases": True,
    },
    ("tool", "pyright"): {
        "include": ("generated", "pipelines"),
        "extraPaths": ("generated",),
        "typeCheckingMode": "strict",
    },
}


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What the folder of a project says before an import.

    ``text`` is its pyproject.toml, empty where there is none. ``contracts`` and ``output`` are the folders of the
    contracts and of the generated package; ``new`` are those of the two settings that the text lacks. ``pipelines``
    have the function of each pipeline, as ``file:function``. ``checkers`` are the type checkers that the folder has no
    settings for.
    """

    text: str
    contracts: str
    output: str
    new: tuple[str, ...] = ()
    pipelines: Mapping[str, str] = field(default_factory=dict[str, str])
    environments: Mapping[str, EnvironmentSettings] = field(default_factory=dict[str, EnvironmentSettings])
    checkers: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The import name of the generated package."""
        return self.output.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class PlannedPipeline:
    """One imported pipeline with the name of its function and the files that are its own.

    ``definitions`` are those that it was imported from, by the name of their environment in the project.
    """

    pipeline: ImportedPipeline
    function: str
    definitions: Mapping[str, Definition]

    @property
    def module(self) -> str:
        """The path of its module in the project."""
        return f"{_MODULES_FOLDER}/{self.function}.py"

    @property
    def report(self) -> str:
        """The path of its report in the project."""
        return f"{IMPORTED_FOLDER}/{self.pipeline.name}.md"

    @property
    def marks(self) -> tuple[str, ...]:
        """The paths by which the project tells that the pipeline was imported before: its copies and its report."""
        return (self.report, *map(self.copy, self.definitions))

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the files that are the pipeline's own."""
        return (self.module, *self.marks)

    def copy(self, environment: str) -> str:
        """The path of the definition of an environment in the project."""
        return copy_path(self.pipeline.name, environment)


@dataclass(frozen=True, slots=True)
class PlannedProject:
    """Everything that an import writes but the generated package and the reports, by path."""

    pipelines: tuple[PlannedPipeline, ...]
    files: Mapping[str, bytes]


def copy_path(pipeline: str, environment: str) -> str:
    """The path in a project of the definition that a pipeline was imported from, for one environment."""
    return f"{IMPORTED_FOLDER}/{pipeline}.{environment}.json"


def planned_project(
    settings: ProjectSettings,
    shared: SharedEnvironments,
    merged: Merged,
    definitions: Mapping[str, Mapping[str, Definition]],
    artifact_types: JsonObject | None,
) -> PlannedProject:
    """The files of a project with the merged pipelines; ``definitions`` by pipeline and its environments' own names.

    ``artifact_types`` is the document that is there. Raises FindingsError (SMG130) where settings cannot be added.
    """
    functions = _functions(merged.pipelines, settings)
    pipelines = tuple(
        PlannedPipeline(
            item,
            functions[item.name],
            {shared.names[item.name, name]: value for name, value in definitions[item.name].items()},
        )
        for item in merged.pipelines
    )
    files: dict[str, bytes] = {}
    for name, document in merged.added.items():
        files[f"{settings.contracts}/{module_name(name)}.json"] = contract_text(document).encode()
    if merged.artifact_types != artifact_types:
        files[f"{settings.contracts}/{ARTIFACT_TYPES_FILE}"] = contract_text(merged.artifact_types).encode()
    for planned in pipelines:
        about = f"The pipeline {planned.pipeline.name}, imported from its definition."
        module = pipeline_module(planned.pipeline, settings.package, planned.function, about)
        files[planned.module] = module.encode()
        for environment, definition in planned.definitions.items():
            files[planned.copy(environment)] = pretty_json(dump_definition(definition)).encode()
    tables = dict(_tables(settings, shared.environments, pipelines))
    text = with_settings(settings.text, tables, SETTINGS_FILE) if tables else settings.text
    if text != settings.text:
        files[SETTINGS_FILE] = text.encode()
    return PlannedProject(pipelines, dict(sorted(files.items())))


def _functions(pipelines: Sequence[ImportedPipeline], settings: ProjectSettings) -> dict[str, str]:
    """A function for each pipeline, which is also the name of its module's file."""
    again = {item.name for item in pipelines}
    taken = {entry.rpartition(":")[2] for name, entry in settings.pipelines.items() if name not in again}
    found: dict[str, str] = {}
    for pipeline in pipelines:
        modules = {module_name(name) for name in pipeline.contracts}
        own = _function(pipeline.name, {*modules, settings.package})
        function, number = own, 2
        while function in taken:
            function, number = f"{own}_{number}", number + 1
        taken.add(function)
        found[pipeline.name] = function
    return found


def _function(pipeline: str, modules: Collection[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", _WORD.sub("_", pipeline).lower()).strip("_")
    # A number at the beginning, as files have it that are sorted by name, cannot begin a name of Python.
    name = python_identifier(re.sub(r"\A[0-9_]+(?=[a-z])", "", words))
    return f"{name.rstrip('_')}_pipeline" if name in _TAKEN or name in modules or name.endswith("_") else name


def _tables(
    settings: ProjectSettings, environments: Mapping[str, EnvironmentSettings], pipelines: Sequence[PlannedPipeline]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, SettingValue]]]:
    """What pyproject.toml lacks."""
    places = {"contracts": settings.contracts, "output": settings.output}
    if settings.new:
        yield ("tool", "smgen"), {name: places[name] for name in settings.new}
    entries = {
        item.pipeline.name: f"{item.module}:{item.function}"
        for item in pipelines
        if item.pipeline.name not in settings.pipelines
    }
    if entries:
        yield ("tool", "smgen", "pipelines"), entries
    for name, wanted in environments.items():
        path = ("tool", "smgen", "environments", name)
        known = settings.environments.get(name)
        missing = {key: value for key, value in wanted.settings.items() if known is None or key not in known.settings}
        if missing or known is None:
            yield path, missing
        for table, values in wanted.tables.items():
            there: Mapping[str, Scalar] = {} if known is None else known.tables.get(table, {})
            more = {key: value for key, value in values.items() if key not in there}
            if more:
                yield (*path, table), more
    yield from ((path, values) for path, values in _TYPE_CHECKERS.items() if path[-1] in settings.checkers)
