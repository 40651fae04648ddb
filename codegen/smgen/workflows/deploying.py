"""Deploys a pipeline of a project, and says what deploying would change."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from smgen.definition import DEPLOYED, Change, changes, forgiven, parse_definition, shown_value
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonObject
from smgen.emit import (
    AskedAccount,
    ConnectionSettings,
    Deployment,
    DeploymentSettings,
    Published,
    ServiceError,
    Upload,
    UploadSettings,
    asked_account,
    deploy,
    deployed_state,
    holds_asset,
    publish,
    s3_client,
    s3_reader,
    sagemaker_client,
    settings_that_differ,
    sts_client,
)
from smgen.runtime import CompiledPipeline, Environment, Project
from smgen.workflows.compiling import compile_checked
from smgen.workflows.moved_code import Holds, ImportedCode, MovedCode, read_record, with_moved_code


@dataclass(frozen=True)
class Plan:
    """What deploying a pipeline to an environment would change; ``deployed`` says whether there is one already.

    ``forgiven`` says how many places each normalisation made equal, by its id: they are told another way in the
    deployed definition, and mean the same. ``moved`` is code that is deployed from elsewhere with the same content.
    ``note`` says that nobody knows whose account it was.
    """

    pipeline: str
    environment: str
    deployed: bool
    changes: tuple[Change, ...]
    forgiven: Mapping[str, int] = field(default_factory=dict[str, int])
    moved: tuple[MovedCode, ...] = ()
    note: str | None = None


def connected(settings: ConnectionSettings, environment: Environment) -> ConnectionSettings:
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
    name: str, environment: Environment, settings: ConnectionSettings, known: Accounts | None = None, *, write: bool
) -> str | None:
    """Raises FindingsError (SMG142) where another account is asked than the environment's, and ServiceError.

    An environment without an account goes to any. Where nobody says which account it is, nothing can be written to it
    (``write``); that it was only looked at is returned, in words. ``known`` keeps what STS said, for the next pipeline.
    """
    if environment.account is None:
        return None
    account = connected(settings, environment)
    asked = None if known is None else known.get(account)
    if asked is None:
        asked = asked_account(sts_client(account), sagemaker_client(account), name)
    if known is not None:
        known[account] = asked
    if asked is None:
        reason = f"nobody says which account this is: STS gives no answer, and there is no pipeline '{name}' yet"
        if write:
            fix = f"let STS be reached, or take 'account' out of [tool.smgen.environments.{environment.name}]"
            raise ServiceError("GetCallerIdentity", reason, fix=fix)
        return f"Not held against account {environment.account} of '{environment.name}': {reason}."
    if asked.account != environment.account:
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
    return None


def deploy_compiled(
    compiled: CompiledPipeline,
    environment: Environment,
    settings: ConnectionSettings,
    record: Mapping[str, ImportedCode],
    progress: Callable[[int, int], None],
) -> tuple[Published, Deployment]:
    """Uploads what is missing, then creates or updates the pipeline. Raises FindingsError and ServiceError.

    ``record`` is what is known of code that was imported: a definition in which a plan finds no change stays as it is.
    """
    wanted = deployment_settings(compiled, environment)
    account = connected(settings, environment)
    client, s3 = sagemaker_client(account), s3_client(account)
    uploads = [Upload(asset.location, asset.content) for asset in compiled.assets]
    published = publish(s3, uploads, wanted.upload, progress=progress)

    def is_same(deployed: JsonObject) -> bool:
        return not _compared(deployed, compiled, record, _asking(account)).changes

    return published, deploy(client, s3, compiled.name, compiled.definition, wanted, is_same)


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
    note = refuse_other_account(name, chosen, settings, accounts, write=False)
    wanted = deployment_settings(compiled, chosen)
    state = deployed_state(sagemaker_client(connected(settings, chosen)), name)
    if state is None:
        return Plan(name, environment, False, changes(None, compiled.definition), note=note)
    around = tuple(
        Change("changed", "pipeline", what, before, after)
        for what, (before, after) in settings_that_differ(state, wanted).items()
    )
    record = read_record(project.root, name)
    compared = _compared(state.definition, compiled, record, _asking(connected(settings, chosen)))
    return Plan(name, environment, True, (*around, *compared.changes), compared.forgiven, compared.moved, note)


def _asking(account: ConnectionSettings) -> Holds:
    """Asks S3 whether the object at a location holds what an asset holds; no client is made before it is asked."""
    return lambda location, asset: holds_asset(s3_reader(account), location, asset)


@dataclass(frozen=True)
class _Compared:
    """How a deployed definition differs from a compiled one."""

    changes: tuple[Change, ...]
    forgiven: Mapping[str, int] = field(default_factory=dict[str, int])
    moved: tuple[MovedCode, ...] = ()


def _compared(
    deployed: JsonObject | None, compiled: CompiledPipeline, record: Mapping[str, ImportedCode], holds: Holds
) -> _Compared:
    wanted = compiled.definition
    try:
        before = None if deployed is None else parse_definition(deployed)
    except FindingsError:
        before = None
    if before is None:
        broken = Change("changed", "pipeline", "definition", "not readable", "that of this project")
        return _Compared((broken, *changes(None, wanted)))
    moved = with_moved_code(before, wanted, compiled.assets, record, holds)
    unknown = {shown_value(text) for location in moved.unknown for text in (location, json.dumps(location))}
    found = tuple(
        # That it is other code is not known, so both locations are shown.
        replace(change, kind="changed") if change.kind == "code" and change.before in unknown else change
        for change in changes(moved.definition, wanted, DEPLOYED)
    )
    return _Compared(found, forgiven(moved.definition, wanted, DEPLOYED), moved.moved)
