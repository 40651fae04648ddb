"""Each rule about requests, limits and the policy fires on a recorded definition with one edit, and there only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smgen.checks import Policy
from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import at, corpus_definition, first_step, found, get

Edit = Callable[[JsonObject], None]


def arguments(document: JsonObject, type: str) -> JsonObject:
    return at(first_step(document, type), "Arguments")


def parameters(document: JsonObject) -> list[JsonValue]:
    listed = document["Parameters"]
    assert isinstance(listed, list)
    return listed


def default_of_another_type(document: JsonObject) -> None:
    at(parameters(document)[0])["DefaultValue"] = "one"


def blank_in_a_step_name(document: JsonObject) -> None:
    first_step(document, "Model")["Name"] = "Create Model"


def long_parameter_name(document: JsonObject) -> None:
    parameters(document).append({"Name": "p" * 257, "Type": "String"})


def duration_in_words(document: JsonObject) -> None:
    at(first_step(document, "Tuning"), "CacheConfig")["ExpireAfter"] = "a month"


def cached_registration(document: JsonObject) -> None:
    first_step(document, "RegisterModel")["CacheConfig"] = {"Enabled": True, "ExpireAfter": "P30D"}


def hundred_retries(document: JsonObject) -> None:
    first_step(document, "Training")["RetryPolicies"] = [
        {"ExceptionType": ["SageMaker.CAPACITY_ERROR"], "MaxAttempts": 100}
    ]


def job_retries_of_a_model(document: JsonObject) -> None:
    first_step(document, "Model")["RetryPolicies"] = [{"ExceptionType": ["SageMaker.RESOURCE_LIMIT"]}]


def long_display_name(document: JsonObject) -> None:
    first_step(document, "Training")["DisplayName"] = "d" * 257


def eleven_inputs(document: JsonObject) -> None:
    inputs = arguments(document, "Processing")["ProcessingInputs"]
    assert isinstance(inputs, list)
    one = inputs[0]
    assert isinstance(one, dict)
    source = one["S3Input"]
    assert isinstance(source, dict)
    for number in range(11 - len(inputs)):
        below: JsonObject = {**source, "LocalPath": f"/opt/ml/processing/more/{number}"}
        inputs.append({**one, "InputName": f"more-{number}", "S3Input": below})


def misspelt_member(document: JsonObject) -> None:
    request = arguments(document, "Training")
    request["HyperParameter"] = request.pop("HyperParameters")


def misspelt_field(document: JsonObject) -> None:
    first_step(document, "QualityCheck")["SkipChecks"] = True


def number_as_hyperparameter(document: JsonObject) -> None:
    at(arguments(document, "Training"), "HyperParameters")["num_round"] = 50


def integer_parameter_in_a_command_line(document: JsonObject) -> None:
    specification = at(arguments(document, "Processing"), "AppSpecification")
    specification["ContainerArguments"] = ["--machines", get("ProcessingInstanceCount")]


def no_output(document: JsonObject) -> None:
    del arguments(document, "Training")["OutputDataConfig"]


def no_function(document: JsonObject) -> None:
    del first_step(document, "Lambda")["FunctionArn"]


def unknown_machine(document: JsonObject) -> None:
    at(arguments(document, "Transform"), "TransformResources")["InstanceType"] = "ml.m5.xlrage"


def default_that_is_no_machine(document: JsonObject) -> None:
    for item in parameters(document):
        if at(item)["Name"] == "TrainingInstanceType":
            at(item)["DefaultValue"] = "m5.xlarge"


def role_without_account(document: JsonObject) -> None:
    arguments(document, "Training")["RoleArn"] = "arn:aws:iam:::role/pipelines"


def no_volume(document: JsonObject) -> None:
    at(arguments(document, "Training"), "ResourceConfig")["VolumeSizeInGB"] = -1


def password(document: JsonObject) -> None:
    at(arguments(document, "Model"), "PrimaryContainer", "Environment")["DB_PASSWORD"] = "correct-horse-battery"


def key_in_a_command_line(document: JsonObject) -> None:
    specification = at(arguments(document, "Processing"), "AppSpecification")
    specification["ContainerArguments"] = ["s3://bucket?AWSAccessKeyId=AKIAQWERTYUIOPASDFGH"]


def gpu_machine_with_a_cpu_image(document: JsonObject) -> None:
    request = arguments(document, "Training")
    at(request, "AlgorithmSpecification")["TrainingImage"] = "1.dkr.ecr.eu-west-1.amazonaws.com/xgb:1.0-1-cpu-py3"
    at(request, "ResourceConfig")["InstanceType"] = "ml.p3.2xlarge"


EDITS: list[tuple[str, int, Edit, str]] = [
    ("SMG207", 2, default_of_another_type, "/Parameters/0/DefaultValue"),
    ("SMG400", 2, blank_in_a_step_name, "/Steps/2/Name"),
    ("SMG402", 1, long_parameter_name, "/Parameters/6/Name"),
    ("SMG403", 4, duration_in_words, "/Steps/1/CacheConfig/ExpireAfter"),
    ("SMG403", 2, cached_registration, "/Steps/3/CacheConfig"),
    ("SMG404", 1, hundred_retries, "/Steps/1/RetryPolicies/0/MaxAttempts"),
    ("SMG404", 2, job_retries_of_a_model, "/Steps/2/RetryPolicies/0/ExceptionType"),
    ("SMG405", 3, long_display_name, "/Steps/1/DisplayName"),
    ("SMG406", 5, eleven_inputs, "/Steps/0/Arguments/ProcessingInputs"),
    ("SMG410", 5, misspelt_member, "/Steps/2/Arguments/HyperParameter"),
    ("SMG410", 5, misspelt_field, "/Steps/1/SkipChecks"),
    ("SMG411", 3, number_as_hyperparameter, "/Steps/1/Arguments/HyperParameters/num_round"),
    ("SMG411", 3, integer_parameter_in_a_command_line, "/Steps/0/Arguments/AppSpecification/ContainerArguments/1"),
    ("SMG412", 7, no_output, "/Steps/1/Arguments"),
    ("SMG412", 8, no_function, "/Steps/0"),
    ("SMG413", 8, unknown_machine, "/Steps/2/Arguments/TransformResources/InstanceType"),
    ("SMG413", 3, default_that_is_no_machine, "/Steps/1/Arguments/ResourceConfig/InstanceType"),
    ("SMG414", 6, role_without_account, "/Steps/0/Arguments/RoleArn"),
    ("SMG415", 7, no_volume, "/Steps/1/Arguments/ResourceConfig/VolumeSizeInGB"),
    ("SMG420", 7, password, "/Steps/2/Arguments/PrimaryContainer/Environment/DB_PASSWORD"),
    ("SMG420", 5, key_in_a_command_line, "/Steps/0/Arguments/AppSpecification/ContainerArguments/0"),
    ("SMG421", 1, gpu_machine_with_a_cpu_image, "/Steps/1/Arguments/AlgorithmSpecification/TrainingImage"),
]


@pytest.mark.parametrize(("rule", "number", "edit", "pointer"), EDITS, ids=lambda value: getattr(value, "__name__", ""))
def test_one_edit_is_one_finding(rule: str, number: int, edit: Edit, pointer: str) -> None:
    document = corpus_definition(number)
    edit(document)
    assert found(document) == [(rule, pointer)]


@pytest.mark.parametrize("number", range(1, 9))
def test_the_recorded_definitions_are_silent(number: int) -> None:
    # The services took all eight: nothing in them is unknown, of a wrong type, missing, refused or secret.
    assert found(corpus_definition(number)) == []


def test_a_definition_of_many_steps_is_over_the_quota() -> None:
    document = corpus_definition(7)
    steps = document["Steps"]
    assert isinstance(steps, list)
    steps.extend(
        {"Name": f"Stop-{number}", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}} for number in range(47)
    )
    assert found(document) == [("SMG407", "/Steps")]


def test_a_definition_of_more_than_a_mebibyte_goes_to_s3() -> None:
    document = corpus_definition(8)
    arguments(document, "Lambda")["payload"] = "p" * (1_048_576 - 2_000)
    assert found(document) == [("SMG408", "")]
    arguments(document, "Lambda")["payload"] = "p" * (1_048_576 - 5_000)
    assert found(document) == []


POLICIES: list[tuple[str, Policy, int, list[str]]] = [
    ("SMG430", Policy(require_network=True), 7, ["/Steps/1/Arguments", "/Steps/2/Arguments"]),
    (
        "SMG431",
        Policy(require_volume_key=True),
        8,
        ["/Steps/2/Arguments/TransformResources", "/Steps/3/Arguments/ProcessingResources/ClusterConfig"],
    ),
    (
        "SMG432",
        Policy(require_output_key=True),
        8,
        ["/Steps/2/Arguments/TransformOutput", "/Steps/3/Arguments/ProcessingOutputConfig"],
    ),
    ("SMG433", Policy(required_tags=("team",)), 2, [f"/Steps/{step}/Arguments" for step in range(3)]),
    (
        "SMG434",
        Policy(max_run_time_s=3600),
        7,
        ["/Steps/1/Arguments/StoppingCondition/MaxRuntimeInSeconds"],
    ),
    (
        "SMG435",
        Policy(allowed_instance_types=("ml.m5.*",)),
        7,
        ["/Steps/1/Arguments/ResourceConfig/InstanceType"],
    ),
    ("SMG437", Policy(max_tuning_jobs=2), 4, ["/Steps/1/Arguments/HyperParameterTuningJobConfig/ResourceLimits"]),
]


@pytest.mark.parametrize(("rule", "policy", "number", "pointers"), POLICIES, ids=lambda value: str(value)[:6])
def test_a_policy_finds_what_a_recorded_definition_lacks(
    rule: str, policy: Policy, number: int, pointers: list[str]
) -> None:
    listed = found(corpus_definition(number), policy)
    assert [rule for rule, _ in listed] == [rule] * len(pointers)
    assert all(pointer.startswith(expected) for (_, pointer), expected in zip(listed, pointers, strict=True))


def test_a_policy_of_images_looks_at_what_the_definition_says() -> None:
    document = corpus_definition(7)
    at(arguments(document, "Training"), "AlgorithmSpecification")["TrainingImage"] = "docker.io/somebody/forest:1"
    policy = Policy(allowed_images=("*.dkr.ecr.*.amazonaws.com/*",))
    # The image of the model is a placeholder of the recording.
    assert found(document, policy) == [("SMG436", "/Steps/1/Arguments/AlgorithmSpecification/TrainingImage")]
