"""From JSON to expressions and conditions, back, and a walk over the expressions in any JSON value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from smgen.documents import JsonValue, object_at, text_at, trail_parts, walk
from smgen.expressions.expression_tree import (
    CONDITION_MEMBERS,
    MIRRORED,
    NOT_MEMBERS,
    Comparison,
    ComparisonType,
    Condition,
    Expression,
    Get,
    In,
    Join,
    JsonGet,
    Not,
    NotMember,
    Operand,
    Or,
)

MAX_NESTING: Final = 100
"""How many expressions, or conditions, may stand within each other. What is deeper is not read as one."""

_COMPARISONS: Final[Mapping[str, ComparisonType]] = {name: name for name in MIRRORED}


class _NotReadError(Exception):
    """The value is not exactly of the form looked for."""


def parse_expression(value: JsonValue) -> Expression | None:
    """The expression that a JSON value is, or None when it is not exactly one.

    An object with an unknown or missing member, a member of the wrong type, or a list or plain object among the
    values of a Join is not read, so that `to_json` gives back an equal value for all that is. The order of members
    is not kept: `to_json` writes the order of the SDK.
    """
    if not isinstance(value, dict) or len(value) != 1:
        return None
    try:
        return _expression(value, MAX_NESTING)
    except _NotReadError:
        return None


def parse_condition(value: JsonValue) -> Condition | None:
    """The condition that a JSON value is (an item of `Conditions` of a Condition step), or None as parse_expression."""
    try:
        return _condition(value, MAX_NESTING)
    except _NotReadError:
        return None


def to_json(value: Operand | Condition) -> JsonValue:
    """The JSON form of an expression, a condition or a plain value, with members in the order of the SDK."""
    if isinstance(value, Get):
        return {"Get": value.path}
    if isinstance(value, Join):
        return {"Std:Join": {"On": value.on, "Values": [to_json(item) for item in value.values]}}
    if isinstance(value, JsonGet):
        return {"Std:JsonGet": {value.form: to_json(value.source), "Path": value.path}}
    if isinstance(value, Comparison):
        return {"Type": value.type, "LeftValue": to_json(value.left), "RightValue": to_json(value.right)}
    if isinstance(value, In):
        return {"Type": "In", "QueryValue": to_json(value.query), "Values": [to_json(item) for item in value.values]}
    if isinstance(value, Not):
        return {"Type": "Not", value.member: to_json(value.condition)}
    if isinstance(value, Or):
        return {"Type": "Or", "Conditions": [to_json(item) for item in value.conditions]}
    return value


def references(value: JsonValue) -> Iterator[tuple[tuple[str | int, ...], Expression]]:
    """Every expression in a JSON value with the pointer parts that lead to it, in the order of the document.

    An expression comes before those inside it, which come as well: a JsonGet, then the Get of its property file.
    Malformed expression objects are walked like any others, so a Get inside one is still found.
    """
    for trail, here in walk(value):
        if (expression := parse_expression(here)) is not None:
            yield trail_parts(trail), expression


def texts_of(expression: Expression) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The texts that are written out in an expression, without those inside it, each with the way to it."""
    if isinstance(expression, Join):
        for number, value in enumerate(expression.values):
            if isinstance(value, str):
                yield ("Std:Join", "Values", number), value
    elif isinstance(expression, JsonGet) and isinstance(expression.source, str):
        yield ("Std:JsonGet", expression.form), expression.source


def within(expression: Expression) -> Iterator[tuple[tuple[str | int, ...], Expression]]:
    """The expressions that stand directly in one, each with the way to it in the JSON of the outer one."""
    if isinstance(expression, Join):
        for number, value in enumerate(expression.values):
            if isinstance(value, (Get, Join, JsonGet)):
                yield ("Std:Join", "Values", number), value
    elif isinstance(expression, JsonGet) and not isinstance(expression.source, str):
        yield ("Std:JsonGet", expression.form), expression.source


def _expression(value: JsonValue, nesting: int) -> Expression:
    if nesting == 0 or not isinstance(value, dict) or len(value) != 1:
        raise _NotReadError
    if isinstance(path := value.get("Get"), str):
        return Get(path)
    if "Std:Join" in value:
        join = object_at(value, "Std:Join")
        on, values = join.get("On"), join.get("Values")
        if len(join) == 2 and isinstance(on, str) and isinstance(values, list):
            return Join(on, tuple(_operand(item, nesting - 1) for item in values))
    if "Std:JsonGet" in value:
        return _json_get(object_at(value, "Std:JsonGet"), nesting - 1)
    raise _NotReadError


def _json_get(value: dict[str, JsonValue], nesting: int) -> JsonGet:
    path = value.get("Path")
    if len(value) != 2 or not isinstance(path, str):
        raise _NotReadError
    if "PropertyFile" in value:
        file = _expression(value["PropertyFile"], nesting)
        if isinstance(file, Get):
            return JsonGet(file, path, "PropertyFile")
    if "S3Uri" in value:
        uri = _operand(value["S3Uri"], nesting)
        if isinstance(uri, (Get, Join, str)):
            return JsonGet(uri, path, "S3Uri")
    raise _NotReadError


def _operand(value: JsonValue, nesting: int) -> Operand:
    if isinstance(value, list):
        raise _NotReadError
    return _expression(value, nesting) if isinstance(value, dict) else value


def _condition(value: JsonValue, nesting: int) -> Condition:
    kind, given = text_at(value, "Type") or "", object_at(value)
    names = CONDITION_MEMBERS.get(kind, ())
    negated: NotMember = NOT_MEMBERS[1] if NOT_MEMBERS[1] in given and NOT_MEMBERS[0] not in given else NOT_MEMBERS[0]
    if kind == "Not":
        names = (negated,)
    if nesting == 0 or not names or given.keys() != {"Type", *names}:
        raise _NotReadError
    if kind == "Not":
        return Not(_condition(given[negated], nesting - 1), negated)
    if (comparison := _COMPARISONS.get(kind)) is not None:
        left, right = (_operand(given[name], MAX_NESTING) for name in names)
        return Comparison(comparison, left, right)
    items = given[names[-1]]
    if not isinstance(items, list):
        raise _NotReadError
    if kind == "Or":
        return Or(tuple(_condition(item, nesting - 1) for item in items))
    return In(_operand(given[names[0]], MAX_NESTING), tuple(_operand(item, MAX_NESTING) for item in items))
