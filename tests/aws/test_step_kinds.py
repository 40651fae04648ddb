"""The step-kind table, row by row against what the SDK's step classes write."""

from __future__ import annotations

import pytest

from smgen.aws import (
    EACH,
    STEP_KINDS,
    Leaf,
    Path,
    Shape,
    property_at,
    property_leaf,
    request_shape,
    service_model,
    step_kind,
    values_at,
    way,
)
from smgen.aws.kinds.row import CacheKey
from smgen.expressions import Value

# (kind, request, response, caches, retries) as the classes of sagemaker 3.27 (EMR's retries: 2.257) have them.
ROWS = [
    ("Training", "CreateTrainingJobRequest", ("DescribeTrainingJobResponse",), True, True),
    ("Processing", "CreateProcessingJobRequest", ("DescribeProcessingJobResponse",), True, True),
    ("Transform", "CreateTransformJobRequest", ("DescribeTransformJobResponse",), True, True),
    (
        "Tuning",
        "CreateHyperParameterTuningJobRequest",
        ("DescribeHyperParameterTuningJobResponse", "ListTrainingJobsForHyperParameterTuningJobResponse"),
        True,
        True,
    ),
    ("Model", "CreateModelInput", ("DescribeModelOutput",), False, True),
    ("RegisterModel", "CreateModelPackageInput", ("DescribeModelPackageOutput",), False, True),
    ("Condition", None, ("ConditionStepMetadata",), False, False),
    ("Fail", None, (), False, False),
    ("Lambda", None, ("pipelines.OutputParametersProperties",), True, False),
    ("Callback", None, ("pipelines.OutputParametersProperties",), True, False),
    ("QualityCheck", "CreateProcessingJobRequest", ("pipelines.QualityCheckProperties",), True, False),
    ("ClarifyCheck", "CreateProcessingJobRequest", ("pipelines.ClarifyCheckProperties",), True, False),
    ("EMR", None, ("emr.Step",), True, True),
    ("EMRServerless", None, ("emr-serverless.GetJobRunResponse",), True, True),
    ("AutoML", "CreateAutoMLJobRequest", ("DescribeAutoMLJobResponse", "pipelines.AutoMLProperties"), True, True),
    ("EndpointConfig", "CreateEndpointConfigInput", ("DescribeEndpointConfigOutput",), True, True),
    ("Endpoint", "CreateEndpointInput", ("DescribeEndpointOutput",), True, False),
    ("InferenceComponent", "CreateInferenceComponentInput", ("DescribeInferenceComponentOutput",), False, False),
    ("Lineage", None, ("LineageMetadata",), False, False),
    ("Job", "CreateJobRequest", ("DescribeJobResponse",), True, True),
    ("Cleanup", None, (), False, False),
    ("ForEach", None, ("pipelines.ForEachProperties",), False, False),
]

JOB_NAMES = {
    "Training": "TrainingJobName",
    "Processing": "ProcessingJobName",
    "Transform": "TransformJobName",
    "Tuning": "HyperParameterTuningJobName",
    "Model": "ModelName",
    "RegisterModel": "ModelPackageName",
    "QualityCheck": "ProcessingJobName",
    "ClarifyCheck": "ProcessingJobName",
    "AutoML": "AutoMLJobName",
    "Job": "JobName",
}


def test_the_table_has_the_22_kinds_of_the_sdk() -> None:
    assert list(STEP_KINDS) == [row[0] for row in ROWS]
    assert len(STEP_KINDS) == 22


@pytest.mark.parametrize(("kind", "request_", "response", "caches", "retries"), ROWS, ids=[row[0] for row in ROWS])
def test_row(kind: str, request_: str | None, response: tuple[str, ...], caches: bool, retries: bool) -> None:
    row = STEP_KINDS[kind]
    assert row.type == kind
    assert row.request == request_
    assert row.response == response
    assert row.has_properties == bool(response)
    assert row.caches == caches
    assert row.retries == retries
    assert row.job_name == JOB_NAMES.get(kind)
    if request_ is not None:
        assert row.arguments == request_


@pytest.mark.parametrize("kind", STEP_KINDS)
def test_every_shape_a_row_names_is_in_the_table(kind: str) -> None:
    row, model = STEP_KINDS[kind], service_model()
    arguments = model.shape(row.arguments)
    assert arguments.type in {"structure", "map"}
    for name in row.response:
        assert model.shape(name).type == "structure"
    for field in row.fields:
        assert model.shape(field.shape).name == field.shape
    assert set(row.dropped) <= set(arguments.members)
    assert set(row.branches) <= set(arguments.members)
    assert all(model.shape(arguments.members[name].shape).name == "pipelines.Steps" for name in row.branches)


def test_two_responses_of_one_kind_share_no_member() -> None:
    model = service_model()
    shared = {
        (kind.type, member)
        for kind in STEP_KINDS.values()
        for member in (kind.response and model.shape(kind.response[0]).members)
        for other in kind.response[1:]
        if member in model.shape(other).members
    }
    assert shared == set()


def test_structural_kinds_and_their_branches() -> None:
    assert {kind.type: kind.branches for kind in STEP_KINDS.values() if kind.structural} == {
        "Condition": ("IfSteps", "ElseSteps"),
        "Fail": (),
        "ForEach": ("ForEachBody",),
    }


