"""The source rules over one module."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection
from contextlib import suppress
from functools import lru_cache

from smgen.diagnostics import Finding, Place, sorted_findings
from smgen.source.flow import ModuleFlow
from smgen.source.meanings import PARAMETERS
from smgen.source.module_text import ModuleText


def check_source(text: str, file: str, functions: Collection[str] = ()) -> tuple[Finding, ...]:
    """Everything that the source rules find in a module, in reading order.

    SMG220 for Python's operators over conditions and variables, SMG221 for texts made of references. ``functions``
    are the names of the pipeline functions in it; others are known by their annotations. A text that is no Python is
    one finding (SMG210). Nothing of the module is run or imported, and nothing is raised, whatever the text.
    """
    try:
        tree = _parsed(text)
    except SyntaxError as error:
        line = error.lineno or None
        place = Place(file=file, line=line, column=(error.offset or None) if line else None)
        return (_unreadable(place, error.msg),)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        # Null characters, lone surrogates, and nesting beyond what Python's parser takes.
        return (_unreadable(Place(file=file), str(error) or type(error).__name__),)
    flow = ModuleFlow(ModuleText(file, text), tree, functions)
    # A module that is nested beyond reason is followed as far as it goes.
    with suppress(RecursionError):
        flow.run()
    return sorted_findings(flow.evaluator.findings.values())


def function_lines(text: str) -> dict[str, range]:
    """The lines of each function at the top of a module, counted from 1; nothing for a text that is no Python."""
    tree = _parsed_or_empty(text)
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return {node.name: _lines(node) for node in functions}


def parameter_lines(text: str, within: range) -> dict[str, int]:
    """The line of each `p.string("Name")` and the like, by the parameter's name, in these lines of a module first."""
    found: dict[str, int] = {}
    for node in ast.walk(_parsed_or_empty(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PARAMETERS:
            named = [item.value for item in node.keywords if item.arg == "name"]
            for name in (*node.args[:1], *named):
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    earlier = found.get(name.value)
                    if earlier is None or (node.lineno in within and earlier not in within):
                        found[name.value] = node.lineno
    return found


def statement_lines(text: str) -> tuple[range, ...]:
    """The lines of each statement, counted from 1; of one that holds others, such as `if`, those of its head.

    Nothing for a text that is no Python.
    """
    found: list[range] = []
    for node in ast.walk(_parsed_or_empty(text)):
        if isinstance(node, ast.stmt):
            inner = [child.lineno for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            lines = _lines(node)
            found.append(range(lines.start, max(min(inner, default=lines.stop), lines.start + 1)))
    return tuple(found)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _parsed_or_empty(text: str) -> ast.Module:
    try:
        return _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return ast.Module([], [])


@lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # What Python warns of, such as unknown escapes, is no business of these rules.
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _unreadable(place: Place, reason: str) -> Finding:
    return Finding("SMG210", "the module of a pipeline is no Python", place, given=reason, fix="correct the syntax")
