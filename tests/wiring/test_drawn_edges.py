"""DAG files from outside in which an equal name farther back, or two guesses, stood before what an edge says."""

import json
from pathlib import Path

import pytest

from smgen.documents import JsonObject, object_at, objects_at
from tests.cli.command_line import smgen
from tests.wiring.corpus import DATA

CASES = DATA / "drawn"


def ports(dag: Path, contracts: Path) -> dict[str, str]:
    """What became of each port: its source, or its state with the candidates."""
    result = smgen("resolve", str(dag), "--contracts", str(contracts), "--format", "json", cwd=CASES)
    told: dict[str, str] = {}
    for item in objects_at(json.loads(result.out), "ports"):
        name = f"{item['step']}.{item['port']}"
        if item["state"] == "bound":
            told[name] = f"{output(object_at(item, 'source'))} ({item['certainty']})"
        else:
            told[name] = " ".join((str(item["state"]), *map(output, objects_at(item, "candidates"))))
    return told


def output(source: JsonObject) -> str:
    return f"{source['step']}.{source['output']}"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            "dead-edge-anonymized",
            {"Anonymize.data": "Load.data (named)", "Share.data": "Anonymize.anonymous_rows (carried)"},
        ),
        (
            "dead-edge-compressed",
            {"Compress.model": "Train.model (named)", "Deploy.model": "Compress.compressed_model (carried)"},
        ),
    ],
)
def test_a_drawn_edge_is_never_walked_past(case: str, expected: dict[str, str]) -> None:
    assert ports(CASES / case / "dag.json", CASES / case / "contracts") == expected


@pytest.mark.parametrize(
    ("dag", "guess"), [("m4", "ambiguous Fit.scaler Fit.scaled_data Split.raw_rows"), ("m7", "open")]
)
def test_guesses_do_not_outvote_a_certain_binding(dag: str, guess: str) -> None:
    found = ports(CASES / "outvoted" / f"{dag}.json", CASES / "outvoted" / "contracts")
    assert found == {
        "Apply.raw_rows": "Split.raw_rows (named)",
        "Apply.scaler": "Fit.scaler (certain)",
        "Apply.artifacts": guess,
    }
