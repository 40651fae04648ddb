"""The limits: equal to AWS's shapes where there are any, and what is said of a wrong name or setting."""

from __future__ import annotations

import pytest

from smgen.aws import (
    STEP_KINDS,
    cache_duration_problem,
    description_problem,
    display_name_problem,
    limits,
    parameter_name_problem,
    pipeline_name_problem,
    retry_policy_problems,
    service_model,
    step_name_problem,
)
from smgen.documents import JsonValue


@pytest.mark.parametrize(
    ("shape", "limit"),
    [
        ("StepName", limits.STEP_NAME_MAX),
        ("PipelineName", limits.PIPELINE_NAME_MAX),
        ("PipelineParameterName", limits.PARAMETER_NAME_MAX),
        ("StepDisplayName", limits.DISPLAY_NAME_MAX),
        ("StepDescription", limits.DESCRIPTION_MAX),
        ("PipelineDescription", limits.DESCRIPTION_MAX),
        ("ParameterList", limits.PARAMETERS_MAX),
        ("String1024", limits.PARAMETER_VALUE_MAX),
        ("PipelineDefinition", limits.DEFINITION_MAX),
        ("HyperParameterKey", limits.HYPERPARAMETER_KEY_MAX),
        ("SelectedStepList", limits.STEPS_MAX),
        ("pipelines.IntervalSeconds", limits.RETRY_INTERVAL_SECONDS_MAX),
        ("pipelines.MaxAttempts", limits.RETRY_ATTEMPTS_MAX),
        ("pipelines.ExpireAfterMin", limits.RETRY_EXPIRE_MINUTES_MAX),
        ("pipelines.ForEachItems", limits.FOR_EACH_ITEMS_MAX),
        ("pipelines.ForEachConcurrency", limits.FOR_EACH_CONCURRENCY_MAX),
    ],
)
def test_limit_is_the_shapes_maximum(shape: str, limit: int) -> None:
    assert service_model().shape(shape).max == limit


def test_exceptions_are_the_shapes_values() -> None:
    assert service_model().shape("pipelines.ExceptionType").enum == limits.RETRY_EXCEPTIONS


@pytest.mark.parametrize("name", ["Train", "a", "1", "-", "train_1-RegisterModel", "x" * 64])
def test_good_step_names(name: str) -> None:
    assert step_name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "a step name is not empty"),
        ("x" * 65, "a step name has at most 64 characters, not 65"),
        ("my step", "a step name has letters, digits, hyphens and underscores only, not ' '"),
        ("a.b/c.d", "a step name has letters, digits, hyphens and underscores only, not '.', '/'"),
        ("Tr\u00e4in", "a step name has letters, digits, hyphens and underscores only, not '\u00e4'"),
        ("Train\n", "a step name has letters, digits, hyphens and underscores only, not '\\n'"),
        ("Train\u0661", "a step name has letters, digits, hyphens and underscores only, not '\u0661'"),
    ],
)
def test_bad_step_names(name: str, words: str) -> None:
    assert step_name_problem(name) == words


def test_parameter_names_are_longer() -> None:
    assert parameter_name_problem("x" * 256) is None
    assert parameter_name_problem("x" * 257) == "a parameter name has at most 256 characters, not 257"
    assert parameter_name_problem("a b") == (
        "a parameter name has letters, digits, hyphens and underscores only, not ' '"
    )


@pytest.mark.parametrize("name", ["fraud", "F", "a-b", "a--b", "x" * 256])
def test_good_pipeline_names(name: str) -> None:
    assert pipeline_name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "a pipeline name is not empty"),
        ("x" * 257, "a pipeline name has at most 256 characters, not 257"),
        ("bad_name!", "a pipeline name has letters, digits and hyphens only, not '_', '!'"),
        ("-a", "a pipeline name starts and ends with a letter or digit"),
        ("a-", "a pipeline name starts and ends with a letter or digit"),
    ],
)
def test_bad_pipeline_names(name: str, words: str) -> None:
    assert pipeline_name_problem(name) == words


def test_a_long_hostile_pipeline_name_is_answered_at_once() -> None:
    assert pipeline_name_problem("a" + "-" * 254 + "!") is not None


def test_texts() -> None:
    assert display_name_problem("A name, free: (\u00e4)") is None
    assert display_name_problem("x" * 257) == "a display name has at most 256 characters, not 257"
    assert description_problem("") is None
    assert description_problem("two\nlines") is None


