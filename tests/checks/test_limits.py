"""Names, texts, parameters and sizes, and the settings of caching and retries."""

from __future__ import annotations

import pytest

from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import definition, found, only, parameter, service_findings, step, training

FAIL: JsonObject = step("Stop", "Fail", {"ErrorMessage": "no"})


@pytest.mark.parametrize("name", ["a", "A-b_9", "x" * 64, "${Prefix}-train"])
def test_step_names_that_fit(name: str) -> None:
    assert found(definition({**FAIL, "Name": name})) == []


@pytest.mark.parametrize("name", ["", "x" * 65, "a b", "ä", "a.b", "a/b"])
def test_step_names_that_do_not(name: str) -> None:
    assert found(definition({**FAIL, "Name": name})) == [("SMG400", "/Steps/0/Name")]


@pytest.mark.parametrize(("name", "fits"), [("p" * 256, True), ("p" * 257, False), ("", False), ("a.b", False)])
def test_parameter_names(name: str, fits: bool) -> None:
    expected = [] if fits else [("SMG402", "/Parameters/0/Name")]
    assert found(definition(FAIL, parameters=[parameter(name, "String")])) == expected


@pytest.mark.parametrize(
    ("type", "default", "fits"),
    [
        ("String", "", True),
        ("String", 1, False),
        ("String", True, False),
        ("String", ["a"], False),
        ("String", None, True),
        ("Integer", 1, True),
        ("Integer", 1.0, True),
        ("Integer", 1.5, False),
        ("Integer", "1", False),
        ("Integer", True, False),
        ("Float", 1, True),
        ("Float", 0.5, True),
        ("Float", "0.5", False),
        ("Boolean", False, True),
        ("Boolean", "false", False),
        ("Boolean", 0, False),
    ],
)
def test_defaults(type: str, default: JsonValue, fits: bool) -> None:
    expected = [] if fits else [("SMG207", "/Parameters/0/DefaultValue")]
    assert found(definition(FAIL, parameters=[parameter("P", type, default)])) == expected


def test_an_unknown_type_is_one_finding() -> None:
    finding = only(definition(FAIL, parameters=[parameter("P", "Int", "x")]))
    assert (finding.rule, finding.nearest, finding.fix) == ("SMG207", "Integer", "write Integer")


def test_a_default_is_among_the_values() -> None:
    status: JsonObject = {**parameter("S", "String", "Aproved"), "EnumValues": ["Approved", "Rejected"]}
    finding = only(definition(FAIL, parameters=[status]))
    assert (finding.rule, finding.nearest) == ("SMG207", "Approved")
    assert finding.expected_at is not None
    assert finding.expected_at.pointer == "/Parameters/0/EnumValues"
    assert found(definition(FAIL, parameters=[{**status, "DefaultValue": "Rejected"}])) == []


def test_the_values_of_an_enum_have_the_parameter_type() -> None:
    wrong: JsonObject = {"Name": "S", "Type": "String", "EnumValues": ["a", 2]}
    assert found(definition(FAIL, parameters=[wrong])) == [("SMG207", "/Parameters/0/EnumValues/1")]


def test_counts_of_parameters() -> None:
    many: list[JsonValue] = [parameter(f"P{number}", "String") for number in range(200)]
    assert found(definition(FAIL, parameters=many)) == []
    assert found(definition(FAIL, parameters=[*many, parameter("One", "String")])) == [("SMG406", "/Parameters")]
    values: list[JsonValue] = [str(number) for number in range(17)]
    wide: JsonObject = {"Name": "S", "Type": "String", "EnumValues": values}
    assert found(definition(FAIL, parameters=[wide])) == [("SMG406", "/Parameters/0/EnumValues")]


def test_the_length_of_a_default() -> None:
    assert found(definition(FAIL, parameters=[parameter("P", "String", "x" * 4096)])) == []
    long = definition(FAIL, parameters=[parameter("P", "String", "x" * 4097)])
    assert found(long) == [("SMG406", "/Parameters/0/DefaultValue")]


@pytest.mark.parametrize(
    ("member", "value", "fits"),
    [
        ("DisplayName", "d" * 256, True),
        ("DisplayName", "d" * 257, False),
        ("DisplayName", "", True),
        ("DisplayName", None, True),
        ("DisplayName", 5, False),
        ("Description", "d" * 3072, True),
        ("Description", "d" * 3073, False),
        ("Description", "one\ntwo", True),
    ],
)
def test_texts(member: str, value: JsonValue, fits: bool) -> None:
    assert found(definition({**FAIL, member: value})) == ([] if fits else [("SMG405", f"/Steps/0/{member}")])


def test_the_quota_counts_the_steps_in_branches() -> None:
    inner: list[JsonValue] = [{**FAIL, "Name": f"Stop-{number}"} for number in range(50)]
    document = definition(step("Gate", "Condition", {"Conditions": [], "IfSteps": inner, "ElseSteps": []}))
    finding = only(document)
    assert finding.rule == "SMG407"
    assert finding.message == "a pipeline has at most 50 steps by default, and this one has 51"
    assert finding.severity.value == "warning"


