"""The places of a document at which a test puts something else."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.documents import JsonObject, JsonValue


def holders(value: JsonValue) -> Iterator[JsonObject | list[JsonValue]]:
    """Every object and list in a value that holds anything, outer before inner, the value itself included."""
    if isinstance(value, (dict, list)):
        if value:
            yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from holders(item)
