"""The types of what ``smgen import`` writes: the library's own where it has them, and none that was guessed binds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smgen.aws import Shape, request_shape
from smgen.documents import JsonObject, JsonValue
from tests.cli.command_line import Result, smgen
from tests.importer import handmade
from tests.importer.filled_corpus import written
from tests.project.checkout import CHECKOUT
from tests.typing.checkers import run_pyright

CHURN = CHECKOUT / "tests/importer/cases/churn/definition.json"
MODULE = "pipelines/churn_v2.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    result = smgen("import", CHURN, "-o", "project", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    return tmp_path / "project"


def edited(project: Path, file: str, old: str, new: str) -> None:
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def compiled(project: Path) -> Result:
    return smgen("compile", "ChurnV2", "--env", "default", "-o", "build", cwd=project)


def checked(project: Path, checker: str) -> tuple[int, str]:
    if checker == "pyright":
        done = run_pyright(project)
    else:
        words = [sys.executable, "-m", checker]
        done = subprocess.run(words, cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def contract(project: Path, name: str) -> JsonObject:
    found: JsonObject = json.loads((project / f"contract_specs/{name}.json").read_text(encoding="utf-8"))
    return found


# The library's own ----------------------------------------------------------------------------------------------------


def test_a_library_step_behind_an_imported_one(project: Path) -> None:
    path = project / MODULE
    text = path.read_text(encoding="utf-8").replace(
        "from smgen.runtime",
        "from smgen_steps import batch_transform, create_model, model_registration\nfrom smgen.runtime",
    )
    more = """
    created = check_mse.then.add_step("Create", create_model.StepBuilder(model=train_step.model_artifacts))
    check_mse.then.add_step("Score", batch_transform.StepBuilder(model=created.model, input_data=preprocess_step.test))
    check_mse.then.add_step(
        "Version",
        model_registration.StepBuilder(
            model_registration.Config(model_package_group="churn"),
            model=train_step.model_artifacts,
            quality=evaluate_step.evaluation_report,
        ),
    )
