"""The lines that scripts print, with numbers in the places of values."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from smgen.source.script_calls import FollowedScript
from smgen.source.script_constants import Constants, dotted
from smgen.source.script_text import Script

#: What stands for a value that is printed: a float, or a whole number.
SAMPLES: Final = ("0.5", "5")
_LONGEST: Final = 400
_MOST_LINES: Final = 500
_PERCENT: Final = re.compile(r"%(\(\w+\))?[-+ #0]*\d*(\.\d+)?[a-zA-Z]")
_BRACES: Final = re.compile(r"\{[^{}]*\}")
_WRITERS: Final = ("sys.stdout.write", "sys.stderr.write")
_PRINTERS: Final = ("print", *_WRITERS, "tqdm.write", "click.echo", "typer.echo")
_LEVELS: Final = ("debug", "info", "warning", "error", "critical")
#: Arguments with which a line may go on.
_GO_ON: Final = (None, "end", "nl")
#: Functions that make a text of a table, or a table.
_TABLES: Final = ("dumps", "pformat", "dict", "vars", "asdict")
#: Functions that set up logging in a way that is not looked at, and the ends of formats after which a line is complete.
_CONFIGURE: Final = ("dictConfig", "fileConfig")
_ENDS: Final = ("%(message)s", "{message}", "$message", "${message}")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line once for each sample in place of its values. ``whole`` says that it is all of a line that is printed.

    The format of the log may put more before a line that is ``logged``.
    """

    samples: tuple[str, ...]
    whole: bool = True
    logged: bool = False


def printed_lines(scripts: Sequence[FollowedScript]) -> Iterator[PrintedLine]:
    """Each line that scripts print, log or write to the output."""
    ends = all(_ends_with_messages(item.script, item.constants) for item in scripts)
    for item in scripts:
        calls = [call for call in item.script.of(ast.Call) if dotted(call.func) in _PRINTERS or _logs(call)]
        handed = _handed_texts(item) if calls else frozenset[str]()
        for call in calls[:_MOST_LINES]:
            samples = tuple(_line(item.constants, call, sample)[:_LONGEST] for sample in SAMPLES)
            whole = _is_whole(item, call, samples[0], handed)
            yield PrintedLine(samples, whole and (ends or not _logs(call)), _logs(call))


def _logs(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return name in _LEVELS or (name == "log" and len(call.args) > 1)


def _ends_with_messages(script: Script, constants: Constants) -> bool:
    """Whether nothing is set up to stand behind the messages of a log."""
    for call in script.of(ast.Call):
        name = dotted(call.func).rpartition(".")[2]
        said = {keyword.arg: keyword.value for keyword in call.keywords}
        formats: list[ast.expr] = []
        if name == "basicConfig":
            formats = [said[key] for key in ("format", None) if key in said]
        elif name.endswith("Formatter"):
            formats = [*call.args[:1], *(said[key] for key in ("fmt", None) if key in said)]
        if name in _CONFIGURE or any(not (constants.text(node) or "").endswith(_ENDS) for node in formats):
            return False
    return True


def _is_whole(item: FollowedScript, call: ast.Call, sample: str, handed: Collection[str]) -> bool:
    """Whether a call prints a line of its own, of which only numbers are not known.

    ``handed`` are the functions that are given texts.
    """
    if any(keyword.arg in _GO_ON for keyword in call.keywords):
        return False
    if dotted(call.func) in _WRITERS and not sample.endswith("\n"):
        return False
    if any(isinstance(node, ast.Starred) for node in call.args):
        return False
    if len(call.args) == 1 and _binds(item, call.args[0]) in handed:
        return False
    return not _shows_table(item.constants, call.args)


def _binds(item: FollowedScript, node: ast.expr) -> str | None:
    """The function that binds a name itself, as a parameter or by a statement; None for anything else."""
    function = item.script.function_of(node)
    own = isinstance(node, ast.Name) and item.constants.variable(node) == (function, node.id)
    return function.name if own and function is not None else None


def _handed_texts(item: FollowedScript) -> frozenset[str]:
    """The functions that are called with a text of which numbers are a part."""
    within = ((dotted(call.func).rpartition(".")[2], call) for call in item.script.of(ast.Call))
    return frozenset(name for name, call in (*within, *item.outside) if any(map(_is_made, call.args)))


def _is_made(node: ast.expr) -> bool:
    """Whether a text is made of others."""
    return isinstance(node, (ast.JoinedStr, ast.BinOp)) or (isinstance(node, ast.Call) and _is_format(node))


def _shows_table(constants: Constants, nodes: Sequence[ast.expr]) -> bool:
    """Whether a table is among what is put into a text: as what it is, as JSON, or by its name."""
    left = list(nodes)
    while left:
        node = left.pop()
        found = constants.bound(node) or node
        if isinstance(found, (ast.Dict, ast.DictComp)):
            return True
        if isinstance(found, ast.Call):
            if dotted(found.func).rpartition(".")[2] in _TABLES:
                return True
            if isinstance(node, ast.Call) and (_is_format(node) or dotted(node.func) in ("str", "repr")):
                left += [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.JoinedStr):
            left += [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.BinOp):
            left += [node.left, node.right]
    return False


def _is_format(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "format"


def _line(constants: Constants, call: ast.Call, sample: str) -> str:
    parts = [_template(constants, argument, sample) for argument in call.args]
    if dotted(call.func) == "print":
        separator = next((constants.text(item.value) for item in call.keywords if item.arg == "sep"), " ")
        return (" " if separator is None else separator).join(parts)
    # The level is the first argument of log().
    return next(iter(parts[isinstance(call.func, ast.Attribute) and call.func.attr == "log" :]), "")


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
