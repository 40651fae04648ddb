"""Sample contract documents for the tests of this room."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from smgen.contracts.json_reading import members
from smgen.documents import JsonObject, JsonValue

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
