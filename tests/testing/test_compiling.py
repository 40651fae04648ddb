"""Where the pipeline, its project, its environment and its name come from; and that no test runner is needed."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from smgen.diagnostics import FindingsError
from smgen.runtime import Environment, FluentPipelineBuilder, read_project
from smgen.testing import TestedExecution, TestedPipeline, TestedStep, compile_pipeline
from tests.testing.pipelines import ENVIRONMENT, EXAMPLE, ROOT, found, fraud

SETTINGS = """\
[tool.smgen.pipelines]
Small-One = "small.py:small"

[tool.smgen.environments.dev]
bucket = "dev-bucket"

[tool.smgen.environments.prod]
bucket = "prod-bucket"
"""
MODULE = """\
from smgen.testing import compile_pipeline

def small(p, env):
    p.fail("Stop", env.uri("x"))

def other(p, env):
    p.fail("Stop", "other")

def by_name(env="prod"):
    return compile_pipeline("Small-One", env)
"""


def message(pipeline: object) -> object:
    assert isinstance(pipeline, TestedPipeline)
    return pipeline.step("Stop").argument("ErrorMessage")


@pytest.fixture
def namespace(tmp_path: Path) -> dict[str, object]:
    """The names of a module of a project."""
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    file = tmp_path / "small.py"
    file.write_text(MODULE)
    names: dict[str, object] = {}
    exec(compile(MODULE, str(file), "exec"), names)
    return names


def test_a_function_has_the_project_of_its_file(namespace: dict[str, object]) -> None:
    small = namespace["small"]
    assert callable(small)
    pipeline = compile_pipeline(small)
    assert (pipeline.name, pipeline.environment.name, message(pipeline)) == ("Small-One", "prod", "s3://prod-bucket/x")
    assert message(compile_pipeline(small, "dev")) == "s3://dev-bucket/x"
    assert message(compile_pipeline(small, env=Environment("mine", bucket="b"))) == "s3://b/x"
    other = namespace["other"]
    assert callable(other)
    # It is not listed.
    assert compile_pipeline(other).name == "other"
    assert compile_pipeline(other, name="Mine").name == "Mine"


def test_a_name_has_the_project_of_the_caller(namespace: dict[str, object]) -> None:
    by_name = namespace["by_name"]
    assert callable(by_name)
    assert message(by_name()) == "s3://prod-bucket/x"
    assert message(by_name(Environment("mine", bucket="b"))) == "s3://b/x"


def test_a_project_can_be_given(namespace: dict[str, object], tmp_path: Path) -> None:
    assert namespace
    for project in (tmp_path, str(tmp_path), read_project(tmp_path)):
        assert message(compile_pipeline("Small-One", "dev", project=project)) == "s3://dev-bucket/x"
        function = partial(fraud)
        assert compile_pipeline(function, ENVIRONMENT, project=project).name == "Pipeline"


def test_what_is_not_there(namespace: dict[str, object], tmp_path: Path) -> None:
    small = namespace["small"]
    assert callable(small)
    assert "there is no environment 'prd' in this project" in found(lambda: compile_pipeline(small, "prd"))
    text = found(lambda: compile_pipeline("Small", project=tmp_path))
    assert "there is no pipeline 'Small' in this project" in text
    assert "did you mean  Small-One" in text


def test_findings_are_what_a_runner_shows() -> None:
    def wrong(p: FluentPipelineBuilder, env: Environment) -> None:
        p.condition("Gate", p.boolean("A").equals(True))
        p.fail("Stop", env.uri("x"))

    with pytest.raises(FindingsError) as caught:
        compile_pipeline(wrong, Environment())
    assert [finding.rule for finding in caught.value.findings] == ["SMG211"]
    text = found(lambda: compile_pipeline(wrong, Environment(bucket="b")))
    assert "error SMG215 empty-condition: the condition 'Gate' decides nothing" in text


def test_what_the_function_raises_passes() -> None:
    def broken(p: FluentPipelineBuilder, env: Environment) -> None:
        raise ZeroDivisionError(p.name, env.name)

    with pytest.raises(ZeroDivisionError):
        compile_pipeline(broken, Environment())


def test_the_lock_of_the_project_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.smgen.environments.dev]\nbucket = "one-bucket"\n')
    (tmp_path / "smgen.lock").write_text("no lock at all\n")
    assert "SMG218" in found(lambda: compile_pipeline(fraud, ENVIRONMENT, project=tmp_path))


def test_the_example_by_its_name_and_by_its_function() -> None:
    by_name = compile_pipeline("AbalonePipeline", "dev", project=EXAMPLE)
    assert by_name.environment == read_project(EXAMPLE).environment("dev")
    assert by_name.step("AbaloneTrain").added_at == "pipeline.py:37"


def test_a_runner_takes_none_of_the_classes_for_a_test() -> None:
    assert [kind.__test__ for kind in (TestedPipeline, TestedStep, TestedExecution)] == [False, False, False]


def test_neither_a_runner_nor_an_sdk_is_imported() -> None:
    code = (
        "import sys\n"
        "from smgen.testing import compile_pipeline\n"
        f"p = compile_pipeline('AbalonePipeline', 'dev', project={str(EXAMPLE)!r})\n"
        "p.assert_feeds('AbaloneProcess', 'AbaloneTrain')\n"
        "p.executed_steps(failed=['AbaloneProcess'])\n"
        "print([name for name in ('pytest', 'unittest', 'boto3', 'botocore', 'sagemaker') if name in sys.modules])\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("[]\n", "")
