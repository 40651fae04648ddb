"""The shipped table: what it holds, that it is whole, and which patterns which engine takes."""

from __future__ import annotations

import json
import re

import pytest
from pydantic_core import SchemaError, SchemaValidator, core_schema

from smgen.aws import Member, Shape, service_model, works_in_pydantic, works_in_python
from smgen.aws.service_shapes import SERVICE_MODEL_FILE


def all_shapes() -> list[Shape]:
    model = service_model()
    return [model.shape(name) for name in model.shape_names]


def test_stamp() -> None:
    model = service_model()
    assert model.botocore_version == "1.44.5"
    assert model.services == {"emr": "2009-03-31", "emr-serverless": "2021-07-13", "sagemaker": "2017-07-24"}


def test_counts() -> None:
    counts: dict[str, int] = {}
    for shape in all_shapes():
        counts[shape.type] = counts.get(shape.type, 0) + 1
    assert counts == COUNTS
    assert len(service_model().shape_names) == sum(COUNTS.values())


COUNTS = {
    "structure": 363,
    "string": 368,
    "list": 121,
    "integer": 81,
    "map": 27,
    "boolean": 20,
    "long": 11,
    "float": 7,
    "timestamp": 4,
    "double": 3,
    "document": 3,
}


def test_no_shape_refers_to_one_that_is_missing() -> None:
    names = set(service_model().shape_names)
    used = {
        reference
        for shape in all_shapes()
        for reference in (
            *(member.shape for member in shape.members.values()),
            *(name for name in (shape.element, shape.key, shape.value) if name is not None),
        )
    }
    assert used - names == set()


def test_required_members_exist_and_containers_say_what_they_hold() -> None:
    for shape in all_shapes():
        assert set(shape.required) <= set(shape.members), shape.name
        assert (shape.element is not None) == (shape.type == "list"), shape.name
        assert (shape.key is not None, shape.value is not None) == (shape.type == "map",) * 2, shape.name
        assert (shape.type == "structure") or not shape.members, shape.name


def test_a_shape_as_aws_has_it() -> None:
    model = service_model()
    assert model.shape("TrainingJobName") == Shape(
        "TrainingJobName", "string", min=1, max=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
    )
    assert model.shape("TrainingInputMode").enum == ("Pipe", "File", "FastFile")
    assert model.shape("HyperParameters") == Shape(
        "HyperParameters", "map", key="HyperParameterKey", value="HyperParameterValue", min=0, max=100
    )
    assert model.shape("ProcessingS3Output").required == ("S3UploadMode", "S3Uri")
    assert model.shape("CreateTrainingJobRequest").members["RoleArn"].shape == "RoleArn"


def test_shapes_of_other_services_do_not_hide_those_of_sagemaker() -> None:
    model = service_model()
    assert set(model.shape("Tag").members) == {"Key", "Value"}
    assert model.shape("emr.TagList").element == "emr.Tag"
    assert model.shape("Tag").required == ("Key", "Value")
    assert model.shape("emr.Tag").required == ()


def test_a_recursive_shape_is_there_once() -> None:
    model = service_model()
    assert model.shape("emr.Configuration").members["Configurations"].shape == "emr.ConfigurationList"
    assert model.shape("emr.ConfigurationList").element == "emr.Configuration"


def test_derived_shapes_lose_what_the_pipeline_sets() -> None:
    model = service_model()
    cluster, instances = model.shape("pipelines.EMRClusterConfig"), model.shape("pipelines.EMRInstances")
    assert {"Name", "Steps", "AutoTerminationPolicy"} & set(cluster.members) == set()
    assert cluster.required == ("Instances",)
    assert cluster.members["Instances"].shape == "pipelines.EMRInstances"
    assert {"KeepJobFlowAliveWhenNoSteps", "TerminationProtected"} & set(instances.members) == set()
    assert {"InstanceGroups", "InstanceFleets"} <= set(instances.members)
    assert set(model.shape("pipelines.EMRStepConfig").members) == {
        "ActionOnFailure",
        "HadoopJarStep",
        "StepMonitoringConfiguration",
    }
    assert model.shape("pipelines.EMRServerlessJobConfig").required == ("executionRoleArn",)


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        service_model().shape("NoSuchShape")


def test_a_shape_is_built_once() -> None:
    model = service_model()
    assert model.shape("Tag") is model.shape("Tag")
    assert service_model() is model


def test_documentation_is_one_short_line_of_plain_text() -> None:
    texts = [member.documentation for shape in all_shapes() for member in shape.members.values()]
    assert len(texts) > 1_500
    assert max(len(text) for text in texts) <= 300
    assert [text for text in texts if not text.isprintable() or text != text.strip()] == []
    # Placeholders such as <account-id> are AWS's; a tag is not.
    assert [text for text in texts if re.search(r"</?(?:p|code|a|b|i|li|ul)\b", text) or "&lt;" in text] == []


def test_documentation_of_a_request_member_and_of_a_response_leaf() -> None:
    model = service_model()
    assert model.shape("ResourceConfig").members["InstanceType"] == Member(
        "InstanceType", "TrainingInstanceType", "The ML compute instance type."
    )
    assert model.shape("ModelArtifacts").members["S3ModelArtifacts"].documentation == (
        "The path of the S3 object that contains the model artifacts. "
        "For example, s3://bucket-name/keynameprefix/model.tar.gz."
    )


def test_the_file_is_canonical() -> None:
    text = SERVICE_MODEL_FILE.read_bytes().decode("ascii")
    table = json.loads(text)
    lines = text.splitlines()
    assert len(lines) == len(table["shapes"]) + 5 == text.count("\n")
    assert list(table["shapes"]) == sorted(table["shapes"])
    assert text.endswith("}}\n")
    for line in lines[4:-1]:
        name, row = next(iter(json.loads("{" + line.rstrip(",") + "}").items()))
        assert table["shapes"][name] == row


PATTERNS = sorted({shape.pattern for shape in all_shapes() if shape.pattern is not None})


def rust_takes(pattern: str) -> bool:
    schema = core_schema.str_schema(pattern=f"^(?:{pattern})$", regex_engine="rust-regex")
    try:
        SchemaValidator(schema)
    except SchemaError:
        return False
    return True


def python_takes(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def test_there_are_patterns_of_every_sort() -> None:
    verdicts = {(works_in_python(pattern), works_in_pydantic(pattern)) for pattern in PATTERNS}
    assert verdicts == {(True, True), (True, False), (False, True), (False, False)}
    assert len(PATTERNS) > 90


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_verdicts_about_a_pattern_are_the_engines_own(pattern: str) -> None:
    assert works_in_pydantic(pattern) == rust_takes(pattern)
    assert works_in_python(pattern) == python_takes(pattern)


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=a)a", "a(?<!b)", "(?!x).*", r"\w{0,300}", r"[\w.]{300}"])
def test_what_rust_has_not_is_seen_in_any_pattern(pattern: str) -> None:
    assert not works_in_pydantic(pattern)
    assert not rust_takes(pattern)
    assert works_in_python(pattern)
