"""Reads the definitions that an import is asked for, and says of which pipeline and for which environment each is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import click

from smgen.aws import pipeline_name_problem
from smgen.cli.connection import answered
from smgen.definition import Definition
from smgen.diagnostics import Finding, FindingsError, Severity
from smgen.documents import shown_path
from smgen.emit import ConnectionSettings, ServiceError, pipeline_names, pipeline_tags, read_deployed, sagemaker_client
from smgen.importer import (
    Account,
    DeployedFacts,
    LoadedSdkPipeline,
    account_of,
    account_of_arn,
    name_in,
    sdk_pipelines,
    words_of,
)
from smgen.workflows.importing import SourceDefinition
from smgen.workflows.reading_definitions import read_definition

_ENVIRONMENT: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DEFAULT_ENVIRONMENT: Final = "default"
_NOT_IN_WORDS: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Source:
    """A definition before it is named.

    ``pipeline`` is the name that the text itself says; ``stem`` and ``folder`` are what its file and the folder of that
    are called, both empty for a deployed pipeline. ``environment`` is the one that was asked for, with
    ``is_its_own`` for this very file.
    """

    shown: str
    definition: Definition
    pipeline: str | None
    facts: DeployedFacts
    stem: str = ""
    folder: str = ""
    environment: str | None = None
    is_its_own: bool = False
    account: Account = field(default_factory=Account)


@dataclass(frozen=True, slots=True)
class Asked:
    """The deployed pipelines that are asked for: by their names, and by a pattern of names.

    ``profiles`` are ``ENVIRONMENT=PROFILE``: they are read once for each, instead of once with the profile of the
    connection.
    """

    names: Sequence[str]
    pattern: str | None
    profiles: Sequence[str]
    connection: ConnectionSettings

    def __bool__(self) -> bool:
        """Whether any are asked for."""
        return bool(self.names) or self.pattern is not None

    def connections(self, environment: str | None) -> Iterator[tuple[str | None, ConnectionSettings]]:
        """Each connection to read with, and the environment it is for. Raises UsageError for what names none."""
        if not self.profiles:
            yield environment, self.connection
        for item in self.profiles:
            name, _, profile = item.partition("=")
            if not (_ENVIRONMENT.fullmatch(name) and profile):
                raise click.UsageError(f"'{item}' names no environment and profile: write --env-profile dev=team-dev.")
            yield name, replace(self.connection, profile=profile)


@dataclass(frozen=True, slots=True)
class ReadSources:
    """The definitions that were asked for, and what is wrong with those sources that hold none, as messages call it.

    ``code`` are the local scripts and folders that pipelines of the SDK name.
    """

    definitions: tuple[SourceDefinition, ...]
    refused: Mapping[str, tuple[Finding, ...]]
    code: tuple[Path, ...] = ()


def sources_of(
    sources: Sequence[str],
    environments: Sequence[str],
    deployed: Asked,
    name: str | None,
    existing: Mapping[str, Account],
    functions: Sequence[str] = (),
) -> ReadSources:
    """The definitions that are asked for; ``existing`` are the accounts of the project's environments.

    ``environments`` are ``NAME=FILE``, and at most one ``NAME`` for whatever says none. Where there is none, what lies
    in the account of an environment of the project is for that one; all else is for ``default``, or for one environment
    in each account, which is called as the files are, or their folders, or as region or account. ``functions`` build
    pipelines with the SDK, in this process.
    Raises FindingsError, UsageError and OSError.
    """
    files = [item.partition("=") for item in environments if "=" in item]
    plain = _one_environment(environments, bool(sources or deployed or functions))
    built = [item for entry in functions for item in sdk_pipelines(entry)]
    refused: dict[str, tuple[Finding, ...]] = {}
    found = [
        *_readable(((source, plain, False) for source in sources), refused),
        *_readable(((file, item, True) for item, _, file in files), refused),
        *(_deployed(deployed, plain, refused) if deployed else ()),
        *(_of_sdk(item, plain) for item in built),
    ]
    if refused and not found:
        raise FindingsError([finding for findings in refused.values() for finding in findings])
    if not found:
        raise click.UsageError("Nothing to import: name a definition file, --env NAME=FILE or --pipeline NAME.")
    named = _with_environments(found, existing)
    return ReadSources(_with_pipelines(named, name), refused, tuple(path for item in built for path in item.code))


def _one_environment(environments: Sequence[str], is_for_something: bool) -> str | None:
    """The ``NAME`` among ``NAME`` and ``NAME=FILE``. Raises UsageError for several, and for names of none."""
    for item in environments:
        name = item.partition("=")[0]
        if not _ENVIRONMENT.fullmatch(name):
            raise click.UsageError(f"'{name}' is no name of an environment: letters, digits, '-' and '_'.")
    plain = [item for item in environments if "=" not in item]
    if len(plain) > 1 or (plain and not is_for_something):
        raise click.UsageError("--env NAME is the one environment of SOURCE and --pipeline; else write NAME=FILE.")
    return plain[0] if plain else None


# Reading --------------------------------------------------------------------------------------------------------------


def _readable(
    files: Iterable[tuple[str, str | None, bool]], refused: dict[str, tuple[Finding, ...]]
) -> Iterator[_Source]:
    """The definitions in files, each with its environment and whether that is its own; what holds none is refused."""
    for path, environment, is_its_own in files:
        try:
            yield replace(_file(path, environment), is_its_own=is_its_own)
        except FindingsError as error:
            refused[shown_path(Path(path))] = error.findings


def _file(path: str, environment: str | None) -> _Source:
    shown, file = shown_path(Path(path)), Path(path).absolute()
    found = read_definition(Path(path), shown)
    stem, folder = file.stem, file.parent.name
    if stem == "definition":
        stem, folder = folder, file.parent.parent.name
    arn = account_of_arn(found.arn)
    facts = DeployedFacts(arn.account, arn.region, found.role)
    return _placed(
        _Source(shown, found.definition, found.pipeline or name_in(found.definition), facts, stem, folder, environment)
    )


def _deployed(asked: Asked, environment: str | None, refused: dict[str, tuple[Finding, ...]]) -> Iterator[_Source]:
    for own, connection in asked.connections(environment):
        yield from _of_account(asked, own, connection, refused)


def _of_account(
    asked: Asked, environment: str | None, connection: ConnectionSettings, refused: dict[str, tuple[Finding, ...]]
) -> Iterator[_Source]:
    with answered():
        client = sagemaker_client(connection)
        matching = () if asked.pattern is None else pipeline_names(client, asked.pattern)
        if asked.pattern is not None and not matching:
            raise ServiceError("ListPipelines", f"no deployed pipeline is called '{asked.pattern}'")
        pipelines = read_deployed(client, tuple(dict.fromkeys((*asked.names, *matching))))
    for item in pipelines:
        if item.definition is None or any(finding.severity is Severity.ERROR for finding in item.findings):
            refused[f"sagemaker:{item.name}"] = tuple(item.findings)
            continue
        tags: Mapping[str, str] | None = None
        if item.arn is not None and any("Tags" in step.arguments for step in item.definition.all_steps()):
            try:
                tags = pipeline_tags(client, item.arn)
            except ServiceError:
                # Without the permission nobody knows whether the pipeline has the tags of its steps.
                tags = None
        arn = account_of_arn(item.arn)
        facts = DeployedFacts(arn.account, arn.region, item.role, tags)
        shown = f"sagemaker:{item.name}"
        yield _placed(_Source(shown, item.definition, item.name, facts, environment=environment))


def _of_sdk(pipeline: LoadedSdkPipeline, environment: str | None) -> _Source:
    shown = f"sdk:{pipeline.name}"
    return _placed(_Source(shown, pipeline.definition, pipeline.name, DeployedFacts(), environment=environment))


def _placed(source: _Source) -> _Source:
    """The source with the account that it belongs to: that of its own ARN, or else of what it names."""
    told, named = source.facts, account_of(source.definition)
    return replace(source, account=Account(told.account or named.account, told.region or named.region))


# Environments ---------------------------------------------------------------------------------------------------------


def _with_environments(found: Sequence[_Source], existing: Mapping[str, Account]) -> list[_Source]:
    """The sources, each with an environment."""
    names = _of_accounts([source for source in found if source.environment is None], existing)
    return [
        source if source.environment is not None else replace(source, environment=names[source.account])
        for source in found
    ]


def _of_accounts(sources: Sequence[_Source], existing: Mapping[str, Account]) -> dict[Account, str]:
    """The environment in each account of the sources: that of the project, or a new one."""
    names: dict[Account, str] = {}
    accounts = list(dict.fromkeys(source.account for source in sources))
    for account in accounts:
        there = [name for name, one in existing.items() if one.account is not None and one.may_be(account)]
        if account.account is not None and there:
            names[account] = _one_of(there, [source for source in sources if source.account == account])
    rest = [account for account in accounts if account not in names]
    return names | ({rest[0]: _DEFAULT_ENVIRONMENT} if len(rest) == 1 else _told_apart(rest, sources))


def _one_of(names: Sequence[str], sources: Sequence[_Source]) -> str:
    """The environment of several in one account that the files are called after. Raises UsageError where none is."""
    called = {label for source in sources for label in (_label(source), source.folder)}
    fitting = [name for name in names if name in called] or [name for name in names if name == _DEFAULT_ENVIRONMENT]
    fitting = fitting if len(names) > 1 else list(names)
    if len(fitting) != 1:
        shown = sources[0].shown
        raise click.UsageError(f"{' and '.join(names)} are both in the account of {shown}: say which, with --env.")
    return fitting[0]


def _told_apart(accounts: Sequence[Account], sources: Sequence[_Source]) -> dict[Account, str]:
    """A name for the environment in each account, by what tells the accounts apart."""
    for label in (_label, _folder, _region):
        names = {
            account: _common(label(source) for source in sources if source.account == account) for account in accounts
        }
        if len(set(names.values())) == len(accounts) and all(map(_ENVIRONMENT.fullmatch, names.values())):
            return names
    by_number = {account: account.account or _DEFAULT_ENVIRONMENT for account in accounts}
    if len(set(by_number.values())) == len(accounts):
        return by_number
    return {
        account: "-".join(filter(None, (account.account, account.region))) or _DEFAULT_ENVIRONMENT
        for account in accounts
    }


def _common(labels: Iterable[str]) -> str:
    """The one label that there is; an empty text where there are several."""
    found = set(labels)
    return found.pop() if len(found) == 1 else ""


def _label(source: _Source) -> str:
    """What a file is called beside its pipeline: ``fraud.dev.json`` of the pipeline ``Fraud`` is ``dev``."""
    words = _words(source.stem)
    if source.pipeline is None:
        return words[-1] if len(words) > 1 else ""
    parts = [word.lower() for word in _words(source.pipeline)]
    own = {*parts, *words_of(source.pipeline), "".join(parts)}
    return "-".join(word for word in words if word.lower() not in own)


def _folder(source: _Source) -> str:
    return source.folder


def _region(source: _Source) -> str:
    return source.account.region or ""


def _words(text: str) -> list[str]:
    return [word for word in _NOT_IN_WORDS.split(text) if word]


# Pipelines ------------------------------------------------------------------------------------------------------------


def _with_pipelines(found: Sequence[_Source], name: str | None) -> tuple[SourceDefinition, ...]:
    """The sources with the names of their pipelines; of one pipeline there is one definition for an environment."""
    sources = [_named(source, source.environment or _DEFAULT_ENVIRONMENT) for source in found]
    if name is not None:
        return _of_one_pipeline(sources, name)
    if any(not item.pipeline for item in sources):
        raise click.UsageError("The files do not say the pipeline's name: give --name.")
    shown: dict[tuple[str, str], list[str]] = {}
    for item in sources:
        shown.setdefault((item.pipeline, item.environment), []).append(item.shown)
    for (pipeline, environment), files in shown.items():
        if len(files) > 1:
            raise click.UsageError(f"{' and '.join(files)} are both the pipeline {pipeline} for {environment}.")
    return tuple(sources)


def _of_one_pipeline(sources: Sequence[SourceDefinition], name: str) -> tuple[SourceDefinition, ...]:
    """The sources as the one pipeline that has the name which was asked for."""
    problem = pipeline_name_problem(name)
    if problem is not None:
        fix = f"write --name {_legal(name) or 'Pipeline'}"
        raise FindingsError([Finding("SMG401", problem, given=name, fix=fix)])
    if len({item.environment for item in sources}) < len(sources):
        raise click.UsageError("--name is the name of one pipeline, and there are several definitions.")
    return tuple(replace(item, pipeline=name) for item in sources)


def _named(source: _Source, environment: str) -> SourceDefinition:
    """The source with its pipeline's name: as the text says it, else the file's without the environment."""
    name = source.pipeline
    if name is None:
        words = _words(source.stem)
        without = [word for word in words if word != environment]
        name = "-".join(without) if without or source.is_its_own else source.stem
    return SourceDefinition(_legal(name), environment, source.shown, source.definition, source.facts)


def _legal(name: str) -> str:
    """A name that SageMaker takes; empty where nothing is left of it."""
    return _NOT_IN_WORDS.sub("-", name).strip("-")[:256].rstrip("-")
