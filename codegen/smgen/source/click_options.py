"""The command line of a script that reads it with click or typer: options by decorators, and by parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from smgen.source.command_lines import CommandLine, Option
from smgen.source.script_constants import Constant, Constants, dotted
from smgen.source.script_text import Function, Script

_TYPES: Final = {
    "int": "int",
    "float": "float",
    "str": "str",
    "click.INT": "int",
    "click.FLOAT": "float",
    "click.STRING": "str",
    "Path": "str",
    "pathlib.Path": "str",
}
#: Settings with which a command takes more than its options.
_LENIENT: Final = ("context_settings", "cls")


def click_command_line(script: Script, constants: Constants) -> CommandLine | None:
    """What the one command of a script takes; None where it has none, several, or groups of them."""
    commands = [
        (function, decorator)
        for function in script.functions()
        for decorator in function.decorator_list
        if dotted(_called(decorator)) in ("click.command", "command")
    ]
    if len(commands) != 1 or any(
        dotted(_called(d)).endswith("group") for f in script.functions() for d in f.decorator_list
    ):
        return None
    function, command = commands[0]
    options: list[Option] = []
    whole = True
    for decorator in function.decorator_list:
        name = dotted(_called(decorator))
        if decorator is command or name.endswith(("version_option", "pass_context", "help_option")):
            continue
        found = None
        if isinstance(decorator, ast.Call) and name in ("click.option", "option", "click.argument", "argument"):
            found = _option(script, constants, decorator, argument=name.endswith("argument"))
        whole = whole and found is not None
        options += [found] if found is not None else []
    given = command.keywords if isinstance(command, ast.Call) else []
    lenient = any(keyword.arg is None or keyword.arg in _LENIENT for keyword in given)
    read = any(not call.args and not call.keywords and script.is_sure(call) for call in script.calls_of(function.name))
    return CommandLine("click", tuple(options), script.place(function), whole, read and not lenient, read)


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _option(script: Script, constants: Constants, call: ast.Call, *, argument: bool) -> Option | None:
    """The option that a decorator adds; None where its names are not known."""
    names = [constants.text(node) for node in call.args]
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    known = [name for name in names if name]
    if not known or len(known) != len(names) or None in keywords:
        return None
    flags = tuple(part.strip() for name in known if name.startswith("-") for part in name.split("/"))
    truth = any("/" in name for name in known) or _is_true(keywords.get("is_flag")) or "count" in keywords
    truth = truth or "flag_value" in keywords
    many = "nargs" in keywords or "multiple" in keywords or argument
    typed, choices = _type(constants, keywords.get("type"))
    default = keywords.get("default")
    if "type" not in keywords and default is not None:
        # click makes the type of the default; a text is the same for all of them.
        typed = None
    required = _is_true(keywords.get("required")) or (
        argument and "required" not in keywords and default is None and "nargs" not in keywords
    )
    return Option(
        flags,
        known[0].lstrip("-"),
        script.place(call),
        0 if truth else None if many else 1,
        required=required,
        type=None if truth else typed,
        choices=choices,
        default=None if default is None else constants.of(default),
    )


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _type(constants: Constants, node: ast.expr | None) -> tuple[str | None, tuple[Constant, ...] | None]:
    if node is None:
        return "str", None
    if isinstance(node, ast.Call) and dotted(node.func) in ("click.Choice", "Choice") and node.args:
        listed = constants.of(node.args[0]) if isinstance(node.args[0], (ast.List, ast.Tuple)) else None
        exact = listed is not None and isinstance(listed.value, tuple) and len(node.args) == 1 and not node.keywords
        return "str", listed.value if exact and listed is not None and isinstance(listed.value, tuple) else None
    return _TYPES.get(dotted(node)), None


# --- typer ----------------------------------------------------------------------------------------------------------


def typer_command_line(script: Script, constants: Constants) -> CommandLine | None:
    """What the one command of a script takes that typer makes of a function's parameters; None where there is none."""
    function = _typer_function(script)
    if function is None:
        return None
    found = [*_parameters(script, constants, function)]
    options = tuple(option for option in found if option is not None)
    return CommandLine("typer", options, script.place(function), whole=len(options) == len(found))


def _typer_function(script: Script) -> Function | None:
    """The function that ``typer.run`` is sure to be given, or the only command of an app that is sure to run."""
    named = {function.name: function for function in script.functions()}
    for call in script.of(ast.Call):
        if dotted(call.func) == "typer.run" and len(call.args) == 1 and script.is_sure(call):
            return named.get(dotted(call.args[0]))
    apps = {
        target.id
        for node in script.of(ast.Assign)
        if isinstance(node.value, ast.Call) and dotted(node.value.func) in ("typer.Typer", "Typer")
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    commands = [
        (function, name.partition(".")[0])
        for function in script.functions()
        for decorator in function.decorator_list
        if (name := dotted(_called(decorator))).partition(".")[0] in apps
    ]
    if len(commands) != 1 or any(node.attr in ("add_typer", "callback") for node in script.of(ast.Attribute)):
        return None
    function, app = commands[0]
    return function if any(script.is_sure(call) for call in script.calls_of(app)) else None


def _parameters(script: Script, constants: Constants, function: Function) -> Iterator[Option | None]:
    """An option for each parameter; None for one that is not known."""
    given = function.args
    if given.vararg is not None or given.kwarg is not None:
        yield None
    plain = [*given.posonlyargs, *given.args]
    missing: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    defaults = [*missing, *given.defaults, *given.kw_defaults]
    for parameter, default in zip([*plain, *given.kwonlyargs], defaults, strict=True):
        yield _parameter(script, constants, parameter, default)


def _parameter(script: Script, constants: Constants, parameter: ast.arg, default: ast.expr | None) -> Option | None:
    annotation, said = parameter.annotation, default
    if isinstance(annotation, ast.Subscript) and dotted(annotation.value).endswith("Annotated"):
        parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else []
        made = [part for part in parts if isinstance(part, ast.Call) and dotted(part.func).startswith("typer.")]
        if not parts or len(made) != 1 or made[0].keywords:
            return None
        annotation, said = parts[0], made[0]
    declared = dotted(said.func) if isinstance(said, ast.Call) else ""
    flags = (
        [text for node in said.args for text in [constants.text(node)] if text and text.startswith("-")]
        if (isinstance(said, ast.Call) and declared)
        else []
    )
    if isinstance(said, ast.Call) and declared not in ("typer.Option", "typer.Argument"):
        return None
    is_argument = default is None if not declared else declared == "typer.Argument"
    typed = dotted(annotation) if annotation is not None else "str"
    truth = typed == "bool"
    named = f"--{parameter.arg.replace('_', '-')}"
    known = tuple(part.strip() for flag in flags for part in flag.split("/")) or (
        (named, f"--no-{named[2:]}") if truth else (named,)
    )
    needed = default is None or (declared == "typer.Option" and said is default and _asks(said))
    return Option(
        () if is_argument else known,
        parameter.arg,
        script.place(parameter),
        0 if truth else 1 if typed in _TYPES and not is_argument else None,
        required=needed and typed in _TYPES,
        type=None if truth else _TYPES.get(typed),
        default=constants.of(default) if default is not None and not isinstance(default, ast.Call) else None,
    )


def _asks(node: ast.expr | None) -> bool:
    """Whether ``typer.Option(...)`` has no default: its first argument is ``...``."""
    first = node.args[0] if isinstance(node, ast.Call) and node.args else None
    return isinstance(first, ast.Constant) and first.value is Ellipsis
