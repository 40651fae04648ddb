"""``smgen init``: a new project that works at once."""

from __future__ import annotations

from pathlib import Path

import click

from smgen.cli.findings import format_option, reported, say
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=Path(), type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="The project's name.  [default: that of the folder]")
@traceback_option
@format_option
def command(folder: Path, name: str | None, output_format: str) -> None:
    """Make a project in DIR (default: here): a contract, a pipeline and a test that work at once, offline.

    What is there already is only added to: a pyproject.toml gets the sections that it lacks. Where a file would be
    overwritten, nothing at all is written.
    """
    from smgen.cli.project_summary import project_summary
    from smgen.documents import finish_publication
    from smgen.workflows.existing_settings import is_project
    from smgen.workflows.new_project import plan_project, write_project

    need("generate")
    with reported(output_format):
        if finish_publication(folder) and is_project(folder):
            click.echo("The project that an earlier run began is complete now.", err=output_format != "text")
            return
        project = plan_project(folder, name)
        write_project(project)
        say(project_summary(project), nl=False, err=output_format != "text")
