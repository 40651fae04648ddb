"""``smgen validate``: every finding of the contracts at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.findings import counted, format_option, reported, warned
from smgen.cli.locations import contracts_folder, contracts_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.contracts import ContractRegistry
    from smgen.diagnostics import Finding


@click.command(name="validate")
@contracts_option
@click.option("--explain", is_flag=True, help="Say what is seen of the scripts, and what is not.")
@format_option
def command(contracts: Path | None, explain: bool, output_format: str) -> None:
    """Check the contracts, that a package can be generated from them, and their code; write nothing.

    Scripts are held against their contracts by their syntax tree: nothing of them is run.
    """
    from smgen.contracts import read_contracts, unread_findings
    from smgen.documents import shown_path
    from smgen.generate import GenerationOptions, plan

    need("generate")
    with reported(output_format):
        folder = contracts_folder(contracts)
        registry = read_contracts(folder, shown_root=shown_path(folder))
        plan(registry, GenerationOptions("package", "contracts"))
        _check_sources(registry)
        if explain:
            for line in _explained(registry):
                click.echo(line, err=output_format != "text")
        told = (*unread_findings(folder, registry.values(), shown_root=shown_path(folder)), *_of_scripts(registry))
        contents = f"{counted(len(registry), 'contract')} and {counted(len(registry.artifact_types), 'artifact type')}"
        message = f"{shown_path(folder)}: {contents}, {'no error' if told else 'nothing to find'}."
        click.echo(message, err=output_format != "text")
        warned(told, output_format)


def _check_sources(registry: ContractRegistry) -> None:
    """Raises FindingsError with all that keeps the code of the contracts from being packed."""
    from smgen.diagnostics import FindingsError
    from smgen.runtime import packing_findings

    # The variants of a family may have one source: what is wrong with it is told once.
    findings = dict.fromkeys(finding for contract in registry.values() for finding in packing_findings(contract))
    if findings:
        raise FindingsError(findings)


def _explained(registry: ContractRegistry) -> Iterator[str]:
    from smgen.diagnostics import visible
    from smgen.runtime import packed_files
    from smgen.source import script_explanation

    for contract in registry.values():
        root, files = packed_files(contract)
        yield from map(visible, script_explanation(contract, files, root))


def _of_scripts(registry: ContractRegistry) -> tuple[Finding, ...]:
    """What is found in the scripts short of an error, without what the project suppresses for all its pipelines.

    Raises FindingsError with all of it where there is an error among it.
    """
    from smgen.checks import apply_suppressions, read_check_settings
    from smgen.cli.script_checks import ScriptChecks
    from smgen.diagnostics import FindingsError, Severity
    from smgen.runtime import find_project

    try:
        suppressions = read_check_settings(find_project(Path.cwd()).root).suppressions
    except FindingsError:
        # Contracts outside of a project, which were named by their folder.
        suppressions = ()
    everywhere = [item for item in suppressions if item.pipeline is None and item.step is None]
    found, _ = apply_suppressions(ScriptChecks().findings(registry.values()), everywhere, ())
    if any(item.severity is Severity.ERROR for item in found):
        raise FindingsError(found)
    return found
