"""``--from-sdk MODULE:FUNCTION`` runs a team's own function, and takes the code that its objects name."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smgen.documents import JsonObject, json_at
from tests.cli.command_line import Result, smgen
from tests.importer.filled_corpus import filled

#: What the SDK's classes look like from outside: a name, a definition, and steps with what they were made of.
SDK = '''
import json
from pathlib import Path


class Processor:
    def __init__(self, code):
        self.code = code
        self.sagemaker_session = Session(self)

    def run(self):
        pass


class Session:
    def __init__(self, processor):
        self.code = "elsewhere.py"
        self.processor = processor


class Call:
    """A request that is made later: the SDK keeps the bound method."""

    def __init__(self, processor):
        self.func = processor.run


class Pipeline:
    def __init__(self, name, codes):
        self.name = name
        self.steps = [[Call(Processor(code))] for code in codes]

    def definition(self):
        return Path("definition.json").read_text()
'''
BUILD = """
from sdk_like import Pipeline


def build():
    return Pipeline("Abalone", ["steps/evaluation.py", "s3://bucket/other.py", "steps/missing.py", 1])


def nothing():
    return 1


def broken():
    raise KeyError("bucket")
"""


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Path]:
    """A team's folder: its modules, its steps, and another script of the same name."""
    (tmp_path / "definition.json").write_text(json.dumps(filled("01")), encoding="utf-8")
    (tmp_path / "sdk_like.py").write_text(SDK, encoding="utf-8")
    (tmp_path / "team_pipelines.py").write_text(BUILD, encoding="utf-8")
    for folder in ("steps", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "evaluation.py").write_text(f"print({folder!r})\n", encoding="utf-8")
    before = {*sys.modules}
    yield tmp_path
    for name in {"sdk_like", "team_pipelines"} - before:
        sys.modules.pop(name, None)


def _imported(team: Path, function: str, *more: str) -> Result:
    return smgen("import", "--from-sdk", function, "-o", "project", "--format", "json", *more, cwd=team)


def test_the_code_is_the_one_that_the_objects_name(team: Path) -> None:
    # By its name alone the script could be either.
    result = _imported(team, "team_pipelines:build", "--source-root", ".")

    assert (result.code, result.err) == (0, "")
    report: JsonObject = json.loads(result.out)
    assert json_at(report, "pipelines", 0, "pipeline") == "Abalone"
    assert json_at(report, "pipelines", 0, "environments", 0, "source") == "sdk:Abalone"
    (script,) = (team / "project" / "contract_specs").rglob("evaluation.py")
    assert script.read_text() == "print('steps')\n"


@pytest.mark.parametrize(
    ("function", "message", "given", "place"),
    [
        ("team_pipelines", "'team_pipelines' names no function", "team_pipelines", None),
        ("team_pipelines:biuld", "team_pipelines has no function biuld", "biuld", None),
        ("team_pipelines:nothing", "team_pipelines:nothing gives no pipeline of the SDK", "int", None),
        ("team_pipelines:broken", "team_pipelines:broken raised an exception", "KeyError: 'bucket'", 14),
        ("no_such_module:build", "no_such_module:build raised an exception", None, None),
    ],
)
def test_what_is_wrong_is_one_finding(
    team: Path, function: str, message: str, given: str | None, place: int | None
) -> None:
    result = _imported(team, function)

    assert result.code == 1
    (finding,) = json.loads(result.out)["findings"]
    assert (finding["rule"], finding["message"]) == ("SMG210", message)
    assert given is None or finding["given"] == given
    assert finding["place"]["line"] == place
    assert finding["fix"] is not None
    assert not (team / "project").exists()


def test_the_nearest_function_is_named(team: Path) -> None:
    (finding,) = json.loads(_imported(team, "team_pipelines:biuld").out)["findings"]

    assert (finding["nearest"], finding["fix"]) == ("build", "write team_pipelines:build")
