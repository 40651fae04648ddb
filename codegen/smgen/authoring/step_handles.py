"""A step that was added to a pipeline, as its outputs and whatever refers to it know it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from smgen.authoring.origins import Iteration, Origin, Scope
from smgen.contract_model import StepContract, Value
from smgen.diagnostics import Place
from smgen.expressions import Operand


@dataclass(frozen=True, eq=False)
class StepHandle:
    """One step that was added to a pipeline: its name, its contract, where it stands and the line that added it.

    ``composed`` fills the ``value`` of an output that is composed of several properties. ``connect`` binds a port to a
    reference after the step was added; None for a step of no pipeline. ``connected_at`` says where that was done.
    A step in the body of a loop that is read from outside of it has the ``iteration`` that is meant, and as its scope
    the one around the loop.
    """

    name: str
    contract: StepContract
    scope: Scope
    place: Place
    composed: Callable[[Value], Operand] = field(repr=False)
    connect: Callable[[StepHandle, str, object], None] | None = field(default=None, repr=False)
    connected_at: dict[str, Place] = field(default_factory=dict[str, Place], repr=False)
    iteration: Iteration | None = None

    def place_of(self, port: str) -> Place:
        """Where a port was bound: the line that connected it, or else the one that added the step."""
        return self.connected_at.get(port, self.place)

    @property
    def path_name(self) -> str:
        """The name as the path of a reference can hold it: the same, but for names that ``build()`` refuses."""
        return path_name(self.name)

    def origin(self, output: str | None = None) -> Origin:
        """This step, or one output of it, as the origin of a reference."""
        return Origin("step", self.name, self.scope, self.place, output, self.iteration)


def path_name(name: str) -> str:
    """A step's or parameter's name as a path can hold it; it differs only for names that ``build()`` refuses."""
    return re.sub(r"[.\[\]]", "_", name) or "_"
