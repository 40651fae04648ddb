"""Machines with GPUs and images without support for them."""

from __future__ import annotations

import pytest

from smgen.checks.gpu_images import is_cpu_image, is_gpu_machine
from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import definition, found, get, machine, only, parameter, processing, step, training

CPU = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310-ubuntu20.04-sagemaker"
GPU = CPU.replace("-cpu-", "-gpu-")
MODEL_ROLE = "arn:aws:iam::123456789012:role/models"


@pytest.mark.parametrize(
    ("name", "has"),
    [
        *((f"ml.{name}", True) for name in ("p2.xlarge", "p3.2xlarge", "p4d.24xlarge", "p5.48xlarge", "g4dn.xlarge")),
        *((f"ml.{name}", True) for name in ("g5.xlarge", "g6e.2xlarge", "p6-b200.48xlarge")),
        *((f"ml.{name}", False) for name in ("m5.xlarge", "c5n.xlarge", "r5.large", "trn1.2xlarge", "inf2.xlarge")),
        ("p3.2xlarge", False),
        ("ml.geospatial.interactive", False),
        (None, False),
        (5, False),
    ],
)
def test_machines(name: JsonValue, has: bool) -> None:
    assert is_gpu_machine(name) == has


@pytest.mark.parametrize(
    ("image", "is_cpu"),
    [
        (CPU, True),
        ("1.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3", True),
        ("1.dkr.ecr.us-east-1.amazonaws.com/team/fraud-cpu:1", True),
        (GPU, False),
        ("1.dkr.ecr.us-east-1.amazonaws.com/cpu/fraud:1", False),
        ("1.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1", False),
        ("1.dkr.ecr.us-east-1.amazonaws.com/cpu-and-gpu:1", False),
        ("1.dkr.ecr.us-east-1.amazonaws.com/fraud:cpu-cu121", False),
        ("1.dkr.ecr.us-east-1.amazonaws.com/cpuset:1", False),
        ("cpu" * 1000, False),
        (None, False),
    ],
)
def test_images(image: JsonValue, is_cpu: bool) -> None:
    assert is_cpu_image(image) == is_cpu


def job(image: JsonValue, instance: JsonValue) -> JsonObject:
    return training(
        AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File"},
        ResourceConfig=machine(InstanceType=instance),
    )


IMAGE_AT = "/Steps/0/Arguments/AlgorithmSpecification/TrainingImage"


def test_only_the_one_combination_is_wrong() -> None:
    assert found(definition(job(CPU, "ml.g5.xlarge"))) == [("SMG421", IMAGE_AT)]
    assert found(definition(job(GPU, "ml.g5.xlarge"))) == []
    assert found(definition(job(CPU, "ml.m5.xlarge"))) == []
    # Runs as well, only not faster.
    assert found(definition(job(GPU, "ml.m5.xlarge"))) == []


def test_parameters_count_with_their_defaults() -> None:
    machine_of = parameter("Machine", "String", "ml.p3.2xlarge")
    assert found(definition(job(CPU, get("Machine")), parameters=[machine_of])) == [("SMG421", IMAGE_AT)]
    assert found(definition(job(CPU, get("Machine")), parameters=[parameter("Machine", "String")])) == []
    joined: JsonObject = {"Std:Join": {"On": ":", "Values": ["1.dkr.ecr.eu-west-1.amazonaws.com/x", get("Tag")]}}
    parameters: list[JsonValue] = [machine_of, parameter("Tag", "String", "1.0-cpu-py3")]
    assert found(definition(job(joined, get("Machine")), parameters=parameters)) == [("SMG421", IMAGE_AT)]


def test_processing() -> None:
    document = definition(
        processing(
            AppSpecification={"ImageUri": CPU},
            ProcessingResources={"ClusterConfig": machine(InstanceType="ml.g4dn.xlarge")},
        )
    )
    assert found(document) == [("SMG421", "/Steps/0/Arguments/AppSpecification/ImageUri")]


def test_a_model_on_the_machine_of_another_step() -> None:
    name: JsonObject = {"Get": "Steps.Model.ModelName"}
    model = step("Model", "Model", {"ExecutionRoleArn": MODEL_ROLE, "PrimaryContainer": {"Image": CPU}})
    transform = step(
        "Score",
        "Transform",
        {
            "ModelName": name,
            "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in"}}},
            "TransformOutput": {"S3OutputPath": "s3://b/out"},
            "TransformResources": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1},
        },
    )
    finding = only(definition(model, transform))
    assert finding.rule == "SMG421"
    assert finding.place.pointer == "/Steps/0/Arguments/PrimaryContainer/Image"
    assert finding.message == (
        'step "Score": ml.g5.xlarge has a GPU, and the image of the model "Model" is built for CPUs'
    )


def test_variants_are_looked_at_one_by_one() -> None:
    def variant(name: str, model: str, instance: str) -> JsonObject:
        return {
            "VariantName": name,
            "ModelName": {"Get": f"Steps.{model}.ModelName"},
            "InstanceType": instance,
            "InitialInstanceCount": 1,
        }

    def model(name: str, image: str) -> JsonObject:
        return step(name, "Model", {"ExecutionRoleArn": MODEL_ROLE, "PrimaryContainer": {"Image": image}})

    def hosted(first: str, second: str) -> JsonObject:
        variants: list[JsonValue] = [variant("a", "Small", first), variant("b", "Large", second)]
        config = step("Config", "EndpointConfig", {"EndpointConfigName": "fraud", "ProductionVariants": variants})
        return definition(model("Small", CPU), model("Large", GPU), config)

    assert found(hosted("ml.m5.xlarge", "ml.g5.xlarge")) == []
    assert found(hosted("ml.g5.xlarge", "ml.g5.xlarge")) == [
        ("SMG421", "/Steps/0/Arguments/PrimaryContainer/Image"),
    ]
