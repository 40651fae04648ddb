"""The command line of a script that reads it with click or typer: options by decorators, and by parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from smgen.diagnostics import Place
from smgen.source.command_lines import CommandLine, Option
from smgen.source.constant_loops import pairs
from smgen.source.field_options import parameters
from smgen.source.script_constants import Constant, Constants, called, dotted, is_true
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
#: Settings of a context with which a command takes more than its options, and those that change nothing of them.
_LENIENT: Final = frozenset(("ignore_unknown_options", "allow_extra_args"))
_PLAIN: Final = frozenset(("help_option_names", "show_default", "max_content_width", "terminal_width", "color", "obj"))
_DECORATORS: Final = ("click.option", "option", "click.argument", "argument")
_APPS: Final = ("typer.Typer", "Typer")
#: Decorators that add no option of the script's own.
_ASIDE: Final = ("version_option", "help_option", "pass_context", "pass_obj")
#: Arguments of an option that takes no value.
_NO_VALUE: Final = frozenset(("count", "flag_value"))
#: Arguments that may give a value where none is sent.
_FROM_ELSEWHERE: Final = frozenset(("envvar", "default", "default_factory", "prompt", "cls"))
#: Arguments with which typer makes another option than its type says.
_OF_OTHER_TYPES: Final = (None, "count", "is_flag", "flag_value", "parser", "click_type")
#: Arguments with which an option may take no value or several.
_TAKES_OTHERS: Final = frozenset(("nargs", "cls", "is_flag", "prompt_required"))


def click_command_line(script: Script, constants: Constants) -> CommandLine | None:
    """What the one command of a script takes; None where it has none, several, or groups of them."""
    decorated = [(function, item) for function in script.functions() for item in function.decorator_list]
    commands = [pair for pair in decorated if dotted(called(pair[1])) in ("click.command", "command")]
    if len(commands) != 1 or any(dotted(called(item)).endswith("group") for _, item in decorated):
        return None
    function, command = commands[0]
    options, whole = _options(script, constants, function, command)
    read = any(script.is_sure(call) for call in script.calls_of(function.name) if not (call.args or call.keywords))
    settings = _settings(constants, [command])
    known = read and settings <= _LENIENT | _PLAIN
    return CommandLine("click", options, script.place(function), whole, known and settings <= _PLAIN, known)


def _options(
    script: Script, constants: Constants, function: Function, command: ast.expr
) -> tuple[tuple[Option, ...], bool]:
    """The options that are known, and whether these are all."""
    others = [item for item in function.decorator_list if item is not command]
    found = [_decorated(script, constants, item) for item in others if not dotted(called(item)).endswith(_ASIDE)]
    return tuple(option for option in found if option is not None), None not in found


def _settings(constants: Constants, commands: Sequence[ast.expr]) -> frozenset[str]:
    """The settings of the context of a command that decorators make; "" for what may be any."""
    found: set[str] = set()
    for keyword in (word for command in commands if isinstance(command, ast.Call) for word in command.keywords):
        if keyword.arg == "context_settings":
            table = pairs(constants, keyword.value)
            found |= {""} if table is None else {constants.text(key) or "" for key, _ in table}
        elif keyword.arg in (None, "cls"):
            found.add("")
    return frozenset(found)


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
    required = (is_true(keywords.get("required")) or not left_out) and _FROM_ELSEWHERE.isdisjoint(keywords)
    return Option((), known[0], script.place(decorator), None, required, None)


def _option(constants: Constants, place: Place, names: list[str], keywords: Mapping[str | None, ast.expr]) -> Option:
    """The option of these names, which are flags and one that a function knows it by."""
    default = keywords.get("default")
    held = None if default is None else constants.of(default)
    flags = tuple(part.strip() for name in names if name.startswith("-") for part in name.split("/"))
    required = is_true(keywords.get("required")) and _FROM_ELSEWHERE.isdisjoint(keywords)
    named = names[0].lstrip("-")
    values = _values(constants, names, keywords)
    if values == 0:
        return Option(flags, named, place, 0, required, None, default=held)
    typed, choices = _type(constants, keywords.get("type"))
    if "type" not in keywords and default is not None:
        # click makes the type of the default.
        typed = None
    return Option(flags, named, place, values, required, typed, choices, held, most=None if values else 1)


def _values(constants: Constants, names: list[str], keywords: Mapping[str | None, ast.expr]) -> int | None:
    """How many values an option takes, None where that is not known; one that may be given again takes one each."""
    is_flag = keywords.get("is_flag")
    of_flags = any("/" in name for name in names) or not _NO_VALUE.isdisjoint(keywords)
    if is_true(is_flag) or (of_flags and is_flag is None):
        return 0
    number = constants.of(keywords["nargs"]) if "nargs" in keywords else None
    if number is not None and isinstance(number.value, int):
        return number.value
    plain = _TAKES_OTHERS.isdisjoint(keywords) and not isinstance(keywords.get("type"), ast.Tuple)
    return 1 if plain else None


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
    settings = _settings(constants, function.decorator_list)
    known, plain = settings <= _LENIENT | _PLAIN, settings <= _PLAIN
    return CommandLine("typer", options, script.place(function), len(options) == len(found), plain, known)


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
    named = [(function, dotted(called(item)).partition(".")[0]) for function, item in decorated]
    return [(function, app) for function, app in named if app in apps]


def _apps(script: Script) -> set[str]:
    """What a script calls its apps of typer."""
    made = [(node.targets, node.value) for node in script.of(ast.Assign)]
    made += [([node.target], node.value) for node in script.of(ast.AnnAssign) if node.value is not None]
    named = [target for targets, value in made if dotted(called(value)) in _APPS for target in targets]
    return {target.id for target in named if isinstance(target, ast.Name)}


def _parameters(script: Script, constants: Constants, function: Function) -> Iterator[Option | None]:
    """An option for each parameter; None for one that is not known."""
    given = function.args
    if given.vararg is not None or given.kwarg is not None:
        yield None
    for parameter, default in parameters(function):
        yield _parameter(script, constants, parameter, default)


def _parameter(script: Script, constants: Constants, parameter: ast.arg, default: ast.expr | None) -> Option | None:
    declared = _declared(parameter.annotation, default)
    if declared is None:
        return None
    annotation, said = declared
    typed = "str" if annotation is None else dotted(annotation)
    is_known, truth, place = typed in _TYPES, typed == "bool", script.place(parameter)
    elsewhere = said is not None and any(item.arg in _FROM_ELSEWHERE for item in said.keywords)
    needed = is_known and not elsewhere and (default is None or (said is default and _asks(said)))
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
        if len(made) != 1 or said is not None:
            return None
        annotation, said = parts[0], made[0]
    if said is not None and dotted(said.func) not in ("typer.Option", "typer.Argument"):
        return None
    if said is not None and any(item.arg in _OF_OTHER_TYPES for item in said.keywords):
        return None
    return annotation, said


def _asks(call: ast.Call | None) -> bool:
    """Whether ``typer.Option(...)`` has no default: its first argument is ``...``."""
    first = call.args[0] if call is not None and call.args else None
    return isinstance(first, ast.Constant) and first.value is Ellipsis
