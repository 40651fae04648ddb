"""The command line of a script that defines its flags with absl."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from smgen.source.command_lines import CommandLine, Option
from smgen.source.constant_loops import elements
from smgen.source.script_calls import FollowedScript
from smgen.source.script_constants import dotted, is_true

_TYPES: Final = {"integer": "int", "float": "float", "string": "str", "enum": "str"}
#: Libraries that define no flags of absl's themselves when they are imported.
_WITHOUT_FLAGS: Final = sys.stdlib_module_names | frozenset(
    (
        "absl",
        "boto3",
        "joblib",
        "matplotlib",
        "numpy",
        "pandas",
        "PIL",
        "scipy",
        "sklearn",
        "tensorflow",
        "torch",
        "yaml",
    )
)
_DEFINES: Final = "DEFINE_"


def absl_command_line(scripts: Sequence[FollowedScript], imported: frozenset[str]) -> CommandLine | None:
    """What ``app.run(main)`` reads for the flags that the scripts define; None where it is not what reads them.

    A script that imports other libraries may get flags of theirs.
    """
    script = scripts[0].script
    running = [call for call in script.of(ast.Call) if dotted(call.func) in ("app.run", "absl.app.run")]
    plain = len(running) == 1 and len(running[0].args) == 1 and not running[0].keywords
    if not plain or any(dotted(call.func) in ("FLAGS", "flags.FLAGS") for call in script.of(ast.Call)):
        return None
    found = list(_defined(scripts))
    options = tuple(option for option in found if option is not None)
    own = {name for item in scripts for name in item.links}
    whole = len(options) == len(found) and imported - own <= _WITHOUT_FLAGS
    sure = script.is_sure(running[0])
    return CommandLine("absl", options, script.place(running[0]), whole, refuses=sure, read=sure)


def _defined(scripts: Sequence[FollowedScript]) -> Iterator[Option | None]:
    """The flags that scripts define; None for one whose name is not known."""
    needed = {name for item in scripts for name in _needed(item)}
    for item in scripts:
        for call in item.script.of(ast.Call):
            kind = dotted(call.func).rpartition(".")[2]
            if kind.startswith(_DEFINES):
                yield _option(item, call, kind[len(_DEFINES) :].lower(), needed)


def _needed(item: FollowedScript) -> list[str]:
    """The flags that are marked as asked for."""
    found: list[str] = []
    for call in item.script.of(ast.Call):
        if dotted(call.func).endswith("mark_flag_as_required") and call.args:
            found += [item.constants.text(call.args[0]) or ""]
        if dotted(call.func).endswith("mark_flags_as_required") and call.args:
            found += [
                item.constants.text(node) or "" for node in elements(item.script, item.constants, call.args[0]) or ()
            ]
    return found


def _option(item: FollowedScript, call: ast.Call, kind: str, needed: Collection[str]) -> Option | None:
    """The flag that a call defines; None where its name is not known."""
    said = {keyword.arg: keyword.value for keyword in call.keywords}
    named = call.args[0] if call.args else said.get("name")
    name = None if named is None else item.constants.text(named)
    if not name or None in said or any(isinstance(node, ast.Starred) for node in call.args):
        return None
    flags = [f"--{name}", f"-{name}"]
    if kind in ("bool", "boolean"):
        flags += [f"--no{name}", f"-no{name}"]
    short = said.get("short_name")
    if short is not None:
        flags.append(f"-{item.constants.text(short)}")
    required = name in needed or is_true(said.get("required"))
    default = call.args[1] if len(call.args) > 1 else said.get("default")
    held = None if default is None else item.constants.of(default)
    typed = _TYPES.get(kind)
    place = item.script.place(call)
    sure = item.script.is_sure(call)
    return Option(tuple(flags), name, place, None if typed is None else 1, required, typed, None, held, sure)
