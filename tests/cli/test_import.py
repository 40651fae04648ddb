"""``smgen import``: files in, a project that compiles to them out; nothing where it does not."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from smgen.definition import IMPORTED
from smgen.documents import JsonObject
from tests.cli.command_line import Result, smgen as run, tree
from tests.importer import handmade
from tests.importer.filled_corpus import filled, written
from tests.importer.test_project_code import script_mode

ABALONE = "01-abalone"


def imported(folder: Path, *arguments: str | Path) -> Result:
    return run("import", *arguments, cwd=folder)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    written(tmp_path, "small.json", handmade.definition())
    return tmp_path


def test_a_definition_becomes_a_project(tmp_path: Path) -> None:
    written(tmp_path, "abalone.json", filled(ABALONE))
    result = imported(tmp_path, "abalone.json", "-o", "project")
    assert result.err == ""
    assert result.code == 0
    # The definition says the pipeline's name, in the locations that the SDK gives to outputs.
    assert result.out == (
        "AbalonePipeline: 8 steps, 6 contracts, 10 ports, 28 settings, 49 raw leaves.\n"
        "  default: compiles to abalone.json (N1 4 times).\n"
        "  1 hidden edge\n"
        "  1 fixed location\n"
        "  6 guesses\n"
        "  2 code locations in S3 only\n"
        "  pipelines/abalone_pipeline.py; the whole report: imported/AbalonePipeline.md\n"
        "28 files written to project.\n"
    )
    files = tree(tmp_path / "project")
    assert [path for path in files if not path.startswith("generated/")] == [
        "contract_specs/abalone_create_model.json",
        "contract_specs/abalone_eval.json",
        "contract_specs/abalone_process.json",
        "contract_specs/abalone_register_model.json",
        "contract_specs/abalone_train.json",
        "contract_specs/abalone_transform.json",
        "contract_specs/artifact_types.json",
        "imported/AbalonePipeline.default.json",
        "imported/AbalonePipeline.md",
        "pipelines/abalone_pipeline.py",
        "pyproject.toml",
    ]
    assert json.loads(files["imported/AbalonePipeline.default.json"]) == filled(ABALONE)
    module = files["pipelines/abalone_pipeline.py"].decode()
    assert "train=abalone_process_step.train" in module
    assert "abalone_eval_step.evaluation_report.regression_metrics.mse.value <= mse_threshold" in module


def test_what_was_generated_is_what_generate_writes(tmp_path: Path) -> None:
    written(tmp_path, "small.json", handmade.definition())
    assert imported(tmp_path, "small.json", "-o", "project").code == 0
    assert run("generate", "--check", cwd=tmp_path / "project").code == 0


def test_the_same_import_again_changes_nothing(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    before = tree(small / "project")
    again = imported(small, "small.json", "-o", "project")
    assert again.code == 0
    # The first report stays: it has the guesses about the contracts, which are there by now.
    assert tree(small / "project") == before
    assert again.out.endswith("project is up to date.\n")


def test_several_accounts_are_one_module(tmp_path: Path) -> None:
    for name, account, region in (("dev", "111122223333", "us-east-1"), ("prod", "444455556666", "eu-west-1")):
        written(tmp_path / name, "definition.json", filled(ABALONE, account, region, f"ml-{name}"))
    result = imported(
        tmp_path, "--env", "dev=dev/definition.json", "--env", "prod=prod/definition.json", "-o", "project"
    )
    assert (result.code, result.err) == (0, "")
    assert "  dev: compiles to dev/definition.json (N1 4 times).\n" in result.out
    assert "  prod: compiles to prod/definition.json (N1 4 times).\n" in result.out
    settings = (tmp_path / "project/pyproject.toml").read_text(encoding="utf-8")
    assert '[tool.smgen.environments.dev]\naccount = "111122223333"\nregion = "us-east-1"\n' in settings
    assert '[tool.smgen.environments.prod]\naccount = "444455556666"\nregion = "eu-west-1"\n' in settings
    module = (tmp_path / "project/pipelines/abalone_pipeline.py").read_text(encoding="utf-8")
    assert not any(word in module for word in ("111122223333", "444455556666", "ml-dev", "eu-west-1"))


# --check ------------------------------------------------------------------------------------------------------------


def test_the_proof_again(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    checked = imported(small, "--check", "project")
    assert (checked.code, checked.err) == (0, "")
    assert checked.out == "small for default compiles to project/imported/small.default.json\n"


def test_an_edit_is_found_by_the_proof(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    module = small / "project/pipelines/small.py"
    text = module.read_text(encoding="utf-8")
    assert "eta=0.2" in text
    module.write_text(text.replace("eta=0.2", "eta=0.3"), encoding="utf-8")
    checked = imported(small, "--check", "project")
    assert checked.code == 1
    assert checked.out == "small for default differs from project/imported/small.default.json\n"
    copy = (small / "project/imported/small.default.json").read_text(encoding="utf-8").splitlines()
    line = next(number for number, one in enumerate(copy, 1) if '"eta"' in one)
    column = copy[line - 1].index('"0.2"') + 1
    assert checked.err == (
        f"project/imported/small.default.json:{line}:{column}: error SMG135 import-differs: small does not compile to "
        "the definition that it was imported from: /Steps/1/Arguments/HyperParameters/eta is another value"
        " (for default)\n"
        '  at            step "Train", /Steps/1/Arguments/HyperParameters/eta\n'
        '  given         "0.3"\n'
        '  expected      "0.2"\n'
        "\n1 error\n"
    )


def test_the_proof_as_json(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    document = json.loads(imported(small, "--check", "project", "--format", "json").out)
    assert document["findings"] == []
    assert document["checked"] == [
        {
            "pipeline": "small",
            "environment": "default",
            "copy": "project/imported/small.default.json",
            "equal": True,
            "normalisations": {item.id: 0 for item in IMPORTED},
        }
    ]


def test_the_proof_of_a_project_without_imports(small: Path) -> None:
    assert run("init", "project", cwd=small).code == 0
    checked = imported(small, "--check", "project")
    assert (checked.code, checked.out) == (2, "")
    assert checked.err == "Error: project/imported holds no imported definition.\n"


def test_a_pipeline_that_is_gone(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    (small / "project/imported/other.default.json").write_text("{}", encoding="utf-8")
    checked = imported(small, "--check", "project")
    assert checked.code == 1
    assert "SMG300" in checked.err


# What is there already ----------------------------------------------------------------------------------------------


def test_an_edited_module_is_not_overwritten_silently(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    module = small / "project/pipelines/small.py"
    original = module.read_text(encoding="utf-8")
    module.write_text(f"{original}# mine\n", encoding="utf-8")
    before = tree(small / "project")
    refused = imported(small, "small.json", "-o", "project")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        "Nothing was imported.\n"
        "project/pipelines/small.py: error SMG123 foreign-file: 'smgen import' would overwrite what is here\n"
        "  fix           give --force to import the pipeline again\n"
        "\n1 error\n"
    )
    assert tree(small / "project") == before
    assert imported(small, "small.json", "-o", "project", "--force").code == 0
    assert module.read_text(encoding="utf-8") == original


def test_files_of_others_are_never_overwritten(small: Path) -> None:
    path = small / "project/generated/project_steps/all.py"
    path.parent.mkdir(parents=True)
    path.write_text("mine = 1\n", encoding="utf-8")
    before = tree(small / "project")
    refused = imported(small, "small.json", "-o", "project", "--force")
    assert refused.code == 1
    assert "all.py: error SMG123 foreign-file: smgen did not write this file" in refused.err
    assert tree(small / "project") == before


def test_files_of_others_in_the_package_are_told_before_anything_is_written(small: Path) -> None:
    path = small / "project/generated/project_steps/notes.txt"
    path.parent.mkdir(parents=True)
    path.write_text("mine\n", encoding="utf-8")
    before = tree(small / "project")
    refused = imported(small, "small.json", "-o", "project")
    assert refused.code == 1
    assert refused.err.startswith("Nothing was imported.\n")
    assert "notes.txt: error SMG123 foreign-file: smgen did not write this file" in refused.err
    assert tree(small / "project") == before


def test_settings_of_others_stay_as_they_are(small: Path) -> None:
    project = small / "project"
    project.mkdir()
    own = '# My project.\n[project]\nname = "mine"\n\n[tool.mypy]\nstrict = false\n'
    (project / "pyproject.toml").write_text(own, encoding="utf-8")
    result = imported(small, "small.json", "-o", "project")
    assert result.code == 0
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith(own)
    assert "[tool.pyright]" in text
    assert text.count("[tool.mypy]") == 1
    assert (
        "  pyproject.toml, [tool.mypy]: add the line\n"
        '    mypy_path = ["$MYPY_CONFIG_FILE_DIR/generated", "$MYPY_CONFIG_FILE_DIR/pipelines"]\n' in result.out
    )


def test_a_folder_that_only_depends_on_smgen_is_no_project_yet(small: Path) -> None:
    (small / "project").mkdir()
    own = '[project]\nname = "mine"\ndependencies = ["sagemaker-smgen[aws]"]\n'
    (small / "project/pyproject.toml").write_text(own, encoding="utf-8")
    assert imported(small, "small.json", "-o", "project").code == 0
    text = (small / "project/pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith(f'{own}\n[tool.smgen]\ncontracts = "contract_specs"\n')
    assert "[tool.mypy]\nstrict = true\n" in text


@pytest.mark.parametrize("text", ["[tool.smgen", "[tool]\nsmgen = {}\n"])
def test_settings_that_nothing_can_be_added_to(small: Path, text: str) -> None:
    (small / "project").mkdir()
    (small / "project/pyproject.toml").write_text(text, encoding="utf-8")
    result = imported(small, "small.json", "-o", "project")
    assert (result.code, result.out) == (1, "")
    assert "SMG130" in result.err
    assert tree(small / "project") == {"pyproject.toml": text.encode()}


def test_more_types_are_added_behind_those_that_are_there(small: Path) -> None:
    assert run("init", "project", cwd=small).code == 0
    path = small / "project/contract_specs/artifact_types.json"
    before = path.read_text(encoding="utf-8")
    result = imported(small, "small.json", "-o", "project")
    assert (result.code, result.err) == (0, "")
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip().removesuffix("}").rstrip().removesuffix("}").rstrip())
    assert set(json.loads(after)["types"]) > set(json.loads(before)["types"])


def test_a_second_pipeline_uses_the_contracts_of_the_first(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    other = deepcopy(handmade.definition())
    steps = other["Steps"]
    assert isinstance(steps, list)
    text = json.dumps(other).replace('"eta": "0.2"', '"eta": "0.5"').replace("ml.m5.large", "ml.m5.4xlarge")
    written(small, "other.json", json.loads(text))
    result = imported(small, "other.json", "-o", "project")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("other: 2 steps, 2 contracts (2 there already), ")
    assert imported(small, "--check", "project").out == (
        "other for default compiles to project/imported/other.default.json\n"
        "small for default compiles to project/imported/small.default.json\n"
    )


def test_another_bucket_is_a_value_of_the_pipeline(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project").code == 0
    written(small, "other.json", handmade.definition("b-2"))
    result = imported(small, "other.json", "-o", "project")
    assert (result.code, result.err) == (0, "")
    assert "  for it alone, in default: bucket.\n" in result.out
    settings = (small / "project/pyproject.toml").read_text(encoding="utf-8")
    assert '[tool.smgen.environments.default.pipelines.other]\nbucket = "b-2"\n' in settings
    checked = imported(small, "--check", "project")
    assert checked.out.splitlines()[0] == "other for default compiles to project/imported/other.default.json"


def test_a_pipeline_of_that_name_is_somebody_elses(small: Path) -> None:
    assert run("init", "project", cwd=small).code == 0
    settings = small / "project/pyproject.toml"
    (name,) = [line for line in settings.read_text(encoding="utf-8").splitlines() if ".py:" in line]
    pipeline, _, entry = name.partition(" = ")
    refused = imported(small, "small.json", "--name", pipeline, "-o", "project", "--force")
    assert refused.code == 1
    assert f"SMG130 project-settings: the project has another pipeline '{pipeline}'" in refused.err
    assert f"  given         {entry.strip(chr(34))}\n" in refused.err


# A family -----------------------------------------------------------------------------------------------------------


def variation(number: int) -> JsonObject:
    """The abalone pipeline as it might have been copied and changed for the region of that number."""
    text = json.dumps(filled(ABALONE)).replace("AbalonePipeline", f"Region{number}")
    definition: JsonObject = json.loads(text.replace("abalone-dataset", f"rows-{number}"))
    steps = definition["Steps"]
    assert isinstance(steps, list)
    training = next(step for step in steps if isinstance(step, dict) and step["Name"] == "AbaloneTrain")
    arguments = training["Arguments"]
    assert isinstance(arguments, dict)
    hyperparameters, resources = arguments["HyperParameters"], arguments["ResourceConfig"]
    assert isinstance(hyperparameters, dict)
    assert isinstance(resources, dict)
    hyperparameters["max_depth"] = str(3 + number % 5)
    hyperparameters["num_round"] = str(50 + 10 * number)
    resources["VolumeSizeInGB"] = 30 + 10 * (number % 3)
    arguments["StoppingCondition"] = {"MaxRuntimeInSeconds": 3600 * (1 + number % 4)}
    # What only some of them say is optional in the contract that they share.
    if number % 4 == 0:
        hyperparameters["lambda"] = "0.5"
    if number % 5 == 1:
        arguments["Environment"] = {"REGION": f"r-{number}"}
    return definition


def test_twenty_alike_are_a_small_library(tmp_path: Path) -> None:
    files = [written(tmp_path / "family", f"{number}.json", variation(number)) for number in range(20)]
    result = imported(tmp_path, *files, "-o", "project")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0].startswith("Region0: 8 steps, 6 contracts, ")
    assert lines[19].startswith("Region19: 8 steps, 6 contracts (6 shared), ")
    assert lines[20] == "20 pipelines with 6 contracts together."
    assert len(list((tmp_path / "project/contract_specs").glob("*.json"))) == 7
    assert len(list((tmp_path / "project/pipelines").iterdir())) == 20


# Sources ------------------------------------------------------------------------------------------------------------


def test_code_of_the_repository_becomes_a_source(tmp_path: Path) -> None:
    written(tmp_path, "abalone.json", filled(ABALONE))
    (tmp_path / "repository/jobs").mkdir(parents=True)
    (tmp_path / "repository/jobs/preprocessing.py").write_text("print(1)\n", encoding="utf-8")
    result = imported(tmp_path, "abalone.json", "-o", "project", "--source-root", "repository")
    assert (result.code, result.err) == (0, "")
    assert "  1 code location in S3 only\n" in result.out
    contract = json.loads((tmp_path / "project/contract_specs/abalone_process.json").read_text(encoding="utf-8"))
    assert contract["source"] == {"dir": "scripts", "entry": "preprocessing.py"}
    script = tmp_path / "project/contract_specs/scripts/preprocessing.py"
    assert script.read_text(encoding="utf-8") == "print(1)\n"
    # The first edit reaches production, and the definition is still the imported one but for the content's hash.
    compiled = [run("compile", "AbalonePipeline", "--env", "default", "-o", "a", cwd=tmp_path / "project")]
    script.write_text("print(2)\n", encoding="utf-8")
    compiled.append(run("compile", "AbalonePipeline", "--env", "default", "-o", "b", cwd=tmp_path / "project"))
    assert [one.code for one in compiled] == [0, 0]
    locations = [
        next(item["location"] for item in json.loads((tmp_path / f"project/{one}/assets.json").read_text())["assets"])
        for one in ("a", "b")
    ]
    assert locations[0] != locations[1]
    assert all(one.startswith("s3://ml-dev/AbalonePipeline/code/") for one in locations)
    checked = imported(tmp_path, "--check", "project")
    assert (checked.code, checked.out) == (
        0,
        "AbalonePipeline for default compiles to project/imported/AbalonePipeline.default.json"
        " (N1 5, 1 of its code in the project)\n",
    )


def test_code_that_lay_elsewhere_is_counted_by_itself(tmp_path: Path) -> None:
    text = json.dumps(filled(ABALONE)).replace(
        "AbalonePipeline/code/0123456789abcdef0123456789abcdef/preprocessing.py", "uploads/preprocessing.py"
    )
    written(tmp_path, "abalone.json", json.loads(text))
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository/preprocessing.py").write_text("print(1)\n", encoding="utf-8")
    result = imported(tmp_path, "abalone.json", "-o", "project", "--source-root", "repository", "--format", "json")
    assert (result.code, result.err) == (0, "")
    (report,) = json.loads(result.out)["pipelines"]
    assert report["environments"][0]["code_in_the_project"] == ["/Steps/0/Arguments/ProcessingInputs/1/S3Input/S3Uri"]


@pytest.mark.parametrize("more", [{}, {"sagemaker_job_name": '"job"'}])
def test_script_mode_with_its_folder_still_compiles_to_the_same(tmp_path: Path, more: JsonObject) -> None:
    definition = script_mode("train.py", "tune.py")
    steps = definition["Steps"]
    for step in steps if isinstance(steps, list) else []:
        arguments = step["Arguments"] if isinstance(step, dict) else None
        hyperparameters = arguments["HyperParameters"] if isinstance(arguments, dict) else None
        assert isinstance(hyperparameters, dict)
        hyperparameters |= more
    written(tmp_path, "small.json", definition)
    for folder, script in (("a", "train.py"), ("b", "tune.py")):
        (tmp_path / "repository" / folder).mkdir(parents=True)
        (tmp_path / "repository" / folder / script).write_text("print(1)\n", encoding="utf-8")
    result = imported(tmp_path, "small.json", "-o", "project", "--source-root", "repository")
    assert (result.code, result.err) == (0, "")
    assert "  default: compiles to small.json (2 of its code in the project now).\n" in result.out
    assert imported(tmp_path, "--check", "project").code == 0


# What cannot be imported ----------------------------------------------------------------------------------------------


def test_no_definition_at_all(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"Steps": 3', encoding="utf-8")
    result = imported(tmp_path, "bad.json", "-o", "project")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("Nothing was imported.\nbad.json:1:")
    assert not (tmp_path / "project").exists()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = imported(tmp_path, "none.json", "-o", "project")
    assert (result.code, result.out) == (2, "")
    assert result.err == "Error: none.json: No such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["small.json"], "Missing option '-o' / '--output': the folder of the project."),
        (["-o", "project"], "Nothing to import: name a definition file, --env NAME=FILE or --pipeline NAME."),
        (["small.json", "-o", "p", "--region", "x"], "--profile, --region and --endpoint-url go with --pipeline."),
        (["small.json", "-o", "p", "--env", "a b"], "'a b' is no name of an environment"),
        (["-o", "p", "--env", "dev"], "--env NAME is the one environment of SOURCE and --pipeline"),
        (["small.json", "small.json", "-o", "p"], "small.json and small.json are both the pipeline small for default."),
        (["small.json", "copy.json", "-o", "p", "--name", "X"], "--name is the name of one pipeline"),
        (["--check", ".", "-o", "p"], "--check takes the project's folder and nothing else."),
        (["---.json", "-o", "p"], "No such option"),
        (["--env", "dev=dev.json", "-o", "p"], "The files do not say the pipeline's name: give --name."),
    ],
)
def test_wrong_usage(small: Path, arguments: list[str], message: str) -> None:
    for name in ("copy.json", "dev.json"):
        written(small, name, handmade.definition())
    result = imported(small, *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in " ".join(result.err.split())
    assert not (small / "p").exists()


def test_a_name_that_sagemaker_refuses(small: Path) -> None:
    result = imported(small, "small.json", "-o", "p", "--name", "a_b")
    assert result.code == 1
    assert "SMG401" in result.err
    assert "write --name a-b" in result.err


# Names and forms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"dev": "fraud.dev.json", "prod": "fraud.prod.json"}, "fraud"),
        ({"dev": "dev-fraud.json", "prod": "prod-fraud.json"}, "fraud"),
        ({"dev": "dev/Fraud_Check.json", "prod": "prod/Fraud_Check.json"}, "Fraud-Check"),
        ({"dev": "fraud/definition.json"}, "fraud"),
    ],
)
def test_the_name_comes_from_the_files(tmp_path: Path, files: dict[str, str], name: str) -> None:
    arguments: list[str] = []
    for environment, file in files.items():
        written((tmp_path / file).parent, Path(file).name, handmade.definition())
        arguments += ["--env", f"{environment}={file}"]
    result = imported(tmp_path, *arguments, "-o", "project")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"{name}: 2 steps, ")


def test_what_describe_pipeline_prints(tmp_path: Path) -> None:
    described: JsonObject = {"PipelineName": "Told", "PipelineDefinition": json.dumps(handmade.definition())}
    written(tmp_path, "described.json", described)
    result = imported(tmp_path, "described.json", "--env", "prod", "-o", "project")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Told: 2 steps, ")
    assert (tmp_path / "project/imported/Told.prod.json").is_file()


def test_the_report_as_markdown(small: Path) -> None:
    result = imported(small, "small.json", "-o", "project", "--format", "markdown")
    assert result.code == 0
    assert result.out == (small / "project/imported/small.md").read_text(encoding="utf-8")


def test_the_package_has_the_name_that_is_asked_for(small: Path) -> None:
    assert imported(small, "small.json", "-o", "project", "--package", "our_steps").code == 0
    assert (small / "project/generated/our_steps/all.py").is_file()
    refused = imported(small, "small.json", "-o", "project", "--package", "their_steps")
    assert refused.code == 1
    assert "the project generates another package" in refused.err
    assert imported(small, "small.json", "-o", "other", "--package", "no-name").code == 1
    library = imported(small, "small.json", "-o", "other", "--package", "smgen_steps")
    assert library.code == 1
    assert "'smgen_steps' is the library's own package" in library.err
