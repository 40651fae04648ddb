"""SMG420: secrets that stand in a definition in clear text, where everybody who may read the pipeline can read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from smgen.aws import STEP_KINDS
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import masked
from smgen.checks.secret_signs import secret_form, secret_value
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import Trail, append_pointer, longer_trail, trail_pointer
from smgen.expressions import (
    Members,
    Value,
    as_expression,
    elements_at,
    expressions_in,
    looks_like_expression,
    members_at,
    texts_of,
)

#: Members of requests whose keys are chosen by the user: there a name says what the value is.
_FREE_MAPS: Final = frozenset(
    {"Environment", "HyperParameters", "StaticHyperParameters", "RuleParameters", "CustomerMetadataProperties"}
)
_COMMAND_LINES: Final = frozenset({"ContainerArguments", "ContainerEntrypoint", "Args", "entryPointArguments"})
_NAMED_VALUES: Final = "pipelines.NamedValues"

_FIX: Final = "keep it in AWS Secrets Manager, give the step its name, and read it where the step runs"


def secret_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """Secrets by name in environments, hyperparameters, arguments and defaults, and by form in every text.

    Expressions, secrets that are only referred to (ARNs, `{{resolve:…}}`), templates and empty texts are none. Values
    are shown by their first characters and their length.
    """
    for parameter in index.definition.parameters:
        at = append_pointer(parameter.pointer, "DefaultValue")
        default = parameter.default
        if isinstance(default, str):
            found = _secret(parameter.name, default)
            if found is not None:
                yield Finding(
                    "SMG420",
                    f'the default of parameter "{parameter.name}" is {found} in clear text',
                    index.definition.place(at),
                    given=masked(default),
                    expected="a parameter without a default, or the name of a secret",
                    fix=_FIX,
                )
    for step in index.steps:
        yield from _SecretSearch(index, step).step_findings()


def _secret(name: str, text: str) -> str | None:
    """What a text under a name is, if it is a secret."""
    if secret_value(name, text):
        return secret_form(text) or "a secret, by its name,"
    return secret_form(text)


@dataclass(frozen=True, slots=True)
class _SecretSpot:
    """A value on the way: ``name`` is the name it stands under if users choose names there, else None."""

    value: Value
    at: Trail
    member: str
    name: str | None
    free: bool


@dataclass(frozen=True, slots=True)
class _SecretSearch:
    index: DefinitionIndex
    step: Step

    def step_findings(self) -> Iterator[Finding]:
        step, row = self.step, STEP_KINDS.get(self.step.type)
        free = row is not None and row.arguments == _NAMED_VALUES
        at = append_pointer(step.pointer, "Arguments")
        top = [
            _SecretSpot(value, (at, name), name, name if free else None, free)
            for name, value in members_at(step.own, "Arguments").items()
        ]
        top += [_SecretSpot(step.own[name], (step.pointer, name), name, None, False) for name in step.fields]
        todo = top[::-1]
        while todo:
            spot = todo.pop()
            if isinstance(spot.value, str):
                found = secret_form(spot.value) if spot.name is None else _secret(spot.name, spot.value)
                if found is not None:
                    yield self.finding(trail_pointer(spot.at), spot.name or spot.member, found, spot.value)
            elif isinstance(spot.value, dict):
                todo.extend(reversed(self.members(spot, spot.value)))
            elif as_expression(spot.value) is not None:
                yield from self.inside(spot)
            else:
                items = elements_at(spot.value)
                if spot.member in _COMMAND_LINES:
                    yield from self.command_line(spot, items)
                todo.extend(
                    _SecretSpot(items[number], (spot.at, number), spot.member, None, spot.free)
                    for number in reversed(range(len(items)))
                )

    def inside(self, spot: _SecretSpot) -> Iterator[Finding]:
        """Secrets by their form in the texts of an expression."""
        for trail, expression in expressions_in(spot.value, spot.at):
            for way, text in texts_of(expression):
                found = secret_form(text)
                if found is not None:
                    yield self.finding(trail_pointer(longer_trail(trail, *way)), str(way[1]), found, text)

    @staticmethod
    def members(spot: _SecretSpot, value: Members) -> list[_SecretSpot]:
        free = (spot.free or spot.member in _FREE_MAPS) and not looks_like_expression(value)
        return [
            _SecretSpot(item, (spot.at, name), name, name if free else None, free)
            for name, item in value.items()
            if not isinstance(item, (int, float))
        ]

    def command_line(self, spot: _SecretSpot, items: list[Value]) -> Iterator[Finding]:
        """`--password VALUE` and `--password=VALUE`; what has the form of a secret is found without its name."""
        for number, item in enumerate(items):
            if not isinstance(item, str) or not item.startswith("-"):
                continue
            option, equals, value = item.partition("=")
            name, at = option.lstrip("-"), number
            if not equals:
                following = items[number + 1] if number + 1 < len(items) else None
                if not isinstance(following, str) or following.startswith("-"):
                    continue
                value, at = following, number + 1
            if secret_value(name, value) and secret_form(value) is None:
                yield self.finding(trail_pointer((spot.at, at)), option, "a secret, by its name,", value)

    def finding(self, pointer: str, name: str, what: str, value: str) -> Finding:
        return Finding(
            "SMG420",
            f'step "{self.step.name}": {name} is {what} in clear text',
            self.index.definition.place(pointer, step=self.step.name),
            given=masked(value),
            expected="the name or ARN of a secret that the step reads itself",
            fix=_FIX,
        )
