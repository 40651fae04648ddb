"""Sample contract documents for the tests of this room."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Protocol

from jsonschema import Draft202012Validator

from smgen.contracts.document_findings import SCHEMA_FOLDER
from smgen.documents import JsonObject, JsonValue, object_at as members

DATA = Path(__file__).parent.parent / "data"
GOOD = DATA / "contracts"
BAD = DATA / "bad_contracts"


def sample(name: str) -> JsonObject:
    """One of the good contract documents, with its references as they are written."""
    value: JsonValue = json.loads((GOOD / f"{name}.json").read_text(encoding="utf-8"))
    return members(value)


def edited(document: JsonObject, place: str, value: JsonValue) -> JsonObject:
    """A copy of a document with a value put at a place such as ``settings/image/default``."""
    result = copy.deepcopy(document)
    inner: JsonObject = result
    *path, last = place.split("/")
    for part in path:
        inner = members(inner.setdefault(part, {}))
    inner[last] = value
    return result


def write_folder(root: Path, files: dict[str, JsonValue]) -> Path:
    """A contract folder with those documents; the artifact types are the samples' unless given."""
    root.mkdir(parents=True, exist_ok=True)
    types: JsonValue = json.loads((GOOD / "artifact_types.json").read_text(encoding="utf-8"))
    for name, value in {"artifact_types.json": types, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    return root


class Validator(Protocol):
    """A JSON Schema that says yes or no."""

    def is_valid(self, instance: JsonValue) -> bool:
        """Whether the schema takes the value."""
        ...


def validator_of(schema: JsonObject) -> Validator:
    """The schema, by an implementation that smgen has no part in."""
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def published_schema(name: str) -> JsonObject:
    """``step-contract`` or ``artifact-types`` as shipped."""
    value: JsonValue = json.loads((SCHEMA_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return members(value)


@cache
def published_validator(name: str) -> Validator:
    """The published schema of that name."""
    return validator_of(published_schema(name))


def places(value: JsonValue) -> list[tuple[str, ...]]:
    """Every place inside a document, outer before inner; items of lists by their index as text."""
    pairs: list[tuple[str, JsonValue]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [(str(index), item) for index, item in enumerate(value)]
    return [(name, *rest) for name, member in pairs for rest in ((), *places(member))]


def replaced(value: JsonValue, place: tuple[str, ...], new: JsonValue) -> JsonValue:
    """A document with another value at a place."""
    if not place:
        return new
    first, *rest = place
    if isinstance(value, dict):
        return {key: replaced(member, tuple(rest), new) if key == first else member for key, member in value.items()}
    if isinstance(value, list):
        return [replaced(item, tuple(rest), new) if str(index) == first else item for index, item in enumerate(value)]
    return value
