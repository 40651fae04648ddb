"""Reading JSON whose form nobody has checked: what is not there, or is something else, reads as empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Reversible

from smgen.documents.json_values import JsonObject, JsonValue
from smgen.documents.pointers import Trail, split_pointer


def json_at(value: JsonValue, *way: str | int) -> JsonValue:
    """What stands at the end of a way of member names and indices; None where there is nothing, as where it is null."""
    for part in way:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and -len(value) <= part < len(value):
            value = value[part]
        else:
            return None
    return value


def at_pointer(value: JsonValue, pointer: str) -> JsonValue:
    """What stands at a JSON pointer; None where there is nothing. Raises ValueError for what is no pointer."""
    for part in split_pointer(pointer):
        value = json_at(value, int(part) if isinstance(value, list) and part.isdecimal() else part)
    return value


def is_there(value: JsonValue, pointer: str) -> bool:
    """Whether something stands at a JSON pointer, be it null."""
    holder = at_pointer(value, pointer.rpartition("/")[0])
    return not pointer or split_pointer(pointer)[-1] in {str(part) for part, _ in children(holder)}


def replace_at(value: JsonValue, pointer: str, new: JsonValue) -> None:
    """Puts another value to a place that is there, in the value itself; of a place that is not nothing changes."""
    holder, last = at_pointer(value, pointer.rpartition("/")[0]), split_pointer(pointer)[-1]
    if isinstance(holder, dict):
        holder[last] = new
    elif isinstance(holder, list) and last.isdecimal() and int(last) < len(holder):
        holder[int(last)] = new


def object_at(value: JsonValue, *way: str | int) -> JsonObject:
    """The object at the end of a way, itself and no copy; a new empty one where there is none."""
    found = json_at(value, *way)
    return found if isinstance(found, dict) else {}


def list_at(value: JsonValue, *way: str | int) -> list[JsonValue]:
    """The list at the end of a way, itself and no copy; a new empty one where there is none."""
    found = json_at(value, *way)
    return found if isinstance(found, list) else []


def objects_at(value: JsonValue, *way: str | int) -> list[JsonObject]:
    """The objects among the items of the list at the end of a way."""
    return [item for item in list_at(value, *way) if isinstance(item, dict)]


def text_at(value: JsonValue, *way: str | int) -> str | None:
    """The text at the end of a way; None where there is none."""
    found = json_at(value, *way)
    return found if isinstance(found, str) else None


def is_container(value: object) -> bool:
    """Whether a value is an object or a list, and no plain value."""
    return isinstance(value, (dict, list))


def children(value: JsonValue) -> Reversible[tuple[str | int, JsonValue]]:
    """The members of an object or the items of a list with their names or indices; of a plain value none."""
    if isinstance(value, dict):
        return value.items()
    return [*enumerate(value)] if isinstance(value, list) else ()


def walk(value: JsonValue, at: Trail = "") -> Iterator[tuple[Trail, JsonValue]]:
    """Every value in a value with its place below ``at``: the value itself first, then in the order of the document.

    What stands in a value is looked up after it was given, so that a caller may change it in between.
    """
    todo: list[tuple[Trail, JsonValue]] = [(at, value)]
    while todo:
        here, found = todo.pop()
        yield here, found
        if isinstance(found, (dict, list)):
            todo.extend([((here, part), item) for part, item in reversed(children(found))])


def with_plain(value: JsonValue, change: Callable[[JsonValue], JsonValue]) -> JsonValue:
    """A copy in which every value that is no object and no list is what ``change`` makes of it."""
    if isinstance(value, dict):
        return {name: with_plain(item, change) for name, item in value.items()}
    return [with_plain(item, change) for item in value] if isinstance(value, list) else change(value)
