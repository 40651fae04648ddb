"""Reads a folder of contracts: every document is parsed, checked against its schema, AWS and the others.

Everything that is wrong with any of them is reported together, and a registry is made only when nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from smgen.contract_model.artifact_types import ArtifactTypes, artifact_types_from_document
from smgen.contract_model.folder_layout import ARTIFACT_TYPES_FILE, contract_files
from smgen.contract_model.json_reading import text
from smgen.contract_model.parsing import build_contract
from smgen.contract_model.registry import ContractRegistry, ContractSource
from smgen.contract_model.step_contract import StepContract
from smgen.contract_model.variants import VARIANTS, Variant, told_once, variants_of, without_variants
from smgen.contracts.checking import contract_findings, registry_findings
from smgen.contracts.document_findings import artifact_types_form_findings, contract_form_findings
from smgen.contracts.references import Inlined, inline_references
from smgen.contracts.unread import unread_findings
from smgen.contracts.usual_requests import with_whole_request
from smgen.diagnostics import Finding, FindingsError, Place, sorted_findings
from smgen.documents import Document, append_pointer, documents_in, object_at, read_document, resolve_inside


def read_contracts(root: Path, *, shown_root: str | None = None) -> ContractRegistry:
    """The contracts of a folder: ``artifact_types.json`` and every other ``*.json`` directly in it, by file name.

    Sub-folders hold scripts and schemas. Findings show files as ``shown_root`` (default: the folder's name as given)
    followed by the file's path in the folder. Raises FindingsError with everything that is wrong, and OSError when the
    folder or a file in it cannot be opened.
    """
    reading = ContractReading(root, root.as_posix() if shown_root is None else shown_root)
    return reading.registry()


def read_what_is_readable(root: Path, *, shown_root: str) -> tuple[ContractRegistry, tuple[Finding, ...]]:
    """The contracts of a folder that can be read, and what is wrong with any of them; nothing else is refused.

    An earlier state may break rules that came later: a contract that has the right form is among those that are
    given, whatever is found wrong with what it says. Raises OSError like ``read_contracts``.
    """
    return ContractReading(root, shown_root).readable()


class ContractReading:
    """One reading of a folder of contracts: file by file, with everything that is wrong in ``findings``.

    ``types_document`` is the document of the artifact types once they were read.
    """

    def __init__(self, root: Path, shown_root: str) -> None:
        """``shown_root`` is how findings show the folder."""
        self.root = root
        self.shown_root = shown_root
        self.findings: list[Finding] = []
        self.types_document: Document | None = None

    def registry(self) -> ContractRegistry:
        """All contracts of the folder. Raises FindingsError with everything that is wrong."""
        types, contracts = self.all()
        self.findings += registry_findings(tuple(contracts), types)
        if self.findings or types is None:
            # What is missing may lie in a file that is not read.
            raise FindingsError([*self.findings, *unread_findings(self.root, contracts, shown_root=self.shown_root)])
        return ContractRegistry({contract.name: contract for contract in contracts}, types, self.sources(contracts))

    def readable(self) -> tuple[ContractRegistry, tuple[Finding, ...]]:
        """The contracts that have the right form, with what is wrong with any."""
        types, contracts = self.all()
        registry = ContractRegistry(
            {contract.name: contract for contract in contracts}, types or ArtifactTypes({}), self.sources(contracts)
        )
        return registry, sorted_findings(self.findings)

    def all(self) -> tuple[ArtifactTypes | None, list[StepContract]]:
        """The artifact types and every contract, as far as they can be read."""
        types = self.artifact_types()
        contracts: list[StepContract] = []
        for name in contract_files(self.root):
            contracts += self.contracts(name, types)
        return types, contracts

    def document(self, name: str) -> Document | None:
        """The document in a file of the folder; None after findings."""
        shown = f"{self.shown_root}/{name}"
        try:
            return read_document(resolve_inside(self.root, name, Place(file=shown)), shown_as=shown)
        except FindingsError as error:
            self.findings += error.findings
            return None

    def sources(self, contracts: Sequence[StepContract]) -> tuple[ContractSource, ...]:
        """The files that the contracts and the artifact types were read from, also those that a ``$ref`` reaches."""
        documents: dict[str, Document] = {}
        users: dict[str, dict[str, None]] = {}
        for contract in contracts:
            for document in (contract.source_document, *contract.brought_in):
                if document is not None:
                    documents[document.file] = document
                    users.setdefault(document.file, {})[contract.name] = None
        if self.types_document is not None:
            documents[self.types_document.file] = self.types_document
        return tuple(
            ContractSource(file.removeprefix(f"{self.shown_root}/"), documents[file], tuple(users.get(file, ())))
            for file in sorted(documents)
        )

    def artifact_types(self) -> ArtifactTypes | None:
        """The folder's artifact types; None after findings."""
        if ARTIFACT_TYPES_FILE not in documents_in(self.root):
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
        document = self.types_document = self.document(ARTIFACT_TYPES_FILE)
        if document is None:
            return None
        found = artifact_types_form_findings(document)
        if found:
            self.findings += found
            return None
        try:
            return artifact_types_from_document(object_at(document.value), document)
        except FindingsError as error:
            self.findings += error.findings
            return None

    def contracts(self, name: str, types: ArtifactTypes | None) -> tuple[StepContract, ...]:
        """The contract in a file, or those of its variants; none after findings that leave nothing to compare."""
        document = self.document(name)
        if document is None:
            return ()
        found = contract_form_findings(document)
        own = without_variants(object_at(document.value))
        inlined = Inlined(own, {}, found)
        if not found:
            inlined = inline_references(own, document, self.root, self.shown_root)
        if VARIANTS in object_at(document.value):
            self.findings += inlined.findings
            return self.variants(document, inlined, types)
        if inlined.findings:
            self.findings += inlined.findings
            return ()
        contract, found = self.checked(inlined, document, types)
        self.findings += found
        return (contract,)

    def checked(
        self, inlined: Inlined, source: Document, types: ArtifactTypes | None
    ) -> tuple[StepContract, tuple[Finding, ...]]:
        """The contract in a document of the right form, and everything that is wrong with it."""
        whole = with_whole_request(inlined.document, source, inlined.origins)
        contract, found = build_contract(whole.document, source, whole.origins)
        contract = replace(contract, folder=self.root.absolute(), brought_in=inlined.files)
        found = (*whole.findings, *found)
        # What could not be read was left out of the contract: nothing may be called missing then.
        return contract, (*found, *contract_findings(contract, types, self.root, complete=not found))

    def variants(self, source: Document, base: Inlined, types: ArtifactTypes | None) -> tuple[StepContract, ...]:
        """One contract for each variant that has the right form; ``base`` is the contract's own document."""
        listed = append_pointer("", VARIANTS)
        if any((finding.place.pointer or "").startswith(listed) for finding in base.findings):
            return ()
        # The contract's own part need not be a whole contract; what is wrong with it says which findings are not new.
        of_base = base.findings
        if not base.findings:
            of_base = self.checked(base, source, types)[1]
        contracts: list[StepContract] = []
        for variant in variants_of(base.document, source, base.origins):
            self.findings += variant.findings
            contract, found = self.variant(variant, base, types)
            self.findings += told_once(variant, found, of_base, base.origins)
            if contract is not None:
                contracts.append(contract)
        return tuple(contracts)

    def variant(
        self, variant: Variant, base: Inlined, types: ArtifactTypes | None
    ) -> tuple[StepContract | None, tuple[Finding, ...]]:
        """The contract of a variant, and what is wrong with it; no contract where its form is wrong."""
        found = contract_form_findings(variant)
        if found or base.findings:
            return None, found
        source = variant.source
        inlined = inline_references(variant.document, source, self.root, self.shown_root, variant.origins)
        if inlined.findings:
            return None, inlined.findings
        family = text(base.document.get("name"))
        document = variant.generated_document(family, inlined.document)
        files = tuple(dict.fromkeys((*base.files, *inlined.files)))
        return self.checked(replace(inlined, document=document, files=files), source, types)
