"""``smgen validate``: every finding of the contracts at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.findings import counted, format_option, reported, say, warned
from smgen.cli.locations import contracts_folder, contracts_option
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.contract_model import ContractRegistry
    from smgen.diagnostics import Finding


@click.command(name="validate")
@contracts_option
@click.option("--explain", is_flag=True, help="Say what is seen of the scripts, and what is not.")
@traceback_option
@format_option
def command(contracts: Path | None, explain: bool, output_format: str) -> None:
    """Check the contracts, that a package can be generated from them, and their code; write nothing.

    Scripts are held against their contracts by their syntax tree: nothing of them is run.
    """
    from smgen.contracts import read_contracts, unread_findings
    from smgen.diagnostics import FindingsError
    from smgen.documents import shown_path
    from smgen.generate import refuse_collisions
    from smgen.workflows.validating import unpackable_code

    need("generate")
    with reported(output_format):
        folder = contracts_folder(contracts)
        registry = read_contracts(folder, shown_root=shown_path(folder))
        refuse_collisions(registry)
        unpackable = unpackable_code(registry)
        if unpackable:
            raise FindingsError(unpackable)
        if explain:
            for line in _explained(registry):
                say(line, err=output_format != "text")
        told = (
            *unread_findings(folder, registry.values(), shown_root=shown_path(folder)),
            *_of_contents(registry),
        )
        contents = f"{counted(len(registry), 'contract')} and {counted(len(registry.artifact_types), 'artifact type')}"
        message = f"{shown_path(folder)}: {contents}, {'no error' if told else 'nothing to find'}."
        say(message, err=output_format != "text")
        warned(told, output_format)


def _explained(registry: ContractRegistry) -> Iterator[str]:
    from smgen.runtime import packed_files
    from smgen.source import script_explanation

    for contract in registry.values():
        root, files = packed_files(contract)
        yield from script_explanation(contract, files, root)


def _of_contents(registry: ContractRegistry) -> tuple[Finding, ...]:
    """What is found in what contracts hold short of an error, without what the project suppresses for all pipelines.

    Raises FindingsError with all of it where there is an error among it.
    """
    from smgen.checks import read_check_settings
    from smgen.diagnostics import FindingsError, Severity
    from smgen.runtime import find_project
    from smgen.workflows.validating import content_findings, script_findings, told_of_contracts

    try:
        suppressions = read_check_settings(find_project(Path.cwd()).root).suppressions
    except FindingsError:
        # Contracts outside of a project, which were named by their folder.
        suppressions = ()
    found = told_of_contracts((*script_findings(registry), *content_findings(registry)), suppressions)
    if any(item.severity is Severity.ERROR for item in found):
        raise FindingsError(found)
    return found
