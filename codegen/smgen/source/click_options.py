"""The command line of a script that reads it with click or typer: options by decorators, and by parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from smgen.diagnostics import Place
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
_DECORATORS: Final = ("click.option", "option", "click.argument", "argument")
_APPS: Final = ("typer.Typer", "Typer")
#: Decorators that add no option of the script's own.
_ASIDE: Final = ("version_option", "help_option", "pass_context")
#: Arguments of an option that takes no value.
_NO_VALUE: Final = frozenset(("count", "flag_value"))


def click_command_line(script: Script, constants: Constants) -> CommandLine | None:
    """What the one command of a script takes; None where it has none, several, or groups of them."""
    decorated = [(function, item) for function in script.functions() for item in function.decorator_list]
    commands = [pair for pair in decorated if dotted(_called(pair[1])) in ("click.command", "command")]
    if len(commands) != 1 or any(dotted(_called(item)).endswith("group") for _, item in decorated):
        return None
    function, command = commands[0]
    options, whole = _options(script, constants, function, command)
    read = any(script.is_sure(call) for call in script.calls_of(function.name) if not (call.args or call.keywords))
    return CommandLine("click", options, script.place(function), whole, read and not _takes_anything(command), read)


def _options(
    script: Script, constants: Constants, function: Function, command: ast.expr
) -> tuple[tuple[Option, ...], bool]:
    """The options that are known, and whether these are all."""
    others = [item for item in function.decorator_list if item is not command]
    found = [_decorated(script, constants, item) for item in others if not dotted(_called(item)).endswith(_ASIDE)]
    return tuple(option for option in found if option is not None), None not in found


def _takes_anything(command: ast.expr) -> bool:
    """Whether a command is set up to take more than its options."""
    given = command.keywords if isinstance(command, ast.Call) else []
    return any(keyword.arg is None or keyword.arg in _LENIENT for keyword in given)


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _decorated(script: Script, constants: Constants, decorator: ast.expr) -> Option | None:
    """The option that a decorator adds; None where it is another decorator, or its names are not known."""
    if not isinstance(decorator, ast.Call) or dotted(decorator.func) not in _DECORATORS:
        return None
    names = [constants.text(node) for node in decorator.args]
    known = [name for name in names if name]
    keywords = {keyword.arg: keyword.value for keyword in decorator.keywords}
    if not known or len(known) != len(names) or None in keywords:
        return None
    if not dotted(decorator.func).endswith("argument"):
        return _option(constants, script.place(decorator), known, keywords)
    left_out = any(name in keywords for name in ("required", "nargs", "default"))
    required = _is_true(keywords.get("required")) or not left_out
    return Option((), known[0], script.place(decorator), None, required, None)


def _option(constants: Constants, place: Place, names: list[str], keywords: Mapping[str | None, ast.expr]) -> Option:
    """The option of these names, which are flags and one that a function knows it by."""
    default = keywords.get("default")
    held = None if default is None else constants.of(default)
    flags = tuple(part.strip() for name in names if name.startswith("-") for part in name.split("/"))
    required = _is_true(keywords.get("required"))
    named = names[0].lstrip("-")
    if any("/" in name for name in names) or _is_true(keywords.get("is_flag")) or not _NO_VALUE.isdisjoint(keywords):
        return Option(flags, named, place, 0, required, None, default=held)
    typed, choices = _type(constants, keywords.get("type"))
    if "type" not in keywords and default is not None:
        # click makes the type of the default.
        typed = None
    values = None if "nargs" in keywords or "multiple" in keywords else 1
    return Option(flags, named, place, values, required, typed, choices, held)


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
    for call in script.of(ast.Call):
        if dotted(call.func) == "typer.run" and len(call.args) == 1 and script.is_sure(call):
            return next((item for item in script.functions() if item.name == dotted(call.args[0])), None)
    commands = _commands(script, _apps(script))
    if len(commands) != 1 or any(node.attr in ("add_typer", "callback") for node in script.of(ast.Attribute)):
        return None
    function, app = commands[0]
    return function if any(script.is_sure(call) for call in script.calls_of(app)) else None


def _commands(script: Script, apps: set[str]) -> list[tuple[Function, str]]:
    """The functions that a decorator makes commands of an app, each with the app's name."""
    decorated = [(function, item) for function in script.functions() for item in function.decorator_list]
    named = [(function, dotted(_called(item)).partition(".")[0]) for function, item in decorated]
    return [(function, app) for function, app in named if app in apps]


def _apps(script: Script) -> set[str]:
    """What a script calls its apps of typer."""
    made = [node for node in script.of(ast.Assign) if dotted(_called(node.value)) in _APPS]
    return {target.id for node in made for target in node.targets if isinstance(target, ast.Name)}


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
    declared = _declared(parameter.annotation, default)
    if declared is None:
        return None
    annotation, said = declared
    typed = "str" if annotation is None else dotted(annotation)
    is_known, truth, place = typed in _TYPES, typed == "bool", script.place(parameter)
    needed = is_known and (default is None or (said is default and _asks(said)))
    held = constants.of(default) if default is not None and said is None else None
    if dotted(said.func) == "typer.Argument" if said is not None else default is None:
        return Option((), parameter.arg, place, None, needed, None, default=held)
    values = 0 if truth else 1 if is_known else None
    flags = _flags(constants, said) or _made_flags(parameter.arg, truth=truth)
    return Option(flags, parameter.arg, place, values, needed, _TYPES.get(typed), default=held)


def _flags(constants: Constants, said: ast.Call | None) -> tuple[str, ...]:
    """The flags that a ``typer.Option`` names."""
    written = [text for node in (said.args if said is not None else ()) if (text := constants.text(node))]
    return tuple(part.strip() for flag in written if flag.startswith("-") for part in flag.split("/"))


def _made_flags(parameter: str, *, truth: bool) -> tuple[str, ...]:
    """The flags that typer makes of a parameter's name."""
    name = parameter.replace("_", "-")
    return (f"--{name}", f"--no-{name}") if truth else (f"--{name}",)


def _declared(annotation: ast.expr | None, default: ast.expr | None) -> tuple[ast.expr | None, ast.Call | None] | None:
    """The type of a parameter and its ``typer.Option`` or ``typer.Argument``; None for what is neither of them."""
    said = default if isinstance(default, ast.Call) else None
    if isinstance(annotation, ast.Subscript) and dotted(annotation.value).endswith("Annotated"):
        parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else []
        made = [part for part in parts if isinstance(part, ast.Call) and dotted(part.func).startswith("typer.")]
        if len(made) != 1 or made[0].keywords or said is not None:
            return None
        annotation, said = parts[0], made[0]
    if said is not None and dotted(said.func) not in ("typer.Option", "typer.Argument"):
        return None
    return annotation, said


def _asks(call: ast.Call | None) -> bool:
    """Whether ``typer.Option(...)`` has no default: its first argument is ``...``."""
    first = call.args[0] if call is not None and call.args else None
    return isinstance(first, ast.Constant) and first.value is Ellipsis
