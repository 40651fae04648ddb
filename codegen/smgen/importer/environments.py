"""Gives several imported pipelines, and the project that they go into, one set of environments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from smgen.documents import JsonObject, JsonValue
from smgen.importer.model import EnvironmentReference, ImportedEnvironment, ImportedPipeline, Scalar
from smgen.importer.rewriting import with_environment_names

#: A text, or a list of texts.
Setting: TypeAlias = "str | tuple[str, ...]"
TableName: TypeAlias = Literal["tags", "images", "model_package_groups", "parameters", "values"]

#: The tables of which an import gives the names itself, with what refers to them.
_NAMED: Final[Mapping[TableName, Literal["image", "model_package_group", "value"]]] = {
    "images": "image",
    "model_package_groups": "model_package_group",
    "values": "value",
}
_TABLES: Final[tuple[TableName, ...]] = ("tags", "images", "model_package_groups", "parameters", "values")


@dataclass(frozen=True, slots=True)
class EnvironmentSettings:
    """What pyproject.toml says of one environment: its settings, and its tables."""

    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])
    tables: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict[str, Mapping[str, Scalar]])


@dataclass(frozen=True, slots=True)
class OwnEnvironment:
    """A pipeline has an environment of its own, ``name`` for ``wanted``, because of settings that differ there."""

    pipeline: str
    wanted: str
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedEnvironments:
    """The pipelines with the environments that they share.

    ``environments`` are all of the project as they will be. ``names`` says under which name a pipeline's environment
    stands there, by pipeline and its own name.
    """

    pipelines: tuple[ImportedPipeline, ...]
    environments: Mapping[str, EnvironmentSettings]
    names: Mapping[tuple[str, str], str]
    own: tuple[OwnEnvironment, ...] = ()


def share_environments(
    pipelines: Sequence[ImportedPipeline],
    existing: Mapping[str, EnvironmentSettings],
    declared: Mapping[str, frozenset[str]],
) -> SharedEnvironments:
    """One set of environments for the pipelines, in their order.

    Where a name of an image, group or value means something else already, the pipeline's gets another name. Where
    anything else differs (a role, a bucket, a tag, the default of a parameter), the pipeline gets an environment of its
    own. ``declared`` are the parameters of the pipelines that the project has, by pipeline, as far as they are known.
    """
    work = _Sharing(existing, declared)
    written = tuple(work.pipeline(pipeline) for pipeline in pipelines)
    return SharedEnvironments(written, work.environments, work.names, tuple(work.own))


class _Sharing:
    """The environments while pipelines are added."""

    def __init__(self, existing: Mapping[str, EnvironmentSettings], declared: Mapping[str, frozenset[str]]) -> None:
        self.environments: dict[str, EnvironmentSettings] = dict(existing)
        #: The parameters of the pipelines that are built for an environment, without those it has a default of.
        self.undefaulted: dict[str, set[str]] = {
            name: {parameter for names in declared.values() for parameter in names}
            - set(found.tables.get("parameters", ()))
            for name, found in existing.items()
        }
        self.names: dict[tuple[str, str], str] = {}
        self.own: list[OwnEnvironment] = []

    def pipeline(self, pipeline: ImportedPipeline) -> ImportedPipeline:
        targets: dict[str, str] = {}
        for environment in pipeline.environments:
            because = tuple(self.conflicts(pipeline, environment, self.environments.get(environment.name)))
            name = environment.name
            if because:
                name = self.free_name(environment.name, pipeline.name)
                self.own.append(OwnEnvironment(pipeline.name, environment.name, name, because))
            targets[environment.name] = name
            self.names[pipeline.name, environment.name] = name
        names = self.renamed(pipeline, targets)
        pipeline = _with_names(pipeline, names)
        environments = [replace(item, name=targets[item.name]) for item in pipeline.environments]
        for environment in environments:
            before = self.environments.get(environment.name, EnvironmentSettings())
            self.environments[environment.name] = _merged(before, settings_of(environment))
            declared = {item.name for item in pipeline.parameters} - set(environment.parameters)
            self.undefaulted.setdefault(environment.name, set()).update(declared)
        return replace(pipeline, environments=tuple(environments))

    def conflicts(
        self, pipeline: ImportedPipeline, environment: ImportedEnvironment, known: EnvironmentSettings | None
    ) -> Iterator[str]:
        """The settings that cannot be shared with the environment of that name."""
        if known is None:
            return
        wanted = settings_of(environment)
        for key, value in wanted.settings.items():
            if key in known.settings and known.settings[key] != value:
                yield key
        if "output_location" in known.settings and known.settings["output_location"] != f"s3://{environment.bucket}":
            yield "output_location"
        for table in ("tags", "parameters"):
            theirs = known.tables.get(table, {})
            for name, scalar in wanted.tables.get(table, {}).items():
                if name in theirs and not _same(theirs[name], scalar):
                    yield f"{table}.{name}"
        if known.tables.get("tags") and set(known.tables["tags"]) != set(wanted.tables.get("tags", {})):
            yield "tags"
        # A default of the environment counts more than that of the code, in every pipeline.
        defaults = known.tables.get("parameters", {})
        for parameter in pipeline.parameters:
            if parameter.name in defaults and parameter.name not in environment.parameters:
                yield f"parameters.{parameter.name}"
        for name in environment.parameters:
            if name in self.undefaulted.get(environment.name, ()):
                yield f"parameters.{name}"

    def free_name(self, environment: str, pipeline: str) -> str:
        own = f"{environment}-{pipeline}"
        name, number = own, 2
        while name in self.environments:
            name, number = f"{own}-{number}", number + 1
        return name

    def renamed(
        self, pipeline: ImportedPipeline, targets: Mapping[str, str]
    ) -> Mapping[EnvironmentReference, EnvironmentReference]:
        """Other names for what a name of the pipeline's means something else in the project."""
        found: dict[EnvironmentReference, EnvironmentReference] = {}
        for table, kind in _NAMED.items():
            theirs = [
                self.environments.get(targets[item.name], EnvironmentSettings()).tables.get(table, {})
                for item in pipeline.environments
            ]
            ours: list[Mapping[str, Scalar]] = [_table(item, table) for item in pipeline.environments]
            for name in dict.fromkeys(name for values in ours for name in values):
                if _fits(name, name, ours, theirs):
                    continue
                number = 2
                while not _fits(name, f"{name}_{number}", ours, theirs) or any(
                    f"{name}_{number}" in values for values in ours
                ):
                    number += 1
                found[EnvironmentReference(kind, name)] = EnvironmentReference(kind, f"{name}_{number}")
        return found


