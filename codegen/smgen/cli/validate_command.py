"""``smgen validate``: every finding of the contracts at once."""

from __future__ import annotations

from pathlib import Path

import click

from smgen.cli.findings import counted, format_option, reported
from smgen.cli.locations import contracts_folder, contracts_option


@click.command(name="validate")
@contracts_option
@format_option
def command(contracts: Path | None, output_format: str) -> None:
    """Check the contracts, and that a package can be generated from them; write nothing."""
    from smgen.contracts import read_contracts
    from smgen.documents import shown_path
    from smgen.generate import GenerationOptions, plan

    with reported(output_format):
        folder = contracts_folder(contracts)
        registry = read_contracts(folder, shown_root=shown_path(folder))
        plan(registry, GenerationOptions("package", "contracts"))
        contents = f"{counted(len(registry), 'contract')} and {counted(len(registry.artifact_types), 'artifact type')}"
        message = f"{shown_path(folder)}: {contents}, nothing to find."
        click.echo(message, err=output_format != "text")
