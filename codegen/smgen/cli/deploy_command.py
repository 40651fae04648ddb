"""``smgen deploy``: compiles a pipeline, uploads its code, and creates or updates it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.connection import answered, connection_options
from smgen.cli.findings import counted, format_option, reported, say
from smgen.cli.locations import project_option
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.emit import ConnectionSettings


@click.command(name="deploy")
@click.argument("name")
@click.option("--env", "environment", required=True, help="The environment to deploy to.")
@click.option("--start", "started", is_flag=True, help="Start the pipeline when it is deployed.")
@click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the start.")
@click.option("--locked", is_flag=True, help="Refuse AUTO ports that are not bound as smgen.lock says.")
@project_option
@traceback_option
@connection_options
@format_option
def command(
    name: str,
    environment: str,
    started: bool,
    parameters: tuple[str, ...],
    locked: bool,
    project: Path,
    connection: ConnectionSettings,
    output_format: str,
) -> None:
    """Create or update the pipeline NAME in SageMaker.

    What is deployed is what smgen compile writes, once smgen lint finds no error in it. Code is uploaded only where it
    is missing, and a pipeline that is as it should be is left alone.
    """
    from smgen.checks import start_findings
    from smgen.cli.progress import Progress
    from smgen.diagnostics import FindingsError
    from smgen.emit import sagemaker_client, start, start_parameters, typed_values
    from smgen.runtime import find_project
    from smgen.workflows.compiling import compile_checked
    from smgen.workflows.deploying import connected, deploy_compiled, refuse_other_account
    from smgen.workflows.moved_code import read_record

    if parameters and not started:
        raise click.UsageError("--parameter goes with --start.")
    need("aws")
    text = output_format == "text"
    with reported(output_format), answered():
        found = find_project(project)
        compiled = compile_checked(found, name, environment, locked=locked).compiled
        # What is wrong with the start is said before anything is deployed.
        values = start_parameters(compiled.definition, parameters) if started else {}
        if wrong := start_findings(compiled.definition, typed_values(compiled.definition, values)):
            raise FindingsError(wrong)
        chosen = found.environment(environment, name)
        refuse_other_account(name, chosen, connection, write=True)
        progress = Progress("Uploading", in_bytes=True)
        try:
            record = read_record(found.root, name)
            published, deployment = deploy_compiled(compiled, chosen, connection, record, progress)
        finally:
            progress.close()
        uploaded, present = len(published.uploaded), len(published.present)
        say(f"{counted(uploaded, 'asset')} uploaded, {present} there already.", err=not text)
        what = f" ({', '.join(deployment.changed)})" if deployment.changed else ""
        say(f"{name} for {environment}: {deployment.action}{what}. {deployment.arn}", err=not text)
        if started:
            execution = start(sagemaker_client(connected(connection, chosen)), name, values)
            say(f"Started: {execution}", err=not text)
