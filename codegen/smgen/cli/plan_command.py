"""``smgen plan``: what deploying would change, before it does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.connection import answered, connection_options
from smgen.cli.findings import EXIT_FINDINGS, fail, formats_option, say
from smgen.cli.locations import project_option
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.emit import ConnectionSettings


@click.command(name="plan")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--env", "environments", multiple=True, help="An environment to compare.  [default: every one]")
@click.option("--locked", is_flag=True, help="Refuse AUTO ports that are not bound as smgen.lock says.")
@project_option
@traceback_option
@connection_options
@formats_option(["text", "json", "markdown"], "the changes")
def command(
    names: tuple[str, ...],
    environments: tuple[str, ...],
    locked: bool,
    project: Path,
    connection: ConnectionSettings,
    output_format: str,
) -> None:
    """Say what smgen deploy would change: of the pipelines NAME (default: all), in SageMaker.

    Exit code 1 says that there are changes. Nothing is changed by asking.
    """
    from smgen.cli.plan_report import plan_json, plan_markdown, plan_text
    from smgen.diagnostics import FindingsError, json_text
    from smgen.runtime import find_project
    from smgen.workflows.deploying import Accounts, plan

    need("aws")
    findings_format = "json" if output_format == "json" else "text"
    try:
        found = find_project(project)
        targets = found.targets(names, environments)
        if not targets:
            raise click.UsageError("The project lists no pipeline, or no environment that one goes to.")
        with answered():
            known: Accounts = {}
            plans = [plan(found, name, item, connection, locked=locked, accounts=known) for name, item in targets]
    except FindingsError as error:
        fail(error.findings, findings_format)
    for note in dict.fromkeys(item.note for item in plans if item.note is not None):
        say(note, err=True)
    if output_format == "json":
        click.echo(json_text(plan_json(plans)), nl=False)
    else:
        say(plan_markdown(plans) if output_format == "markdown" else plan_text(plans), nl=False)
    if any(item.changes for item in plans):
        sys.exit(EXIT_FINDINGS)