def test_only_models_refuse_to_retry_job_errors() -> None:
    assert [kind.type for kind in STEP_KINDS.values() if kind.retries and not kind.retries_job_errors] == [
        "Model",
        "RegisterModel",
    ]
    assert [kind.type for kind in STEP_KINDS.values() if kind.retries_job_errors and not kind.retries] == []


def test_dropped_members_beside_the_job_name() -> None:
    others = {
        kind.type: tuple(name for name in kind.dropped if name != kind.job_name)
        for kind in STEP_KINDS.values()
        if set(kind.dropped) - {kind.job_name}
    }
    assert others == {
        "RegisterModel": ("CertifyForMarketplace",),
        "AutoML": ("ModelDeployConfig", "GenerateCandidateDefinitionsOnly"),
    }


COMMON = ["DependsOn", "DisplayName", "Description"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("Training", [*COMMON, "RetryPolicies", "CacheConfig"]),
        ("Processing", [*COMMON, "RetryPolicies", "CacheConfig", "PropertyFiles"]),
        ("Lambda", [*COMMON, "CacheConfig", "FunctionArn", "OutputParameters"]),
        ("Callback", [*COMMON, "CacheConfig", "SqsQueueUrl", "OutputParameters"]),
        (
            "QualityCheck",
            [
                *COMMON,
                "CacheConfig",
                "CheckType",
                "ModelPackageGroupName",
                "SkipCheck",
                "FailOnViolation",
                "RegisterNewBaseline",
                "SuppliedBaselineStatistics",
                "SuppliedBaselineConstraints",
            ],
        ),
        (
            "ClarifyCheck",
            [
                *COMMON,
                "CacheConfig",
                "CheckType",
                "ModelPackageGroupName",
                "SkipCheck",
                "FailOnViolation",
                "RegisterNewBaseline",
                "SuppliedBaselineConstraints",
                "ModelName",
            ],
        ),
        ("Model", [*COMMON, "RetryPolicies"]),
        ("Condition", COMMON),
        ("Fail", COMMON),
        ("ForEach", COMMON),
    ],
)
def test_fields_beside_arguments_stand_in_the_sdks_order(kind: str, fields: list[str]) -> None:
    assert [field.name for field in STEP_KINDS[kind].fields] == fields


def test_required_fields() -> None:
    assert {kind.type: [field.name for field in kind.fields if field.required] for kind in STEP_KINDS.values()} == {
        **{kind: [] for kind in STEP_KINDS},
        "Lambda": ["FunctionArn"],
        "Callback": ["SqsQueueUrl"],
        "QualityCheck": ["CheckType"],
        "ClarifyCheck": ["CheckType"],
    }


@pytest.mark.parametrize("kind", STEP_KINDS)
def test_every_place_that_a_row_names_is_one_of_aws(kind: str) -> None:
    row = STEP_KINDS[kind]
    key = row.cache_key or CacheKey()
    places = [path for path in (row.hyperparameters, row.environment, row.metrics) if path is not None]
    for path in (*places, *key.arguments):
        shape = request_shape(kind, path)
        assert isinstance(shape, Shape), path
    assert set(key.fields) <= {field.name for field in row.fields}
    # Where the documents name arguments of the SDK, a row says so and gives no places for them.
    assert bool(row.cache_key) <= row.caches
    for usual in row.usual:
        assert isinstance(property_leaf(kind, usual.path), Leaf), usual
    for write in row.writes:
        for name in write.properties or (property_at(write.path),):
            assert isinstance(property_leaf(kind, name), Leaf), name


def test_usual_outputs_of_writes_are_those_of_the_row() -> None:
    for row in STEP_KINDS.values():
        names = {usual.name for usual in row.usual}
        assert {write.output for write in row.writes if write.output} <= names
    assert {row.repeats for row in STEP_KINDS.values()} - {""} <= set(STEP_KINDS)


def test_an_unknown_kind_has_a_row_that_says_nothing() -> None:
    row = step_kind("Bedrock")
    assert (row.type, row.request, row.reads, row.writes, row.has_properties) == ("", None, (), (), False)
    assert step_kind("Training") is STEP_KINDS["Training"]


DOCUMENT: Value = {"a": [{"b": 1}, {"b": None}, 3, {"b": [2]}], "m": {"x": {"y": 4}, "z": None}, "n": None}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), [((), DOCUMENT)]),
        (("a", EACH, "b"), [(("a", 0, "b"), 1), (("a", 3, "b"), [2])]),
        (("a", EACH, "b", EACH), [(("a", 3, "b", 0), 2)]),
        (("m", EACH, "y"), [(("m", "x", "y"), 4)]),
        (("a", "b"), []),
        (("n",), []),
        (("n", EACH), []),
        (("a", EACH, EACH, EACH, EACH), []),
    ],
)
def test_values_at_a_path(path: Path, found: list[tuple[tuple[str | int, ...], Value]]) -> None:
    assert [tuple(item) for item in values_at(DOCUMENT, path)] == found
    for parts, _ in found:
        assert len(way(parts)) == len(path)
