"""The command line that a library makes of the fields of a class or the parameters of a function."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from smgen.source.command_lines import CommandLine, Option
from smgen.source.constant_loops import enumeration_members
from smgen.source.script_calls import FollowedScript
from smgen.source.script_constants import Constant, called, dotted
from smgen.source.script_text import Function, Script

_PLAIN: Final = {"int": "int", "float": "float", "str": "str", "Path": "str", "pathlib.Path": "str"}
_SIMPLE: Final = frozenset(
    (*_PLAIN, "bool", "list", "dict", "tuple", "List", "Dict", "Tuple", "Literal", "typing.Literal", "typing.List")
)
_OPTIONAL: Final = ("Optional", "typing.Optional")
_LITERAL: Final = ("Literal", "typing.Literal")
_ASIDE: Final = ("ClassVar", "typing.ClassVar", "InitVar")
_DECORATORS: Final = ("dataclass", "dataclasses.dataclass", "pydantic.dataclasses.dataclass")
_FIELDS: Final = ("field", "dataclasses.field")
_DEEPEST: Final = 5


def field_command_line(scripts: Sequence[FollowedScript]) -> CommandLine | None:
    """What a script takes with HfArgumentParser, simple-parsing, tyro or fire; None where it uses none of them."""
    for read in (_of_hugging_face, _of_simple_parsing, _of_tyro, _of_fire):
        line = read(_Fields(scripts))
        if line is not None:
            return line
    return None


@dataclass(frozen=True, slots=True)
class _Options:
    """Options, and whether these are all."""

    options: tuple[Option, ...]
    whole: bool = True


class _Fields:
    """The classes and functions of scripts, of which the first is the one that is started."""

    def __init__(self, scripts: Sequence[FollowedScript]) -> None:
        self.scripts = scripts
        self.started = scripts[0]
        self.script = scripts[0].script

    def called(self, library: str, name: str) -> frozenset[str]:
        """What a name of a library is called in the started script."""
        found = {f"{library}.{name}"}
        for node in self.script.of(ast.ImportFrom):
            if node.module is not None and node.module.partition(".")[0] == library:
                found |= {alias.asname or alias.name for alias in node.names if alias.name == name}
        for imported in self.script.of(ast.Import):
            found |= {f"{alias.asname}.{name}" for alias in imported.names if alias.name == library and alias.asname}
        return frozenset(found)

    def calls(self, names: Collection[str]) -> list[ast.Call]:
        """The calls of a function by one of its names."""
        return [call for call in self.script.of(ast.Call) if dotted(call.func) in names]

    def methods(self, name: str) -> list[ast.Call]:
        """The calls of methods of a name."""
        return [c for c in self.script.of(ast.Call) if isinstance(c.func, ast.Attribute) and c.func.attr == name]

    def of_classes(self, nodes: Sequence[ast.expr]) -> _Options:
        """The options of dataclasses."""
        found = [self.of_class(self.started, node, 0) for node in nodes]
        return _Options(tuple(option for item in found for option in item.options), all(item.whole for item in found))

    def of_class(self, within: FollowedScript, node: ast.expr, depth: int) -> _Options:
        """The options of a dataclass with those of its bases; not all where one of them is a library's."""
        there = self._class(within, dotted(node))
        if there is None or depth > _DEEPEST:
            return _Options((), whole=False)
        script, made = there
        if not any(dotted(called(item)) in _DECORATORS for item in made.decorator_list):
            return _Options((), whole=False)
        options: dict[str, Option] = {}
        whole = not made.keywords
        for base in made.bases:
            of_base = self.of_class(script, base, depth + 1)
            options |= {option.name: option for option in of_base.options}
            whole = whole and of_base.whole
        for statement in made.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                option, known = _of_field(script, statement, statement.target.id)
                whole = whole and known
                if option is not None:
                    options[option.name] = option
        return _Options(tuple(options.values()), whole)

    def _class(self, within: FollowedScript, name: str) -> tuple[FollowedScript, ast.ClassDef] | None:
        """The class that a name means in a script, where that is defined once in one of the scripts."""
        wanted = [(within.script, name)] if "." not in name else []
        for script, meant in within.links.get(name.partition(".")[0], ()):
            wanted.append((script, meant if meant is not None and "." not in name else name.rpartition(".")[2]))
        for script, own in wanted:
            found = [node for node in script.of(ast.ClassDef) if node.name == own]
            followed = next(item for item in self.scripts if item.script is script)
            if len(found) == 1:
                return followed, found[0]
        return None

    def of_function(self, function: Function) -> _Options:
        """The options of a function's parameters."""
        named, given = parameters(function), function.args
        found = [_option(self.started, item.arg, item, item.annotation, default) for item, default in named]
        known = all(item.annotation is None or _is_plain(self.script, item.annotation) for item, _ in named)
        return _Options(tuple(found), known and given.vararg is None and given.kwarg is None)

    def line(self, tool: str, call: ast.Call, found: _Options, *, lenient: bool = False) -> CommandLine:
        """The command line that a call reads where it is sure to happen."""
        sure = self.script.is_sure(call)
        place = self.script.place(call)
        return CommandLine(tool, found.options, place, found.whole, refuses=sure and not lenient, read=sure)


