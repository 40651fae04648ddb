"""``smgen import``: an existing definition in; contracts, a typed package and a module that compiles to it out."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from smgen.cli.boundary import EXIT_UNANSWERED
from smgen.cli.connection import connection_options
from smgen.cli.findings import EXIT_FINDINGS, counted, fail, formats_option, say
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.cli.import_sources import Asked
    from smgen.definition import Definition
    from smgen.diagnostics import Finding
    from smgen.emit import ConnectionSettings
    from smgen.workflows.importing import CheckedImport, PlannedImport

#: Of more pipelines only one line each is said.
_MANY: Final = 5
_TEXT: Final = "text"
_JSON: Final = "json"
_MARKDOWN: Final = "markdown"
_COPY: Final = re.compile(r"(?P<pipeline>[A-Za-z0-9-]+)\.(?P<environment>.+)\.json")


@click.command(name="import")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="The folder of the project.")
@click.option(
    "--env",
    "environments",
    metavar="NAME=FILE",
    multiple=True,
    help="The definition for an environment; NAME alone is the environment of SOURCE and --pipeline.",
)
@click.option("--pipeline", "deployed", metavar="NAME", multiple=True, help="Read a deployed pipeline with boto3.")
@click.option(
    "--pipelines", "pattern", metavar="PATTERN", help="Read deployed pipelines of these names, such as 'Fraud*'."
)
@click.option(
    "--env-profile",
    "profiles",
    metavar="NAME=PROFILE",
    multiple=True,
    help="Read deployed pipelines for an environment with its own profile.",
)
@click.option(
    "--from-sdk",
    "functions",
    metavar="MODULE:FUNCTION",
    multiple=True,
    help="Run a function that builds a pipeline with the SageMaker SDK, in this environment.",
)
@partial(connection_options, goes_with="--pipeline")
@click.option("--name", help="The pipeline's name.  [default: what is deployed or the definition says, or the file]")
@click.option("--package", help="The name of the generated package.  [default: after the folder]")
@click.option(
    "--source-root",
    "source_roots",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder in which the code of the steps is looked for.",
)
@click.option("--force", is_flag=True, help="Replace what an earlier import of the same pipeline wrote.")
@click.option(
    "--check",
    "checked",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Write nothing; prove that the project in DIR still compiles to what it was imported from.",
)
@formats_option([_TEXT, _JSON, _MARKDOWN], "the report and findings")
@traceback_option
def command(
    sources: tuple[str, ...],
    output: Path | None,
    environments: tuple[str, ...],
    deployed: tuple[str, ...],
    pattern: str | None,
    profiles: tuple[str, ...],
    functions: tuple[str, ...],
    connection: ConnectionSettings,
    name: str | None,
    package: str | None,
    source_roots: tuple[Path, ...],
    force: bool,
    checked: Path | None,
    output_format: str,
) -> None:
    """Turn definitions into contracts, a typed package and a module that compiles to the same.

    SOURCE is a definition as JSON, or what describe-pipeline prints. Several of them are several pipelines of one
    project; several --env are one pipeline in several accounts. Everything is proven before anything is written: while
    a pipeline compiles to something else than its definition, nothing is.
    """
    from smgen.emit import ConnectionSettings

    asked = bool(deployed) or pattern is not None
    if not asked and (profiles or connection != ConnectionSettings()):
        raise click.UsageError("--profile, --region and --endpoint-url go with --pipeline.")
    if checked is not None:
        if any((sources, environments, asked, functions, output, name, package, source_roots, force)):
            raise click.UsageError("--check takes the project's folder and nothing else.")
        _check(checked, output_format)
        return
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output': the folder of the project.")
    need(*(("aws", "generate") if asked else ("generate",)))
    from smgen.cli.import_sources import Asked

    account = Asked(deployed, pattern, profiles, connection)
    _import(sources, environments, account, functions, name, output, package, source_roots, force, output_format)


def _import(
    sources: Sequence[str],
    environments: Sequence[str],
    account: Asked,
    functions: Sequence[str],
    name: str | None,
    output: Path,
    package: str | None,
    source_roots: tuple[Path, ...],
    force: bool,
    output_format: str,
) -> None:
    from smgen.cli.import_sources import sources_of
    from smgen.diagnostics import FindingsError
    from smgen.documents import finish_publication
    from smgen.workflows.importing import ImportOptions, accounts_of, plan_import, write_import

    try:
        finish_publication(output)
        existing = accounts_of(output)
        read = sources_of(sources, environments, account, name, existing, functions)
        options = ImportOptions(package, source_roots, read.code, force)
        planned = plan_import(output, read.definitions, options)
        planned = replace(planned, left_out={**read.refused, **planned.left_out})
        written = write_import(planned)
    except FindingsError as error:
        click.echo("Nothing was imported.", err=True)
        _fail(error.findings, output_format)
    _tell(planned, written, output_format)


# Results ------------------------------------------------------------------------------------------------------------


def _tell(planned: PlannedImport, written: Sequence[str], output_format: str) -> None:
    from smgen.diagnostics import Place, findings_document, json_text
    from smgen.documents import file_name_findings
    from smgen.importer import report_json, report_markdown

    left_out = [finding for findings in planned.left_out.values() for finding in findings]
    names = file_name_findings(((path, Place(file=path)) for path in planned.files), "a file of the project")
    findings = [*left_out, *names]
    if output_format == _JSON:
        document = {
            **findings_document(findings),
            "pipelines": [*map(report_json, planned.reports)],
            "written": [*written],
            "named_environments": {name: [*environments] for name, environments in planned.named.items()},
            "not_imported": {name: findings[0].message for name, findings in planned.left_out.items()},
        }
        click.echo(json_text(document), nl=False)
        sys.exit(EXIT_FINDINGS if left_out else 0)
    if output_format == _MARKDOWN:
        click.echo("\n".join(report_markdown(report) for report in planned.reports), nl=False)
    else:
        _tell_text(planned, written)
    if findings:
        _fail(findings, output_format)


def _tell_text(planned: PlannedImport, written: Sequence[str]) -> None:
    from smgen.cli.project_summary import by_hand
    from smgen.documents import shown_path
    from smgen.importer import report_text

    for report in planned.reports:
        say(report_text(report, brief=len(planned.reports) > _MANY), nl=False)
    contracts = len(dict.fromkeys(item.name for report in planned.reports for item in report.contracts))
    for name, findings in planned.left_out.items():
        say(f"{name} was not imported: {findings[0].message}")
    if len(planned.reports) > 1:
        click.echo(f"{counted(len(planned.reports), 'pipeline')} with {counted(contracts, 'contract')} together.")
    for name, environments in planned.named.items():
        say(f"{name} went to every environment. pyproject.toml says now where it goes: {', '.join(environments)}.")
    shown = shown_path(planned.folder)
    where = "this folder" if shown == "." else shown
    say(f"{counted(len(written), 'file')} written to {where}." if written else f"{where} is up to date.")
    for line in by_hand(planned.advice):
        say(line)


def _check(folder: Path, output_format: str) -> None:
    from smgen.definition import parse_definition
    from smgen.diagnostics import FindingsError
    from smgen.documents import DEFINITION_LIMITS, read_document, shown_path
    from smgen.importer import IMPORTED_FOLDER
    from smgen.runtime import find_project
    from smgen.workflows.importing import check_imports

    try:
        project = find_project(folder)
        imported = project.root / IMPORTED_FOLDER
        shown = shown_path(imported)
        copies: dict[tuple[str, str], Definition] = {}
        for path in sorted(imported.glob("*.json")) if imported.is_dir() else ():
            match = _COPY.fullmatch(path.name)
            if match is not None:
                document = read_document(path, DEFINITION_LIMITS, shown_as=f"{shown}/{path.name}")
                copies[match["pipeline"], match["environment"]] = parse_definition(document)
        if not copies:
            say(f"Error: {shown} holds no imported definition.", err=True)
            sys.exit(EXIT_UNANSWERED)
        results = check_imports(project, copies, shown)
    except FindingsError as error:
        _fail(error.findings, output_format)
    _tell_checked(results, output_format)


def _tell_checked(results: Sequence[CheckedImport], output_format: str) -> None:
    findings = [finding for item in results for finding in item.findings]
    if output_format == _JSON:
        from smgen.diagnostics import findings_document, json_text

        document = findings_document(findings)
        document["checked"] = [
            {
                "pipeline": item.pipeline,
                "environment": item.environment,
                "copy": item.copy,
                "equal": not item.findings,
                "normalisations": {} if item.proof is None else dict(item.proof.counts),
            }
            for item in results
        ]
        click.echo(json_text(document), nl=False)
        sys.exit(EXIT_FINDINGS if findings else 0)
    for item in results:
        said = "differs from" if item.findings else "compiles to"
        say(f"{item.pipeline} for {item.environment} {said} {item.copy}{_forgiven(item)}")
    if findings:
        _fail(findings, output_format)


def _forgiven(item: CheckedImport) -> str:
    counts: Mapping[str, int] = {} if item.proof is None else item.proof.counts
    said = [f"{name} {count}" for name, count in counts.items() if count]
    moved = 0 if item.proof is None else len(item.proof.moved)
    said += [f"{moved} of its code in the project"] if moved else []
    return f" ({', '.join(said)})" if said else ""


def _fail(findings: Sequence[Finding], output_format: str) -> NoReturn:
    fail(findings, _TEXT if output_format == _MARKDOWN else output_format)
