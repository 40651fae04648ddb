"""The recorded definitions, imported: each gives itself again, in one environment and in three, and clean types."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from smgen.documents import JsonObject, JsonValue
from smgen.importer import ImportedPipeline
from tests.importer.round_trip import Built, moved, recorded, round_trip

#: The pipeline's name where the definition says it, in the places that steps write to.
NAMES: Final = {"01": "AbalonePipeline", "03": "lambda-step-pipeline11-23-14-14-53", "05": "Pipeline"}

#: Another account, and a third one: region, bucket, role, registry, groups and the size of machines are others.
PROD: Final = {
    "111122223333": "444455556666",
    "us-east-1": "eu-west-1",
    "sagemaker-samples-files": "prod-files",
    "SageMakerPipeline": "ProdPipeline",
    "683313688378": "141502667606",
    "my-model-package-group": "prod-models",
    "ml.m5.xlarge": "ml.m5.4xlarge",
}
TEST: Final = {
    "111122223333": "777788889999",
    "us-east-1": "ap-south-1",
    "sagemaker-samples-files": "test-files",
    "683313688378": "720646828776",
    "my-model-package-group": "test-models",
}


@dataclass(frozen=True)
class Counts:
    """What became of a definition; ``raw`` are the plain values that stay in the requests of the contracts."""

    contracts: int
    ports: int
    settings: int
    raw: int
    guesses: int
    hidden_edges: int
    normalisations: dict[str, int]


PINNED: Final = {
    "01": Counts(contracts=6, ports=10, settings=21, raw=55, guesses=1, hidden_edges=1, normalisations={"N1": 4}),
    "02": Counts(contracts=4, ports=5, settings=15, raw=25, guesses=1, hidden_edges=0, normalisations={"N5": 1}),
    "03": Counts(contracts=5, ports=6, settings=20, raw=39, guesses=0, hidden_edges=0, normalisations={"N1": 4}),
    "04": Counts(contracts=5, ports=6, settings=21, raw=67, guesses=0, hidden_edges=0, normalisations={"N1": 4}),
    "05": Counts(contracts=5, ports=13, settings=27, raw=87, guesses=2, hidden_edges=1, normalisations={"N1": 6}),
    "06": Counts(
        contracts=4, ports=0, settings=37, raw=121, guesses=0, hidden_edges=0, normalisations={"N5": 1, "N6": 1}
    ),
    "07": Counts(contracts=4, ports=4, settings=11, raw=13, guesses=0, hidden_edges=0, normalisations={}),
    "08": Counts(contracts=4, ports=6, settings=13, raw=15, guesses=0, hidden_edges=0, normalisations={"N1": 1}),
}


def _counted(built: Built) -> Counts:
    pipeline = built.pipeline
    documents = pipeline.contracts.values()
    return Counts(
        len(pipeline.contracts),
        sum(len(_members(document, "inputs")) for document in documents),
        sum(len(_members(document, "settings")) for document in documents),
        sum(_raw_leaves(document["request"]) + _raw_leaves(document.get("step_fields")) for document in documents),
        len(pipeline.guesses),
        len(pipeline.hidden_edges),
        dict(built.counts),
    )


def _members(document: JsonObject, name: str) -> JsonObject:
    found = document.get(name, {})
    assert isinstance(found, dict)
    return found


def _raw_leaves(value: JsonValue) -> int:
    if isinstance(value, dict):
        return 0 if any(key.startswith("$") for key in value) else sum(map(_raw_leaves, value.values()))
    return sum(map(_raw_leaves, value)) if isinstance(value, list) else 1


def _imported(folder: Path, case: str) -> Built:
    return round_trip(folder, {"dev": recorded(case)}, NAMES.get(case, "Imported"))


@pytest.mark.parametrize("case", [f"{number:02}" for number in range(1, 9)])
def test_it_gives_itself_again(case: str, tmp_path: Path) -> None:
    built = _imported(tmp_path, case)

    assert built.comparison("dev").differences == ()
    assert _counted(built) == PINNED[case]


@pytest.mark.parametrize("case", [f"{number:02}" for number in range(1, 9)])
def test_it_gives_each_of_three_environments(case: str, tmp_path: Path) -> None:
    dev = recorded(case)
    documents = {"dev": dev, "prod": moved(dev, PROD), "test": moved(dev, TEST)}
    built = round_trip(tmp_path, documents, NAMES.get(case, "Imported"))

    for environment in documents:
        assert built.comparison(environment).differences == ()
    for text in ("444455556666", "eu-west-1", "prod-files", "777788889999", "test-files", "111122223333"):
        assert text not in built.module, "a value of one environment stands in the code"


def test_the_modules_are_clean_under_both_type_checkers(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    for number in range(1, 9):
        case = f"{number:02}"
        dev = recorded(case)
        built = round_trip(tmp_path / case, {"dev": dev, "prod": moved(dev, PROD)}, NAMES.get(case, "Imported"))
        for entry in built.folder.iterdir():
            # What Python keeps of a module lies beside it, wherever it may.
            if entry.name != "__pycache__" and entry.name != "contract_specs":
                entry.rename(folder / entry.name)
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")

    modules = sorted(entry.name for entry in folder.glob("*_pipeline.py"))
    assert len(modules) == 8
    python = sys.executable
    mypy = subprocess.run([python, "-m", "mypy", "--strict", *modules], cwd=folder, capture_output=True, text=True)
    assert mypy.stdout.strip() == "Success: no issues found in 8 source files", mypy.stdout
    command = [python, "-m", "pyright", "--pythonpath", python, "."]
    pyright = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert pyright.stdout.strip().endswith("0 errors, 0 warnings, 0 informations"), pyright.stdout


def _step(pipeline: ImportedPipeline, contract: str) -> JsonObject:
    return pipeline.contracts[contract]


def test_a_recorded_hidden_edge_is_told_with_its_edit(tmp_path: Path) -> None:
    (edge,) = _imported(tmp_path, "01").pipeline.hidden_edges

    assert (edge.step, edge.port) == ("AbaloneRegisterModel-RegisterModel", "model_statistics")
    assert (edge.edge.step, edge.edge.attribute) == ("AbaloneEval", "evaluation_report")


def test_the_best_models_of_a_tuning_job_are_outputs(tmp_path: Path) -> None:
    built = _imported(tmp_path, "04")

    assert list(_members(_step(built.pipeline, "HpTuning"), "outputs")) == [
        "best_training_job_name",
        "tuning_job_name",
        "best_model",
        "second_best_model",
    ]
    assert "model=hp_tuning_step.best_model" in built.module
    assert "model=hp_tuning_step.second_best_model" in built.module


def test_two_steps_that_differ_in_a_value_share_a_contract(tmp_path: Path) -> None:
    pipeline = _imported(tmp_path, "04").pipeline

    assert _step(pipeline, "CreateBestModel")["description"] == (
        "Model steps 'CreateBestModel-CreateModel', 'CreateSecondBestModel-CreateModel'."
    )


def test_a_step_may_stand_behind_one_that_reads_it(tmp_path: Path) -> None:
    built = _imported(tmp_path, "08")

    names = [step.name for step in built.definitions["dev"].steps]
    assert names[2:] == ["MonitorCustomerChurnDataQuality-transform", "MonitorCustomerChurnDataQuality-monitoring"]
    assert "p.list_steps(" in built.module
