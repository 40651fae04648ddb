"""What goes into a resolution and what comes out of it: steps, bindings, ambiguities and open ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smgen.contract_model import DependencySpec, OutputSpec, PropertyReference, StepContract
from smgen.diagnostics import Finding, Place
from smgen.wiring.evidence import Certainty, Evidence


@dataclass(frozen=True, slots=True)
class WiredStep:
    """A step of a pipeline: its name, its contract, and what it is called there.

    ``job_type`` is the variant of the step (`training`, `calibration`); ``step_type`` is the name that the lists of
    compatible sources know the step by. By default both are those of its contract. ``scope`` is the path of branches
    that the step stands in: a step is seen from its own scope and from those inside it.
    """

    name: str
    contract: StepContract
    job_type: str | None = None
    step_type: str = ""
    scope: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.step_type:
            object.__setattr__(self, "step_type", self.contract.step_type)
        if self.job_type is None:
            object.__setattr__(self, "job_type", self.contract.job_type)


def output_key(step: str, output: str, file: str | None) -> str:
    """An output, or a report file of it, among all outputs of the pipeline, as one text; not for people."""
    return f"{step}\0{output}" if file is None else f"{step}\0{output}\0{file}"


@dataclass(frozen=True, slots=True)
class Given:
    """A port that has its source already. ``source_step`` is None for data from outside the pipeline."""

    step: str
    port: str
    source_step: str | None = None
    output: str | None = None
    file: str | None = None

    @property
    def key(self) -> str | None:
        """The ``output_key`` of its source; None for data from outside."""
        return None if self.source_step is None else output_key(self.source_step, self.output or "", self.file)


@dataclass(frozen=True, slots=True)
class DependencyEdge:
    """A port-typed edge: this output of the source step feeds that port of the target step.

    ``confidence`` is from 0 to 1; ``source_file`` names a report file of the output that is meant instead of it.
    """

    source_step: str
    target_step: str
    source_output: OutputSpec
    target_dependency: DependencySpec
    confidence: float = 1.0
    source_file: str | None = None

    def to_property_reference(self) -> PropertyReference:
        """The reference to the output that this edge stands for."""
        return PropertyReference(self.source_step, self.source_output)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An output that could feed a port, with what speaks for it.

    ``strength`` is the weight of the evidence about the output, ``score`` that of all evidence, ``distance`` the number
    of edges from the step to the consumer (1 where the pipeline has no drawn edges).
    """

    step: str
    output: OutputSpec
    file: str | None
    score: int
    strength: int
    distance: int
    evidence: tuple[Evidence, ...]

    @property
    def source(self) -> str:
        """``step.output``, or ``step.output.file``."""
        name = f"{self.step}.{self.output.logical_name}"
        return name if self.file is None else f"{name}.{self.file}"

    @property
    def key(self) -> str:
        """Its ``output_key``."""
        return output_key(self.step, self.output.logical_name, self.file)

    @property
    def reasons(self) -> str:
        """What speaks for it, in words."""
        return ", ".join(item.words for item in self.evidence) or "no evidence but the type"

    @property
    def type(self) -> str:
        """The artifact type of the output, or of the report file of it that is meant."""
        found = (item.artifact_type for item in self.output.files if item.name == self.file)
        return next(found, self.output.output_type)


@dataclass(frozen=True, slots=True)
class Binding:
    """A port and the output that feeds it.

    ``margin`` is how much worse the next best wiring of the step scores; where the class of certainty decides and not
    the points, the score itself.
    """

    step: str
    port: DependencySpec
    source: Candidate
    margin: int
    certainty: Certainty

    @property
    def confidence(self) -> float:
        """From 0 to 1: the evidence about the output, at most 1."""
        return min(self.source.strength, 100) / 100

    def edge(self) -> DependencyEdge:
        """The edge of this binding."""
        source = self.source
        return DependencyEdge(source.step, self.step, source.output, self.port, self.confidence, source.file)


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A required port with no clear winner: at most three candidates, best first, and why none of them was taken.

    ``cut_off`` says what a limit of the resolver left out, as phrases that ``reason`` ends with too.
    """

    step: str
    port: DependencySpec
    candidates: tuple[Candidate, ...]
    reason: str
    cut_off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPort:
    """A port that was left open. ``entry`` says that its data comes from outside: no step comes before the
    consumer, or none of the pipeline has an output of the port's type. ``cut_off`` says what a limit of the resolver
    left out, as phrases that ``reason`` ends with too."""

    step: str
    port: DependencySpec
    reason: str
    suggestion: Candidate | None = None
    entry: bool = False
    cut_off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of every port that was to be resolved, in the order of the steps and of their ports.

    ``steps`` are the names of the steps in their order. ``compared`` counts the pairs of a port and an output whose
    names were compared, ``scored`` the candidates that were weighed at their places in the pipeline.
    """

    bindings: tuple[Binding, ...]
    ambiguities: tuple[Ambiguity, ...]
    open_ports: tuple[OpenPort, ...]
    steps: tuple[str, ...] = ()
    compared: int = 0
    scored: int = 0

    def edges(self) -> tuple[DependencyEdge, ...]:
        """The edges of the bindings."""
        return tuple(binding.edge() for binding in self.bindings)

    def findings(self, *, entries: bool = True) -> tuple[Finding, ...]:
        """SMG201 for every required port that was not bound; without ``entries``, not for data from outside."""
        return tuple(self._findings(entries))

    def _findings(self, entries: bool) -> Iterator[Finding]:
        for item in self.ambiguities:
            best = item.candidates[0].source if item.candidates else None
            yield Finding(
                "SMG201",
                f"no producer of {item.step}.{item.port.logical_name} is clear: {item.reason}",
                Place(step=item.step, port=item.port.logical_name),
                given="; ".join(f"{candidate.source} ({candidate.reasons})" for candidate in item.candidates) or None,
                expected="one clear producer",
                nearest=best,
                fix="bind the port explicitly to the output that is meant",
            )
        for port in self.open_ports:
            if port.port.required and (entries or not port.entry):
                yield Finding(
                    "SMG201",
                    f"nothing can feed {port.step}.{port.port.logical_name}: {port.reason}",
                    Place(step=port.step, port=port.port.logical_name),
                    expected=f"an output of type {port.port.dependency_type} of a step before it",
                    fix="bind the port explicitly, or give it data from outside the pipeline",
                )
