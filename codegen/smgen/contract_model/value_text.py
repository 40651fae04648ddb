"""A value schema in words, for messages and docstrings: ``a whole number from 1 to 64``."""

from __future__ import annotations

from smgen.aws import range_in_words
from smgen.contract_model.value_schema import ValueSchema
from smgen.diagnostics import first_of, nearest_name

_NOUNS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "True or False",
    "array": "a list",
    "object": "a mapping",
}
_MOST_VALUES = 12


def describe_schema(schema: ValueSchema) -> str:
    """What a value of the schema is, with its limits; an enum of more than twelve values is cut."""
    if schema.enum is not None:
        return f"one of {first_of([*map(repr, schema.enum)], _MOST_VALUES)}"
    words = [_NOUNS[schema.type], *_limits(schema)]
    if schema.element is not None:
        words[-1] += ","
        each = "each" if schema.type == "array" else "each value"
        words.append(f"{each} {describe_schema(schema.element)}")
    return " ".join(words)


def nearest_value(given: object, schema: ValueSchema | None) -> str | None:
    """The allowed value that a text, or the text in a list or mapping, was probably meant to be."""
    while schema is not None and schema.element is not None:
        schema = schema.element
    if schema is None or schema.enum is None or not isinstance(given, str):
        return None
    return nearest_name(given, [value for value in schema.enum if isinstance(value, str)])


def _limits(schema: ValueSchema) -> list[str]:
    words = _range(schema)
    if schema.multiple_of is not None:
        words.append(f"that is a multiple of {schema.multiple_of}")
    words += _counted(schema.min_length, schema.max_length, "character")
    words += _counted(schema.min_items, schema.max_items, "item" if schema.type == "array" else "entry")
    if schema.pattern is not None:
        words.append(f"matching {schema.pattern}")
    return words


def _range(schema: ValueSchema) -> list[str]:
    """The bounds of a number; of an open and a closed bound on one side both are said."""
    if None not in (schema.minimum, schema.maximum) and (schema.exclusive_minimum, schema.exclusive_maximum) == (
        None,
        None,
    ):
        return [f"from {schema.minimum} to {schema.maximum}"]
    bounds = (
        ("above", schema.exclusive_minimum),
        ("of at least", schema.minimum),
        ("below", schema.exclusive_maximum),
        ("of at most", schema.maximum),
    )
    said = [f"{words} {bound}" for words, bound in bounds if bound is not None]
    return [" and ".join(said)] if said else []


def _counted(low: int | None, high: int | None, noun: str) -> list[str]:
    limits = range_in_words(low or None, high)
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return [f"of {limits} {noun if (high or low) == 1 else plural}"] if limits else []
