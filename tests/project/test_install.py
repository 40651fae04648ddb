"""Installing: README.md's commands from a clone, the base install alone, and the line that a missing extra asks for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from tests.cli.command_line import smgen, tree
from tests.project.checkout import CHECKOUT
from tests.project.environments import Home, built_wheel, constraints, new_home, prepared
from tests.project.readme import REPOSITORY, readme_commands

pytestmark = pytest.mark.slow

# From a clone -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what this checkout holds now, committed or not."""
    listing = ["git", "-C", str(CHECKOUT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, capture_output=True, text=True, encoding="utf-8", check=False)
    if listed.returncode != 0:
        pytest.skip("this is no clone")
    folder = tmp_path_factory.mktemp("origin")
    for name in filter(None, listed.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, folder / name)
    prepared(["git", "init", "--quiet", "--initial-branch", "main", str(folder)])
    prepared(["git", "-C", str(folder), "add", "--all"])
    who = ["-c", "user.name=A reader", "-c", "user.email=reader@example.com"]
    prepared(["git", "-C", str(folder), *who, "commit", "--quiet", "--message", "As it is"])
    return folder


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, origin: Path) -> Home:
    """An empty environment, in which the repository's address leads to the copy."""
    root = tmp_path_factory.mktemp("reader")
    return new_home(
        root,
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0=f"url.file://{origin}.insteadOf",
        GIT_CONFIG_VALUE_0=REPOSITORY,
        PIP_CONSTRAINT=constraints(root, "current", "tools"),
    )


def followed(home: Home, script: str, folder: Path, **variables: str) -> str:
    """Run a script of README.md as it stands, in an empty folder; return what it said on both streams."""
    result = home.run("bash", "-euo", "pipefail", "-c", script, cwd=folder, variables=variables)
    assert result.returncode == 0, f"{script}\n{result.stdout}\n{result.stderr}"
    return result.stdout + result.stderr


def test_from_the_repository(reader: Home, tmp_path: Path) -> None:
    script, _ = readme_commands("Install")
    followed(reader, script, tmp_path)
    assert reader.green("smgen", "--version") == f"smgen {reader.installed()['sagemaker-smgen']}\n"


def test_from_a_clone(reader: Home, tmp_path: Path) -> None:
    _, script = readme_commands("Install")
    followed(reader, script, tmp_path)
    code = "import smgen, smgen_steps; print(smgen.__file__, smgen_steps.__file__)"
    for file in reader.green("python", "-c", code).split():
        assert Path(file).is_relative_to(reader.python.parent.parent)


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_linting_an_account(reader: Home, tmp_path: Path, endpoint: str) -> None:
    (script,) = readme_commands("Lint what is there")
    account = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    said = followed(reader, script, tmp_path, **account)
    assert said.endswith("Nothing was linted: the account has no pipeline in this region.\n")


def test_the_demo_and_the_tests_are_where_it_says(reader: Home, tmp_path: Path) -> None:
    (script,) = readme_commands("See it work")
    # Make says what it would do: both run for minutes, and this is part of the second.
    said = followed(reader, script, tmp_path, MAKEFLAGS="n")
    assert "examples/abalone/demo.py" in said
    assert "pytest --quiet" in said


def test_a_project(reader: Home, tmp_path: Path) -> None:
    (script,) = readme_commands("Start a project")
    said = followed(reader, script, tmp_path)
    assert "Success: no issues found in " in said
    definition = json.loads((tmp_path / "fraud-detection/build/definition.json").read_bytes())
    assert [step["Name"] for step in definition["Steps"]] == ["Clean", "EnoughRows"]


# Without extras -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("base")
    home = new_home(root, PIP_CONSTRAINT=constraints(root, "current", "tools"))
    home.install(str(built_wheel(root / "dist")))
    return home


@pytest.fixture(scope="module")
def project(base: Home) -> Path:
    """A project whose package was generated elsewhere, as a clone of it has it."""
    folder = base.folder / "fraud-detection"
    assert smgen("init", folder, cwd=base.folder).code == 0
    assert smgen("generate", cwd=folder).code == 0
    return folder


