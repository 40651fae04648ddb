"""What changes between two definitions, as a person would say it: by step, parameter and named item."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from smgen.definition.definition import Definition, Step
from smgen.definition.definition_reading import parse_definition
from smgen.definition.normalisations import N3, Normalisation, is_expression_object, normalise_pair, with_input_names
from smgen.documents import JsonObject, JsonValue, json_at, list_at, object_at, text_at

#: ``code``: only the content address of a code location differs; ``moved``: another branch, or another place in order.
ChangeKind: TypeAlias = Literal["added", "removed", "changed", "moved", "code"]

#: The members that name an item of a list in AWS's requests; lists whose items all have one are matched by it.
_NAMES: Final = (
    "ChannelName",
    "InputName",
    "OutputName",
    "PropertyFileName",
    "VariantName",
    "DefinitionName",
    "ContainerHostname",
    "RuleConfigurationName",
    "Name",
    "Key",
    "Step",
)
_HASH: Final = re.compile(r"[0-9a-f]{32,64}")
_LONGEST: Final = 160
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``subject`` is what changes (``step Train``, ``parameter X``, ``pipeline``), ``path`` where in it.

    ``path`` is empty where the subject as a whole was added, removed or moved. ``before`` and ``after`` are the values
    in short, None on the side that has none.
    """

    kind: ChangeKind
    subject: str
    path: str = ""
    before: str | None = None
    after: str | None = None


def changes(
    before: Definition | None, after: Definition, normalisations: Collection[Normalisation] = ()
) -> tuple[Change, ...]:
    """The changes that turn one definition into the other; None is no pipeline at all.

    What is there in both comes in the order of the later one, what was removed at the end of its kind. Definitions
    that are equal as JSON, and only they, have none; with ``normalisations``, those that are equal after them.
    """
    if before is not None and normalisations:
        left = with_input_names(before, after) if N3 in normalisations else before.document
        # With their names, by which inputs are found.
        others = [item for item in normalisations if item is not N3]
        normal = normalise_pair(left, after, others)
        before, after = (parse_definition(item.document) for item in normal)
    return tuple(_changes(before, after))


def _changes(before: Definition | None, after: Definition) -> Iterator[Change]:
    old = {} if before is None else {item.name: item for item in before.parameters}
    new = {item.name: item for item in after.parameters}
    documents = [_by_name(list_at(item.document, "Parameters")) for item in (before or after, after)]
    if before is not None:
        yield from value_changes("pipeline", _top(before), _top(after))
    for name, parameter in new.items():
        subject = f"parameter {name}"
        if name not in old:
            yield Change("added", subject, after=_parameter(parameter.type, parameter.default, parameter.has_default))
        else:
            yield from value_changes(subject, documents[0].get(name, {}), documents[1].get(name, {}))
    yield from (Change("removed", f"parameter {name}") for name in old if name not in new)
    yield from _steps(before, after)
    if before is not None:
        yield from _order("parameters", list(old), list(new))


def _steps(before: Definition | None, after: Definition) -> Iterator[Change]:
    old = {} if before is None else {step.name: step for step in before.all_steps()}
    new = {step.name: step for step in after.all_steps()}
    for name, step in new.items():
        subject = f"step {name}"
        if name not in old:
            yield Change("added", subject, after=_kind(step))
            continue
        if _where(old[name]) != _where(step):
            yield Change("moved", subject, before=_where(old[name]), after=_where(step))
        yield from value_changes(subject, _own(old[name]), _own(step))
    yield from (Change("removed", f"step {name}", before=_kind(step)) for name, step in old.items() if name not in new)
    for place in dict.fromkeys(_where(step) for step in new.values()):
        yield from _order(
            f"steps {place}",
            [name for name, step in old.items() if _where(step) == place],
            [name for name, step in new.items() if _where(step) == place],
        )


