"""The hole grammar of a contract's ``request`` and ``step_fields``: an AWS request with places to fill.

An object that has a key starting with ``$`` is a hole, nothing else is; everything that is no hole is emitted as it
stands. The grammar is in the contract JSON Schema and in ``docs/contracts.md``. Each form says which of its members
hold further values; how holes are read and written is in one table at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, Final, Literal, TypeAlias

from typing_extensions import Self, Unpack

from smgen.diagnostics import Details, Finding, Place, nearest_name
from smgen.documents import Document, JsonObject, JsonValue, append_pointer, is_container, shown_json
from smgen.expressions import EXECUTION_VARIABLES

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

HyperparameterForm: TypeAlias = Literal["text", "json"]
#: Member names and indices that lead to a place of a request.
Parts: TypeAlias = "tuple[str | int, ...]"


class AbsentType:
    """The type of :data:`ABSENT`."""

    def __repr__(self) -> str:
        return "ABSENT"


#: The types of AWS's members in which a text may stand.
_TEXTS: Final = ("string", "timestamp", "document")
#: Says that a hole has no ``absent`` literal (which may itself be ``null``).
ABSENT = AbsentType()


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of the grammar.

    ``keys`` are those of a hole in the order of the class's members, ``holds`` the members in which further values
    stand, and ``is_text`` says that AWS sees the text that is made of these. ``fits`` are the types of AWS's members
    that it may stand for, where no more than that is asked of it.
    """

    keys: ClassVar[tuple[str, ...]] = ()
    holds: ClassVar[tuple[str, ...]] = ()
    is_text: ClassVar[bool] = False
    fits: ClassVar[tuple[str, ...]] = ()

    def inside(self) -> Iterator[tuple[Parts, Value]]:
        """The values directly inside, each with the way that leads to it in the request that AWS sees."""
        for name in self.holds:
            held: Value | tuple[Value, ...] | None = getattr(self, name)
            if held is not None:
                yield from (((), value) for value in (held if isinstance(held, tuple) else (held,)))

    def rebuilt(self, change: Callable[[Value], Value]) -> Self:
        """The same with every value directly inside it changed."""
        changed: dict[str, Value | tuple[Value, ...]] = {}
        for name in self.holds:
            held: Value | tuple[Value, ...] | None = getattr(self, name)
            if held is not None:
                changed[name] = tuple(map(change, held)) if isinstance(held, tuple) else change(held)
        return replace(self, **changed) if changed else self


@dataclass(frozen=True, slots=True)
class LiteralValue(_Form):
    """A scalar, or what stands under ``$literal``: emitted as it is."""

    value: JsonValue
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$literal",)


@dataclass(frozen=True, slots=True)
class RawLiteral(LiteralValue):
    """``{"$raw": value}``: emitted as it is, and held against nothing that AWS says of its place."""

    keys: ClassVar[tuple[str, ...]] = ("$raw",)


@dataclass(frozen=True, slots=True)
class ListValue(_Form):
    """A list; an item may expand to several or to none."""

    items: tuple[Value, ...]
    pointer: str = field(default="", compare=False)
    holds: ClassVar[tuple[str, ...]] = ("items",)

    def inside(self) -> Iterator[tuple[Parts, Value]]:
        """The items, each with its index."""
        return (((index,), item) for index, item in enumerate(self.items))


@dataclass(frozen=True, slots=True)
class ObjectValue(_Form):
    """An object in its written order."""

    members: tuple[tuple[str, Value], ...]
    pointer: str = field(default="", compare=False)

    def inside(self) -> Iterator[tuple[Parts, Value]]:
        """The members, each with its name."""
        return (((name,), member) for name, member in self.members)

    def rebuilt(self, change: Callable[[Value], Value]) -> ObjectValue:
        """The same with every member changed."""
        return ObjectValue(tuple((name, change(member)) for name, member in self.members), self.pointer)


@dataclass(frozen=True, slots=True)
class InputHole(_Form):
    """``{"$input": port}``: the location or value bound to a port."""

    port: str
    absent: JsonValue | AbsentType = ABSENT
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$input", "absent")


@dataclass(frozen=True, slots=True)
class SettingHole(_Form):
    """``{"$setting": name}``: a setting of the step's config."""

    setting: str
    absent: JsonValue | AbsentType = ABSENT
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$setting", "absent")


