"""Compiling a project's pipeline: the user's code is run, and whatever it does is put in words."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from smgen.diagnostics import Place
from smgen.documents import content_hash
from smgen.runtime import CompiledPipeline, Project, compile_pipeline, compiled_files, read_project
from tests.runtime.fixture_package import CONTRACTS, document, findings_of, generate, one_of

SETTINGS = """\
[tool.smgen]
contracts = "specs"
output = "gen_steps"

[tool.smgen.pipelines]
fraud = "pipelines/fraud.py:fraud"

[tool.smgen.environments.dev]
role = "arn:aws:iam::111122223333:role/dev"
bucket = "dev"
images = {prep = "prep:1"}

[tool.smgen.environments.prod]
role = "arn:aws:iam::111122223333:role/prod"
bucket = "prod"
images = {prep = "prep:1"}
"""

PIPELINE = """\
from __future__ import annotations

from dataclasses import dataclass

from smgen.runtime import Environment, External, FluentPipelineBuilder
from gen_steps import prepare
from beside import NAME


@dataclass
class Settings:
    name: str = NAME


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    p.add_step(Settings().name, prepare.StepBuilder(raw=[External(env.uri("raw"))]))
"""


def written(folder: Path, pipeline: str = PIPELINE, *, step: str = "Prep") -> Project:
    """A project with a generated package, a module beside it and a pipeline."""
    specs = folder / "specs"
    specs.mkdir(parents=True)
    for file in [*CONTRACTS.glob("*.json"), *CONTRACTS.glob("scripts/*.py")]:
        target = specs / file.relative_to(CONTRACTS)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())
    generate(folder, "gen_steps", specs)
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "beside.py").write_text(f"NAME = {step!r}\n")
    (folder / "pipelines").mkdir()
    (folder / "pipelines" / "fraud.py").write_text(pipeline, encoding="utf-8")
    return read_project(folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One project for every test that only changes its pipeline."""
    return written(tmp_path_factory.mktemp("project"))


def with_pipeline(project: Project, text: str, name: str = "fraud.py") -> Project:
    (project.root / "pipelines" / name).write_text(text, encoding="utf-8")
    return project


def step_names(compiled: CompiledPipeline) -> list[object]:
    steps = document(compiled)["Steps"]
    assert isinstance(steps, list)
    return [step["Name"] for step in steps if isinstance(step, dict)]


def test_a_project_compiles_for_each_environment(made: Project) -> None:
    with_pipeline(made, PIPELINE)
    for environment in ("dev", "prod"):
        compiled = compile_pipeline(made, "fraud", environment)
        assert compiled.name == "fraud"
        (step,) = compiled.provenance.steps
        assert (step.file, step.line) == ("pipelines/fraud.py", 16)
        files = compiled_files(compiled)
        digest = content_hash((CONTRACTS / "scripts" / "prepare.py").read_bytes())
        assert f"s3://{environment}/fraud/code/{digest}/prepare.py".encode() in files["definition.json"]
        assert compiled_files(compile_pipeline(made, "fraud", environment)) == files