def _order(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """One change where what is on both sides stands in another order."""
    first = [name for name in old if name in set(new)]
    second = [name for name in new if name in set(old)]
    if first != second:
        yield Change("moved", f"order of {what}", before=", ".join(first), after=", ".join(second))


def value_changes(subject: str, before: JsonValue, after: JsonValue) -> Iterator[Change]:
    """The changes inside a value of a definition, as deep as both sides have the same form."""
    todo: list[tuple[str, JsonValue, JsonValue, bool, bool]] = [("", before, after, True, True)]
    while todo:
        path, old, new, had, has = todo.pop()
        if not had or not has:
            kind: ChangeKind = "added" if has else "removed"
            yield Change(kind, subject, path, shown_value(old) if had else None, shown_value(new) if has else None)
            continue
        parts = _parts(path, old, new)
        if parts is not None:
            todo.extend(reversed(parts))
        elif _text(old) != _text(new):
            same_code = _HASH.sub("<HASH>", _text(old)) == _HASH.sub("<HASH>", _text(new)) and "s3://" in _text(new)
            yield Change("code" if same_code else "changed", subject, path, shown_value(old), shown_value(new))


def _parts(path: str, old: JsonValue, new: JsonValue) -> list[tuple[str, JsonValue, JsonValue, bool, bool]] | None:
    """The members of two objects or the items of two lists side by side; None for what is compared as a whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        if is_expression_object(old) or is_expression_object(new):
            return None
        return [
            (_member(path, key), old.get(key), new.get(key), key in old, key in new)
            for key in dict.fromkeys((*new, *old))
        ]
    if not isinstance(old, list) or not isinstance(new, list):
        return None
    name = next((name for name in _NAMES if _named(old, name) and _named(new, name)), None)
    if name is not None and (old or new):
        return _by_item(path, _by_name(old, name), _by_name(new, name))
    return [
        (f"{path}[{index}]", json_at(old, index), json_at(new, index), index < len(old), index < len(new))
        for index in range(max(len(old), len(new)))
    ]


def _by_item(
    path: str, old: Mapping[str, JsonObject], new: Mapping[str, JsonObject]
) -> list[tuple[str, JsonValue, JsonValue, bool, bool]]:
    both_old, both_new = [name for name in old if name in new], [name for name in new if name in old]
    order: list[tuple[str, JsonValue, JsonValue, bool, bool]] = []
    if both_old != both_new:
        # Items of AWS's lists have an order, which the names alone would hide.
        order.append((f"{path} (order)", ", ".join(both_old), ", ".join(both_new), True, True))
    return order + [
        (f"{path}[{name}]", old.get(name), new.get(name), name in old, name in new)
        for name in dict.fromkeys((*new, *old))
    ]


def naming_member(items: Sequence[JsonValue]) -> str | None:
    """The member by which the items of a list are told apart (``ChannelName``, …); None where there is none."""
    return next((name for name in _NAMES if items and _named(items, name)), None)


def _named(items: Sequence[JsonValue], member: str) -> bool:
    """Whether every item is an object with a name of its own."""
    names = [text_at(item, member) for item in items]
    return None not in names and len(set(names)) == len(names)


def _by_name(items: Sequence[JsonValue], member: str = "Name") -> dict[str, JsonObject]:
    return {str(json_at(item, member)): object_at(item) for item in items if member in object_at(item)}


def _own(step: Step) -> JsonObject:
    """What a step says of itself: its members without its name and without the steps inside it."""
    inside = {branch.pointer.rpartition("/")[2] for branch in step.branches}
    own: JsonObject = {"Type": step.type}
    own.update({key: value for key, value in step.arguments.items() if key not in inside})
    if step.depends_on:
        own["DependsOn"] = [
            item.step if item.trigger is None else f"{item.step} {item.trigger}" for item in step.depends_on
        ]
    if step.cache is not None:
        own["CacheConfig"] = step.cache
    if step.retry:
        own["RetryPolicies"] = list(step.retry)
    if step.property_files:
        own["PropertyFiles"] = [file.document() for file in step.property_files]
    # Members beside Arguments, of which a few have names that arguments have as well.
    own.update({key if key not in own else f"({key})": value for key, value in step.fields.items()})
    return own


def _top(definition: Definition) -> JsonObject:
    return {key: value for key, value in definition.document.items() if key not in ("Parameters", "Steps")}


def _where(step: Step) -> str:
    if not step.scope:
        return "at the top"
    inner = step.scope[-1]
    return f"in {inner.branch} of {inner.step}"


def _kind(step: Step) -> str:
    where = "" if not step.scope else f", {_where(step)}"
    return f"{step.type}{where}"


def _parameter(type: str, default: JsonValue, has_default: bool) -> str:
    return f"{type}, default {shown_value(default)}" if has_default else f"{type}, without a default"


def _member(path: str, key: str) -> str:
    name = key if _PLAIN.fullmatch(key) or key.startswith("(") else f"['{key}']"
    if not path:
        return name
    return f"{path}{name}" if name.startswith("[") else f"{path}.{name}"


def _text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def shown_value(value: JsonValue) -> str:
    """A value in one short line: expressions as ``{Steps.Train.…}``, everything else as JSON."""
    text = _expression(value) if is_expression_object(value) else _text(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _expression(value: JsonValue) -> str:
    """The text of an expression."""
    if "Get" in object_at(value):
        return f"{{{json_at(value, 'Get')}}}"
    join = object_at(value, "Std:Join")
    if not isinstance(join.get("Values"), list):
        return _text(value)
    parts = [
        part if isinstance(part, str) else _expression(part) if is_expression_object(part) else _text(part)
        for part in list_at(join, "Values")
    ]
    return str(join.get("On", "")).join(parts)
