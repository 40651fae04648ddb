"""What a rule is: a function over the index of a definition and what else is known about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from smgen.checks.index import DefinitionIndex
from smgen.checks.policy import Policy
from smgen.definition import Provenance
from smgen.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What rules may know beside the definition: where it comes from, and what the environment's policy asks for."""

    provenance: Provenance | None = None
    policy: Policy | None = None


Check: TypeAlias = Callable[[DefinitionIndex, CheckContext], Iterator[Finding]]
"""A rule, or a few that look at the same things: findings about one definition."""
