"""Limits of SageMaker pipelines as constants with their sources, and what is wrong with a name or setting in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from smgen.aws.step_kinds import STEP_KINDS

if TYPE_CHECKING:
    # For the annotation only: reading documents is not needed to know the limits.
    from smgen.documents import JsonValue

# "botocore" is the shape of that name in botocore 1.44.5; tests compare. "schema" is AWS's published JSON schema of the
# pipeline definition, which is stale in other ways. "SDK" is sagemaker 3.27. "docs" is the Amazon SageMaker Developer
# Guide.

# Names -------------------------------------------------------------------------------------------------------------
STEP_NAME_MAX = 64
"""botocore StepName; characters ``[A-Za-z0-9\\-_]``. The empty name, which botocore allows, the schema refuses."""
PIPELINE_NAME_MAX = 256
"""botocore PipelineName ``[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}``."""
PARAMETER_NAME_MAX = 256
"""botocore PipelineParameterName; characters ``[A-Za-z0-9\\-_]`` (the schema says 64)."""
DISPLAY_NAME_MAX = 256
"""botocore StepDisplayName, free text."""
DESCRIPTION_MAX = 3_072
"""botocore StepDescription, PipelineDescription."""

# The pipeline ------------------------------------------------------------------------------------------------------
PARAMETERS_MAX = 200
"""botocore ParameterList, the parameters given at a start."""
PARAMETER_VALUE_MAX = 1_024
"""botocore String1024, the value of a parameter given at a start, in characters."""
PARAMETER_DEFAULT_MAX = 4_096
"""schema StringParameter, in characters."""
PARAMETER_ENUM_MAX = 16
"""A user's report (aws/sagemaker-python-sdk issue 2314); not verified."""
STEPS_MAX = 50
"""The default quota of steps in a pipeline; from secondary documents, not verified, and a soft limit."""
DEFINITION_MAX = 1_048_576
"""botocore PipelineDefinition, in characters; a longer definition goes to Amazon S3."""

# Requests; all others are those of the shapes ---------------------------------------------------------------------
HYPERPARAMETER_KEY_MAX = 256
"""botocore HyperParameterKey, in characters; a name of an environment variable is no longer either."""

# Steps -------------------------------------------------------------------------------------------------------------
RETRY_ATTEMPTS_MAX = 20
"""SDK retry.py and docs; the SDK asks for at least 1, the docs let 0 mean "never"."""
RETRY_EXPIRE_MINUTES_MAX = 14_400
"""SDK retry.py and docs: ten days."""
RETRY_INTERVAL_SECONDS_MAX = 43_200
"""docs: twelve hours; the SDK has no upper limit."""
StepException: TypeAlias = Literal["Step.SERVICE_FAULT", "Step.THROTTLING"]
"""SDK StepExceptionTypeEnum."""
JobException: TypeAlias = Literal[
    "SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"
]
"""SDK SageMakerJobExceptionTypeEnum."""
OtherException: TypeAlias = Literal["Emr.RESOURCE_LIMIT"]
"""schema only."""
RetryException: TypeAlias = Literal[StepException, JobException, OtherException]
JOB_EXCEPTIONS: tuple[JobException, ...] = get_args(JobException)
RETRY_EXCEPTIONS: tuple[RetryException, ...] = get_args(RetryException)
FOR_EACH_ITEMS_MAX = 100
"""SDK for_each_step.py, literal items."""
FOR_EACH_CONCURRENCY_MAX = 50
"""SDK for_each_step.py, at least 1."""
TOLD_TRAINING_JOBS_MAX = 50
"""SDK get_top_model_s3_uri: how many of its training jobs a tuning step tells of."""

_WORD = re.compile(r"[A-Za-z0-9_\-]+")
_PIPELINE_NAME = re.compile(r"[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*")
# ISO 8601 as far as AWS's documents use it: they and the SDK leave out the P ("30d", "T12H") and write small letters.
_DURATION = re.compile(
    r"P?(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?",
    re.IGNORECASE,
)


def step_name_problem(name: str) -> str | None:
    """Say what is wrong with a step name, or None: 1 to 64 letters, digits, hyphens and underscores."""
    return _word_problem("a step name", name, STEP_NAME_MAX)


def parameter_name_problem(name: str) -> str | None:
    """Say what is wrong with the name of a pipeline parameter, or None: 1 to 256 letters, digits, - and _."""
    return _word_problem("a parameter name", name, PARAMETER_NAME_MAX)


def pipeline_name_problem(name: str) -> str | None:
    """Say what is wrong with a pipeline name, or None: letters, digits, and hyphens between them; 1 to 256.

    The pattern counts a run of hyphens as nothing, the length counts each.
    """
    problem = _length_problem("a pipeline name", name, PIPELINE_NAME_MAX)
    if problem:
        return problem
    if _PIPELINE_NAME.fullmatch(name):
        return None
    strange = _strange_characters(name, r"[A-Za-z0-9\-]")
    if strange:
        return f"a pipeline name has letters, digits and hyphens only, not {strange}"
    return "a pipeline name starts and ends with a letter or digit"


