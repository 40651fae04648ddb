"""All checks of contracts, each a small function over a contract, the artifact types and AWS's tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from smgen.aws import STEP_KINDS
from smgen.contract_model.artifact_types import ArtifactTypes
from smgen.contract_model.metrics import metric_findings
from smgen.contract_model.registry import collisions
from smgen.contract_model.settings import settings_and_findings
from smgen.contract_model.step_contract import StepContract
from smgen.contracts.check_bindings import unbound_findings, used_settings
from smgen.contracts.check_names import (
    class_findings,
    collision_findings,
    history_findings,
    module_findings,
    parameter_name_findings,
)
from smgen.contracts.check_ports import (
    file_findings,
    form_findings,
    item_name_findings,
    property_findings,
    returned_name_findings,
    type_findings,
)
from smgen.contracts.check_request import request_findings
from smgen.contracts.check_source import source_findings
from smgen.contracts.rules import rule_findings
from smgen.diagnostics import Finding, Severity, nearest_name

#: The ``Type`` of a step as AWS writes it.
_RAW_KIND: Final = re.compile(r"[A-Z][A-Za-z0-9]{0,63}")


def contract_findings(
    contract: StepContract, types: ArtifactTypes | None, root: Path, *, complete: bool = True
) -> tuple[Finding, ...]:
    """Everything that is wrong with one contract whose document has the right form.

    ``types`` is None where the artifact types could not be read; ``root`` is the contract's folder. Without
    ``complete`` parts of the contract could not be read, and nothing is called missing or unused.
    """
    return tuple(_contract_findings(contract, types, root, complete))


def _contract_findings(
    contract: StepContract, types: ArtifactTypes | None, root: Path, complete: bool
) -> Iterator[Finding]:
    if types is not None:
        yield from type_findings(contract, types)
    yield from module_findings(contract)
    yield from collision_findings(contract)
    yield from parameter_name_findings(contract)
    yield from history_findings(contract)
    yield from source_findings(contract, root)
    kind = tuple(kind_findings(contract))
    yield from kind
    if kind:
        # Nothing is known about the request of a kind that there is not.
        return
    yield from form_findings(contract)
    yield from file_findings(contract)
    yield from item_name_findings(contract)
    yield from returned_name_findings(contract)
    yield from property_findings(contract, complete=complete)
    yield from request_findings(contract, complete=complete)
    yield from metric_findings(contract)
    if complete:
        yield from unbound_findings(contract)
        yield from _setting_findings(contract)
        yield from (finding for finding in rule_findings(contract) if finding.severity is Severity.ERROR)


def _setting_findings(contract: StepContract) -> Iterator[Finding]:
    used = used_settings(contract)
    unused = [setting for setting in contract.settings.values() if setting.name not in used]
    pointers = [contract.place(setting.pointer).pointer for setting in unused]
    for finding in settings_and_findings(contract)[1]:
        # A setting that is used nowhere is reported as such; that AWS says no type for it is no news.
        if finding.place.pointer not in pointers:
            yield finding


def kind_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG108: a kind that SageMaker does not have, or that a pipeline writes itself; ``raw`` where it is not needed."""
    kinds = tuple(name for name, row in STEP_KINDS.items() if not row.structural)
    if contract.raw and contract.kind not in STEP_KINDS:
        if not _RAW_KIND.fullmatch(contract.kind):
            yield Finding(
                "SMG108",
                "a kind is one word, as SageMaker writes it under 'Type'",
                contract.place("/kind"),
                given=contract.kind,
                expected="letters and digits, a letter first, such as Athena",
            )
        return
    if contract.raw and contract.kind in kinds:
        yield Finding(
            "SMG108",
            f"smgen knows what a {contract.kind} step is made of, so it is no raw kind",
            contract.place("/raw", key=True),
            given="raw",
            fix="remove 'raw', and the request is checked",
        )
    if contract.kind in kinds:
        return
    structural = contract.kind in STEP_KINDS
    nearest = None if structural else nearest_name(contract.kind, kinds)
    yield Finding(
        "SMG108",
        f"a {contract.kind} step is written in the pipeline and has no contract"
        if structural
        else f"there is no step kind '{contract.kind}'",
        contract.place("/kind"),
        given=contract.kind,
        expected=", ".join(kinds),
        nearest=nearest,
        fix=None if structural or nearest else 'for a kind that is newer than smgen write "raw": true',
    )


def registry_findings(contracts: Sequence[StepContract], types: ArtifactTypes | None) -> tuple[Finding, ...]:
    """SMG107: contracts that share a name or a module, and artifact types named like their classes."""
    found = list(collisions(tuple(contracts)))
    if types is not None:
        found += [finding for contract in contracts for finding in class_findings(contract, types)]
    return tuple(found)