@dataclass(frozen=True, slots=True)
class DefaultHole(_Form):
    """``{"$default": name}``: a value of the environment, one of :data:`ENVIRONMENT_DEFAULTS`."""

    name: str
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$default",)


@dataclass(frozen=True, slots=True)
class HyperparametersHole(_Form):
    """``{"$hyperparameters": form}``: all hyperparameters that are set, as a map of strings."""

    form: HyperparameterForm
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$hyperparameters",)


@dataclass(frozen=True, slots=True)
class EnvironmentHole(_Form):
    """``{"$environment": true}``: all environment variables that are set, as a map of strings."""

    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$environment",)


@dataclass(frozen=True, slots=True)
class AssetHole(_Form):
    """``{"$asset": name}``: the S3 location of a packed source; with ``member``, of a file in it."""

    asset: str
    member: str | None = None
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$asset", "member")


@dataclass(frozen=True, slots=True)
class OutputLocationHole(_Form):
    """``{"$output_location": output}``: where an output is written."""

    output: str
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$output_location",)


@dataclass(frozen=True, slots=True)
class ExecutionHole(_Form):
    """``{"$execution": variable}``: an execution variable such as ``PipelineExecutionId``."""

    variable: str
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$execution",)
    fits: ClassVar[tuple[str, ...]] = _TEXTS


@dataclass(frozen=True, slots=True)
class StepNameHole(_Form):
    """``{"$step_name": true}``: the name of the step itself."""

    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$step_name",)
    fits: ClassVar[tuple[str, ...]] = _TEXTS


@dataclass(frozen=True, slots=True)
class JoinHole(_Form):
    """``{"$join": [Value…], "on": "/"}``: a ``Std:Join``, or its text where every part is a literal."""

    values: tuple[Value, ...]
    on: str = ""
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$join", "on")
    holds: ClassVar[tuple[str, ...]] = ("values",)
    is_text: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class JsonHole(_Form):
    """``{"$json": Value}``: the value as JSON text, put together when the pipeline runs where parts are known then."""

    value: Value
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$json",)
    holds: ClassVar[tuple[str, ...]] = ("value",)
    is_text: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class MergeHole(_Form):
    """``{"$merge": [Value…]}``: objects laid over each other; a later member wins, the first order is kept."""

    values: tuple[Value, ...]
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$merge",)
    holds: ClassVar[tuple[str, ...]] = ("values",)


@dataclass(frozen=True, slots=True)
class WhenHole(_Form):
    """``{"$when": name, "value": …}`` or ``{"$when": name, "items": […]}``: there only if a port or setting is."""

    name: str
    value: Value | None = None
    items: tuple[Value, ...] | None = None
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$when", "value", "items")
    holds: ClassVar[tuple[str, ...]] = ("value", "items")


@dataclass(frozen=True, slots=True)
class EachHole(_Form):
    """``{"$each": name, "item": …}``: one item per reference of a port with ``many``, or per element of a setting."""

    port: str
    item: Value
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$each", "item")
    holds: ClassVar[tuple[str, ...]] = ("item",)


@dataclass(frozen=True, slots=True)
class ItemHole(_Form):
    """``{"$item": true}``: the current reference or element in ``$each``; ``"number"``: its place from 1, as a text."""

    number: bool = False
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$item",)


@dataclass(frozen=True, slots=True)
class PropertyHole(_Form):
    """``{"$property": path}``: a property of the step itself, inside an output's ``value``."""

    path: str
    pointer: str = field(default="", compare=False)
    keys: ClassVar[tuple[str, ...]] = ("$property",)


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


class _WrongHoleError(Exception):
    """Ends the reading of a hole: ``parts`` lead from it to what is wrong."""

    def __init__(self, message: str, *parts: str, **details: Unpack[Details]) -> None:
        super().__init__(message)
        self.parts = parts
        self.finding = Finding("SMG112", message, Place(), **details)


