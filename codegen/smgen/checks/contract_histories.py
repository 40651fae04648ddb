"""What contracts say of other contracts and of their own past, and what is no more, or never was."""

from __future__ import annotations

from collections.abc import Iterable

from smgen.aws import STEP_KINDS
from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, nearest_name
from smgen.documents import append_pointer
from smgen.wiring.words import words


def unknown_source_findings(contracts: Iterable[StepContract], also: Iterable[str] = ()) -> tuple[Finding, ...]:
    """SMG145 for each listed source that no contract, no variant and no kind of step is called.

    ``also`` are names of contracts in other folders.
    """
    contracts = tuple(contracts)
    names = dict.fromkeys([*(contract.step_type for contract in contracts), *also])
    kinds = dict.fromkeys(row.listed_as for row in STEP_KINDS.values() if row.listed_as)
    variants = (f"{contract.step_type} {contract.job_type}" for contract in contracts if contract.job_type is not None)
    # As the resolver compares them.
    known = {words(name) for name in (*names, *variants)}
    known_kinds = {kind.casefold() for kind in kinds}
    found: dict[Finding, None] = {}
    for contract in contracts:
        for name, port in contract.input_ports.items():
            for number, source in enumerate(port.dependency_spec.compatible_sources):
                if words(source) in known or source.casefold() in known_kinds:
                    continue
                nearest = nearest_name(source, (*names, *kinds))
                # The variants of a family say the same at the same place.
                found[
                    Finding(
                        "SMG145",
                        f"the port '{name}' lists the source '{source}', and no contract is called so",
                        contract.place(append_pointer(port.pointer, "compatible_sources", number)),
                        given=source,
                        expected="the name of a contract, or a kind of step such as TrainingStep",
                        nearest=nearest,
                        fix=f"write {nearest}" if nearest else "remove it, or add the contract",
                    )
                ] = None
    return tuple(found)
