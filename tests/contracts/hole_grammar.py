"""What is written of a hole beside its class: its form in the published schema, and its row in ``docs/contracts.md``.

Both are written once, of the class and its docstring, and then mended by hand: a person says more of a hole there.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import get_args

from smgen.contract_model.holes import Hole
from smgen.documents import JsonObject, object_at
from tests.golden import Golden
from tests.project.checkout import CHECKOUT

SCHEMA = CHECKOUT / "codegen" / "smgen" / "contracts" / "schema" / "step-contract.schema.json"
DOCS = CHECKOUT / "docs" / "contracts.md"

#: What stands under a key, by the type of the class's member; True for a hole that has none.
_FORMS: dict[str, JsonObject] = {
    "str": {"type": "string", "minLength": 1},
    "Value": {"$ref": "#/$defs/value"},
    "tuple[Value, ...]": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/value"}},
}
_ROWS = '\n| `{"$literal": any}` |'


def hold_holes(golden: Golden) -> None:
    """Every hole has a form in the schema and a row in the table of the holes."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    docs = DOCS.read_text(encoding="utf-8")
    definitions: JsonObject = schema["$defs"]
    for hole in get_args(Hole):
        key = hole.keys[0]
        written, text = " ".join(hole.__doc__.split()).split("``: ", 1)
        text = text[0].upper() + text[1:]
        if not any(key in object_at(definition, "properties") for definition in definitions.values()):
            name = hole.__name__[0].lower() + hole.__name__[1:]
            definitions[name] = _form(hole, text)
            schema["$defs"]["value"]["anyOf"].append({"$ref": f"#/$defs/{name}"})
        if f'`{{"{key}":' not in docs:
            docs = docs.replace(_ROWS, f"\n| {written[1:]}` | {text} |{_ROWS}")
    golden.text(SCHEMA, json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
    golden.text(DOCS, docs)


def _form(hole: type[Hole], text: str) -> JsonObject:
    told = [member for member in fields(hole) if member.name != "pointer"]
    keys: tuple[str, ...] = hole.keys
    forms: list[JsonObject] = [_FORMS.get(str(member.type), {}) for member in told] or [{"const": True}]
    return {
        "type": "object",
        "description": text,
        "required": [keys[0]],
        "properties": {key: {**form, "description": text} for key, form in zip(keys, forms, strict=True)},
        "additionalProperties": False,
    }