"""
    path.write_text(text + more, encoding="utf-8")
    assert checked(project, "mypy") == (0, "Success: no issues found in 9 source files\n")
    code, out = checked(project, "pyright")
    assert (code, out.splitlines()[-1]) == (0, "0 errors, 0 warnings, 0 informations")
    assert compiled(project).code == 0


def test_an_imported_step_behind_a_library_one(project: Path) -> None:
    edited(project, MODULE, "from smgen.runtime", "from smgen_steps import tabular_preprocessing\nfrom smgen.runtime")
    edited(
        project,
        MODULE,
        "    train_step = p.add_step(",
        '    split = p.add_step("Split", tabular_preprocessing.StepBuilder(raw_data=External(input_data)))\n\n'
        "    train_step = p.add_step(",
    )
    edited(project, MODULE, "train=preprocess_step.train", "train=split.processed_data")
    assert checked(project, "mypy") == (0, "Success: no issues found in 9 source files\n")


def test_what_the_library_owns_and_what_the_project_does(project: Path) -> None:
    types = contract(project, "artifact_types")["types"]
    assert types == {
        "Dataset": {"package": "smgen_steps"},
        "TrainingData": {"parent": "Dataset", "package": "smgen_steps"},
        "ValidationData": {"parent": "Dataset", "package": "smgen_steps"},
        "TestData": {"parent": "Dataset", "package": "smgen_steps"},
        "ModelArtifacts": {"package": "smgen_steps"},
        "ModelPackage": {"package": "smgen_steps"},
        "EvaluationReport": {"package": "smgen_steps"},
        "ModelMetrics": {"package": "smgen_steps"},
    }


def test_types_that_are_there_stay_the_projects(tmp_path: Path) -> None:
    project = tmp_path / "project"
    assert smgen("init", "project", cwd=tmp_path).code == 0
    path = project / "contract_specs/artifact_types.json"
    types = json.loads(path.read_text(encoding="utf-8"))
    types["types"]["Dataset"] = {"description": "Our own."}
    # Below a class of the project there is none of the library's: its parent is the library's Dataset.
    types["types"] |= {name: {"parent": "Dataset"} for name in ("SourceTable", "TrainingData", "ValidationData")}
    path.write_text(json.dumps(types), encoding="utf-8")
    result = smgen("import", CHURN, "-o", "project", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    found = contract(project, "artifact_types")["types"]
    assert isinstance(found, dict)
    assert found["Dataset"] == {"description": "Our own."}
    assert found["TestData"] == {
        "parent": "Dataset",
        "description": "Rows kept from training, for the evaluation of a model; the same columns as the training data.",
    }
    assert found["ModelArtifacts"] == {"package": "smgen_steps"}


def test_types_of_a_folder_that_another_package_owns(tmp_path: Path) -> None:
    folder = tmp_path / "project/contract_specs"
    folder.mkdir(parents=True)
    text = '{"package": "smgen_steps", "types": {"Dataset": {}, "Report": {"package": null}}}\n'
    (folder / "artifact_types.json").write_text(text, encoding="utf-8")
    definition = handmade.definition()
    (tmp_path / "project/pyproject.toml").write_text("[tool.smgen]\n", encoding="utf-8")
    steps = json.dumps(definition).replace('"raw"', '"statistics"').replace('"rows"', '"statistics"')
    written(tmp_path, "small.json", json.loads(steps.replace("['rows']", "['statistics']")))
    result = smgen("import", "small.json", "-o", "project", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    types = contract(tmp_path / "project", "artifact_types")["types"]
    assert isinstance(types, dict)
    statistics = types["Statistics"]
    assert isinstance(statistics, dict)
    assert (statistics["parent"], statistics["package"]) == ("Report", None)


def two_families() -> JsonObject:
    """Two steps of one shape, of which one is given data and the other a model."""

    def job(name: str, *inputs: JsonValue) -> JsonObject:
        listed: list[JsonValue] = [
            {
                "InputName": "given",
                "S3Input": {"S3Uri": one, "LocalPath": "/opt/ml/processing/given", "S3DataType": "S3Prefix"},
            }
            for one in inputs
        ]
        output: JsonObject = {
            "S3Uri": f"s3://b-1/{name}",
            "LocalPath": "/opt/ml/processing/out",
            "S3UploadMode": "EndOfJob",
        }
        return {
            "Name": name,
            "Type": "Processing",
            "Arguments": {
                "AppSpecification": {"ImageUri": handmade.IMAGE},
                "ProcessingResources": {
                    "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
                },
                "RoleArn": "arn:aws:iam::111122223333:role/Runner",
                "ProcessingInputs": listed,
                "ProcessingOutputConfig": {"Outputs": [{"OutputName": "train", "S3Output": output}]},
            },
        }

    definition = handmade.definition()
    steps = definition["Steps"]
    assert isinstance(steps, list)
    data: JsonObject = {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['rows'].S3Output.S3Uri"}
    model: JsonObject = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    return {**definition, "Steps": [*steps, job("LookAtData", data), job("LookAtModel", model)]}


def test_artifacts_of_two_families_take_two_contracts(tmp_path: Path) -> None:
    written(tmp_path, "small.json", two_families())
    result = smgen("import", "small.json", "-o", "project", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    ports = [contract(tmp_path / "project", name)["inputs"] for name in ("look_at_data", "look_at_model")]
    assert [json.dumps(port) for port in ports] == [
        '{"given": {"type": "TrainingData"}}',
        '{"given": {"type": "ModelArtifacts"}}',
    ]


# What is guessed binds nothing ----------------------------------------------------------------------------------------


def test_other_machines_and_numbers_compile(project: Path) -> None:
    edited(project, MODULE, 'default="ml.m5.xlarge")', 'default="ml.c5.xlarge")')
    assert (compiled(project).code, compiled(project).err) == (0, "")
    edited(project, MODULE, "gamma=4", "gamma=0.5")
    assert (compiled(project).code, compiled(project).err) == (0, "")
    definition = json.loads((project / "build/definition.json").read_text(encoding="utf-8"))
    assert definition["Steps"][1]["Arguments"]["HyperParameters"]["gamma"] == "0.5"
    assert checked(project, "mypy")[0] == 0


def test_a_machine_that_aws_does_not_have_is_refused(project: Path) -> None:
    edited(project, MODULE, "instance_type=training_instance_type", 'instance_type="ml.m5.huge"')
    refused = compiled(project)
    assert refused.code == 1
    assert "did you mean  ml.m5.large" in refused.err
    assert max(map(len, refused.err.splitlines())) < 400


def machine(contract: str, kind: str, *place: str) -> str:
    shape = request_shape(kind, place)
    assert isinstance(shape, Shape)
    words = f"takes each of the {len(shape.enum)} machines that AWS has here; in use: ml.m5.xlarge"
    return f"- `{contract}.instance_type`: {words}"


def line(contract: str, text: str) -> str:
    return f"  - in `contract_specs/{contract}.json`: `{text}`"


def test_the_guesses_have_the_lines_that_narrow_them(project: Path) -> None:
    report = (project / "imported/ChurnV2.md").read_text(encoding="utf-8")
    assert report.partition("## Guesses\n\n")[2].splitlines()[2:] == [
        "- `Preprocess.data`: nothing says what it takes; a Dataset was guessed",
        machine("Preprocess", "Processing", "ProcessingResources", "ClusterConfig", "InstanceType"),
        line("preprocess", '"instance_type": {"enum": ["ml.m5.xlarge"], "default": "ml.m5.xlarge"}'),
        machine("Train", "Training", "ResourceConfig", "InstanceType"),
        line("train", '"instance_type": {"enum": ["ml.m5.xlarge"]}'),
        "- `Train`: any number is taken, though all that were given are whole: num_round=50, max_depth=5, gamma=4,"
        " min_child_weight=6",
        line("train", '"num_round": {"type": "integer"}'),
        line("train", '"max_depth": {"type": "integer"}'),
        line("train", '"gamma": {"type": "integer"}'),
        line("train", '"min_child_weight": {"type": "integer"}'),
        machine("Evaluate", "Processing", "ProcessingResources", "ClusterConfig", "InstanceType"),
        line("evaluate", '"instance_type": {"enum": ["ml.m5.xlarge"], "default": "ml.m5.xlarge"}'),
    ]


def test_the_lines_are_lines_of_the_contracts(project: Path) -> None:
    report = json.loads(smgen("import", CHURN, "-o", "other", "--format", "json", cwd=project).out)["pipelines"][0]
    lines = [(guess["file"], line) for guess in report["guesses"] for line in guess["lines"]]
    assert len(lines) == 7
    for file, line in lines:
        name, wanted = json.loads(f"{{{line}}}").popitem()
        path = project / file
        document = json.loads(path.read_text(encoding="utf-8"))
        holder = document["settings"] if name in document["settings"] else document["hyperparameters"]["properties"]
        holder[name] = wanted
        path.write_text(json.dumps(document), encoding="utf-8")
    assert smgen("generate", cwd=project).code == 0
    assert compiled(project).code == 0
    edited(project, MODULE, "gamma=4", "gamma=0.5")
    assert "SMG207" in compiled(project).err


def test_guesses_about_contracts_that_were_there_are_told_once(project: Path) -> None:
    again = json.loads(smgen("import", CHURN, "--name", "Again", "-o", ".", "--format", "json", cwd=project).out)[
        "pipelines"
    ][0]
    assert [one["new"] for one in again["contracts"]] == [False] * 5
    assert again["guesses"] == []


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        ('"4"', {"type": "number"}),
        ('"true"', {"type": "boolean"}),
        ('"0.5"', {"type": "number"}),
        ('"1234567890123456789"', {"type": "string"}),
        ('"words"', {"type": "string"}),
    ],
)
def test_hyperparameters_of_one_value(text: str, schema: JsonObject, tmp_path: Path) -> None:
    document = json.loads(json.dumps(handmade.definition()).replace('"eta": "0.2"', f'"eta": {text}'))
    written(tmp_path, "small.json", document)
    result = smgen("import", "small.json", "-o", "project", "--format", "json", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    declared = contract(tmp_path / "project", "train")["hyperparameters"]
    assert isinstance(declared, dict)
    assert declared["properties"] == {"eta": schema}
    guesses = [guess for guess in json.loads(result.out)["pipelines"][0]["guesses"] if guess["subject"] == "Train"]
    assert len(guesses) == int(text in ('"4"', '"true"'))


def test_a_function_is_called_with_the_number_that_it_was(tmp_path: Path) -> None:
    step: JsonObject = {
        "Name": "Call",
        "Type": "Lambda",
        "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f",
        "Arguments": {"count": 3, "share": 2.0, "sizes": {"a": 1}},
        "OutputParameters": [],
    }
    written(tmp_path, "small.json", {**handmade.definition(), "Parameters": [], "Steps": [step]})
    assert smgen("import", "small.json", "-o", "project", cwd=tmp_path).code == 0
    # The proof holds 3 and 2.0 apart; the contract takes any number.
    settings = contract(tmp_path / "project", "call")["settings"]
    assert isinstance(settings, dict)
    assert (settings["count"], settings["share"]) == (
        {"type": "number", "default": 3},
        {"type": "number", "default": 2.0},
    )


def test_values_of_environments_name_what_they_may_be(tmp_path: Path) -> None:
    for name, machine in (("dev", "ml.m5.xlarge"), ("prod", "ml.p3.2xlarge")):
        text = json.dumps(handmade.definition()).replace("ml.m5.xlarge", machine)
        written(tmp_path, f"{name}.json", json.loads(text))
    result = smgen(
        "import", "--env", "dev=dev.json", "--env", "prod=prod.json", "--name", "Small", "-o", "project", cwd=tmp_path
    )
    assert (result.code, result.err) == (0, "")
    module = (tmp_path / "project/pipelines/small.py").read_text(encoding="utf-8")
    assert 'instance_type=env.choice("train_instance_type", "ml.m5.xlarge", "ml.p3.2xlarge")' in module
    report = (tmp_path / "project/imported/Small.md").read_text(encoding="utf-8")
    words = 'other values of an environment are to be listed in env.choice("train_instance_type", …) as well'
    assert f"- `Train.instance_type`: {words}\n" in report
