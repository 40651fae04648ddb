"""The files of a project that imported pipelines become: settings, contracts, modules, copies of definitions."""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.contract_model import ARTIFACT_TYPES_FILE, module_name, python_identifier
from smgen.definition import Definition, dump_definition
from smgen.documents import JsonObject, device_name, pretty_json
from smgen.importer.code_names import free, words_of
from smgen.importer.contract_text import contract_text
from smgen.importer.environments import EnvironmentSettings, ExistingEnvironments, Setting, SharedEnvironments
from smgen.importer.imported_pipeline import ImportedPipeline, Scalar
from smgen.importer.merging import Merged
from smgen.importer.module import pipeline_module
from smgen.settings import SETTINGS_FILE, Headers, SettingValue, with_settings

#: The folder of the definitions that were imported, and of the reports.
IMPORTED_FOLDER: Final = "imported"
_MODULES_FOLDER: Final = "pipelines"
#: Names that a module of a pipeline imports from smgen, or gives to its arguments.
_TAKEN: Final = frozenset(("p", "env", "join", "smgen", *dir(builtins)))

_SMGEN: Final = ("tool", "smgen")
_PIPELINES: Final = (*_SMGEN, "pipelines")
_ENVIRONMENTS: Final = (*_SMGEN, "environments")
#: What a new project's settings say for mypy and pyright, which have to find the generated package.
_TYPE_CHECKERS: Final[Mapping[tuple[str, ...], Mapping[str, SettingValue]]] = {
    ("tool", "mypy"): {
        "strict": True,
        "files": ("generated", "pipelines"),
        "mypy_path": ("$MYPY_CONFIG_FILE_DIR/generated", "$MYPY_CONFIG_FILE_DIR/pipelines"),
        "explicit_package_bases": True,
    },
    ("tool", "pyright"): {
        "include": ("generated", "pipelines"),
        "extraPaths": ("generated", "pipelines"),
        "typeCheckingMode": "strict",
    },
}


@dataclass(frozen=True, slots=True)
class ExistingPipeline:
    """A pipeline of a project: its function as ``file:function``, and the environments that it goes to.

    ``environments`` is None where it names none, and goes to all of them.
    """

    entry: str
    environments: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What the folder of a project says before an import.

    ``text`` is its pyproject.toml, empty where there is none. ``contracts`` and ``output`` are the folders of the
    contracts and of the generated package; ``new`` are those of the two settings that the text lacks. ``checkers`` are
    the type checkers that the folder has no settings for.
    """

    text: str
    contracts: str
    output: str
    new: tuple[str, ...] = ()
    pipelines: Mapping[str, ExistingPipeline] = field(default_factory=dict[str, "ExistingPipeline"])
    environments: ExistingEnvironments = field(default_factory=ExistingEnvironments)
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
    """Everything that an import writes but the generated package and the reports, by path.

    ``named`` are the pipelines that were there and went to every environment: they name theirs now.
    """

    pipelines: tuple[PlannedPipeline, ...]
    files: Mapping[str, bytes]
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])


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
    named = dict(_named(settings, pipelines))
    edits = _Edits()
    edits.settings(settings)
    edits.pipelines(settings, pipelines, named)
    edits.environments(settings.environments, shared)
    edits.checkers(settings)
    text = with_settings(settings.text, edits.added, SETTINGS_FILE, changed=edits.changed, removed=edits.removed)
    if text != settings.text:
        files[SETTINGS_FILE] = text.encode()
    return PlannedProject(pipelines, dict(sorted(files.items())), named)


def _named(settings: ProjectSettings, pipelines: Sequence[PlannedPipeline]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The pipelines that went to all environments, with those that there were: they go to no more than before."""
    before = tuple(settings.environments.environments)
    imported = {item.pipeline.name for item in pipelines}
    for name, known in settings.pipelines.items():
        if known.environments is None and before and name not in imported:
            yield name, before


def _functions(pipelines: Sequence[ImportedPipeline], settings: ProjectSettings) -> dict[str, str]:
    """A function for each pipeline, which is also the name of its module's file."""
    again = {item.name for item in pipelines}
    taken = {known.entry.rpartition(":")[2] for name, known in settings.pipelines.items() if name not in again}
    found: dict[str, str] = {}
    for pipeline in pipelines:
        modules = {module_name(name) for name in pipeline.contracts}
        function = free(_function(pipeline.name, {*modules, settings.package}), taken.__contains__)
        taken.add(function)
        found[pipeline.name] = function
    return found


