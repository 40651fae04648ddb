"""What a rule is: a function over the index of a definition and what else is known about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from smgen.checks.home import Home
from smgen.checks.index import DefinitionIndex
from smgen.checks.policy import Policy
from smgen.contract_model import StepContract
from smgen.definition import Provenance, StepProvenance
from smgen.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What rules may know beside the definition: where it comes from, the environment's policy, and where it runs."""

    provenance: Provenance | None = None
    policy: Policy | None = None
    home: Home | None = None
    contracts: Mapping[str, StepContract] = field(default_factory=dict[str, StepContract])
    """The contracts of authored steps, by the step's name."""
    is_start: bool = False
    """The defaults of parameters are the values that somebody starts the pipeline with."""

    @property
    def is_authored(self) -> bool:
        """Whether the definition was compiled from a pipeline function, so that Python is what a user changes."""
        return self.provenance is not None and any(step.line is not None for step in self.provenance.steps)

    def author_of(self, step: str) -> StepProvenance | None:
        """The provenance of a step that was added in a pipeline function; None for any other."""
        found = self.provenance.step(step) if self.provenance is not None else None
        return found if found is not None and found.line is not None else None


Check: TypeAlias = Callable[[DefinitionIndex, CheckContext], Iterator[Finding]]
"""A rule, or a few that look at the same things: findings about one definition."""
