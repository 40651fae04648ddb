"""Where a reference comes from: its pipeline, its branch or loop, and the line that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from smgen.diagnostics import Place

OriginKind: TypeAlias = Literal["step", "parameter", "item"]
#: The outcome of a step, other than that it completed, that another one can wait for.
Trigger: TypeAlias = Literal["Failed", "Stopped", "Any"]


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
    """The top level of a pipeline, one branch of a condition, or the body of a loop.

    ``title`` is how a message names it; ``condition`` is the place of the condition whose branch it is, ``loop`` that
    of the loop whose body it is.
    """

    pipeline: PipelineIdentity
    title: str
    parent: Scope | None = None
    condition: Place | None = None
    loop: Place | None = None

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

    def hidden(self, other: Scope) -> Scope | None:
        """The outermost scope around ``other`` into which this one does not see; None where it sees ``other``."""
        around = [scope for scope in other.outward() if not self.sees(scope)]
        return around[-1] if around else None


@dataclass(frozen=True, eq=False)
class Iteration:
    """Which run of a step in the body of a loop is read from outside of the loop.

    ``root`` is the path that stands there for the step's own: ``Steps.Loop.IterationOutputs[0].Train``. ``title`` is
    how a message names it.
    """

    loop: Origin
    root: str
    title: str


@dataclass(frozen=True, eq=False)
class Origin:
    """What a reference refers to: a step's output, a parameter, or the current item of the loop ``name``.

    ``scope`` is where it may be read. With an ``iteration`` that is around the loop in whose body the step stands.
    """

    kind: OriginKind
    name: str
    scope: Scope
    place: Place
    output: str | None = None
    iteration: Iteration | None = None

    @property
    def title(self) -> str:
        """The origin as a message names it: ``step "Train", output "model_artifacts"``."""
        if self.kind == "item":
            return f'the current item of loop "{self.name}"'
        title = f'{self.kind} "{self.name}"'
        if self.output is not None:
            title += f', output "{self.output}"'
        return title if self.iteration is None else f"{title}, {self.iteration.title}"


@dataclass(frozen=True, eq=False)
class Dependency:
    """A step that another one waits for, and the outcome that it waits for; None: that it completed."""

    origin: Origin
    trigger: Trigger | None = None
