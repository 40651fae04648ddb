"""Adds to a request that has been read: members of objects, items of lists, each where the contract left room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smgen.contract_model.holes import ListValue, LiteralValue, ObjectValue, Value


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A place of the written request that is no list or object, where sugar wants to add to it."""

    pointer: str
    message: str


def object_value(members: Mapping[str, Value | str | None], pointer: str) -> ObjectValue:
    """An object whose every part says that it comes from ``pointer``; members that are None are left out."""
    written = (
        (name, LiteralValue(value, pointer) if isinstance(value, str) else value)
        for name, value in members.items()
        if value is not None
    )
    return ObjectValue(tuple(written), pointer)


def member(value: Value, *path: str) -> Value | None:
    """What stands at a path of members; None where an object on the way lacks it, or is none."""
    for name in path:
        if not isinstance(value, ObjectValue):
            return None
        found = next((inner for key, inner in value.members if key == name), None)
        if found is None:
            return None
        value = found
    return value


def with_member(value: ObjectValue, name: str, member: Value) -> ObjectValue:
    """``value`` with that member in its old place, or at the end when it is new."""
    if all(key != name for key, _ in value.members):
        return ObjectValue((*value.members, (name, member)), value.pointer)
    return ObjectValue(tuple((key, member if key == name else old) for key, old in value.members), value.pointer)


def appended(value: Value, path: Sequence[str], items: Sequence[Value], misplaced: list[Misplaced]) -> Value:
    """``value`` with ``items``, if any, at the end of the list at ``path``; what is missing on the way is added."""
    if not items:
        return value
    pointer = items[0].pointer
    if not path:
        if isinstance(value, ListValue):
            return ListValue((*value.items, *items), value.pointer)
        misplaced.append(Misplaced(value.pointer, "this is no list, so the contract's ports cannot be appended to it"))
        return value
    if not isinstance(value, ObjectValue):
        misplaced.append(
            Misplaced(
                value.pointer, f"this is no object, so '{path[0]}' with the contract's ports cannot be added to it"
            )
        )
        return value
    for name, written in value.members:
        if name == path[0]:
            return with_member(value, name, appended(written, path[1:], items, misplaced))
    missing: Value = ObjectValue((), pointer) if len(path) > 1 else ListValue((), pointer)
    return with_member(value, path[0], appended(missing, path[1:], items, misplaced))
