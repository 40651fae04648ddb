"""The values that a contract sends behind a flag, held against those that its script takes there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from smgen.contract_model import ValueSchema, value_problem
from smgen.diagnostics import Finding
from smgen.source.command_lines import Option
from smgen.source.script_constants import Constant
from smgen.source.script_sending import SentOption, SentValue, Writer

#: How the training toolkit writes truth values on a command line.
_PYTHON_TRUTH: Final = {True: "True", False: "False"}
_MOST_NAMED: Final = 20


def value_findings(sent: SentOption, option: Option, writer: Writer) -> Iterator[Finding]:
    """SMG274 for values that the script refuses, SMG275 for those that it may, and for defaults that disagree."""
    for value in sent.values:
        yield from _of_value(sent, value, option, writer)
    yield from _default_findings(sent, option)


def _of_value(sent: SentOption, value: SentValue, option: Option, writer: Writer) -> Iterator[Finding]:
    texts = _texts(value, writer)
    refused = [text for text in texts or () if not accepts(option, text)]
    default = None if value.default is None else _text(value.default, writer)
    if refused:
        yield _wrong_value(sent, option, ", ".join(refused), _wanted(option))
    elif texts is None and default is not None and not accepts(option, default):
        message = f"the script refuses what its contract sends as {sent.flag} where a step sets nothing else"
        wanted = _wanted(option)
        yield Finding("SMG274", message, option.place, given=default, given_at=sent.place, expected=wanted)
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
    if schema.type == "number" and option.type == "int" and not _has_whole_numbers(schema):
        yield _wrong_value(sent, option, "a number with a fraction", "a text that int() takes")
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


def _has_whole_numbers(schema: ValueSchema) -> bool:
    """Whether a whole number is among those of a schema."""
    whole = replace(schema, type="integer", enum=None)
    least, above, most, below = whole.minimum, whole.exclusive_minimum, whole.maximum, whole.exclusive_maximum
    lowest = [float(item) for item in (least, None if above is None else above + 1) if item is not None]
    highest = [float(item) for item in (most, None if below is None else below - 1) if item is not None]
    return not (lowest and highest) or max(lowest) <= min(highest)


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
    texts = [_text(item, writer) for item in values]
    return tuple(text for text in texts if text is not None) if None not in texts else None


def _text(value: str | int | float | bool, writer: Writer) -> str | None:
    """A value as the script gets it; None where that is not sure."""
    if isinstance(value, bool):
        return _PYTHON_TRUTH[value] if writer == "toolkit" else None
    # Whether 4.0 becomes 4 depends on how it is written.
    return None if isinstance(value, float) and value.is_integer() else str(value)


def accepts(option: Option, text: str) -> bool:
    """Whether the script takes a text; it may where that is not known."""
    if option.type is None:
        return True
    if not _reads(option.type, text):
        return False
    converted: Constant = text
    if option.type in ("int", "float"):
        converted = int(text) if option.type == "int" else float(text)
    elif option.type == "bool":
        converted = bool(text)
    return option.choices is None or converted in option.choices


def _reads(typed: str | None, text: str) -> bool:
    """Whether a type makes a value of a text."""
    if typed not in ("int", "float"):
        return True
    try:
        _ = int(text) if typed == "int" else float(text)
    except ValueError:
        return False
    return True


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


def own_default_findings(option: Option, given: Sequence[SentOption]) -> Iterator[Finding]:
    """A text as default that the script's own type cannot read, though it is taken where nothing is sent."""
    default = None if option.default is None else option.default.text
    typed = option.type in ("int", "float")
    if default is None or not typed or any(item.always for item in given) or _reads(option.type, default):
        return
    sometimes = f" where a step does not set {given[0].name}" if given else ""
    yield Finding(
        "SMG275" if given else "SMG274",
        f"the script cannot read its own default of {option.title}, which it takes{sometimes or ' in every job'}",
        option.place,
        given=default,
        given_at=given[0].place if given else None,
        expected=f"a text that {option.type}() takes",
        fix="write a number as default",
    )


def _comparable(option: Option, default: Constant, schema: ValueSchema) -> str | int | float | None:
    """The default as a value of the schema's type; None where the two cannot be held against each other."""
    if isinstance(default, bool) or not isinstance(default, (str, int, float)) or default == "":
        return None
    if schema.type == "string":
        # A number is as good as its text to a script that takes texts.
        return default if isinstance(default, str) else None
    if schema.type not in ("integer", "number") or (isinstance(default, str) and not accepts(option, default)):
        return None
    if isinstance(default, str):
        if option.type not in ("int", "float"):
            return None
        default = int(default) if option.type == "int" else float(default)
    whole = schema.type == "integer" and isinstance(default, float) and default.is_integer()
    return int(default) if whole else default
