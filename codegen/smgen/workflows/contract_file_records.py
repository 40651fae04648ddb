"""What is to be remembered of a file of contracts that was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from smgen.contract_model import is_scalar, module_name
from smgen.contracts import packed_folders
from smgen.generate import document_record
from smgen.packages import ContractFileRecord, ModuleRecord, SourceRecord

if TYPE_CHECKING:
    from smgen.contract_model import StepContract
    from smgen.documents import Document


def contract_file_record(
    name: str, contracts: Sequence[StepContract], modules: Sequence[ModuleRecord] | None, shown_root: str
) -> ContractFileRecord:
    """The record of the file ``name``; without ``modules`` they are known by their names only.

    ``contracts`` are those of the file, and ``shown_root`` how findings show its folder.
    """
    documents = {
        document.file.removeprefix(f"{shown_root}/"): document_record(document)
        for contract in contracts
        for document in _documents(contract)
    }
    files: list[str] = []
    present: list[str] = []
    packed: list[str] = []
    for contract in contracts:
        source = contract.source
        if source is not None:
            folder = "" if source.directory == "." else f"{source.directory}/"
            files += [f"{folder}{path}" for path in (source.entry, source.requirements) if path is not None]
            present += source.dependencies
            packed += packed_folders(contract)
    if modules is None:
        modules = [ModuleRecord(item.name, item.family, module_name(item.name), (), ()) for item in contracts]
    return ContractFileRecord(
        documents.pop(name, SourceRecord("", "")),
        documents,
        tuple(dict.fromkeys(files)),
        tuple(dict.fromkeys(present)),
        tuple(dict.fromkeys(packed)),
        tuple(dict.fromkeys(type for contract in contracts for type in _types(contract))),
        tuple(modules),
    )


def _documents(contract: StepContract) -> Iterable[Document]:
    if contract.source_document is not None:
        yield contract.source_document
    yield from contract.brought_in


def _types(contract: StepContract) -> Iterable[str]:
    """The artifact types that a contract names."""
    named = [port.dependency_spec.dependency_type for port in contract.input_ports.values()]
    for port in contract.output_ports.values():
        named += [port.output_spec.output_type, *(file.artifact_type for file in port.output_spec.files)]
    return (type for type in named if not is_scalar(type))
