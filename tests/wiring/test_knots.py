"""Knots and cycles, held against networkx, which finds them as well and takes long to import."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from hypothesis import given, strategies as st

from smgen.wiring import components, knots, shortest_cycle

graphs = st.integers(1, 7).flatmap(
    lambda size: st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=24).map(
        lambda edges: (size, edges)
    )
)


def graph_of(size: int, edges: list[tuple[int, int]]) -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(edges)
    return graph


@given(graphs)
def test_components(given_graph: tuple[int, list[tuple[int, int]]]) -> None:
    size, edges = given_graph
    found = components([[target for source, target in edges if source == node] for node in range(size)])
    wanted = nx.strongly_connected_components(graph_of(size, edges))
    assert {frozenset(group) for group in found} == {frozenset(group) for group in wanted}
    place = {node: number for number, group in enumerate(found) for node in group}
    assert all(place[target] <= place[source] for source, target in edges)


@given(graphs)
def test_knots_and_their_shortest_cycles(given_graph: tuple[int, list[tuple[int, int]]]) -> None:
    size, edges = given_graph
    graph = graph_of(size, edges)
    groups = knots((str(source), str(target)) for source, target in edges)
    wanted = [group for group in nx.strongly_connected_components(graph) if len(group) > 1]
    assert {frozenset(group) for group in groups} == {frozenset(map(str, group)) for group in wanted}
    # A step that waits for itself alone is a cycle as well.
    cycles = [*nx.simple_cycles(graph)]
    for group in wanted:
        for node in group:
            cycle = shortest_cycle(node, lambda one: [*graph.successors(one)])
            assert (cycle[0], cycle[-1]) == (node, node)
            assert all(graph.has_edge(*pair) for pair in pairwise(cycle))
            assert len(cycle) - 1 == min(len(other) for other in cycles if node in other)


def test_a_long_chain_takes_no_recursion() -> None:
    size = 50_000
    assert len(components([[node + 1] for node in range(size - 1)] + [[0]])) == 1
    assert len(components([[node + 1] for node in range(size - 1)] + [[]])) == size
