"""``smgen init``: a new project that works at once."""

from __future__ import annotations

from pathlib import Path

import click

from smgen.cli.findings import format_option, reported
from smgen.distribution import need


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=Path(), type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="The project's name.  [default: that of the folder]")
@format_option
def command(folder: Path, name: str | None, output_format: str) -> None:
    """Make a project in DIR (default: here): a contract, a pipeline and a test that work at once, offline.

    What is there already is only added to: a pyproject.toml gets the sections that it lacks. Where a file would be
    overwritten, nothing at all is written.
    """
    from smgen.cli.new_project import plan_project, write_project
    from smgen.cli.project_summary import project_summary

    need("generate")
    with reported(output_format):
        project = plan_project(folder, name)
        write_project(project)
        click.echo(project_summary(project), nl=False, err=output_format != "text")
