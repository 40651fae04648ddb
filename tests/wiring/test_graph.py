"""PipelineDAG: order, groups, paths, cycles, and the findings of a graph."""

import pytest
from hypothesis import given, strategies as st

from smgen.contracts import PropertyReference
from smgen.diagnostics import FindingsError
from smgen.wiring import Given, PipelineDAG
from tests.wiring.samples import TYPES, contract

LOAD = contract("Load", outputs={"raw": {}})
TRAIN = contract("Train", {"raw": {}}, {"model": {"type": "Model"}})
CHECK = contract("Check", {"model": {"type": "Model"}, "raw": {}, "note": {"required": False}})


def diamond() -> PipelineDAG:
    return PipelineDAG(["d", "c", "b", "a"], [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])


def test_names_and_edges_come_in_the_order_of_the_steps() -> None:
    dag = diamond()
    assert dag.nodes == ("d", "c", "b", "a")
    assert dag.edges == (("c", "d"), ("b", "d"), ("a", "c"), ("a", "b"))
    assert dag.predecessors("d") == ("c", "b")
    assert dag.successors("a") == ("c", "b")


def test_the_execution_order_keeps_the_order_of_the_steps_among_equals() -> None:
    assert diamond().execution_order() == ("a", "c", "b", "d")
    assert PipelineDAG(["z", "y", "x"], []).execution_order() == ("z", "y", "x")


def test_parallel_groups() -> None:
    assert diamond().parallel_groups() == (("a",), ("c", "b"), ("d",))


def test_the_critical_path() -> None:
    assert diamond().critical_path() == ("a", "c", "d")
    assert diamond().critical_path({"b": 2.5}) == ("a", "b", "d")
    assert PipelineDAG().critical_path() == ()


def test_cycles_are_paths() -> None:
    dag = PipelineDAG(["a", "b", "c"], [("a", "b"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "c")])
    assert dag.cycles() == (("a", "b", "a"), ("a", "b", "c", "a"), ("c", "c"))


def test_a_graph_with_a_cycle_has_no_order() -> None:
    dag = PipelineDAG(["a", "b"], [("a", "b"), ("b", "a")])
    for call in (dag.execution_order, dag.parallel_groups, dag.critical_path, dag.auto_resolve_dependencies):
        with pytest.raises(FindingsError) as caught:
            call()
        assert [item.rule for item in caught.value.findings] == ["SMG213"]
        assert caught.value.findings[0].message == "a waits for itself: a -> b -> a"


def test_dangling_edges_and_isolated_steps_are_findings() -> None:
    dag = PipelineDAG(["train", "check", "alone"], [("train", "check"), ("trian", "check")])
    assert dag.dangling_edges() == (("trian", "check"),)
    assert dag.isolated_nodes() == ("alone",)
    found = [(item.rule, item.given, item.nearest) for item in dag.validate()]
    assert found == [("SMG216", "trian", "train"), ("SMG217", None, None)]


def test_an_edge_may_come_before_its_step() -> None:
    dag = PipelineDAG([], [("a", "b")])
    dag.add_node("b")
    assert list(dag.edges) == []
    dag.add_node("a")
    assert list(dag.edges) == [("a", "b")]
    assert list(dag.dangling_edges()) == []


def test_a_single_step_is_not_isolated() -> None:
    assert PipelineDAG(["only"]).validate() == ()


def resolved() -> PipelineDAG:
    edges = [("load", "plain"), ("plain", "train"), ("train", "check"), ("load", "check")]
    dag = PipelineDAG(["load", "plain"], edges, artifact_types=TYPES)
    dag.register_step_specification("load", LOAD)
    dag.register_step_specification("train", TRAIN)
    dag.register_step_specification("check", CHECK)
    return dag


def test_ports_are_resolved_along_the_edges_also_through_steps_without_a_contract() -> None:
    dag = resolved()
    edges = dag.auto_resolve_dependencies()
    assert [
        (e.source_step, e.source_output.logical_name, e.target_step, e.target_dependency.logical_name) for e in edges
    ] == [
        ("load", "raw", "train", "raw"),
        ("train", "model", "check", "model"),
        ("load", "raw", "check", "raw"),
    ]
    assert {edge.confidence for edge in edges} == {1.0}
    assert edges[1].to_property_reference() == PropertyReference("train", TRAIN.output_ports["model"].output_spec)
    assert edges[0].to_property_reference().path == "Steps.load.ProcessingOutputConfig.Outputs['raw'].S3Output.S3Uri"
    assert list(dag.get_step_inputs("check")) == ["model", "raw"]
    assert dag.get_step_inputs("plain") == {}
    assert dag.validate() == ()


def test_given_ports_are_left_alone() -> None:
    dag = resolved()
    dag.auto_resolve_dependencies([Given("check", "raw")])
    assert list(dag.get_step_inputs("check")) == ["model"]


def test_a_change_of_the_graph_forgets_the_resolution() -> None:
    dag = resolved()
    dag.auto_resolve_dependencies()
    dag.add_edge("train", "new")
    assert dag.resolution is None
    assert dag.dependency_edges == ()


def test_a_required_port_that_nothing_feeds_is_a_finding_of_the_resolved_graph() -> None:
    dag = PipelineDAG(["train", "check"], [("check", "train")], artifact_types=TYPES)
    dag.register_step_specification("train", TRAIN)
    dag.register_step_specification("check", CHECK)
    dag.auto_resolve_dependencies()
    # `check.model` comes from outside: nothing runs before `check`. `train.raw` has a step before it without outputs.
    assert [item.place.step for item in dag.validate()] == []
    dag.register_step_specification("load", LOAD)
    dag.add_edge("train", "load")
    dag.auto_resolve_dependencies()
    assert [(item.rule, item.place.step, item.place.port) for item in dag.validate()] == [("SMG201", "train", "raw")]


Graphs = st.integers(1, 5).flatmap(
    lambda size: st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=12).map(
        lambda edges: (size, edges)
    )
)


def brute_cycles(size: int, edges: set[tuple[int, int]]) -> set[tuple[int, ...]]:
    """Every simple cycle from its smallest step, by trying every path."""
    found: set[tuple[int, ...]] = set()
    paths: list[tuple[int, ...]] = [(start,) for start in range(size)]
    while paths:
        path = paths.pop()
        for source, target in edges:
            if source != path[-1]:
                continue
            if target == path[0]:
                found.add((*path, target))
            elif target > path[0] and target not in path:
                paths.append((*path, target))
    return found


@given(Graphs)
def test_every_cycle_is_found(graph: tuple[int, list[tuple[int, int]]]) -> None:
    size, edges = graph
    dag = PipelineDAG([str(name) for name in range(size)], [(str(a), str(b)) for a, b in edges])
    found = [tuple(int(name) for name in path) for path in dag.cycles()]
    assert len(found) == len(set(found))
    assert set(found) == brute_cycles(size, set(edges))
