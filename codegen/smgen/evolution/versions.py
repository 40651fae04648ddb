"""The version of a contract held against the size of its change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from smgen.contract_model import ContractRegistry, StepContract
from smgen.evolution.change_kinds import Level
from smgen.evolution.changes import ContractChange, Pair, worst_level
from smgen.evolution.code_files import CODE_CHANGED

#: The rule about a version that is too low.
VERSION_TOO_LOW: Final = "SMG608"
#: What a change that reaches so far asks for: the part of a version that has to grow, from the left.
_MAJOR, _MINOR, _PATCH = range(3)


def fitting_version(before: str, level: Level | None) -> str:
    """The lowest version that may follow ``before``, given how far the change reaches.

    What reaches source or wiring asks for a new major version, everything else that is visible for a minor one; below
    1.0.0 the minor version counts as the major one, and the patch as the minor.
    """
    if level is None:
        return before
    part = _MAJOR if level.reaches(Level.WIRING) else _MINOR
    return _grown(before, min(part + 1, _PATCH) if before.startswith("0.") else part)


def _grown(version: str, part: int) -> str:
    numbers = [int(number) for number in version.split(".")]
    return ".".join(map(str, [*numbers[:part], numbers[part] + 1, *(0 for _ in numbers[part + 1 :])]))


def _beside_code(changes: Iterable[ContractChange]) -> Iterator[ContractChange]:
    """The changes but for that of the code, for which a new patch version is enough."""
    return (change for change in changes if change.rule != CODE_CHANGED)


def version_changes(
    old: ContractRegistry, new: ContractRegistry, changes: Iterable[ContractChange]
) -> Iterator[ContractChange]:
    """SMG608 for contracts whose version is too low for what changed; the variants of a family have one version."""
    of_contracts: dict[str, list[ContractChange]] = {}
    for change in changes:
        of_contracts.setdefault(change.contract, []).append(change)
    families: dict[str, list[Pair]] = {}
    for name, contract in new.items():
        if name in old:
            families.setdefault(contract.step_type, []).append(Pair(old[name], contract))
    for name, pairs in families.items():
        pair = pairs[0]
        told = [change for one in pairs for change in of_contracts.get(one.new.name, ())]
        level = worst_level(told)
        fitting = fitting_version(pair.old.version, worst_level(_beside_code(told)))
        if told and not [*_beside_code(told)]:
            fitting = _grown(pair.old.version, _PATCH)
        if _numbers(pair.new) < tuple(map(int, fitting.split("."))):
            message = f"the version {pair.new.version} says less than what changed since {pair.old.version}"
            change = pair.change(
                VERSION_TOO_LOW, "version", message, was="/version", now="/version", before=pair.old.version
            )
            yield replace(change, contract=name, after=pair.new.version, reach=level, fitting=fitting)


def _numbers(contract: StepContract) -> tuple[int, ...]:
    return tuple(int(part) for part in contract.version.split("."))
