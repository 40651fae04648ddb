"""``smgen import``: an existing definition in; contracts, a typed package and a module that compiles to it out."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from smgen.cli.connection import EXIT_UNANSWERED, connection_options
from smgen.cli.findings import EXIT_FINDINGS, counted, fail
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.cli.importing import CheckedImport, PlannedImport
    from smgen.definition import Definition
    from smgen.diagnostics import Finding
    from smgen.documents import JsonObject
    from smgen.emit import ConnectionSettings

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
@click.option(
    "--format",
    "output_format",
    type=click.Choice([_TEXT, _JSON, _MARKDOWN]),
    default=_TEXT,
    show_default=True,
    help="How the report and findings are written.",
)
def command(
    sources: tuple[str, ...],
    output: Path | None,
    environments: tuple[str, ...],
    deployed: tuple[str, ...],
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

    if not deployed and connection != ConnectionSettings():
        raise click.UsageError("--profile, --region and --endpoint-url go with --pipeline.")
    if checked is not None:
        if sources or environments or deployed or output or name or package or source_roots or force:
            raise click.UsageError("--check takes the project's folder and nothing else.")
        _check(checked, output_format)
        return
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output': the folder of the project.")
    if deployed:
        need("aws", "generate")
    else:
        need("generate")
    _import(sources, environments, deployed, connection, name, output, package, source_roots, force, output_format)


def _import(
    sources: Sequence[str],
    environments: Sequence[str],
    deployed: Sequence[str],
    connection: ConnectionSettings,
    name: str | None,
    output: Path,
    package: str | None,
    source_roots: tuple[Path, ...],
    force: bool,
    output_format: str,
) -> None:
    from smgen.cli.import_sources import sources_of
    from smgen.cli.importing import ImportOptions, accounts_of, plan_import, write_import
    from smgen.diagnostics import FindingsError

    try:
        existing = accounts_of(output)
        read = sources_of(sources, environments, deployed, connection, name, existing)
        planned = plan_import(output, read.definitions, ImportOptions(package, source_roots, force))
        planned = replace(planned, left_out={**read.refused, **planned.left_out})
        written = write_import(planned)
    except FindingsError as error:
        click.echo("Nothing was imported.", err=True)
        _fail(error.findings, output_format)
    _tell(planned, written, output_format)
    left_out = [finding for findings in planned.left_out.values() for finding in findings]
    if left_out:
        _fail(left_out, output_format)


# Results ------------------------------------------------------------------------------------------------------------


def _tell(planned: PlannedImport, written: Sequence[str], output_format: str) -> None:
    from smgen.cli.project_summary import by_hand
    from smgen.documents import shown_path
    from smgen.importer import report_json, report_markdown, report_text

    if output_format == _JSON:
        document: JsonObject = {
            "pipelines": [*map(report_json, planned.reports)],
            "written": [*written],
            "named_environments": {name: [*environments] for name, environments in planned.named.items()},
            "not_imported": {name: findings[0].message for name, findings in planned.left_out.items()},
        }
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    if output_format == _MARKDOWN:
        click.echo("\n".join(report_markdown(report) for report in planned.reports), nl=False)
        return
    for report in planned.reports:
        click.echo(report_text(report, brief=len(planned.reports) > _MANY), nl=False)
    contracts = len(dict.fromkeys(item.name for report in planned.reports for item in report.contracts))
    for name, findings in planned.left_out.items():
        click.echo(f"{name} was not imported: {findings[0].message}")
    if len(planned.reports) > 1:
        click.echo(f"{counted(len(planned.reports), 'pipeline')} with {counted(contracts, 'contract')} together.")
    for name, environments in planned.named.items():
        click.echo(
            f"{name} went to every environment. pyproject.toml says now where it goes: {', '.join(environments)}."
        )
    shown = shown_path(planned.folder)
    where = "this folder" if shown == "." else shown
    click.echo(f"{counted(len(written), 'file')} written to {where}." if written else f"{where} is up to date.")
    for line in by_hand(planned.advice):
        click.echo(line)


def _check(folder: Path, output_format: str) -> None:
    from smgen.cli.importing import check_imports
    from smgen.definition import parse_definition
    from smgen.diagnostics import FindingsError
    from smgen.documents import DEFINITION_LIMITS, read_document, shown_path
    from smgen.importer import IMPORTED_FOLDER
    from smgen.runtime import find_project

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
            click.echo(f"Error: {shown} holds no imported definition.", err=True)
            sys.exit(EXIT_UNANSWERED)
        results = check_imports(project, copies, shown)
    except FindingsError as error:
        _fail(error.findings, output_format)
    _tell_checked(results, output_format)


def _tell_checked(results: Sequence[CheckedImport], output_format: str) -> None:
    findings = [finding for item in results for finding in item.findings]
    if output_format == _JSON:
        from smgen.diagnostics import findings_document

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
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        sys.exit(EXIT_FINDINGS if findings else 0)
    for item in results:
        said = "differs from" if item.findings else "compiles to"
        click.echo(f"{item.pipeline} for {item.environment} {said} {item.copy}{_forgiven(item)}")
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