def test_a_large_definition_is_counted_without_spaces() -> None:
    call = step("Call", "Lambda", {"payload": "ä" * 1_048_500}, FunctionArn="arn")
    finding = only(definition(call))
    assert finding.rule == "SMG408"
    assert finding.fix == "put the definition into Amazon S3 and name it with PipelineDefinitionS3Location"


# --- caching ---


@pytest.mark.parametrize("age", ["P30D", "30d", "PT12H", "T16m", "p4dt12h", "P1Y2M3W4DT5H6M", "${Age}"])
def test_durations_as_generous_as_the_documentation(age: JsonValue) -> None:
    assert found(definition({**training(), "CacheConfig": {"Enabled": True, "ExpireAfter": age}})) == []


@pytest.mark.parametrize("age", ["", "P", "30", "30 days", "D30", 30, "9" * 200 + "D"])
def test_texts_that_are_no_duration(age: JsonValue) -> None:
    document = definition({**training(), "CacheConfig": {"Enabled": True, "ExpireAfter": age}})
    assert found(document) == [("SMG403", "/Steps/0/CacheConfig/ExpireAfter")]


@pytest.mark.parametrize(
    ("cache", "pointer"),
    [
        ({"ExpireAfter": "P1D"}, "/Steps/0/CacheConfig"),
        ({"Enabled": True}, "/Steps/0/CacheConfig"),
        ({"Enabled": True, "ExpireAfter": None}, "/Steps/0/CacheConfig"),
        ({"Enabled": 1}, "/Steps/0/CacheConfig/Enabled"),
        ({"Enabled": True, "ExpiresAfter": "P1D"}, "/Steps/0/CacheConfig/ExpiresAfter"),
    ],
)
def test_cache_settings_that_are_wrong(cache: JsonObject, pointer: str) -> None:
    assert found(definition({**training(), "CacheConfig": cache})) == [("SMG403", pointer)]


@pytest.mark.parametrize(
    ("cache", "silent"), [({"Enabled": False}, True), ({}, True), (None, True), ({"Enabled": True}, False)]
)
def test_kinds_that_do_not_cache(cache: JsonValue, silent: bool) -> None:
    document = definition({**FAIL, "CacheConfig": cache})
    assert found(document) == ([] if silent else [("SMG403", "/Steps/0/CacheConfig")])


# --- retries ---


@pytest.mark.parametrize(
    "policy",
    [
        {"ExceptionType": ["Step.THROTTLING"]},
        {"ExceptionType": "Step.THROTTLING", "MaxAttempts": 0},
        {"ExceptionType": [], "MaxAttempts": 20, "ExpireAfterMin": None},
        {"ExceptionType": ["SageMaker.CAPACITY_ERROR", "Emr.RESOURCE_LIMIT"], "ExpireAfterMin": 14_400},
        {"ExceptionType": ["Step.SERVICE_FAULT"], "BackoffRate": 1.5, "IntervalSeconds": {"Get": "Parameters.P"}},
    ],
)
def test_retries_that_are_right(policy: JsonObject) -> None:
    document = definition({**training(), "RetryPolicies": [policy]}, parameters=[parameter("P", "Integer", 1)])
    assert found(document) == []


@pytest.mark.parametrize(
    ("policy", "below"),
    [
        ({"MaxAttempts": 5}, ""),
        ({"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 21}, "/MaxAttempts"),
        ({"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 1, "ExpireAfterMin": 5}, "/ExpireAfterMin"),
        ({"ExceptionType": ["Step.THROTTLING"], "IntervalSeconds": 50_000}, "/IntervalSeconds"),
        ({"ExceptionType": ["Step.THROTLING"]}, "/ExceptionType"),
        ({"ExceptionType": ["Step.THROTTLING"], "Attempts": 5}, "/Attempts"),
    ],
)
def test_retries_that_are_wrong(policy: JsonObject, below: str) -> None:
    document = definition({**training(), "RetryPolicies": [policy]})
    assert found(document) == [("SMG404", f"/Steps/0/RetryPolicies/0{below}")]


def test_a_misspelt_exception_is_proposed() -> None:
    document = definition(
        {**training(), "RetryPolicies": [{"ExceptionType": ["Step.THROTLING", "Sagemaker.CAPACITY"]}]}
    )
    assert [finding.nearest for finding in service_findings(document)] == [
        "SageMaker.CAPACITY_ERROR",
        "Step.THROTTLING",
    ]


def test_kinds_that_are_never_retried() -> None:
    document = definition({**FAIL, "RetryPolicies": [{"ExceptionType": ["Step.THROTTLING"]}]})
    assert found(document) == [("SMG404", "/Steps/0/RetryPolicies")]
    assert found(definition({**FAIL, "RetryPolicies": []})) == []


def test_unknown_kinds_may_have_any_settings() -> None:
    query: JsonObject = {**step("Query", "Athena", {}), "CacheConfig": {"x": 1}, "RetryPolicies": [{"y": 2}]}
    assert found(definition(query)) == []
