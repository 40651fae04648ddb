"""Where a reference comes from: its pipeline, its branch and the line that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from smgen.diagnostics import Place

OriginKind: TypeAlias = Literal["step", "parameter"]


@dataclass(frozen=True, eq=False)
class PipelineIdentity:
    """One pipeline under construction; two of the same name are still two."""

    name: str
    place: Place

    def __deepcopy__(self, memo: object) -> PipelineIdentity:
        """The pipeline itself: a copy would be another pipeline."""
        return self


@dataclass(frozen=True, eq=False)
class Scope:
    """The top level of a pipeline, or one branch of a condition.

    ``title`` is how a message names it; ``condition`` is the place of the condition whose branch it is.
    """

    pipeline: PipelineIdentity
    title: str
    parent: Scope | None = None
    condition: Place | None = None

    def __deepcopy__(self, memo: object) -> Scope:
        """The place itself: a copy would be no part of the pipeline."""
        return self

    def outward(self) -> Iterator[Scope]:
        """This scope and every one around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def sees(self, other: Scope) -> bool:
        """Whether what stands in ``other`` has always run before something here may read it."""
        return any(scope is other for scope in self.outward())


@dataclass(frozen=True, eq=False)
class Origin:
    """What a reference refers to: a step's output, or a parameter."""

    kind: OriginKind
    name: str
    scope: Scope
    place: Place
    output: str | None = None

    @property
    def title(self) -> str:
        """The origin as a message names it: ``step "Train", output "model_artifacts"``."""
        if self.output is None:
            return f'{self.kind} "{self.name}"'
        return f'{self.kind} "{self.name}", output "{self.output}"'
