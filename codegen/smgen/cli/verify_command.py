"""``smgen verify``: the one line for CI."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smgen.cli.findings import EXIT_FINDINGS, fail, format_option
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

#: Some part has no answer.
_EXIT_UNANSWERED = 2


@click.command(name="verify")
@click.option("--against", metavar="REF", help="Also say what changed in the contracts since a commit, or a branch.")
@click.option("--env", "environment", help="The environment to compile for.  [default: all of each pipeline]")
@format_option
@traceback_option
def command(against: str | None, environment: str | None, output_format: str) -> None:
    """Check everything of the project, each part once; write nothing.

    \b
    contracts  what 'smgen validate' says of them
    scripts    the code of the contracts, held against them
    freshness  the generated package is what would be generated
    compile    every pipeline, for every environment that it goes to
    lint       the rules over what was compiled, with policy and suppressions
    lock       AUTO ports are bound as smgen.lock says, where there is one
    breaking   what 'smgen breaking' says, with --against
    types      mypy over the modules of the pipelines, where it is installed
    """
    from smgen.cli.progress import Activity
    from smgen.cli.verify_report import verify_report, verify_summary
    from smgen.diagnostics import FindingsError, Format
    from smgen.runtime import find_project
    from smgen.workflows.verifying import PARTS, verify

    need("generate")
    activity = Activity(PARTS)
    try:
        project = find_project(Path.cwd())
        verification = verify(project, environment=environment, against=against, started=activity.begin)
    except FindingsError as error:
        fail(error.findings, output_format)
    finally:
        activity.close()
    is_text = output_format == Format.TEXT.value
    click.echo(verify_report(verification, Format(output_format), color=is_text and sys.stdout.isatty()), nl=False)
    click.echo(verify_summary(verification, seconds=is_text and sys.stdout.isatty()), nl=False, err=not is_text)
    if not verification.is_answered:
        sys.exit(_EXIT_UNANSWERED)
    if not verification.is_green:
        sys.exit(EXIT_FINDINGS)
