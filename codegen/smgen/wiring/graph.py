"""The pipeline as a graph: nodes with or without contracts, plain edges, and port-typed edges once it is resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final

from smgen.contract_model import ArtifactTypes, PropertyReference, StepContract
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.wiring.resolution import DependencyEdge, Given, Resolution, WiredStep
from smgen.wiring.resolver import UnifiedDependencyResolver

if TYPE_CHECKING:
    import networkx as nx

_MOST_CYCLES: Final = 100
"""How many cycles of one knot of steps are told; a knot may have more of them than anybody can read."""


class PipelineDAG:
    """Steps by name and the edges along which data may flow between them.

    Nodes may have a contract (:meth:`register_step_specification`) or none. Whatever has no order of its own comes in
    the order in which the nodes were added. Edges to unknown steps are kept and told by :meth:`validate`.
    """

    def __init__(
        self,
        nodes: Iterable[str] = (),
        edges: Iterable[tuple[str, str]] = (),
        *,
        artifact_types: ArtifactTypes | None = None,
        resolver: UnifiedDependencyResolver | None = None,
    ) -> None:
        import networkx as nx

        self._graph: nx.DiGraph[str] = nx.DiGraph()
        self._dangling: dict[tuple[str, str], None] = {}
        self._steps: dict[str, WiredStep] = {}
        self._resolver = UnifiedDependencyResolver(artifact_types) if resolver is None else resolver
        self._resolution: Resolution | None = None
        for node in nodes:
            self.add_node(node)
        for source, target in edges:
            self.add_edge(source, target)

    # Building -------------------------------------------------------------------------------------------------------

    def add_node(self, name: str) -> None:
        """Adds a step without a contract; a step that is there already stays as it is."""
        if name in self._graph:
            return
        self._graph.add_node(name)
        for source, target in [edge for edge in self._dangling if name in edge]:
            if source in self._graph and target in self._graph:
                del self._dangling[source, target]
                self._graph.add_edge(source, target)
        self._resolution = None

    def add_edge(self, source: str, target: str) -> None:
        """Adds an edge; where a step is not known yet, the edge is dangling until it is added."""
        if source in self._graph and target in self._graph:
            self._graph.add_edge(source, target)
        else:
            self._dangling[source, target] = None
        self._resolution = None

    def register_step_specification(
        self, step_name: str, specification: StepContract, *, job_type: str | None = None, step_type: str = ""
    ) -> None:
        """Gives a step its contract, and adds the step if it is not there; a later call replaces the contract."""
        self.add_node(step_name)
        self._steps[step_name] = WiredStep(step_name, specification, job_type, step_type)
        self._resolution = None

    # Structure ------------------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> tuple[str, ...]:
        """The names of the steps, in the order in which they were added."""
        return tuple(self._graph)

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """The edges between known steps, by the order of their source and then of their target."""
        index = self._index()
        return tuple(sorted(self._graph.edges, key=lambda edge: (index[edge[0]], index[edge[1]])))

    @property
    def step_specifications(self) -> Mapping[str, StepContract]:
        """The contracts by step; steps without one are not in it."""
        return {name: self._steps[name].contract for name in self._graph if name in self._steps}

    @property
    def dependency_edges(self) -> tuple[DependencyEdge, ...]:
        """The port-typed edges of the last resolution; empty before :meth:`auto_resolve_dependencies`."""
        return () if self._resolution is None else self._resolution.edges()

    @property
    def resolution(self) -> Resolution | None:
        """The last resolution with its evidence; None before it, and after a change of the graph."""
        return self._resolution

    def predecessors(self, name: str) -> tuple[str, ...]:
        """The steps with an edge to this one; KeyError for an unknown step."""
        return self._ordered(self._graph.pred[name])

    def successors(self, name: str) -> tuple[str, ...]:
        """The steps with an edge from this one; KeyError for an unknown step."""
        return self._ordered(self._graph.succ[name])

    def execution_order(self) -> tuple[str, ...]:
        """Every step after those that it waits for, otherwise as added. FindingsError (SMG213) for a cycle."""
        import networkx as nx

        self._refuse_cycles()
        index = self._index()
        return tuple(nx.lexicographical_topological_sort(self._graph, key=index.__getitem__))

    def parallel_groups(self) -> tuple[tuple[str, ...], ...]:
        """The steps in rounds: each group waits only for the groups before it. FindingsError (SMG213) for a cycle."""
        import networkx as nx

        self._refuse_cycles()
        return tuple(self._ordered(group) for group in nx.topological_generations(self._graph))

    def critical_path(self, durations: Mapping[str, float] | None = None) -> tuple[str, ...]:
        """The chain of steps that takes longest; of equal ones the first in the order of the steps.

        ``durations`` are in any one unit, and 1 for a step that is not in it. FindingsError (SMG213) for a cycle.
        """
        lasts: Mapping[str, float] = {} if durations is None else durations
        index = self._index()
        length: dict[str, float] = {}
        before: dict[str, str | None] = {}
        for name in self.execution_order():
            sources = self._ordered(self._graph.pred[name])
            last = max(sources, key=lambda source: (length[source], -index[source]), default=None)
            length[name] = lasts.get(name, 1.0) + (0.0 if last is None else length[last])
            before[name] = last
        end = max(length, key=lambda name: (length[name], -index[name]), default=None)
        path: list[str] = []
        while end is not None:
            path.append(end)
            end = before[end]
        return tuple(reversed(path))

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """Every cycle as a path whose last step is its first one, at most 100 for each knot of steps.

        A cycle starts at its first step in the order of the steps; a step with an edge to itself is a cycle too.
        """
        return tuple(sorted(self._cycles(), key=lambda path: [self._index()[name] for name in path]))

    def _cycles(self) -> Iterator[tuple[str, ...]]:
        import networkx as nx

        names = self.nodes
        index = self._index()
        # Over numbers, because networkx walks through sets, and the order of a set of texts differs between runs.
        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(range(len(names)))
        graph.add_edges_from((index[source], index[target]) for source, target in self.edges)
        for knot in sorted(nx.strongly_connected_components(graph), key=min):
            if len(knot) == 1 and not graph.has_edge(*knot, *knot):
                continue
            for cycle in islice(nx.simple_cycles(graph.subgraph(sorted(knot)).copy()), _MOST_CYCLES):
                first = cycle.index(min(cycle))
                path = [*cycle[first:], *cycle[: first + 1]]
                yield tuple(names[number] for number in path)

    def dangling_edges(self) -> tuple[tuple[str, str], ...]:
        """The edges that name a step which is not there, as they were added."""
        return tuple(self._dangling)

    def isolated_nodes(self) -> tuple[str, ...]:
        """The steps without any edge, in a pipeline of more than one step."""
        if len(self._graph) < 2:
            return ()
        return tuple(name for name in self._graph if not self._graph.pred[name] and not self._graph.succ[name])

    # Ports ----------------------------------------------------------------------------------------------------------

    def auto_resolve_dependencies(self, given: Iterable[Given] = ()) -> tuple[DependencyEdge, ...]:
        """Resolves every port of the steps with contracts along the edges, and keeps the resolution.

        ``given`` are ports that have their source already. FindingsError (SMG213) where there is a cycle; ports that
        could not be bound are in :attr:`resolution`.
        """
        self._refuse_cycles()
        steps = [self._steps[name] for name in self._graph if name in self._steps]
        self._resolution = self._resolver.resolve(steps, self.edges, given=given)
        return self._resolution.edges()

    def get_step_inputs(self, step: str) -> dict[str, PropertyReference]:
        """The reference that feeds each bound port of a step; of a port that takes many, the first."""
        found: dict[str, PropertyReference] = {}
        for edge in self.dependency_edges:
            if edge.target_step == step:
                found.setdefault(edge.target_dependency.logical_name, edge.to_property_reference())
        return found

    def validate(self) -> tuple[Finding, ...]:
        """What is wrong with the graph (SMG213, SMG216, SMG217) and, once it is resolved, with its ports (SMG201)."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for source, target in self._dangling:
            for name in dict.fromkeys((source, target)):
                if name not in self._graph:
                    yield Finding(
                        "SMG216",
                        f"the edge from {source} to {target} names a step that is not there",
                        Place(step=name),
                        given=name,
                        expected=", ".join(self._graph) or "a step of the pipeline",
                        nearest=nearest_name(name, self._graph),
                        fix="add the step, or put the edge right",
                    )
        yield from self._cycle_findings()
        for name in self.isolated_nodes():
            yield Finding(
                "SMG217",
                f"{name} has no edge to or from another step",
                Place(step=name),
                fix="add the edges of its data, or leave the step out",
            )
        if self._resolution is not None:
            yield from self._resolution.findings(entries=False)

    def _cycle_findings(self) -> Iterator[Finding]:
        for cycle in self.cycles():
            yield Finding(
                "SMG213",
                f"{cycle[0]} waits for itself: {' -> '.join(cycle)}",
                Place(step=cycle[0]),
                expected="steps that can run one after the other",
                fix="remove one of these edges",
            )

    def _refuse_cycles(self) -> None:
        import networkx as nx

        if not nx.is_directed_acyclic_graph(self._graph):
            raise FindingsError(self._cycle_findings())

    def _index(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._graph)}

    def _ordered(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(names, key=self._index().__getitem__))
