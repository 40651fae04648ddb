"""`smgen init`: a project that works at once, and a folder that is never damaged."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

from smgen.diagnostics import FindingsError
from smgen.runtime import read_project
from smgen.workflows.project_names import ProjectNames, project_names
from tests.cli.command_line import smgen, smgen_process, tree
from tests.typing.checkers import run_pyright

FILES = [
    ".gitattributes",
    ".github/workflows/smgen.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "README.md",
    "contract_specs/artifact_types.json",
    "contract_specs/clean_data.json",
    "contract_specs/scripts/clean_data.py",
    "pipelines/fraud_detection.py",
    "pyproject.toml",
    "tests/test_fraud_detection.py",
]


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project with its generated package; tests only read it."""
    folder = tmp_path_factory.mktemp("init") / "fraud-detection"
    assert smgen("init", "fraud-detection", cwd=folder.parent).code == 0
    assert smgen("generate", cwd=folder).code == 0
    return folder


# What is made ------------------------------------------------------------------------------------------------------


def test_what_is_written_and_said(tmp_path: Path) -> None:
    result = smgen("init", "work/fraud-detection", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert list(tree(tmp_path / "work/fraud-detection")) == FILES
    assert result.out == (
        "Made the project fraud-detection in work/fraud-detection:\n"
        "\n"
        "  pyproject.toml                        the settings, with one environment of placeholders\n"
        "  contract_specs/artifact_types.json    what steps pass to each other\n"
        "  contract_specs/clean_data.json        the contract of a step of your own\n"
        "  contract_specs/scripts/clean_data.py  its script\n"
        "  pipelines/fraud_detection.py          the pipeline FraudDetection\n"
        "  tests/test_fraud_detection.py         a test of what it must be\n"
        "  README.md                             what to do next\n"
        "  .github/workflows/smgen.yml           what GitHub runs for every change\n"
        "  .pre-commit-config.yaml               what 'pre-commit install' runs before each commit\n"
        "  .gitattributes                        marks generated files\n"
        "  .gitignore                            leaves out what is built\n"
        "\n"
        "Next:\n"
        "\n"
        "  cd work/fraud-detection\n"
        "  pip install --group dev                          smgen, mypy, pyright and pytest\n"
        "  smgen generate                                   writes the typed steps, generated/fraud_detection_steps\n"
        "  mypy                                             or pyright: checks every reference between steps\n"
        "  smgen verify                                     checks everything at once, as CI does\n"
        "  pytest                                           checks what the pipeline must be\n"
        "  smgen compile FraudDetection --env dev -o build  writes its definition and code to build\n"
    )


def test_in_the_folder_one_stands_in(tmp_path: Path) -> None:
    folder = tmp_path / "fraud-detection"
    folder.mkdir()
    result = smgen("init", cwd=folder)
    assert result.code == 0
    assert result.out.startswith("Made the project fraud-detection:\n")
    assert "  cd " not in result.out
    assert list(tree(folder)) == FILES


def test_the_same_bytes_in_every_run(tmp_path: Path) -> None:
    for place in ("a/fraud-detection", "b/fraud-detection"):
        assert smgen("init", place, cwd=tmp_path).code == 0
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert not [path for path, data in tree(tmp_path).items() if b"\r" in data or not data.endswith(b"\n")]


def test_the_settings_are_placeholders_and_complete(project: Path) -> None:
    settings = read_project(project)
    assert (settings.contracts, settings.output) == ("contract_specs", "generated/fraud_detection_steps")
    assert {name: f"{one.file}:{one.function}" for name, one in settings.pipelines.items()} == {
        "FraudDetection": "pipelines/fraud_detection.py:fraud_detection"
    }
    assert list(settings.environments) == ["dev"]
    dev = settings.environment("dev")
    assert (dev.account, dev.region) == ("111122223333", "us-east-1")
    assert (dev.role, dev.bucket) == ("arn:aws:iam::111122223333:role/placeholder-role", "placeholder-bucket")
    assert list(dev.images) == ["scikit-learn", "xgboost"]
    assert all("placeholder" in image for image in dev.images.values())


def test_generated_files_are_marked_and_kept_in_one_form(project: Path) -> None:
    lines = (project / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "generated/fraud_detection_steps/** text=auto eol=lf linguist-generated" in lines
    assert "/build/" in (project / ".gitignore").read_text(encoding="utf-8").splitlines()


# It works at once --------------------------------------------------------------------------------------------------


def test_imported_types_are_those_of_the_library(project: Path) -> None:
    source = (project / "generated/fraud_detection_steps/artifact_types.py").read_text(encoding="utf-8")
    assert "from smgen_steps.artifact_types import Dataset, TrainingData, ValidationData\n" in source
    assert "class TrainingData" not in source
    assert "class SourceTable(Dataset):" in source
    assert '__all__ = ["CleaningReport", "Dataset", "SourceTable", "TrainingData", "ValidationData"]\n' in source


def test_a_second_generate_writes_nothing(project: Path) -> None:
    assert smgen("generate", "--check", cwd=project).code == 0
    before = {path: (project / path).stat().st_mtime_ns for path in tree(project)}
    result = smgen("generate", cwd=project)
    assert (result.code, result.err) == (0, "")
    assert "0 written, 0 removed" in result.out
    assert {path: (project / path).stat().st_mtime_ns for path in tree(project)} == before


@pytest.mark.slow
@pytest.mark.typecheck
def test_mypy_strict_is_green_and_finds_a_wrong_reference(project: Path, tmp_path: Path) -> None:
    result = run("mypy", "--cache-dir", str(tmp_path), cwd=project)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    pipeline = project / "pipelines/fraud_detection.py"
    wrong = tmp_path / "wrong.py"
    text = pipeline.read_text(encoding="utf-8")
    marked = "training_data=cleaning.training_data,"
    assert text.count(marked) == 1
    wrong.write_text(text.replace(marked, "training_data=cleaning.validation_data,"), encoding="utf-8")
    # The settings of the project, and of all its files only this one.
    result = run("mypy", "--cache-dir", str(tmp_path), str(wrong), cwd=project)
    assert result.returncode == 1
    (message, count) = result.stdout.splitlines()
    assert 'Argument "training_data" to "XGBoostTrainingStepBuilder" has incompatible type' in message
    assert '"Output[ValidationData]"; expected "Output[TrainingData] | External[TrainingData]' in message
    assert count == "Found 1 error in 1 file (checked 1 source file)"


@pytest.mark.slow
@pytest.mark.typecheck
def test_pyright_strict_is_green(project: Path) -> None:
    result = run_pyright(project)
    assert (result.returncode, result.stdout) == (0, "0 errors, 0 warnings, 0 informations\n")


UNTYPED = "import pandas\nfrom features import build\n\n\ndef run(frame):\n    return build(frame)\n"
HELPER = "THRESHOLD: float = 0.5\n"


@pytest.mark.slow
@pytest.mark.typecheck
def test_both_checkers_leave_scripts_alone_and_find_what_lies_beside_a_pipeline(tmp_path: Path) -> None:
    """And so do pytest and ``smgen compile``."""
    assert smgen("init", "--name", "shop", cwd=tmp_path).code == 0
    assert smgen("generate", cwd=tmp_path).code == 0
    (tmp_path / "contract_specs/scripts/untyped.py").write_text(UNTYPED)
    (tmp_path / "pipelines/helper.py").write_text(HELPER)
    for file in ("pipelines/shop.py", "tests/test_shop.py"):
        text = (tmp_path / file).read_text(encoding="utf-8")
        text = text.replace("\nfrom smgen", "\nfrom helper import THRESHOLD\nfrom smgen", 1)
        (tmp_path / file).write_text(f"{text}\n\nassert THRESHOLD > 0\n", encoding="utf-8")
    checked = run("mypy", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "Success: no issues found in 7 source files\n")
    checked = run_pyright(tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "0 errors, 0 warnings, 0 informations\n")
    assert run("pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path).returncode == 0
    assert smgen_process("compile", "Shop", "--env", "dev", "-o", "build", cwd=tmp_path).code == 0


def test_dependency_groups_of_ones_own_stay(tmp_path: Path) -> None:
    """What is needed is then said in the read-me and at the end."""
    (tmp_path / "pyproject.toml").write_text('[dependency-groups]\ntest = ["pytest"]\n', encoding="utf-8")
    result = smgen("init", "--name", "x", cwd=tmp_path)
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert tomli.loads(text)["dependency-groups"] == {"test": ["pytest"]}
    line = "pip install 'sagemaker-smgen[generate]' mypy pyright pytest"
    assert f"\n  {line}  smgen, mypy, pyright and pytest\n" in result.out
    assert f"\n```\n{line}\n```\n" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_the_read_me_installs_what_the_settings_name(project: Path) -> None:
    settings = tomli.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["dependency-groups"] == {"dev": ["sagemaker-smgen[generate]", "mypy", "pyright", "pytest"]}
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert "\n```\npip install --group dev\n```\n\n(with pip 25.1 or newer" in readme
    assert all(f"`{one}`" in readme for one in settings["dependency-groups"]["dev"])


def test_its_test_is_green(project: Path) -> None:
    result = run("pytest", "-q", "-p", "no:cacheprovider", cwd=project)
    assert result.returncode == 0, result.stdout
    assert "2 passed" in result.stdout


def test_it_compiles_to_what_the_pipeline_says(project: Path, tmp_path: Path) -> None:
    result = smgen_process("compile", "FraudDetection", "--env", "dev", "-o", tmp_path / "build", cwd=project)
    assert (result.code, result.err) == (0, "")
    definition = json.loads((tmp_path / "build/definition.json").read_bytes())
    clean, gate = definition["Steps"]
    assert clean["Name"] == "Clean"
    assert clean["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"] == {"Get": "Parameters.SourceTable"}
    train, create = gate["Arguments"]["IfSteps"]
    channels = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]["Get"]
        for channel in train["Arguments"]["InputDataConfig"]
    }
    assert channels == {
        "train": "Steps.Clean.ProcessingOutputConfig.Outputs['training_data'].S3Output.S3Uri",
        "validation": "Steps.Clean.ProcessingOutputConfig.Outputs['validation_data'].S3Output.S3Uri",
    }
    assert train["Arguments"]["HyperParameters"] == {"objective": "binary:logistic", "num_round": "100"}
    assert create["Arguments"]["PrimaryContainer"]["ModelDataUrl"] == {
        "Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"
    }
    assert [step["Name"] for step in gate["Arguments"]["ElseSteps"]] == ["TooFewRows"]


def test_the_script_cleans(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "input").mkdir()
    (tmp_path / "input/a.csv").write_text("x,label,y\n1,0,2\n3,1,4\n5,,6\n7,nan,8\n9,1\n", encoding="utf-8")
    (tmp_path / "input/b.csv").write_text("x,label,y\n-1,1,2.5\n1,1,2,3\nx,1,2\n", encoding="utf-8")
    (tmp_path / "input/empty.csv").touch()
    monkeypatch.setenv("LABEL_COLUMN", "label")
    monkeypatch.setenv("VALIDATION_SHARE", "0")
    script = runpy.run_path(str(project / "contract_specs/scripts/clean_data.py"))
    script["main"](tmp_path)
    assert (tmp_path / "training/train.csv").read_bytes() == b"0,1,2\n1,3,4\n1,-1,2.5\n"
    assert (tmp_path / "validation/validation.csv").read_bytes() == b""
    report = json.loads((tmp_path / "report/report.json").read_bytes())
    assert report == {"rows_read": 8, "rows_kept": 3, "kept_share": 0.375}
    monkeypatch.setenv("VALIDATION_SHARE", "1")
    script["main"](tmp_path)
    assert (tmp_path / "training/train.csv").read_bytes() == b""
    assert (tmp_path / "validation/validation.csv").read_bytes() == b"0,1,2\n1,3,4\n1,-1,2.5\n"
    monkeypatch.setenv("LABEL_COLUMN", "lable")
    with pytest.raises(SystemExit, match=r"a\.csv has the columns .* among them lable"):
        script["main"](tmp_path)


# Names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("fraud-detection", ("fraud_detection_steps", "fraud_detection", "FraudDetection")),
        ("FraudDetection", ("fraud_detection_steps", "fraud_detection", "FraudDetection")),
        ("fraud.detection_2", ("fraud_detection_2_steps", "fraud_detection_2", "FraudDetection2")),
        ("XGBoost-churn", ("xgboost_churn_steps", "xgboost_churn", "XGBoostChurn")),
        ("churn-steps", ("churn_steps", "churn_steps", "ChurnSteps")),
        ("a", ("a_steps", "a", "A")),
        # The pipeline's function may not hide what its module imports, nor be a keyword.
        ("clean-data", ("clean_data_steps", "clean_data_pipeline", "CleanData")),
        # Modules beside each other are found by their names: none may hide one of Python, in whichever version.
        ("calendar", ("calendar_steps", "calendar_pipeline", "Calendar")),
        ("distutils", ("distutils_steps", "distutils_pipeline", "Distutils")),
        ("tomllib", ("tomllib_steps", "tomllib_pipeline", "Tomllib")),
        ("sagemaker", ("sagemaker_steps", "sagemaker_pipeline", "Sagemaker")),
        ("class", ("class_steps", "class_pipeline", "Class")),
    ],
)
def test_names_come_from_the_project(given: str, names: tuple[str, str, str]) -> None:
    assert project_names(Path("anywhere"), given) == ProjectNames(given, *names)


