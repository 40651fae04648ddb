"""`smgen compile`: which files it writes, that they are always the same, and what it says when it cannot."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import Result, smgen, smgen_process, tree

PIPELINE = "pipelines/fraud_detection.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `smgen init` and `smgen generate` make it; no test writes into it."""
    folder = tmp_path_factory.mktemp("compile") / "fraud-detection"
    assert smgen("init", folder.name, cwd=folder.parent).code == 0
    assert smgen("generate", cwd=folder).code == 0
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of that project which the test may change."""
    return Path(shutil.copytree(made, tmp_path / "fraud-detection", ignore=shutil.ignore_patterns("__pycache__")))


def compile_(project: Path, *options: str | Path, name: str = "FraudDetection", env: str = "dev") -> Result:
    return smgen_process("compile", name, "--env", env, "-o", "build", *options, cwd=project)


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


# What is written ---------------------------------------------------------------------------------------------------


def test_exactly_these_files(project: Path) -> None:
    before = tree(project)
    result = compile_(project)
    assert (result.code, result.err) == (0, "")
    script = (project / "contract_specs/scripts/clean_data.py").read_bytes()
    digest = hashlib.sha256(script).hexdigest()
    build = tree(project / "build")
    assert list(build) == [
        f"assets/{digest}/clean_data.py",
        "assets.json",
        "definition.json",
        "provenance.json",
    ]
    assert build[f"assets/{digest}/clean_data.py"] == script
    assert {path: data for path, data in tree(project).items() if not path.startswith("build/")} == before
    assert json.loads(build["assets.json"]) == {
        "version": 1,
        "assets": [
            {
                "path": f"assets/{digest}/clean_data.py",
                "location": f"s3://placeholder-bucket/FraudDetection/code/{digest}/clean_data.py",
                "sha256": digest,
                "bytes": len(script),
                "source": "scripts/clean_data.py",
            }
        ],
    }
    definition = json.loads(build["definition.json"])
    code = definition["Steps"][0]["Arguments"]["ProcessingInputs"][-1]
    assert (code["InputName"], code["S3Input"]["S3Uri"]) == (
        "code",
        f"s3://placeholder-bucket/FraudDetection/code/{digest}/clean_data.py",
    )
    provenance = json.loads(build["provenance.json"])
    assert [(step["step"], step["file"]) for step in provenance["steps"]] == [
        ("Clean", PIPELINE),
        ("Train", PIPELINE),
        ("CreateModel", PIPELINE),
    ]


def test_what_is_said(project: Path) -> None:
    result = compile_(project)
    assert result.out.startswith("FraudDetection for dev: 5 steps, 2 parameters, 1 asset")
    assert result.out.endswith("Written to build: definition.json and 3 more.\n")
    assert len(result.out.splitlines()) == 2


def test_the_same_bytes_from_everywhere(made: Path, tmp_path: Path) -> None:
    name, env, here = "FraudDetection", "dev", {"PYTHONHASHSEED": "0"}
    for cwd, target, more, environment in (
        (made, tmp_path / "a", (), here),
        (made / "tests", tmp_path / "b", (), {"PYTHONHASHSEED": "4711"}),
        (tmp_path, Path("c"), ("--project", os.path.relpath(made, tmp_path)), here),
        (
            Path("/"),
            tmp_path / "d",
            ("--project", made / PIPELINE.partition("/")[0]),
            {"LC_ALL": "C", "TZ": "Asia/Tokyo"},
        ),
    ):
        result = smgen_process("compile", name, "--env", env, "-o", target, *more, cwd=cwd, environment=environment)
        assert (result.code, result.err) == (0, "")
    first = tree(tmp_path / "a")
    assert len(first) == 4
    for other in ("b", "c", "d"):
        assert tree(tmp_path / other) == first
    assert not [path for path, data in first.items() if str(made).encode() in data or b"\r" in data]


def test_a_copied_project_makes_the_same_bytes(made: Path, project: Path, tmp_path: Path) -> None:
    assert compile_(project).code == 0
    result = smgen_process("compile", "FraudDetection", "--env", "dev", "-o", tmp_path / "other", cwd=made)
    assert result.code == 0
    assert tree(project / "build") == tree(tmp_path / "other")


def test_a_second_run_leaves_every_file_as_it_is(project: Path) -> None:
    assert compile_(project).code == 0
    files = [project / "build" / path for path in tree(project / "build")]
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in files]
    assert compile_(project).code == 0
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in files] == before


def test_files_of_other_runs_and_of_others_stay(project: Path) -> None:
    assert compile_(project).code == 0
    first = tree(project / "build")
    (project / "build/notes.txt").write_text("mine", encoding="utf-8")
    (project / "build/definition.json").write_text("{", encoding="utf-8")
    with (project / "contract_specs/scripts/clean_data.py").open("a", encoding="utf-8") as script:
        script.write("# another version\n")
    assert compile_(project).code == 0
    second = tree(project / "build")
    (old_asset,) = [path for path in first if path.startswith("assets/")]
    (new_asset,) = [path for path in second if path.startswith("assets/") and path != old_asset]
    assert second[old_asset] == first[old_asset]
    assert second[new_asset] == first[old_asset] + b"# another version\n"
    assert second["notes.txt"] == b"mine"
    assert [entry["path"] for entry in json.loads(second["assets.json"])["assets"]] == [new_asset]
    assert json.loads(second["definition.json"])["Version"] == "2020-12-01"


def test_two_environments_side_by_side(project: Path) -> None:
    settings = project / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    tables = text[text.index("[tool.smgen.environments.dev]") : text.index("[tool.mypy]")]
    extra = tables.replace("environments.dev", "environments.prod").replace("placeholder-bucket", "prod-bucket")
    settings.write_text(f"{text}\n{extra}\n[tool.smgen.environments.prod.parameters]\nLeastShareKept = 0.9\n", "utf-8")
    for env in ("dev", "prod"):
        result = smgen_process("compile", "FraudDetection", "--env", env, "-o", f"build/{env}", cwd=project)
        assert result.code == 0
    dev, prod = (json.loads((project / f"build/{env}/definition.json").read_bytes()) for env in ("dev", "prod"))
    assert [parameter["DefaultValue"] for parameter in dev["Parameters"]] == [
        "s3://placeholder-bucket/source-table/",
        0.8,
    ]
    assert [parameter["DefaultValue"] for parameter in prod["Parameters"]] == ["s3://prod-bucket/source-table/", 0.9]
    as_prod = json.dumps(dev).replace("placeholder-bucket", "prod-bucket").replace("0.8", "0.9")
    assert as_prod == json.dumps(prod)


def test_a_link_to_a_folder_is_a_folder(project: Path) -> None:
    (project / "elsewhere").mkdir()
    (project / "build").symlink_to("elsewhere")
    assert compile_(project).code == 0
    assert (project / "build").is_symlink()
    assert len(tree(project / "elsewhere")) == 4


# Findings: exit code 1, nothing written -----------------------------------------------------------------------------


def test_unknown_names_are_told_together(project: Path) -> None:
    result = smgen("compile", "FraudDetektion", "--env", "def", "-o", "build", cwd=project)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "pyproject.toml: error SMG210 pipeline-function: there is no pipeline 'FraudDetektion' in this project\n"
        "  given         FraudDetektion\n"
        "  expected      FraudDetection\n"
        "  did you mean  FraudDetection\n"
        "  fix           add 'FraudDetektion' to [tool.smgen.pipelines], or name one that is there\n"
        "\n"
        "pyproject.toml: error SMG211 environment-value: there is no environment 'def' in this project\n"
        "  given         def\n"
        "  expected      dev\n"
        "  did you mean  dev\n"
        "  fix           add 'def' to [tool.smgen.environments], or name one that is there\n"
        "\n"
        "2 errors\n"
    )
    assert not (project / "build").exists()


@pytest.fixture(scope="module")
def wrong(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two mistakes: the environment lacks an image, and a port is given another kind of artifact."""
    folder = tmp_path_factory.mktemp("wrong") / "fraud-detection"
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns("__pycache__"))
    replace(folder / "pyproject.toml", 'xgboost = "', 'xgbost = "')
    replace(folder / PIPELINE, "training_data=cleaning.training_data,", "training_data=cleaning.report,")
    return folder