def _word_problem(what: str, name: str, longest: int) -> str | None:
    problem = _length_problem(what, name, longest)
    if problem or _WORD.fullmatch(name):
        return problem
    return f"{what} has letters, digits, hyphens and underscores only, not {_strange_characters(name, _WORD.pattern)}"


def _length_problem(what: str, text: str, longest: int) -> str | None:
    if not text:
        return f"{what} is not empty"
    if len(text) > longest:
        return f"{what} has at most {longest} characters, not {len(text)}"
    return None


def _strange_characters(text: str, allowed: str) -> str:
    """The characters that do not belong, each once, in the order they come, quoted."""
    strange = dict.fromkeys(re.sub(allowed, "", text))
    return ", ".join(repr(character) for character in strange)


def display_name_problem(text: str) -> str | None:
    """Say what is wrong with the display name of a step, or None: one line of at most 256 characters."""
    return _text_problem("a display name", text, DISPLAY_NAME_MAX)


def description_problem(text: str) -> str | None:
    """Say what is wrong with the description of a step or pipeline, or None: at most 3,072 characters.

    AWS's pattern is ".*", and definitions whose descriptions have lines were seen to be taken.
    """
    return None if len(text) <= DESCRIPTION_MAX else _text_problem("a description", text, DESCRIPTION_MAX)


def _text_problem(what: str, text: str, longest: int) -> str | None:
    if len(text) > longest:
        return f"{what} has at most {longest} characters, not {len(text)}"
    # AWS's pattern is ".*", in which the dot stands for no line end.
    return f"{what} is one line" if re.search(r"[\n\r\u0085\u2028\u2029]", text) else None


def cache_duration_problem(text: str) -> str | None:
    """Say what is wrong with ``ExpireAfter`` of a cache setting, or None: an ISO 8601 duration such as PT12H."""
    if _DURATION.fullmatch(text) and any(character.isdigit() for character in text):
        return None
    return f"{text!r} is no ISO 8601 duration such as P30D, PT12H or P4DT12H"


def retry_policy_problems(kind: str, policy: Mapping[str, JsonValue]) -> tuple[tuple[str, str], ...]:
    """Say what is wrong with one entry of ``RetryPolicies`` as (member, words); empty when nothing is.

    ``kind`` is a step kind of the table that retries, or any other text: of no known kind everything may be retried.
    Members that are objects are taken for expressions and left alone. One of MaxAttempts and ExpireAfterMin may be
    given, not both; with neither the service tries five times.
    """
    ranges: Mapping[str, tuple[float, float | None]] = {
        "BackoffRate": (0, None),
        "IntervalSeconds": (0, RETRY_INTERVAL_SECONDS_MAX),
        "MaxAttempts": (0, RETRY_ATTEMPTS_MAX),
        "ExpireAfterMin": (0, RETRY_EXPIRE_MINUTES_MAX),
    }
    problems: list[tuple[str, str]] = []
    for member, value in policy.items():
        if member == "ExceptionType":
            problems.extend((member, words) for words in _exception_problems(kind, value))
        elif member not in ranges:
            problems.append((member, f"a retry policy has no member {member}"))
        elif words := _range_problem(member, value, *ranges[member]):
            problems.append((member, words))
    if "ExceptionType" not in policy:
        problems.append(("ExceptionType", "a retry policy names the exceptions that are retried"))
    if "MaxAttempts" in policy and "ExpireAfterMin" in policy:
        problems.append(("ExpireAfterMin", "a retry policy has MaxAttempts or ExpireAfterMin, not both"))
    return tuple(problems)


def _range_problem(member: str, value: JsonValue, least: float, most: float | None) -> str | None:
    if isinstance(value, dict):
        return None
    wanted = "a number" if member == "BackoffRate" else "an integer"
    number = isinstance(value, int) or (isinstance(value, float) and (member == "BackoffRate" or value.is_integer()))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not number:
        return f"{member} is {wanted}"
    if value >= least and (most is None or value <= most):
        return None
    return f"{member} is at least {least:g}" if most is None else f"{member} is from {least:g} to {most:,.0f}"


def _exception_problems(kind: str, value: JsonValue) -> list[str]:
    # The published schema says one string, the documents and both SDKs say a list.
    if isinstance(value, str):
        names: list[JsonValue] = [value]
    elif isinstance(value, list):
        names = value
    else:
        return ["ExceptionType is a list of exception types"]
    problems: list[str] = []
    for name in names:
        if name not in RETRY_EXCEPTIONS:
            problems.append(f"{name!r} is no exception type; there are {', '.join(RETRY_EXCEPTIONS)}")
        elif name in JOB_EXCEPTIONS and kind in STEP_KINDS and not STEP_KINDS[kind].retries_job_errors:
            problems.append(f"a {kind} step runs no job, so it cannot retry {name}")
    return problems