@pytest.mark.parametrize(
    ("given", "pipeline"), [("smgen", "Smgen"), ("smgen-steps", "SmgenSteps"), ("SMGEN", "SMGEN"), ("Smgen", "Smgen")]
)
def test_no_package_is_called_as_the_library(given: str, pipeline: str) -> None:
    names = project_names(Path("anywhere"), given)
    assert (names.package, names.pipeline) == ("smgen_project_steps", pipeline)
    assert names.note == "The generated package is called smgen_project_steps, because smgen_steps is smgen's own."


def test_a_project_called_smgen_says_so_and_works(tmp_path: Path) -> None:
    folder = tmp_path / "smgen"
    result = smgen("init", "smgen", cwd=tmp_path)
    assert result.code == 0
    assert "\nThe generated package is called smgen_project_steps, because smgen_steps is smgen's own.\n" in result.out
    assert smgen("generate", cwd=folder).code == 0
    assert [path.name for path in (folder / "generated").iterdir()] == ["smgen_project_steps"]
    assert smgen_process("compile", "Smgen", "--env", "dev", "-o", "build", cwd=folder).code == 0


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("my project", "my-project"),
        ("2024-churn", "churn"),
        ("-x", "x"),
        ("x-", "x"),
        ("größe", "gr-e"),
        ("a/../b", "a-..-b"),
        ("", None),
        ("漢字", None),
        ("a\nb", "a-b"),
        ("a" * 65, "a" * 64),
    ],
)
def test_names_that_cannot_be(given: str, nearest: str | None) -> None:
    with pytest.raises(FindingsError) as caught:
        project_names(Path("anywhere"), given)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.given, finding.nearest) == ("SMG106", given, nearest)
    assert finding.expected == "1 to 64 letters, digits, '-', '_' and '.', from a letter to a letter or digit"
    assert finding.fix == f"give --name {nearest or 'my-project'}"
    if nearest is not None:
        assert project_names(Path("anywhere"), nearest).project == nearest


