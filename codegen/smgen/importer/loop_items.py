"""What a loop goes through: the type of its items, from the items themselves or from what the body reads of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from smgen.aws import ShapeType
from smgen.contract_model import class_name
from smgen.definition import Step
from smgen.documents import JsonObject, JsonValue, object_at
from smgen.expressions import (
    CurrentItemReference,
    Get,
    Operand,
    Value,
    as_expression,
    elements_at,
    expressions_in,
    literal_value,
    parse_json_path,
    target,
)
from smgen.importer.code_names import free
from smgen.importer.imported_pipeline import ImportedRecord
from smgen.importer.plain_types import PYTHON_TYPES, PythonType
from smgen.importer.shapes import StepLeaf, shape_at

_OF_SHAPES: Final[Mapping[ShapeType, PythonType]] = {
    "integer": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "boolean": "bool",
}


def item_type(
    step: Step, leaves: Mapping[str, Sequence[StepLeaf]], type_of: Callable[[Operand], str | None]
) -> PythonType | ImportedRecord:
    """The type of the items of a loop; ``leaves`` are those of the steps in its body."""
    read = list(_read_members(step, leaves))
    listed = elements_at(step.own, "Arguments", "IterableItems")
    members = [parts for parts, _ in read if parts]
    if members:
        objects = (_object(item) for item in listed)
        known = next((found for found in objects if found is not None), dict[str, JsonValue]())
        wanted: dict[tuple[str, ...], PythonType] = {parts: kind for parts, kind in read if parts and kind is not None}
        return _record(f"{class_name(step.name)}Item", known, members, wanted, ())
    kinds: set[PythonType] = {kind for item in listed if (kind := _type_of_item(item, type_of)) is not None}
    if kinds == {"int", "float"}:
        return "float"
    # Items of one type have it; otherwise the first place says it where one is read.
    said: list[PythonType] = [*(kinds if len(kinds) == 1 else ()), *(kind for _, kind in read if kind is not None)]
    return said[0] if said else "str"


def type_at(of: PythonType | ImportedRecord, keys: Sequence[str]) -> PythonType | None:
    """The type of a member of an item; None for one that is no plain value."""
    for key in keys:
        if isinstance(of, str):
            return None
        of = of.members.get(key, "str")
    return of if isinstance(of, str) else None


def with_own_names(
    items: Mapping[str, PythonType | ImportedRecord],
) -> Mapping[str, PythonType | ImportedRecord]:
    """The types of the items of each loop, no two classes with one name."""
    taken: set[str] = set()

    def own(of: PythonType | ImportedRecord) -> PythonType | ImportedRecord:
        if isinstance(of, str):
            return of
        name = free(of.name, taken.__contains__, "")
        taken.add(name)
        return ImportedRecord(name, {key: own(member) for key, member in of.members.items()})

    return {loop: own(of) for loop, of in items.items()}


def is_record_text(text: str) -> bool:
    """Whether a text is a JSON object as smgen writes one, so that it may be written as a record."""
    found = _object(text)
    return found is not None and json.dumps(found, ensure_ascii=False, separators=(",", ":")) == text


def _read_members(
    step: Step, leaves: Mapping[str, Sequence[StepLeaf]]
) -> Iterator[tuple[tuple[str, ...], PythonType | None]]:
    """The members of the item that the body reads, and their types where the place of reading says one."""
    for branch in step.branches:
        for inner in branch.steps:
            for leaf in leaves.get(inner.name, ()):
                shape = shape_at(inner.type, leaf)
                kind: PythonType | None = None if shape is None else _OF_SHAPES.get(shape.type, "str")
                for _, part in expressions_in(leaf.value):
                    parts = _keys(part) if isinstance(part, Get) else None
                    if parts is not None:
                        yield parts, kind if part is leaf.value else None


def _keys(expression: Get) -> tuple[str, ...] | None:
    found = target(expression)
    if not isinstance(found, CurrentItemReference):
        return None
    return item_keys(found.path)


def item_keys(path: str) -> tuple[str, ...] | None:
    """The keys in the path of a current item; None for a path with an index in it."""
    if not path:
        return ()
    parts = parse_json_path(path)
    keys = tuple(part for part in parts or () if isinstance(part, str))
    return keys if parts is not None and len(keys) == len(parts) else None


def _object(item: Value) -> JsonObject | None:
    """The JSON object that an item is."""
    if not isinstance(item, str):
        return None
    try:
        found: JsonValue = json.loads(item)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _type_of_item(item: Value, type_of: Callable[[Operand], str | None]) -> PythonType | None:
    plain: dict[type, PythonType] = {bool: "bool", int: "int", float: "float", str: "str"}
    expression = as_expression(item)
    return plain.get(type(item)) if expression is None else PYTHON_TYPES.get(type_of(expression) or "")


def _record(
    name: str,
    known: JsonObject,
    read: Sequence[tuple[str, ...]],
    wanted: Mapping[tuple[str, ...], PythonType],
    at: tuple[str, ...],
) -> ImportedRecord:
    """The class of objects with the members of a known one, and those that are read."""
    members: dict[str, PythonType | ImportedRecord] = {}
    below = {parts[len(at)]: parts for parts in read if len(parts) > len(at) and parts[: len(at)] == at}
    for key in dict.fromkeys((*known, *below)):
        value, here = known.get(key), (*at, key)
        inner = any(len(parts) > len(here) and parts[: len(here)] == here for parts in read)
        if inner or isinstance(value, dict):
            own = f"{name.removesuffix('Item')}{class_name(key)}Item"
            members[key] = _record(own, object_at(value), read, wanted, here)
        elif value is None:
            members[key] = wanted.get(here, "str")
        else:
            members[key] = _type_of_item(literal_value(value), lambda _: None) or "str"
    return ImportedRecord(name, members)