def settings_of(environment: ImportedEnvironment) -> EnvironmentSettings:
    """What pyproject.toml says of an environment, without what is not known."""
    settings: dict[str, Setting] = {}
    for key, value in (
        ("account", environment.account),
        ("region", environment.region),
        ("role", environment.role),
        ("bucket", environment.bucket),
        ("kms_key", environment.kms_key),
        ("output_kms_key", environment.output_kms_key),
        ("subnets", environment.subnets),
        ("security_group_ids", environment.security_group_ids),
    ):
        if value:
            settings[key] = value
    tables = {table: _table(environment, table) for table in _TABLES}
    return EnvironmentSettings(settings, {table: values for table, values in tables.items() if values})


def _table(environment: ImportedEnvironment, table: TableName) -> Mapping[str, Scalar]:
    tables: Mapping[TableName, Mapping[str, str] | Mapping[str, Scalar]] = {
        "tags": environment.tags,
        "images": environment.images,
        "model_package_groups": environment.model_package_groups,
        "parameters": environment.parameters,
        "values": environment.values,
    }
    return {**tables[table]}


def _fits(name: str, new: str, ours: Sequence[Mapping[str, Scalar]], theirs: Sequence[Mapping[str, Scalar]]) -> bool:
    """Whether a name of ours can be ``new`` in every environment."""
    pairs = zip(ours, theirs, strict=True)
    return all(name not in mine or new not in known or _same(known[new], mine[name]) for mine, known in pairs)


def _same(one: Scalar, other: Scalar) -> bool:
    return type(one) is type(other) and one == other


def _merged(before: EnvironmentSettings, more: EnvironmentSettings) -> EnvironmentSettings:
    tables = {name: {**before.tables.get(name, {}), **values} for name, values in more.tables.items()}
    return EnvironmentSettings({**before.settings, **more.settings}, {**before.tables, **tables})


def _with_names(
    pipeline: ImportedPipeline, names: Mapping[EnvironmentReference, EnvironmentReference]
) -> ImportedPipeline:
    if not names:
        return pipeline

    def renamed(table: TableName, values: Mapping[str, str]) -> dict[str, str]:
        kind = _NAMED[table]
        return {
            names.get(EnvironmentReference(kind, name), EnvironmentReference(kind, name)).name: value
            for name, value in values.items()
        }

    environments = tuple(
        replace(
            item,
            images=renamed("images", item.images),
            model_package_groups=renamed("model_package_groups", item.model_package_groups),
            values={
                names.get(EnvironmentReference("value", name), EnvironmentReference("value", name)).name: value
                for name, value in item.values.items()
            },
        )
        for item in pipeline.environments
    )
    contracts = {name: _with_images(document, names) for name, document in pipeline.contracts.items()}
    written = with_environment_names(pipeline, names)
    return replace(written, environments=environments, contracts=contracts)


def _with_images(document: JsonObject, names: Mapping[EnvironmentReference, EnvironmentReference]) -> JsonObject:
    """The contract with other names for its settings' images of the environment."""
    settings = document.get("settings")
    if not isinstance(settings, dict):
        return document
    return {**document, "settings": {name: _with_image(setting, names) for name, setting in settings.items()}}


def _with_image(setting: JsonValue, names: Mapping[EnvironmentReference, EnvironmentReference]) -> JsonValue:
    default = setting.get("default") if isinstance(setting, dict) else None
    image = default.get("image") if isinstance(default, dict) else None
    new = names.get(EnvironmentReference("image", image)) if isinstance(image, str) else None
    if new is None or not isinstance(setting, dict):
        return setting
    return {**setting, "default": {"image": new.name}}
