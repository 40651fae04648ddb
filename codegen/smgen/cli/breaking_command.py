"""``smgen breaking``: what changed in the contracts since an earlier state, and whom it hits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from smgen.cli.findings import EXIT_FINDINGS, fail, formats_option, say
from smgen.cli.locations import contracts_option
from smgen.cli.tracebacks import traceback_option
from smgen.diagnostics import FindingsError, Format

if TYPE_CHECKING:
    from smgen.runtime import Project
    from smgen.workflows.breaking import BreakingReport

_MARKDOWN: Final = "markdown"
#: The levels of smgen.evolution that can be asked for.
_LEVELS: Final = ("source", "wiring", "run", "cache")


@click.command(name="breaking")
@click.option("--against", required=True, metavar="REF|DIR|PACKAGE", help="The earlier state.")
@contracts_option
@click.option(
    "--level",
    type=click.Choice(_LEVELS),
    default="run",
    show_default=True,
    help="The level that ends with exit code 1, with those before it.",
)
@traceback_option
@formats_option([*(item.value for item in Format), _MARKDOWN], "changes")
def command(against: str, contracts: Path | None, level: str, output_format: str) -> None:
    """Say what changed in the contracts since an earlier state, and whom it hits.

    Since a commit, also what changed of the pipelines for those who start them or read what they write: parameters,
    step names, locations, model package groups. For that they are compiled as they were and as they are, which runs
    their code; --contracts leaves it out.

    \b
    REF      a git commit, branch or tag
    DIR      a folder of contracts, or of a generated package
    PACKAGE  an installed generated package, by its import name

    \b
    source   modules of users no longer type-check or build
    wiring   AUTO ports are bound otherwise, or no more
    run      the same module compiles to something that behaves otherwise
    cache    cached steps run again, although they do the same
    """
    from smgen.cli.progress import Progress
    from smgen.evolution import Level
    from smgen.workflows.breaking import breaking_changes

    progress = Progress("Compiling pipelines")
    try:
        report = breaking_changes(_project(required=contracts is None), against, progress, contracts=contracts)
    except FindingsError as error:
        fail(error.findings, Format.TEXT.value if output_format == _MARKDOWN else output_format)
    finally:
        progress.close()
    _written(report, output_format)
    if report.reaches(Level(level)):
        sys.exit(EXIT_FINDINGS)


def _project(*, required: bool) -> Project | None:
    """The project around the working directory, whose pipelines may be hit; none is fine where it is not needed."""
    from smgen.runtime import find_project

    try:
        return find_project(Path.cwd())
    except FindingsError:
        if required:
            raise
        return None


def _written(report: BreakingReport, output_format: str) -> None:
    from smgen.cli.breaking_machine import breaking_json
    from smgen.cli.breaking_text import breaking_markdown, breaking_text
    from smgen.diagnostics import render

    if output_format == Format.TEXT.value:
        say(breaking_text(report), nl=False)
    elif output_format == _MARKDOWN:
        click.echo(breaking_markdown(report), nl=False)
    elif output_format == Format.JSON.value:
        click.echo(breaking_json(report), nl=False)
    else:
        click.echo(render(report.findings, Format(output_format)), nl=False)
