"""The type of one setting, hyperparameter or environment variable, whatever it was read from.

A contract writes JSON Schema, AWS writes service shapes; both become a :class:`ValueSchema`, and a setting that stands
in several places of a request has the intersection of their schemas.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, TypeAlias, TypeVar

from smgen.aws import is_newer_machine
from smgen.documents import JsonObject, JsonValue, shown_json

ValueType: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object"]
Scalar: TypeAlias = "str | int | float | bool"
N = TypeVar("N", bound="int | float")

#: In a class of characters pydantic's engine takes these as set operations, and Python's as the characters.
_SET_SIGNS: Final = re.compile(r"(?<!\\)\[(?:[^\]\\]|\\.)*?(?:&&|--|~~|\[)|(?<!\\)(?:\\\\)*\\[bB]\{", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ValueSchema:
    """Scalars, lists and maps of scalars, with the limits that JSON Schema and AWS shapes share.

    ``element`` is the schema of a list's items or of a map's values. Lengths are in characters, counts in items. The
    limits of an integer are whole numbers: those that a contract writes with a fraction become the whole numbers that
    mean the same, so that everything made of them, fields of pydantic included, may rely on it. ``open`` says that the
    values of ``enum`` are instance types, of which AWS may have newer ones.
    """

    type: ValueType
    enum: tuple[Scalar, ...] | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    exclusive_minimum: float | int | None = None
    exclusive_maximum: float | int | None = None
    multiple_of: float | int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    min_items: int | None = None
    max_items: int | None = None
    element: ValueSchema | None = None
    description: str = ""
    open: bool = False

    def __post_init__(self) -> None:
        """Gives an integer whole limits."""
        if self.type == "integer":
            for name, limit in _whole_limits(self).items():
                object.__setattr__(self, name, limit)

    def json_schema(self) -> JsonObject:
        """This schema in JSON Schema's words, without the description."""
        pairs: list[tuple[str, JsonValue]] = [
            ("type", self.type),
            ("enum", None if self.enum is None else list(self.enum)),
            ("minimum", self.minimum),
            ("maximum", self.maximum),
            ("exclusiveMinimum", self.exclusive_minimum),
            ("exclusiveMaximum", self.exclusive_maximum),
            ("multipleOf", self.multiple_of),
            ("minLength", self.min_length),
            ("maxLength", self.max_length),
            ("pattern", self.pattern),
        ]
        counts = ("minProperties", "maxProperties") if self.type == "object" else ("minItems", "maxItems")
        pairs += zip(counts, (self.min_items, self.max_items), strict=True)
        if self.element is not None:
            pairs.append(("additionalProperties" if self.type == "object" else "items", self.element.json_schema()))
        return {key: value for key, value in pairs if value is not None}


def _whole_limits(schema: ValueSchema) -> dict[str, int | None]:
    """The limits of a schema that have a fraction or are floats, by their names, as limits of integers.

    At least 1.5, as above 1.5, is at least 2; what is a multiple of 1.5 and whole is a multiple of 3, and each whole
    number is one of 0.5.
    """
    whole: dict[str, int | None] = {}
    for least, bound, exclusive, rounded in (
        ("minimum", schema.minimum, schema.exclusive_minimum, math.ceil),
        ("maximum", schema.maximum, schema.exclusive_maximum, math.floor),
    ):
        if isinstance(bound, float):
            bound = whole[least] = rounded(bound)
        if isinstance(exclusive, float):
            # An open bound between two whole numbers is a closed one at the next.
            between = not exclusive.is_integer()
            whole[f"exclusive_{least}"] = None if between else int(exclusive)
            if between:
                closed = _stricter(bound, rounded(exclusive), largest=least == "minimum")
                whole[least] = None if closed is None else int(closed)
    if isinstance(schema.multiple_of, float):
        # By its text: 0.1 is a tenth, and not the float that is nearest to it.
        step = Fraction(repr(schema.multiple_of)).numerator
        whole["multiple_of"] = None if step == 1 else step
    return whole


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places that want different things of one value."""

    message: str


def _stricter(left: N | None, right: N | None, *, largest: bool) -> N | None:
    """The stricter of two bounds of which either may be missing."""
    if left is None or right is None:
        return right if left is None else left
    return max(left, right) if largest else min(left, right)


def _common_element(left: ValueSchema | None, right: ValueSchema | None) -> ValueSchema | Conflict | None:
    return left or right if left is None or right is None else intersect(left, right)


def intersect(left: ValueSchema, right: ValueSchema) -> ValueSchema | Conflict:
    """What satisfies both schemas; the description of ``left`` wins where it has one.

    An integer is a number. Two different patterns cannot be joined: ``left``'s is kept, and the request check at
    build time still applies each place's own.
    """
    kind = left.type
    if left.type != right.type:
        if {left.type, right.type} != {"integer", "number"}:
            return Conflict(f"{left.type} in one place and {right.type} in another")
        kind = "integer"
    enum = left.enum if right.enum is None else right.enum
    if left.enum is not None and right.enum is not None:
        enum = tuple(value for value in left.enum if value in right.enum)
        if not enum:
            return Conflict("no value is allowed in both places")
    element = _common_element(left.element, right.element)
    if isinstance(element, Conflict):
        return element
    return replace(
        left,
        type=kind,
        enum=enum,
        minimum=_stricter(left.minimum, right.minimum, largest=True),
        maximum=_stricter(left.maximum, right.maximum, largest=False),
        exclusive_minimum=_stricter(left.exclusive_minimum, right.exclusive_minimum, largest=True),
        exclusive_maximum=_stricter(left.exclusive_maximum, right.exclusive_maximum, largest=False),
        multiple_of=left.multiple_of if right.multiple_of is None else right.multiple_of,
        min_length=_stricter(left.min_length, right.min_length, largest=True),
        max_length=_stricter(left.max_length, right.max_length, largest=False),
        pattern=left.pattern or right.pattern,
        min_items=_stricter(left.min_items, right.min_items, largest=True),
        max_items=_stricter(left.max_items, right.max_items, largest=False),
        element=element,
        description=left.description or right.description,
        open=_both_open(left, right),
    )


def _both_open(left: ValueSchema, right: ValueSchema) -> bool:
    """Whether each of the lists of values that there are may be longer by now."""
    listed = [side.open for side in (left, right) if side.enum is not None]
    return bool(listed) and all(listed)


@lru_cache(maxsize=256)
def _python_problem(pattern: str) -> str | None:
    try:
        with warnings.catch_warnings():
            # Of what will mean something else one day; pydantic decides.
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error) or type(error).__name__
    return None


def pattern_problem(pattern: str) -> str | None:
    """Why a regular expression cannot be used, in a few words; None when it can."""
    problem = _python_problem(pattern)
    if problem is not None:
        return problem
    if _SET_SIGNS.search(pattern):
        return (
            "pydantic takes '&&', '--', '~~' and '[' in a class of characters, and '{' behind a word boundary, "
            "as something else; escape the second sign"
        )
    if not pydantic_takes(pattern):
        return "pydantic's engine, which never goes back, refuses it; it has no look-around and no back-references"
    return None


def pydantic_takes(pattern: str) -> bool:
    """Whether pydantic's engine takes a pattern; a generated class with one that it refuses could not be imported."""
    return pattern_matcher(pattern) is not None


