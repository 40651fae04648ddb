"""The contracts of one folder by name, with the artifact types that they use."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass, field

from smgen.contract_model.artifact_types import ArtifactTypes
from smgen.contract_model.names import module_name
from smgen.contract_model.step_contract import StepContract
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import Document


@dataclass(frozen=True, slots=True)
class ContractSource:
    """A file of the contracts' folder: its path there with ``/``, what it holds, and the contracts made from it."""

    path: str
    document: Document
    contracts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractRegistry:
    """Contracts in their order, by name; made by :func:`contract_registry` or ``read_contracts``.

    A contract with variants is a family: each of its variants is a contract here, and the family itself is none.
    ``families`` has the variants of each family by their job type. ``sources`` are the files that all of it was read
    from, by path; none where it was not read from files.
    """

    contracts: Mapping[str, StepContract]
    artifact_types: ArtifactTypes
    sources: tuple[ContractSource, ...] = field(default=(), repr=False, compare=False)
    families: Mapping[str, Mapping[str, StepContract]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        families: dict[str, dict[str, StepContract]] = {}
        for contract in self.contracts.values():
            if contract.job_type is not None:
                families.setdefault(contract.family, {})[contract.job_type] = contract
        object.__setattr__(self, "families", families)

    def __iter__(self) -> Iterator[str]:
        return iter(self.contracts)

    def __len__(self) -> int:
        return len(self.contracts)

    def __contains__(self, name: object) -> bool:
        return name in self.contracts

    def __getitem__(self, name: str) -> StepContract:
        """The contract of that name; KeyError when there is none."""
        return self.contracts[name]

    def find(self, name: str) -> StepContract | None:
        """The contract of that name, or of ``Family:variant``; None when there is none."""
        family, _, job_type = name.partition(":")
        return self.families.get(family, {}).get(job_type) if job_type else self.contracts.get(name)

    def get(self, name: str) -> StepContract:
        """The contract of that name, or of ``Family:variant``; FindingsError (SMG125) when there is none."""
        contract = self.find(name)
        if contract is None:
            raise FindingsError([self.unknown(name, Place())])
        return contract

    def unknown(self, name: str, place: Place) -> Finding:
        """SMG125 at ``place``, where a contract was asked for that there is not, with what there is."""
        family, colon, job_type = name.partition(":")
        variants = self.families.get(family)
        if variants is None:
            of_families = tuple(f"{one}:{variant}" for one, found in self.families.items() for variant in found)
            names = (*self.contracts, *of_families)
            return Finding(
                "SMG125",
                f"there is no contract named {family}",
                place,
                given=name,
                expected=", ".join(names) or "a folder with contracts",
                nearest=nearest_name(name, of_families if colon else names) or nearest_name(family, names),
                fix="name a contract of the folder, or a family and a variant with ':' between them",
            )
        nearest = nearest_name(job_type, tuple(variants)) if job_type else None
        return Finding(
            "SMG125",
            f"{family} has no variant '{job_type}'" if colon else f"{family} is a family: say which variant is meant",
            place,
            given=name,
            expected=", ".join(f"{family}:{variant}" for variant in variants),
            nearest=None if nearest is None else f"{family}:{nearest}",
            fix="name one of the variants, or add this one to the contract",
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
    """SMG107 for contracts that share their name or their module's, at the later one, with the earlier one's place.

    The name of a family belongs to it alone as well, although no module has it.
    """
    modules: dict[str, StepContract] = {}
    declared: dict[str, StepContract] = {}
    told: list[tuple[str, Document | None]] = []
    for contract in contracts:
        name = contract.family or contract.name
        first = declared.setdefault(name, contract)
        one_family = first.family == contract.family and first.source_document is contract.source_document
        if not one_family and (first.family or contract.family):
            if (name, contract.source_document) not in told:
                told.append((name, contract.source_document))
                yield _same_name(first, contract, name)
            if first.family == contract.family:
                # Their variants have the same names because they have.
                continue
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


def _same_name(first: StepContract, second: StepContract, name: str) -> Finding:
    both = first.family == second.family
    return Finding(
        "SMG107",
        f"two families are named {name}" if both else f"a contract and a family of variants are both named {name}",
        _declared_at(second),
        given=name,
        expected="a name of its own",
        expected_at=_declared_at(first),
        fix="rename one of the two contracts",
    )


def _declared_at(contract: StepContract) -> Place:
    """Where the name of a contract, or of its family, is written."""
    if contract.family and contract.source_document is not None:
        return contract.source_document.place("/name")
    return contract.place("/name")


def contract_registry(contracts: tuple[StepContract, ...], artifact_types: ArtifactTypes) -> ContractRegistry:
    """A registry of contracts in that order; FindingsError (SMG107) when two share a name or a module."""
    findings = tuple(collisions(contracts))
    if findings:
        raise FindingsError(findings)
    return ContractRegistry({contract.name: contract for contract in contracts}, artifact_types)
