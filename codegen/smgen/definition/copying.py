"""Deep copies of JSON values without recursion, so that no depth of nesting can overflow the stack."""

from __future__ import annotations

from smgen.documents import JsonObject, JsonValue


def copied(value: JsonValue) -> JsonValue:
    """A deep copy; the order of members is kept."""
    holder: JsonObject = {}
    _fill([({"": value}, holder)], [])
    return holder[""]


def copied_object(value: JsonObject) -> JsonObject:
    """A deep copy of an object; the order of members is kept."""
    copy: JsonObject = {}
    _fill([(value, copy)], [])
    return copy


def _fill(objects: list[tuple[JsonObject, JsonObject]], lists: list[tuple[list[JsonValue], list[JsonValue]]]) -> None:
    """Fill each empty second container with copies of what the first one holds."""

    def shell(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            new_object: JsonObject = {}
            objects.append((value, new_object))
            return new_object
        if isinstance(value, list):
            new_list: list[JsonValue] = []
            lists.append((value, new_list))
            return new_list
        return value

    while objects or lists:
        while objects:
            old_object, new_object = objects.pop()
            new_object.update((key, shell(item)) for key, item in old_object.items())
        while lists:
            old_list, new_list = lists.pop()
            new_list.extend(shell(item) for item in old_list)