def test_a_generated_project_is_compiled_linted_and_resolved(base: Home, project: Path) -> None:
    assert not base.installed().keys() & {
        "boto3",
        "datamodel-code-generator",
        "jinja2",
        "libcst",
        "platformdirs",
        "ruff",
    }
    out = base.green("smgen", "compile", "FraudDetection", "--env", "dev", "-o", "build", cwd=project)
    assert out.startswith("FraudDetection for dev: ")
    assert base.green("smgen", "lint", cwd=project) == "FraudDetection: no findings\n"
    assert base.green("smgen", "lint", "build/definition.json", cwd=project) == "build/definition.json: no findings\n"
    assert base.green("smgen", "resolve", cwd=project) == "FraudDetection (dev)\nno port is AUTO\n"
    (project / "dag.json").write_text('{"nodes": [{"name": "Clean", "step": "CleanData"}], "edges": []}')
    assert base.green("smgen", "resolve", "dag.json", cwd=project)


GENERATE = (
    "Error: datamodel-code-generator, jinja2, libcst, platformdirs and ruff are not installed; "
    "install them with: pip install 'sagemaker-smgen[generate]'\n"
)
AWS = "Error: boto3 is not installed; install it with: pip install 'sagemaker-smgen[aws]'\n"
BOTH = (
    "Error: boto3, datamodel-code-generator, jinja2, libcst, platformdirs and ruff are not installed; "
    "install them with: pip install 'sagemaker-smgen[aws,generate]'\n"
)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("init other", GENERATE),
        ("generate", GENERATE),
        ("generate --check", GENERATE),
        ("validate", GENERATE),
        ("import build/definition.json -o other", GENERATE),
        ("import --pipeline FraudDetection -o other", BOTH),
        ("resolve --write", GENERATE),
        ("lint --pipelines *", AWS),
        ("plan", AWS),
        ("deploy FraudDetection --env dev", AWS),
        ("assets publish build", AWS),
    ],
)
def test_a_command_without_its_extra(base: Home, project: Path, command: str, says: str) -> None:
    (project / "build").mkdir(exist_ok=True)
    before = tree(project)
    result = base.run("smgen", *command.split(), cwd=project)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", says)
    assert tree(project) == before


def test_the_line_that_it_says_is_enough(base: Home, project: Path) -> None:
    """Nothing after this one: the environment has the extra then."""
    line = base.run("smgen", "validate", cwd=project).stderr.rpartition(": ")[2]
    # Where the index does not know smgen: what is installed already is not looked for.
    followed(base, line, project)
    assert base.green("smgen", "generate", "--check", cwd=project).startswith("generated/fraud_detection_steps is what")
    assert base.green("smgen", "validate", cwd=project).startswith("contract_specs: 1 contract")


# Beside other versions ----------------------------------------------------------------------------------------------


@pytest.mark.ranges
@pytest.mark.skipif("SMGEN_RANGES" not in os.environ, reason="make ranges")
@pytest.mark.parametrize("group", ["oldest", None])
def test_the_wheel_beside_other_versions(tmp_path: Path, group: str | None) -> None:
    """What a user has already stays as it is, and everything works with it: the oldest of each, or the newest."""
    built_wheel(tmp_path / "dist")
    limits = {} if group is None else {"PIP_CONSTRAINT": constraints(tmp_path, group, "tools")}
    home = new_home(tmp_path, PIP_FIND_LINKS=str(tmp_path / "dist"), **limits)
    home.install("ruff", "pydantic", "click")
    before = home.installed()
    (script,) = readme_commands("Start a project")
    said = followed(home, script.replace(f" @ git+{REPOSITORY}", ""), home.folder)
    assert "Success: no issues found in " in said
    after = home.installed()
    assert {name: after[name] for name in before} == dict(before)
    # What was generated is what the versions here generate.
    assert smgen("generate", "--check", cwd=home.folder / "fraud-detection").code == 0
    print(*(f"{name} {after[name]}" for name in ("click", "datamodel-code-generator", "pydantic", "ruff")), sep=", ")
