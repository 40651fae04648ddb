"""Reads and replaces the value at a JSON pointer of a document."""

from __future__ import annotations

from smgen.documents import JsonObject, JsonValue, split_pointer


def value_at(document: JsonObject, pointer: str) -> JsonValue:
    """The value at a pointer. Raises KeyError, IndexError or ValueError where there is none."""
    value: JsonValue = document
    for part in split_pointer(pointer):
        value = value[part] if isinstance(value, dict) else value[int(part)] if isinstance(value, list) else None
    return value


def replace_at(document: JsonObject, pointer: str, value: JsonValue) -> None:
    """Puts another value to a place of the document, which is changed. Raises like ``value_at``."""
    parent, _, _ = pointer.rpartition("/")
    holder, last = value_at(document, parent), split_pointer(pointer)[-1]
    if isinstance(holder, dict):
        holder[last] = value
    elif isinstance(holder, list):
        holder[int(last)] = value
