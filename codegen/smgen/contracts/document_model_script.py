"""Writes ``document_model.py`` from the published JSON Schemas: ``python -m smgen.contracts.document_model_script``.

With ``--check`` nothing is written; the exit code is 1 when the file is not what the schemas make today.
"""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from smgen.documents import JsonObject, JsonValue, object_at

_ROOM: Final = Path(__file__).parent
SCHEMA_FOLDER: Final = _ROOM / "schema"
MODEL_FILE: Final = _ROOM / "document_model.py"

#: Definitions that have a reader of their own with better messages: the model takes any JSON there. The recursive
#: ones among them would also cost pydantic one try per hole and level.
_ANY_JSON: Final = (
    "difference",
    "elementSchema",
    "item",
    "literal",
    "objectSchema",
    "reportSchema",
    "partialRequest",
    "request",
    "scalar",
    "settingDefault",
    "value",
    "valueSchema",
)

#: Members of a setting that the model knows; all others are keywords of a value's schema.
_SETTING_MEMBERS: Final = ("default", "required", "description")

_JSON_TYPE: Final[JsonObject] = {"customTypePath": "pydantic.JsonValue"}

_DOCSTRING: Final = '''"""The document formats of contracts and artifact types as pydantic models.

Written by ``python -m smgen.contracts.document_model_script`` from the schemas in ``schema/``: change those.
"""
'''


def model_source() -> str:
    """The text of ``document_model.py`` as the schemas make it; needs datamodel-code-generator and ruff."""
    schema = _joined_schema()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "schema.json"), Path(folder, "document_model.py")
        source.write_text(json.dumps(schema), encoding="utf-8")
        _generate(source, target)
        generated = target.read_text(encoding="utf-8")
    return _formatted(_DOCSTRING + generated)


def _generate(source: Path, target: Path) -> None:
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import Formatter, PythonVersion
    from datamodel_code_generator.parser import LiteralType

    generate(
        source,
        input_file_type=InputFileType.JsonSchema,
        output=target,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_310,
        class_name="Documents",
        enum_field_as_literal=LiteralType.All,
        use_union_operator=True,
        use_standard_collections=True,
        use_annotated=True,
        field_constraints=True,
        use_one_literal_as_default=True,
        use_schema_description=True,
        strict_nullable=True,
        snake_case_field=True,
        collapse_root_models=True,
        disable_timestamp=True,
        disable_future_imports=False,
        custom_file_header="from __future__ import annotations",
        formatters=[Formatter.RUFF_FORMAT],
    )


def _joined_schema() -> JsonObject:
    """One schema with both documents, in which what has a reader of its own is any JSON."""
    contract, types = _schema("step-contract"), _schema("artifact-types")
    definitions: JsonObject = {}
    for name, definition in (*object_at(contract, "$defs").items(), *object_at(types, "$defs").items()):
        definitions[_class(name)] = dict(_JSON_TYPE) if name in _ANY_JSON else _simplified(definition)
    setting = object_at(definitions, "Setting")
    setting["properties"] = {
        key: member if key in _SETTING_MEMBERS else dict(_JSON_TYPE)
        for key, member in object_at(setting, "properties").items()
    }
    for name, document in (("ContractDocument", contract), ("ArtifactTypesDocument", types)):
        definitions[name] = _simplified(
            {key: value for key, value in document.items() if key not in ("$schema", "$defs", "title")}
        )
    # Only what the two documents reach: the holes are in the published schema for editors.
    reached = _reached(definitions, ("ContractDocument", "ArtifactTypesDocument"))
    return {
        "$schema": contract["$schema"],
        "description": "Both documents of a contract folder.",
        "type": "object",
        "properties": {
            "contract": {"$ref": "#/$defs/ContractDocument"},
            "types": {"$ref": "#/$defs/ArtifactTypesDocument"},
        },
        "$defs": {name: definitions[name] for name in definitions if name in reached},
    }


def _schema(name: str) -> JsonObject:
    value: JsonValue = json.loads((SCHEMA_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return object_at(value)


def _class(name: str) -> str:
    return name[:1].upper() + name[1:]


def _simplified(value: JsonValue) -> JsonValue:
    """The schema with class names for definitions, and without annotations that make no difference to the model."""
    if isinstance(value, list):
        return [_simplified(item) for item in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        return dict(_JSON_TYPE) if name in _ANY_JSON else {"$ref": f"#/$defs/{_class(name)}"}
    # Descriptions are for editors; those of objects become the docstrings of classes.
    dropped = (
        ("examples", "format", "default") if "properties" in value else ("examples", "format", "default", "description")
    )
    result: JsonObject = {}
    for key, member in value.items():
        if key == "properties":
            result[key] = {name: _simplified(item) for name, item in object_at(member).items()}
        elif key not in dropped:
            result[key] = _simplified(member)
    return result


def _reached(definitions: JsonObject, names: Sequence[str]) -> frozenset[str]:
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = None
        text = json.dumps(definitions[name])
        waiting += [other for other in definitions if f'"#/$defs/{other}"' in text]
    return frozenset(found)


def _formatted(source: str) -> str:
    """The source after one pass of ruff's import sorting and formatting, in the project's line length."""
    settings = ("--isolated", "--target-version", "py310", "--line-length", "120", "--stdin-filename", MODEL_FILE.name)
    for command in (
        ("check", "--select", "I,UP,D200,D212", "--exit-zero", "--fix", "--quiet"),
        ("format", "--quiet"),
    ):
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *settings, "-"],
            input=source,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        source = run.stdout
    return source


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the model, or with ``--check`` only compare it; 0 when it is fresh, 1 when the check finds it stale."""
    parser = argparse.ArgumentParser(prog="python -m smgen.contracts.document_model_script", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")
    check: bool = parser.parse_args(arguments).check
    wanted = model_source()
    present = MODEL_FILE.read_text(encoding="utf-8") if MODEL_FILE.is_file() else ""
    if present == wanted:
        return 0
    if check:
        sys.stdout.writelines(
            difflib.unified_diff(
                present.splitlines(True), wanted.splitlines(True), "document_model.py", "from the schemas"
            )
        )
        return 1
    MODEL_FILE.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