class _Reader:
    """One walk over a value; collects findings so that all of them are reported together."""

    def __init__(self, document: Document | None) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def problem(self, pointer: str, error: _WrongHoleError) -> None:
        at = append_pointer(pointer, *error.parts)
        place = Place(pointer=at) if self.document is None else self.document.place(at)
        self.findings.append(replace(error.finding, place=place))

    def value(self, value: JsonValue, pointer: str) -> Value:
        if isinstance(value, list):
            return ListValue(self.values(value, pointer), pointer)
        if not isinstance(value, dict):
            return LiteralValue(value, pointer)
        if any(key.startswith("$") for key in value):
            try:
                return self.hole(value, pointer)
            except _WrongHoleError as error:
                self.problem(pointer, error)
                return LiteralValue(None, pointer)
        members = ((key, self.value(member, append_pointer(pointer, key))) for key, member in value.items())
        return ObjectValue(tuple(members), pointer)

    def values(self, values: Sequence[JsonValue], pointer: str) -> tuple[Value, ...]:
        return tuple(self.value(item, append_pointer(pointer, index)) for index, item in enumerate(values))

    def hole(self, value: JsonObject, pointer: str) -> Value:
        key, *others = (key for key in value if key.startswith("$"))
        if others:
            raise _WrongHoleError("a hole has one key that starts with '$'", given=", ".join((key, *others)))
        if key not in _HOLES:
            message = f"there is no hole '{key}'; a literal object with such a key is written under '$literal'"
            nearest = nearest_name(key, HOLE_KEYS)
            raise _WrongHoleError(message, key, given=key, expected=", ".join(HOLE_KEYS), nearest=nearest)
        form, read = _HOLES[key]
        allowed = form.keys[1:]
        problems = [
            _WrongHoleError(
                f"the hole '{key}' has no key '{name}'",
                name,
                given=name,
                expected=", ".join(allowed) or "no further key",
                nearest=nearest_name(name, allowed),
            )
            for name in value
            if name not in form.keys
        ]
        if form is EachHole and "item" not in value:
            problems.append(_WrongHoleError(f"the hole '{key}' needs the key 'item'", expected="item"))
        for problem in problems:
            self.problem(pointer, problem)
        return LiteralValue(None, pointer) if problems else read(_Written(self, key, value, pointer))


@dataclass(frozen=True, slots=True)
class _Written:
    """A hole with the keys of its form, as a contract writes it, while it is read."""

    reader: _Reader
    key: str
    members: JsonObject
    pointer: str

    @property
    def argument(self) -> JsonValue:
        return self.members[self.key]

    @property
    def absent(self) -> JsonValue | AbsentType:
        return self.members.get("absent", ABSENT)

    def name(self, message: str = "the hole '{}' names something: a text") -> str:
        if isinstance(self.argument, str):
            return self.argument
        raise _WrongHoleError(message.format(self.key), self.key, given=shown_json(self.argument))

    def known(self, names: tuple[str, ...], message: str) -> str:
        name = self.name()
        if name in names:
            return name
        expected, nearest = ", ".join(names), nearest_name(name, names)
        raise _WrongHoleError(message.format(name), self.key, given=name, expected=expected, nearest=nearest)

    def true(self, made: Callable[[str], Value], also: str = "") -> Value:
        if self.argument is True:
            return made(self.pointer)
        raise _WrongHoleError(f"the hole '{self.key}' is written with true{also}", given=shown_json(self.argument))

    def item(self) -> Value:
        if self.argument == "number":
            return ItemHole(number=True, pointer=self.pointer)
        return self.true(lambda pointer: ItemHole(pointer=pointer), ', or "number"')

    def form(self) -> HyperparameterForm:
        known: dict[str, HyperparameterForm] = {"text": "text", "json": "json"}
        name = self.name()
        if name in known:
            return known[name]
        message = "hyperparameters are written as 'text' or 'json'"
        raise _WrongHoleError(message, given=name, expected="text, json")

    def on(self) -> str:
        on = self.members.get("on", "")
        if isinstance(on, str):
            return on
        raise _WrongHoleError("'on' is the text between the values", "on", given=shown_json(on))

    def member(self) -> str | None:
        member = self.members.get("member")
        if member is None or isinstance(member, str):
            return member
        raise _WrongHoleError("the member of an asset is a file name", "member", given=shown_json(member))

    def value(self, key: str) -> Value:
        return self.reader.value(self.members[key], append_pointer(self.pointer, key))

    def values(self) -> tuple[Value, ...]:
        if isinstance(self.argument, list) and self.argument:
            return self.reader.values(self.argument, append_pointer(self.pointer, self.key))
        raise _WrongHoleError(
            f"the hole '{self.key}' takes a list of values", self.key, given=shown_json(self.argument)
        )

    def when(self) -> WhenHole:
        name = self.name("'{}' names a port or a setting")
        if ("value" in self.members) == ("items" in self.members):
            raise _WrongHoleError("'$when' has either 'value' or 'items'", expected="value, items")
        if "value" in self.members:
            return WhenHole(name, self.value("value"), pointer=self.pointer)
        items = self.members["items"]
        if isinstance(items, list):
            return WhenHole(
                name, items=self.reader.values(items, append_pointer(self.pointer, "items")), pointer=self.pointer
            )
        raise _WrongHoleError("'items' is a list", "items", given=shown_json(items))


