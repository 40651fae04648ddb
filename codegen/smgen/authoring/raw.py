"""Parts of a definition as they are: written into it by hand, with nothing that is checked when a pipeline is built."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import TypeAlias, TypeVar, cast

from smgen.authoring.calls import checked_call
from smgen.authoring.misuse import refuse, short, unchecked
from smgen.authoring.variables import Condition, Literals, Variable, believed_type, is_variable
from smgen.documents import JsonObject, JsonValue, object_at
from smgen.expressions import parse_condition, parse_expression, to_json

V = TypeVar("V", bound=Literals)

#: JSON as code writes it; a variable in it becomes its expression.
RawJson: TypeAlias = "Mapping[str, RawJson] | Sequence[RawJson] | bool | int | float | str | Variable[Literals] | None"
RawObject: TypeAlias = "Mapping[str, RawJson]"


@checked_call("raw_value")
def raw_value(expression: RawObject, type: type[V]) -> Variable[V]:
    """A value that is worked out when the pipeline runs, by the JSON of its expression: ``{"Get": "Steps.A.Outcome"}``.

    That what it names is there, may be read from here and is of that ``type`` is believed; ``smgen lint`` looks at
    it. Raises FindingsError (SMG208) for what has not the form of an expression.
    """
    found = parse_expression(raw_json("raw_value", expression))
    if found is None:
        refuse(f"{short(expression)} is no expression", 'write one of Get, Std:Join, Std:JsonGet: {"Get": "Steps.A.B"}')
    return Variable(found, believed_type("raw_value", type))


@checked_call("raw_condition")
def raw_condition(condition: RawObject) -> Condition:
    """A condition by its JSON, whatever it compares: two constants, texts by their size, null.

    Raises FindingsError (SMG208) for what has not the form of a condition.
    """
    found = parse_condition(raw_json("raw_condition", condition))
    if found is None:
        fix = 'write it like {"Type": "Equals", "LeftValue": 1, "RightValue": 1}'
        refuse(f"{short(condition)} is no condition", fix)
    return Condition((found,))


def lay_over(document: JsonObject, raw: JsonObject) -> None:
    """Puts members into an object as they are: those of objects one by one, all else in the place of what is there."""
    for name, value in raw.items():
        if object_at(document, name) and object_at(value):
            lay_over(object_at(document, name), object_at(value))
        else:
            document[name] = deepcopy(value)


def raw_object(call: str, given: object) -> JsonObject:
    """What a caller gave as the JSON of an object, as a copy; a variable in it becomes its expression.

    Raises FindingsError (SMG208) for anything else; ``call`` is how the call is written.
    """
    found = raw_json(call, given)
    if not isinstance(found, dict):
        refuse(f"{call} was given {short(given)}", "give it an object of JSON: a dict")
    return found


def raw_json(call: str, given: object) -> JsonValue:
    """The same for any value of JSON."""
    try:
        text = json.dumps(given, default=_expression, allow_nan=False)
        return cast("JsonValue", json.loads(text))
    except (TypeError, ValueError, RecursionError):
        return refuse(f"{call} was given something that is no JSON", "give it texts, numbers, lists and dicts")


def _expression(value: object) -> JsonValue:
    if not is_variable(unchecked(value)):
        raise TypeError(type(value).__name__)
    return to_json(cast("Variable[object]", value).__smgen_expression__)
