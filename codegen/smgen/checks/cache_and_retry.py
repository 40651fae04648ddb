"""SMG403 and SMG404: the settings of caching and of retries, and kinds of steps that do neither."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.aws import STEP_KINDS, StepKind, cache_duration_problem, retry_policy_problems
from smgen.aws.limits import RETRY_EXCEPTIONS
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import has_placeholder
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.checks.proposals import Proposals
from smgen.definition import Step
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject, JsonValue, append_pointer
from smgen.expressions import Members, Value, is_worked_out, members_at

_CACHE_MEMBERS: Final = ("Enabled", "ExpireAfter")
_RETRY_MEMBERS: Final = ("BackoffRate", "IntervalSeconds", "MaxAttempts", "ExpireAfterMin", "ExceptionType")
_LONGEST_DURATION: Final = 100


def cache_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG403: `CacheConfig` of steps whose kind smgen knows."""
    proposals = Proposals()
    for step in index.steps:
        row = STEP_KINDS.get(step.type)
        if row is None or not step.cache:
            continue
        if row.caches:
            yield from _cache(index, step, members_at(step.own, "CacheConfig"), proposals)
        elif step.cache.get("Enabled") is not False:
            # Switched off it asks for nothing.
            yield Finding(
                "SMG403",
                f'step "{step.name}": {step.kind.a_step} has nothing to cache',
                _place(index, step, "CacheConfig", key=True),
                given="CacheConfig",
                expected=f"a kind that caches: {', '.join(kind.type for kind in STEP_KINDS.values() if kind.caches)}",
                fix="remove CacheConfig",
            )


def _cache(index: DefinitionIndex, step: Step, cache: Members, proposals: Proposals) -> Iterator[Finding]:
    for member, value in cache.items():
        at = _place(index, step, "CacheConfig", member)
        if member not in _CACHE_MEMBERS:
            nearest = proposals.nearest(member, _CACHE_MEMBERS)
            yield Finding(
                "SMG403",
                f'step "{step.name}": CacheConfig has no member {member!r}',
                _place(index, step, "CacheConfig", member, key=True),
                given=member,
                expected=", ".join(_CACHE_MEMBERS),
                nearest=nearest,
                fix=f"write {nearest}" if nearest else f"remove {member!r}",
            )
        elif value is None or is_worked_out(value):
            continue
        elif member == "Enabled" and not isinstance(value, bool):
            yield Finding(
                "SMG403",
                f'step "{step.name}": Enabled of CacheConfig is true or false',
                at,
                given=shown_value("", value),
                expected="true or false",
                fix="write true or false, without quotes",
            )
        elif member == "ExpireAfter":
            problem = duration_problem(value)
            if problem is not None:
                yield Finding(
                    "SMG403",
                    f'step "{step.name}": {problem}',
                    at,
                    given=shown_value("", value),
                    expected="an ISO 8601 duration such as P30D, PT12H or P4DT12H",
                    fix="write the age after which the step runs again, such as P30D",
                )
    # A misspelt ExpireAfter is one finding, not two.
    if cache.get("Enabled") is True and cache.get("ExpireAfter") is None and not {*cache} - {*_CACHE_MEMBERS}:
        yield Finding(
            "SMG403",
            f'step "{step.name}": CacheConfig is enabled and does not say for how long',
            _place(index, step, "CacheConfig"),
            given="Enabled without ExpireAfter",
            expected="ExpireAfter as well (developer guide: Caching pipeline steps)",
            fix="add the age after which the step runs again, such as P30D",
        )
    if "Enabled" not in cache:
        yield Finding(
            "SMG403",
            f'step "{step.name}": CacheConfig does not say whether it is enabled',
            _place(index, step, "CacheConfig"),
            expected="Enabled: true or false",
            fix="add Enabled",
        )


def duration_problem(value: Value) -> str | None:
    """What is wrong with a plain value of `ExpireAfter`; None for a duration, and for another tool's placeholder."""
    if not isinstance(value, str):
        return "ExpireAfter is a text"
    if has_placeholder(value):
        return None
    if len(value) > _LONGEST_DURATION:
        return "ExpireAfter is no ISO 8601 duration such as P30D, PT12H or P4DT12H"
    return cache_duration_problem(value)


def retry_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG404: `RetryPolicies` of steps whose kind smgen knows."""
    proposals = Proposals()
    for step in index.steps:
        row = STEP_KINDS.get(step.type)
        if row is None or not step.retry:
            continue
        if row.retries:
            yield from _policies(index, step, row, proposals)
        else:
            yield Finding(
                "SMG404",
                f'step "{step.name}": {step.kind.a_step} is never retried',
                _place(index, step, "RetryPolicies", key=True),
                given="RetryPolicies",
                expected=f"a kind that retries: {', '.join(kind.type for kind in STEP_KINDS.values() if kind.retries)}",
                fix="remove RetryPolicies",
            )


def _policies(index: DefinitionIndex, step: Step, row: StepKind, proposals: Proposals) -> Iterator[Finding]:
    for number, policy in enumerate(step.retry):
        # A null member counts as absent, as everywhere in a definition.
        given: JsonObject = {member: value for member, value in policy.items() if value is not None}
        strange = _strange_exceptions(given.get("ExceptionType"))
        for member, words in retry_policy_problems(row.type, given):
            unknown = member in given and member not in _RETRY_MEMBERS
            nearest = proposals.nearest(member, _RETRY_MEMBERS) if unknown else None
            shown = shown_value("", given[member]) if member in given and not unknown else None
            if member == "ExceptionType" and "no exception type" in words and strange:
                name = strange.pop(0)
                nearest, shown = proposals.nearest(name, RETRY_EXCEPTIONS), shown_value("", name)
            yield Finding(
                "SMG404",
                f'step "{step.name}": {words}',
                _place(index, step, "RetryPolicies", number, member, key=unknown)
                if member in given
                else _place(index, step, "RetryPolicies", number),
                given=shown,
                expected=", ".join(_RETRY_MEMBERS) if unknown else None,
                nearest=nearest,
                fix=_retry_fix(member, given, nearest, unknown),
            )


def _strange_exceptions(value: JsonValue) -> list[str]:
    """The names that are no exception types, in the order in which they are reported."""
    names = value if isinstance(value, list) else [value]
    return [name if isinstance(name, str) else "" for name in names if name not in RETRY_EXCEPTIONS]


def _retry_fix(member: str, policy: JsonObject, nearest: str | None, unknown: bool) -> str:
    if unknown:
        return f"write {nearest}" if nearest else f"remove {member!r}"
    if member not in policy:
        return f"add {member}"
    if member == "ExpireAfterMin" and "MaxAttempts" in policy:
        return "keep one of MaxAttempts and ExpireAfterMin"
    return f"write {nearest}" if nearest else f"change {member}"


def _place(index: DefinitionIndex, step: Step, *parts: str | int, key: bool = False) -> Place:
    return index.definition.place(append_pointer(step.pointer, *parts), key=key, step=step.name)
