"""The source rules over one module."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection
from contextlib import suppress

from smgen.diagnostics import Finding, Place, sorted_findings
from smgen.source.flow import Flow
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
    flow = Flow(ModuleText(file, text), tree, functions)
    # A module that is nested beyond reason is followed as far as it goes.
    with suppress(RecursionError):
        flow.run()
    return sorted_findings(flow.evaluator.findings.values())


def function_lines(text: str) -> dict[str, range]:
    """The lines of each function at the top of a module, counted from 1; nothing for a text that is no Python."""
    try:
        tree = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return {}
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return {node.name: range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in functions}


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # What Python warns of, such as unknown escapes, is no business of these rules.
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _unreadable(place: Place, reason: str) -> Finding:
    return Finding("SMG210", "the module of a pipeline is no Python", place, given=reason, fix="correct the syntax")
