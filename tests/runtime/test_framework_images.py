"""Images of AWS as defaults of settings, from the contract to the definition, and `env.framework_image`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from smgen.diagnostics import Finding, FindingsError
from smgen.runtime import Environment, FluentPipelineBuilder
from tests.runtime.fixture_package import generate

ENVIRONMENT = Environment("dev", region="eu-west-1", role="arn:role", bucket="b")
CPU = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1-cpu-py310"
GPU = CPU.replace("-cpu-", "-gpu-")


def training(name: str, image: object, machine: object) -> dict[str, Any]:
    settings: dict[str, Any] = {"image": {"default": image}}
    if isinstance(machine, dict):
        settings["instance_type"] = machine
        machine = {"$setting": "instance_type"}
    return {
        "name": name,
        "version": "1.0.0",
        "kind": "Training",
        "outputs": {"model": {"type": "ModelArtifacts", "property_path": "ModelArtifacts.S3ModelArtifacts"}},
        "settings": settings,
        "request": {
            "AlgorithmSpecification": {"TrainingImage": {"$setting": "image"}, "TrainingInputMode": "File"},
            "RoleArn": {"$default": "role"},
            "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
            "ResourceConfig": {"InstanceType": machine, "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        },
    }


PYTORCH = {"framework": "pytorch", "version": "2.1"}
CONTRACTS: dict[str, dict[str, Any]] = {
    "artifact_types": {"types": {"ModelArtifacts": {}}},
    "fit": training("Fit", PYTORCH, {"default": "ml.m5.xlarge"}),
    "asked": training("Asked", PYTORCH, {}),
    "fixed": training("Fixed", PYTORCH, "ml.g5.xlarge"),
    "forced": training("Forced", {**PYTORCH, "accelerator": "gpu"}, {"default": "ml.m5.xlarge"}),
    "prepare": {
        "name": "Prepare",
        "version": "1.0.0",
        "kind": "Processing",
        "outputs": {"model": {"type": "ModelArtifacts", "local_path": "/opt/ml/processing/out"}},
        "settings": {"image": {"default": {"framework": "sklearn", "version": "1.2-1"}}},
        "request": {
            "AppSpecification": {"ImageUri": {"$setting": "image"}},
            "RoleArn": {"$default": "role"},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
        },
    },
    "serve": {
        "name": "Serve",
        "version": "1.0.0",
        "kind": "Model",
        "outputs": {"model_name": {"type": "String", "property_path": "ModelName"}},
        "settings": {"image": {"default": {"framework": "pytorch", "version": "2.1", "accelerator": "cpu"}}},
        "request": {"ExecutionRoleArn": {"$default": "role"}, "PrimaryContainer": {"Image": {"$setting": "image"}}},
    },
}


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ModuleType]]:
    folder = tmp_path_factory.mktemp("images")
    contracts = folder / "contracts"
    contracts.mkdir()
    for name, document in CONTRACTS.items():
        (contracts / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    package = generate(folder, "image_steps", contracts)
    sys.path.insert(0, str(folder))
    try:
        yield {name: importlib.import_module(f"image_steps.{name}") for name in CONTRACTS if name != "artifact_types"}
    finally:
        sys.path.remove(str(folder))
    assert package.is_dir()


def arguments(p: FluentPipelineBuilder, module: ModuleType, **values: Any) -> dict[str, Any]:
    p.add_step("Step", module.StepBuilder(module.Config(**values)))
    document: Any = p.build().definition.document
    found: dict[str, Any] = document["Steps"][0]["Arguments"]
    return found


def training_image(p: FluentPipelineBuilder, module: ModuleType, **values: Any) -> str:
    return str(arguments(p, module, **values)["AlgorithmSpecification"]["TrainingImage"])


def reported(p: FluentPipelineBuilder, module: ModuleType, **values: Any) -> Finding:
    with pytest.raises(FindingsError) as caught:
        arguments(p, module, **values)
    (finding,) = caught.value.findings
    return finding


def pipeline(**different: Any) -> FluentPipelineBuilder:
    return FluentPipelineBuilder("Images", replace(ENVIRONMENT, **different))


def test_the_image_fits_region_and_machine(modules: dict[str, ModuleType]) -> None:
    fit = modules["fit"]
    assert training_image(pipeline(), fit) == CPU
    assert training_image(pipeline(), fit, instance_type="ml.g5.xlarge") == GPU
    assert training_image(pipeline(), fit, image="own:1") == "own:1"
    assert training_image(pipeline(region="cn-north-1"), fit) == (
        "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training:2.1-cpu-py310"
    )
    assert training_image(pipeline(), modules["fixed"]) == GPU
    assert training_image(pipeline(), modules["asked"], instance_type="ml.p3.2xlarge") == GPU
    assert training_image(pipeline(), modules["forced"]) == GPU


def test_the_kind_of_the_step_says_the_scope(modules: dict[str, ModuleType]) -> None:
    assert arguments(pipeline(), modules["prepare"])["AppSpecification"]["ImageUri"] == (
        "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
    )
    assert arguments(pipeline(), modules["serve"])["PrimaryContainer"]["Image"] == (
        "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1-cpu-py310"
    )


def test_a_variable_counts_with_its_default(modules: dict[str, ModuleType]) -> None:
    p = pipeline()
    assert training_image(p, modules["fit"], instance_type=p.string("Machine", default="ml.g5.xlarge")) == GPU
    p = pipeline(parameters={"Machine": "ml.m5.large"})
    assert training_image(p, modules["fit"], instance_type=p.string("Machine", default="ml.g5.xlarge")) == CPU
    p = pipeline()
    finding = reported(p, modules["fit"], instance_type=p.string("Machine"))
    assert (finding.rule, finding.message, finding.expected) == (
        "SMG212",
        "there is no image pytorch 2.1: an instance type or an accelerator is required",
        "cpu, gpu",
    )
    assert finding.fix == (
        "say an instance type that is known when the pipeline is built, an accelerator, or the image's URI"
    )
    assert finding.place.file is not None
    p = pipeline()
    assert training_image(p, modules["forced"], instance_type=p.string("Machine")) == GPU


def test_an_image_that_there_is_not(modules: dict[str, ModuleType]) -> None:
    finding = reported(pipeline(region=None), modules["fit"])
    assert (finding.rule, finding.message) == ("SMG211", "the environment 'dev' has no region")
    finding = reported(pipeline(region="eu-wast-1"), modules["fit"])
    assert (finding.rule, finding.given, finding.nearest) == ("SMG212", "eu-wast-1", "eu-west-1")
    assert finding.message == "there is no image pytorch 2.1: the image is not in this region"
    finding = reported(pipeline(), modules["fit"], instance_type="ml.trn1.2xlarge")
    assert (finding.rule, finding.given, finding.expected) == ("SMG212", "2.1", "1.11.0, 1.11")
    assert finding.message == "there is no image pytorch 2.1: pytorch has no version '2.1' for Neuron"


def test_a_copy_of_the_account_stands_for_the_image(modules: dict[str, ModuleType]) -> None:
    copies = {"pytorch-training:2.1-gpu-py310": "111.dkr.ecr.eu-west-1.amazonaws.com/mirror:1"}
    p = pipeline(images=copies, region=None)
    assert training_image(p, modules["fit"], instance_type="ml.g5.xlarge") == copies["pytorch-training:2.1-gpu-py310"]
    assert training_image(pipeline(images=copies), modules["fit"]) == CPU


def test_the_field_says_what_it_is(modules: dict[str, ModuleType]) -> None:
    source = Path(str(modules["fit"].__file__)).read_text(encoding="utf-8")
    assert "Default: AWS's image 'pytorch 2.1' for the step's region and machine." in source.replace('"', "'")


def test_in_the_code_of_a_pipeline() -> None:
    env = ENVIRONMENT
    assert env.framework_image("xgboost", "1.7-1", scope="inference") == (
        "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    )
    assert env.framework_image("pytorch", "2.1", instance_type="ml.g5.xlarge", scope="training") == GPU
    assert env.framework_image("pytorch", "2.1", accelerator="cpu", scope="training", py_version="py310") == CPU
    with pytest.raises(FindingsError) as caught:
        env.framework_image("xgbost", "1.7-1")
    (finding,) = caught.value.findings
    assert (finding.rule, finding.given, finding.nearest, finding.fix) == (
        "SMG212",
        "xgbost",
        "xgboost",
        "write xgboost",
    )
    assert finding.place.file is not None
    with pytest.raises(FindingsError) as caught:
        Environment().framework_image("clarify", "1.0")
    assert [finding.rule for finding in caught.value.findings] == ["SMG211"]
