"""The scripts of contracts held against them, for every command that asks; each contract's once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from smgen.contract_model import ContractRegistry, StepContract
from smgen.contracts import read_contracts
from smgen.diagnostics import Finding, FindingsError, sorted_findings
from smgen.documents import file_name_findings, shown_path


@dataclass(slots=True)
class ScriptChecks:
    """What was found in the scripts of contracts that were asked for, by the contract's name."""

    _found: dict[str, tuple[Finding, ...]] = field(default_factory=dict[str, "tuple[Finding, ...]"])
    _read: dict[Path, ContractRegistry | None] = field(default_factory=dict[Path, "ContractRegistry | None"])

    def findings(self, contracts: Iterable[StepContract]) -> tuple[Finding, ...]:
        """What is wrong with the code of these contracts, each finding once: variants may share a script."""
        asked = tuple(contracts)
        for contract in asked:
            if contract.source is not None and contract.name not in self._found:
                self._found[contract.name] = self._of(contract)
        return sorted_findings(item for contract in asked for item in self._found.get(contract.name, ()))

    def _of(self, contract: StepContract) -> tuple[Finding, ...]:
        from smgen.runtime import packed_files
        from smgen.source import script_findings

        root, files = packed_files(contract)

        def of(contract: StepContract) -> tuple[Finding, ...]:
            names = ((path, contract.place("/source")) for path in files)
            return (*script_findings(contract, files, root), *file_name_findings(names, "a packed file"))

        found = of(contract)
        # A generated package does not know the lines of its contracts; that costs reading them.
        return of(self._with_lines(contract, root)) if found and contract.source_document is None else found

    def _with_lines(self, contract: StepContract, root: Path) -> StepContract:
        """The same contract, read from its file; the contract itself where it is not there as it is."""
        if root not in self._read:
            try:
                self._read[root] = read_contracts(root, shown_root=shown_path(root))
            except (FindingsError, OSError):
                self._read[root] = None
        registry = self._read[root]
        read = None if registry is None else registry.get(contract.name)
        return contract if read is None or read != contract else read
