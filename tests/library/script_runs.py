"""Runs a script of the library as its container does: by a Python that sees nothing of this project."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from jsonschema import ValidationError, validate

from smgen.contracts import read_contracts
from smgen.documents import JsonObject, JsonValue, parse_document

SPECS = Path(__file__).parents[2] / "contract_specs"
SCRIPTS = SPECS / "scripts"

Rows: TypeAlias = "Sequence[Sequence[object]]"


def run_script(
    script: str, arguments: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs ``scripts/<script>`` with that environment and no other, isolated from installed projects' paths."""
    command = [sys.executable, "-I", str(SCRIPTS / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(environment or {}), timeout=60)


def write_csv(path: Path, rows: Rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def read_csv(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]


def read_json(path: Path) -> JsonValue:
    """The JSON in a file, read as strictly as smgen reads contracts (no NaN, no duplicate keys)."""
    return parse_document(path.read_bytes(), path.name).value


def members(value: JsonValue) -> JsonObject:
    assert isinstance(value, dict)
    return value


def schema_problem(contract: str, output: str, file: str, report: JsonValue) -> str | None:
    """What a report has wrong by the schema in a contract of the library; None when it is right."""
    document = read_contracts(SPECS).contracts[contract].document
    schema = document
    for part in ("outputs", output, "files", file, "schema"):
        schema = members(schema[part])
    try:
        validate(report, schema)
    except ValidationError as error:
        return error.message
    return None
