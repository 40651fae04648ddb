"""Hyperparameters and variables that are needed together, in the words of JSON Schema: `dependentRequired`, `allOf`.

``"allOf": [{"if": {"properties": {"objective": {"enum": ["multi:softmax"]}}}, "then": {"required": ["num_class"]}}]``
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from smgen.contract_model.json_reading import scalar
from smgen.contract_model.value_schema import Scalar
from smgen.documents import JsonObject, JsonValue, append_pointer, list_at, object_at, shown_json

NEEDS_KEYWORDS: Final = ("allOf", "dependentRequired")
_FORM: Final = '{"if": {"properties": {NAME: {"enum": […]}}}, "then": {"required": [NAME, …]}}'


@dataclass(frozen=True, slots=True)
class Need:
    """Where `name` is given, with one of the values if there are any, each of `wanted` is needed."""

    name: str
    values: tuple[Scalar, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrongNeed:
    """What is wrong with a stated need, and where."""

    pointer: str
    message: str
    given: JsonValue
    expected: str


def needs_of(schema: JsonObject) -> tuple[Need, ...]:
    """The needs that the schema of a group of values states; those that are written wrongly are left out."""
    return tuple(found for found in _needs(schema, "", None) if isinstance(found, Need))


def wrong_needs(schema: JsonObject, pointer: str, names: Collection[str]) -> tuple[WrongNeed, ...]:
    """Everything that is wrong with them; ``pointer`` leads to the schema, which lists ``names``."""
    return tuple(found for found in _needs(schema, pointer, names) if isinstance(found, WrongNeed))


def _needs(schema: JsonObject, pointer: str, names: Collection[str] | None) -> Iterator[Need | WrongNeed]:
    found: list[tuple[str, Need]] = [
        (append_pointer(pointer, "dependentRequired", name), Need(name, (), _texts(wanted)))
        for name, wanted in object_at(schema, "dependentRequired").items()
    ]
    for number, item in enumerate(list_at(schema, "allOf")):
        at = append_pointer(pointer, "allOf", number)
        need = _conditional(item)
        if need is None:
            yield WrongNeed(at, "a part of 'allOf' says what is needed where a value is given", item, _FORM)
        else:
            found.append((at, need))
    for at, need in found:
        unknown = [name for name in (need.name, *need.wanted) if names is not None and name not in names]
        for name in unknown:
            yield WrongNeed(at, f"{shown_json(name)} is no name that the schema lists", name, ", ".join(names or ()))
        if not need.wanted:
            yield WrongNeed(at, "what is needed is a list of names", [], "at least one name")
        elif not unknown:
            yield need


def _conditional(item: JsonValue) -> Need | None:
    given, wanted = object_at(item, "if", "properties"), _texts(list_at(item, "then", "required"))
    if set(object_at(item)) != {"if", "then"} or len(given) != 1 or not wanted:
        return None
    ((name, allowed),) = given.items()
    values = [scalar(value) for value in list_at(allowed, "enum") or [object_at(allowed).get("const")]]
    known = tuple(value for value in values if value is not None)
    return Need(name, known, wanted) if len(known) == len(values) else None


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(name for name in list_at(value) if isinstance(name, str))
