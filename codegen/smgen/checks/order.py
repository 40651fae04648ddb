"""What waits for what in a pipeline: through references, DependsOn, branches and loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from smgen.checks.uses import Use
from smgen.definition import Step
from smgen.documents import append_pointer
from smgen.expressions import PropertyFileReference, StepReference
from smgen.wiring import components, shortest_cycle

_VISITS: Final = 2_000_000
"""How many steps are visited for all questions of one definition together: a bound for hostile ones."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One reason why a step waits for another, and where it stands; ``path`` is the property that it reads.

    ``pointer`` is None where the place of the step itself is the reason (it stands in a branch or a loop).
    """

    reader: Step
    step: Step
    pointer: str | None
    reason: Literal["branches", "body", "held", "property", "order"]
    path: str = ""

    @property
    def words(self) -> str:
        """The reason in words that follow the reader's name."""
        name = self.step.name
        if self.reason == "held":
            return f"waits for {name} in its body"
        if self.reason == "order":
            return f"depends on {name}"
        if self.reason == "property":
            return f"reads {self.path} of {name}" if self.path else f"reads {name}"
        return f"stands in the {self.reason} of {name}"


@dataclass(frozen=True, slots=True)
class _Edge:
    to: int
    wait: Wait | None


class Order:
    """The waits of a definition.

    A ForEach step is two nodes: its start, for which its body waits, and its end, which waits for its body. A step in
    a branch waits for its Condition step.
    """

    def __init__(
        self, steps: tuple[Step, ...], uses: tuple[Use, ...], meant: Callable[[str, Step | None], Step | None]
    ) -> None:
        """Take all steps, all expressions, and what tells which step a name means for a reader."""
        self._steps = steps
        self._meant = meant
        self._ends = {step.pointer: number for number, step in enumerate(steps)}
        self._starts: dict[str, int] = {}
        self._of_node = list(steps)
        for step in steps:
            if any(branch.name == "body" for branch in step.branches):
                self._starts[step.pointer] = len(self._of_node)
                self._of_node.append(step)
        self._edges: list[list[_Edge]] = [[] for _ in self._of_node]
        self._add_inner_steps()
        self._add_explicit_waits(uses)
        groups = components([[edge.to for edge in edges] for edges in self._edges])
        #: The number of each node's component.
        self._components = {node: number for number, group in enumerate(groups) for node in group}
        self._visits = _VISITS
        self._known: dict[int, frozenset[int]] = {}

    def in_one_cycle(self, one: Step, other: Step) -> bool:
        """Whether each of two steps waits for the other."""
        return (
            one is not other
            and self._components[self._ends[one.pointer]] == (self._components[self._ends[other.pointer]])
        )

    def waits_for(self, reader: Step, step: Step) -> bool:
        """Whether a step waits for another, directly or through others; False after very many questions."""
        start = self._ends[reader.pointer]
        if start not in self._known:
            self._known[start] = self._reached(start)
        return self._ends[step.pointer] in self._known[start]

    def cycles(self) -> Iterator[tuple[Wait, ...]]:
        """One shortest cycle of each knot of steps that wait for each other, from its first step in the document."""
        members: dict[int, list[int]] = {}
        for node in range(len(self._edges)):
            members.setdefault(self._components[node], []).append(node)
        for first, *others in members.values():
            if others or any(edge.to == first for edge in self._edges[first]):
                yield tuple(self._shortest_cycle(first))

    def _reached(self, start: int) -> frozenset[int]:
        reached: set[int] = set()
        todo = [start]
        while todo and self._visits > 0:
            node = todo.pop()
            for edge in self._edges[node]:
                self._visits -= 1
                if edge.to not in reached:
                    reached.add(edge.to)
                    todo.append(edge.to)
        return frozenset(reached)

    def _shortest_cycle(self, first: int) -> Iterator[Wait]:
        component = self._components[first]

        def following(node: int) -> list[int]:
            return [edge.to for edge in self._edges[node] if self._components[edge.to] == component]

        for node, to in pairwise(shortest_cycle(first, following)):
            wait = next(edge.wait for edge in self._edges[node] if edge.to == to)
            if wait is not None:
                yield wait

    def _add_inner_steps(self) -> None:
        holders: dict[str, tuple[Step, bool]] = {}
        for step in self._steps:
            for branch in step.branches:
                holders.update((inner.pointer, (step, branch.name == "body")) for inner in branch.steps)
        for step in self._steps:
            here = self._ends[step.pointer]
            # The start of a loop belongs to the loop; joining the two is no wait of its own.
            if step.pointer in self._starts:
                self._edges[here].append(_Edge(self._starts[step.pointer], None))
            entry = self._starts.get(step.pointer, here)
            around = holders.get(step.pointer)
            if around is not None:
                holder, in_body = around
                wait = Wait(step, holder, None, "body" if in_body else "branches")
                node = self._starts[holder.pointer] if in_body else self._ends[holder.pointer]
                self._edges[entry].append(_Edge(node, wait))
            while around is not None:
                holder, in_body = around
                if in_body:
                    # A loop around this one waits for this one's end, and so for the step.
                    self._edges[self._ends[holder.pointer]].append(_Edge(here, Wait(holder, step, None, "held")))
                    break
                around = holders.get(holder.pointer)

    def _add_explicit_waits(self, uses: tuple[Use, ...]) -> None:
        for use in uses:
            if use.step is None or not isinstance(use.target, (StepReference, PropertyFileReference)):
                continue
            step = self._meant(use.target.step, use.step)
            if step is not None:
                of = use.target
                path = f"PropertyFiles.{of.property_file}" if isinstance(of, PropertyFileReference) else of.path
                self._add(use.step, step, Wait(use.step, step, append_pointer(use.pointer, "Get"), "property", path))
        for reader in self._steps:
            for dependency in reader.depends_on:
                step = self._meant(dependency.step, reader)
                if step is not None:
                    self._add(reader, step, Wait(reader, step, dependency.pointer, "order"))

    def _add(self, reader: Step, step: Step, wait: Wait) -> None:
        node = self._ends[reader.pointer]
        start = self._starts.get(reader.pointer)
        selector = f"{reader.pointer}/Arguments/Selector/"
        if start is not None and not (wait.pointer or "").startswith(selector):
            node = start
        self._edges[node].append(_Edge(self._ends[step.pointer], wait))