def _function(pipeline: str, modules: Collection[str]) -> str:
    # A number at the beginning, as files have it that are sorted by name, cannot begin a name of Python.
    name = python_identifier(re.sub(r"\A[0-9_]+(?=[a-z])", "", "_".join(words_of(pipeline))))
    is_taken = name in _TAKEN or name in modules or name.endswith("_") or device_name(name) is not None
    return f"{name.rstrip('_')}_pipeline" if is_taken else name


@dataclass
class _Edits:
    """What pyproject.toml lacks, what of it changes, and what goes: by table."""

    added: dict[tuple[str, ...], dict[str, SettingValue]] = field(
        default_factory=dict["tuple[str, ...]", "dict[str, SettingValue]"]
    )
    changed: dict[tuple[str, ...], dict[str, SettingValue]] = field(
        default_factory=dict["tuple[str, ...]", "dict[str, SettingValue]"]
    )
    removed: dict[tuple[str, ...], list[str]] = field(default_factory=dict["tuple[str, ...]", "list[str]"])

    def settings(self, settings: ProjectSettings) -> None:
        """The folders of contracts and of the package."""
        places = {"contracts": settings.contracts, "output": settings.output}
        if settings.new:
            self.added[_SMGEN] = {name: places[name] for name in settings.new}

    def pipelines(
        self,
        settings: ProjectSettings,
        pipelines: Sequence[PlannedPipeline],
        named: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Each pipeline with its function and its environments."""
        headers = Headers(settings.text.split("\n")).tables
        wanted = {name: (settings.pipelines[name].entry, targets) for name, targets in named.items()}
        for item in pipelines:
            known = settings.pipelines.get(item.pipeline.name)
            before: Collection[str] = ()
            if known is not None:
                before = settings.environments.environments if known.environments is None else known.environments
            targets = tuple(dict.fromkeys((*before, *item.definitions)))
            wanted[item.pipeline.name] = (f"{item.module}:{item.function}", targets)
        for name, (entry, targets) in wanted.items():
            known = settings.pipelines.get(name)
            if known is None:
                self.added.setdefault(_PIPELINES, {})[name] = {"function": entry, "environments": targets}
            elif known.environments == targets:
                continue
            elif (where := (*_PIPELINES, name)) in headers:
                holder = self.added if known.environments is None else self.changed
                holder[where] = {"environments": targets}
            else:
                self.changed.setdefault(_PIPELINES, {})[name] = {"function": entry, "environments": targets}

    def environments(self, existing: ExistingEnvironments, shared: SharedEnvironments) -> None:
        """Each environment, and what it says for single pipelines."""
        for name, wanted in shared.environments.items():
            self.environment((*_ENVIRONMENTS, name), existing.environments.get(name), wanted)
            for (environment, pipeline), own in shared.for_pipelines.items():
                if environment == name:
                    before = existing.for_pipelines.get((environment, pipeline))
                    self.environment((*_ENVIRONMENTS, name, "pipelines", pipeline), before, own)
        for (name, pipeline), before in existing.for_pipelines.items():
            if (name, pipeline) not in shared.for_pipelines:
                self.environment((*_ENVIRONMENTS, name, "pipelines", pipeline), before, EnvironmentSettings())

    def environment(
        self, path: tuple[str, ...], known: EnvironmentSettings | None, wanted: EnvironmentSettings
    ) -> None:
        """The settings and tables of an environment, or of a pipeline in it."""
        before = EnvironmentSettings() if known is None else known
        # A table that only holds others needs no header of its own.
        self.table(path, before.settings, wanted.settings, is_new=known is None and not wanted.tables)
        for table in dict.fromkeys((*wanted.tables, *before.tables)):
            self.table((*path, table), before.tables.get(table, {}), wanted.tables.get(table, {}), is_new=False)

    def table(
        self,
        path: tuple[str, ...],
        before: Mapping[str, Setting | Scalar],
        wanted: Mapping[str, Setting | Scalar],
        *,
        is_new: bool,
    ) -> None:
        more = {key: value for key, value in wanted.items() if key not in before}
        if more or is_new:
            self.added[path] = {**more}
        other = {key: value for key, value in wanted.items() if key in before and not _is_same(before[key], value)}
        if other:
            self.changed[path] = {**other}
        gone = [key for key in before if key not in wanted]
        if gone:
            self.removed[path] = gone

    def checkers(self, settings: ProjectSettings) -> None:
        """The type checkers that have no settings yet."""
        self.added |= {path: {**values} for path, values in _TYPE_CHECKERS.items() if path[-1] in settings.checkers}


def _is_same(one: Setting | Scalar, other: Setting | Scalar) -> bool:
    # To Python 1, 1.0 and True are equal.
    return type(one) is type(other) and one == other
