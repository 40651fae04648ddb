"""``smgen lint``: everything that is wrong with definitions, pipelines, or a whole account."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from smgen.cli.connection import answered, connection_options
from smgen.cli.findings import EXIT_FINDINGS, fail, formats_option
from smgen.cli.tracebacks import traceback_option
from smgen.diagnostics import Finding, FindingsError, Format, Severity, render
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.checks import CheckSettings
    from smgen.emit import ConnectionSettings, DeployedPipeline
    from smgen.runtime import Environment, Project
    from smgen.workflows.linting import Linter, LintReport

_MARKDOWN: Final = "markdown"
_NEVER: Final = "never"


@click.command(name="lint")
@click.argument("what", metavar="[FILE | NAME]...", nargs=-1)
@click.option(
    "--pipelines", "pattern", metavar="PATTERN", help="Read deployed pipelines of these names, such as 'Fraud*'."
)
@partial(connection_options, goes_with="--pipelines")
@click.option("--env", "environment", help="The environment whose policy counts.  [default: all for a NAME]")
@formats_option([*(item.value for item in Format), _MARKDOWN], "findings")
@click.option(
    "--fail-on",
    type=click.Choice([*(item.value for item in Severity), _NEVER]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least severity that ends with exit code 1.",
)
@traceback_option
def command(
    what: tuple[str, ...],
    pattern: str | None,
    connection: ConnectionSettings,
    environment: str | None,
    output_format: str,
    fail_on: str,
) -> None:
    """Check definitions against every rule; nothing has to be adopted for it.

    \b
    FILE          a definition as JSON, made by whatever tool; - reads one from the input stream
    NAME          a pipeline of [tool.smgen.pipelines], with its source
    --pipelines   deployed pipelines of an AWS account
    Without any of them, all pipelines of the project.
    """
    from smgen.cli.lint_text import sentence
    from smgen.emit import ConnectionSettings

    if pattern is None and connection != ConnectionSettings():
        raise click.UsageError("--profile, --region and --endpoint-url go with --pipelines.")
    if pattern is not None:
        need("aws")
    try:
        with answered():
            report = _report(what, pattern, connection, environment)
    except FindingsError as error:
        if output_format == _MARKDOWN:
            fail(error.findings, Format.TEXT.value)
        fail(error.findings, output_format)
    click.echo(_rendered(report, output_format), nl=False)
    if report.nothing is not None and output_format not in (Format.TEXT.value, _MARKDOWN):
        # The forms for programs have no room for it.
        click.echo(sentence(report.nothing), err=True)
    if _is_at_least(report.findings, fail_on):
        sys.exit(EXIT_FINDINGS)


def _report(
    what: Sequence[str], pattern: str | None, connection: ConnectionSettings, environment: str | None
) -> LintReport:
    from smgen.workflows.compiling import refuse_stale
    from smgen.workflows.linting import Linter

    project, settings = _project(required=environment is not None or (not what and pattern is None))
    if project is not None:
        if environment is not None:
            connection = _at_home(connection, project.environment(environment))
        if not (what or pattern) or not set(what).isdisjoint(project.pipelines):
            refuse_stale(project)
    linter = Linter(project, settings, environment)
    # The account comes first: where it cannot be asked, nothing else is worth the time.
    for deployed in () if pattern is None else _deployed(pattern, connection):
        linter.deployed(deployed)
    for item in what:
        _lint(linter, project, item)
    if project is not None and not what and pattern is None:
        linter.project(project)
    return linter.report(pattern)


def _at_home(connection: ConnectionSettings, environment: Environment) -> ConnectionSettings:
    from smgen.workflows.deploying import connected

    return connected(connection, environment)


def _lint(linter: Linter, project: Project | None, item: str) -> None:
    from smgen.workflows.linting import STDIN

    if project is not None and item in project.pipelines:
        linter.pipeline(project, item)
    elif item == STDIN:
        linter.stdin(sys.stdin.buffer.read(_longest() + 1))
    elif _is_file(item):
        linter.file(Path(item))
    else:
        # Neither a file nor a pipeline: the project says what there is.
        own = project or _project(required=True)[0]
        if own is not None:
            linter.pipeline(own, item)


def _project(*, required: bool) -> tuple[Project | None, CheckSettings]:
    """The project around the working directory with its policy and suppressions; none is fine unless it is needed."""
    from smgen.checks import CheckSettings, read_check_settings
    from smgen.runtime import find_project
    from smgen.settings import SETTINGS_FILE

    here = Path.cwd()
    around = [folder / SETTINGS_FILE for folder in (here, *here.parents)]
    if not required and not any(path.is_file() and b"tool.smgen" in path.read_bytes() for path in around):
        return None, CheckSettings()
    project = find_project(here)
    return project, read_check_settings(project.root)


def _is_file(item: str) -> bool:
    """Whether an argument is a definition file. Raises OSError for the path of none, and for a folder."""
    path = Path(item)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), item)
    if path.exists():
        return True
    if path.suffix == ".json" or len(path.parts) > 1:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), item)
    return False


def _longest() -> int:
    from smgen.documents import DEFINITION_LIMITS

    return DEFINITION_LIMITS.max_bytes


def _deployed(pattern: str, connection: ConnectionSettings) -> Sequence[DeployedPipeline]:
    """The deployed pipelines. Raises ServiceError, also where a pattern matches none."""
    from smgen.cli.progress import Progress
    from smgen.emit import ServiceError, pipeline_names, read_deployed, sagemaker_client
    from smgen.workflows.linting import EVERYTHING

    client = sagemaker_client(connection)
    names = pipeline_names(client, pattern)
    if not names and pattern != EVERYTHING:
        raise ServiceError("ListPipelines", f"no deployed pipeline is called '{pattern}'")
    progress = Progress("Reading pipelines")
    try:
        return read_deployed(client, names, progress=progress)
    finally:
        progress.close()


def _rendered(report: LintReport, output_format: str) -> str:
    from smgen.cli.lint_machine import lint_json, lint_sarif
    from smgen.cli.lint_markdown import lint_markdown
    from smgen.cli.lint_text import lint_text

    if output_format == _MARKDOWN:
        return lint_markdown(report)
    if output_format == Format.JSON.value:
        return lint_json(report)
    if output_format == Format.SARIF.value:
        return lint_sarif(report)
    if output_format == Format.GITHUB.value:
        return render(report.findings, Format.GITHUB)
    return lint_text(report, color=sys.stdout.isatty())


def _is_at_least(findings: Sequence[Finding], fail_on: str) -> bool:
    if fail_on == _NEVER:
        return False
    order = list(Severity)
    return any(order.index(finding.severity) <= order.index(Severity(fail_on)) for finding in findings)
