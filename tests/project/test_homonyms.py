"""A file and a class have a name of their own, so that a name says which one is meant."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.project.checkout import CHECKOUT

HOUSE = CHECKOUT / "codegen" / "smgen"

#: How many names are shared yet, by files and by classes. No new one comes; who renames one lowers the bound.
MOST_FILES = 4
MOST_CLASSES = 15


def shared(names: dict[str, list[str]]) -> list[str]:
    return [f"{name}: {', '.join(places)}" for name, places in sorted(names.items()) if len(places) > 1]


def shared_files(root: Path) -> list[str]:
    """The names of modules that several rooms have; a package's own is always the same."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("*.py")):
        if path.name != "__init__.py":
            found[path.name].append(path.relative_to(root).as_posix())
    return shared(found)


def shared_classes(root: Path) -> list[str]:
    """The names of classes that several modules define."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("*.py")):
        classes = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef))
        for node in classes:
            found[node.name].append(f"{path.relative_to(root).as_posix()}:{node.lineno}")
    return shared(found)


def test_no_two_files_have_one_name() -> None:
    found = shared_files(HOUSE)
    assert len(found) <= MOST_FILES, "\n".join(found)


def test_no_two_classes_have_one_name() -> None:
    found = shared_classes(HOUSE)
    assert len(found) <= MOST_CLASSES, "\n".join(found)


def test_what_is_shared_is_told(tmp_path: Path) -> None:
    for name, text in {
        "a/x.py": "class A: ...\n",
        "b/x.py": "\nclass A: ...\n",
        "b/__init__.py": "class B: ...",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "__init__.py").write_text("")
    assert shared_files(tmp_path) == ["x.py: a/x.py, b/x.py"]
    assert shared_classes(tmp_path) == ["A: a/x.py:1, b/x.py:2"]
