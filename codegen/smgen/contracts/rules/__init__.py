"""The rules over contracts that are a module each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, rule_checks

ContractCheck: TypeAlias = Callable[[StepContract], Iterator[Finding]]
"""A rule: findings about one contract whose document has the right form and whose kind is known."""

CHECKS: Final[Mapping[str, ContractCheck]] = rule_checks(__name__, __path__)
"""The checks by the rule's id. What is an error is told where contracts are read, the rest by `smgen validate`."""


def rule_findings(contract: StepContract) -> Iterator[Finding]:
    """What these rules find in a contract."""
    return (finding for check in CHECKS.values() for finding in check(contract))