def _matches(pattern: str, value: str) -> bool:
    matcher = pattern_matcher(pattern)
    # A contract's pattern was refused before; what is left are AWS's own, which end on any text of AWS's lengths.
    return matcher(value) if matcher is not None else re.search(pattern, value) is not None


@lru_cache(maxsize=256)
def pattern_matcher(pattern: str) -> Callable[[str], bool] | None:
    """Whether a text holds what a pattern describes, by the engine that generated classes use; None where it refuses.

    It needs no more time than the length of the pattern times that of the text, whatever the two are.
    """
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        validator = SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError:
        return None
    return validator.isinstance_python


def value_problem(schema: ValueSchema, value: JsonValue) -> str | None:
    """Why a literal does not fit a schema, as a clause such as ``3 is above the maximum 2``; None when it fits.

    A boolean is no number, and an integral float is no integer. A ``pattern`` is searched for in the text, as JSON
    Schema and AWS have it.
    """
    if schema.type == "array":
        if not isinstance(value, list):
            return f"{shown_json(value)} is no list"
        return _count_problem(schema, len(value), "items") or _element_problem(schema, value)
    if schema.type == "object":
        if not isinstance(value, dict):
            return f"{shown_json(value)} is no map"
        return _count_problem(schema, len(value), "members") or _element_problem(schema, list(value.values()))
    if not _has_type(schema.type, value):
        return f"{shown_json(value)} is no {schema.type}"
    if schema.enum is not None and not _is_listed(schema, schema.enum, value):
        # Which they are is for whoever says what was expected.
        return f"{shown_json(value)} is none of its values"
    if isinstance(value, str):
        return _text_problem(schema, value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number_problem(schema, value)
    return None


def _is_listed(schema: ValueSchema, enum: tuple[Scalar, ...], value: JsonValue) -> bool:
    if any(value == item and isinstance(value, bool) == isinstance(item, bool) for item in enum):
        return True
    return schema.open and is_newer_machine(value, enum)


def _has_type(kind: ValueType, value: JsonValue) -> bool:
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool)
    return not isinstance(value, bool) and isinstance(value, int if kind == "integer" else (int, float))


def _element_problem(schema: ValueSchema, values: list[JsonValue]) -> str | None:
    if schema.element is None:
        return None
    for value in values:
        problem = value_problem(schema.element, value)
        if problem is not None:
            return problem
    return None


def _count_problem(schema: ValueSchema, count: int, what: str) -> str | None:
    if schema.min_items is not None and count < schema.min_items:
        return f"it has {count} {what}, and at least {schema.min_items} are needed"
    if schema.max_items is not None and count > schema.max_items:
        return f"it has {count} {what}, and at most {schema.max_items} are allowed"
    return None


def _text_problem(schema: ValueSchema, value: str) -> str | None:
    if schema.min_length is not None and len(value) < schema.min_length:
        return f"{shown_json(value)} has {len(value)} characters, and at least {schema.min_length} are needed"
    if schema.max_length is not None and len(value) > schema.max_length:
        return f"{shown_json(value)} has {len(value)} characters, and at most {schema.max_length} are allowed"
    if schema.pattern is not None and _python_problem(schema.pattern) is None and not _matches(schema.pattern, value):
        return f"{shown_json(value)} does not match the pattern {shown_json(schema.pattern)}"
    return None


def _number_problem(schema: ValueSchema, value: int | float) -> str | None:
    if schema.minimum is not None and value < schema.minimum:
        return f"{value} is below the minimum {schema.minimum}"
    if schema.maximum is not None and value > schema.maximum:
        return f"{value} is above the maximum {schema.maximum}"
    if schema.exclusive_minimum is not None and value <= schema.exclusive_minimum:
        return f"{value} is not above {schema.exclusive_minimum}"
    if schema.exclusive_maximum is not None and value >= schema.exclusive_maximum:
        return f"{value} is not below {schema.exclusive_maximum}"
    if (
        schema.multiple_of
        and isinstance(value, int)
        and isinstance(schema.multiple_of, int)
        and value % schema.multiple_of
    ):
        return f"{value} is no multiple of {schema.multiple_of}"
    return None
