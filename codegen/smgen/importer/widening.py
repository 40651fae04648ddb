"""Makes two contracts of one import take the hyperparameters and environment variables of both."""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from smgen.documents import JsonObject, list_at, object_at

_ENVIRONMENT: Final[JsonObject] = {"$environment": True}


def widened(first: JsonObject, second: JsonObject) -> tuple[JsonObject, JsonObject] | None:
    """Both contracts with the values that either takes; what only one of them requires is optional in both.

    Steps that were written with one of them are written with its wider form as they are. None where a value has two
    schemas or a default, so that leaving it out would say something else, and where there is nothing to widen.
    """
    one, other = deepcopy(first), deepcopy(second)
    is_wider = False
    for member in ("hyperparameters", "environment"):
        here, there = one.get(member), other.get(member)
        if here == there:
            continue
        schema = _union(object_at(here), object_at(there))
        if schema is None or (member == "hyperparameters" and (here is None or there is None)):
            return None
        if member == "environment" and not _takes_environment(one, other):
            return None
        one[member] = other[member] = schema
        is_wider = True
    return (one, other) if is_wider else None


def _union(first: JsonObject, second: JsonObject) -> JsonObject | None:
    ours, theirs = object_at(first, "properties"), object_at(second, "properties")
    for name in {*ours, *theirs}:
        here, there = ours.get(name), theirs.get(name)
        if here == there:
            continue
        if (name in ours and name in theirs) or any("default" in object_at(schema) for schema in (here, there)):
            return None
    required = [name for name in list_at(first, "required") if name in list_at(second, "required")]
    schema: JsonObject = {**second, **first, "properties": {**ours, **theirs}}
    schema.pop("required", None)
    return {**schema, "required": [*required]} if required else schema


def _takes_environment(first: JsonObject, second: JsonObject) -> bool:
    """Whether both requests have a place for environment variables, which is added to the one that has none."""
    requests = [object_at(document, "request") for document in (first, second)]
    if not any(request.get("Environment") == _ENVIRONMENT for request in requests):
        return False
    return all(request.setdefault("Environment", {**_ENVIRONMENT}) == _ENVIRONMENT for request in requests)
