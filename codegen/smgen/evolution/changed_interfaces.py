"""What breaks for those who call a pipeline when its interface changes from one state to another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from smgen.definition import Parameter, shown_value
from smgen.diagnostics import Finding, Place, first_of, nearest_name
from smgen.documents import JsonValue, canonical_json
from smgen.evolution.change_kinds import Level
from smgen.evolution.interface import InterfaceStep, InterfaceText, PipelineInterface

_COMPATIBLE: Final = ("SMG663",)

_MOST_LISTED: Final = 12
"""How many names a finding lists."""


def interface_level(rule: str) -> Level:
    """How far a change of an interface reaches, by the rule of its finding.

    Modules of users are not hit by one, and no step runs again for it: who calls the pipeline is, when it runs.
    """
    return Level.COMPATIBLE if rule in _COMPATIBLE else Level.RUN


def pipeline_gone(name: str, added: Collection[str]) -> Finding:
    """SMG651 for a pipeline that is no longer there; ``added`` are those that were not there before."""
    return Finding(
        "SMG651",
        f"the pipeline '{name}' is gone: who starts it, or reads its executions, finds what was deployed last",
        given=_listed(added) or "no new pipeline",
        expected=name,
        nearest=nearest_name(name, added),
        fix="keep the name, or change all that starts it first",
    )


def environment_gone(pipeline: str, environment: str, left: Collection[str]) -> Finding:
    """SMG651 for a pipeline that no longer goes to an environment; ``left`` are those that it goes to."""
    return Finding(
        "SMG651",
        f"the pipeline '{pipeline}' goes to '{environment}' no more: who starts it there finds what was deployed last",
        given=_listed(left) or "no environment",
        expected=environment,
        nearest=nearest_name(environment, left),
        fix="let it go there, or change all that starts it there first",
    )


def interface_changes(before: PipelineInterface, after: PipelineInterface) -> tuple[Finding, ...]:
    """What those who call the pipeline as it was have to know of it as it is now, without files and lines.

    In findings ``expected`` is what was there before, and ``given`` what is there now. None for two interfaces that
    are the same; what nobody can have called before, such as a new step, is no finding.
    """
    return (
        *_parameters(before.parameters, after.parameters),
        *_steps(before.steps, after.steps),
        *_locations(before.locations, after.locations),
        *_groups(before.groups, after.groups),
    )


def _parameters(before: Mapping[str, Parameter], after: Mapping[str, Parameter]) -> Iterator[Finding]:
    for name, old in before.items():
        new = after.get(name)
        if new is not None:
            yield from _parameter(old, new)
            continue
        added = [other for other in after if other not in before]
        yield Finding(
            "SMG652",
            f"the parameter '{name}' is gone: a start that gives it fails",
            given=_listed(added) or "no new parameter",
            expected=f"{name} ({old.type})",
            nearest=nearest_name(name, added),
            fix="keep the parameter, or take it out of all that starts the pipeline first",
        )
    for name, new in after.items():
        if name not in before and not new.has_default:
            yield Finding(
                "SMG655",
                f"the parameter '{name}' is new and has no default: a start as before fails",
                given=f"{new.type} without a default",
                expected="a default",
                fix="give it a default with which the pipeline does what it did",
            )


def _parameter(old: Parameter, new: Parameter) -> Iterator[Finding]:
    name = old.name
    if old.type != new.type:
        yield Finding(
            "SMG653",
            f"the parameter '{name}' has another type: a start as before fails, or means another thing",
            given=new.type,
            expected=old.type,
            fix="add a parameter of another name beside it",
        )
    if old.has_default and not new.has_default:
        yield Finding(
            "SMG654",
            f"the parameter '{name}' has no default any more: a start without it fails",
            given="no default",
            expected=f"the default {shown_value(old.default)}",
            fix="give it a default again",
        )
    elif old.type == new.type and old.has_default and not _is_same(old.type, old.default, new.default):
        yield Finding(
            "SMG656",
            f"the parameter '{name}' has another default: a start without it does another thing",
            given=shown_value(new.default),
            expected=shown_value(old.default),
            fix="tell those who start the pipeline without it, or keep the default",
        )
    if old.type == new.type:
        yield from _enumeration(old, new)


def _enumeration(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """What became of the values that a parameter may have; None are all of its type."""
    if new.enum is None and old.enum is None:
        return
    lost = [value for value in old.enum or () if new.enum is not None and not _is_among(value, new.enum, new.type)]
    if lost or old.enum is None:
        yield Finding(
            "SMG657",
            f"the parameter '{old.name}' may have fewer values: a start with another one fails",
            given=_values(new.enum),
            expected=_values(old.enum),
            fix="take the values that are gone again, or change the starts that give one first",
        )
    elif new.enum is None or any(not _is_among(value, old.enum, old.type) for value in new.enum):
        yield Finding(
            "SMG663",
            f"the parameter '{old.name}' may have more values: what lists them lists too few",
            given=_values(new.enum),
            expected=_values(old.enum),
        )


def _steps(before: Mapping[str, InterfaceStep], after: Mapping[str, InterfaceStep]) -> Iterator[Finding]:
    added = [name for name in after if name not in before]
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            likely = [other for other in added if after[other].type == old.type]
            yield Finding(
                "SMG658",
                f"the step '{name}' is gone: what selects it, waits for it or shows it finds none of that name",
                Place(step=name),
                given=_listed(added) or "no new step",
                expected=f"{name} ({old.type})",
                nearest=nearest_name(name, likely) or (likely[0] if len(likely) == 1 else None),
                fix="keep the name, or change all that names the step first",
            )
            continue
        if old.type != new.type:
            yield Finding(
                "SMG659",
                f"the step '{name}' is of another kind: its job, the events of that and its metadata are others",
                Place(step=name),
                given=new.type,
                expected=old.type,
                fix="give the step of the new kind a name of its own, or change what reads its executions first",
            )
        if old.is_repeated != new.is_repeated:
            yield Finding(
                "SMG660",
                f"the step '{name}' has another name in executions: those in a loop are called {name}-0, {name}-1, …",
                Place(step=name),
                given="in a loop" if new.is_repeated else "in no loop",
                expected="in a loop" if old.is_repeated else "in no loop",
                fix="change all that names the step first",
            )


def _locations(before: Mapping[str, InterfaceText], after: Mapping[str, InterfaceText]) -> Iterator[Finding]:
    for text, old in before.items():
        if text not in after:
            now = [item.text for item in after.values() if (item.step, item.what) == (old.step, old.what)]
            yield Finding(
                "SMG661",
                f"nothing is written any more where step '{old.step}' wrote {old.what}: "
                "who reads it there gets nothing, or what is old",
                Place(step=old.step),
                given=_listed(now) or None,
                expected=text,
                fix="write to it again, or change all that reads it first",
            )


def _groups(before: Mapping[str, InterfaceText], after: Mapping[str, InterfaceText]) -> Iterator[Finding]:
    for text, old in before.items():
        if text not in after:
            yield Finding(
                "SMG662",
                "models are no longer registered in a model package group: who deploys the newest model of it, "
                "or approves there, waits for ever",
                Place(step=old.step),
                given=_listed(after) or "no group",
                expected=text,
                nearest=nearest_name(text, after),
                fix="register in the same group, or change all that reads it first",
            )


# Values in words ------------------------------------------------------------------------------------------------------


def _values(values: Iterable[JsonValue] | None) -> str:
    return "any value" if values is None else _listed(shown_value(value) for value in values) or "no value"


def _listed(names: Iterable[str]) -> str:
    return first_of([*names], _MOST_LISTED)


def _is_among(value: JsonValue, values: Iterable[JsonValue], type: str) -> bool:
    return any(_is_same(type, value, other) for other in values)


def _is_same(type: str, one: JsonValue, other: JsonValue) -> bool:
    """Whether two values of a parameter are one to SageMaker, which takes 6 for 6.0 where it is a Float."""
    return _canonical(type, one) == _canonical(type, other)


def _canonical(type: str, value: JsonValue) -> str:
    if type == "Float" and isinstance(value, float) and value.is_integer():
        return canonical_json(int(value))
    return canonical_json(value)
