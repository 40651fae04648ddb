"""The command line of a script that reads it with argparse, by its syntax tree.

Parsers, their groups, parents and subparsers are one set of options, and so are those of the packed modules that the
script imports: which of them reads the command line does not matter to a flag that none of them knows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from smgen.source.command_lines import CommandLine, ExclusiveGroup, Option
from smgen.source.script_calls import FollowedScript
from smgen.source.script_constants import Constant, Known, dotted, is_true
from smgen.source.script_text import Script

_STRICT: Final = ("parse_args", "parse_intermixed_args")
_LENIENT: Final = ("parse_known_args", "parse_known_intermixed_args")
#: Arguments of a parser with which it reads other things than are looked for here.
_OF_ANOTHER_KIND: Final = ("exit_on_error",)
#: Arguments of a parser for which other words than flags mean something.
_MORE_SIGNS: Final = ("prefix_chars", "fromfile_prefix_chars")
_WITHOUT_VALUE: Final = ("store_true", "store_false", "store_const", "append_const", "count", "help", "version")
_WITH_VALUE: Final = ("store", "append", "extend")
_TYPES: Final = {"int": "int", "float": "float", "bool": "bool", "str": "str", "Path": "str", "pathlib.Path": "str"}
#: What a class has to say anew to take other arguments than its parser does, beside methods that begin so.
_OF_PARSERS: Final = frozenset((*_STRICT, *_LENIENT, "add_argument", "convert_arg_line_to_args", "register"))
_INNER_OF_PARSERS: Final = ("_get_", "_parse_", "_check_", "_match_", "_read_", "_add_", "_handle_", "_pop_")
_ADDING: Final = "add_argument"
_COMMAND: Final = "add_parser"
#: The names that argparse has for numbers of values; with the last two an option takes all that follows.
_NUMBERS: Final = {"OPTIONAL": "?", "ZERO_OR_MORE": "*", "ONE_OR_MORE": "+", "REMAINDER": "...", "PARSER": "A..."}


def argparse_command_line(scripts: Sequence[FollowedScript]) -> CommandLine | None:
    """What the parsers of a script and of the modules it imports take; None where they make none.

    The first of ``scripts`` is the one that is started.
    """
    names = [_names(item.script) for item in scripts]
    own = frozenset(name for item in names for name in item.own)
    parts = [
        _Part(item, replace(found, own=found.own | (own & item.imported)))
        for item, found in zip(scripts, names, strict=True)
    ]
    return _ParserReader(parts).command_line()


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
    made_of: set[str] = set()
    for node in script.of(ast.ClassDef):
        if any(dotted(base) in parsers or dotted(base) in made_of for base in node.bases):
            made_of.add(node.name)
    return _Names(parsers, frozenset(made_of), called("BooleanOptionalAction"))


@dataclass(frozen=True, slots=True)
class _Found:
    """An option that a call adds; None where its names are not known."""

    option: Option | None
    receiver: ast.expr


@dataclass(slots=True)
class _ParserReader:
    parts: list[_Part]

    def command_line(self) -> CommandLine | None:
        made = [(part, call) for part in self.parts for call in part.made()]
        if not made:
            return None
        methods = {name for part in self.parts for name in part.methods()}
        found = [(part, item) for part in self.parts for item in part.found()]
        keywords = {item.arg: (part, item.value) for part, call in made for item in part.keywords(call)}
        sure, reading = self.reading()
        place_part, place_call = (sure or reading or made)[0]
        return CommandLine(
            "argparse",
            tuple(item.option for _, item in found if item.option is not None),
            place_part.script.place(place_call),
            whole=self.is_whole([item for _, item in found], keywords),
            refuses=bool(sure) and self.refuses(methods),
            read=bool(sure) and len(self.roots(made)) == 1 and keywords.keys().isdisjoint(_MORE_SIGNS),
            abbreviates="allow_abbrev" not in keywords or not _is_false(keywords["allow_abbrev"][1]),
            commands="add_subparsers" in methods,
            command_names=self.command_names(found),
            exclusive=tuple(self.groups(found)),
        )

    def reading(self) -> tuple[list[tuple[_Part, ast.Call]], list[tuple[_Part, ast.Call]]]:
        """The calls that are sure to read the command line as it is, and all that may."""
        calls = [(part, call) for part in self.parts for call in part.reading()]
        if any(part.changes_arguments() or part.reads_otherwise() for part in self.parts):
            return [], calls
        return [(p, call) for p, call in calls if p.reads_command_line(call) and p.script.is_sure(call)], calls

    def refuses(self, methods: set[str]) -> bool:
        """Whether what is not taken ends the script."""
        return methods.isdisjoint(_LENIENT) and not any(part.refuses_less() for part in self.parts)

    def is_whole(self, found: list[_Found], keywords: Mapping[str | None, tuple[_Part, ast.expr]]) -> bool:
        """Whether all options are known, of parsers that are made with what is looked at here."""
        signs = keywords.get("prefix_chars")
        dashed = signs is None or "-" in (signs[0].constants.text(signs[1]) or "")
        known = all(item.option is not None for item in found)
        plain = None not in keywords and not any(name in keywords for name in _OF_ANOTHER_KIND)
        return known and plain and dashed and not any(part.reads_otherwise() or part.escapes() for part in self.parts)

    def roots(self, made: list[tuple[_Part, ast.Call]]) -> list[ast.Call]:
        """The parsers that are sure to be made, and those of the started script that may be, but for parents."""
        return [
            call
            for part, call in made
            if (part is self.parts[0] or part.script.is_sure(call)) and not part.is_parent(call)
        ]

    def command_names(self, found: list[tuple[_Part, _Found]]) -> tuple[str, ...]:
        """The commands of which the first argument has to be one; none where these are not known."""
        calls = [(part, call) for part in self.parts for call in part.methods().get("add_subparsers", ())]
        if len(calls) != 1 or not calls[0][0].script.is_sure(calls[0][1]):
            return ()
        part, made = calls[0]
        # An argument of the parser itself may come first.
        if any(own.is_by_place(item) and not own.is_of_command(item) for own, item in found):
            return ()
        names = [own.command_name(call) for own in self.parts for call in own.methods().get(_COMMAND, ())]
        known = tuple(name for name in names if name is not None)
        return known if len(known) == len(names) and part.has_all_uses(made, len(names), _COMMAND) else ()

    def groups(self, found: list[tuple[_Part, _Found]]) -> Iterator[ExclusiveGroup]:
        """The groups of which one option is given, as far as all of their options are known."""
        numbers: dict[ast.expr, list[int]] = {}
        number = 0
        for part, item in found:
            group = part.constants.bound(item.receiver)
            if group is not None and item.option is not None and item.option.sure:
                numbers.setdefault(group, []).append(number)
            number += item.option is not None
        for part in self.parts:
            for call in part.methods().get("add_mutually_exclusive_group", ()):
                if call in numbers and part.has_all_uses(call, len(numbers[call])):
                    required = any(word.arg == "required" and is_true(word.value) for word in call.keywords)
                    sure = part.script.is_sure(call)
                    yield ExclusiveGroup(tuple(numbers[call]), required, part.script.place(call), sure)


class _Part:
    """One script: the parsers that it makes, and what it adds to them and reads with them."""

    def __init__(self, followed: FollowedScript, names: _Names) -> None:
        self.followed = followed
        self.script = followed.script
        self.constants = followed.constants
        self.names = names
        self._made: list[ast.Call] | None = None
        self._methods: dict[str, list[ast.Call]] = {}
        for call in self.script.of(ast.Call):
            if isinstance(call.func, ast.Attribute):
                self._methods.setdefault(call.func.attr, []).append(call)

    def made(self) -> list[ast.Call]:
        """The calls that make a parser."""
        if self._made is None:
            classes = self.names.parsers | self.names.own
            self._made = [call for call in self.script.of(ast.Call) if dotted(call.func) in classes] if classes else []
        return self._made

    def methods(self) -> Mapping[str, list[ast.Call]]:
        """The calls of methods by their names; one by another name is none of the parser's."""
        return self._methods

    def reading(self) -> list[ast.Call]:
        """The calls that may read the command line."""
        return [call for name in (*_STRICT, *_LENIENT) for call in self._methods.get(name, ())]

    def keywords(self, call: ast.Call) -> Iterator[ast.keyword]:
        """What a parser is made with, also by a class of the script."""
        yield from call.keywords
        if dotted(call.func) in self.names.own:
            for other in self._methods.get("__init__", ()):
                if isinstance(other.func, ast.Attribute) and isinstance(other.func.value, ast.Call):
                    # Keywords that a class hands on are those of the call.
                    yield from (item for item in other.keywords if item.arg is not None)

    # --- classes of the script's own ---

    def _own_methods(self) -> set[str]:
        own = [node for node in self.script.of(ast.ClassDef) if node.name in self.names.own]
        return {item.name for node in own for item in node.body if isinstance(item, ast.FunctionDef)}

    def reads_otherwise(self) -> bool:
        """Whether a class made of the parser may take other arguments than its parser does."""
        own = [node for node in self.script.of(ast.ClassDef) if node.name in self.names.own]
        methods = self._own_methods()
        told = any(name in _OF_PARSERS or name.startswith(_INNER_OF_PARSERS) for name in methods)
        return told or any(len(node.bases) > 1 for node in own)

    def refuses_less(self) -> bool:
        """Whether a class made of the parser may go on where its parser ends the script."""
        return not self._own_methods().isdisjoint(("error", "exit")) or self.reads_otherwise()

    # --- what becomes of a parser ---

    def is_parent(self, call: ast.Call) -> bool:
        """Whether a parser is only there for others to take its options."""
        outer = next(self.script.around(call), None)
        if isinstance(outer, ast.List):
            return self._is_parents(outer)
        return any(
            isinstance(listed := next(self.script.around(name), None), ast.List) and self._is_parents(listed)
            for target in self._targets(call)
            for name in self.script.loads_of(target.id)
        )

    def _is_parents(self, node: ast.expr) -> bool:
        outer = next(self.script.around(node), None)
        return isinstance(outer, ast.keyword) and outer.arg == "parents"

    def escapes(self) -> bool:
        """Whether a parser is handed to code that may add to it: to anything but functions of the scripts."""
        made = self.made()
        holders = {target.id for call in made for target in self._targets(call)}
        if any(not self._stays(name) for holder in holders for name in self.script.loads_of(holder)):
            return True
        return any(isinstance(next(self.script.around(call), None), ast.Call) for call in made)

    def _targets(self, call: ast.Call) -> Iterator[ast.Name]:
        outer = next(self.script.around(call), None)
        if isinstance(outer, (ast.Assign, ast.AnnAssign)):
            targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
            yield from (target for target in targets if isinstance(target, ast.Name))

    def _stays(self, name: ast.Name) -> bool:
        outer = next(self.script.around(name), None)
        if isinstance(outer, ast.Attribute):
            return outer.attr not in ("_add_action", "_actions", "register")
        if isinstance(outer, ast.Call):
            own = isinstance(outer.func, ast.Name) and self.script.has_function(outer.func.id)
            return own or self.followed.leads_to(outer.func) is not None
        if isinstance(outer, (ast.List, ast.Tuple)):
            return self._is_parents(outer)
        return isinstance(outer, (ast.Return, ast.Assign, ast.Expr))

    def is_by_place(self, item: _Found) -> bool:
        """Whether what a call adds is an argument that is told by its place."""
        return item.option is not None and not item.option.flags

    def is_of_command(self, item: _Found) -> bool:
        """Whether an option is one of a command's."""
        parser = self.constants.bound(item.receiver)
        return isinstance(parser, ast.Call) and isinstance(parser.func, ast.Attribute) and parser.func.attr == _COMMAND

    def command_name(self, call: ast.Call) -> str | None:
        """The one name of a command that a call adds."""
        plain = len(call.args) == 1 and all(keyword.arg not in ("aliases", None) for keyword in call.keywords)
        return self.constants.text(call.args[0]) if plain else None

    def has_all_uses(self, group: ast.Call, added: int, method: str = _ADDING) -> bool:
        """Whether nothing is done with a group but to add so many options, or with subparsers but to add parsers."""
        targets = [target.id for target in self._targets(group)]
        if len(targets) != 1 or len(self.script.stores_of(targets[0])) != 1:
            return False
        uses = self.script.loads_of(targets[0])
        adding = [call for name in uses for call in (self._called_on(name, method),) if call is not None]
        return len(adding) == len(uses) == added

    def _called_on(self, name: ast.Name, method: str) -> ast.Call | None:
        attribute = next(self.script.around(name), None)
        call = next(self.script.around(attribute), None) if isinstance(attribute, ast.Attribute) else None
        adds = isinstance(attribute, ast.Attribute) and attribute.attr == method
        return call if adds and isinstance(call, ast.Call) and call.func is attribute else None

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
        calls = [*self.script.calls_of(function.name), *self.followed.calls_from_outside(function.name)]
        given = [value for call in calls for value in (*call.args, *(keyword.value for keyword in call.keywords))]
        return bool(calls) and all(_is_command_line(value) for value in given)

    def changes_arguments(self) -> bool:
        """Whether the script writes its command line itself."""
        for node in self.script.of(ast.Attribute):
            if dotted(node) == "sys.argv":
                outer = next(self.script.around(node), None)
                stored = isinstance(outer, ast.Subscript) and not isinstance(outer.ctx, ast.Load)
                if not isinstance(node.ctx, ast.Load) or isinstance(outer, ast.Attribute) or stored:
                    return True
        return False

    # --- options ---

    def found(self) -> Iterator[_Found]:
        """What each call adds, and once for each pass what a call in a loop over constants adds."""
        for call, receiver in self._added():
            if not any(isinstance(outer, ast.For) for outer in self.script.around(call)):
                yield _Found(self._option(call, sure=self.script.is_sure(call)), receiver)
                continue
            # Few scripts have options in loops, in tables or with choices: compiling waits for what is imported.
            from smgen.source.constant_loops import passes

            for bound, sure in passes(self.script, self.constants, call):
                with self.constants.bound_to(bound):
                    yield _Found(self._option(call, sure=sure), receiver)

    def _added(self) -> Iterator[tuple[ast.Call, ast.expr]]:
        """The calls that add an argument, also by a name that the method was given, each with what it adds to."""
        for call in self._methods.get(_ADDING, ()):
            if isinstance(call.func, ast.Attribute):
                yield call, call.func.value
        for node in self.script.of(ast.Assign):
            if isinstance(node.value, ast.Attribute) and node.value.attr == _ADDING:
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        yield from ((call, node.value.value) for call in self.script.calls_of(target.id))

    def _option(self, call: ast.Call, *, sure: bool) -> Option | None:
        """The option that a call adds; None where its name is not known."""
        keywords = self._said(call)
        known = self._option_names(call, keywords)
        if known is None:
            return None
        flags = tuple(name for name in known if name[0] in "-+/" and len(name) > 1)
        name, place = known[0].lstrip("-+/"), self.script.place(call)
        if None in keywords:
            # All else may stand in the table that is handed in.
            return Option(flags, name, place, None, type=None, sure=sure)
        values, typed = self._values(keywords)
        number = self._number(keywords)
        if dotted(keywords.get("action", call)) in self.names.boolean_action:
            flags += tuple(f"--no-{flag[2:]}" for flag in flags if flag.startswith("--"))
        return Option(
            flags,
            name,
            place,
            values,
            required=self._required(keywords) if flags else bool(values) or number == Known("+"),
            type=typed,
            choices=self._choices(keywords["choices"], typed) if "choices" in keywords else None,
            default=self.constants.of(keywords["default"]) if "default" in keywords else None,
            sure=sure,
            most=1 if number in (None, Known("?")) else None,
            # What is not known may be the rest.
            rest=number is None or number.value in ("...", "A..."),
        )

    def _number(self, keywords: dict[str | None, ast.expr]) -> Known | None:
        """What an option says of how many values it takes; None where that is not known."""
        said = keywords.get("nargs")
        if said is None:
            return Known(None)
        name = dotted(said).rpartition(".")[2]
        return Known(_NUMBERS[name]) if name in _NUMBERS else self.constants.of(said)

    def _choices(self, node: ast.expr, typed: str | None) -> tuple[Constant, ...] | None:
        from smgen.source.constant_loops import choices_of

        return choices_of(self.script, self.constants, node, typed)

    def _said(self, call: ast.Call) -> dict[str | None, ast.expr]:
        """The keywords of a call, with those of constant tables that it is given by ``**``."""
        said: dict[str | None, ast.expr] = {}
        for keyword in call.keywords:
            if keyword.arg is not None:
                said[keyword.arg] = keyword.value
                continue
            from smgen.source.constant_loops import pairs

            table = pairs(self.constants, keyword.value)
            named = {self.constants.text(key): value for key, value in table or ()}
            said |= {None: keyword.value} if table is None or None in named else named
        return said

    def _option_names(self, call: ast.Call, keywords: dict[str | None, ast.expr]) -> tuple[str, ...] | None:
        """The flags of an option, or the name of an argument; None where they are not all known."""
        nodes: list[ast.expr] = []
        for node in call.args or ([keywords["dest"]] if "dest" in keywords else []):
            if isinstance(node, ast.Starred):
                from smgen.source.constant_loops import elements

                listed = elements(self.script, self.constants, node.value)
                if listed is None:
                    return None
                nodes += listed
            else:
                nodes.append(node)
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
        said = keywords.get("type")
        typed = "str" if said is None else _TYPES.get(dotted(self.constants.bound(said) or said))
        number = self._number(keywords)
        if number is None or isinstance(number.value, str):
            return None, typed
        return (number.value if isinstance(number.value, int) else 1), typed

    def _required(self, keywords: dict[str | None, ast.expr]) -> bool:
        said = keywords.get("required")
        known = None if said is None else self.constants.of(said)
        return known is not None and known.value is True


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _is_command_line(node: ast.expr) -> bool:
    """Whether an expression is ``sys.argv[1:]``, or None, which means it."""
    if isinstance(node, ast.Constant):
        return node.value is None
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
        return False
    start = node.slice.lower
    from_first = isinstance(start, ast.Constant) and start.value == 1
    return from_first and node.slice.upper is None and dotted(node.value) in ("sys.argv", "argv")
