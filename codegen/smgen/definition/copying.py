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

    def object_of(old: JsonObject) -> JsonObject:
        new: JsonObject = {}
        objects.append((old, new))
        return new

    def list_of(old: list[JsonValue]) -> list[JsonValue]:
        new: list[JsonValue] = []
        lists.append((old, new))
        return new

    # The flat copy has all single values already; only containers are put in anew.
    while objects or lists:
        while objects:
            old_object, new_object = objects.pop()
            new_object.update(old_object)
            for key, item in old_object.items():
                if isinstance(item, dict):
                    new_object[key] = object_of(item)
                elif isinstance(item, list):
                    new_object[key] = list_of(item)
        while lists:
            old_list, new_list = lists.pop()
            new_list.extend(old_list)
            for number, item in enumerate(old_list):
                if isinstance(item, dict):
                    new_list[number] = object_of(item)
                elif isinstance(item, list):
                    new_list[number] = list_of(item)
