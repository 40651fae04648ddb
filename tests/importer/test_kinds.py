"""Steps of every kind, as the SDK wrote them: imported, they give themselves again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from smgen.documents import JsonObject, JsonValue
from smgen.expressions import Get, references
from tests.importer.round_trip import Built, round_trip

DATA: Final = Path(__file__).parents[1] / "data"
ROLE: Final = "arn:aws:iam::111122223333:role/pipeline"
IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1"
MACHINE: Final[JsonObject] = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}


def _output(name: str) -> JsonObject:
    target: JsonObject = {"S3Uri": f"s3://dev/{name}", "LocalPath": f"/opt/{name}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "S3Output": target}


def _processing(name: str, *outputs: str) -> JsonObject:
    arguments: JsonObject = {
        "RoleArn": ROLE,
        "AppSpecification": {"ImageUri": IMAGE},
        "ProcessingResources": {"ClusterConfig": MACHINE},
        "ProcessingOutputConfig": {"Outputs": [_output(output) for output in outputs]},
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments}


def _training(name: str) -> JsonObject:
    arguments: JsonObject = {
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": f"s3://dev/{name}"},
        "ResourceConfig": MACHINE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def _read(*parts: str) -> JsonValue:
    found: JsonValue = json.loads(DATA.joinpath(*parts).read_text(encoding="utf-8"))
    return found


def _definition(steps: list[JsonValue], types: dict[str, str] | None = None) -> JsonObject:
    names = [
        found.path.partition(".")[2]
        for _, found in references(steps)
        if isinstance(found, Get) and found.path.startswith("Parameters.")
    ]
    kinds = types or {}
    parameters: list[JsonValue] = [{"Name": name, "Type": kinds.get(name, "String")} for name in dict.fromkeys(names)]
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters, "Steps": steps}


def _recorded_kinds() -> JsonObject:
    """Every recorded step, with the steps that they read."""
    model: JsonObject = {"Image": IMAGE, "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}}
    data: JsonObject = {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri"}
    transform: JsonObject = {
        "ModelName": {"Get": "Steps.Create.ModelName"},
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": data}}},
        "TransformOutput": {"S3OutputPath": "s3://dev/predictions"},
        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
    }
    steps: list[JsonValue] = [
        _processing("Prepare", "data", "train"),
        _training("Train"),
        _training("Function"),
        {"Name": "Create", "Type": "Model", "Arguments": {"ExecutionRoleArn": ROLE, "PrimaryContainer": model}},
        {"Name": "Predict", "Type": "Transform", "Arguments": transform},
    ]
    files = sorted(path.name for path in (DATA / "parity" / "kinds").glob("*.json") if not path.name.startswith("_"))
    steps += [_read("parity", "kinds", name) for name in files]
    return _definition(steps, {"MaxAge": "Integer", "SkipChecks": "Boolean"})


def test_every_recorded_kind(tmp_path: Path) -> None:
    built = round_trip(tmp_path, {"dev": _recorded_kinds()})

    assert built.comparison("dev").differences == ()
    assert {str(contract["kind"]) for contract in built.pipeline.contracts.values()} == {
        *(
            "Callback",
            "ClarifyCheck",
            "EMR",
            "EMRServerless",
            "Endpoint",
            "EndpointConfig",
            "InferenceComponent",
            "Job",
        ),
        *("Lambda", "Lineage", "Model", "Processing", "QualityCheck", "Training", "Transform"),
    }
    # What steps read of each other are references, whatever their kind is.
    for written in (
        "model=create_step.model",
        "baseline_dataset_input=predict_step.predictions",
        "endpoint_config=endpoint_config.endpoint_config",
        "input_2=glue_step.s3_data_out",
        "function=function.training_job_name",
    ):
        assert written in built.module
    assert built.module.count('"Get"') == 0


@pytest.mark.parametrize("name", ["sdk2", "sdk3"])
def test_a_recorded_tuning_step(name: str, tmp_path: Path) -> None:
    found = _read("parity", "tuning", f"{name}.json")
    assert isinstance(found, dict)
    built = round_trip(tmp_path, {"dev": _definition([found["step"]])})

    assert built.comparison("dev").differences == ()


def _script_mode(tmp_path: Path, *names: str) -> Built:
    found = _read("script_mode", "sdk2.json")
    cases = found["cases"] if isinstance(found, dict) else None
    assert isinstance(cases, dict)
    steps: list[JsonValue] = []
    for name in names:
        case = cases[name]
        assert isinstance(case, dict)
        steps.append({"Name": name.replace("_", "-"), "Type": "Training", "Arguments": case["request"]})
    return round_trip(tmp_path, {"dev": _definition(steps)})


def test_script_mode_has_values_and_no_json(tmp_path: Path) -> None:
    built = _script_mode(tmp_path, "plain")

    assert built.comparison("dev").differences == ()
    (contract,) = built.pipeline.contracts.values()
    request = contract["request"]
    assert isinstance(request, dict)
    assert request["HyperParameters"] == {
        "$merge": [
            {"$hyperparameters": "json"},
            {
                "sagemaker_container_log_level": "20",
                "sagemaker_program": '"train.py"',
                "sagemaker_region": '"eu-west-1"',
                "sagemaker_submit_directory": {"$json": {"$setting": "code_location"}},
            },
        ]
    }
    for written in (
        "layers=[64, 32]",
        'number_as_text="7"',
        "shuffle=True",
        'weights={"a": 1.5, "b": 2.0}',
        "whole=4.0",
    ):
        assert written in built.module
    assert 'code_location=env.uri("pytorch-training-TIME/source/sourcedir.tar.gz")' in built.module


@pytest.mark.parametrize("name", ["dependencies", "mpi", "network_isolation", "scikit_learn", "xgboost"])
def test_script_mode_of_every_toolkit(name: str, tmp_path: Path) -> None:
    assert _script_mode(tmp_path, name).comparison("dev").differences == ()


LOOPS: Final = {
    "values": (
        "max_by(one, one.score)",
        "outputs[1][two].uri",
        "region=per_region.item",
        "size=per_region.failed_step",
    ),
    "numbers": ("items=[", ".item"),
    "listed": ("of=str",),
    "records": ("class PerRegionItem(ItemRecord", "size=per_region.item.the_size", 'zone=PerRegionZoneItem(code="a")'),
    "outcomes": ("Ran.failed(", "Ran.any("),
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_recorded_loop(name: str, tmp_path: Path) -> None:
    steps = _read("parity", "loops", f"{name}.json")
    assert isinstance(steps, list)
    built = round_trip(tmp_path, {"dev": _definition(steps)})

    assert built.comparison("dev").differences == ()
    for written in LOOPS[name]:
        assert written in built.module


def test_recorded_cleanup_steps_are_written_as_such(tmp_path: Path) -> None:
    cleanups = _read("parity", "loops", "cleanups.json")
    assert isinstance(cleanups, list)
    built = round_trip(tmp_path, {"dev": _definition([_processing("Prepare", "data"), _training("Train"), *cleanups])})

    assert built.comparison("dev").differences == ()
    assert list(built.pipeline.contracts) == ["Prepare", "Train"]
    assert 'p.cleanup("CleanAny", train_step, after=[Ran.failed(prepare_step), Ran.any(train_step)])' in built.module


def test_a_kind_that_smgen_does_not_know_is_raw(tmp_path: Path) -> None:
    query: JsonObject = {"QueryString": "SELECT 1", "Rows": {"Get": "Parameters.Rows"}, "Limit": 3}
    steps: list[JsonValue] = [
        {"Name": "Query", "Type": "Athena", "Arguments": query, "Workgroup": {"Get": "Parameters.Group"}},
        {"Name": "Tell", "Type": "Athena", "Arguments": {"At": {"Get": "Steps.Query.Result.OutputLocation"}}},
    ]
    built = round_trip(tmp_path, {"dev": _definition(steps, {"Rows": "Integer"})})

    assert built.comparison("dev").differences == ()
    contract = built.pipeline.contracts["Query"]
    assert contract["raw"] is True
    assert contract["settings"] == {"rows": {"type": "integer"}, "workgroup": {"type": "string"}}
    assert contract["request"] == {"QueryString": "SELECT 1", "Rows": {"$setting": "rows"}, "Limit": 3}
    assert "output_location=query_step.output_location" in built.module