def test_findings_as_text(wrong: Path) -> None:
    result = compile_(wrong)
    assert (result.code, result.out) == (1, "")
    heads = [line for line in result.err.splitlines() if ": error " in line]
    assert [head.partition(": error ")[2].partition(":")[0] for head in heads] == [
        "SMG214 unconsumed-output",
        "SMG204 wrong-artifact-type",
        "SMG212 unknown-image",
    ]
    assert [head.partition(": error ")[0] for head in heads] == [
        f"{PIPELINE}:13",
        f"{PIPELINE}:21",
        # Where the image is missing; what asks for it stands with what is expected.
        "pyproject.toml:14",
    ]
    assert "\n  did you mean  xgbost\n" in result.err
    assert result.err.endswith("\n\n3 errors\n")
    assert not (wrong / "build").exists()


def test_findings_as_json(wrong: Path) -> None:
    result = compile_(wrong, "--format", "json")
    assert (result.code, result.err) == (1, "")
    document = json.loads(result.out)
    assert document["counts"] == {"error": 3, "warning": 0, "note": 0}
    assert [finding["rule"] for finding in document["findings"]] == ["SMG214", "SMG204", "SMG212"]
    assert [finding["place"]["file"] for finding in document["findings"]] == [PIPELINE, PIPELINE, "pyproject.toml"]


