"""The lines that a script prints, with numbers in the places of values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from smgen.source.script_constants import Constants, dotted
from smgen.source.script_text import Script

#: What stands for a value that is printed: a float, or a whole number.
SAMPLES: Final = ("0.5", "5")
_LONGEST: Final = 400
_MOST_LINES: Final = 500
_PERCENT: Final = re.compile(r"%(\(\w+\))?[-+ #0]*\d*(\.\d+)?[a-zA-Z]")
_BRACES: Final = re.compile(r"\{[^{}]*\}")


def printed_lines(script: Script, constants: Constants) -> tuple[tuple[str, ...], ...]:
    """Each line that is printed, logged or written to the output, once for each sample in place of its values."""
    found: list[tuple[str, ...]] = []
    for call in script.of(ast.Call):
        if len(found) < _MOST_LINES and _prints(call):
            lines = tuple(_line(constants, call, sample)[:_LONGEST] for sample in SAMPLES)
            found.append(lines)
    return tuple(found)


def _prints(call: ast.Call) -> bool:
    name = dotted(call.func)
    logs = isinstance(call.func, ast.Attribute) and call.func.attr in (
        "debug",
        "info",
        "warning",
        "error",
        "critical",
        "log",
    )
    return name in ("print", "sys.stdout.write", "sys.stderr.write", "tqdm.write", "click.echo", "typer.echo") or logs


def _line(constants: Constants, call: ast.Call, sample: str) -> str:
    parts = [_template(constants, argument, sample) for argument in call.args]
    if dotted(call.func) == "print":
        separator = next((constants.text(item.value) for item in call.keywords if item.arg == "sep"), " ")
        return (" " if separator is None else separator).join(parts)
    return next(iter(parts), "")


def _template(constants: Constants, node: ast.expr, sample: str) -> str:
    """A text with a sample for each of its values."""
    found = constants.bound(node) or node
    text = constants.text(found)
    if text is not None:
        return _PERCENT.sub(sample, text)
    if isinstance(found, ast.JoinedStr):
        return "".join(_part(constants, part, sample) for part in found.values)
    if isinstance(found, ast.BinOp) and isinstance(found.op, ast.Mod):
        return _template(constants, found.left, sample)
    if isinstance(found, ast.BinOp) and isinstance(found.op, ast.Add):
        return "".join(_pieces(constants, found, sample))
    if isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute) and found.func.attr == "format":
        return _BRACES.sub(sample, constants.text(found.func.value) or sample)
    return sample


def _part(constants: Constants, part: ast.expr, sample: str) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else constants.text(part) or sample


def _pieces(constants: Constants, node: ast.expr, sample: str) -> Iterator[str]:
    """The parts of a sum, from the left, without recursion: sums can be long."""
    parts: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts.append(node.right)
        node = node.left
    for part in (node, *reversed(parts)):
        yield constants.text(part) or sample