def parameters(function: Function) -> list[tuple[ast.arg, ast.expr | None]]:
    """The parameters of a function that have a name, with their defaults."""
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    missing: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    return list(zip([*plain, *given.kwonlyargs], [*missing, *given.defaults, *given.kw_defaults], strict=True))


def _of_field(within: FollowedScript, node: ast.AnnAssign, name: str) -> tuple[Option | None, bool]:
    """The option of a field, and whether all that it makes is known; no option where it makes none."""
    annotation, value = node.annotation, node.value
    if dotted(annotation.value if isinstance(annotation, ast.Subscript) else annotation) in _ASIDE:
        return None, True
    if not isinstance(value, ast.Call):
        return _option(within, name, node, annotation, value), _is_plain(within.script, annotation)
    said = {keyword.arg: keyword.value for keyword in value.keywords}
    if dotted(value.func) not in _FIELDS or None in said:
        # A function that makes fields of its own: other names, and defaults, may be among what it says.
        return replace(_option(within, name, node, annotation, value), required=False), False
    if "init" in said:
        return None, True
    default = said.get("default", said.get("default_factory"))
    option = _option(within, name, node, annotation, default)
    if "default_factory" in said:
        option = replace(option, default=None)
    tells = said.get("metadata")
    others = tells is not None and (not isinstance(tells, ast.Dict) or any(_is_alias(key) for key in tells.keys))
    return option, not others and _is_plain(within.script, annotation)


def _is_alias(key: ast.expr | None) -> bool:
    return not (isinstance(key, ast.Constant) and key.value != "aliases")


def _option(
    within: FollowedScript,
    name: str,
    node: ast.AnnAssign | ast.arg,
    annotation: ast.expr | None,
    default: ast.expr | None,
) -> Option:
    """The option of a name with its type: flags with underscores and with dashes, as libraries take both."""
    place = within.script.place(node)
    typed, choices = _type(annotation)
    truth = annotation is not None and dotted(_without_none(annotation)) == "bool"
    beginnings = ("--", "--no_", "--no-") if truth else ("--",)
    flags = [before + own for before in beginnings for own in (name, name.replace("_", "-"))]
    held = None if default is None else within.constants.of(default)
    required = default is None and not truth and annotation is not None and _is_plain(within.script, annotation)
    values = 1 if typed is not None else None
    return Option(tuple(dict.fromkeys(flags)), name, place, values, required, typed, choices, held)


def _is_plain(script: Script, annotation: ast.expr) -> bool:
    """Whether a type makes one option that is told by its flag: it is one of Python's, or an enumeration."""
    inner = _without_none(annotation)
    name = dotted(inner.value if isinstance(inner, ast.Subscript) else inner)
    return name in _SIMPLE or enumeration_members(script, name) is not None


def _without_none(annotation: ast.expr) -> ast.expr:
    """The type of ``Optional[T]`` and of ``T | None``."""
    if isinstance(annotation, ast.Subscript) and dotted(annotation.value) in _OPTIONAL:
        return annotation.slice
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        none = isinstance(annotation.right, ast.Constant) and annotation.right.value is None
        return annotation.left if none else annotation
    return annotation


