"""Caches and retries, and what an environment gives."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from smgen.diagnostics import Place
from smgen.runtime import Cache, Environment, Retry
from tests.runtime.fixture_package import findings_of, line, one_of, shown


@pytest.mark.parametrize(
    ("cache", "document"),
    [
        (Cache(), {"Enabled": True}),
        (Cache(enabled=False), {"Enabled": False}),
        (Cache("PT12H"), {"Enabled": True, "ExpireAfter": "PT12H"}),
        (Cache.days(30), {"Enabled": True, "ExpireAfter": "P30D"}),
        (Cache.hours(1), {"Enabled": True, "ExpireAfter": "PT1H"}),
    ],
)
def test_caches(cache: Cache, document: dict[str, object]) -> None:
    assert cache.document() == document


@pytest.mark.parametrize("duration", ["", "P", "30 days", "P3X", 5, True])
def test_durations_that_are_none(duration: Any) -> None:
    finding = one_of(lambda: Cache(duration))
    assert (finding.rule, finding.place.file, finding.place.line) == ("SMG403", shown(__file__), line() - 1)
    assert finding.given == repr(duration)


@pytest.mark.parametrize("count", [0, -1, True, 1.5, "3", None])
def test_a_cache_lives_for_at_least_one(count: Any) -> None:
    for make, unit in ((Cache.days, "days"), (Cache.hours, "hours")):
        finding = one_of(partial(make, count))
        assert (finding.rule, finding.given) == ("SMG403", repr(count))
        assert finding.message == f"a cache keeps a result for one or more {unit}"


def test_a_cache_is_enabled_or_not() -> None:
    finding = one_of(lambda: Cache(enabled="yes"))  # type: ignore[arg-type]  # that is the mistake
    assert (finding.rule, finding.given) == ("SMG403", "'yes' (str)")


def test_retries() -> None:
    assert Retry(("Step.SERVICE_FAULT",), expire_after_minutes=10, interval_seconds=5, backoff_rate=1.5).document() == {
        "BackoffRate": 1.5,
        "IntervalSeconds": 5,
        "ExpireAfterMin": 10,
        "ExceptionType": ["Step.SERVICE_FAULT"],
    }


RETRY = ("Step.THROTTLING",)


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ({"exceptions": (), "max_attempts": 1}, ["a retry names at least one exception, in a tuple"]),
        ({"exceptions": "Step.THROTTLING", "max_attempts": 1}, ["a retry names at least one exception, in a tuple"]),
        ({"exceptions": RETRY}, ["a retry has either max_attempts or expire_after_minutes"]),
        (
            {"exceptions": RETRY, "max_attempts": 1, "expire_after_minutes": 1},
            [
                "a retry has either max_attempts or expire_after_minutes",
                "a retry policy has MaxAttempts or ExpireAfterMin, not both",
            ],
        ),
        ({"exceptions": RETRY, "max_attempts": 0}, ["a retry tries at least once; leave it out to try never"]),
        ({"exceptions": RETRY, "max_attempts": 21}, ["MaxAttempts is from 0 to 20"]),
        ({"exceptions": RETRY, "expire_after_minutes": 14401}, ["ExpireAfterMin is from 0 to 14,400"]),
        ({"exceptions": RETRY, "max_attempts": 1, "backoff_rate": -1.0}, ["BackoffRate is at least 0"]),
        ({"exceptions": RETRY, "max_attempts": 1, "backoff_rate": float("inf")}, ["BackoffRate is a finite number"]),
        (
            {"exceptions": RETRY, "max_attempts": "3", "interval_seconds": True},
            ["IntervalSeconds is an integer", "MaxAttempts is an integer"],
        ),
    ],
)
def test_retries_that_are_none(given: dict[str, Any], messages: list[str]) -> None:
    found = findings_of(lambda: Retry(**given))
    assert {finding.rule for finding in found} == {"SMG404"}
    assert [finding.message for finding in found] == messages


def test_an_unknown_exception_is_refused_at_once() -> None:
    finding = one_of(lambda: Retry(("Step.TROTTLING",), max_attempts=1))  # type: ignore[arg-type]  # that is the mistake
    assert "TROTTLING" in finding.message
    assert "Step.THROTTLING" in finding.message


# Environments ---------------------------------------------------------------------------------------------------

ENVIRONMENT = Environment(
    "prod",
    bucket="b",
    images={"xgboost": "x:1"},
    model_package_groups={"fraud": "fraud-prod"},
    place=Place(file="pyproject.toml", line=4),
)


def test_what_an_environment_gives() -> None:
    assert (ENVIRONMENT.uri(), ENVIRONMENT.uri("raw/x")) == ("s3://b", "s3://b/raw/x")
    assert ENVIRONMENT.image("xgboost") == "x:1"
    assert ENVIRONMENT.model_package_group("fraud") == "fraud-prod"


def test_what_an_environment_lacks() -> None:
    bucket = one_of(Environment("dev").uri)
    assert (bucket.rule, bucket.message) == ("SMG211", "the environment 'dev' has no bucket")
    image = one_of(lambda: ENVIRONMENT.image("xgbost"))
    assert (image.rule, image.place) == ("SMG212", Place(file="pyproject.toml", line=4))
    assert image.expected_at is not None
    assert (image.expected_at.file, image.expected_at.line) == (shown(__file__), line() - 3)
    assert (image.expected, image.nearest) == ("xgboost", "xgboost")
    group = one_of(lambda: ENVIRONMENT.model_package_group("x"))
    assert group.message == "the environment 'prod' has no model_package_groups.x"
    assert group.expected == "x in [tool.smgen.environments.prod.model_package_groups]"
    assert group.place == Place(file="pyproject.toml", line=4)
    assert group.fix == (
        'add x = "…" (name or ARN of the group) to [tool.smgen.environments.prod.model_package_groups] '
        "in pyproject.toml"
    )