def test_where_the_command_is_run_changes_nothing(made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with_pipeline(made, PIPELINE)
    expected = compiled_files(compile_pipeline(made, "fraud", "dev"))
    for folder in (made.root, made.root / "pipelines", made.root.parent):
        monkeypatch.chdir(folder)
        assert compiled_files(compile_pipeline(made, "fraud", "dev")) == expected
    monkeypatch.chdir(made.root)
    assert compiled_files(compile_pipeline(read_project(Path()), "fraud", "dev")) == expected


@pytest.mark.parametrize("pipeline", [PIPELINE, "import beside\n1 / 0\n"], ids=["right", "wrong"])
def test_the_process_is_left_as_it_was(made: Project, pipeline: str) -> None:
    with_pipeline(made, pipeline)
    path, modules = list(sys.path), dict(sys.modules)
    if pipeline is PIPELINE:
        compile_pipeline(made, "fraud", "dev")
    else:
        findings_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert sys.path == path
    left = {name: module for name, module in sys.modules.items() if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in left if name not in modules} == set()
    assert all(sys.modules[name] is module for name, module in modules.items())


def test_two_projects_whose_modules_have_the_same_names(tmp_path: Path) -> None:
    projects = [written(tmp_path / name, step=name.title()) for name in ("one", "two")]
    (tmp_path / "two" / "specs" / "scripts" / "prepare.py").write_text("print('other')\n")
    for _ in range(2):
        compiled = [compile_pipeline(project, "fraud", "dev") for project in projects]
        assert [step_names(item) for item in compiled] == [["One"], ["Two"]]
        assert [item.assets[0].content for item in compiled] == [b'print("prepared")\n', b"print('other')\n"]


def test_a_module_of_that_name_that_was_there_before_stays(made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    other = ModuleType("beside")
    monkeypatch.setitem(sys.modules, "beside", other)
    with_pipeline(made, PIPELINE)
    assert step_names(compile_pipeline(made, "fraud", "dev")) == ["Prep"]
    assert sys.modules["beside"] is other


def test_findings_of_both_names_come_together(made: Project) -> None:
    found = findings_of(lambda: compile_pipeline(made, "frad", "test"))
    assert [(finding.rule, finding.nearest) for finding in found] == [("SMG210", "fraud"), ("SMG211", None)]


def test_a_file_that_is_not_there(made: Project) -> None:
    (made.root / "pipelines" / "fraud.py").unlink(missing_ok=True)
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert (finding.rule, finding.message) == ("SMG210", "the file of pipeline 'fraud' is not there")
    assert (finding.given, finding.place) == ("pipelines/fraud.py", Place(file="pyproject.toml", line=6))


@pytest.mark.parametrize(
    ("pipeline", "line", "given", "doing"),
    [
        ("x = 1\ndef f(:\n", 2, "SyntaxError: invalid syntax", "importing its file"),
        (
            "import nothing_of_it\n",
            1,
            "ModuleNotFoundError: No module named 'nothing_of_it'",
            "importing",
        ),
        ("\n1 / 0\n", 2, "ZeroDivisionError: division by zero", "importing its file"),
        ("import sys\nsys.exit()\n", 2, "SystemExit", "importing its file"),
        ("class Own(BaseException): ...\nraise Own('\\x1b[31m')\n", 2, "Own: \x1b[31m", "importing its file"),
        ("import asyncio\nraise asyncio.CancelledError\n", 2, "CancelledError", "importing its file"),
        (
            "class Mute(Exception):\n    def __str__(self):\n        raise ValueError\nraise Mute\n",
            4,
            "Mute",
            "importing its file",
        ),
        ("def fraud(p, env):\n    x = 1\n    return x.nothing\n", 3, "AttributeError: ", "building it"),
        (
            "def fraud(p, env):\n    helper()\n\ndef helper():\n    raise KeyError('x')\n",
            5,
            "KeyError: 'x'",
            "building it",
        ),
        ("def fraud(p, env):\n    fraud(p, env)\n", 2, "RecursionError: ", "building it"),
        ("import json\ndef fraud(p, env):\n    json.loads('{')\n", 3, "JSONDecodeError: ", "building it"),
    ],
)
def test_whatever_the_users_code_raises(made: Project, pipeline: str, line: int, given: str, doing: str) -> None:
    with_pipeline(made, pipeline)
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert finding.rule == "SMG210"
    assert finding.message.startswith(doing)
    assert finding.message.endswith("raised an exception: pipeline 'fraud'")
    assert (finding.given or "").startswith(given)
    assert (finding.place.file or "").endswith("pipelines/fraud.py")
    assert finding.place.line == line
    assert finding.given_at is None


@pytest.mark.parametrize(
    ("beside", "line"), [("x = 1\nraise ValueError('no')\n", 2), ("x = (\n", 1)], ids=["raise", "syntax"]
)
def test_the_line_may_stand_in_another_file_of_the_project(made: Project, beside: str, line: int) -> None:
    with_pipeline(made, "import broken_beside\n")
    (made.root / "broken_beside.py").write_text(beside)
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    (made.root / "broken_beside.py").unlink()
    assert (finding.place.file or "").endswith("broken_beside.py")
    assert finding.place.line == line


def test_a_function_that_is_not_there(made: Project) -> None:
    with_pipeline(made, "def frad(p, env): ...\ndef other(p, env): ...\nfraud = 3\n")
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert finding.message == "pipelines/fraud.py has no function 'fraud'"
    assert (finding.expected, finding.nearest) == ("frad, other", "frad")


@pytest.mark.parametrize(
    ("pipeline", "given"),
    [
        ("def fraud(p): ...\n", "fraud(p)"),
        ("def fraud(p, env, more): ...\n", "fraud(p, env, more)"),
        ("def fraud(*, p, env): ...\n", "fraud(*, p, env)"),
    ],
)
def test_a_function_of_something_else(made: Project, pipeline: str, given: str) -> None:
    with_pipeline(made, pipeline)
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert finding.message == "the function of pipeline 'fraud' does not take a builder and an environment"
    assert finding.given == given
    assert finding.expected == "def fraud(p: FluentPipelineBuilder, env: Environment) -> None"


@pytest.mark.parametrize("pipeline", ["async def fraud(p, env): ...\n", "def fraud(p, env):\n    yield\n"])
def test_a_function_that_would_run_nothing(made: Project, pipeline: str) -> None:
    with_pipeline(made, pipeline)
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert (finding.rule, finding.message) == ("SMG210", "the function of pipeline 'fraud' is no plain function")


def test_a_function_without_a_signature_is_called(made: Project) -> None:
    with_pipeline(made, "fraud = max\n")
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert (finding.given or "").startswith("TypeError: ")


def test_findings_pass_through_as_they_are(made: Project) -> None:
    with_pipeline(
        made,
        "from smgen.runtime import External\nfrom gen_steps import train\n\n\ndef fraud(p, env):\n"
        "    train.Config(num_round='3')\n",
    )
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert (finding.rule, finding.place.line) == ("SMG207", 6)
    assert (finding.place.file or "").endswith("pipelines/fraud.py")
    with_pipeline(made, "def fraud(p, env):\n    p.string('a b')\n")
    assert one_of(lambda: compile_pipeline(made, "fraud", "dev")).rule == "SMG402"


@pytest.mark.parametrize(
    ("pipeline", "line", "message", "fix"),
    [
        (
            "def fraud(p, env):\n    p.fail('F', late)\n    late = 1\n",
            2,
            "'late' is read before it is set",
            "add its step further up; two steps that read each other are a cycle, which no pipeline may have",
        ),
        (
            "def fraud(p, env):\n    def inner():\n        p.fail('F', late)\n    inner()\n    late = 1\n",
            3,
            "'late' is read before it is set",
            "add its step further up; two steps that read each other are a cycle, which no pipeline may have",
        ),
        ("def fraud(p, env):\n    raw = 1\n    p.fail('F', rwa)\n", 3, "nothing is called 'rwa' here", "write raw"),
        (
            "def fraud(p, env):\n    External('s3://b/k')\n",
            2,
            "nothing is called 'External' here",
            "import 'External', or set it before",
        ),
    ],
)
def test_names_that_have_no_value(made: Project, pipeline: str, line: int, message: str, fix: str) -> None:
    with_pipeline(made, pipeline)
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert (finding.rule, finding.place.line, finding.message, finding.fix) == ("SMG210", line, message, fix)
    assert (finding.given or "").split(":")[0] in ("NameError", "UnboundLocalError")


def test_a_name_in_the_code_of_others_is_theirs(made: Project) -> None:
    with_pipeline(made, "def fraud(p, env):\n    sorted([2, 1], key=eval('lambda item: nothing'))\n")
    finding = one_of(lambda: compile_pipeline(made, "fraud", "dev"))
    assert finding.message == "building it raised an exception: pipeline 'fraud'"


def test_only_functions_of_the_file_are_proposed(made: Project) -> None:
    with_pipeline(made, "from smgen.runtime import join\ndef frad(p, env): ...\n")
    assert one_of(lambda: compile_pipeline(made, "fraud", "dev")).expected == "frad"