def _type(annotation: ast.expr | None) -> tuple[str | None, tuple[Constant, ...] | None]:
    """The type that makes a value of a text, and the choices; None for either where it is not known."""
    if annotation is None:
        return None, None
    inner = _without_none(annotation)
    if isinstance(inner, ast.Subscript) and dotted(inner.value) in _LITERAL:
        listed = inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]
        texts = [item.value for item in listed if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        return ("str", tuple(texts)) if len(texts) == len(listed) else (None, None)
    return _PLAIN.get(dotted(inner)), None


# --- the libraries --------------------------------------------------------------------------------------------------


def _of_hugging_face(fields: _Fields) -> CommandLine | None:
    """``HfArgumentParser((A, B)).parse_args_into_dataclasses()``."""
    made = fields.calls(fields.called("transformers", "HfArgumentParser"))
    if len(made) != 1 or len(made[0].args) != 1:
        return None
    reading = [*fields.methods("parse_args_into_dataclasses"), *fields.methods("parse_args")]
    if len(reading) != 1 or fields.methods("parse_known_args"):
        return None
    said = {keyword.arg: keyword.value for keyword in reading[0].keywords}
    remaining = said.pop("return_remaining_strings", None)
    if reading[0].args or said:
        return None
    given = made[0].args[0]
    classes = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    found = fields.of_classes(classes)
    if fields.methods("add_argument"):
        found = replace(found, whole=False)
    return fields.line("HfArgumentParser", reading[0], found, lenient=remaining is not None)


def _of_simple_parsing(fields: _Fields) -> CommandLine | None:
    """``parse(A)``, and ``add_arguments(A, dest="a")`` of its parser."""
    for call in fields.calls(fields.called("simple_parsing", "parse")):
        plain = len(call.args) == 1 and not call.keywords
        return fields.line("simple-parsing", call, fields.of_classes(call.args)) if plain else None
    made = fields.calls(fields.called("simple_parsing", "ArgumentParser"))
    added, reading = fields.methods("add_arguments"), fields.methods("parse_args")
    if len(made) != 1 or len(reading) != 1 or reading[0].args or reading[0].keywords or not added:
        return None
    found = fields.of_classes([call.args[0] for call in added if call.args])
    alone = len(added) == 1 and not fields.methods("add_argument") and all(fields.script.is_sure(it) for it in added)
    return fields.line("simple-parsing", reading[0], found if alone else replace(found, whole=False))


def _of_tyro(fields: _Fields) -> CommandLine | None:
    """``tyro.cli(A)`` of a dataclass or a function."""
    for call in fields.calls(fields.called("tyro", "cli")):
        if len(call.args) != 1 or any(item.arg not in ("description", "prog") for item in call.keywords):
            return None
        function = _function(fields, call.args[0])
        if function is not None and function.args.posonlyargs:
            return None
        found = fields.of_classes(call.args) if function is None else fields.of_function(function)
        return fields.line("tyro", call, found)
    return None


def _of_fire(fields: _Fields) -> CommandLine | None:
    """``fire.Fire(main)`` of a function; what it gives back would be asked for the arguments that it does not take."""
    for call in fields.calls(fields.called("fire", "Fire")):
        function = _function(fields, call.args[0]) if len(call.args) == 1 and not call.keywords else None
        if function is None or function.decorator_list:
            return None
        needed = {argument.arg for argument, default in parameters(function) if default is None}
        found = fields.of_function(function)
        gives = any(
            node.value is not None and fields.script.function_of(node) is function
            for node in fields.script.of(ast.Return)
        )
        options = tuple(
            Option((*option.flags, f"-{option.name[0]}"), option.name, option.place, None, option.name in needed, None)
            for option in found.options
        )
        line = fields.line("fire", call, _Options(options, found.whole and not gives))
        return replace(line, by_place=False)
    return None


def _function(fields: _Fields, node: ast.expr) -> Function | None:
    named = [function for function in fields.script.functions() if function.name == dotted(node)]
    return named[0] if len(named) == 1 else None
