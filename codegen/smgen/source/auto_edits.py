"""What is known of AUTO ports after they were bound, and what became of a module in which they were written out."""

from __future__ import annotations

from dataclasses import dataclass

from smgen.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step of one build, and where the `add_step` call stands that made it.

    `build` names the pipeline and the environment for sentences ("fraud for prod"). `line` is the line that Python
    gives for the call, counted from 1: the line of its name, or the one it starts on.
    """

    build: str
    step: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class AutoSource:
    """What an AUTO port reads: a step, and the attribute of what `add_step` returned for it."""

    step: WrittenStep
    attribute: str

    def __str__(self) -> str:
        """`Train.model_artifacts`, as sentences name it."""
        return f"{self.step.step}.{self.attribute}"


@dataclass(frozen=True, slots=True)
class AutoEdit:
    """An AUTO port that is to be written out.

    `port` is the argument of the step's builder; a port that takes many references has `many` and one source or more,
    every other port exactly one.
    """

    step: WrittenStep
    port: str
    sources: tuple[AutoSource, ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class WrittenReference:
    """A reference that stands where AUTO stood. `line` is that of the new text; `steps` are those that it feeds."""

    line: int
    steps: tuple[str, ...]
    port: str
    expression: str


@dataclass(frozen=True, slots=True)
class RewrittenModule:
    """A module with its AUTO ports written out; with findings it is the text as it was, and nothing was written."""

    text: str
    references: tuple[WrittenReference, ...] = ()
    findings: tuple[Finding, ...] = ()
