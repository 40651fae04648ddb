"""Holds two states of a folder of contracts against each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from smgen.contract_model import ContractRegistry, StepContract
from smgen.evolution.artifact_type_changes import artifact_type_changes
from smgen.evolution.asked_of_aws import request_changes
from smgen.evolution.changes import ContractChange, Pair
from smgen.evolution.code_files import CodeFiles, code_changes
from smgen.evolution.config_changes import field_changes
from smgen.evolution.contracts_as_such import SCRIPT_CHANGED, metric_changes, source_changes, whole_changes
from smgen.evolution.input_ports import input_changes
from smgen.evolution.output_ports import output_changes
from smgen.evolution.renaming import name_changes
from smgen.evolution.versions import version_changes


def contract_changes(
    old: ContractRegistry, new: ContractRegistry, code: tuple[CodeFiles, CodeFiles] = ({}, {})
) -> tuple[ContractChange, ...]:
    """Everything that changed, contract by contract in the order of the new state, what is gone at the end.

    A state compared with itself has no change, and neither have two that say the same in other words: short forms
    written out, members in another order, descriptions, owners. ``code`` has the packed files of both states, as far
    as they are known.
    """
    found: list[ContractChange] = []
    for name, contract in new.items():
        own = [*_of_contract(old, new, name, contract)]
        found += own
        # Another script has other bytes.
        if name in old and all(change.rule != SCRIPT_CHANGED for change in own):
            found += code_changes(Pair(old[name], contract), *code)
    found += _gone(old, new)
    found += artifact_type_changes(old, new)
    return (*found, *version_changes(old, new, found))


def _of_contract(
    old: ContractRegistry, new: ContractRegistry, name: str, contract: StepContract
) -> Iterator[ContractChange]:
    if name not in old:
        message = f"the contract is new, of kind {contract.kind}"
        yield Pair(contract, contract).change("SMG607", "contract", message, now="/name", after=name)
        return
    pair = Pair(old[name], contract)
    yield from whole_changes(pair)
    yield from input_changes(pair, new.artifact_types)
    yield from output_changes(pair, new.artifact_types)
    yield from field_changes(pair)
    yield from name_changes(pair)
    yield from source_changes(pair)
    yield from metric_changes(pair)
    yield from request_changes(pair)


def _gone(old: ContractRegistry, new: ContractRegistry) -> Iterator[ContractChange]:
    """SMG601 for contracts that are gone, with the name of the one that is in the same file now."""
    files = {_file(contract): name for name, contract in new.items() if name not in old and _file(contract)}
    for name, contract in old.items():
        if name in new:
            continue
        other = files.get(_file(contract))
        message = "the contract is gone" if other is None else f"the contract is gone; its file has {other} now"
        at = new[other].place("/name") if other is not None else contract.place("/name")
        yield ContractChange(
            rule="SMG601",
            contract=name,
            member="contract",
            message=message,
            before=name,
            after=other,
            place=at,
            place_before=contract.place("/name"),
        )


def _file(contract: StepContract) -> str:
    """The name of the file that a contract was read from; "" for one that was read from a package."""
    return "" if contract.source_document is None else PurePosixPath(contract.source_document.file).name
