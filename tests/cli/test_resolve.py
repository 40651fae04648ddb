"""`smgen resolve`: the table, its evidence, and bad DAG files."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import smgen
from tests.project.checkout import CHECKOUT

CONTRACTS = str(CHECKOUT / "contract_specs")

NODES = [
    {"name": "Load", "step": "DataLoad"},
    {"name": "Prepare", "step": "TabularPreprocessing"},
    {"name": "Train", "step": "XGBoostTraining"},
    {"name": "Evaluate", "step": "ModelEvaluation"},
]
EDGES = [["Load", "Prepare"], ["Prepare", "Train"], ["Prepare", "Evaluate"], ["Train", "Evaluate"]]


def write(folder: Path, value: object) -> None:
    (folder / "dag.json").write_text(json.dumps(value), encoding="utf-8")


def test_a_dag_resolves_without_python(tmp_path: Path) -> None:
    write(tmp_path, {"nodes": NODES, "edges": EDGES})
    result = smgen("resolve", "dag.json", "--contracts", CONTRACTS, cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "Load\n"
        "  - source_data      open: no step comes before it\n"
        "Prepare\n"
        "  = raw_data         Load.raw_data\n"
        "Train\n"
        "  = training_data    Prepare.processed_data\n"
        "  = validation_data  Prepare.validation_data\n"
        "Evaluate\n"
        "  = model            Train.model_artifacts\n"
        "  = test_data        Prepare.test_data\n"
        "\n"
        "5 bound, 0 ambiguous, 1 open\n"
    )


def test_the_evidence(tmp_path: Path) -> None:
    write(tmp_path, {"nodes": NODES[:2], "edges": EDGES[:1]})
    result = smgen("resolve", "dag.json", "--contracts", CONTRACTS, "--explain", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "Load\n"
        "  - source_data  open: no step comes before it\n"
        "Prepare\n"
        "  = raw_data     Load.raw_data  [certain: 145, ahead by 145]\n"
        "                  100  same name 'raw_data'\n"
        "                   15  lists the source 'DataLoad'\n"
        "                   30  direct edge\n"
        "\n"
        "1 bound, 0 ambiguous, 1 open\n"
    )


def test_an_ambiguous_port_is_a_finding(tmp_path: Path) -> None:
    nodes = [{"name": "First", "step": "XGBoostTraining"}, {"name": "Second", "step": "XGBoostTraining"}, NODES[3]]
    write(tmp_path, {"nodes": nodes, "edges": [["First", "Evaluate"], ["Second", "Evaluate"]]})
    result = smgen("resolve", "dag.json", "--contracts", CONTRACTS, cwd=tmp_path)
    assert result.code == 1
    assert "  ? model            two or more outputs fit as well; one of:\n" in result.out
    assert "First.model_artifacts" in result.out
    assert "Second.model_artifacts" in result.out
    assert "error SMG201 unresolved-auto: no producer of Evaluate.model is clear" in result.err


def rules(tmp_path: Path, value: object) -> list[tuple[str, str | None]]:
    write(tmp_path, value)
    result = smgen("resolve", "dag.json", "--contracts", CONTRACTS, "--format", "json", cwd=tmp_path)
    assert result.code == 1
    found = json.loads(result.out)["findings"]
    return [(item["rule"], item.get("nearest")) for item in found]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([], [("SMG104", None)]),
        ({}, [("SMG105", None), ("SMG105", None)]),
        ({"nodes": {}, "edges": [], "nods": 1}, [("SMG104", None), ("SMG103", "nodes")]),
        ({"nodes": [1, {"nam": "a"}], "edges": []}, [("SMG104", None), *[("SMG105", None)] * 2, ("SMG103", "name")]),
        ({"nodes": [{"name": "", "step": "DataLoad:"}], "edges": []}, [("SMG104", None)] * 2),
        ({"nodes": [{"name": "a", "step": "DataLaod"}], "edges": []}, [("SMG125", "DataLoad")]),
        ({"nodes": [NODES[0], NODES[0]], "edges": []}, [("SMG200", None)]),
        ({"nodes": NODES[:2], "edges": [["Load", "Prepar"]]}, [("SMG216", "Prepare")]),
        ({"nodes": NODES[:2], "edges": [["Load"], ["Load", 1], "Load"]}, [("SMG104", None)] * 3),
        ({"nodes": NODES[:2], "edges": [EDGES[0], EDGES[0][::-1]]}, [("SMG213", None)]),
    ],
)
def test_a_bad_dag_file_is_told_with_every_finding(
    tmp_path: Path, value: object, found: list[tuple[str, str | None]]
) -> None:
    assert sorted(rules(tmp_path, value), key=str) == sorted(found, key=str)


def test_a_finding_of_a_step_has_the_place_of_its_node(tmp_path: Path) -> None:
    nodes = [*NODES[:2], {"name": "Tune", "step": "XGBoostTraining"}, *NODES[2:]]
    write(tmp_path, {"nodes": nodes, "edges": [*EDGES, ["Prepare", "Tune"], ["Tune", "Evaluate"]]})
    result = smgen("resolve", "dag.json", "--contracts", CONTRACTS, "--format", "json", cwd=tmp_path)
    assert result.code == 1
    (finding,) = json.loads(result.out)["findings"]
    place = finding["place"]
    assert (place["file"], place["pointer"]) == ("dag.json", "/nodes/4")
    assert (place["step"], place["port"]) == ("Evaluate", "model")


def test_isolated_steps_are_a_warning(tmp_path: Path) -> None:
    write(tmp_path, {"nodes": [*NODES[:2], {"name": "Alone", "step": "DataLoad"}], "edges": EDGES[:1]})
    result = smgen("resolve", "dag.json", "--contracts", CONTRACTS, cwd=tmp_path)
    assert result.code == 0
    assert "warning SMG217 isolated-step: Alone has no edge to or from another step" in result.err


def test_a_machine_format_stands_alone_on_the_output(tmp_path: Path) -> None:
    write(tmp_path, {"nodes": NODES, "edges": EDGES})
    result = smgen("resolve", "dag.json", "--contracts", CONTRACTS, "--format", "json", cwd=tmp_path)
    assert result.code == 0
    assert json.loads(result.out)["findings"] == []


def test_a_missing_file_cannot_be_answered(tmp_path: Path) -> None:
    assert smgen("resolve", "no.json", "--contracts", CONTRACTS, cwd=tmp_path).code == 2
