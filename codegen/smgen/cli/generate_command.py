"""``smgen generate``: contracts in, typed package out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smgen.cli.findings import EXIT_FINDINGS, counted, format_option, report, reported, say, warned
from smgen.cli.locations import contracts_option, generation_folders, output_option
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need


@click.command(name="generate")
@contracts_option
@output_option
@click.option("--check", is_flag=True, help="Write nothing; say what is stale, and exit with 1 if something is.")
@click.option("--diff", "diffs", is_flag=True, help="With --check: show in which lines the files differ.")
@traceback_option
@format_option
def command(contracts: Path | None, output: Path | None, check: bool, diffs: bool, output_format: str) -> None:
    """Generate the typed package from the contracts, all or nothing.

    The folders are those of [tool.smgen] in pyproject.toml unless they are given.
    """
    from smgen.cli.stale_report import stale_report
    from smgen.contracts import read_contracts, unread_findings
    from smgen.documents import shown_path
    from smgen.generate import (
        GenerationOptions,
        contracts_path,
        package_changes,
        plan,
        publish_package,
        stale_findings,
    )

    if diffs and not check:
        raise click.UsageError("--diff goes with --check.")
    need("generate")
    with reported(output_format):
        folders = generation_folders(contracts, output)
        registry = read_contracts(folders.contracts, shown_root=shown_path(folders.contracts))
        options = GenerationOptions(folders.output.resolve().name, contracts_path(folders.output, folders.contracts))
        package = plan(registry, options)
        unread = unread_findings(folders.contracts, registry.values(), shown_root=shown_path(folders.contracts))
        shown = shown_path(folders.output)
        if check:
            changes = package_changes(folders.output, package)
            if changes and output_format == "text":
                told = stale_report(folders.output, folders.contracts, package, changes, diffs=diffs)
                say(told, nl=False)
                if unread:
                    report(unread, output_format)
                sys.exit(EXIT_FINDINGS)
            if changes:
                report((*stale_findings(changes, shown), *unread), output_format)
                sys.exit(EXIT_FINDINGS)
            say(f"{shown} is what the contracts say: {len(package.files)} files.", err=output_format != "text")
            warned(unread, output_format)
            return
        publication = publish_package(folders.output, package)
        counts = [
            f"{len(publication.written)} written",
            f"{len(publication.removed)} removed",
            f"{len(publication.unchanged)} unchanged",
        ]
        say(f"{shown}: {counted(len(registry), 'contract')}, {', '.join(counts)}.", err=output_format != "text")
        warned(unread, output_format)
