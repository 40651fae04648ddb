"""A value schema in words, for messages and docstrings: ``a whole number from 1 to 64``."""

from __future__ import annotations

from smgen.contracts.value_schema import ValueSchema

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
        shown = ", ".join(repr(value) for value in schema.enum[:_MOST_VALUES])
        more = len(schema.enum) - _MOST_VALUES
        return f"one of {shown}" + (f" and {more} more" if more > 0 else "")
    words = [_NOUNS[schema.type], *_limits(schema)]
    if schema.element is not None:
        words.append(f"of which each is {describe_schema(schema.element)}")
    return " ".join(words)


def _limits(schema: ValueSchema) -> list[str]:
    words = _range(schema.minimum, schema.maximum, "from {} to {}", "of at least {}", "of at most {}")
    words += _range(schema.exclusive_minimum, schema.exclusive_maximum, "above {} and below {}", "above {}", "below {}")
    if schema.multiple_of is not None:
        words.append(f"that is a multiple of {schema.multiple_of}")
    words += _counted(schema.min_length, schema.max_length, "character")
    words += _counted(schema.min_items, schema.max_items, "item")
    if schema.pattern is not None:
        words.append(f"matching {schema.pattern}")
    return words


def _range(low: float | int | None, high: float | int | None, both: str, only_low: str, only_high: str) -> list[str]:
    if low is not None and high is not None:
        return [both.format(low, high)]
    if low is not None:
        return [only_low.format(low)]
    return [] if high is None else [only_high.format(high)]


def _counted(low: int | None, high: int | None, noun: str) -> list[str]:
    low = None if low == 0 else low
    return [f"{words} {noun}s" for words in _range(low, high, "of {} to {}", "of at least {}", "of at most {}")]


def range_in_words(low: float | int | None, high: float | int | None, unit: str = "") -> str:
    """A range such as ``1 to 100 items`` or ``at least 1``; '' without bounds. ``unit`` starts with its space."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {high:,}{unit}"
    return f"at least {low:,}{unit}" if high is None else f"{low:,} to {high:,}{unit}"
