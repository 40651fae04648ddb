"""The way of a new user: the built wheel in an empty environment, a new project in another folder, everything green."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.project.checkout import CHECKOUT
from tests.project.environments import Home, built_wheel, constraints, new_home, prepared
from tests.project.readme import REPOSITORY, readme_commands
from tests.typing.checkers import run_pyright
from tests.use.edits import edit

pytestmark = pytest.mark.slow

# A second pipeline beside the one that `smgen init` makes, of steps that only the library has.
LIBRARY_PIPELINE = '''\
"""Loads a table with the library's own step."""

from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import data_load


def load(p: FluentPipelineBuilder, env: Environment) -> None:
    """One step, whose script comes with smgen."""
    p.add_step("Load", data_load.StepBuilder(source_data=External(env.uri("source/"))))
'''

# Nothing of AWS's SDKs may come with smgen, and no type checker.
UNWANTED = {"boto3", "botocore", "mypy", "pyright", "sagemaker", "sagemaker-core", "numpy", "pandas", "pytest"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, frozenset[str]]:
    """The environment with nothing but smgen, and the names of everything that came with it."""
    root = tmp_path_factory.mktemp("journey")
    built_wheel(root / "dist")
    home = new_home(root, PIP_FIND_LINKS=str(root / "dist"), PIP_CONSTRAINT=constraints(root, "current", "tools"))
    home.install("sagemaker-smgen[generate]")
    return home, frozenset(home.installed())


@pytest.fixture(scope="module")
def home(installed: tuple[Home, frozenset[str]]) -> Home:
    home, _ = installed
    home.install("mypy", "pytest")
    return home


@pytest.fixture(scope="module")
def project(home: Home) -> Iterator[Path]:
    """The new project, with its package generated."""
    out = home.green("smgen", "init", "fraud-detection")
    assert "\n  smgen compile FraudDetection --env dev -o build  writes its definition" in out
    folder = home.folder / "fraud-detection"
    out = home.green("smgen", "generate", cwd=folder)
    assert out.startswith("generated/fraud_detection_steps: 1 contract")
    yield folder
    # Nothing of the journey leads back to the checkout, which would hide what the wheel lacks.
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".mypy_cache" not in path.parts]
    assert not [text for text in texts if str(CHECKOUT).encode() in text]


def test_the_install_is_small(installed: tuple[Home, frozenset[str]]) -> None:
    _, names = installed
    assert "sagemaker-smgen" in names
    assert not names & UNWANTED


def test_the_library_the_templates_and_the_scripts_are_there(home: Home) -> None:
    code = (
        "import smgen, smgen_steps\n"
        "from pathlib import Path\n"
        "from smgen.shipped import shipped_folder\n"
        "folders = [shipped_folder('templates'), shipped_folder('contract_specs')]\n"
        "for folder in [Path(smgen_steps.__file__).parent, *folders]:\n"
        "    print(folder)\n"
        "    print(*sorted(p.relative_to(folder).as_posix() for p in folder.rglob('*') if p.is_file()), sep='|')\n"
    )
    lines = home.green("python", "-c", code).splitlines()
    venv = home.python.parent.parent
    assert [Path(line).is_relative_to(venv) for line in lines[::2]] == [True, True, True]
    library, templates, contracts = (set(line.split("|")) for line in lines[1::2])
    assert {"py.typed", "manifest.json", "xgboost_training.py", "xgboost_training.json"} <= library
    assert {"step.py.jinja", "init/pipeline.py.jinja"} <= templates
    assert {"xgboost_training.json", "scripts/data_load/load_data.py"} <= contracts


def test_the_commands_of_the_readme(home: Home, tmp_path: Path) -> None:
    (script,) = readme_commands("Start a project")
    # As it will read when smgen is on the index, where the folder with the wheel stands for it here.
    published = script.replace(f" @ git+{REPOSITORY}", "")
    assert published.startswith("pip install 'sagemaker-smgen[generate]' ")
    result = home.run("bash", "-euo", "pipefail", "-c", published, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Success: no issues found in " in result.stdout
    assert [path.name for path in (tmp_path / "fraud-detection/build").glob("definition.json")] == ["definition.json"]


def test_generate_is_stable(home: Home, project: Path) -> None:
    out = home.green("smgen", "generate", "--check", cwd=project)
    assert out.startswith("generated/fraud_detection_steps is what the contracts say")
    assert "0 written, 0 removed" in home.green("smgen", "generate", cwd=project)
    assert home.green("smgen", "validate", cwd=project).startswith("contract_specs: 1 contract")


def test_mypy_strict(home: Home, project: Path) -> None:
    out = home.green("mypy", "--strict", cwd=project)
    assert out.startswith("Success: no issues found in ")


def test_mypy_finds_a_wrong_reference(home: Home, project: Path) -> None:
    pipeline = project / "pipelines/fraud_detection.py"
    right = pipeline.read_text(encoding="utf-8")
    wrong = right.replace("=cleaning.training_data,", "=cleaning.trainig_data,")
    assert wrong != right
    pipeline.write_text(wrong, encoding="utf-8")
    try:
        result = home.run("mypy", "--strict", cwd=project)
    finally:
        pipeline.write_text(right, encoding="utf-8")
    assert result.returncode == 1
    (message, _) = result.stdout.splitlines()
    assert message.startswith("pipelines/fraud_detection.py:25: error: ")
    assert '"CleanDataProxy" has no attribute "trainig_data"; maybe "training_data"?' in message


def test_compile(home: Home, project: Path) -> None:
    home.green("smgen", "compile", "FraudDetection", "--env", "dev", "-o", "build", cwd=project)
    definition = json.loads((project / "build/definition.json").read_bytes())
    assert [step["Name"] for step in definition["Steps"]] == ["Clean", "EnoughRows"]
    script = (project / "contract_specs/scripts/clean_data.py").read_bytes()
    assert (project / "build/assets" / sha256(script).hexdigest() / "clean_data.py").read_bytes() == script


def test_the_scripts_of_the_library_are_assets(home: Home, project: Path) -> None:
    settings = project / "pyproject.toml"
    before = settings.read_text(encoding="utf-8")
    table = "[tool.smgen.pipelines]\n"
    assert before.count(table) == 1
    (project / "pipelines/load.py").write_text(LIBRARY_PIPELINE, encoding="utf-8")
    settings.write_text(before.replace(table, f'{table}Load = "pipelines/load.py:load"\n'), encoding="utf-8")
    home.green("smgen", "compile", "Load", "--env", "dev", "-o", "build-load", cwd=project)
    script = (CHECKOUT / "contract_specs/scripts/data_load/load_data.py").read_bytes()
    files = sorted(path.relative_to(project / "build-load") for path in (project / "build-load").rglob("*.*"))
    assert [path.as_posix() for path in files] == [
        f"assets/{sha256(script).hexdigest()}/load_data.py",
        "assets.json",
        "definition.json",
        "provenance.json",
    ]
    assert (project / "build-load" / files[0]).read_bytes() == script


# From a new project to a renamed output, and to one that is renamed in a package of others ----------------------------

CONTRACT = "contract_specs/clean_data.json"
OLD, NEW = "validation_data", "held_out"
#: An output that is renamed, with and without a word about its old name.
TOLD = f'''"{NEW}": {{
      "renamed_from": {{"name": "{OLD}", "until": "%s"}},'''
UNTOLD = f'"{NEW}": {{'
PACKAGE_SETTINGS = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "risk-steps"
version = "1.0.0"
dependencies = ["sagemaker-smgen"]

[tool.hatch.build.targets.wheel]
only-include = ["generated/risk_steps"]

[tool.hatch.build.targets.wheel.sources]
generated = ""

[tool.smgen]
contracts = "contract_specs"
output = "generated/risk_steps"
"""


def verified(home: Home, project: Path) -> None:
    """Everything is green, mypy among it."""
    out = home.green("smgen", "verify", cwd=project)
    assert re.search(r"^types {6}passed$", out, re.MULTILINE), out
    assert re.search(r"^\d parts passed\.$", out, re.MULTILINE), out


def stale_use(home: Home, project: Path, file: str) -> tuple[str, str]:
    """What mypy, asked by verify, and pyright say of the one place where the old name is used."""
    place = next(
        number
        for number, line in enumerate((project / file).read_text(encoding="utf-8").splitlines(), 1)
        if f"cleaning.{OLD}" in line
    )
    result = home.run("smgen", "verify", "--format", "json", cwd=project)
    assert (result.returncode, json.loads(result.stdout)["version"]) == (1, 1), result.stderr
    (mypy,) = [one for one in json.loads(result.stdout)["findings"] if one["part"] == "types"]
    assert (mypy["rule"], mypy["place"]["file"], mypy["place"]["line"]) == ("SMG680", file, place)
    said = run_pyright(project, python=home.python).stdout
    lines = re.findall(rf"{re.escape(file)}:(\d+):\d+ - error: (.*(?:\n .*)*)", said)
    assert {int(number) for number, _ in lines} == {place}, said
    return mypy["message"], "\n".join(text for _, text in lines)


def test_from_a_renamed_output_to_green(home: Home) -> None:
    home.green("smgen", "init", "newcomer")
    project = home.folder / "newcomer"
    home.green("smgen", "generate", cwd=project)
    verified(home, project)
    # The new name alone: the checkers say that the old one is not there.
    edit(project / CONTRACT, f'"{OLD}": {{', UNTOLD)
    stale = home.run("smgen", "verify", cwd=project)
    assert stale.returncode == 1
    assert re.search(r"^freshness  failed ", stale.stdout, re.MULTILINE)
    home.green("smgen", "generate", cwd=project)
    for said in stale_use(home, project, "pipelines/newcomer.py"):
        assert OLD in said
    # With the old name beside it they say what to write.
    edit(project / CONTRACT, UNTOLD, TOLD % "2.0.0")
    home.green("smgen", "generate", cwd=project)
    for said in stale_use(home, project, "pipelines/newcomer.py"):
        assert f"use {NEW}" in said
    for file in ("pipelines/newcomer.py", "tests/test_newcomer.py"):
        edit(project / file, f".{OLD}", f".{NEW}")
    verified(home, project)
    assert run_pyright(project, python=home.python).returncode == 0
    assert home.run("pytest", "-q", cwd=project).returncode == 0


def test_from_a_pinned_package_to_a_new_one(home: Home, tmp_path: Path) -> None:
    """Contracts of another team, as an installed package: with the pinned one all is right, the new one shows what is
    stale.
    """
    for version in ("1.0.0", "2.0.0"):
        _package(home, tmp_path / version, version)
    home.green("smgen", "init", "scoring")
    project = home.folder / "scoring"
    shutil.rmtree(project / "contract_specs")
    edit(project / "pyproject.toml", 'contracts = "contract_specs"\noutput = "generated/scoring_steps"\n', "")
    edit(project / "pipelines/scoring.py", "from scoring_steps import clean_data\n", "")
    theirs = "from risk_steps import clean_data\n"
    edit(project / "pipelines/scoring.py", "from smgen.runtime", f"{theirs}from smgen.runtime")
    _install(home, tmp_path, "1.0.0")
    verified(home, project)
    # The other team has renamed an output. Nothing changes here before the package is a newer one.
    _install(home, tmp_path, "2.0.0")
    for said in stale_use(home, project, "pipelines/scoring.py"):
        assert f"use {NEW}" in said
    edit(project / "pipelines/scoring.py", f".{OLD}", f".{NEW}")
    verified(home, project)
    _install(home, tmp_path, "1.0.0")
    result = home.run("smgen", "verify", cwd=project)
    assert result.returncode == 1
    assert f'has no attribute "{NEW}"' in result.stdout


def _package(home: Home, folder: Path, version: str) -> None:
    """A wheel of a generated package with one contract, in ``dist`` beside the folder; its code is in its image."""
    home.green("smgen", "init", str(folder), "--name", "risk")
    contract = folder / CONTRACT
    edit(contract, '  "source": {"dir": "scripts", "entry": "clean_data.py"},\n', "")
    shutil.rmtree(folder / "contract_specs/scripts")
    edit(contract, '"version": "1.0.0"', f'"version": "{version}"')
    if version == "2.0.0":
        edit(contract, f'"{OLD}": {{', TOLD % "3.0.0")
    settings = PACKAGE_SETTINGS.replace('version = "1.0.0"', f'version = "{version}"')
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    home.green("smgen", "generate", cwd=folder)
    dist = str(folder.parent / "dist")
    prepared([sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", dist, str(folder)])


def _install(home: Home, folder: Path, version: str) -> None:
    home.install("--no-index", "--find-links", str(folder / "dist"), f"risk-steps=={version}")
