"""``smgen diff``: how two definitions, environments or commits differ."""

from __future__ import annotations

import sys
from functools import cache, partial
from pathlib import Path

import click

from smgen.cli.findings import EXIT_FINDINGS, fail, formats_option, say
from smgen.cli.locations import project_option
from smgen.cli.tracebacks import traceback_option


@click.command(name="diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--pipeline", "pipelines", multiple=True, metavar="NAME", help="A pipeline to compare.  [default: all]")
@click.option(
    "--env", "environments", multiple=True, help="An environment to compare.  [default: every one that both sides have]"
)
@project_option
@traceback_option
@formats_option(["text", "json", "markdown"], "the changes")
def command(
    before: str,
    after: str,
    pipelines: tuple[str, ...],
    environments: tuple[str, ...],
    project: Path,
    output_format: str,
) -> None:
    """Say how B differs from A, in the words of smgen plan; each of them is one of these.

    \b
    FILE               a definition as JSON; - is the input stream
    ENV, env:ENV       the project in the working tree, for an environment
    .                  the project in the working tree, for each environment
    REF, git:REF       a commit, in which the project is compiled
    REF:ENV            a commit, for an environment

    Exit code 1 says that there are differences. A commit is compiled in a temporary folder: its own code is run.
    """
    from smgen.cli.diff_report import diff_json, diff_markdown, diff_text
    from smgen.cli.progress import Progress
    from smgen.diagnostics import FindingsError, json_text
    from smgen.documents import DEFINITION_LIMITS
    from smgen.runtime import find_project
    from smgen.workflows.differing import ComparisonChoice, compare_sides

    progress = Progress("Compiling pipelines")
    read_stdin = partial(sys.stdin.buffer.read, DEFINITION_LIMITS.max_bytes + 1)
    try:
        asked = ComparisonChoice(pipelines, environments, read_stdin, progress)
        found = compare_sides(before, after, cache(partial(find_project, project)), asked)
    except FindingsError as error:
        progress.close()
        fail(error.findings, "json" if output_format == "json" else "text")
    finally:
        progress.close()
    for name, left_out in found.left_out.items():
        say(f"Only in {name}, and not compared: {', '.join(left_out)}.", err=True)
    if output_format == "json":
        click.echo(json_text(diff_json(found.diffs)), nl=False)
    else:
        say(diff_markdown(found.diffs) if output_format == "markdown" else diff_text(found.diffs), nl=False)
    if any(item.changes or item.missing for item in found.diffs):
        sys.exit(EXIT_FINDINGS)
