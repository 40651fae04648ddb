"""Reads a folder of contracts: every document is parsed, checked against its schema, AWS and the others.

Everything that is wrong with any of them is reported together, and a registry is made only when nothing is.
"""

from __future__ import annotations

from pathlib import Path

from smgen.contracts.artifact_types import (
    ARTIFACT_TYPES_FILE,
    ArtifactTypes,
    artifact_types_from_document,
)
from smgen.contracts.checking import contract_findings, registry_findings
from smgen.contracts.document_findings import artifact_types_form_findings, contract_form_findings
from smgen.contracts.json_reading import members
from smgen.contracts.model import StepContract
from smgen.contracts.parsing import build_contract
from smgen.contracts.references import inline_references
from smgen.contracts.registry import ContractRegistry
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import Document, read_document, resolve_inside


def read_contracts(root: Path, *, shown_root: str | None = None) -> ContractRegistry:
    """The contracts of a folder: ``artifact_types.json`` and every other ``*.json`` directly in it, by file name.

    Sub-folders hold scripts and schemas. Findings show files as ``shown_root`` (default: the folder's name as given)
    followed by the file's path in the folder. Raises FindingsError with everything that is wrong, and OSError when the
    folder or a file in it cannot be opened.
    """
    return _Reader(root, root.as_posix() if shown_root is None else shown_root).registry()


def _is_document(entry: Path) -> bool:
    """Whether an entry of the folder is read: files, and links that may turn out to lead out of it."""
    return entry.is_file() or (entry.is_symlink() and not entry.is_dir())


class _Reader:
    """One reading of a folder."""

    def __init__(self, root: Path, shown_root: str) -> None:
        self.root = root
        self.shown_root = shown_root
        self.findings: list[Finding] = []

    def registry(self) -> ContractRegistry:
        names = sorted(entry.name for entry in self.root.iterdir() if entry.suffix == ".json" and _is_document(entry))
        types = self.artifact_types(ARTIFACT_TYPES_FILE in names)
        contracts: list[StepContract] = []
        for name in names:
            if name != ARTIFACT_TYPES_FILE:
                contract = self.contract(name, types)
                if contract is not None:
                    contracts.append(contract)
        self.findings += registry_findings(tuple(contracts), types)
        if self.findings or types is None:
            raise FindingsError(self.findings)
        return ContractRegistry({contract.name: contract for contract in contracts}, types)

    def document(self, name: str) -> Document | None:
        """The document in a file of the folder; None after findings."""
        shown = f"{self.shown_root}/{name}"
        try:
            return read_document(resolve_inside(self.root, name, Place(file=shown)), shown_as=shown)
        except FindingsError as error:
            self.findings += error.findings
            return None

    def artifact_types(self, present: bool) -> ArtifactTypes | None:
        """The folder's artifact types; None after findings."""
        if not present:
            self.findings.append(
                Finding(
                    "SMG110",
                    f"the folder has no {ARTIFACT_TYPES_FILE}",
                    Place(file=f"{self.shown_root}/{ARTIFACT_TYPES_FILE}"),
                    expected="a file that declares the artifact types of the folder's contracts",
                    fix='add one; {"types": {}} declares none',
                )
            )
            return None
        document = self.document(ARTIFACT_TYPES_FILE)
        if document is None:
            return None
        found = artifact_types_form_findings(document)
        if found:
            self.findings += found
            return None
        try:
            return artifact_types_from_document(members(document.value), document)
        except FindingsError as error:
            self.findings += error.findings
            return None

    def contract(self, name: str, types: ArtifactTypes | None) -> StepContract | None:
        """The contract in a file; None after findings that leave nothing to compare with others."""
        document = self.document(name)
        if document is None:
            return None
        found = contract_form_findings(document)
        if found:
            self.findings += found
            return None
        inlined = inline_references(members(document.value), document, self.root, self.shown_root)
        if inlined.findings:
            self.findings += inlined.findings
            return None
        contract, found = build_contract(inlined.document, document, inlined.origins)
        self.findings += found
        # What could not be read was left out of the contract: nothing may be called missing then.
        self.findings += contract_findings(contract, types, self.root, complete=not found)
        return contract
