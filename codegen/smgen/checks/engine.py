"""Runs every rule over a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from smgen.checks.index import DefinitionIndex
from smgen.checks.policy import Policy
from smgen.definition import Definition, Provenance
from smgen.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What rules may know beside the definition: where it comes from, and what the environment's policy asks for."""

    provenance: Provenance | None = None
    policy: Policy | None = None


#: A rule, or a few that look at the same things: findings about one definition.
Check: TypeAlias = Callable[[DefinitionIndex, CheckContext], Iterator[Finding]]


def check_definition(definition: Definition, context: CheckContext | None = None) -> tuple[Finding, ...]:
    """Everything that the rules find, in reading order; empty for a definition that is right."""
    raise NotImplementedError
