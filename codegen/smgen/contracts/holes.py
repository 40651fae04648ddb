"""The hole grammar of a contract's ``request`` and ``step_fields``: an AWS request with places to fill.

An object that has a key starting with ``$`` is a hole, nothing else is; everything that is no hole is emitted as it
stands. The grammar is in the contract JSON Schema and in ``docs/contracts.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import Document, JsonObject, JsonValue, append_pointer

#: What ``{"$default": …}`` may name: the values that an environment supplies.
ENVIRONMENT_DEFAULTS: tuple[str, ...] = (
    "role",
    "kms_key",
    "output_kms_key",
    "network",
    "subnets",
    "security_group_ids",
    "tags",
    "region",
    "account",
    "bucket",
)

#: What ``{"$execution": …}`` may name: the members of ``Execution.`` in a pipeline definition (FIELD A2).
EXECUTION_VARIABLES: tuple[str, ...] = (
    "StartDateTime",
    "CurrentDateTime",
    "PipelineName",
    "PipelineArn",
    "PipelineExecutionId",
    "PipelineExecutionArn",
    "TrainingJobName",
    "ProcessingJobName",
)

HyperparameterForm: TypeAlias = Literal["text", "json"]


class AbsentType:
    """The type of :data:`ABSENT`."""

    def __repr__(self) -> str:
        return "ABSENT"


#: Says that a hole has no ``absent`` literal (which may itself be ``null``).
ABSENT = AbsentType()


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A scalar, or what stands under ``$literal``: emitted as it is."""

    value: JsonValue
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list; an item may expand to several or to none."""

    items: tuple[Value, ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ObjectValue:
    """An object in its written order."""

    members: tuple[tuple[str, Value], ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class InputHole:
    """``{"$input": port}``: the location or value bound to a port."""

    port: str
    absent: JsonValue | AbsentType = ABSENT
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SettingHole:
    """``{"$setting": name}``: a setting of the step's config."""

    setting: str
    absent: JsonValue | AbsentType = ABSENT
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DefaultHole:
    """``{"$default": name}``: a value of the environment, one of :data:`ENVIRONMENT_DEFAULTS`."""

    name: str
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class HyperparametersHole:
    """``{"$hyperparameters": form}``: all hyperparameters that are set, as a map of strings."""

    form: HyperparameterForm
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EnvironmentHole:
    """``{"$environment": true}``: all environment variables that are set, as a map of strings."""

    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class AssetHole:
    """``{"$asset": name}``: the S3 location of a packed source; with ``member``, of a file in it."""

    asset: str
    member: str | None = None
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class OutputLocationHole:
    """``{"$output_location": output}``: where an output is written."""

    output: str
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ExecutionHole:
    """``{"$execution": variable}``: an execution variable such as ``PipelineExecutionId``."""

    variable: str
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class StepNameHole:
    """``{"$step_name": true}``: the name of the step itself."""

    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class JoinHole:
    """``{"$join": [Value…], "on": "/"}``: a ``Std:Join``, or its text where every part is a literal."""

    values: tuple[Value, ...]
    on: str = ""
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class JsonHole:
    """``{"$json": Value}``: the value as JSON text, put together when the pipeline runs where parts are known then."""

    value: Value
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class MergeHole:
    """``{"$merge": [Value…]}``: objects laid over each other; a later member wins, the first order is kept."""

    values: tuple[Value, ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class WhenHole:
    """``{"$when": name, "value": …}`` or ``{"$when": name, "items": […]}``: there only if a port or setting is."""

    name: str
    value: Value | None = None
    items: tuple[Value, ...] | None = None
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EachHole:
    """``{"$each": name, "item": …}``: one item per reference of a port with ``many``, or per element of a setting."""

    port: str
    item: Value
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ItemHole:
    """``{"$item": true}``: the current reference or element in ``$each``; ``"number"``: its place from 1, as a text."""

    number: bool = False
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class PropertyHole:
    """``{"$property": path}``: a property of the step itself, inside an output's ``value``."""

    path: str
    pointer: str = field(default="", compare=False)


Hole: TypeAlias = (
    InputHole
    | SettingHole
    | DefaultHole
    | HyperparametersHole
    | EnvironmentHole
    | AssetHole
    | OutputLocationHole
    | ExecutionHole
    | StepNameHole
    | JoinHole
    | JsonHole
    | MergeHole
    | WhenHole
    | EachHole
    | ItemHole
    | PropertyHole
)
Value: TypeAlias = LiteralValue | ListValue | ObjectValue | Hole

#: Each hole's key, the further keys that it may have, and which of those it must have.
_GRAMMAR: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "$input": (("absent",), ()),
    "$setting": (("absent",), ()),
    "$default": ((), ()),
    "$hyperparameters": ((), ()),
    "$environment": ((), ()),
    "$asset": (("member",), ()),
    "$output_location": ((), ()),
    "$execution": ((), ()),
    "$step_name": ((), ()),
    "$join": (("on",), ()),
    "$json": ((), ()),
    "$merge": ((), ()),
    "$when": (("value", "items"), ()),
    "$each": (("item",), ("item",)),
    "$item": ((), ()),
    "$property": ((), ()),
    "$literal": ((), ()),
}
HOLE_KEYS: tuple[str, ...] = tuple(_GRAMMAR)


