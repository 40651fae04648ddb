"""What a step may come after: steps, and the outcomes of steps other than that they completed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from smgen.authoring.misuse import Attributes
from smgen.authoring.origins import Dependency, Origin, Trigger
from smgen.authoring.proxies import StepOutputProxy


class PipelineStep(Attributes):
    """A step that was added and has no contract; others may come ``after`` it."""

    def __init__(self, name: str, origin: Origin) -> None:
        """``name`` of the step; ``origin`` is where it stands."""
        self.name = name
        self.__smgen_origin__ = origin

    @property
    def __smgen_name__(self) -> str:
        return f'step "{self.name}"'

    def __repr__(self) -> str:
        return f"<{self.__smgen_name__}>"


@dataclass(frozen=True, slots=True)
class Ran:
    """The outcome of a step on which another one runs: ``after=[Ran.failed(training)]``.

    A plain step in ``after`` is waited for until it completed. An execution in which a step runs because another one
    failed ends as ``CompletedWithFailures``.
    """

    step: StepOutputProxy | PipelineStep
    trigger: Trigger

    @classmethod
    def failed(cls, step: StepOutputProxy | PipelineStep) -> Ran:
        """The step failed."""
        return cls(step, "Failed")

    @classmethod
    def stopped(cls, step: StepOutputProxy | PipelineStep) -> Ran:
        """The step was stopped."""
        return cls(step, "Stopped")

    @classmethod
    def any(cls, step: StepOutputProxy | PipelineStep) -> Ran:
        """The step came to an end, whichever it was."""
        return cls(step, "Any")


#: What ``after`` takes.
After: TypeAlias = "StepOutputProxy | PipelineStep | Ran"


def dependency(given: object) -> Dependency | None:
    """What one item of ``after`` waits for; None for anything that is no step."""
    if isinstance(given, Ran):
        waited = dependency(given.step)
        return None if waited is None else Dependency(waited.origin, given.trigger)
    if isinstance(given, StepOutputProxy):
        return Dependency(given.__smgen_step__.origin())
    return Dependency(given.__smgen_origin__) if isinstance(given, PipelineStep) else None
