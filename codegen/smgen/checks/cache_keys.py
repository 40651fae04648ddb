"""What decides whether a cached step is run again, and what in it is new in every execution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from smgen.aws import values_at
from smgen.checks.cache_and_retry import duration_problem
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex, index_definition
from smgen.checks.masking import shown_value
from smgen.definition import Definition, Step
from smgen.diagnostics import Finding
from smgen.documents import JsonObject, JsonValue, append_pointer, longer_trail, trail_pointer
from smgen.expressions import (
    ExecutionReference,
    Get,
    StepReference,
    Value,
    expressions_in,
    is_worked_out,
    target,
    value_at,
)

#: Execution variables that are others in every execution.
_NEW: Final = ("PipelineExecutionId", "PipelineExecutionArn", "StartDateTime", "CurrentDateTime")


@dataclass(frozen=True, slots=True)
class CacheKeyPart:
    """A member of a step that AWS documents as a part of its cache key, at its pointer."""

    name: str
    pointer: str
    value: Value


@dataclass(frozen=True, slots=True)
class Miss:
    """Something in a key that is another one in every execution: where, the path of the reference, and why."""

    part: CacheKeyPart
    pointer: str
    path: str
    why: str


def is_cached(step: Step) -> bool:
    """Whether caching is switched on for a step of a kind that caches."""
    return step.kind.caches and value_at(step.own, "CacheConfig", "Enabled") is True


def key_parts(step: Step) -> Iterator[CacheKeyPart]:
    """What of a step decides whether an earlier run of it is taken, as AWS documents it for its kind."""
    key = step.kind.cache_key
    if key is None:
        return
    for path in key.arguments:
        for found in values_at(step.own["Arguments"], path):
            name = ".".join(map(str, found.parts))
            yield CacheKeyPart(name, append_pointer(step.pointer, "Arguments", *found.parts), found.value)
    for field in key.fields:
        if step.own.get(field) is not None:
            yield CacheKeyPart(field, append_pointer(step.pointer, field), step.own[field])


def misses(index: DefinitionIndex, step: Step) -> Iterator[Miss]:
    """What makes every execution run a step again, whatever was run before."""
    for part in key_parts(step):
        for trail, expression in expressions_in(part.value, part.pointer):
            to = target(expression) if isinstance(expression, Get) else None
            why = None
            if isinstance(to, ExecutionReference) and to.variable in _NEW:
                why = "is another one in every execution"
            elif isinstance(to, StepReference):
                maker = index.meant_step(to.step, step)
                if maker is not None and _names_itself_anew(maker, to.path):
                    why = f"is another one in every execution: {maker.name} makes a new {maker.type.lower()} each time"
            if why is not None and isinstance(expression, Get):
                yield Miss(part, trail_pointer(longer_trail(trail, "Get")), expression.path, why)


def _names_itself_anew(step: Step, path: str) -> bool:
    """Whether a property is the name of what a step makes, which is made in every execution and never cached."""
    kind = step.kind
    return not kind.caches and kind.job_name is not None and any(usual.path == path for usual in kind.usual)


@dataclass(frozen=True, slots=True)
class CacheOfStep:
    """What caching means for a step: its key by the names of members, and what in it is new in every execution.

    ``why`` says of a step that is not cached why. Of each miss there are the member of the key, the path of the
    reference and the reason. ``expires`` is the ``ExpireAfter`` where it is a text.
    """

    step: str
    kind: str
    is_cached: bool
    why: str
    expires: str | None
    key: tuple[str, ...]
    misses: tuple[tuple[str, str, str], ...]

    def to_json(self) -> JsonObject:
        """The same as JSON."""
        misses: list[JsonValue] = [{"member": part, "reference": path, "why": why} for part, path, why in self.misses]
        return {
            "step": self.step,
            "kind": self.kind,
            "cached": self.is_cached,
            "why": self.why or None,
            "expires": self.expires,
            "key": [*self.key],
            "misses": misses,
        }


def caches_of(definition: Definition) -> Iterator[CacheOfStep]:
    """What caching means for each step of a definition, in its order."""
    index = index_definition(definition)
    for step in index.steps:
        expires = value_at(step.own, "CacheConfig", "ExpireAfter")
        refused = _refused(expires) if is_cached(step) else None
        on = is_cached(step) and refused is None
        yield CacheOfStep(
            step.name,
            step.type,
            on,
            "" if on else refused or _why_not(step),
            expires if isinstance(expires, str) else None,
            tuple(dict.fromkeys(part.name for part in key_parts(step))) if on else (),
            tuple((miss.part.name, miss.path, miss.why) for miss in misses(index, step)) if on else (),
        )


def _refused(expires: Value) -> str | None:
    """Why AWS refuses what is said of how long a step stays cached; None where it does not, or where nobody knows."""
    if expires is None:
        return "refused by AWS: CacheConfig does not say for how long"
    problem = None if is_worked_out(expires) else duration_problem(expires)
    if problem is None:
        return None
    given = "" if isinstance(expires, str) else f", and not {shown_value('', expires)}"
    return f"refused by AWS: {problem}{given}"


def _why_not(step: Step) -> str:
    if not step.kind.type:
        return "of a kind that smgen does not know"
    return "not cached" if step.kind.caches else f"never cached: {step.kind.a_step} has nothing to cache"


def check_cache_keys(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG419 for a cached step whose key is another one in every execution; one finding for each step."""
    for step in index.steps:
        if not is_cached(step):
            continue
        found = [*misses(index, step)]
        if found:
            first = found[0]
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            yield Finding(
                "SMG419",
                f"{step.name} is cached and never found again: {first.path} in {first.part.name} {first.why}{more}",
                index.place(first.pointer, step),
                given=first.path,
                expected="values that change only with what is to be done (developer guide: Caching pipeline steps)",
                expected_at=index.place(append_pointer(step.pointer, "CacheConfig"), step, key=True),
                fix="give the step what does not change, or switch its caching off; see smgen explain cache",
            )