class _Parser:
    """One walk over a value; collects findings so that all of them are reported together."""

    def __init__(self, document: Document | None) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def problem(
        self,
        pointer: str,
        message: str,
        *,
        given: str | None = None,
        expected: str | None = None,
        nearest: str | None = None,
    ) -> LiteralValue:
        place = Place(pointer=pointer) if self.document is None else self.document.place(pointer)
        self.findings.append(
            Finding("SMG112", message, place, given=given, expected=expected, nearest=nearest),
        )
        return LiteralValue(None, pointer)

    def value(self, value: JsonValue, pointer: str) -> Value:
        if isinstance(value, list):
            return ListValue(self.values(value, pointer), pointer)
        if not isinstance(value, dict):
            return LiteralValue(value, pointer)
        if any(key.startswith("$") for key in value):
            return self.hole(value, pointer)
        members = ((key, self.value(member, append_pointer(pointer, key))) for key, member in value.items())
        return ObjectValue(tuple(members), pointer)

    def values(self, values: list[JsonValue], pointer: str) -> tuple[Value, ...]:
        return tuple(self.value(item, append_pointer(pointer, index)) for index, item in enumerate(values))

    def hole(self, value: JsonObject, pointer: str) -> Value:
        kinds = [key for key in value if key.startswith("$")]
        kind = kinds[0]
        if len(kinds) > 1:
            return self.problem(pointer, "a hole has one key that starts with '$'", given=", ".join(kinds))
        if kind not in _GRAMMAR:
            return self.problem(
                append_pointer(pointer, kind),
                f"there is no hole '{kind}'; a literal object with such a key is written under '$literal'",
                given=kind,
                expected=", ".join(HOLE_KEYS),
                nearest=nearest_name(kind, HOLE_KEYS),
            )
        allowed, required = _GRAMMAR[kind]
        unknown = [key for key in value if key != kind and key not in allowed]
        missing = [key for key in required if key not in value]
        for key in unknown:
            self.problem(
                append_pointer(pointer, key),
                f"the hole '{kind}' has no key '{key}'",
                given=key,
                expected=", ".join(allowed) or "no further key",
                nearest=nearest_name(key, allowed),
            )
        for key in missing:
            self.problem(pointer, f"the hole '{kind}' needs the key '{key}'", expected=key)
        if unknown or missing:
            return LiteralValue(None, pointer)
        return self.known_hole(kind, value, pointer)

    def known_hole(self, kind: str, value: JsonObject, pointer: str) -> Value:
        argument = value[kind]
        if kind == "$literal":
            return LiteralValue(argument, pointer)
        if kind == "$json":
            return JsonHole(self.value(argument, append_pointer(pointer, kind)), pointer)
        if kind in ("$join", "$merge"):
            return self.combining(kind, argument, value, pointer)
        if kind == "$when":
            return self.when(value, pointer)
        if kind == "$item" and argument == "number":
            return ItemHole(number=True, pointer=pointer)
        if kind in ("$environment", "$step_name", "$item"):
            if argument is not True:
                also = ', or "number"' if kind == "$item" else ""
                return self.problem(pointer, f"the hole '{kind}' is written with true{also}", given=shown(argument))
            if kind == "$environment":
                return EnvironmentHole(pointer)
            return StepNameHole(pointer) if kind == "$step_name" else ItemHole(pointer=pointer)
        if not isinstance(argument, str):
            return self.problem(
                append_pointer(pointer, kind), f"the hole '{kind}' names something: a text", given=shown(argument)
            )
        return self.naming(kind, argument, value, pointer)

    def naming(self, kind: str, name: str, value: JsonObject, pointer: str) -> Value:
        absent: JsonValue | AbsentType = value.get("absent", ABSENT)
        if kind == "$input":
            return InputHole(name, absent, pointer)
        if kind == "$setting":
            return SettingHole(name, absent, pointer)
        if kind == "$default":
            if name not in ENVIRONMENT_DEFAULTS:
                return self.problem(
                    append_pointer(pointer, kind),
                    f"an environment has no default '{name}'",
                    given=name,
                    expected=", ".join(ENVIRONMENT_DEFAULTS),
                    nearest=nearest_name(name, ENVIRONMENT_DEFAULTS),
                )
            return DefaultHole(name, pointer)
        if kind == "$hyperparameters":
            if name == "text":
                return HyperparametersHole("text", pointer)
            if name == "json":
                return HyperparametersHole("json", pointer)
            return self.problem(
                pointer, "hyperparameters are written as 'text' or 'json'", given=name, expected="text, json"
            )
        if kind == "$asset":
            member = value.get("member")
            if member is not None and not isinstance(member, str):
                return self.problem(
                    append_pointer(pointer, "member"), "the member of an asset is a file name", given=shown(member)
                )
            return AssetHole(name, member, pointer)
        if kind == "$output_location":
            return OutputLocationHole(name, pointer)
        if kind == "$execution":
            if name not in EXECUTION_VARIABLES:
                return self.problem(
                    append_pointer(pointer, kind),
                    f"there is no execution variable '{name}'",
                    given=name,
                    expected=", ".join(EXECUTION_VARIABLES),
                    nearest=nearest_name(name, EXECUTION_VARIABLES),
                )
            return ExecutionHole(name, pointer)
        if kind == "$each":
            return EachHole(name, self.value(value["item"], append_pointer(pointer, "item")), pointer)
        return PropertyHole(name, pointer)

    def combining(self, kind: str, argument: JsonValue, value: JsonObject, pointer: str) -> Value:
        if not isinstance(argument, list) or not argument:
            return self.problem(
                append_pointer(pointer, kind), f"the hole '{kind}' takes a list of values", given=shown(argument)
            )
        values = self.values(argument, append_pointer(pointer, kind))
        if kind == "$merge":
            return MergeHole(values, pointer)
        on = value.get("on", "")
        if not isinstance(on, str):
            return self.problem(append_pointer(pointer, "on"), "'on' is the text between the values", given=shown(on))
        return JoinHole(values, on, pointer)

    def when(self, value: JsonObject, pointer: str) -> Value:
        name = value["$when"]
        if not isinstance(name, str):
            return self.problem(
                append_pointer(pointer, "$when"), "'$when' names a port or a setting", given=shown(name)
            )
        if ("value" in value) == ("items" in value):
            return self.problem(pointer, "'$when' has either 'value' or 'items'", expected="value, items")
        if "value" in value:
            return WhenHole(name, value=self.value(value["value"], append_pointer(pointer, "value")), pointer=pointer)
        items = value["items"]
        if not isinstance(items, list):
            return self.problem(append_pointer(pointer, "items"), "'items' is a list", given=shown(items))
        return WhenHole(name, items=self.values(items, append_pointer(pointer, "items")), pointer=pointer)


def shown(value: JsonValue) -> str:
    """A JSON value as a short text for a message: at most 60 characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def parse_value(
    value: JsonValue, pointer: str = "", document: Document | None = None
) -> tuple[Value, tuple[Finding, ...]]:
    """Reads one value of the grammar; SMG112 findings carry the place in ``document`` where it is given."""
    parser = _Parser(document)
    return parser.value(value, pointer), tuple(parser.findings)


def children(value: Value) -> tuple[Value, ...]:
    """The values directly inside ``value``."""
    if isinstance(value, ListValue):
        return value.items
    if isinstance(value, ObjectValue):
        return tuple(member for _, member in value.members)
    if isinstance(value, (JoinHole, MergeHole)):
        return value.values
    if isinstance(value, WhenHole):
        return value.items if value.items is not None else () if value.value is None else (value.value,)
    if isinstance(value, EachHole):
        return (value.item,)
    return (value.value,) if isinstance(value, JsonHole) else ()


def walk(value: Value) -> Iterator[Value]:
    """``value`` and everything inside it, outer before inner, in written order."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
