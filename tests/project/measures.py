"""Counts of the house by its syntax trees, docstrings apart: ``python -m tests.project.measures [ROOT]`` tells them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smgen.aws import STEP_KINDS
from tests.project.checkout import CHECKOUT


@dataclass(frozen=True)
class Measures:
    """Of a source tree: where each thing stands that is counted, as ``file:line``, and how many lines there are."""

    kind_names: tuple[str, ...]
    """Literals that name a step kind outside of the room ``aws``."""
    shape_tests: tuple[str, ...]
    """Calls of ``isinstance`` against dict or list."""
    complexity: tuple[tuple[int, str], ...]
    """The cyclomatic complexity of each function, highest first."""
    lines: int

    def over(self, complexity: int) -> list[str]:
        """The functions above a complexity."""
        return [f"{name} {value}" for value, name in self.complexity if value > complexity]


def measured(root: Path) -> Measures:
    """The measures of the package below ``root``."""
    kinds: list[str] = []
    shapes: list[str] = []
    lines = 0
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        lines += len(text.splitlines())
        tree = ast.parse(text)
        documentation = set(_docstrings(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in STEP_KINDS and not name.startswith("aws/"):
                kinds += [] if node in documentation else [f"{name}:{node.lineno}"]
            elif isinstance(node, ast.Call) and _tests_a_shape(node):
                shapes.append(f"{name}:{node.lineno}")
    return Measures(tuple(kinds), tuple(shapes), tuple(sorted(_complexity(root), reverse=True)), lines)


def _complexity(root: Path) -> set[tuple[int, str]]:
    """The complexity of every function and method, by radon."""
    command = [sys.executable, "-m", "radon", "cc", "--json", str(root)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)
    return {
        (block["complexity"], f"{Path(file).relative_to(root).as_posix()}:{block['name']}")
        for file, blocks in told.items()
        for block in blocks
        if block["type"] in ("function", "method")
    }


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _tests_a_shape(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Name) and call.func.id == "isinstance" and len(call.args) == 2):
        return False
    return any(isinstance(node, ast.Name) and node.id in ("dict", "list") for node in ast.walk(call.args[1]))


def main() -> None:
    """Prints the counts of a tree, and the worst functions."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "codegen" / "smgen"
    found = measured(root)
    print(f"names of step kinds outside of aws  {len(found.kind_names):>6}")
    print(f"isinstance against dict or list     {len(found.shape_tests):>6}")
    print(f"functions over 20                   {len(found.over(20)):>6}")
    print(f"functions over 15                   {len(found.over(15)):>6}")
    print(f"lines                               {found.lines:>6}")
    for line in found.over(15):
        print(f"  {line}")


if __name__ == "__main__":
    main()
