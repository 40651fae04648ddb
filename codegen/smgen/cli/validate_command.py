"""``smgen validate``: every finding of the contracts at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.findings import counted, format_option, reported, warned
from smgen.cli.locations import contracts_folder, contracts_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.contracts import ContractRegistry


@click.command(name="validate")
@contracts_option
@format_option
def command(contracts: Path | None, output_format: str) -> None:
    """Check the contracts, that a package can be generated from them and their code be packed; write nothing."""
    from smgen.contracts import read_contracts, unread_findings
    from smgen.documents import shown_path
    from smgen.generate import GenerationOptions, plan

    need("generate")
    with reported(output_format):
        folder = contracts_folder(contracts)
        registry = read_contracts(folder, shown_root=shown_path(folder))
        plan(registry, GenerationOptions("package", "contracts"))
        _check_sources(registry)
        unread = unread_findings(folder, registry.values(), shown_root=shown_path(folder))
        contents = f"{counted(len(registry), 'contract')} and {counted(len(registry.artifact_types), 'artifact type')}"
        message = f"{shown_path(folder)}: {contents}, {'no error' if unread else 'nothing to find'}."
        click.echo(message, err=output_format != "text")
        warned(unread, output_format)


def _check_sources(registry: ContractRegistry) -> None:
    """Raises FindingsError with all that keeps the code of the contracts from being packed."""
    from smgen.diagnostics import FindingsError
    from smgen.runtime import packing_findings

    # The variants of a family may have one source: what is wrong with it is told once.
    findings = dict.fromkeys(finding for contract in registry.values() for finding in packing_findings(contract))
    if findings:
        raise FindingsError(findings)
