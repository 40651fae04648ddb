"""Gives imported pipelines, and the project that they go into, one environment for each account and region.

What pipelines of one environment have in common is said there once; what differs stands under the pipeline in its
environment (``[tool.smgen.environments.dev.pipelines.Churn]``). An environment that the project has already gets
nothing but that, so that its other pipelines stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from smgen.importer.accounts import Account
from smgen.importer.code_names import free
from smgen.importer.imported_pipeline import ImportedEnvironment, ImportedPipeline, Scalar

#: A text, or a list of texts.
Setting: TypeAlias = "str | tuple[str, ...]"
TableName: TypeAlias = Literal["tags", "images", "model_package_groups", "parameters", "values"]

_TABLES: Final[tuple[TableName, ...]] = ("tags", "images", "model_package_groups", "parameters", "values")
#: What an environment of its own says always; a pipeline has no other account.
_ACCOUNT: Final = ("account", "region")
#: Settings that an environment may have or not: no pipeline can take away again what its environment says.
_OPTIONAL: Final = ("kms_key", "output_kms_key", "subnets", "security_group_ids")


@dataclass(frozen=True, slots=True)
class EnvironmentSettings:
    """What pyproject.toml says of one environment, or of one pipeline in it: its settings, and its tables."""

    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])
    tables: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict[str, Mapping[str, Scalar]])

    def laid_under(self, own: EnvironmentSettings) -> EnvironmentSettings:
        """These settings as they are for a pipeline with settings of its own: tables key by key, others as a whole."""
        names = dict.fromkeys((*self.tables, *own.tables))
        tables = {name: {**self.tables.get(name, {}), **own.tables.get(name, {})} for name in names}
        return EnvironmentSettings({**self.settings, **own.settings}, tables)

    @property
    def names(self) -> tuple[str, ...]:
        """What is said, in words: ``role``, ``tags.team``."""
        return (*self.settings, *(f"{table}.{name}" for table, values in self.tables.items() for name in values))


@dataclass(frozen=True, slots=True)
class ExistingEnvironments:
    """The environments of a project, and what they say for single pipelines: by environment and pipeline."""

    environments: Mapping[str, EnvironmentSettings] = field(default_factory=dict[str, EnvironmentSettings])
    for_pipelines: Mapping[tuple[str, str], EnvironmentSettings] = field(
        default_factory=dict["tuple[str, str]", EnvironmentSettings]
    )


@dataclass(frozen=True, slots=True)
class OwnEnvironment:
    """A pipeline goes to the environment ``name`` instead of ``wanted``, because of what cannot be both there."""

    pipeline: str
    wanted: str
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedEnvironments:
    """The pipelines with the environments that they share.

    ``environments`` are all of the project as they will be, ``for_pipelines`` what they say for single pipelines.
    ``names`` says under which name a pipeline's environment stands there, by pipeline and its own name.
    """

    pipelines: tuple[ImportedPipeline, ...]
    environments: Mapping[str, EnvironmentSettings]
    for_pipelines: Mapping[tuple[str, str], EnvironmentSettings]
    names: Mapping[tuple[str, str], str]
    own: tuple[OwnEnvironment, ...] = ()


#: The defaults of a pipeline's parameters as its definitions have them, by pipeline and environment.
Defaults: TypeAlias = "Mapping[tuple[str, str], Mapping[str, Scalar]]"


def share_environments(
    pipelines: Sequence[ImportedPipeline], existing: ExistingEnvironments, defaults: Defaults
) -> SharedEnvironments:
    """One set of environments for the pipelines, in their order."""
    return _Sharing(pipelines, existing, defaults).shared()


class _Sharing:
    """The environments while pipelines are added."""

    def __init__(
        self, pipelines: Sequence[ImportedPipeline], existing: ExistingEnvironments, defaults: Defaults
    ) -> None:
        self.pipelines = pipelines
        self.existing = existing
        self.defaults = defaults
        self.accounts = {name: _account(item) for name, item in existing.environments.items()}
        self.names: dict[tuple[str, str], str] = {}
        self.own: list[OwnEnvironment] = []

    def shared(self) -> SharedEnvironments:
        members: dict[str, list[tuple[ImportedPipeline, ImportedEnvironment]]] = {}
        for pipeline in self.pipelines:
            for environment in pipeline.environments:
                name = self.target(pipeline, environment)
                self.names[pipeline.name, environment.name] = name
                members.setdefault(name, []).append((pipeline, environment))
        environments = dict(self.existing.environments)
        for_pipelines = dict(self.existing.for_pipelines)
        for name, found in members.items():
            wanted = [settings_of(environment) for _, environment in found]
            if name in environments:
                environments[name] = _with_account(environments[name], wanted)
            else:
                environments[name] = wanted[0] if len(wanted) == 1 else _common(wanted)
            for (pipeline, environment), settings in zip(found, wanted, strict=True):
                own = self.own_settings(pipeline, environment, settings, environments[name], name)
                if own.names:
                    for_pipelines[name, pipeline.name] = own
                else:
                    for_pipelines.pop((name, pipeline.name), None)
        written = tuple(
            replace(
                pipeline,
                environments=tuple(
                    replace(item, name=self.names[pipeline.name, item.name]) for item in pipeline.environments
                ),
            )
            for pipeline in self.pipelines
        )
        return SharedEnvironments(written, environments, for_pipelines, self.names, tuple(self.own))

    # Where a pipeline goes ------------------------------------------------------------------------------------------

    def target(self, pipeline: ImportedPipeline, environment: ImportedEnvironment) -> str:
        """The environment of the project that a pipeline goes to: the one of that name, if it is its account."""
        account = Account(environment.account, environment.region)
        name, because = self.in_account(environment.name, account)
        known = self.existing.environments.get(name)
        conflicts = () if known is None else tuple(self.conflicts(pipeline, environment, known))
        if conflicts:
            name, because = self.of_its_own(pipeline, environment, account), conflicts
        if because:
            self.own.append(OwnEnvironment(pipeline.name, environment.name, name, because))
        before = self.accounts.get(name, Account())
        self.accounts[name] = Account(before.account or account.account, before.region or account.region)
        return name

    def of_its_own(self, pipeline: ImportedPipeline, environment: ImportedEnvironment, account: Account) -> str:
        """An environment for one pipeline: the one that an earlier import of it made, or else a new one."""
        wanted = f"{environment.name}-{pipeline.name}"
        known = self.existing.environments.get(wanted)
        is_there = known is not None and self.accounts[wanted] == account
        if is_there and known is not None and not any(self.conflicts(pipeline, environment, known)):
            return wanted
        return free(wanted, self.accounts.__contains__, "-")

    def in_account(self, wanted: str, account: Account) -> tuple[str, tuple[str, ...]]:
        """An environment in an account, called as wanted or with the region or account behind it; and why so."""
        known = self.accounts.get(wanted, Account())
        if known.may_be(account):
            return wanted, ()
        other = known.account is not None and account.account is not None and known.account != account.account
        ending = account.account if other else account.region
        for name in (f"{wanted}-{ending}", f"{wanted}-{account.account}-{account.region}"):
            if self.accounts.get(name, Account()).may_be(account):
                return name, ("account" if other else "region",)
        return free(f"{wanted}-{ending}", self.accounts.__contains__, "-"), ("account" if other else "region",)

    def conflicts(
        self, pipeline: ImportedPipeline, environment: ImportedEnvironment, known: EnvironmentSettings
    ) -> Iterator[str]:
        """What an environment of the project says, and a pipeline in it could not unsay."""
        wanted = settings_of(environment)
        fills = [settings_of(item) for item in pipeline.environments]
        for key in _OPTIONAL:
            if key in known.settings and key not in wanted.settings and any(key in item.settings for item in fills):
                yield key
        tags = wanted.tables.get("tags", {})
        laid = {**known.tables.get("tags", {}), **tags}
        if any(item.tables.get("tags") for item in fills) and [*laid.items()] != [*tags.items()]:
            yield "tags"
        given = self.defaults.get((pipeline.name, environment.name), {})
        for parameter in pipeline.parameters:
            stands = parameter.name in known.tables.get("parameters", {})
            if stands and parameter.name not in environment.parameters and parameter.name not in given:
                yield f"parameters.{parameter.name}"

    # What is its own ------------------------------------------------------------------------------------------------

    def own_settings(
        self,
        pipeline: ImportedPipeline,
        environment: ImportedEnvironment,
        wanted: EnvironmentSettings,
        known: EnvironmentSettings,
        name: str,
    ) -> EnvironmentSettings:
        """What an environment says for a pipeline: what it said before, and whatever else differs from all others."""
        before = self.existing.for_pipelines.get((name, pipeline.name), EnvironmentSettings())
        renewed: dict[str, Mapping[str, Scalar]] = {"parameters": wanted.tables.get("parameters", {})}
        if any(item.tags for item in pipeline.environments):
            renewed["tags"] = wanted.tables.get("tags", {})
        kept = {
            table: {key: value for key, value in values.items() if table not in renewed or key in renewed[table]}
            for table, values in before.tables.items()
        }
        effective = known.laid_under(EnvironmentSettings(before.settings, kept))
        settings = {
            key: value
            for key, value in wanted.settings.items()
            if effective.settings.get(key) != value and key not in _ACCOUNT
        }
        place = f"s3://{environment.bucket}"
        if environment.bucket and effective.settings.get("output_location", place) != place:
            settings["output_location"] = place
        given = {**wanted.tables, "parameters": self.parameters(pipeline, environment, known)}
        tables = {table: _other(effective.tables.get(table, {}), values) for table, values in given.items()}
        own = EnvironmentSettings(before.settings, kept).laid_under(EnvironmentSettings(settings, tables))
        return EnvironmentSettings(own.settings, {table: values for table, values in own.tables.items() if values})

    def parameters(
        self, pipeline: ImportedPipeline, environment: ImportedEnvironment, known: EnvironmentSettings
    ) -> Mapping[str, Scalar]:
        """The defaults in an environment of the pipeline's parameters: its own, and those that another one would hide.

        A default of the environment counts more than that of the code, in every pipeline.
        """
        given = self.defaults.get((pipeline.name, environment.name), {})
        hidden = known.tables.get("parameters", {})
        code = {
            item.name: given[item.name] for item in pipeline.parameters if item.name in hidden and item.name in given
        }
        return {**code, **environment.parameters}


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
    tables: dict[str, Mapping[str, Scalar]] = {
        "tags": environment.tags,
        "images": environment.images,
        "model_package_groups": environment.model_package_groups,
        "parameters": environment.parameters,
        "values": environment.values,
    }
    return EnvironmentSettings(settings, {table: {**tables[table]} for table in _TABLES if tables[table]})


def _account(settings: EnvironmentSettings) -> Account:
    account, region = (settings.settings.get(key) for key in _ACCOUNT)
    return Account(account if isinstance(account, str) else None, region if isinstance(region, str) else None)


def _with_account(known: EnvironmentSettings, wanted: Sequence[EnvironmentSettings]) -> EnvironmentSettings:
    """An environment of the project with its account and region, where it did not say them."""
    said = {key: item.settings[key] for item in reversed(wanted) for key in _ACCOUNT if key in item.settings}
    return EnvironmentSettings({**said, **known.settings}, known.tables)


def _common(wanted: Sequence[EnvironmentSettings]) -> EnvironmentSettings:
    """What several pipelines have in common: what more than half of them say, and of what may be absent, what all say.

    Parameters are a pipeline's own, whatever they are called in another one.
    """
    tables = {table: values for table, values in _shared_tables(wanted) if values}
    return EnvironmentSettings(dict(_shared_settings(wanted)), tables)


def _shared_settings(wanted: Sequence[EnvironmentSettings]) -> Iterator[tuple[str, Setting]]:
    for key in dict.fromkeys(key for item in wanted for key in item.settings):
        given = [item.settings[key] for item in wanted if key in item.settings]
        if key in _ACCOUNT:
            yield key, given[0]
            continue
        best = max(given, key=given.count)
        if given.count(best) > (len(wanted) - 1 if key in _OPTIONAL else len(wanted) / 2):
            yield key, best


def _shared_tables(wanted: Sequence[EnvironmentSettings]) -> Iterator[tuple[str, Mapping[str, Scalar]]]:
    for table in _TABLES:
        found = [item.tables.get(table, {}) for item in wanted]
        if table == "tags":
            yield table, found[0] if all([*item.items()] == [*found[0].items()] for item in found) else {}
        elif table != "parameters":
            yield table, dict(_shared_entries(dict.fromkeys(name for item in found for name in item), found))


def _shared_entries(names: Mapping[str, None], found: Sequence[Mapping[str, Scalar]]) -> Iterator[tuple[str, Scalar]]:
    for name in names:
        given = [item[name] for item in found if name in item]
        best = max(given, key=lambda value: sum(_same(value, other) for other in given))
        if sum(_same(best, other) for other in given) > len(found) / 2:
            yield name, best


def _other(known: Mapping[str, Scalar], wanted: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """What is wanted and not known, or known with another value."""
    return {key: value for key, value in wanted.items() if key not in known or not _same(known[key], value)}


def _same(one: Scalar, other: Scalar) -> bool:
    return type(one) is type(other) and one == other
