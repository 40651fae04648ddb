"""What is wrong with the arguments of a call of smgen, in words, where Python says only that it does not take them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Final, TypeVar, cast

from smgen.diagnostics import Finding, FindingsError, nearest_name
from smgen.runtime.misuse import shown
from smgen.runtime.places import user_place

F = TypeVar("F", bound=Callable[..., object])
C = TypeVar("C", bound=type)

#: What other libraries call an argument, where that is nothing like its name here.
_MEANT: Final[Mapping[str, Sequence[str]]] = {
    "after": ("depends_on", "DependsOn", "dependencies", "requires", "wait_for"),
    "cache": ("cache_config", "CacheConfig"),
    "retry": ("retry_policies", "RetryPolicies", "retries"),
    "default": ("default_value", "DefaultValue", "value"),
    "enum": ("enum_values", "EnumValues", "choices", "allowed"),
    "items": ("iterable", "values", "over", "inputs"),
    "max_concurrency": ("concurrency", "parallel", "max_parallel", "workers"),
    "of": ("type", "item_type"),
    "message": ("error_message", "ErrorMessage"),
    "exceptions": ("exception_types", "errors"),
    "max_attempts": ("attempts", "times"),
    "region": ("region_name",),
    "role": ("role_arn",),
    "on": ("sep", "separator", "delimiter", "with_"),
}
#: What is no argument here and has another place.
_ELSEWHERE: Final[Mapping[str, str]] = {
    "if_steps": "add the steps to the branch: gate = p.condition(…), then gate.then.add_step(…)",
    "else_steps": "add the steps to the branch: gate = p.condition(…), then gate.otherwise.add_step(…)",
    "conditions": 'give the conditions one after another: p.condition("Gate", a <= b)',
    "days": "write Cache.days(30)",
    "hours": "write Cache.hours(12)",
    "steps": "add the steps to the body: loop = p.for_each(…), then loop.body.add_step(…)",
}


def checked_call(written: str) -> Callable[[F], F]:
    """Makes a function or method report wrong arguments (SMG207) where Python raises a TypeError.

    ``written`` is how a person writes the call: ``p.add_step``. To a type checker the function stays what it is.
    """

    def decorate(function: F) -> F:
        signature = inspect.signature(function)

        @wraps(function)
        def checked(*args: object, **given: object) -> object:
            try:
                signature.bind(*args, **given)
            except TypeError:
                raise FindingsError(_findings(written, signature, args, given)) from None
            return function(*args, **given)

        # The wrapper takes and gives what the function does.
        return cast("F", checked)

    return decorate


def checked_class(written: str) -> Callable[[C], C]:
    """Makes a class report wrong arguments (SMG207) of its constructor, as :func:`checked_call` does."""

    def decorate(class_: C) -> C:
        initialise: Callable[..., None] = vars(class_)["__init__"]
        setattr(class_, "__init__", checked_call(written)(initialise))  # noqa: B010  # mypy refuses the plain form
        return class_

    return decorate


def _findings(
    written: str, signature: inspect.Signature, args: Sequence[object], given: Mapping[str, object]
) -> Iterator[Finding]:
    place = user_place()
    parameters = [parameter for name, parameter in signature.parameters.items() if name != "self"]
    by_name = [item.name for item in parameters if item.kind in (item.POSITIONAL_OR_KEYWORD, item.KEYWORD_ONLY)]
    by_place = [item.name for item in parameters if item.kind is item.POSITIONAL_OR_KEYWORD]
    places = args[1:] if "self" in signature.parameters else args
    filled = by_place[: len(places)]
    missing = [
        item.name
        for item in parameters
        if item.name in by_name and item.default is item.empty and item.name not in (*filled, *given)
    ]
    for name in given:
        if name in filled:
            message = f"{written} was given '{name}' twice, by position and by name"
            fix = f"leave out one of them; without a name it comes at position {filled.index(name) + 1}"
            yield Finding("SMG207", message, place, given=name, fix=fix)
        if name in by_name:
            continue
        nearest = next((meant for meant, others in _MEANT.items() if meant in by_name and name in others), None)
        nearest = nearest or (None if name in _ELSEWHERE else nearest_name(name, by_name))
        if nearest in missing:
            # One misspelt name is one mistake.
            missing.remove(nearest)
        yield Finding(
            "SMG207",
            f"{written} takes no '{name}'",
            place,
            given=name,
            expected=", ".join(by_name) or "nothing by name",
            nearest=nearest,
            fix=f"write {nearest}=…" if nearest else _ELSEWHERE.get(name, f"leave '{name}' out"),
        )
    if len(places) > len(by_place) and not any(item.kind is item.VAR_POSITIONAL for item in parameters):
        only = [name for name in by_name if name not in by_place]
        wanted = next((name for name in only if name not in given), None)
        taken = f"only {_listed(by_place)}" if by_place else "no argument"
        yield Finding(
            "SMG207",
            f"{written} takes {taken}{' by position' if only else ''}",
            place,
            given=shown(places[len(by_place)]),
            expected=", ".join(only) or None,
            fix=f"give it by its name, such as {wanted}=…" if wanted else "leave it out",
        )
    for name in missing:
        fix = f"give {name}=…" if name not in by_place else f"give '{name}': {written}({', '.join(by_place)}, …)"
        yield Finding("SMG207", f"{written} needs '{name}'", place, expected=", ".join(by_name), fix=fix)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
