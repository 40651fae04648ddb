"""The command line of a script that reads it with argparse, by its syntax tree.

Parsers, their groups, parents and subparsers are one set of options: which of them reads the command line does not
matter to a flag that none of them knows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from smgen.source.command_lines import CommandLine, Option
from smgen.source.script_constants import Constant, Constants, Known, dotted
from smgen.source.script_text import Script

_STRICT: Final = ("parse_args", "parse_intermixed_args")
_LENIENT: Final = ("parse_known_args", "parse_known_intermixed_args")
#: Arguments of a parser with which it reads other things than are looked for here.
_OF_ANOTHER_KIND: Final = ("prefix_chars", "fromfile_prefix_chars", "exit_on_error")
_WITHOUT_VALUE: Final = ("store_true", "store_false", "store_const", "append_const", "count", "help", "version")
_WITH_VALUE: Final = ("store", "append", "extend")
_TYPES: Final = {"int": "int", "float": "float", "bool": "bool", "str": "str", "Path": "str", "pathlib.Path": "str"}


def argparse_command_line(script: Script, constants: Constants) -> CommandLine | None:
    """What the parsers of a script take; None where it makes none."""
    return _Reader(script, constants, _names(script)).command_line()


@dataclass(frozen=True, slots=True)
class _Names:
    """What argparse and its parser are called in a script; ``own`` are classes that are made of the parser."""

    parsers: frozenset[str]
    own: frozenset[str]
    boolean_action: frozenset[str]


def _names(script: Script) -> _Names:
    modules = {
        alias.asname or alias.name for node in script.of(ast.Import) for alias in node.names if alias.name == "argparse"
    }
    taken = [alias for node in script.of(ast.ImportFrom) if node.module == "argparse" for alias in node.names]

    def called(name: str) -> frozenset[str]:
        own = {alias.asname or alias.name for alias in taken if alias.name == name}
        return frozenset(own | {f"{module}.{name}" for module in modules})

    parsers = called("ArgumentParser")
    made_of = {node.name for node in script.of(ast.ClassDef) if any(dotted(base) in parsers for base in node.bases)}
    return _Names(parsers, frozenset(made_of), called("BooleanOptionalAction"))


@dataclass(slots=True)
class _Reader:
    script: Script
    constants: Constants
    names: _Names

    def command_line(self) -> CommandLine | None:
        classes = self.names.parsers | self.names.own
        made = [call for call in self.script.of(ast.Call) if dotted(call.func) in classes] if classes else []
        if not made:
            return None
        methods = self.methods()
        sure, reading = self.reading(methods)
        options, whole = self.options(methods)
        read = bool(sure) and not self.changes_arguments()
        keywords = {keyword.arg: keyword.value for call in made for keyword in call.keywords}
        return CommandLine(
            "argparse",
            options,
            self.script.place((sure or reading or made)[0]),
            whole=whole and self.is_plain(keywords) and not self.escapes(made),
            refuses=read and methods.keys().isdisjoint(_LENIENT),
            read=read and len(made) == 1,
            abbreviates=not _is_false(keywords.get("allow_abbrev")),
            commands="add_subparsers" in methods,
        )

    def reading(self, methods: dict[str, list[ast.Call]]) -> tuple[list[ast.Call], list[ast.Call]]:
        """The calls that are sure to read the command line, and all that may."""
        calls = [call for name in (*_STRICT, *_LENIENT) for call in methods.get(name, ())]
        return [call for call in calls if self.reads_command_line(call) and self.script.is_sure(call)], calls

    def options(self, methods: dict[str, list[ast.Call]]) -> tuple[tuple[Option, ...], bool]:
        """The options that are known, and whether these are all."""
        found = [self.option(call) for call in self.added(methods)]
        return tuple(option for option in found if option is not None), None not in found

    def is_plain(self, keywords: dict[str | None, ast.expr]) -> bool:
        """Whether the parsers are argparse's own, made with what is looked at here."""
        return not self.names.own and None not in keywords and not any(name in keywords for name in _OF_ANOTHER_KIND)

    def methods(self) -> dict[str, list[ast.Call]]:
        """The calls of methods by their names; one by another name is none of the parser's."""
        found: dict[str, list[ast.Call]] = {}
        for call in self.script.of(ast.Call):
            if isinstance(call.func, ast.Attribute):
                found.setdefault(call.func.attr, []).append(call)
        return found

    def added(self, methods: dict[str, list[ast.Call]]) -> Iterator[ast.Call]:
        """The calls that add an argument, also by a name that the method was given."""
        yield from methods.get("add_argument", ())
        for node in self.script.of(ast.Assign):
            if isinstance(node.value, ast.Attribute) and node.value.attr == "add_argument":
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        yield from self.script.calls_of(target.id)

    # --- what becomes of a parser ---

    def escapes(self, made: list[ast.Call]) -> bool:
        """Whether a parser is handed to code that may add to it: to anything but functions of the script."""
        holders = {target.id for call in made for target in self._targets(call)}
        for name in self.script.of(ast.Name):
            if name.id in holders and isinstance(name.ctx, ast.Load) and not self._stays(name):
                return True
        return any(self._taken_in(call) for call in made)

    def _targets(self, call: ast.Call) -> Iterator[ast.Name]:
        outer = next(self.script.around(call), None)
        if isinstance(outer, (ast.Assign, ast.AnnAssign)):
            targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
            yield from (target for target in targets if isinstance(target, ast.Name))

    def _taken_in(self, call: ast.Call) -> bool:
        """Whether a parser is made as an argument of a call, ``wrap(ArgumentParser())``."""
        return isinstance(next(self.script.around(call), None), ast.Call)

    def _stays(self, name: ast.Name) -> bool:
        outer = next(self.script.around(name), None)
        if isinstance(outer, ast.Attribute):
            return outer.attr not in ("_add_action", "_actions", "register")
        if isinstance(outer, ast.Call):
            return isinstance(outer.func, ast.Name) and self.script.has_function(outer.func.id)
        if isinstance(outer, (ast.List, ast.Tuple)):
            keyword = next(self.script.around(outer), None)
            return isinstance(keyword, ast.keyword) and keyword.arg == "parents"
        return isinstance(outer, (ast.Return, ast.Assign, ast.Expr))

    def reads_command_line(self, call: ast.Call) -> bool:
        """Whether it is the command line that a call reads, and no list of the script's own."""
        given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in ("args", None))]
        if not given or (isinstance(given[0], ast.Constant) and given[0].value is None):
            return True
        if _is_command_line(given[0]):
            return True
        return isinstance(given[0], ast.Name) and self._is_handed_on(given[0])

    def _is_handed_on(self, name: ast.Name) -> bool:
        """Whether a name is a parameter that is left out, or given the command line, where its function is called."""
        function = self.script.function_of(name)
        if function is None or name.id not in {argument.arg for argument in function.args.args}:
            bound = self.constants.bound(name)
            return bound is not None and _is_command_line(bound)
        calls = self.script.calls_of(function.name)
        given = [value for call in calls for value in (*call.args, *(keyword.value for keyword in call.keywords))]
        return bool(calls) and all(_is_command_line(value) for value in given)

    def changes_arguments(self) -> bool:
        """Whether the script writes its command line itself."""
        for node in self.script.of(ast.Attribute):
            if dotted(node) == "sys.argv":
                outer = next(self.script.around(node), None)
                if not isinstance(node.ctx, ast.Load) or isinstance(outer, ast.Attribute):
                    return True
        return False

    # --- options ---

    def option(self, call: ast.Call) -> Option | None:
        """The option that a call adds; None where its name is not known."""
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        known = self._option_names(call, keywords)
        if known is None:
            return None
        flags = tuple(name for name in known if name.startswith("-"))
        name, place, sure = known[0].lstrip("-"), self.script.place(call), self.script.is_sure(call)
        if None in keywords:
            # All else may stand in the table that is handed in.
            return Option(flags, name, place, None, type=None, sure=sure)
        values, typed = self._values(keywords)
        if dotted(keywords.get("action", call)) in self.names.boolean_action:
            flags += tuple(f"--no-{flag[2:]}" for flag in flags if flag.startswith("--"))
        return Option(
            flags,
            name,
            place,
            values,
            required=self._required(flags, keywords, values),
            type=typed,
            choices=self._choices(keywords.get("choices")),
            default=self.constants.of(keywords["default"]) if "default" in keywords else None,
            sure=sure,
        )

    def _option_names(self, call: ast.Call, keywords: dict[str | None, ast.expr]) -> tuple[str, ...] | None:
        """The flags of an option, or the name of an argument; None where they are not all known."""
        nodes = call.args or ([keywords["dest"]] if "dest" in keywords else [])
        names = [self.constants.text(node) for node in nodes]
        known = tuple(name for name in names if name)
        return known if known and len(known) == len(names) else None

    def _values(self, keywords: dict[str | None, ast.expr]) -> tuple[int | None, str | None]:
        """How many values an option takes, and of which type."""
        if "action" in keywords:
            action = self.constants.text(keywords["action"])
            if action in _WITHOUT_VALUE or dotted(keywords["action"]) in self.names.boolean_action:
                return 0, None
            if action not in _WITH_VALUE:
                return None, None
        typed = _TYPES.get(dotted(keywords["type"])) if "type" in keywords else "str"
        if "nargs" not in keywords:
            return 1, typed
        number = self.constants.of(keywords["nargs"])
        counted = number is not None and isinstance(number.value, int)
        return (int(number.value) if counted and number is not None and isinstance(number.value, int) else None), typed

    def _required(self, flags: tuple[str, ...], keywords: dict[str | None, ast.expr], values: int | None) -> bool:
        if flags:
            said = keywords.get("required")
            return isinstance(said, ast.Constant) and said.value is True
        nargs = self.constants.of(keywords["nargs"]) if "nargs" in keywords else Known(None)
        return nargs is not None and (nargs.value in (None, "+") or bool(values))

    def _choices(self, node: ast.expr | None) -> tuple[Constant, ...] | None:
        if node is None:
            return None
        written = node if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else self.constants.bound(node)
        if not isinstance(written, ast.Tuple) and written is not node:
            # A list that has a name may be added to.
            return None
        found = None if written is None else self.constants.of(written)
        return found.value if found is not None and isinstance(found.value, tuple) else None


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _is_command_line(node: ast.expr) -> bool:
    """Whether an expression is ``sys.argv[1:]``."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
        return False
    start = node.slice.lower
    from_first = isinstance(start, ast.Constant) and start.value == 1
    return from_first and node.slice.upper is None and dotted(node.value) in ("sys.argv", "argv")
