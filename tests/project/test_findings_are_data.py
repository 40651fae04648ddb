"""What a finding is about stands in its members: nothing in the house decides by what a message says."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.project.checkout import CHECKOUT

SOURCES = sorted((CHECKOUT / "codegen/smgen").rglob("*.py"))
SEARCHES = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")
RENDERERS = ("findings_document", "json_text", "render", "render_json", "render_sarif", "sarif_log")


def reads_of_messages(tree: ast.AST) -> Iterator[int]:
    """The lines that compare a message, look into one, take it for a key, or ask whether there is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            parts: list[ast.expr] = [node.left, *node.comparators]
        elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
            parts = [node.test]
        elif isinstance(node, ast.comprehension):
            parts = node.ifs
        elif isinstance(node, ast.BoolOp):
            parts = node.values
        elif isinstance(node, ast.Subscript):
            parts = [node.slice, node.value]
        elif isinstance(node, ast.Tuple):
            parts = node.elts
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            parts = [node.func.value, *(node.args if node.func.attr in SEARCHES else [])]
        else:
            continue
        yield from (part.lineno for part in parts if isinstance(part, ast.Attribute) and part.attr == "message")


def documents_read_again(tree: ast.AST) -> Iterator[int]:
    """The lines that parse what they have just rendered."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "loads":
            names = (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
            if any(name in RENDERERS for name in names):
                yield node.lineno


def test_nothing_reads_a_message() -> None:
    # The order of findings that are alike in all else is that of their words.
    own = CHECKOUT / "codegen/smgen/diagnostics/finding.py"
    found = [
        f"{path.relative_to(CHECKOUT)}:{line}"
        for path in SOURCES
        if path != own
        for line in reads_of_messages(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_document_is_rendered_to_be_read_again() -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}:{line}"
        for path in SOURCES
        for line in documents_read_again(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "any(name in item.message for item in found)",
        "finding.message == other.message",
        "finding.message.startswith('a')",
        "finding.message.replace(name, '')",
        "re.split('; ', problem.message)",
        "PATTERN.search(finding.message)",
        "told.add((finding.rule, finding.message))",
        "told[finding.message]",
        "[item for item in found if item.message]",
        "1 if finding.message else 2",
    ],
)
def test_what_reads_a_message_is_seen(code: str) -> None:
    assert list(reads_of_messages(ast.parse(code)))


def test_a_document_that_is_read_again_is_seen() -> None:
    assert list(documents_read_again(ast.parse("json.loads(render(findings, Format.JSON))")))
