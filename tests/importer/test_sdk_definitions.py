"""Definitions that both SDKs made of pipelines with every kind of step in use: each gives itself again, typed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from smgen.definition import IMPORTED, N4, Definition, compare, parse_definition
from smgen.runtime import CompiledPipeline, compile_pipeline, read_project
from tests.cli.command_line import smgen
from tests.importer.sdk_definitions import (
    CASES,
    PROJECT,
    archive,
    archives,
    command,
    document,
    imported,
    package,
    scripts,
)
from tests.parity.script_mode.sdk2_estimators import members
from tests.typing.checkers import run_pyright


@dataclass(frozen=True)
class Counts:
    """What became of a definition: its contracts with their kinds, and what they hold together."""

    contracts: dict[str, str]
    ports: int
    settings: int
    raw: int
    normalisations: dict[str, int]


REGISTRATION: Final = {
    "Prepare": "Processing",
    "Train": "Training",
    "Evaluate": "Processing",
    "ChurnRepack": "Training",
}
SEARCH: Final = {"Prepare": "Processing", "SearchStep": "Tuning", "Best": "Model", "Score": "Transform"}
FUNCTIONS: Final = {"Lookup": "Lambda", "Extract": "Callback", "Count": "EMR", "Notify": "Lambda"}
CHECKS: Final = {
    "Prepare": "Processing",
    "DataQuality": "QualityCheck",
    "Train": "Training",
    "Score": "Transform",
    "ModelQuality": "QualityCheck",
    "DataBias": "ClarifyCheck",
    "Explanations": "ClarifyCheck",
    "Register": "RegisterModel",
}
DECORATED: Final = {"Score": "Training", "Load": "Training"}

PINNED: Final = {
    "sdk2/registration": Counts(REGISTRATION | {"ChurnRegister": "RegisterModel"}, 8, 34, 75, {"N1": 4}),
    "sdk2/search": Counts(SEARCH, 6, 18, 54, {"N1": 3}),
    "sdk2/functions": Counts(FUNCTIONS, 0, 12, 3, {}),
    "sdk2/checks": Counts(CHECKS | {"CreateModel": "Model"}, 25, 50, 70, {"N1": 9}),
    "sdk2/decorated": Counts(DECORATED, 0, 22, 58, {}),
    "sdk3/registration": Counts(REGISTRATION | {"ChurnStep": "RegisterModel"}, 8, 36, 93, {"N5": 1, "N9": 1}),
    "sdk3/search": Counts(SEARCH, 6, 19, 51, {"N5": 1}),
    "sdk3/functions": Counts(FUNCTIONS, 0, 12, 3, {"N5": 1}),
    "sdk3/checks": Counts(CHECKS | {"Create": "Model"}, 25, 54, 91, {"N5": 1}),
    "sdk3/decorated": Counts(DECORATED, 0, 22, 54, {"N5": 1}),
}


@pytest.mark.parametrize("case", CASES)
def test_it_gives_itself_again(case: str, tmp_path: Path) -> None:
    found = imported(tmp_path, case)
    contracts = found.report["contracts"]
    (environment,) = found.report["environments"]
    assert PINNED[case] == Counts(
        {one["name"]: one["kind"] for one in contracts},
        sum(one["ports"] for one in contracts),
        sum(one["settings"] for one in contracts),
        sum(one["raw_leaves"] for one in contracts),
        {name: count for name, count in environment["normalisations"].items() if count},
    )
    assert [one["fallbacks"] for one in contracts if one["fallbacks"]] == []
    # Only of machines and numbers is more known than the contracts say.
    assert [one for one in found.report["guesses"] if not one["lines"]] == []
    checked = smgen("import", "--check", "project", cwd=tmp_path)
    assert (checked.code, checked.err) == (0, "")


@pytest.mark.typecheck
@pytest.mark.slow
def test_modules_and_packages_are_clean_under_both_type_checkers(tmp_path: Path) -> None:
    together = tmp_path / "all"
    together.mkdir()
    for case in CASES:
        folder = tmp_path / case
        folder.mkdir(parents=True)
        found = imported(folder, case)
        (together / f"{case.replace('/', '_')}.py").write_text(found.module, encoding="utf-8")
        shutil.copytree(found.folder / "generated" / package(case), together / package(case))
    (together / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")
    environment = {**os.environ, "MYPYPATH": str(together)}
    words = [sys.executable, "-m", "mypy", "--strict", "."]
    done = subprocess.run(words, cwd=together, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, "Success: no issues found in " in done.stdout) == (0, True), done.stdout
    done = run_pyright(together, ".")
    assert (done.returncode, "0 errors, 0 warnings" in done.stdout) == (0, True), done.stdout


# What is recognised -------------------------------------------------------------------------------------------------


def test_hyperparameters_of_script_mode_have_their_types(tmp_path: Path) -> None:
    contract = imported(tmp_path, "sdk2/registration").contract("train")
    assert contract["hyperparameters"]["properties"] == {
        "epochs": {"type": "integer"},
        "lr": {"type": "number"},
        "hidden": {"type": "array", "items": {"type": "number"}},
        "optimizer": {"type": "string"},
        "shuffle": {"type": "boolean"},
    }
    # The toolkit's own stay in the request; where the code lies is a setting.
    assert contract["request"]["HyperParameters"] == {
        "$merge": [
            {"$hyperparameters": "json"},
            {
                "sagemaker_submit_directory": {"$json": {"$setting": "code_location"}},
                "sagemaker_program": '"train.py"',
                "sagemaker_container_log_level": "20",
                "sagemaker_region": '"eu-west-1"',
            },
        ]
    }


def test_a_step_that_packs_code_into_a_model_is_told_from_others(tmp_path: Path) -> None:
    found = imported(tmp_path, "sdk2/registration")
    assert "churn_repack.Config(\n" in found.module
    assert 'inference_script="inference.py",' in found.module
    assert "model=churn_repack_model_0.model_artifacts," in found.module
    contract = found.contract("churn_repack")
    # In quotes, as JSON, though one is the JSON null.
    assert contract["request"]["HyperParameters"]["$merge"][0] == {"$hyperparameters": "json"}
    assert contract["request"]["HyperParameters"]["$merge"][1]["dependencies"] == "null"


def test_hyperparameters_of_version_3_have_their_types(tmp_path: Path) -> None:
    found = imported(tmp_path, "sdk3/registration")
    assert found.contract("train")["hyperparameters"]["properties"] == {
        "epochs": {"type": "integer"},
        "lr": {"type": "number"},
        # Texts are bare here, so that a list could only be written with other spaces.
        "hidden": {"type": "string"},
        "optimizer": {"type": "string"},
        "shuffle": {"type": "boolean"},
    }
    assert "epochs=epochs," in found.module


def test_code_and_drivers_of_version_3_are_settings_and_no_ports(tmp_path: Path) -> None:
    contract = imported(tmp_path, "sdk3/registration").contract("train")
    assert list(contract["inputs"]) == ["train", "validation"]
    channels = contract["request"]["InputDataConfig"][2:]
    assert [one["ChannelName"] for one in channels] == ["code", "sm_drivers"]
    assert [one["DataSource"]["S3DataSource"]["S3Uri"] for one in channels] == [
        {"$setting": "code_location"},
        {"$setting": "sm_drivers_location"},
    ]


@pytest.mark.parametrize("major", [2, 3])
def test_the_best_models_of_a_search_are_outputs(major: int, tmp_path: Path) -> None:
    found = imported(tmp_path, f"sdk{major}/search")
    assert list(found.contract("search_step")["outputs"]) == [
        "best_training_job_name",
        "tuning_job_name",
        "best_model",
        "second_best_model",
    ]
    assert "best.StepBuilder(model=search_step_2.best_model)" in found.module
    assert "best.StepBuilder(model=search_step_2.second_best_model)" in found.module


@pytest.mark.parametrize("major", [2, 3])
def test_metrics_are_files_of_outputs_and_reports(major: int, tmp_path: Path) -> None:
    module = imported(tmp_path, f"sdk{major}/registration").module
    assert "model_statistics=evaluate_step.evaluation_report," in module
    assert "evaluate_step.evaluation_report.regression_metrics.mse.value <= max_error" in module


@pytest.mark.parametrize("major", [2, 3])
def test_what_checks_find_is_registered_with_the_model(major: int, tmp_path: Path) -> None:
    found = imported(tmp_path, f"sdk{major}/checks")
    assert {name: port["type"] for name, port in found.contract("register")["inputs"].items()} == {
        "model_statistics": "ModelMetrics",
        "model_constraints": "ModelQualityConstraints",
        "data_statistics": "DataStatistics",
        "data_constraints": "DataConstraints",
        "bias_report": "DataBiasReport",
        "explainability_report": "ExplainabilityReport",
        "drift_data_statistics": "DataStatistics",
        "drift_data_constraints": "DataConstraints",
        "drift_pre_training_bias": "DataBiasReport",
        "drift_explainability": "ExplainabilityReport",
        "drift_explainability_config": "AnalysisConfig",
        "model": "ModelArtifacts",
    }
    assert "drift_data_statistics=data_quality_step.drift_statistics," in found.module


@pytest.mark.parametrize("major", [2, 3])
def test_functions_and_conditions_are_typed(major: int, tmp_path: Path) -> None:
    module = imported(tmp_path, f"sdk{major}/functions").module
    assert "day=Execution.START_DATETIME" in module
    assert '~stage.is_in(["dev", "prod"])' in module
    assert "(lookup_step.age > max_age) | (lookup_step.accuracy < 0.8)" in module
    assert "model=lookup_step.model_uri" in module


@pytest.mark.parametrize("major", [2, 3])
def test_python_functions_keep_the_order_of_the_definition(major: int, tmp_path: Path) -> None:
    found = imported(tmp_path, f"sdk{major}/decorated")
    assert 'p.list_steps("Score", "Load")' in found.module
    assert [one["name"] for one in found.report["contracts"]] == ["Score", "Load"]


def test_a_step_that_version_3_leaves_out_of_a_branch_is_told(tmp_path: Path) -> None:
    # Given the registration alone, sagemaker 3.27 leaves out of a branch the step that it reads.
    definition = document("sdk3/registration")
    missing = definition["Steps"][3]["Arguments"]["IfSteps"].pop(0)["Name"]
    (tmp_path / "churn.json").write_text(json.dumps(definition), encoding="utf-8")
    result = smgen("import", "churn.json", "-o", "project", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    (report,) = (tmp_path / "project" / "imported").glob("*.md")
    assert f": there is no step '{missing}'\n" in report.read_text(encoding="utf-8")


# Source folders -----------------------------------------------------------------------------------------------------


def compiled(folder: Path, name: str) -> CompiledPipeline:
    return compile_pipeline(read_project(folder / "project"), name, "default")


def original(case: str) -> Definition:
    return parse_definition(document(case))


def changed(case: str, built: CompiledPipeline) -> list[str]:
    """The pointers at which something differs, the names of code among it."""
    without = tuple(one for one in IMPORTED if one is not N4)
    return [one.pointer for one in compare(original(case), built.definition, normalisations=without).differences]


def test_only_locations_of_code_differ_with_the_code_of_the_repository(tmp_path: Path) -> None:
    case = "sdk2/registration"
    found = imported(tmp_path, case, "--source-root", PROJECT)
    built = compiled(tmp_path, "Churn")
    assert {one["location"].rpartition("/")[2]: one["path"] for one in found.report["code"] if one["path"]} == {
        "prepare.py": "contract_specs/scripts/prepare.py",
        # The one of the processing job, which comes last; its script is known by the hash alone.
        "sourcedir.tar.gz": "contract_specs/evaluation",
    }
    arguments = "/Steps/{}/Arguments"
    assert changed(case, built) == [
        f"{arguments.format(0)}/ProcessingInputs/1/S3Input/S3Uri",
        f"{arguments.format(1)}/HyperParameters/sagemaker_submit_directory",
        f"{arguments.format(2)}/ProcessingInputs/2/S3Input/S3Uri",
    ]
    assert {asset.source for asset in built.assets} == {"scripts/prepare.py", "training", "evaluation"}


def test_archives_hold_what_the_sdk_packed(tmp_path: Path) -> None:
    imported(tmp_path, "sdk2/registration", "--source-root", PROJECT)
    recorded = [files for location, files in archives(2).items() if "/Churn/code/" in location]
    ours = [
        {name: about["sha256"] for name, about in members(asset.content).items()}
        for asset in compiled(tmp_path, "Churn").assets
        if asset.file.endswith(".tar.gz")
    ]
    assert sorted(ours, key=sorted) == sorted(recorded, key=sorted)
    (script,) = [asset for asset in compiled(tmp_path, "Churn").assets if asset.file == "prepare.py"]
    digest = hashlib.sha256(script.content).hexdigest()
    assert digest in [known for location, known in scripts(2).items() if location.endswith("/prepare.py")]


def test_a_folder_that_was_edited_since_is_not_taken_for_the_one_that_was_packed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(PROJECT, root)
    for script in ("training/network.py", "evaluation/evaluate.py"):
        (root / script).write_text("edited = True\n", encoding="utf-8")
    found = imported(tmp_path, "sdk2/registration", "--source-root", root)
    told = {step: one for one in found.report["code"] for step in one["steps"]}
    assert told["Train"]["path"] is None
    assert told["Train"]["candidates"] == ["../root/training", "../root/tuned"]
    assert (told["Evaluate"]["path"], told["Evaluate"]["candidates"]) == (None, [])


def test_an_edit_of_the_code_reaches_the_job(tmp_path: Path) -> None:
    imported(tmp_path, "sdk2/registration", "--source-root", PROJECT)
    before = {asset.source: asset.location for asset in compiled(tmp_path, "Churn").assets}
    script = tmp_path / "project" / "contract_specs" / "training" / "train.py"
    script.write_text(script.read_text(encoding="utf-8") + "print('more')\n", encoding="utf-8")
    after = {asset.source: asset.location for asset in compiled(tmp_path, "Churn").assets}
    assert [source for source, location in after.items() if before[source] != location] == ["training"]


@pytest.mark.parametrize("major", [2, 3])
def test_a_tuner_finds_its_folder_by_a_copy_of_its_archive(major: int, tmp_path: Path) -> None:
    case = f"sdk{major}/search"
    root = tmp_path / "root"
    shutil.copytree(PROJECT, root)
    # Two folders have a script of that name, and nothing in the definition tells them apart.
    first = command(tmp_path, case, "--source-root", root)
    assert (first.code, first.err) == (0, "")
    assert "  1 code location in S3 only\n" in first.out
    report = (tmp_path / "project" / "imported" / "Search.md").read_text(encoding="utf-8")
    assert "it could be `../root/training` or `../root/tuned`" in report

    (location,) = [location for location, files in archives(major).items() if list(files) == ["train.py"]]
    copy = root / "downloads" / location.removeprefix("s3://")
    copy.parent.mkdir(parents=True)
    copy.write_bytes(archive({"train.py": (root / "tuned" / "train.py").read_bytes()}))
    again = imported(tmp_path, case, "--source-root", root, "--force")
    (code,) = [one for one in again.report["code"] if one["location"] == location]
    assert code["path"] == "contract_specs/tuned"
    (asset,) = [one for one in compiled(tmp_path, "Search").assets if one.file.endswith(".tar.gz")]
    assert {name: about["sha256"] for name, about in members(asset.content).items()} == archives(major)[location]
    member = "/Steps/1/Arguments/TrainingJobDefinition/StaticHyperParameters/sagemaker_submit_directory"
    script = "/Steps/0/Arguments/ProcessingInputs/1/S3Input/S3Uri"
    assert changed(case, compiled(tmp_path, "Search")) == [script, member]


def test_what_the_sdk_writes_itself_stays_where_it_is(tmp_path: Path) -> None:
    imported(tmp_path, "sdk3/registration", "--source-root", PROJECT)
    report = (tmp_path / "project" / "imported" / "Churn.md").read_text(encoding="utf-8")
    lines = [line for line in report.splitlines() if line.startswith("- `s3://")]
    assert [line.partition("`, for ")[2] for line in lines] == [
        "`Train`, whose script the definition does not name",
        "`Train`, which the SDK writes",
        "`Evaluate`, whose script the definition does not name",
        "`Evaluate`, which the SDK writes",
        "`Churn-RepackModel-model-ab12cd34`, whose script the definition does not name",
        "`Churn-RepackModel-model-ab12cd34`, which the SDK writes",
    ]
    # Where a container finds its code by itself is no place in S3.
    assert "/opt/ml/model/code" not in report
