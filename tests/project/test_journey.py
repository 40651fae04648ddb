"""The way of a new user: the built wheel in an empty environment, a new project in another folder, everything green."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.project.checkout import CHECKOUT
from tests.project.environments import Home, built_wheel, constraints, new_home
from tests.project.readme import REPOSITORY, readme_commands

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