def test_a_folder_that_cannot_name_a_project(tmp_path: Path) -> None:
    result = smgen("init", "my project", cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "error SMG106 bad-name: the folder's name cannot be the project's\n"
        "  given         my project\n"
        "  expected      1 to 64 letters, digits, '-', '_' and '.', from a letter to a letter or digit\n"
        "  did you mean  my-project\n"
        "  fix           give --name my-project\n"
        "\n"
        "1 error\n"
    )
    assert list(tmp_path.iterdir()) == []
    result = smgen("init", "my project", "--name", "my-project", cwd=tmp_path)
    assert result.code == 0
    assert "\n  cd 'my project'\n" in result.out


# A folder with things in it ----------------------------------------------------------------------------------------


def test_a_project_is_not_made_twice(tmp_path: Path) -> None:
    assert smgen("init", "fraud-detection", cwd=tmp_path).code == 0
    before = tree(tmp_path)
    result = smgen("init", "fraud-detection", "--format", "github", cwd=tmp_path)
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("::error ")
    assert "file=fraud-detection/pyproject.toml,line=5" in result.out
    assert "this is a smgen project already" in result.out
    assert tree(tmp_path) == before


def test_every_file_in_the_way_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    for path in ("contract_specs/artifact_types.json", "pipelines/x.py", "pipelines/other.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("mine", encoding="utf-8")
    (tmp_path / "tests/test_x.py").mkdir(parents=True)
    (tmp_path / ".gitignore").symlink_to("nowhere")
    before = tree(tmp_path)
    result = smgen("init", "--name", "x", "--format", "json", cwd=tmp_path)
    assert (result.code, result.err) == (1, "")
    findings = json.loads(result.out)["findings"]
    assert {finding["rule"] for finding in findings} == {"SMG123"}
    assert [finding["place"]["file"] for finding in findings] == [
        ".gitignore",
        "contract_specs/artifact_types.json",
        "pipelines/x.py",
        "tests/test_x.py",
    ]
    assert tree(tmp_path) == before
    assert not (tmp_path / "pyproject.toml").exists()


@pytest.mark.parametrize("obstacle", ["file", "link"])
def test_what_stands_in_the_place_of_a_folder(tmp_path: Path, obstacle: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    if obstacle == "file":
        (tmp_path / "tests").touch()
    else:
        (tmp_path / "tests").symlink_to("elsewhere")
    result = smgen("init", "--name", "x", cwd=tmp_path)
    assert result.code == 1
    assert result.err.startswith("tests: error SMG123 foreign-file: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "tests"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_workflow_and_hooks_of_ones_own_stay(tmp_path: Path) -> None:
    mine = {".pre-commit-config.yaml": b"repos: []\n", ".github/workflows/smgen.yml": b"on: push\n"}
    for path, text in mine.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text)
    result = smgen("init", "--name", "x", cwd=tmp_path)
    assert result.code == 0
    assert {path: (tmp_path / path).read_bytes() for path in mine} == mine
    for path in mine:
        assert f"\nYour {path} stays as it is.\n" in result.out
        assert f"  {path}  " not in result.out


def test_a_project_below_the_root_of_a_repository_gets_no_workflow(tmp_path: Path) -> None:
    """GitHub and pre-commit look for them at the root only."""
    (tmp_path / ".git").mkdir()
    result = smgen("init", "services/fraud", cwd=tmp_path)
    assert result.code == 0
    made = {Path(path).parts[0] for path in tree(tmp_path / "services/fraud")}
    assert made.isdisjoint({".github", ".pre-commit-config.yaml"})
    assert f"\nThe repository begins in {tmp_path.resolve().as_posix()}: what runs 'smgen verify'" in result.out
    at_the_root = smgen("init", "--name", "fraud", cwd=tmp_path)
    assert at_the_root.code == 0
    assert (tmp_path / ".github/workflows/smgen.yml").is_file()


def test_a_read_me_and_git_files_of_ones_own_stay(tmp_path: Path) -> None:
    (tmp_path / "readme.rst").write_text("mine", encoding="utf-8")
    (tmp_path / ".gitattributes").write_bytes(b"*.csv binary")
    (tmp_path / ".gitignore").write_bytes(b"*.log\n__pycache__/\n/build/\n/.venv/\n")
    result = smgen("init", "--name", "x", cwd=tmp_path)
    assert result.code == 0
    assert not (tmp_path / "README.md").exists()
    assert "\nYour readme.rst stays as it is.\n" in result.out
    assert (tmp_path / ".gitattributes").read_bytes() == (
        b"*.csv binary\ncontract_specs/** text=auto eol=lf\ngenerated/x_steps/** text=auto eol=lf linguist-generated\n"
    )
    assert "  .gitattributes                        marks generated files; added to yours\n" in result.out
    assert (tmp_path / ".gitignore").read_bytes() == b"*.log\n__pycache__/\n/build/\n/.venv/\n"
    assert ".gitignore" not in result.out


OWN_SETTINGS = """\
# mine
[project]
name = "shop"   # a remark

[tool.mypy]
mypy_path = "src"

[tool.pytest.ini_options]
addopts = "-q"
"""


def test_settings_are_added_and_none_is_changed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(OWN_SETTINGS, encoding="utf-8")
    result = smgen("init", "--name", "shop", cwd=tmp_path)
    assert result.code == 0
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith(OWN_SETTINGS + "\n# All that working on this project needs: pip install --group dev\n")
    tool = tomli.loads(text)["tool"]
    assert list(tool) == ["mypy", "pytest", "smgen", "pyright"]
    assert tomli.loads(text)["dependency-groups"] == {"dev": ["sagemaker-smgen[generate]", "mypy", "pyright", "pytest"]}
    assert tool["mypy"] == {"mypy_path": "src"}
    assert tool["pytest"] == {"ini_options": {"addopts": "-q"}}
    assert result.out.partition("smgen changes")[2] == (
        " no setting of yours. For its imports to be found, do this by hand:\n"
        "\n"
        "  pyproject.toml, [tool.mypy]: replace the line\n"
        '    mypy_path = "src"\n'
        "  by\n"
        '    mypy_path = ["src", "$MYPY_CONFIG_FILE_DIR/generated", "$MYPY_CONFIG_FILE_DIR/pipelines"]\n'
        "\n"
        "  pyproject.toml, [tool.pytest.ini_options]: add the line\n"
        '    pythonpath = ["generated", "pipelines"]\n'
        "\n"
        "Next:\n"
        "\n"
        "  pip install --group dev                smgen, mypy, pyright and pytest\n"
        "  smgen generate                         writes the typed steps, generated/shop_steps\n"
        "  mypy                                   or pyright: checks every reference between steps\n"
        "  smgen verify                           checks everything at once, as CI does\n"
        "  pytest                                 checks what the pipeline must be\n"
        "  smgen compile Shop --env dev -o build  writes its definition and code to build\n"
    )


@pytest.mark.slow
@pytest.mark.typecheck
def test_the_advice_works(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mypy]\nstrict = true\n", encoding="utf-8")
    out = smgen("init", "--name", "shop", cwd=tmp_path).out
    assert smgen("generate", cwd=tmp_path).code == 0
    assert run("mypy", "pipelines", cwd=tmp_path).returncode == 1
    line = out.partition("[tool.mypy]: add the line\n")[2].partition("\n")[0]
    settings = tmp_path / "pyproject.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("strict = true\n", f"strict = true\n{line}\n", 1), encoding="utf-8"
    )
    result = run("mypy", "pipelines", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "Success: no issues found in 1 source file\n")


BOTH = "$MYPY_CONFIG_FILE_DIR/generated:$MYPY_CONFIG_FILE_DIR/pipelines"
LISTED = '"$MYPY_CONFIG_FILE_DIR/generated", "$MYPY_CONFIG_FILE_DIR/pipelines"'


@pytest.mark.parametrize(
    ("file", "text", "advice"),
    [
        ("pyproject.toml", '[tool.mypy]\nmypy_path = ["a"]\n', f'mypy_path = ["a", {LISTED}]'),
        ("pyproject.toml", "[tool.pyright]\n", 'extraPaths = ["generated", "pipelines"]'),
        (
            "pyproject.toml",
            '[tool.pyright]\nextraPaths = ["./generated"]\n',
            'extraPaths = ["./generated", "pipelines"]',
        ),
        ("pyproject.toml", '[tool.pyright]\nextraPaths = ["./pipelines", "x/generated"]\n', None),
        ("pyproject.toml", '[tool.pytest]\npythonpath = ["a"]\n', 'pythonpath = ["a", "generated", "pipelines"]'),
        ("mypy.ini", "[mypy]\n", f"mypy_path = {BOTH}"),
        ("pyproject.toml", '[tool.mypy]\nmypy_path = "a:b"\n', f'mypy_path = ["a", "b", {LISTED}]'),
        ("mypy.ini", "[mypy]\nmypy_path = a, b\n", f"mypy_path = a:b:{BOTH}"),
        ("mypy.ini", "[mypy]\nmypy_path = a:generated:pipelines\n", None),
        ("mypy.ini", "[mypy]\nmypy_path = generated\n", "mypy_path = generated:$MYPY_CONFIG_FILE_DIR/pipelines"),
        ("mypy.ini", "no ini file", f"mypy_path = {BOTH}"),
        ("setup.cfg", "[mypy]\n", f"mypy_path = {BOTH}"),
        ("setup.cfg", "[tool:pytest]\npythonpath = a\n", "pythonpath = a generated pipelines"),
        ("pytest.ini", "[pytest]\n", "pythonpath = generated pipelines"),
        ("pytest.toml", "[pytest]\n", 'pythonpath = ["generated", "pipelines"]'),
        ("tox.ini", "[pytest]\n", "pythonpath = generated pipelines"),
        ("pyrightconfig.json", "{}", '"extraPaths": ["generated", "pipelines"]'),
    ],
)
def test_whatever_file_a_tool_is_set_up_in_outranks_ours(
    tmp_path: Path, file: str, text: str, advice: str | None
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    result = smgen("init", "--name", "x", cwd=tmp_path)
    assert result.code == 0
    shown = [line.strip() for line in result.out.splitlines() if line.startswith("    ")]
    assert shown[-1:] == ([] if advice is None else [advice])
    tool = tomli.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    name = next(name for name in ("mypy", "pyright", "pytest") if name in f"{file}{text}")
    if file == "pyproject.toml":
        assert tool[name] == tomli.loads(text)["tool"][name]
    else:
        assert name not in tool
        assert (tmp_path / file).read_text(encoding="utf-8") == text
    # The two others had no settings, so they come with the project.
    assert sorted({*tool, name}) == ["mypy", "pyright", "pytest", "smgen"]


@pytest.mark.parametrize(
    ("text", "kept"), [("a = 1", "a = 1\n\n"), ("", ""), ("\n", "\n"), ("a = 1\r\n", "a = 1\r\n\r\n")]
)
def test_how_sections_follow_what_is_there(tmp_path: Path, text: str, kept: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text.encode())
    assert smgen("init", "--name", "x", cwd=tmp_path).code == 0
    written = (tmp_path / "pyproject.toml").read_bytes().decode()
    assert written.startswith(f"{kept}# All that working on this project needs")
    assert written.replace("\r\n", "").count("\n" if "\r" in text else "\r") == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool", "pyproject.toml is no TOML"),
        ("a = 'ü'".encode("latin-1"), "pyproject.toml is no TOML"),
        ("tool = {mypy = {}}\n", "no section can be added to this pyproject.toml"),
        ("[tool.smgen.pipelines]\n", "this is a smgen project already"),
        ("tool.smgen = {}\n", "this is a smgen project already"),
        ("[tool]\nsmgen = 1\n", "this is a smgen project already"),
    ],
)
def test_settings_that_nothing_can_be_added_to(tmp_path: Path, text: str | bytes, message: str) -> None:
    data = text.encode() if isinstance(text, str) else text
    (tmp_path / "pyproject.toml").write_bytes(data)
    result = smgen("init", "--name", "x", cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    assert f"error SMG130 project-settings: {message}\n" in result.err
    assert tree(tmp_path) == {"pyproject.toml": data}


def test_a_wrong_name_and_a_project_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.smgen]\n", encoding="utf-8")
    result = smgen("init", "--name", "1", "--format", "json", cwd=tmp_path)
    assert [finding["rule"] for finding in json.loads(result.out)["findings"]] == ["SMG130", "SMG106"]


# Exit codes --------------------------------------------------------------------------------------------------------


def test_machine_formats_have_the_output_stream_to_themselves(tmp_path: Path) -> None:
    result = smgen("init", "x", "--format", "json", cwd=tmp_path)
    assert result.code == 0
    assert json.loads(result.out)["findings"] == []
    assert result.err.startswith("Made the project x:\n")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    result = smgen("init", "x", cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert "Directory 'x' is a file." in result.err


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    result = smgen("init", "x/y", cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err == "Error: x/y: Not a directory\n"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write into")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    result = smgen("init", "/proc/smgen-test", cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: /proc/smgen-test")


def test_no_settings_of_git_or_the_user_matter(tmp_path: Path) -> None:
    assert smgen_process("init", "a", cwd=tmp_path, environment={"PYTHONHASHSEED": "1", "LC_ALL": "C"}).code == 0
    (tmp_path / "a").rename(tmp_path / "first")
    assert smgen_process("init", "a", cwd=tmp_path, environment={"PYTHONHASHSEED": "2"}).code == 0
    assert tree(tmp_path / "first") == tree(tmp_path / "a")
