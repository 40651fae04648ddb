"""ARNs and queues of another account or region than the one that a pipeline runs in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smgen.checks.home import Home
from smgen.checks.index import MOST_NAMED, DefinitionIndex
from smgen.definition import Step
from smgen.diagnostics import Finding, first_of
from smgen.documents import Trail, append_pointer, longer_trail, trail_pointer
from smgen.expressions import Value, as_expression, expressions_in, texts_of, walk_values

if TYPE_CHECKING:
    from smgen.checks.context import CheckContext

#: An ARN of any partition up to its account, and the address of a queue; "aws" as an account is AWS itself.
_ARN: Final = re.compile(r"\barn:aws[a-z-]*:[a-z0-9-]+:(?P<region>[a-z0-9-]*):(?P<account>[0-9]{12}|):[^\s\"']*")
_QUEUE: Final = re.compile(
    r"\bhttps://sqs\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<account>[0-9]{12})/[^\s\"']*"
)


@dataclass(slots=True)
class _Stranger:
    """A name of something of elsewhere: where it stands first, and the steps that name it."""

    pointer: str
    step: Step | None
    where: str
    here: str
    account: str | None
    steps: dict[str, None]


def check_accounts(index: DefinitionIndex, context: CheckContext) -> Iterator[Finding]:
    """SMG426, once for each name of what lies in another account or region; nothing where those are not known."""
    home = context.home
    if home is None or (home.account is None and home.region is None):
        return
    found: dict[str, _Stranger] = {}
    for pointer, text, step in _texts(index):
        for pattern in (_ARN, _QUEUE):
            for name in pattern.finditer(text):
                where = _elsewhere(home, name)
                if where is not None and name[0] not in home.told:
                    stranger = found.setdefault(name[0], _Stranger(pointer, step, *where, {}))
                    if step is not None:
                        stranger.steps[step.name] = None
    for text, stranger in found.items():
        yield _finding(index, text, stranger)


def _texts(index: DefinitionIndex) -> Iterator[tuple[str, str, Step | None]]:
    """Every text with its pointer: the defaults of parameters, and what steps hold, in expressions too."""
    for parameter in index.definition.parameters:
        if isinstance(parameter.default, str):
            yield append_pointer(parameter.pointer, "DefaultValue"), parameter.default, None
    for step in index.steps:
        for key, own in step.own.items():
            yield from ((trail_pointer(at), text, step) for at, text in _texts_in((step.pointer, key), own))


def _texts_in(at: Trail, start: Value) -> Iterator[tuple[Trail, str]]:
    for here, value in walk_values(start, at):
        if isinstance(value, str):
            yield here, value
        elif as_expression(value) is not None:
            for inside, expression in expressions_in(value, here):
                yield from ((longer_trail(inside, *way), text) for way, text in texts_of(expression))


def _elsewhere(home: Home, name: re.Match[str]) -> tuple[str, str, str | None] | None:
    """Where a name leads, what would be here, and the other account; None where that is here, or meant."""
    account, region = name["account"], name["region"]
    if account and account in home.shared_accounts:
        return None
    if account and home.account is not None and account != home.account:
        return f"account {account}", f"account {home.account}", account
    if region and home.region is not None and region != home.region:
        return f"the region {region}", home.region, None
    return None


def _finding(index: DefinitionIndex, text: str, stranger: _Stranger) -> Finding:
    names = [*stranger.steps]
    also = f", and so {'does' if len(names) == 2 else 'do'} {first_of(names[1:], MOST_NAMED)}" if names[1:] else ""
    who = names[0] if names and stranger.step is not None else "the default of a parameter"
    meant = f", or add {stranger.account} to shared_accounts of the environment" if stranger.account else ""
    return Finding(
        "SMG426",
        f"{who} names what lies in {stranger.where}, and the pipeline runs in {stranger.here}{also}",
        index.place(stranger.pointer, stranger.step),
        given=text,
        expected=f"something in {stranger.here}",
        fix=f"name what lies in {stranger.here}{meant}",
    )
