"""The contracts of one folder by name, with the artifact types that they use."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass

from smgen.contracts.artifact_types import ArtifactTypes
from smgen.contracts.model import StepContract
from smgen.contracts.names import module_name
from smgen.diagnostics import Finding, FindingsError, nearest_name


@dataclass(frozen=True, slots=True)
class ContractRegistry:
    """Contracts in their order, by name; made by :func:`contract_registry` or ``read_contracts``."""

    contracts: Mapping[str, StepContract]
    artifact_types: ArtifactTypes

    def __iter__(self) -> Iterator[str]:
        return iter(self.contracts)

    def __len__(self) -> int:
        return len(self.contracts)

    def __contains__(self, name: object) -> bool:
        return name in self.contracts

    def __getitem__(self, name: str) -> StepContract:
        """The contract of that name; KeyError when there is none."""
        return self.contracts[name]

    def get(self, name: str) -> StepContract:
        """The contract of that name; FindingsError (SMG125) with the nearest name when there is none."""
        contract = self.contracts.get(name)
        if contract is not None:
            return contract
        names = tuple(self.contracts)
        raise FindingsError(
            [
                Finding(
                    "SMG125",
                    f"there is no contract named {name}",
                    given=name,
                    expected=", ".join(names) or "a folder with contracts",
                    nearest=nearest_name(name, names),
                )
            ]
        )

    def keys(self) -> KeysView[str]:
        """The names in order."""
        return self.contracts.keys()

    def values(self) -> ValuesView[StepContract]:
        """The contracts in order."""
        return self.contracts.values()

    def items(self) -> ItemsView[str, StepContract]:
        """Names and contracts in order."""
        return self.contracts.items()


def collisions(contracts: Iterator[StepContract] | tuple[StepContract, ...]) -> Iterator[Finding]:
    """SMG107 for contracts that share their name or their module's, at the later one, with the earlier one's place."""
    modules: dict[str, StepContract] = {}
    for contract in contracts:
        module = module_name(contract.name)
        first = modules.setdefault(module, contract)
        if first is contract:
            continue
        same = first.name == contract.name
        yield Finding(
            "SMG107",
            f"two contracts are named {contract.name}"
            if same
            else f"the contracts {first.name} and {contract.name} both become the module {module}",
            contract.place("/name"),
            given=contract.name,
            given_at=contract.place("/name"),
            expected="a name of its own" if same else f"a name that becomes another module than {module}",
            expected_at=first.place("/name"),
            fix="rename one of the two contracts",
        )


def contract_registry(contracts: tuple[StepContract, ...], artifact_types: ArtifactTypes) -> ContractRegistry:
    """A registry of contracts in that order; FindingsError (SMG107) when two share a name or a module."""
    findings = tuple(collisions(contracts))
    if findings:
        raise FindingsError(findings)
    return ContractRegistry({contract.name: contract for contract in contracts}, artifact_types)
