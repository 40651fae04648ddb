"""Deploys a pipeline of a project, and says what deploying would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import click

from smgen.cli.compiling import compile_checked
from smgen.definition import Change, Definition, changes, parse_definition
from smgen.diagnostics import Finding, FindingsError
from smgen.emit import (
    AskedAccount,
    ConnectionSettings,
    DeployedState,
    Deployment,
    DeploymentSettings,
    Published,
    Upload,
    UploadSettings,
    asked_account,
    deploy,
    deployed_state,
    publish,
    s3_client,
    sagemaker_client,
    settings_that_differ,
    sts_client,
)
from smgen.runtime import CompiledPipeline, Environment, Project


@dataclass(frozen=True)
class Plan:
    """What deploying a pipeline to an environment would change; ``deployed`` says whether there is one already."""

    pipeline: str
    environment: str
    deployed: bool
    changes: tuple[Change, ...]


def connection(settings: ConnectionSettings, environment: Environment) -> ConnectionSettings:
    """The account to ask: the region is the environment's unless another one was given."""
    return settings if settings.region is not None else replace(settings, region=environment.region)


def deployment_settings(compiled: CompiledPipeline, environment: Environment) -> DeploymentSettings:
    """What the pipeline has beside its definition. Raises FindingsError (SMG211) without a role."""
    if environment.role is None:
        raise FindingsError([environment.missing("role", "ARN of the role that executions run under")])
    folder = environment.asset_folder(compiled.name)
    return DeploymentSettings(
        environment.role,
        environment.tags,
        compiled.description,
        environment.max_parallel_steps,
        None if folder is None else f"{folder.rstrip('/')}/definitions",
        UploadSettings(environment.asset_kms_key, environment.asset_bucket_owner or environment.account),
    )


#: Whose the credentials of a connection are, as far as it was asked.
Accounts: TypeAlias = "dict[ConnectionSettings, AskedAccount | None]"


def refuse_other_account(
    name: str, environment: Environment, settings: ConnectionSettings, known: Accounts | None = None
) -> None:
    """Raises FindingsError (SMG142) where another account is asked than the environment's, and ServiceError.

    An environment without an account goes to any. One that cannot be held against anything is told on the error stream.
    ``known`` keeps what STS said, for the next pipeline.
    """
    if environment.account is None:
        return
    account = connection(settings, environment)
    asked = None if known is None else known.get(account)
    if asked is None:
        asked = asked_account(sts_client(account), sagemaker_client(account), name)
    if known is not None:
        known[account] = asked
    if asked is None:
        unknown = f"Nobody says which account this is: it was not held against {environment.account}"
        click.echo(f"{unknown} of environment '{environment.name}'.", err=True)
    elif asked.account != environment.account:
        raise FindingsError(
            [
                Finding(
                    "SMG142",
                    f"the environment '{environment.name}' is account {environment.account}, "
                    f"and account {asked.account} is asked",
                    environment.place,
                    given=f"{asked.account} ({asked.told_by})",
                    expected=environment.account,
                    fix=f"take the credentials of {environment.account} (--profile, AWS_PROFILE), "
                    "or name the environment that is meant",
                )
            ]
        )


def deploy_compiled(
    compiled: CompiledPipeline,
    environment: Environment,
    settings: ConnectionSettings,
    progress: Callable[[int, int], None],
) -> tuple[Published, Deployment]:
    """Uploads what is missing, then creates or updates the pipeline. Raises FindingsError and ServiceError."""
    wanted = deployment_settings(compiled, environment)
    account = connection(settings, environment)
    client, s3 = sagemaker_client(account), s3_client(account)
    uploads = [Upload(asset.location, asset.content) for asset in compiled.assets]
    published = publish(s3, uploads, wanted.upload, progress=progress)
    return published, deploy(client, s3, compiled.name, compiled.definition, wanted)


def plan(
    project: Project,
    name: str,
    environment: str,
    settings: ConnectionSettings,
    *,
    locked: bool,
    accounts: Accounts | None = None,
) -> Plan:
    """What deploying a pipeline would change. Raises FindingsError and ServiceError."""
    compiled = compile_checked(project, name, environment, locked=locked).compiled
    chosen = project.environment(environment, name)
    refuse_other_account(name, chosen, settings, accounts)
    wanted = deployment_settings(compiled, chosen)
    state = deployed_state(sagemaker_client(connection(settings, chosen)), name)
    if state is None:
        return Plan(name, environment, False, changes(None, compiled.definition))
    around = tuple(
        Change("changed", "pipeline", what, before, after)
        for what, (before, after) in settings_that_differ(state, wanted).items()
    )
    return Plan(name, environment, True, (*around, *_definition_changes(state, compiled.definition)))


def _definition_changes(state: DeployedState, wanted: Definition) -> tuple[Change, ...]:
    try:
        before = None if state.definition is None else parse_definition(state.definition)
    except FindingsError:
        before = None
    if before is None:
        broken = Change("changed", "pipeline", "definition", "not readable", "that of this project")
        return (broken, *changes(None, wanted))
    return changes(before, wanted)
