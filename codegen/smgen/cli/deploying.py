"""Deploys a pipeline of a project, and says what deploying would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from smgen.cli.compiling import compile_checked
from smgen.definition import Change, Definition, changes, parse_definition
from smgen.diagnostics import FindingsError
from smgen.emit import (
    ConnectionSettings,
    DeployedState,
    Deployment,
    DeploymentSettings,
    Published,
    Upload,
    UploadSettings,
    deploy,
    deployed_state,
    publish,
    s3_client,
    sagemaker_client,
    settings_that_differ,
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


def plan(project: Project, name: str, environment: str, settings: ConnectionSettings, *, locked: bool) -> Plan:
    """What deploying a pipeline would change. Raises FindingsError and ServiceError."""
    compiled = compile_checked(project, name, environment, locked=locked).compiled
    chosen = project.environment(environment, name)
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
