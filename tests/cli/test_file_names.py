"""Names that become files: of contracts and their modules, of packed and written files, of pipelines and imports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.documents import JsonObject
from tests.cli.command_line import smgen
from tests.source.script_contracts import processing, write_script

FAIL: JsonObject = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}}


def told(folder: Path, *arguments: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and what is found: each rule with what was given."""
    result = smgen(*arguments, "--format", "json", cwd=folder)
    return result.code, [(item["rule"], item["given"]) for item in json.loads(result.out)["findings"]]


def test_files_of_contracts_of_sources_and_of_outputs(tmp_path: Path) -> None:
    output: JsonObject = {
        "type": "Report",
        "local_path": "/opt/ml/processing/evaluation",
        "files": {
            name: {"path": path, "type": "Report", "schema": {"type": "object", "properties": {}}}
            for name, path in (("one", "Metrics.json"), ("two", "metrics.json"), ("three", "nul.json"))
        },
    }
    whole: JsonObject = {"dir": "job", "entry": "run.py", "pack": "folder"}
    contract = processing(outputs={"evaluation": output}, source=whole)
    folder = tmp_path / "specs"
    folder.mkdir()
    write_script(folder, contract, {"run.py": "", "RUN.py": "", "con.py": "", "é.txt": "", "e\u0301.txt": ""})
    (folder / "step.json").rename(folder / "aux.json")
    code, found = told(tmp_path, "validate", "--contracts", "specs")
    names = [given for rule, given in found if rule == "SMG146"]
    assert sorted(names) == sorted(["aux.json", "metrics.json", "nul.json", "con.py", "run.py", "é.txt"])
    assert code == (1 if {rule for rule, _ in found} - {"SMG146", "SMG278", "SMG279", "SMG277"} else 0)


@pytest.mark.parametrize("name", ["Con", "Aux", "NUL", "Prn", "Com1", "Lpt9"])
def test_a_contract_whose_module_is_a_device(tmp_path: Path, name: str) -> None:
    contract = processing(name=name)
    write_script(tmp_path, contract, {"run.py": ""})
    code, found = told(tmp_path, "validate", "--contracts", ".")
    assert code == 1
    assert ("SMG106", name) in found


def test_pipelines_of_a_project(tmp_path: Path) -> None:
    module = "def one(p, env):\n    p.fail('Stop', 'x')\n"
    (tmp_path / "pipelines.py").write_text(module, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        "[tool.smgen.pipelines]\n"
        + "".join(f'{name} = "pipelines.py:one"\n' for name in ("Fraud", "fraud", "aux", "Other"))
        + '[tool.smgen.environments.dev]\nrole = "arn:aws:iam::111122223333:role/dev"\n',
        encoding="utf-8",
    )
    code, found = told(tmp_path, "lint")
    assert (code, found) == (0, [("SMG146", "fraud"), ("SMG146", "aux")])


def test_what_an_import_writes(tmp_path: Path) -> None:
    for name in ("Fraud", "fraud", "Con"):
        definition = json.dumps({"Version": "2020-12-01", "Steps": [FAIL]})
        answer = {"PipelineName": name, "PipelineDefinition": definition}
        (tmp_path / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    code, found = told(tmp_path, "import", "Fraud.json", "fraud.json", "Con.json", "-o", "p")
    # What smgen itself names is told apart; the copies are called as their pipelines are.
    assert sorted(path.name for path in (tmp_path / "p/pipelines").iterdir()) == [
        "con_pipeline.py",
        "fraud.py",
        "fraud_2.py",
    ]
    assert code == 0
    assert {rule for rule, _ in found} == {"SMG146"}
    assert {given.rpartition("/")[2] for _, given in found} == {
        "Con.default.json",
        "Con.md",
        "fraud.default.json",
        "fraud.md",
    }


def test_a_step_that_is_called_like_a_device_gets_another_contract(tmp_path: Path) -> None:
    recorded = json.loads((Path(__file__).parents[1] / "data/corpus/01-abalone-train-eval-transform.json").read_text())
    text = json.dumps(recorded["definition"]).replace("AbaloneTrain", "Con")
    assert text != json.dumps(recorded["definition"])
    (tmp_path / "d.json").write_text(text, encoding="utf-8")
    result = smgen("import", "d.json", "--name", "Abalone", "-o", "p", cwd=tmp_path)
    assert result.code == 0, result.err
    assert "con_step.json" in {path.name for path in (tmp_path / "p/contract_specs").iterdir()}
