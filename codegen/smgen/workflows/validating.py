"""What is wrong with contracts and with their code, for every command that asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smgen.checks import Suppression, apply_suppressions, contract_request_findings, unknown_source_findings
from smgen.contract_model import ContractRegistry
from smgen.contracts import read_contracts, rule_findings
from smgen.diagnostics import Finding, Place
from smgen.documents import append_pointer, file_name_findings
from smgen.runtime import packing_findings
from smgen.shipped import shipped_folder
from smgen.workflows.script_checks import ScriptChecks


def content_findings(registry: ContractRegistry) -> tuple[Finding, ...]:
    """What is found in what contracts hold, without their code."""
    return (
        *contract_request_findings(registry.values()),
        *(finding for contract in registry.values() for finding in rule_findings(contract)),
        *_unknown_sources(registry),
        *_file_names(registry),
    )


def unpackable_code(registry: ContractRegistry) -> tuple[Finding, ...]:
    """What keeps the code of contracts from being packed; then nothing else can be said of it.

    The variants of a family may have one source: what is wrong with it is told once.
    """
    return tuple(dict.fromkeys(finding for contract in registry.values() for finding in packing_findings(contract)))


def script_findings(registry: ContractRegistry) -> tuple[Finding, ...]:
    """What is found in the code of contracts that can be packed."""
    return ScriptChecks().findings(registry.values())


def told_of_contracts(findings: Iterable[Finding], suppressions: Iterable[Suppression]) -> tuple[Finding, ...]:
    """The findings without those that are suppressed for all pipelines: contracts belong to none of them."""
    everywhere = [item for item in suppressions if item.pipeline is None and item.step is None]
    found, _ = apply_suppressions(findings, everywhere, ())
    return found


def _file_names(registry: ContractRegistry) -> Iterator[Finding]:
    """What is wrong with the names of the files that contracts are read from, and that their jobs write."""
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
    if not unknown_source_findings(registry.values()):
        return ()
    library = read_contracts(shipped_folder("contract_specs"))
    return unknown_source_findings(registry.values(), [contract.step_type for contract in library.values()])
