"""The scripts of contracts held against them, for every command that asks; each contract's once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from smgen.contracts import StepContract
from smgen.diagnostics import Finding, sorted_findings


@dataclass(slots=True)
class ScriptChecks:
    """What was found in the scripts of contracts that were asked for, by the contract's name."""

    _found: dict[str, tuple[Finding, ...]] = field(default_factory=dict[str, "tuple[Finding, ...]"])

    def findings(self, contracts: Iterable[StepContract]) -> tuple[Finding, ...]:
        """What is wrong with the scripts of these contracts, each finding once: variants may share a script."""
        from smgen.runtime import packed_files
        from smgen.source import script_findings

        for contract in contracts:
            if contract.source is not None and contract.name not in self._found:
                root, files = packed_files(contract)
                self._found[contract.name] = script_findings(contract, files, root)
        return sorted_findings(item for contract in contracts for item in self._found.get(contract.name, ()))