@pytest.mark.parametrize(
    "text", ["P30D", "p30d", "PT12H", "P4DT12H", "T12H", "30d", "5y", "T16m", "30dT5h", "P1Y2M3W4DT5H6M7S"]
)
def test_durations_of_awss_documents(text: str) -> None:
    assert cache_duration_problem(text) is None


@pytest.mark.parametrize(
    "text", ["", "P", "T", "PT", "30", "P30", "30 days", "P30H", "PT30D", "P1D2Y", "P-1D", "PD", "P1DT"]
)
def test_what_is_no_duration(text: str) -> None:
    assert cache_duration_problem(text) == f"{text!r} is no ISO 8601 duration such as P30D, PT12H or P4DT12H"


def policy(**members: JsonValue) -> dict[str, JsonValue]:
    return {
        "BackoffRate": 2.0,
        "IntervalSeconds": 1,
        "MaxAttempts": 5,
        "ExceptionType": ["Step.SERVICE_FAULT"],
        **members,
    }


def without(member: str, **members: JsonValue) -> dict[str, JsonValue]:
    return {name: value for name, value in policy(**members).items() if name != member}


@pytest.mark.parametrize(
    "entry",
    [
        policy(),
        policy(MaxAttempts=20, ExceptionType=["SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR"]),
        without("MaxAttempts", ExpireAfterMin=14_400),
        without("MaxAttempts"),
        policy(BackoffRate=0, IntervalSeconds=43_200),
        policy(MaxAttempts={"Get": "Parameters.Attempts"}),
        policy(ExceptionType="Step.THROTTLING"),
        policy(ExceptionType=["Emr.RESOURCE_LIMIT"]),
    ],
)
def test_good_retry_policies(entry: dict[str, JsonValue]) -> None:
    assert retry_policy_problems("Training", entry) == ()


@pytest.mark.parametrize(
    ("entry", "problems"),
    [
        (policy(MaxAttempts=21), [("MaxAttempts", "MaxAttempts is from 0 to 20")]),
        (policy(MaxAttempts="3"), [("MaxAttempts", "MaxAttempts is an integer")]),
        (policy(MaxAttempts=2.5), [("MaxAttempts", "MaxAttempts is an integer")]),
        (policy(MaxAttempts=True), [("MaxAttempts", "MaxAttempts is an integer")]),
        (policy(BackoffRate=-1), [("BackoffRate", "BackoffRate is at least 0")]),
        (policy(BackoffRate=None), [("BackoffRate", "BackoffRate is a number")]),
        (without("MaxAttempts", ExpireAfterMin=14_401), [("ExpireAfterMin", "ExpireAfterMin is from 0 to 14,400")]),
        (policy(ExpireAfterMin=5), [("ExpireAfterMin", "a retry policy has MaxAttempts or ExpireAfterMin, not both")]),
        (policy(Attempts=5), [("Attempts", "a retry policy has no member Attempts")]),
        (without("ExceptionType"), [("ExceptionType", "a retry policy names the exceptions that are retried")]),
        (policy(ExceptionType=5), [("ExceptionType", "ExceptionType is a list of exception types")]),
        (
            policy(ExceptionType=["Step.Fault"]),
            [
                (
                    "ExceptionType",
                    "'Step.Fault' is no exception type; there are Step.SERVICE_FAULT, Step.THROTTLING, "
                    "SageMaker.JOB_INTERNAL_ERROR, SageMaker.CAPACITY_ERROR, SageMaker.RESOURCE_LIMIT, "
                    "Emr.RESOURCE_LIMIT",
                )
            ],
        ),
    ],
)
def test_bad_retry_policies(entry: dict[str, JsonValue], problems: list[tuple[str, str]]) -> None:
    assert list(retry_policy_problems("Training", entry)) == problems


def test_a_model_step_retries_no_job_errors() -> None:
    entry = policy(ExceptionType=["Step.THROTTLING", "SageMaker.RESOURCE_LIMIT"])
    assert retry_policy_problems("Training", entry) == ()
    for kind in ("Model", "RegisterModel"):
        assert retry_policy_problems(kind, entry) == (
            ("ExceptionType", f"a {kind} step runs no job, so it cannot retry SageMaker.RESOURCE_LIMIT"),
        )


@pytest.mark.parametrize("kind", [kind.type for kind in STEP_KINDS.values() if kind.retries])
def test_every_kind_that_retries_takes_the_step_exceptions(kind: str) -> None:
    assert retry_policy_problems(kind, policy(ExceptionType=["Step.SERVICE_FAULT", "Step.THROTTLING"])) == ()
