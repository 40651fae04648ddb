"""Which ports of two states are the same one, and what became of names that are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from smgen.contract_model import StepContract
from smgen.contract_model.model import Renaming
from smgen.evolution.changes import ContractChange, Pair


def counterparts(
    old: Collection[str], new: Collection[str], formers: Mapping[str, Renaming | None]
) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """The names of both states that mean one port, in the order of the new one; what is gone; what is new.

    ``formers`` has, by the new names, what each was called before.
    """
    both: list[tuple[str, str]] = []
    added: list[str] = []
    for name in new:
        former = formers.get(name)
        if name in old:
            both.append((name, name))
        elif former is not None and former.name in old and former.name not in new:
            both.append((former.name, name))
        else:
            added.append(name)
    met = {before for before, _ in both}
    return both, [name for name in old if name not in met], added


def former_names(pair: Pair) -> dict[str, str]:
    """What ports of the new state were called in the old one, where that was otherwise."""
    inputs = {name: port.dependency_spec.renamed_from for name, port in pair.new.input_ports.items()}
    outputs = {name: port.output_spec.renamed_from for name, port in pair.new.output_ports.items()}
    both = (
        *counterparts(pair.old.input_ports, pair.new.input_ports, inputs)[0],
        *counterparts(pair.old.output_ports, pair.new.output_ports, outputs)[0],
    )
    return {name: former for former, name in both if former != name}


def name_changes(pair: Pair) -> Iterator[ContractChange]:
    """SMG605 for names that are gone and free for another meaning, SMG606 for reserved ones that have one."""
    names = _names(pair.new)
    told = {former.name for former, _ in _formers(pair.new) if former.stands_in(pair.new.version)}
    for name in pair.old.reserved:
        if name in names:
            member, pointer = names[name]
            message = f"the name '{name}' was reserved, and is used again"
            yield pair.change("SMG606", member, message, was="/reserved", now=pointer, after=name)
        elif name not in pair.new.reserved:
            message = f"the name '{name}' is reserved no more"
            yield pair.change("SMG605", "reserved", message, was="/reserved", before=name)
    tombstones = {
        former.name: (f"former name {former.name}", pointer)
        for former, pointer in _formers(pair.old)
        if former.stands_in(pair.old.version)
    }
    for name, (member, pointer) in (tombstones | _names(pair.old)).items():
        if name not in names and name not in pair.new.reserved and name not in told and name not in pair.old.reserved:
            message = f"the name '{name}' is gone, and may come back with another meaning"
            yield pair.change("SMG605", member, message, was=pointer, before=name)


def _formers(contract: StepContract) -> Iterator[tuple[Renaming, str]]:
    """The former names of ports, each with the place of its port."""
    for port in contract.input_ports.values():
        if port.dependency_spec.renamed_from is not None:
            yield port.dependency_spec.renamed_from, port.pointer
    for output in contract.output_ports.values():
        if output.output_spec.renamed_from is not None:
            yield output.output_spec.renamed_from, output.pointer


def _names(contract: StepContract) -> dict[str, tuple[str, str]]:
    """The names of ports and settings, which ``reserved`` is about, each with its member and its place."""
    return {
        **{name: (f"input {name}", port.pointer) for name, port in contract.input_ports.items()},
        **{name: (f"output {name}", port.pointer) for name, port in contract.output_ports.items()},
        **{name: (f"setting {name}", setting.pointer) for name, setting in contract.settings.items()},
    }
