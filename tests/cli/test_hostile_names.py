"""Files and folders whose names would move the cursor of a terminal, or be commands to a CI system."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from smgen.diagnostics import Format
from smgen.documents import JsonObject
from tests.cli.command_line import Result, smgen
from tests.fuzz.definitions import EXAMPLE
from tests.fuzz.running import check_output
from tests.source.script_contracts import processing, write_script

NAMES = ("::error::pwned", "a\n::add-mask::b\r::error::c\x1b[2J\x07\u202e##vso[task.complete]x")
FORMS = ("text", "json", "sarif", "github", "markdown")
DEFINITION: JsonObject = {"Version": "2020-12-01", "Steps": [{"Name": "Train", "Type": "Training", "Arguments": {}}]}


def calls(name: str) -> Iterator[tuple[str, ...]]:
    """Command lines about a folder of that name with everything in it, and about files of that name in it."""
    yield "lint", f"{name}/{name}.json"
    yield "lint", f"{name}/{name}.gone.json"
    yield "explain", "cache", f"{name}/{name}.json"
    yield "import", f"{name}/{name}.json", "--name", "Fraud", "-o", f"{name}/out"
    yield "import", f"{name}/{name}.json", "--name", name, "-o", f"{name}/other"
    yield "import", "--check", f"{name}/out"
    yield "validate", "--contracts", f"{name}/specs"
    yield "validate", "--explain", "--contracts", f"{name}/specs"
    yield "generate", "--contracts", f"{name}/specs", "--output", f"{name}/made"
    yield "generate", "--check", "--contracts", f"{name}/specs", "--output", f"{name}/made"
    yield "resolve", f"{name}/{name}.json", "--contracts", f"{name}/specs"
    yield "compile", "AbalonePipeline", "--env", "dev", "-o", f"{name}/build", "--project", f"{name}/project"
    yield "compile", name, "--env", name, "-o", f"{name}/build", "--project", f"{name}/project"
    yield "diff", f"{name}/{name}.json", f"{name}/{name}.json"
    yield "diff", name, f"git:{name}", "--pipeline", name, "--env", name, "--project", f"{name}/project"
    yield "diff", f"env:{name}", "dev", "--project", f"{name}/project"
    yield "resolve", "--project", f"{name}/project"
    yield "assets", "publish", f"{name}/build"
    yield "assets", "publish", f"{name}/{name}"
    yield "init", f"{name}/new"
    yield "init", f"{name}/new", "--name", name


def forms_of(call: tuple[str, ...]) -> tuple[str, ...]:
    told: tuple[str, ...] = ("text", "json", "markdown")
    own = {"lint": FORMS, "import": told, "diff": told, "explain": ("text", "json")}
    return own.get(call[0], FORMS[:4])


def held(result: Result, form: str) -> None:
    assert result.code in (0, 1, 2)
    assert "SMG199" not in result.out + result.err
    for text in (result.out, result.err):
        check_output(text, Format.GITHUB if form == "github" else Format.TEXT, 100)
    if form in ("json", "sarif") and result.out:
        json.loads(result.out)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    (folder / "specs").mkdir(parents=True)
    contract = processing(source={"dir": "job", "entry": "run.py", "pack": "folder"})
    write_script(folder / "specs", contract, {"run.py": "import os\n", f"{name}.py": "x = ("})
    (folder / "specs" / f"{name}.yaml").write_text("name: A\nkind: Training\n", encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(DEFINITION), encoding="utf-8")
    (folder / "project").mkdir()
    for file in ("pyproject.toml", "pipeline.py"):
        (folder / "project" / file).write_bytes((EXAMPLE / file).read_bytes())
    for call in calls(name):
        for form in forms_of(call):
            held(smgen(*call, "--format", form, cwd=tmp_path), form)
