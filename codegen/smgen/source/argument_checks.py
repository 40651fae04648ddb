"""What a contract sends on the command line, held against what its script takes there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.contracts import StepContract, ValueSchema, value_problem
from smgen.diagnostics import Finding, nearest_name
from smgen.source.command_lines import CommandLine, Option
from smgen.source.script_constants import Constant
from smgen.source.script_sending import Sent, SentOption, SentValue, Writer

#: How the training toolkit writes truth values on a command line.
_PYTHON_TRUTH: Final = {True: "True", False: "False"}
_MOST_NAMED: Final = 20


def argument_findings(contract: StepContract, sent: Sent, line: CommandLine) -> Iterator[Finding]:
    """SMG274 for arguments that end the script, SMG275 for those that may or that mean something else to it."""
    met: dict[int, list[SentOption]] = {}
    for option in sent.options:
        matching = line.matching(option.flag)
        if not matching and line.whole and line.refuses:
            yield _unknown(option, line, sent.written_by)
        for number, taken in enumerate(line.options):
            if taken in matching:
                met.setdefault(number, []).append(option)
        if len(matching) == 1:
            yield from _count_findings(option, matching[0], line)
            for value in option.values if matching[0].values != 0 else ():
                yield from _value_findings(option, value, matching[0], sent.written_by)
            yield from _default_findings(option, matching[0])
    if line.read and sent.whole and not line.commands:
        yield from _missing(contract, sent, line, met)


def _unknown(option: SentOption, line: CommandLine, writer: Writer) -> Finding:
    flags = sorted(set(line.flags()))
    named = ", ".join(flags[:_MOST_NAMED]) + (", …" if len(flags) > _MOST_NAMED else "")
    nearest = nearest_name(option.flag, flags)
    other = f"call it {nearest} in the contract" if nearest else "leave it out of the contract"
    what = f"hyperparameter '{option.name}' as {option.flag}" if writer == "toolkit" else option.flag
    return Finding(
        "SMG274",
        f"the script does not take {option.flag}, which its contract sends",
        line.place,
        given=f"the contract sends the {what}" if writer == "toolkit" else f"the contract sends {what}",
        given_at=option.place,
        expected=named or "no option",
        nearest=nearest,
        fix=f"add {option.flag} to the script, or {other}",
    )


def _missing(
    contract: StepContract, sent: Sent, line: CommandLine, met: dict[int, list[SentOption]]
) -> Iterator[Finding]:
    """What the script asks for and the contract does not send, or not always."""
    for number, option in enumerate(line.options):
        if option.required and option.sure and option.flags:
            yield from _asked_for(contract, sent, option, met.get(number, []))
    wanted = [option for option in line.positionals() if option.required and option.sure]
    if wanted and not sent.loose and not sent.options:
        yield Finding(
            "SMG274",
            f"the script asks for the argument '{wanted[0].name}', and its contract sends none",
            wanted[0].place,
            given="no argument",
            expected=", ".join(option.name for option in wanted),
            expected_at=contract.place(),
        )


def _asked_for(contract: StepContract, sent: Sent, option: Option, given: list[SentOption]) -> Iterator[Finding]:
    """An option that the script asks for, where ``given`` is what is sent for it."""
    if not given:
        flags = [item.flag for item in sent.options]
        yield Finding(
            "SMG274",
            f"the script asks for {option.title}, which its contract never sends",
            option.place,
            given=", ".join(flags) or "no argument",
            expected=option.title,
            expected_at=contract.place(),
            nearest=nearest_name(option.title, flags),
            fix=f"send {option.title} from the contract, or give it a default in the script",
        )
    elif not any(item.always for item in given):
        yield Finding(
            "SMG275",
            f"the script asks for {option.title}, which its contract sends only where a step sets it",
            option.place,
            given=given[0].name,
            given_at=given[0].place,
            expected="a value that is required in the contract, or has a default in one of the two",
        )


def _count_findings(sent: SentOption, option: Option, line: CommandLine) -> Iterator[Finding]:
    """A value for an option that takes none, and none for one that takes one."""
    if not sent.exact or not line.refuses or option.values is None:
        return
    if option.values == 0 and sent.values and not line.positionals() and not line.commands:
        yield Finding(
            "SMG274",
            f"{sent.flag} takes no value in the script, and its contract sends one",
            option.place,
            given=f"a value behind {sent.flag}",
            given_at=sent.place,
            expected=f"{sent.flag} alone",
            fix="let the option take a value, or send the flag alone",
        )
    elif option.values == 1 and not sent.values:
        yield Finding(
            "SMG274",
            f"{sent.flag} takes a value in the script, and its contract sends none",
            option.place,
            given=f"{sent.flag} alone",
            given_at=sent.place,
            expected=f"a value behind {sent.flag}",
        )


# --- values ---------------------------------------------------------------------------------------------------------


def _value_findings(sent: SentOption, value: SentValue, option: Option, writer: Writer) -> Iterator[Finding]:
    texts = _texts(value, writer)
    refused = [text for text in texts or () if not _accepted(text, option)]
    if refused:
        yield _wrong_value(sent, option, ", ".join(refused), _wanted(option))
    elif texts is None and value.schema is not None:
        yield from _type_findings(sent, value.schema, option)
    if option.type == "bool" and value.schema is not None and value.schema.type == "boolean":
        yield Finding(
            "SMG275",
            f"{sent.flag} is always true in the script: bool() of any text is, also of 'False'",
            option.place,
            given="type=bool",
            given_at=sent.place,
            expected="a function that reads the text",
            fix="write type=lambda text: text.lower() == 'true'",
        )


def _wrong_value(sent: SentOption, option: Option, given: str, expected: str) -> Finding:
    message = f"the script refuses values of {sent.flag} that its contract allows"
    return Finding("SMG274", message, option.place, given=given, given_at=sent.place, expected=expected)


def _type_findings(sent: SentOption, schema: ValueSchema, option: Option) -> Iterator[Finding]:
    """Values of a type of which a script makes another."""
    if option.type not in ("int", "float"):
        return
    if schema.type in ("boolean", "array", "object"):
        yield _wrong_value(sent, option, f"any {schema.type}", f"a text that {option.type}() takes")
        return
    fraction = schema.type == "number" and option.type == "int" and not isinstance(schema.multiple_of, int)
    if fraction or schema.type == "string":
        example = "0.5" if fraction else "text"
        yield Finding(
            "SMG275",
            f"the script makes {'an' if option.type == 'int' else 'a'} {option.type} of {sent.flag}, "
            f"and its contract allows any {schema.type}",
            option.place,
            given=f"{schema.type}, such as {example}",
            given_at=sent.place,
            expected="integer" if option.type == "int" else "number or integer",
        )


def _texts(value: SentValue, writer: Writer) -> tuple[str, ...] | None:
    """Every text that a value can be; None where there are more than can be listed, or they are not known."""
    if value.text is not None:
        return (value.text,)
    schema = value.schema
    if schema is None:
        return None
    values = (True, False) if schema.type == "boolean" and schema.enum is None else schema.enum
    if values is None or (schema.type == "boolean" and writer != "toolkit"):
        # How a pipeline writes a truth value into an argument is its own matter.
        return None
    return tuple(_PYTHON_TRUTH[item] if isinstance(item, bool) else str(item) for item in values)


def _accepted(text: str, option: Option) -> bool:
    """Whether the script takes a text; it may where that is not known."""
    if option.type is None:
        return True
    converted: Constant = text
    if option.type in ("int", "float"):
        try:
            converted = int(text) if option.type == "int" else float(text)
        except ValueError:
            return False
    elif option.type == "bool":
        converted = bool(text)
    return option.choices is None or converted in option.choices


def _wanted(option: Option) -> str:
    if option.choices is not None:
        return ", ".join(map(str, option.choices[:_MOST_NAMED]))
    return f"a text that {option.type}() takes"


def _default_findings(sent: SentOption, option: Option) -> Iterator[Finding]:
    """A default of the script, for what a step need not set, that the contract would refuse."""
    schema = sent.values[0].schema if len(sent.values) == 1 else None
    if sent.always or schema is None or option.default is None:
        return
    default = _comparable(option, option.default.value, schema)
    problem = None if default is None else value_problem(schema, default)
    if problem is not None:
        yield Finding(
            "SMG275",
            f"the script's default of {sent.flag} is one that its contract refuses: {problem}",
            option.place,
            given=str(default),
            given_at=sent.place,
            expected="a value that both allow",
        )


def _comparable(option: Option, default: Constant, schema: ValueSchema) -> str | int | float | None:
    """The default as a value of the schema's type; None where the two cannot be held against each other."""
    if isinstance(default, bool) or not isinstance(default, (str, int, float)) or default == "":
        return None
    if schema.type == "string":
        # A number is as good as its text to a script that takes texts.
        return default if isinstance(default, str) else None
    if schema.type not in ("integer", "number") or (isinstance(default, str) and not _accepted(default, option)):
        return None
    if isinstance(default, str):
        if option.type not in ("int", "float"):
            return None
        default = int(default) if option.type == "int" else float(default)
    whole = schema.type == "integer" and isinstance(default, float) and default.is_integer()
    return int(default) if whole else default
