"""``smgen resolve``: binds the AUTO ports of pipelines, or the ports of a DAG file, and explains each decision."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.findings import EXIT_FINDINGS, counted, fail, format_option, reported
from smgen.cli.locations import contracts_folder, contracts_option, project_option
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.cli.writing_references import WrittenReferences
    from smgen.diagnostics import Finding
    from smgen.documents import JsonObject
    from smgen.runtime import Project
    from smgen.wiring import WiringLock


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
    if write_lock and locked:
        raise click.UsageError("--lock writes smgen.lock, --locked refuses to change it: give one of them.")
    if write_lock and write:
        raise click.UsageError("--write leaves nothing that --lock could hold: give one of them.")
    if (write_lock or locked) and environments:
        raise click.UsageError("smgen.lock holds what is bound in every environment: leave out --env.")
    if contracts is not None:
        raise click.UsageError("--contracts belongs to a DAG file; a pipeline knows its contracts.")
    if write:
        need("generate")
    try:
        found = find_project(project)
    except FindingsError as error:
        fail(error.findings, output_format)
    _resolve_pipelines(found, targets, environments, explained, write_lock, write, update, locked, output_format)


def _resolve_pipelines(
    project: Project,
    targets: tuple[str, ...],
    environments: tuple[str, ...],
    explained: bool,
    write_lock: bool,
    write: bool,
    update: bool,
    locked: bool,
    output_format: str,
) -> None:
    from smgen.cli.compiling import refuse_stale
    from smgen.cli.neighbour_packages import NeighbourPackages
    from smgen.cli.resolving import as_json, lock_changes, resolve_all, table
    from smgen.cli.user_output import user_output
    from smgen.cli.writing_references import write_all
    from smgen.diagnostics import FindingsError
    from smgen.documents import publish_files
    from smgen.runtime import read_project_lock
    from smgen.wiring import LOCK_FILE, WiringLock

    try:
        chosen = project.targets(targets, environments)
        refuse_stale(project)
        # A lock that is made anew as a whole need not be readable, as after a merge that went wrong.
        anew = update and write_lock and not targets
        lock = WiringLock() if anew else read_project_lock(project)
    except FindingsError as error:
        fail(error.findings, output_format)
    if not project.pipelines:
        raise click.UsageError("The project lists no pipeline in [tool.smgen.pipelines].")
    if not chosen:
        raise click.UsageError("The project has no [tool.smgen.environments.<name>] to resolve for.")
    names = tuple(dict.fromkeys(name for name, _ in chosen))
    # What a user's module prints is no part of the answer.
    with user_output():
        items, findings = resolve_all(project, chosen, WiringLock() if update else lock)
    built = [one.compiled for item in items for one in item.locked.values() if one.compiled is not None]
    findings = (*findings, *NeighbourPackages(project).stale_findings(built))
    if output_format == "text":
        click.echo("\n".join(table(item, evidence=explained) for item in items), nl=False)
    wanted = lock
    for item in items:
        wanted = wanted.replaced(item.name, item.bindings)
    if targets == ():
        # Lines of pipelines that the project lists no more.
        wanted = WiringLock(tuple(binding for binding in wanted.bindings if binding.pipeline in names))
    changes = lock_changes(lock, wanted)
    if locked and len(items) == len(names):
        findings = (*findings, *changes)
    document = as_json(items)
    if write:
        if not findings:
            with user_output():
                written = write_all(project, items, WiringLock() if update else lock)
            findings = written.findings
            document["written"] = written.as_json()
            if not findings:
                _tell_written(written, [item.name for item in items], lock, output_format)
        if findings:
            click.echo("Nothing was written.", err=True)
    elif write_lock and not findings:
        text = wanted.to_text()
        if text or (project.root / LOCK_FILE).exists():
            publish_files(project.root, {LOCK_FILE: text.encode()})
        lines = counted(len(text.splitlines()[1:]), "binding")
        click.echo(f"\n{LOCK_FILE} holds {lines}.", err=output_format != "text")
    elif changes and not locked and not environments:
        lines = counted(len(changes), "line")
        there = (project.root / LOCK_FILE).exists()
        told = (
            f"{LOCK_FILE} differs in {lines}: see --lock."
            if there
            else f"There is no {LOCK_FILE} yet: --lock writes one."
        )
        click.echo(f"\n{told}", err=True)
    _end(findings, document, output_format)


def _tell_written(written: WrittenReferences, names: Sequence[str], lock: WiringLock, output_format: str) -> None:
    """Names each port that was written with its new line, and the lines of the lock that nothing needs any more."""
    from smgen.wiring import LOCK_FILE

    lines = list(written.lines())
    ports = sum(len(item.steps) for references in written.references.values() for item in references)
    modules = counted(len(written.references), "module")
    summary = f"{counted(ports, 'port')} written in {modules}." if lines else "No AUTO port is bound: nothing to write."
    click.echo("\n".join(["", *lines, summary]), err=output_format != "text")
    left = sum(binding.pipeline in names for binding in lock.bindings)
    if lines and left:
        still = counted(left, "line")
        click.echo(f"{LOCK_FILE} has {still} that no AUTO port needs any more: see --lock.", err=True)


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
            click.echo(explain(graph.resolution, evidence=explained), nl=False)
        _end(findings, resolution_json(graph.resolution), output_format)