_Read: TypeAlias = Callable[[_Written], Value]
#: How each hole is read.
_READ: Final[Mapping[type[_Form], _Read]] = {
    InputHole: lambda hole: InputHole(hole.name(), hole.absent, hole.pointer),
    SettingHole: lambda hole: SettingHole(hole.name(), hole.absent, hole.pointer),
    DefaultHole: lambda hole: DefaultHole(
        hole.known(ENVIRONMENT_DEFAULTS, "an environment has no default '{}'"), hole.pointer
    ),
    HyperparametersHole: lambda hole: HyperparametersHole(hole.form(), hole.pointer),
    EnvironmentHole: lambda hole: hole.true(EnvironmentHole),
    AssetHole: lambda hole: AssetHole(hole.name(), hole.member(), hole.pointer),
    OutputLocationHole: lambda hole: OutputLocationHole(hole.name(), hole.pointer),
    ExecutionHole: lambda hole: ExecutionHole(
        hole.known(EXECUTION_VARIABLES, "there is no execution variable '{}'"), hole.pointer
    ),
    StepNameHole: lambda hole: hole.true(StepNameHole),
    JoinHole: lambda hole: JoinHole(hole.values(), hole.on(), hole.pointer),
    JsonHole: lambda hole: JsonHole(hole.value("$json"), hole.pointer),
    MergeHole: lambda hole: MergeHole(hole.values(), hole.pointer),
    WhenHole: lambda hole: hole.when(),
    EachHole: lambda hole: EachHole(hole.name(), hole.value("item"), hole.pointer),
    ItemHole: lambda hole: hole.item(),
    PropertyHole: lambda hole: PropertyHole(hole.name(), hole.pointer),
    LiteralValue: lambda hole: LiteralValue(hole.argument, hole.pointer),
    RawLiteral: lambda hole: RawLiteral(hole.argument, hole.pointer),
}
_HOLES: Final = {form.keys[0]: (form, read) for form, read in _READ.items()}
HOLE_KEYS: Final[tuple[str, ...]] = tuple(_HOLES)


def parse_value(
    value: JsonValue, pointer: str = "", document: Document | None = None
) -> tuple[Value, tuple[Finding, ...]]:
    """Reads one value of the grammar; SMG112 findings carry the place in ``document`` where it is given."""
    reader = _Reader(document)
    return reader.value(value, pointer), tuple(reader.findings)


def written(value: Value) -> JsonValue:
    """The value as a contract writes it: what :func:`parse_value` reads as the same value."""
    if isinstance(value, ObjectValue):
        return {name: written(member) for name, member in value.members}
    if isinstance(value, ListValue):
        return [written(item) for item in value.items]
    if isinstance(value, RawLiteral):
        return {"$raw": value.value}
    if isinstance(value, LiteralValue):
        return {"$literal": value.value} if is_container(value.value) else value.value
    if isinstance(value, ItemHole):
        return {"$item": "number" if value.number else True}
    told = [(getattr(value, member.name), member.default) for member in fields(value) if member.name != "pointer"]
    pairs = zip(value.keys, told or [(True, None)], strict=True)
    return {key: _member(held) for key, (held, default) in pairs if held != default}


def _member(held: Value | tuple[Value, ...] | JsonValue) -> JsonValue:
    """A member of a hole: values, or a name or literal."""
    if isinstance(held, tuple):
        return [written(value) for value in held]
    return written(held) if isinstance(held, _Form) else held


def children(value: Value) -> tuple[Value, ...]:
    """The values directly inside ``value``."""
    return tuple(inner for _, inner in value.inside())


def walk(value: Value) -> Iterator[Value]:
    """``value`` and everything inside it, outer before inner, in written order."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
