"""What flows between the steps of a pipeline: by the bindings of ports, and by the expressions of the definition."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from smgen.contract_model import OutputSpec, PropertyHole, ReportFile, StepContract, walk
from smgen.definition import AutoBinding, Definition, ExternalBinding, ReferenceBinding, Step
from smgen.expressions import (
    Expression,
    Get,
    IterationOutputReference,
    Join,
    PropertyFileReference,
    StepReference,
    expressions_in,
    target,
)
from smgen.runtime import CompiledPipeline

#: A property of a step in the body of a loop, read from outside of it.
_ITERATION: Final = re.compile(r"(IterationOutputs\[[0-9]+\])\.([^.\[\]]+)[.]?(.*)", re.DOTALL)
#: A property of the step by which a loop picks an iteration.
_SELECTED: Final = "Selected"


@dataclass(frozen=True)
class Property:
    """A property of a step, or its property file: what a Get reads.

    ``path`` is "" for the step as a whole. ``iteration`` says which run is read of a step in the body of a loop from
    outside of it: ``IterationOutputs[0]`` or ``Selected`` of the step ``loop``.
    """

    step: str
    path: str
    property_file: str | None = None
    loop: str | None = None
    iteration: str | None = None


@dataclass(frozen=True)
class Feed:
    """A port of a step, or None where the definition itself shows it, and what feeds it."""

    port: str | None
    step: str
    output: str
    file: str | None = None
    auto: bool = False

    @property
    def source(self) -> str:
        """The producer as a message names it: ``Train.model_artifacts``."""
        name = self.file or self.output
        text = f"{self.step}.{name}" if name else self.step
        return f"{text} (AUTO)" if self.auto else text


def plain_path(path: str) -> str:
    """A property path in one spelling."""
    return path.removeprefix("properties.").replace('"', "'")


class Flow:
    """The reads and waits of one pipeline."""

    def __init__(self, compiled: CompiledPipeline) -> None:
        self.definition: Definition = compiled.definition
        self.steps: dict[str, Step] = {step.name: step for step in self.definition.all_steps()}
        self.contracts: Mapping[str, StepContract] = compiled.contracts
        self._provenance = {step.step: step for step in compiled.provenance.steps}
        self._selectors = {step.name: selected for step in self.steps.values() if (selected := _selected(step))}
        self._reads = {name: tuple(_expressions(step)) for name, step in self.steps.items()}
        self._bodies = {
            step.name: tuple(inner.name for inner in step.walk() if inner is not step)
            for step in self.steps.values()
            if any(branch.name == "body" for branch in step.branches)
        }
        self.predecessors: dict[str, tuple[str, ...]] = {name: tuple(self._before(name)) for name in self.steps}
        self.order: tuple[str, ...] = tuple(self._ordered())

    def properties(self, name: str) -> Iterator[Property]:
        """The properties of steps that a step reads."""
        for expression in self._reads[name]:
            read = self.property_read(expression) if isinstance(expression, Get) else None
            if read is not None:
                yield read

    def property_read(self, get: Get) -> Property | None:
        """What of a step a Get reads; None where it reads something else."""
        read = target(get)
        if isinstance(read, PropertyFileReference):
            return Property(read.step, "", read.property_file)
        if not isinstance(read, StepReference):
            return None
        inner = _ITERATION.fullmatch(read.path)
        if inner is not None:
            return Property(inner[2], plain_path(inner[3]), None, read.step, inner[1])
        picked = self._selectors.get(read.step)
        if picked is not None and read.path.startswith(f"{_SELECTED}."):
            return Property(picked, plain_path(read.path.partition(".")[2]), None, read.step, _SELECTED)
        return Property(read.step, plain_path(read.path))

    def folder_of(self, location: Join, spec: OutputSpec, file: ReportFile) -> Property | None:
        """The property that a location begins with, where it is that of a file of an output; None for any other."""
        if not location.values or location.values[-1] != file.path:
            return None
        for value in location.values[:-1]:
            read = self.property_read(value) if isinstance(value, Get) else None
            if read is not None and read.path in _paths(spec):
                return read
        return None

    def awaited(self, name: str) -> Mapping[str, str]:
        """The outcome that a step waits for with ``after=``, by step."""
        return {item.step: item.trigger or "Completed" for item in self.steps[name].depends_on}

    def read_steps(self, name: str) -> tuple[str, ...]:
        """The steps whose outputs a step reads."""
        feeding = [feed.step for feed in self.port_feeds(name)]
        found = dict.fromkeys((*feeding, *self._steps_read(name)))
        return tuple(step for step in found if step in self.steps and step != name)

    def port_feeds(self, name: str) -> Iterator[Feed]:
        """What the ports of a step are bound to."""
        origin = self._provenance.get(name)
        for port, bindings in origin.ports.items() if origin is not None else ():
            for binding in bindings:
                if isinstance(binding, ReferenceBinding):
                    yield Feed(port, binding.step, binding.output, binding.file)
                elif isinstance(binding, AutoBinding):
                    yield Feed(port, binding.step, binding.output, binding.file, auto=True)

    def external_ports(self, name: str) -> tuple[str, ...]:
        """The ports of a step that read from outside of the pipeline."""
        origin = self._provenance.get(name)
        ports = origin.ports.items() if origin is not None else ()
        return tuple(port for port, found in ports if any(isinstance(one, ExternalBinding) for one in found))

    def reads_output(self, name: str, producer: str, output: OutputSpec, file: ReportFile | None) -> bool:
        """Whether the expressions of a step read an output of another one, or a report file of that output."""
        for expression in self._reads[name]:
            if isinstance(expression, Get):
                read = self.property_read(expression)
                if read is None or read.step != producer:
                    continue
                if read.property_file is not None:
                    wanted = output.files if file is None else (file,)
                    if any(one.property_file == read.property_file for one in wanted):
                        return True
                elif file is None and read.path in _paths(output):
                    return True
            elif isinstance(expression, Join) and file is not None:
                below = self.folder_of(expression, output, file)
                if below is not None and below.step == producer:
                    return True
        return False

    def upstream(self, name: str) -> tuple[str, ...]:
        """Every step that has to come before a step, directly or through others, in order."""
        return self._closure(name, self.predecessors)

    def downstream(self, name: str) -> tuple[str, ...]:
        """Every step that comes after a step, directly or through others, in order."""
        successors: dict[str, list[str]] = {step: [] for step in self.steps}
        for step, before in self.predecessors.items():
            for one in before:
                successors[one].append(step)
        return self._closure(name, successors)

    def _closure(self, name: str, edges: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
        found: set[str] = set()
        todo = list(edges[name])
        while todo:
            step = todo.pop()
            if step not in found:
                found.add(step)
                todo.extend(edges[step])
        return tuple(step for step in self.order if step in found and step != name)

    def _steps_read(self, name: str) -> Iterator[str]:
        for read in self.properties(name):
            yield read.step
            if read.loop is not None:
                yield read.loop

    def _before(self, name: str) -> Iterator[str]:
        """The steps that a step waits for directly: what it reads, ``after=``, and what it stands in."""
        around = [scope.step for scope in self.steps[name].scope]
        waited = dict.fromkeys((*self.read_steps(name), *self.awaited(name), *around[-1:]))
        found: dict[str, None] = {}
        for step in waited:
            # A loop has ended when every step of its body has; in the body it has only begun.
            inside = () if step in around else self._bodies.get(step, ())
            found |= dict.fromkeys((step, *inside))
        return (step for step in found if step in self.steps and step != name)

    def _ordered(self) -> Iterator[str]:
        """Every step after those that it waits for, otherwise as in the definition."""
        place = {name: index for index, name in enumerate(self.steps)}
        names = list(self.steps)
        open_ = {name: len(set(before)) for name, before in self.predecessors.items()}
        successors: dict[str, list[str]] = {name: [] for name in names}
        for name, before in self.predecessors.items():
            for one in dict.fromkeys(before):
                successors[one].append(name)
        ready = [place[name] for name, count in open_.items() if count == 0]
        heapq.heapify(ready)
        done: set[str] = set()
        while ready:
            name = names[heapq.heappop(ready)]
            done.add(name)
            yield name
            for after in successors[name]:
                open_[after] -= 1
                if open_[after] == 0:
                    heapq.heappush(ready, place[after])
        # Steps that wait for each other, which no pipeline that was built has.
        yield from (name for name in names if name not in done)


def _selected(step: Step) -> str | None:
    """The step of the body of a loop by which the loop picks an iteration; None where it picks none."""
    for expression in _expressions(step) if step.branches else ():
        read = target(expression) if isinstance(expression, Get) else None
        if isinstance(read, IterationOutputReference):
            return read.step
    return None


def _expressions(step: Step) -> tuple[Expression, ...]:
    return tuple(found for _, found in expressions_in(step.own))


def _paths(output: OutputSpec) -> tuple[str, ...]:
    """The property paths that an output is, or is composed of."""
    if output.property_path is not None:
        return (plain_path(output.property_path),)
    if output.value is None:
        return ()
    return tuple(plain_path(hole.path) for hole in walk(output.value) if isinstance(hole, PropertyHole))
