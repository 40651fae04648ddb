"""How SageMaker treats a step as a whole: caching and retries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from smgen.authoring.calls import checked_class
from smgen.authoring.misuse import short, shown, unchecked
from smgen.authoring.places import user_place
from smgen.aws import RetryException, cache_duration_problem, retry_policy_problems
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonObject


@checked_class("Cache")
@dataclass(frozen=True, slots=True)
class Cache:
    """Reuse of an earlier result of a step with the same arguments (``CacheConfig``).

    ``expire_after`` is an ISO 8601 duration such as ``P30D`` or ``PT12H``; AWS takes no caching without one (SMG403).
    Raises FindingsError (SMG403) for anything else.
    """

    expire_after: str | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        """Refuses a duration that SageMaker would not understand."""
        given = unchecked(self.expire_after)
        problem = None
        if given is not None:
            problem = cache_duration_problem(given) if isinstance(given, str) else "a duration is a text such as P30D"
        if problem is not None:
            fix = "write Cache.days(30), Cache.hours(12) or Cache('P30D')"
            raise FindingsError([Finding("SMG403", problem, user_place(), given=short(given), fix=fix)])
        enabled = unchecked(self.enabled)
        if not isinstance(enabled, bool):
            message = "a cache is enabled or not, which is decided now"
            raise FindingsError(
                [Finding("SMG403", message, user_place(), given=shown(enabled), expected="True or False")]
            )

    @classmethod
    def days(cls, count: int) -> Cache:
        """Results of at most ``count`` days ago (at least 1)."""
        return cls(f"P{_at_least_one(count, 'days')}D")

    @classmethod
    def hours(cls, count: int) -> Cache:
        """Results of at most ``count`` hours ago (at least 1)."""
        return cls(f"PT{_at_least_one(count, 'hours')}H")

    def document(self) -> JsonObject:
        """The ``CacheConfig`` of a step document."""
        if self.expire_after is None:
            return {"Enabled": self.enabled}
        return {"Enabled": self.enabled, "ExpireAfter": self.expire_after}


@checked_class("Retry")
@dataclass(frozen=True, slots=True)
class Retry:
    """What SageMaker tries again by itself (one item of ``RetryPolicies``).

    Exactly one of ``max_attempts`` (1 to 20) and ``expire_after_minutes`` (1 to 14,400). The n-th wait is
    ``interval_seconds * backoff_rate ** n``. Raises FindingsError (SMG404), all wrong values together; whether the
    step's kind retries on these exceptions is checked when the pipeline is built.
    """

    exceptions: tuple[RetryException, ...]
    max_attempts: int | None = None
    expire_after_minutes: int | None = None
    interval_seconds: int = 1
    backoff_rate: float = 2.0

    def __post_init__(self) -> None:
        """Refuses what the service would."""
        problems: list[str] = []
        exceptions = unchecked(self.exceptions)
        if isinstance(exceptions, str) or not isinstance(exceptions, Sequence) or not exceptions:
            problems.append("a retry names at least one exception, in a tuple")
        else:
            # What depends on the step's kind is checked when the pipeline is built; this kind retries on everything.
            problems += [words for _, words in retry_policy_problems("", self._policy())]
        if isinstance(self.backoff_rate, float) and not math.isfinite(self.backoff_rate):
            problems.append("BackoffRate is a finite number")
        if (self.max_attempts is None) == (self.expire_after_minutes is None):
            problems.append("a retry has either max_attempts or expire_after_minutes")
        if 0 in (self.max_attempts, self.expire_after_minutes):
            problems.append("a retry tries at least once; leave it out to try never")
        if problems:
            place = user_place()
            raise FindingsError(
                Finding("SMG404", problem, place, fix="write Retry(('SageMaker.CAPACITY_ERROR',), max_attempts=3)")
                for problem in dict.fromkeys(problems)
            )

    def document(self) -> JsonObject:
        """One item of ``RetryPolicies`` of a step document."""
        return self._policy()

    def _policy(self) -> JsonObject:
        item: JsonObject = {"BackoffRate": self.backoff_rate, "IntervalSeconds": self.interval_seconds}
        if self.max_attempts is not None:
            item["MaxAttempts"] = self.max_attempts
        if self.expire_after_minutes is not None:
            item["ExpireAfterMin"] = self.expire_after_minutes
        item["ExceptionType"] = list(self.exceptions)
        return item


def _at_least_one(count: int, unit: str) -> int:
    given = unchecked(count)
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        message = f"a cache keeps a result for one or more {unit}"
        expected, fix = "a whole number of at least 1", f"write Cache.{unit}(1), or leave out cache= to keep none"
        finding = Finding("SMG403", message, user_place(), given=short(given), expected=expected, fix=fix)
        raise FindingsError([finding])
    return int(given)
