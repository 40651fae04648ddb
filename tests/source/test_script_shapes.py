"""Scripts in the shapes that real ones have are silent; with one wrong edit each says what is wrong.

``python -m tests.source.test_script_shapes`` writes what is found into the file of expected findings, to be read.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from tests.source.public_styles import STYLES
from tests.source.script_contracts import found_in, told
from tests.source.script_shapes import QUIET, SHAPES, Shape

EXPECTED = Path(__file__).parent / "golden" / "script_shapes.json"
EDITS = [(name, edit) for name, shape in SHAPES.items() for edit in shape.edits]


def found(folder: Path, shape: Shape, script: str) -> list[str]:
    return told(found_in(folder, shape.contract, {"run.py": script, **shape.files}), folder)


def edited(shape: Shape, edit: str) -> str:
    old, new = shape.edits[edit]
    assert shape.script.count(old) == 1, (old, shape.script)
    return shape.script.replace(old, new)


def test_there_are_enough() -> None:
    assert len(SHAPES) >= 40
    assert len(STYLES) >= 30
    assert all(shape.edits for shape in SHAPES.values())


@pytest.mark.parametrize("name", [*SHAPES, *QUIET, *STYLES])
def test_a_right_script_is_silent(tmp_path: Path, name: str) -> None:
    shape = {**SHAPES, **QUIET, **STYLES}[name]
    assert found(tmp_path, shape, shape.script) == []


@pytest.mark.parametrize(("name", "edit"), EDITS)
def test_a_wrong_edit_is_found(tmp_path: Path, name: str, edit: str) -> None:
    expected: dict[str, dict[str, list[str]]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert expected[name][edit]
    assert found(tmp_path, SHAPES[name], edited(SHAPES[name], edit)) == expected[name][edit]


def write() -> None:
    """Write what is found today."""
    answers: dict[str, dict[str, list[str]]] = {}
    for name, edit in EDITS:
        with tempfile.TemporaryDirectory() as folder:
            answers.setdefault(name, {})[edit] = found(Path(folder), SHAPES[name], edited(SHAPES[name], edit))
    EXPECTED.parent.mkdir(exist_ok=True)
    EXPECTED.write_text(json.dumps(answers, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
