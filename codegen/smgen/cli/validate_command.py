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
    from smgen.documents import shown_path
    from smgen.generate import refuse_collisions

    need("generate")
    with reported(output_format):
        folder = contracts_folder(contracts)
        registry = read_contracts(folder, shown_root=shown_path(folder))
        refuse_collisions(registry)
        _check_sources(registry)
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


def _check_sources(registry: ContractRegistry) -> None:
    """Raises FindingsError with all that keeps the code of the contracts from being packed."""
    from smgen.diagnostics import FindingsError
    from smgen.runtime import packing_findings

    # The variants of a family may have one source: what is wrong with it is told once.
    findings = dict.fromkeys(finding for contract in registry.values() for finding in packing_findings(contract))
    if findings:
        raise FindingsError(findings)


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
    from smgen.checks import apply_suppressions, contract_request_findings, read_check_settings
    from smgen.contracts import rule_findings
    from smgen.diagnostics import FindingsError, Severity
    from smgen.runtime import find_project
    from smgen.workflows.script_checks import ScriptChecks

    try:
        suppressions = read_check_settings(find_project(Path.cwd()).root).suppressions
    except FindingsError:
        # Contracts outside of a project, which were named by their folder.
        suppressions = ()
    everywhere = [item for item in suppressions if item.pipeline is None and item.step is None]
    told = (
        *ScriptChecks().findings(registry.values()),
        *contract_request_findings(registry.values()),
        *(finding for contract in registry.values() for finding in rule_findings(contract)),
        *_unknown_sources(registry),
        *_file_names(registry),
    )
    found, _ = apply_suppressions(told, everywhere, ())
    if any(item.severity is Severity.ERROR for item in found):
        raise FindingsError(found)
    return found


def _file_names(registry: ContractRegistry) -> Iterator[Finding]:
    """What is wrong with the names of the files that contracts are read from, and that their jobs write."""
    from smgen.diagnostics import Place
    from smgen.documents import append_pointer, file_name_findings

    sources = ((source.path, Place(file=source.document.file)) for source in registry.sources)
    yield from file_name_findings(sources, "a contract's file")
    for contract in registry.values():
        for port in contract.output_ports.values():
            paths = (
                (file.path, contract.place(append_pointer(port.pointer, "files", file.name, "path")))
                for file in port.output_spec.files
            )
            yield from file_name_findings(paths, "the file of an output")


def _unknown_sources(registry: ContractRegistry) -> tuple[Finding, ...]:
    """What is listed as a source and is none, neither of the folder's contracts nor of the library's."""
    from smgen.checks import unknown_source_findings
    from smgen.contracts import read_contracts
    from smgen.shipped import shipped_folder

    if not unknown_source_findings(registry.values()):
        return ()
    library = read_contracts(shipped_folder("contract_specs"))
    return unknown_source_findings(registry.values(), [contract.step_type for contract in library.values()])
