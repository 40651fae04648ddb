"""Writes values of the hole grammar as a contract does, for tests that compare what became of a request."""

from __future__ import annotations

from smgen.contracts import (
    AbsentType,
    AssetHole,
    DefaultHole,
    EachHole,
    EnvironmentHole,
    ExecutionHole,
    HyperparametersHole,
    InputHole,
    ItemHole,
    JoinHole,
    JsonHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    OutputLocationHole,
    PropertyHole,
    SettingHole,
    StepNameHole,
    Value,
    WhenHole,
)
from smgen.documents import JsonObject, JsonValue


def absent(value: JsonValue | AbsentType) -> JsonObject:
    """The ``absent`` member of a hole that has one."""
    return {} if isinstance(value, AbsentType) else {"absent": value}


def written(value: Value) -> JsonValue:
    """A value as a contract writes it."""
    match value:
        case LiteralValue(literal):
            return literal
        case ListValue(items):
            return [written(item) for item in items]
        case ObjectValue(members):
            return {name: written(member) for name, member in members}
        case InputHole(port, literal):
            return {"$input": port, **absent(literal)}
        case SettingHole(setting, literal):
            return {"$setting": setting, **absent(literal)}
        case DefaultHole(name):
            return {"$default": name}
        case HyperparametersHole(form):
            return {"$hyperparameters": form}
        case EnvironmentHole():
            return {"$environment": True}
        case AssetHole(asset, member):
            return {"$asset": asset} if member is None else {"$asset": asset, "member": member}
        case OutputLocationHole(output):
            return {"$output_location": output}
        case ExecutionHole(variable):
            return {"$execution": variable}
        case StepNameHole():
            return {"$step_name": True}
        case JoinHole(values, on):
            return {"$join": [written(part) for part in values], **({"on": on} if on else {})}
        case JsonHole(inner):
            return {"$json": written(inner)}
        case MergeHole(values):
            return {"$merge": [written(part) for part in values]}
        case WhenHole(name, inner, items):
            if items is not None:
                return {"$when": name, "items": [written(item) for item in items]}
            return {"$when": name, "value": None if inner is None else written(inner)}
        case EachHole(port, item):
            return {"$each": port, "item": written(item)}
        case ItemHole():
            return {"$item": True}
        case PropertyHole(path):
            return {"$property": path}
