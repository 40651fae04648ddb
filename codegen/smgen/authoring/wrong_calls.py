"""What is wrong with the arguments of a call of smgen, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from inspect import Signature
from typing import Final

from smgen.authoring.misuse import shown
from smgen.authoring.places import user_place
from smgen.diagnostics import Finding, nearest_name

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


def wrong_call(
    written: str, signature: Signature, args: Sequence[object], given: Mapping[str, object]
) -> Iterator[Finding]:
    """SMG207 for each argument that a call, as it is ``written`` (``p.add_step``), does not take or lacks."""
    return _Call(written, signature, args, given).findings()


class _Call:
    """A call of something, as it is ``written``, with arguments that it does not take."""

    def __init__(self, written: str, signature: Signature, args: Sequence[object], given: Mapping[str, object]) -> None:
        self.written = written
        self.args = args[1:] if "self" in signature.parameters else args
        self.given = given
        self.place = user_place()
        parameters = [parameter for name, parameter in signature.parameters.items() if name != "self"]
        self.by_place = [item.name for item in parameters if item.kind is item.POSITIONAL_OR_KEYWORD]
        self.by_name = [
            item.name for item in parameters if item.name in self.by_place or item.kind is item.KEYWORD_ONLY
        ]
        self.required = [item.name for item in parameters if item.name in self.by_name and item.default is item.empty]
        self.takes_more = any(item.kind is item.VAR_POSITIONAL for item in parameters)
        self.filled = self.by_place[: len(self.args)]
        #: What was probably meant by each name that is none of an argument.
        self.meant = {name: self.nearest(name) for name in given if name not in self.by_name}

    def nearest(self, name: str) -> str | None:
        known = next((meant for meant, others in _MEANT.items() if meant in self.by_name and name in others), None)
        return known or (None if name in _ELSEWHERE else nearest_name(name, self.by_name))

    def findings(self) -> Iterator[Finding]:
        yield from self.given_twice()
        yield from self.unknown()
        yield from self.too_many()
        yield from self.missing()

    def given_twice(self) -> Iterator[Finding]:
        for name in self.given:
            if name in self.filled:
                message = f"{self.written} was given '{name}' twice, by position and by name"
                at = self.filled.index(name) + 1
                fix = f"leave out one of them; without a name it comes at position {at}"
                yield Finding("SMG207", message, self.place, given=name, fix=fix)

    def unknown(self) -> Iterator[Finding]:
        for name, nearest in self.meant.items():
            yield Finding(
                "SMG207",
                f"{self.written} takes no '{name}'",
                self.place,
                given=name,
                expected=", ".join(self.by_name) or "nothing by name",
                nearest=nearest,
                fix=f"write {nearest}=…" if nearest else _ELSEWHERE.get(name, f"leave '{name}' out"),
            )

    def too_many(self) -> Iterator[Finding]:
        if len(self.args) <= len(self.by_place) or self.takes_more:
            return
        only = [name for name in self.by_name if name not in self.by_place]
        wanted = next((name for name in only if name not in self.given), None)
        taken = f"only {_listed(self.by_place)}" if self.by_place else "no argument"
        yield Finding(
            "SMG207",
            f"{self.written} takes {taken}{' by position' if only else ''}",
            self.place,
            given=shown(self.args[len(self.by_place)]),
            expected=", ".join(only) or None,
            fix=f"give it by its name, such as {wanted}=…" if wanted else "leave it out",
        )

    def missing(self) -> Iterator[Finding]:
        # One misspelt name is one mistake.
        there = {*self.filled, *self.given, *self.meant.values()}
        for name in self.required:
            if name not in there:
                whole = f"give '{name}': {self.written}({', '.join(self.by_place)}, …)"
                fix = whole if name in self.by_place else f"give {name}=…"
                message, expected = f"{self.written} needs '{name}'", ", ".join(self.by_name)
                yield Finding("SMG207", message, self.place, expected=expected, fix=fix)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
