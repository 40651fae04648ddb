"""What is wrong with a plain value where AWS has a shape for it, and a shape in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from smgen.aws.service_shapes import Shape, works_in_python

if TYPE_CHECKING:
    # For the annotation only: reading documents is not needed to judge a value.
    from smgen.documents import JsonValue

ProblemKind: TypeAlias = Literal["type", "enum", "length", "pattern", "range"]

NOUNS: Final[Mapping[str, str]] = {
    "structure": "an object",
    "map": "an object",
    "list": "a list",
    "string": "a text",
    "integer": "an integer",
    "long": "an integer",
    "float": "a number",
    "double": "a number",
    "boolean": "true or false",
    "timestamp": "a time",
    "blob": "a text",
    "document": "any value",
}
"""What a value of each shape type is called in messages."""

ONE_LINE: Final = frozenset({".*", ".+", "^.*$", "^.+$"})
"""Patterns by which AWS says "any text on one line": to AWS, too, a dot is no line end."""

ANY_TEXT: Final = ONE_LINE | frozenset(
    {
        r"[\s\S]*",
        r"^[\s\S]*$",
        r"[\S\s]*",
        r"^[\S\s]*$",
        r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*",
    }
)
"""Patterns by which AWS says "any text", with a line end in it or without."""

# A backtracking engine needs more than linear time for these on a text that does not match: a repeated group that
# starts with a dot, and a class between two dots. The second allows nearly any text anyway.
_COSTLY: Final = frozenset({"emr-serverless.PrometheusUrlString", "emr-serverless.UriString"})

_DOUBTFUL: Final = frozenset({"ResponseMIMEType"})
"""Shapes of which AWS takes more than the pattern in its models says.

The integration tests of AWS's SDK create and start pipelines that register a model with the response type `*`.
"""

_MACHINE: Final = re.compile(r"(ml\.[a-z][a-z0-9-]*)\.[a-z0-9]+")
_SHOWN_VALUES: Final = 12


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """Why AWS refuses a plain value: `kind` says which of its rules, `message` is a clause such as `it is below 1`."""

    kind: ProblemKind
    message: str
    certain: bool = True
    """Whether AWS is known to refuse it; if not, its own tests do not, or it may be newer than the table."""

    @property
    def may_be_newer(self) -> bool:
        """Whether the value may be one that AWS has since the table was made."""
        return self.kind == "enum" and not self.certain


def scalar_problem(value: JsonValue, shape: Shape) -> ValueProblem | None:
    """Why AWS refuses a value at a place with a scalar shape; None when it takes it or the shape is a document.

    Lists and objects are refused as of the wrong type, and so is null. A pattern is applied to the whole text, with
    AWS's meaning of classes such as `\\w` (ASCII); what Python's `re` cannot take is not applied, and a text that is
    too long is not matched.
    """
    if shape.type == "document":
        return None
    if value is None:
        return ValueProblem("type", "null is no value")
    if not _has_type(value, shape.type):
        return ValueProblem("type", f"it is not {NOUNS[shape.type]}")
    if isinstance(value, str):
        return _text_problem(value, shape)
    if isinstance(value, (int, float)) and shape.type not in ("boolean", "timestamp"):
        if shape.min is not None and value < shape.min:
            return ValueProblem("range", f"it is below {shape.min}")
        if shape.max is not None and value > shape.max:
            return ValueProblem("range", f"it is above {shape.max}")
    return None


def is_machine(shape: Shape) -> bool:
    """Whether a shape is that of instance types, to which AWS adds all the time."""
    return shape.name.endswith("InstanceType") and bool(shape.enum)


def is_newer_machine(value: object, known: Iterable[object]) -> bool:
    """Whether a text has the form of an instance type, of a family that none of the known ones is of.

    A known family with its letters in another order (`g4nd`) is a slip.
    """
    found = _MACHINE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return False
    letters = sorted(found[1])
    return not any(isinstance(one, str) and sorted(one.rpartition(".")[0]) == letters for one in known)


def _has_type(value: JsonValue, type: str) -> bool:
    if isinstance(value, bool):
        return type == "boolean"
    if type in ("string", "blob"):
        return isinstance(value, str)
    if type == "timestamp":
        return isinstance(value, (str, int, float))
    if type in ("integer", "long"):
        return isinstance(value, int)
    return type in ("float", "double") and isinstance(value, (int, float))


def _text_problem(value: str, shape: Shape) -> ValueProblem | None:
    if shape.enum and value not in shape.enum:
        newer = is_machine(shape) and is_newer_machine(value, shape.enum)
        return ValueProblem("enum", "it is none of the values that AWS knows", not newer)
    if shape.min is not None and len(value) < shape.min:
        return ValueProblem("length", f"it is shorter than {shape.min} characters")
    if shape.max is not None and len(value) > shape.max:
        return ValueProblem("length", f"it is longer than {shape.max} characters")
    if shape.pattern is None or shape.name in _COSTLY:
        return None
    pattern = _compiled(shape.pattern)
    if pattern is not None and not pattern.fullmatch(value):
        return ValueProblem("pattern", "it does not match AWS's pattern", shape.name not in _DOUBTFUL)
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """An AWS pattern for `fullmatch`, or None when `re` cannot take it."""
    return re.compile(pattern, re.ASCII) if works_in_python(pattern) else None


def shape_in_words(shape: Shape) -> str:
    """What AWS wants at a place: the values of an enum (the first ones of many), the members of a structure, or a noun
    with its limits and its pattern.
    """
    if shape.enum:
        more = len(shape.enum) - _SHOWN_VALUES
        # A list that is one name longer than the rest line would be is no shorter for being cut.
        return ", ".join(shape.enum) if more <= 1 else f"{', '.join(shape.enum[:_SHOWN_VALUES])} and {more} more"
    if shape.type == "structure":
        return f"an object with {', '.join(shape.members)}"
    words = NOUNS[shape.type]
    if shape.type in ("boolean", "document"):
        return words
    unit = {"string": " characters", "list": " items", "map": " entries"}.get(shape.type, "")
    limits = range_in_words(shape.min or None if unit else shape.min, shape.max, unit)
    pattern = ""
    if shape.pattern in ONE_LINE:
        pattern = "on one line"
    elif shape.pattern is not None and shape.pattern not in ANY_TEXT:
        pattern = f"matching {shape.pattern}"
    return " ".join(part for part in (words, f"of {limits}" if limits else "", pattern) if part)


def range_in_words(low: float | int | None, high: float | int | None, unit: str = "") -> str:
    """A range such as `1 to 100 items` or `at least 1`; '' without bounds. `unit` starts with its space."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {high:,}{unit}"
    if low == high:
        return f"{low:,}{unit}"
    return f"at least {low:,}{unit}" if high is None else f"{low:,} to {high:,}{unit}"
