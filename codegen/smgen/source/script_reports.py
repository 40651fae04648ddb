"""The JSON files that a script writes, as far as their keys are constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.diagnostics import Place
from smgen.source.script_constants import Constants, dotted
from smgen.source.script_environment import opened_file
from smgen.source.script_text import Script

_DEEPEST: Final = 20
#: What may be done with a table that is written without its keys being others.
_LOOKS: Final = frozenset(("get", "items", "keys", "values", "copy"))


@dataclass(slots=True)
class WrittenObject:
    """An object that is written: its constant keys, and whether these are all. A value is None where it is no object.

    ``kinds`` are the JSON types of values that are constants.
    """

    place: Place
    members: dict[str, WrittenObject | None] = field(default_factory=dict[str, "WrittenObject | None"])
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    whole: bool = True


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """One writing of a file: its path as far as it is known, at least the file's name, and the JSON that is written.

    ``content`` is None where that is not known.
    """

    path: str
    place: Place
    content: WrittenObject | None


def together(written: Sequence[WrittenObject | None]) -> WrittenObject | None:
    """What is known of all that is written to one place: the keys of every writing; None where nothing is known."""
    known = [item for item in written if item is not None]
    if not known:
        return None
    found = WrittenObject(known[-1].place, whole=len(known) == len(written) and all(item.whole for item in known))
    for name in dict.fromkeys(name for item in known for name in item.members):
        holders = [item for item in known if name in item.members]
        found.members[name] = together([item.members[name] for item in holders])
        first, *others = {item.kinds.get(name) for item in holders}
        if first is not None and not others:
            found.kinds[name] = first
    return found


def reports_of(script: Script, constants: Constants) -> Iterator[WrittenReport]:
    """Every writing of a file whose name is known, of JSON or of a text that may be JSON."""
    for call in script.of(ast.Call):
        function = dotted(call.func)
        if function in ("json.dump", "dump"):
            node, target = _argument(call, 0, "obj"), _argument(call, 1, "fp")
            path = None if target is None else opened_file(script, constants, target)
        elif isinstance(call.func, ast.Attribute) and call.func.attr in ("write", "write_text") and len(call.args) == 1:
            node = _dumped(constants, call.args[0])
            path = call.func.value
            if call.func.attr == "write":
                path = opened_file(script, constants, path)
        else:
            continue
        name = None if path is None else file_name(constants, path)
        if name is not None:
            content = None if node is None else _object(script, constants, node, 0)
            yield WrittenReport(name, script.place(call), content)


def _argument(call: ast.Call, number: int, name: str) -> ast.expr | None:
    if len(call.args) > number:
        return call.args[number]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _dumped(constants: Constants, node: ast.expr) -> ast.expr | None:
    """What a text is the JSON of: the argument of ``json.dumps``."""
    found = constants.bound(node) or node
    if isinstance(found, ast.BinOp):
        found = found.left
    is_json = isinstance(found, ast.Call) and dotted(found.func) in ("json.dumps", "dumps")
    return found.args[0] if is_json and isinstance(found, ast.Call) and found.args else None


def file_name(constants: Constants, node: ast.expr) -> str | None:
    """A path, or the last part of one whose beginning is not known."""
    found = constants.bound(node) or node
    text = constants.text(found)
    if text is not None:
        return text
    if isinstance(found, ast.BinOp) and isinstance(found.op, ast.Div):
        return constants.text(found.right)
    if isinstance(found, ast.Call) and found.args and dotted(found.func).endswith(("join", "joinpath")):
        return constants.text(found.args[-1])
    if isinstance(found, ast.Call) and len(found.args) == 1 and dotted(found.func).rpartition(".")[2] == "Path":
        return file_name(constants, found.args[0])
    if isinstance(found, ast.JoinedStr) and found.values:
        last = constants.text(found.values[-1])
        return last.rpartition("/")[2] if last is not None and "/" in last else None
    return None


def _object(script: Script, constants: Constants, node: ast.expr, depth: int) -> WrittenObject | None:
    found = constants.bound(node)
    members = None if found is None or depth > _DEEPEST else _members(constants, found)
    if found is None or members is None:
        return None
    written = WrittenObject(script.place(found))
    for text, value in members:
        if text is None:
            written.whole = False
        else:
            written.members[text] = _object(script, constants, value, depth + 1)
            kind = _kind(constants, value)
            if kind is not None:
                written.kinds[text] = kind
    if isinstance(node, ast.Name):
        _follow(script, constants, node, written)
        if not written.whole:
            _open(written)
    return written


def _members(constants: Constants, node: ast.expr) -> list[tuple[str | None, ast.expr]] | None:
    """The keys, None where one is not known, and values of a table, ``{…}`` or ``dict(…)``; None for anything else."""
    if isinstance(node, ast.Dict):
        keys = [None if key is None else constants.text(key) for key in node.keys]
        return list(zip(keys, node.values, strict=True))
    if isinstance(node, ast.Call) and dotted(node.func) == "dict" and not node.args:
        return [(keyword.arg, keyword.value) for keyword in node.keywords]
    return None


def _kind(constants: Constants, value: ast.expr) -> str | None:
    known = constants.of(value)
    kinds: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
    return None if known is None else kinds.get(type(known.value))


def _follow(script: Script, constants: Constants, name: ast.Name, written: WrittenObject) -> None:
    """What the script does with a table after it has been made."""
    for use in script.loads_of(name.id):
        if constants.variable(use) != constants.variable(name):
            continue
        outer = next((node for node in script.around(use) if not isinstance(node, ast.keyword)), None)
        if isinstance(outer, ast.Subscript):
            _stored(script, constants, outer, written)
        elif isinstance(outer, ast.Attribute):
            written.whole = written.whole and outer.attr in _LOOKS
        elif isinstance(outer, ast.Call):
            function = dotted(outer.func)
            plain = function in ("json.dump", "json.dumps", "dump", "dumps", "print", "len", "str", "pprint")
            written.whole = written.whole and (plain or ".info" in function or ".debug" in function)
        elif not isinstance(outer, (ast.FormattedValue, ast.Compare, ast.For)):
            written.whole = False


def _open(written: WrittenObject) -> None:
    """Takes note that any table in a table may be filled or replaced by what is not seen."""
    for member in written.members.values():
        if member is not None:
            member.whole = False
            _open(member)


def _stored(script: Script, constants: Constants, node: ast.Subscript, written: WrittenObject) -> None:
    """A member that is set by a subscript, or by several in a row."""
    rows = [node]
    while isinstance(outer := next(script.around(rows[-1]), None), ast.Subscript) and outer.value is rows[-1]:
        rows.append(outer)
    last = rows[-1]
    inside: WrittenObject | None = written
    for row in rows[:-1]:
        key = constants.text(row.slice)
        inside = None if inside is None or key is None else inside.members.get(key)
    if inside is None:
        # A member that is not known: which keys its own tables have is not known either.
        written.whole = written.whole and isinstance(last.ctx, ast.Load)
        return
    key = constants.text(last.slice)
    if isinstance(last.ctx, ast.Load):
        member = None if key is None else inside.members.get(key)
        if member is not None and isinstance(outer, (ast.Attribute, ast.Call)):
            member.whole = False
    elif key is None or not isinstance(last.ctx, ast.Store):
        inside.whole = False
    else:
        inside.members[key] = _object(script, constants, outer.value, 1) if isinstance(outer, ast.Assign) else None
        inside.kinds.pop(key, None)
