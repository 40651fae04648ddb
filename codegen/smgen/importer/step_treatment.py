"""What a step says of its treatment, as code can write it: caching, retries, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from smgen.aws import (
    FAIL,
    STEP_KINDS,
    cache_duration_problem,
    description_problem,
    display_name_problem,
    retry_policy_problems,
    step_name_problem,
)
from smgen.definition import Step
from smgen.documents import JsonObject, append_pointer, list_at
from smgen.importer.imported_pipeline import Waiting

#: Outcomes that a step may wait for, beside that the other one completed.
_OUTCOMES: Final = ("Failed", "Stopped", "Any")


def waited(step: Step) -> tuple[Waiting, ...]:
    """What a step waits for; that another one completed is said without an outcome."""
    outcomes = ((item.step, item.trigger) for item in step.depends_on)
    return tuple(Waiting(name, None if trigger == "Completed" else trigger) for name, trigger in outcomes)


def settings_problems(step: Step, steps: Mapping[str, Step]) -> Iterator[tuple[str, str]]:
    """What of the settings of a step no code can say: places, and words for each."""
    yield from _titles(step)
    yield from _dependencies(step, steps)
    yield from () if step.cache is None else _cache(step, step.cache)
    for number, policy in enumerate(step.retry):
        for member, words in _retries(step, policy):
            yield append_pointer(step.pointer, "RetryPolicies", number, *member), words


def _cache(step: Step, cache: JsonObject) -> Iterator[tuple[str, str]]:
    at, expire = append_pointer(step.pointer, "CacheConfig"), cache.get("ExpireAfter")
    if step.type in STEP_KINDS and not step.kind.caches:
        yield at, f"a {step.type} step has no cache"
    elif not isinstance(cache.get("Enabled"), bool) or not {"Enabled", "ExpireAfter"}.issuperset(cache):
        yield at, "a cache says whether it is enabled, and when results are too old"
    elif expire is not None:
        problem = cache_duration_problem(expire) if isinstance(expire, str) else "a duration is a text such as P30D"
        if problem is not None:
            yield append_pointer(at, "ExpireAfter"), problem


def _retries(step: Step, policy: JsonObject) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with a retry policy: the member, none for the whole, and words."""
    if step.type in STEP_KINDS and not step.kind.retries:
        yield (), f"a {step.type} step has no retries"
        return
    yield from (((member,), words) for member, words in retry_policy_problems(step.type, policy))
    if not list_at(policy, "ExceptionType"):
        yield ("ExceptionType",), "the exceptions of a retry policy are a list"
    ends = [policy[member] for member in ("MaxAttempts", "ExpireAfterMin") if policy.get(member) is not None]
    if len(ends) > 1 or 0 in ends:
        yield (), "a retry policy has MaxAttempts or ExpireAfterMin, from 1"
    for member, value in policy.items():
        if isinstance(value, dict) or (isinstance(value, float) and member != "BackoffRate"):
            yield (member,), f"{member} is a plain number, without a fraction"


def _titles(step: Step) -> Iterator[tuple[str, str]]:
    problem = step_name_problem(step.name)
    if problem is not None:
        yield append_pointer(step.pointer, "Name"), problem
    for member, problem_of in (("DisplayName", display_name_problem), ("Description", description_problem)):
        text = step.fields.get(member)
        words = problem_of(text) if isinstance(text, str) else None if text is None else f"{member} is a text"
        if words is not None:
            yield append_pointer(step.pointer, member), words


def _dependencies(step: Step, steps: Mapping[str, Step]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str | None] = {}
    around = {scope.step for scope in step.scope}
    for item in step.depends_on:
        other = steps.get(item.step)
        if other is None:
            yield item.pointer, f"there is no step '{item.step}' to wait for"
        elif other.kind is FAIL:
            yield item.pointer, f"'{item.step}' ends the execution, and nothing runs after it"
        elif item.step in around or item.step == step.name:
            yield item.pointer, f"the step waits for '{item.step}', in which it stands"
        elif other.scope != step.scope[: len(other.scope)]:
            yield item.pointer, f"'{item.step}' stands in a branch or loop that this step is not in"
        elif item.trigger not in (None, "Completed", *_OUTCOMES):
            yield item.pointer, f"there is no outcome {item.trigger!r} of a step"
        elif item.step in seen:
            yield item.pointer, f"the step waits for '{item.step}' twice"
        seen[item.step] = item.trigger
