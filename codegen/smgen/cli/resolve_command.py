"""``smgen resolve``: binds the AUTO ports of pipelines, or the ports of a DAG file, and explains each decision."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.findings import EXIT_FINDINGS, counted, fail, format_option, reported, say
from smgen.cli.locations import contracts_folder, contracts_option, project_option
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.diagnostics import Finding
    from smgen.documents import JsonObject
    from smgen.runtime import Project
    from smgen.workflows.resolving import ProjectResolution
    from smgen.workflows.writing_references import WrittenReferences


@click.command(name="resolve")
@click.argument("targets", nargs=-1, metavar="[NAME | DAG.json]...")
@click.option("--env", "environments", multiple=True, help="An environment to resolve for. Default: every one.")
@click.option("--explain", "explained", is_flag=True, help="Show the evidence for each decision, with its weight.")
@click.option("--lock", "write_lock", is_flag=True, help="Write what AUTO ports are bound to into smgen.lock.")
@click.option("--write", is_flag=True, help="Write what AUTO ports are bound to into the pipelines' modules.")
@click.option("--update", is_flag=True, help="Forget what smgen.lock says and resolve afresh.")
@click.option("--locked", is_flag=True, help="Refuse any difference to smgen.lock.")
@project_option
@traceback_option
@contracts_option
@format_option
def command(
    targets: tuple[str, ...],
    environments: tuple[str, ...],
    explained: bool,
    write_lock: bool,
    write: bool,
    update: bool,
    locked: bool,
    project: Path,
    contracts: Path | None,
    output_format: str,
) -> None:
    """Bind the AUTO ports of the pipelines NAME (default: all), and say which are ambiguous or open.

    NAME is one of [tool.smgen.pipelines]. smgen.lock keeps what --lock wrote: AUTO ports stay bound so as long as they
    can, until --update. --write puts references into the modules instead of AUTO: all of them, or none.

    DAG.json resolves without Python: {"nodes": [{"name": "Train", "step": "XGBoostTraining"}], "edges": [["Prepare",
    "Train"]]}. A step is the name of a contract, or Contract:variant. An edge says that data may flow, not through
    which ports.
    """
    from smgen.diagnostics import FindingsError
    from smgen.runtime import find_project

    files = [target for target in targets if target.endswith(".json")]
    if files:
        if len(targets) > 1 or environments or write_lock or write or update or locked:
            raise click.UsageError("A DAG file is resolved alone, and without environments and lock.")
        _resolve_dag(Path(files[0]), contracts, explained, output_format)
        return
    asked = _Asked(targets, environments, explained, write_lock, write, update, locked, output_format)
    asked.refuse_contradictions()
    if contracts is not None:
        raise click.UsageError("--contracts belongs to a DAG file; a pipeline knows its contracts.")
    if write:
        need("generate")
    try:
        found = find_project(project)
    except FindingsError as error:
        fail(error.findings, output_format)
    _resolve_pipelines(found, asked)


@dataclass(frozen=True)
class _Asked:
    """The options of a resolution of pipelines, without names that of all."""

    names: tuple[str, ...]
    environments: tuple[str, ...]
    explained: bool
    write_lock: bool
    write: bool
    update: bool
    locked: bool
    output_format: str

    @property
    def as_text(self) -> bool:
        return self.output_format == "text"

    def refuse_contradictions(self) -> None:
        """Raises UsageError for options that ask for different things."""
        if self.write_lock and self.locked:
            raise click.UsageError("--lock writes smgen.lock, --locked refuses to change it: give one of them.")
        if self.write_lock and self.write:
            raise click.UsageError("--write leaves nothing that --lock could hold: give one of them.")
        if (self.write_lock or self.locked) and self.environments:
            raise click.UsageError("smgen.lock holds what is bound in every environment: leave out --env.")


def _resolve_pipelines(project: Project, asked: _Asked) -> None:
    from smgen.workflows.resolving import as_json, table

    found = _resolution(project, asked)
    if asked.as_text:
        say("\n".join(table(item, evidence=asked.explained) for item in found.items), nl=False)
    findings = (*found.findings, *(found.changes if asked.locked and found.is_complete else ()))
    document = as_json(found.items)
    if asked.write:
        findings = _write(project, found, findings, document, asked)
    elif asked.write_lock and not findings:
        _write_lock(project, found, asked)
    elif found.changes and not (asked.locked or asked.environments):
        _tell_changes(project, found)
    _end(findings, document, asked.output_format)


def _resolution(project: Project, asked: _Asked) -> ProjectResolution:
    """The resolution that was asked for. Ends the command where there is nothing to resolve."""
    from smgen.diagnostics import FindingsError
    from smgen.runtime import read_project_lock
    from smgen.wiring import WiringLock
    from smgen.workflows.compiling import refuse_stale
    from smgen.workflows.resolving import resolve_all
    from smgen.workflows.user_output import user_output

    try:
        targets = project.targets(asked.names, asked.environments)
        refuse_stale(project)
        # A lock that is made anew as a whole need not be readable, as after a merge that went wrong.
        anew = asked.update and asked.write_lock and not asked.names
        lock = WiringLock() if anew else read_project_lock(project)
    except FindingsError as error:
        fail(error.findings, asked.output_format)
    if not project.pipelines:
        raise click.UsageError("The project lists no pipeline in [tool.smgen.pipelines].")
    if not targets:
        raise click.UsageError("The project has no [tool.smgen.environments.<name>] to resolve for.")
    # What a user's module prints is no part of the answer.
    with user_output():
        return resolve_all(project, targets, lock, update=asked.update, every=not asked.names)


def _write(
    project: Project,
    found: ProjectResolution,
    findings: tuple[Finding, ...],
    document: JsonObject,
    asked: _Asked,
) -> tuple[Finding, ...]:
    """Writes references instead of AUTO where there is no finding; the findings, and what was written as data."""
    from smgen.workflows.user_output import user_output
    from smgen.workflows.writing_references import write_all

    if not findings:
        with user_output():
            written = write_all(project, found.items, found.used)
        findings = written.findings
        document["written"] = written.as_json()
        if not findings:
            _tell_written(written, found, asked)
    if findings:
        click.echo("Nothing was written.", err=True)
    return findings


def _write_lock(project: Project, found: ProjectResolution, asked: _Asked) -> None:
    from smgen.documents import publish_files
    from smgen.wiring import LOCK_FILE

    text = found.wanted.to_text()
    if text or (project.root / LOCK_FILE).exists():
        publish_files(project.root, {LOCK_FILE: text.encode()})
    lines = counted(len(text.splitlines()[1:]), "binding")
    say(f"\n{LOCK_FILE} holds {lines}.", err=not asked.as_text)


def _tell_changes(project: Project, found: ProjectResolution) -> None:
    from smgen.wiring import LOCK_FILE

    told = f"There is no {LOCK_FILE} yet: --lock writes one."
    if (project.root / LOCK_FILE).exists():
        told = f"{LOCK_FILE} differs in {counted(len(found.changes), 'line')}: see --lock."
    say(f"\n{told}", err=True)


def _tell_written(written: WrittenReferences, found: ProjectResolution, asked: _Asked) -> None:
    """Names each port that was written with its new line, and the lines of the lock that nothing needs any more."""
    from smgen.wiring import LOCK_FILE

    lines = list(written.lines())
    ports = sum(len(item.steps) for references in written.references.values() for item in references)
    modules = counted(len(written.references), "module")
    summary = f"{counted(ports, 'port')} written in {modules}." if lines else "No AUTO port is bound: nothing to write."
    say("\n".join(["", *lines, summary]), err=not asked.as_text)
    names = [item.name for item in found.items]
    left = sum(binding.pipeline in names for binding in found.lock.bindings)
    if lines and left:
        still = counted(left, "line")
        say(f"{LOCK_FILE} has {still} that no AUTO port needs any more: see --lock.", err=True)


def _end(findings: Iterable[Finding], resolution: JsonObject, output_format: str) -> None:
    """Reports the findings; as JSON with the resolution beside them."""
    from smgen.diagnostics import Format, Severity, findings_document, json_text

    found = tuple(findings)
    if output_format == Format.TEXT.value and not found:
        sys.exit(0)
    if output_format != Format.JSON.value:
        fail(found, output_format)
    click.echo(json_text({**findings_document(found), **resolution}), nl=False)
    sys.exit(EXIT_FINDINGS if any(item.severity is Severity.ERROR for item in found) else 0)


def _resolve_dag(dag: Path, contracts: Path | None, explained: bool, output_format: str) -> None:
    from smgen.contracts import read_contracts
    from smgen.documents import read_document, shown_path
    from smgen.wiring import dag_findings, dag_from_document, explain, resolution_json

    with reported(output_format):
        folder = contracts_folder(contracts)
        document = read_document(dag, shown_as=shown_path(dag))
        registry = read_contracts(folder, shown_root=shown_path(folder))
        graph = dag_from_document(document, registry)
        graph.auto_resolve_dependencies()
        findings = dag_findings(document, graph)
        if graph.resolution is None:
            fail(findings, output_format)
        if output_format == "text":
            say(explain(graph.resolution, evidence=explained), nl=False)
        _end(findings, resolution_json(graph.resolution), output_format)