def test_findings_as_sarif(wrong: Path) -> None:
    result = compile_(wrong, "--format", "sarif")
    assert (result.code, result.err) == (1, "")
    document = json.loads(result.out)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert [found["ruleId"] for found in run["results"]] == ["SMG214", "SMG204", "SMG212"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == PIPELINE


def test_findings_as_github_annotations(wrong: Path) -> None:
    result = compile_(wrong, "--format", "github")
    assert (result.code, result.err) == (1, "")
    lines = result.out.splitlines()
    assert len(lines) == 3
    files = (PIPELINE, PIPELINE, "pyproject.toml")
    assert all(line.startswith(f"::error file={file},line=") for file, line in zip(files, lines, strict=True))


@pytest.mark.parametrize("output_format", ["json", "sarif", "github"])
def test_nothing_to_find_in_a_machine_format(project: Path, output_format: str) -> None:
    result = compile_(project, "--format", output_format)
    assert result.code == 0
    assert result.err.startswith("FraudDetection for dev: 5 steps")
    if output_format == "github":
        assert result.out == ""
    else:
        document = json.loads(result.out)
        assert (document["findings"] if output_format == "json" else document["runs"][0]["results"]) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "given"),
    [
        (
            "enough = p.condition(",
            "enough = 1 / 0 + p.condition(",
            f"{PIPELINE}:20",
            "ZeroDivisionError: division by zero",
        ),
        ("enough = p.condition(", "enough = = p.condition(", f"{PIPELINE}:20:14", "invalid syntax"),
        (
            "import create_model,",
            "import creat_model,",
            f"{PIPELINE}:5",
            "ImportError: cannot import name 'creat_model'",
        ),
        ("def fraud_detection(", "def fraud(", "pyproject.toml:10", "fraud_detection"),
        (
            "env: Environment) -> None:",
            "env: Environment, more: int) -> None:",
            "pyproject.toml:10",
            "fraud_detection(p:",
        ),
    ],
)
def test_a_pipeline_function_that_fails(project: Path, old: str, new: str, place: str, given: str) -> None:
    replace(project / PIPELINE, old, new)
    result = compile_(project)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"{place}: error SMG210 pipeline-function: ")
    assert f"\n  given         {given}" in result.err
    assert "Traceback" not in result.err
    assert not (project / "build").exists()


def test_before_the_package_is_generated(project: Path) -> None:
    shutil.rmtree(project / "generated")
    result = compile_(project)
    assert (result.code, result.out) == (1, "")
    assert "No module named 'fraud_detection_steps'" in result.err
    assert "Traceback" not in result.err


def test_a_lost_script(project: Path) -> None:
    (project / "contract_specs/scripts/clean_data.py").unlink()
    result = compile_(project)
    assert (result.code, result.out) == (1, "")
    assert "error SMG119 missing-source: " in result.err
    assert "scripts/clean_data.py" in result.err


def test_something_else_where_a_file_goes(project: Path) -> None:
    (project / "build/definition.json").mkdir(parents=True)
    (project / "build/assets").touch()
    result = compile_(project)
    assert (result.code, result.out) == (1, "")
    assert [line.partition(": error ")[0] for line in result.err.splitlines() if ": error SMG123 " in line] == [
        "build/assets",
        "build/definition.json",
    ]
    assert tree(project / "build") == {"assets": b""}


# No answer: exit code 2 --------------------------------------------------------------------------------------------


def test_an_output_folder_below_a_file(project: Path) -> None:
    (project / "file").touch()
    result = smgen_process("compile", "FraudDetection", "--env", "dev", "-o", "file/build", cwd=project)
    assert (result.code, result.out) == (2, "")
    assert result.err == "Error: file/build: Not a directory\n"


def test_a_key_that_stops_it(project: Path) -> None:
    module = project / "pipelines" / "fraud_detection.py"
    replace(module, '    """Adds the steps.', '    raise KeyboardInterrupt\n    """Adds the steps.')
    result = smgen_process("compile", "FraudDetection", "--env", "dev", "-o", "build", cwd=project)
    assert result == Result(130, "", "\nStopped.\n")
    assert not (project / "build").exists()


def test_a_text_with_half_a_character_is_told_at_its_step(project: Path) -> None:
    module = project / "pipelines" / "fraud_detection.py"
    replace(module, 'LABEL_COLUMN="label"', 'LABEL_COLUMN="\\ud800"')
    result = smgen_process("compile", "FraudDetection", "--env", "dev", "-o", "build", cwd=project)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("pipelines/fraud_detection.py:")
    assert "error SMG207" in result.err


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write into")
def test_an_output_folder_that_cannot_be_written(project: Path) -> None:
    result = smgen_process("compile", "FraudDetection", "--env", "dev", "-o", "/proc/smgen-test", cwd=project)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: /proc/smgen-test")
    assert "Traceback" not in result.err
