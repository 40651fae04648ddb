"""Scripts in the shapes that real ones have are silent; with one wrong edit each says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.golden import Golden
from tests.source.command_line_shapes import COMMAND_LINES, QUIET_COMMAND_LINES
from tests.source.field_shapes import FIELDS, QUIET_FIELDS
from tests.source.job_shapes import JOBS, QUIET_JOBS
from tests.source.more_public_styles import MORE_STYLES
from tests.source.public_styles import STYLES
from tests.source.script_contracts import found_in, told
from tests.source.script_shapes import QUIET, SHAPES, Shape


def _named(what: str, shapes: dict[str, Shape]) -> dict[str, Shape]:
    return {f"{what}: {name}": shape for name, shape in shapes.items()}


EXPECTED = Path(__file__).parent / "golden" / "script_shapes.json"
WITH_EDITS = {
    **SHAPES,
    **_named("command line", COMMAND_LINES),
    **_named("fields", FIELDS),
    **_named("job", JOBS),
}
SILENT = {
    **QUIET,
    **_named("command line", QUIET_COMMAND_LINES),
    **_named("fields", QUIET_FIELDS),
    **_named("job", QUIET_JOBS),
    **STYLES,
    **MORE_STYLES,
}
EDITS = [(name, edit) for name, shape in WITH_EDITS.items() for edit in shape.edits]


def found(folder: Path, shape: Shape, script: str) -> list[str]:
    return told(found_in(folder, shape.contract, {"run.py": script, **shape.files}), folder)


def edited(shape: Shape, edit: str) -> str:
    old, new = shape.edits[edit]
    assert shape.script.count(old) == 1, (old, shape.script)
    return shape.script.replace(old, new)


def test_there_are_enough() -> None:
    assert len(WITH_EDITS) >= 70
    assert len(STYLES) + len(MORE_STYLES) >= 45
    assert all(shape.edits for shape in WITH_EDITS.values())


@pytest.mark.parametrize("name", [*WITH_EDITS, *SILENT])
def test_a_right_script_is_silent(tmp_path: Path, name: str) -> None:
    shape = {**WITH_EDITS, **SILENT}[name]
    assert found(tmp_path, shape, shape.script) == []


@pytest.mark.parametrize(("name", "edit"), EDITS)
def test_a_wrong_edit_is_found(tmp_path: Path, name: str, edit: str, golden: Golden) -> None:
    findings = found(tmp_path, WITH_EDITS[name], edited(WITH_EDITS[name], edit))
    assert findings
    expected = read()
    golden.text(EXPECTED, text({**expected, name: {**expected.get(name, {}), edit: findings}}))


def test_there_is_an_answer_for_every_edit_and_no_other(golden: Golden) -> None:
    expected = read()
    kept = {name: {edit: expected[name][edit] for edit in shape.edits} for name, shape in WITH_EDITS.items()}
    golden.text(EXPECTED, text(kept))


def read() -> dict[str, dict[str, list[str]]]:
    expected: dict[str, dict[str, list[str]]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return expected


def text(answers: Mapping[str, Mapping[str, list[str]]]) -> str:
    return json.dumps(answers, indent=2, ensure_ascii=False) + "\n"
