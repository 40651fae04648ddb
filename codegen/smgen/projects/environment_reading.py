"""Reads an environment: ``[tool.smgen.environments.<name>]``, and in it the values for one pipeline."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from smgen.aws import (
    AccountValueProblem,
    account_of_role,
    account_problem,
    bucket_problem,
    key_problem,
    location_problem,
    region_problem,
    role_problem,
)
from smgen.building.environment import Environment
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.settings import (
    ENVIRONMENT_LISTS,
    ENVIRONMENT_TABLES,
    ENVIRONMENT_TEXT_TABLES,
    ENVIRONMENT_TEXTS,
    SettingsTable,
)

_COUNT: Final = "max_parallel_steps"
_VALUES: Final = (*ENVIRONMENT_TEXTS, _COUNT, *ENVIRONMENT_LISTS, *ENVIRONMENT_TABLES)
#: The policy is read by smgen.checks, when definitions are checked.
_ENVIRONMENT: Final = (*_VALUES, "pipelines", "policy")
#: One environment is one account and one region, whatever pipeline it is for.
_FOR_PIPELINE: Final = tuple(name for name in _VALUES if name not in ("account", "region", "shared_accounts"))

_LOCATIONS: Final = ("output_location", "asset_location")

#: What stands in the place of a value that is none, so that everything else can be checked all the same.
_NO_ACCOUNT: Final = "000000000000"
_STAND_INS: Final[Mapping[str, str]] = {
    "account": _NO_ACCOUNT,
    "region": "us-east-1",
    "role": f"arn:aws:iam::{_NO_ACCOUNT}:role/placeholder",
    "bucket": "placeholder-bucket",
    "output_location": "s3://placeholder-bucket",
    "asset_location": "s3://placeholder-bucket",
    "kms_key": "alias/placeholder",
    "output_kms_key": "alias/placeholder",
    "asset_kms_key": "alias/placeholder",
    "asset_bucket_owner": _NO_ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class ReadEnvironment:
    """An environment, and the same as it is for each pipeline that it says values for."""

    environment: Environment
    for_pipelines: Mapping[str, Environment]


def read_environment(
    environments: SettingsTable, name: str, pipelines: Mapping[str, Collection[str] | None]
) -> ReadEnvironment:
    """The environment ``name`` as the table of the environments says it.

    ``pipelines`` has the names of the project's pipelines with those of the environments that each goes to (None: all).
    """
    table = environments.table(name, "a table")
    table.known(_ENVIRONMENT)
    environment = replace(_environment(name, table), place=table.place())
    own: dict[str, Environment] = {}
    for_pipelines = table.table("pipelines")
    for pipeline in for_pipelines.values:
        values = for_pipelines.inner(pipeline, "a table with values for this pipeline")
        if values is not None:
            table.findings.extend(_unknown_pipeline(values.place(), name, pipeline, pipelines))
            values.known(_FOR_PIPELINE)
            around = None if "account" in environment.repairs else environment.account
            of_pipeline = _environment(name, values, around)
            own[pipeline] = replace(_laid_over(environment, of_pipeline), pipeline=pipeline)
    return ReadEnvironment(environment, own)


def _environment(name: str, table: SettingsTable, account: str | None = None) -> Environment:
    """The values of one table; ``account`` is the one around it."""
    texts = {key: table.text(key) for key in ENVIRONMENT_TEXTS}
    for key in _LOCATIONS:
        location = texts[key]
        if location is not None and not re.match(r"s3://[^/]", location):
            table.wrong(key, repr(location), "an S3 URI such as s3://bucket/prefix")
    lists = {key: table.texts(key) for key in ENVIRONMENT_LISTS}
    problems: list[Finding] = []
    repairs: dict[str, str] = {}
    for key, problem in _problems(texts, texts["account"] or account):
        problems.append(_problem_finding(problem, key, str(texts[key]), table.where, table.place(key)))
        if problem.certain:
            repairs[key] = problem.nearest or _STAND_INS[key]
    problems += _shared_accounts(lists["shared_accounts"], table)
    if "account" not in repairs:
        problems += _other_account(texts["role"], texts["account"] or account, table.where, table.place("role"))
    parameters = table.scalars("parameters")
    # To a type checker the value of an argument by its name is Any.
    values: dict[str, Any] = {
        **texts,
        **lists,
        **{key: table.text_table(key) for key in ENVIRONMENT_TEXT_TABLES},
    }
    return Environment(
        name,
        **values,
        parameters=parameters,
        values=table.scalars("values"),
        max_parallel_steps=table.count(_COUNT),
        parameter_places={key: table.table("parameters").place(key) for key in parameters},
        problems=tuple(problems),
        repairs=repairs,
    )


def _shared_accounts(accounts: Iterable[str], table: SettingsTable) -> Iterator[Finding]:
    """SMG130 for what is no account."""
    for account in accounts:
        problem = account_problem(account)
        if problem is not None:
            yield _problem_finding(problem, "shared_accounts", account, table.where, table.place("shared_accounts"))


def _other_account(role: str | None, account: str | None, where: str, place: Place) -> Iterator[Finding]:
    """SMG143 for a role that stands in another account than the one around it."""
    own = None if role is None else account_of_role(role)
    if own is None or account is None or own in (account, _NO_ACCOUNT) or account == _NO_ACCOUNT:
        return
    message = f"the role of [{where}] stands in account {own}, and the environment is account {account}"
    fix = f"name a role of {account}: AWS passes no role to a service of another account"
    yield Finding("SMG143", message, place, given=role, expected=f"a role of account {account}", fix=fix)


def _laid_over(environment: Environment, own: Environment) -> Environment:
    """An environment with the values for one pipeline in it: tables key by key, everything else as a whole."""
    whole = [key for key in _FOR_PIPELINE if key not in ENVIRONMENT_TABLES and getattr(own, key)]
    # To a type checker the value of an attribute by its name is Any.
    values: dict[str, Any] = {key: getattr(own, key) for key in whole}
    values |= {key: {**getattr(environment, key), **getattr(own, key)} for key in ENVIRONMENT_TABLES}
    return replace(
        environment,
        **values,
        parameter_places={**environment.parameter_places, **own.parameter_places},
        parameters_of_pipeline=tuple(own.parameters),
        problems=(*environment.problems, *own.problems),
        # What the pipeline says by itself, no repair of the environment's value may replace.
        repairs={**{key: text for key, text in environment.repairs.items() if key not in whole}, **own.repairs},
    )


def _unknown_pipeline(
    place: Place, environment: str, pipeline: str, pipelines: Mapping[str, Collection[str] | None]
) -> Iterator[Finding]:
    """SMG130 for values for a pipeline that the project does not have, or that does not go to this environment."""
    goes_to = pipelines.get(pipeline)
    if pipeline in pipelines and (goes_to is None or environment in goes_to):
        return
    known = pipeline in pipelines
    here = [name for name, targets in pipelines.items() if targets is None or environment in targets]
    nearest = None if known else nearest_name(pipeline, here)
    message = (
        f"the pipeline '{pipeline}' does not go to the environment '{environment}', which has values for it"
        if known
        else f"the environment '{environment}' has values for '{pipeline}', which is no pipeline of the project"
    )
    add = f"add '{environment}' to the environments of '{pipeline}', or remove the table"
    fix = add if known else f"write {nearest}" if nearest else "remove the table"
    yield Finding("SMG130", message, place, given=pipeline, expected=", ".join(here) or None, nearest=nearest, fix=fix)


def _problems(texts: Mapping[str, str | None], account: str | None) -> Iterator[tuple[str, AccountValueProblem]]:
    for key, text in texts.items():
        problem: AccountValueProblem | None = None
        if text is None:
            continue
        if key == "role":
            problem = role_problem(text, account)
        elif key in ("account", "asset_bucket_owner"):
            problem = account_problem(text)
        elif key in ("kms_key", "output_kms_key", "asset_kms_key"):
            problem = key_problem(text)
        elif key == "region":
            problem = region_problem(text)
        elif key == "bucket":
            problem = bucket_problem(text)
        elif key in _LOCATIONS:
            problem = location_problem(text)
        if problem is not None:
            yield key, problem


def _problem_finding(problem: AccountValueProblem, key: str, given: str, where: str, place: Place) -> Finding:
    """SMG130 where no account can have such a value, SMG141 where one may."""
    message = f"the {key.replace('_', ' ')} of [{where}] cannot be right: {problem.words}"
    if not problem.certain:
        message = f"the {key.replace('_', ' ')} of [{where}] is unknown: {problem.words}"
    fix = f'write {key} = "{problem.nearest}"' if problem.nearest else "write what is expected here"
    if not problem.certain:
        fix = f"{fix}, or leave it where it is right" if problem.nearest else "leave it where it is right"
    return Finding(
        "SMG130" if problem.certain else "SMG141",
        message,
        place,
        given=given,
        expected=problem.expected,
        nearest=problem.nearest,
        fix=fix,
    )
