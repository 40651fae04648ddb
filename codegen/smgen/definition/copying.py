"""Deep copies of JSON values without recursion, so that no depth of nesting can overflow the stack."""

from __future__ import annotations

from smgen.documents import JsonObject, JsonValue


def copied(value: JsonValue) -> JsonValue:
    """A deep copy; the order of members is kept."""
    return copied_object({"": value})[""]


def copied_object(value: JsonObject) -> JsonObject:
    """A deep copy of an object; the order of members is kept."""
    copy = value.copy()
    todo: list[JsonObject | list[JsonValue]] = [copy]
    while todo:
        here = todo.pop()
        # A copy has all plain values already; what stands in it is copied in its place.
        if isinstance(here, dict):
            for key, item in here.items():
                if isinstance(item, (dict, list)):
                    here[key] = new = item.copy()
                    todo.append(new)
        else:
            for number, item in enumerate(here):
                if isinstance(item, (dict, list)):
                    here[number] = new = item.copy()
                    todo.append(new)
    return copy
