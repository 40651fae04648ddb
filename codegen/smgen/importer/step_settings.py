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
from smgen.documents import append_pointer
from smgen.importer.model import Waiting

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
    at, row = append_pointer(step.pointer, "CacheConfig"), STEP_KINDS.get(step.type)
    if step.cache is not None:
        enabled, expire = step.cache.get("Enabled"), step.cache.get("ExpireAfter")
        if row is not None and not row.caches:
            yield at, f"a {step.type} step has no cache"
        elif not isinstance(enabled, bool) or not {"Enabled", "ExpireAfter"}.issuperset(step.cache):
            yield at, "a cache says whether it is enabled, and when results are too old"
        elif expire is not None:
            problem = cache_duration_problem(expire) if isinstance(expire, str) else "a duration is a text such as P30D"
            if problem is not None:
                yield append_pointer(at, "ExpireAfter"), problem
    for number, policy in enumerate(step.retry):
        here = append_pointer(step.pointer, "RetryPolicies", number)
        if row is not None and not row.retries:
            yield here, f"a {step.type} step has no retries"
            continue
        for member, words in retry_policy_problems(step.type, policy):
            yield append_pointer(here, member), words
        listed = policy.get("ExceptionType")
        if not isinstance(listed, list) or not listed:
            yield append_pointer(here, "ExceptionType"), "the exceptions of a retry policy are a list"
        ends = [policy[member] for member in ("MaxAttempts", "ExpireAfterMin") if policy.get(member) is not None]
        if len(ends) > 1 or 0 in ends:
            yield here, "a retry policy has MaxAttempts or ExpireAfterMin, from 1"
        for member, value in policy.items():
            if isinstance(value, dict) or (isinstance(value, float) and member != "BackoffRate"):
                yield append_pointer(here, member), f"{member} is a plain number, without a fraction"


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
