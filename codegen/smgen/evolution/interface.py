"""The interface of a pipeline: what schedules, dashboards and other repositories call by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from smgen.checks import is_of_parameters, shown_location, symbolic_text, writes_of
from smgen.definition import Definition, Parameter, Step
from smgen.expressions import value_at

T = TypeVar("T")

_GROUP: Final = "ModelPackageGroupName"


@dataclass(frozen=True, slots=True)
class InterfaceStep:
    """A step as others know it: its name and type. One that ``is_repeated`` runs in a loop, under numbered names."""

    name: str
    type: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class InterfaceText:
    """A location or a name that others read: as ``text``, with parameters in braces, and the first step that says it.

    ``what`` names it among what that step writes.
    """

    text: str
    step: str
    what: str


@dataclass(frozen=True, slots=True)
class PipelineInterface:
    """What is called from outside: everything by its name, in the order of the definition.

    ``locations`` are those that steps write to and that are known before an execution: literal ones, and those that
    are made of parameters alone. ``groups`` are the model package groups that models are registered in. A group that is
    given by its ARN has the name in it.
    """

    parameters: Mapping[str, Parameter]
    steps: Mapping[str, InterfaceStep]
    locations: Mapping[str, InterfaceText]
    groups: Mapping[str, InterfaceText]


def interface_of(definition: Definition) -> PipelineInterface:
    """The interface of a compiled pipeline; of names that are there twice, the first."""
    steps = definition.all_steps()
    return PipelineInterface(
        _firsts((item.name, item) for item in definition.parameters),
        _firsts((step.name, _as_known(step)) for step in steps),
        _firsts((found.text, found) for step in steps for found in _locations(step)),
        _firsts((found.text, found) for step in steps for found in _groups(step)),
    )


def _as_known(step: Step) -> InterfaceStep:
    return InterfaceStep(step.name, step.type, any(scope.branch == "body" for scope in step.scope))


def _locations(step: Step) -> Iterator[InterfaceText]:
    for write in writes_of(step):
        if is_of_parameters(write.location):
            yield InterfaceText(shown_location(write.location), step.name, write.what)


def _groups(step: Step) -> Iterator[InterfaceText]:
    # A function or a queue may be handed a value of any name.
    if step.kind.takes_named_values:
        return
    group = symbolic_text(value_at(step.own["Arguments"], _GROUP))
    if group is not None and is_of_parameters(group):
        yield InterfaceText(shown_location(group).rpartition("/")[2], step.name, "model package group")


def _firsts(found: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    """What is found by its name, of two of one name the first."""
    firsts: dict[str, T] = {}
    for name, item in found:
        firsts.setdefault(name, item)
    return firsts
