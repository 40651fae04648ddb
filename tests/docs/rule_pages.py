"""The pages of rules that are a module of their own, made from its docstring, and the list of all rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from smgen.diagnostics import Rule, read_rule
from tests.golden import Golden
from tests.project.checkout import CHECKOUT

PAGES = CHECKOUT / "docs" / "rules"
INDEX = PAGES / "README.md"
MODULES = sorted((CHECKOUT / "codegen" / "smgen").glob("*/rules/smg*.py"))

#: The rules of which both snippets are members of a contract, or a whole artifact_types.json.
CONTRACT_RULES = [
    *(f"SMG{number}" for number in range(103, 120)),
    "SMG124",
    "SMG127",
    "SMG128",
    "SMG129",
    "SMG500",
]
#: The rules of which both snippets are a module with a pipeline that can be built with smgen's own steps.
PIPELINE_RULES = [f"SMG{number}" for number in (*range(200, 207), 208, 209, 213, 214, 215, 222, 223)]


def page_of(module: Path) -> str:
    """The page that a rule module has as its docstring."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")), clean=False) or ""
    return f"# {docstring.rstrip()}\n"


def list_of(rules: list[Rule], index: str) -> str:
    """The list: what it says before its table, and a row for each rule."""
    before = index.partition("\n|")[0]
    return "\n".join([before, *_rows(rules), ""])


def _rows(rules: list[Rule]) -> Iterator[str]:
    yield "| rule | name | severity | summary |"
    yield "|---|---|---|---|"
    for rule in rules:
        summary = rule.summary.replace("|", "\\|")
        yield f"| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.severity.value} | {summary} |"


def hold_pages(golden: Golden) -> None:
    """Holds the pages of modules and the list against what is made of the modules and the other pages."""
    for module in MODULES:
        page = page_of(module)
        golden.text(PAGES / f"{read_rule(page).id}.md", page)
    pages = sorted(path for path in PAGES.glob("SMG*.md"))
    rules = [read_rule(path.read_text(encoding="utf-8")) for path in pages]
    golden.text(INDEX, list_of(rules, INDEX.read_text(encoding="utf-8")))
