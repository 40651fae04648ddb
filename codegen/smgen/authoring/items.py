"""What a loop goes through: plain values, or records with a declared schema, and the current one of them."""

from __future__ import annotations

import inspect
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import (
    ClassVar,
    Final,
    Generic,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from typing_extensions import Self, TypeIs, Unpack, dataclass_transform

from smgen.authoring.misuse import Attributes, refuse, short, shown, unchecked
from smgen.authoring.origins import Origin
from smgen.authoring.places import user_place
from smgen.authoring.variables import VARIABLE_TYPES, Literals, Variable, VariableType, fits, is_variable, plain_literal
from smgen.aws import FOR_EACH_ITEMS_MAX
from smgen.diagnostics import Details, Finding, FindingsError, nearest_name
from smgen.documents import JsonValue
from smgen.expressions import Expression, Get, Join, Operand, to_json

V = TypeVar("V", bound=Literals)

#: The path of the current item (``CurrentItem`` of the SDK).
CURRENT_ITEM: Final = "ForEach.CurrentItem"

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: What a key in the brackets of a path cannot hold.
_NO_KEY: Final = re.compile(r"""["'\[\]\\\x00-\x1f\x7f]""")
_PYTHON_TYPES: Final[Mapping[VariableType, str]] = {
    "String": "str",
    "Integer": "int",
    "Float": "float",
    "Boolean": "bool",
}


class Item(Generic[V]):
    """A field of an :class:`ItemRecord`: ``name: Item[str]``.

    A record is made with a value or a variable of the type; of the loop's current item the field is a variable.
    """

    __slots__ = ("__smgen_attribute__",)

    def __init__(self, attribute: str) -> None:
        """``attribute`` is the field's name in its class."""
        self.__smgen_attribute__ = attribute

    @overload
    def __get__(self, record: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, record: object, owner: type[object]) -> Variable[V]: ...
    def __get__(self, record: object, owner: type[object]) -> Self | Variable[V]:
        """The field of the current item. Raises SMG208 for a record that was written down."""
        if record is None:
            return self
        # The class makes these descriptors itself, for its own fields and their own types.
        return cast("Variable[V]", _read(cast("ItemRecord", record), self.__smgen_attribute__))

    def __set__(self, record: object, value: V | Variable[V]) -> None:
        """Raises SMG208: a record never changes."""
        refuse(f"the field '{self.__smgen_attribute__}' of an item was set", "make another record")


class _Nested:
    """A field that is a record itself."""

    __slots__ = ("attribute",)

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute

    def __get__(self, record: ItemRecord | None, owner: type[object]) -> object:
        return self if record is None else _read(record, self.attribute)

    def __set__(self, record: object, value: object) -> None:
        refuse(f"the field '{self.attribute}' of an item was set", "make another record")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a record class: its key in the JSON, and the type of a plain value or the class of a record."""

    key: str
    type: VariableType | type[ItemRecord]

    @property
    def part(self) -> str:
        """The field as the last part of a path."""
        return f".{self.key}" if _PLAIN_KEY.fullmatch(self.key) else f"['{self.key}']"

    @property
    def words(self) -> str:
        return self.type if isinstance(self.type, str) else f"a {self.type.__name__}"


@dataclass_transform(kw_only_default=True)
class ItemRecord(Attributes):
    """The schema of items that are JSON objects: one annotation per field, ``Item[…]`` or another record class.

    ``class Region(ItemRecord): name: Item[str]; size: Item[int]``. A record is made with every field by name, with
    plain values or variables. ``class Region(ItemRecord, folder="name", keys={"size": "the-size"})`` says which field
    tells the items apart, so that each iteration writes to a folder of that name, and the keys that are no Python
    names. Raises FindingsError (SMG222) for a class with other annotations, or with none.
    """

    __smgen_fields__: ClassVar[Mapping[str, _Field]] = {}
    __smgen_folder__: ClassVar[str | None] = None

    def __init_subclass__(cls, *, folder: str | None = None, keys: Mapping[str, str] | None = None) -> None:
        """Reads the annotations of the class."""
        super().__init_subclass__()
        frame = inspect.currentframe()
        around = dict(frame.f_back.f_locals) if frame is not None and frame.f_back is not None else {}
        declared, findings = _declared_fields(cls, around, {} if keys is None else keys)
        fields = {**cls.__smgen_fields__, **declared}
        if folder is not None and not findings:
            findings += _folder_findings(cls, folder, fields)
        if findings:
            raise FindingsError(findings)
        cls.__smgen_fields__ = fields
        cls.__smgen_folder__ = cls.__smgen_folder__ if folder is None else folder
        for attribute, one in declared.items():
            setattr(cls, attribute, Item[str](attribute) if isinstance(one.type, str) else _Nested(attribute))

    def __init__(self, **values: object) -> None:
        """One record that is written down. Raises FindingsError (SMG222), all wrong values together."""
        findings = [*_value_findings(type(self), values)]
        if findings:
            raise FindingsError(findings)
        self.__smgen_values__: Mapping[str, object] = values
        self.__smgen_read__: _Read | None = None

    @property
    def __smgen_name__(self) -> str:
        read = self.__smgen_read__
        return f"an item of type {type(self).__name__}" if read is None else read.origin.title

    def __smgen_known__(self) -> list[str]:
        return list(self.__smgen_fields__)

    def __repr__(self) -> str:
        if self.__smgen_read__ is not None:
            return f"<{self.__smgen_read__.origin.title}>"
        return (
            f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__smgen_values__.items())})"
        )

    def __str__(self) -> str:
        """Raises SMG208 for the current item, whose text is known only when the pipeline runs."""
        if self.__smgen_read__ is not None:
            refuse(
                f"{self.__smgen_name__} was made a text, but it is known only when the pipeline runs",
                "pass one of its fields, and put texts together with join",
            )
        return repr(self)

    def __format__(self, format_spec: str) -> str:
        """Raises SMG208 for the current item, as ``str()`` does."""
        return format(str(self), format_spec)


@dataclass(frozen=True, slots=True)
class _Read:
    """Where the current item, or a record in it, is read."""

    path: str
    origin: Origin


@dataclass(frozen=True)
class LoopItems:
    """What a loop goes through: the JSON, what it reads, the type of one item, and how many there are if known."""

    document: JsonValue
    type: VariableType | type[ItemRecord]
    origins: tuple[Origin, ...] = ()
    count: int | None = None

    @property
    def folder(self) -> Get | None:
        """What tells the items apart in a path; None for records whose class names no field that does."""
        if isinstance(self.type, str):
            return Get(CURRENT_ITEM)
        name = self.type.__smgen_folder__
        return None if name is None else Get(CURRENT_ITEM + self.type.__smgen_fields__[name].part)


def current_item(type_: VariableType | type[ItemRecord], origin: Origin) -> Variable[object] | ItemRecord:
    """The item that the steps in the body of a loop read."""
    if isinstance(type_, str):
        return Variable(Get(CURRENT_ITEM), type_, (origin,))
    return _current_record(type_, CURRENT_ITEM, origin)


def loop_items(given: object, of: object) -> tuple[LoopItems, tuple[Finding, ...]]:
    """What a loop was given to go through, and what is wrong with it (SMG222).

    ``of`` is the type of the items where they do not say it: a plain type, or a record class. After a finding the
    items are such that no other finding follows from it.
    """
    type_, findings = _declared_type(of)
    if is_variable(given):
        items = LoopItems(to_json(given.__smgen_expression__), type_ or "String", given.__smgen_origins__)
        if given.__smgen_type__ != "String":
            expected = "a String variable that holds a JSON list"
            findings.append(_finding("a loop goes through the items of a text", given=short(given), expected=expected))
        elif of is None:
            fix = "write of=str, of=int, … or of= with an ItemRecord class"
            findings.append(_finding("a loop over a variable needs the type of its items", given=short(given), fix=fix))
        return items, tuple(findings)
    if isinstance(given, str) or not isinstance(given, Sequence):
        expected = "a list of values, variables or records, or a variable"
        fix = "write items=[…]"
        findings.append(_finding("the items of a loop are no list", given=shown(given), expected=expected, fix=fix))
        return LoopItems([], type_ or "String"), tuple(findings)
    # The elements of what a caller without a type checker gave may be anything.
    elements = cast("Sequence[object]", given)
    if not 1 <= len(elements) <= FOR_EACH_ITEMS_MAX:
        message = f"a loop has 1 to {FOR_EACH_ITEMS_MAX} items that are written down"
        fix = "pass a variable that holds the list, and of= with the type of its items"
        findings.append(_finding(message, given=f"{len(elements)} items", fix=fix))
        return LoopItems([], type_ or _type_of(elements) or "String"), tuple(findings)
    return _listed(elements, type_, findings)


def _listed(
    elements: Sequence[object], declared: VariableType | type[ItemRecord] | None, findings: list[Finding]
) -> tuple[LoopItems, tuple[Finding, ...]]:
    type_ = declared or _type_of(elements)
    document: list[JsonValue] = []
    origins: list[Origin] = []
    for number, element in enumerate(elements):
        operand = _operand(element, origins)
        if operand is None:
            message = f"item {number} of a loop is no plain value, variable or record"
            fix = "write a text, number, truth value, variable or ItemRecord"
            findings.append(_finding(message, given=shown(element), fix=fix))
        document.append(to_json(operand))
    if type_ is None and not findings:
        given = ", ".join(dict.fromkeys(_type_words(element) for element in elements))
        fix = "give all items one type; for other variables that hold JSON write of= with an ItemRecord class"
        findings.append(_finding("the items of a loop are of different types", given=given, fix=fix))
    elif declared is not None and not findings:
        for number, element in enumerate(elements):
            if not _is_of(element, declared):
                words = declared if isinstance(declared, str) else f"{declared.__name__}, or variables that hold one"
                message = f"item {number} of a loop is of another type than of="
                findings.append(_finding(message, given=_type_words(element), expected=words))
    return LoopItems(document, type_ or "String", tuple(origins), len(elements)), tuple(findings)


def _declared_type(of: object) -> tuple[VariableType | type[ItemRecord] | None, list[Finding]]:
    if of is None:
        return None, []
    for python, scalar in VARIABLE_TYPES.items():
        if python is of:
            return scalar, []
    if _is_record_class(of):
        return of, []
    fix = "write of=str, of=int, of=float, of=bool or of= with an ItemRecord class"
    return None, [_finding("the items of a loop are of no type that they can have", given=short(of), fix=fix)]


def _type_of(elements: Sequence[object]) -> VariableType | type[ItemRecord] | None:
    """The one type of all elements; a whole number is a number too. None for several types."""
    types: list[VariableType | type[ItemRecord] | None] = []
    for element in elements:
        found = _type(element)
        if found not in types:
            types.append(found)
    if set(types) == {"Integer", "Float"}:
        return "Float"
    return types[0] if len(types) == 1 else None


def _type(element: object) -> VariableType | type[ItemRecord] | None:
    if is_variable(element):
        return element.__smgen_type__
    if isinstance(element, ItemRecord):
        return type(element)
    literal = plain_literal(element)
    return None if literal is None else VARIABLE_TYPES[type(literal)]


def _type_words(element: object) -> str:
    type_ = _type(element)
    return str(type_) if type_ is None or isinstance(type_, str) else type_.__name__


def _is_of(element: object, declared: VariableType | type[ItemRecord]) -> bool:
    if isinstance(declared, str):
        return _type(element) == declared or (declared == "Float" and _type(element) == "Integer")
    if isinstance(element, str):
        # A text that holds the record as JSON: its letters stay what they are.
        return _is_json_object(element)
    return isinstance(element, declared) or (is_variable(element) and element.__smgen_type__ == "String")


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _operand(element: object, origins: list[Origin]) -> Operand:
    """One item as it stands in the definition; None for what can be none."""
    if is_variable(element):
        origins += element.__smgen_origins__
        return element.__smgen_expression__
    if isinstance(element, ItemRecord):
        if element.__smgen_read__ is not None:
            return None
        return _text(element, origins)
    literal = plain_literal(element)
    return None if isinstance(literal, float) and not math.isfinite(literal) else literal


def _text(record: ItemRecord, origins: list[Origin]) -> Operand:
    """A record as the JSON text that it is in the definition; with variables in it a join that makes it."""
    parts: list[str | Expression] = []
    for part in _json_parts(record, origins):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    first = parts[0]
    return first if len(parts) == 1 and isinstance(first, str) else Join("", tuple(parts))


def _json_parts(record: ItemRecord, origins: list[Origin]) -> Iterator[str | Expression]:
    for number, (name, one) in enumerate(record.__smgen_fields__.items()):
        yield f"{',' if number else '{'}{json.dumps(one.key, ensure_ascii=False)}:"
        value = record.__smgen_values__[name]
        if isinstance(value, ItemRecord):
            yield from _json_parts(value, origins)
        elif is_variable(value):
            origins += value.__smgen_origins__
            quote = '"' if value.__smgen_type__ == "String" else ""
            yield quote
            yield value.__smgen_expression__
            yield quote
        else:
            yield json.dumps(plain_literal(value), ensure_ascii=False)
    yield "}"


def _read(record: ItemRecord, attribute: str) -> object:
    """A field of the current item: a variable, or the record in it."""
    one = record.__smgen_fields__[attribute]
    read = record.__smgen_read__
    if read is None:
        refuse(
            f"the field '{attribute}' was read from an item that was written down",
            f"in the body of the loop read loop.item.{attribute}",
        )
    path = read.path + one.part
    if isinstance(one.type, str):
        variable: Variable[object] = Variable(Get(path), one.type, (read.origin,))
        return variable
    return _current_record(one.type, path, read.origin)


def _current_record(type_: type[ItemRecord], path: str, origin: Origin) -> ItemRecord:
    record = object.__new__(type_)
    record.__smgen_values__ = {}
    record.__smgen_read__ = _Read(path, origin)
    return record


def _declared_fields(
    cls: type[ItemRecord], around: Mapping[str, object], keys: Mapping[str, str]
) -> tuple[dict[str, _Field], list[Finding]]:
    who = f"the record class {cls.__name__}"
    own = [name for name in inspect.get_annotations(cls) if not name.startswith("_")]
    try:
        hints = get_type_hints(cls, localns={**around, cls.__name__: cls})
    except Exception as error:  # an annotation is any expression of the user's
        message = f"the annotations of {who} cannot be read"
        given = f"{type(error).__name__}: {error}"
        return {}, [_finding(message, given=given, fix="import what they name where the class is defined")]
    fields: dict[str, _Field] = {}
    findings: list[Finding] = []
    for name in own:
        type_ = _field_type(hints[name])
        key = keys.get(name, name)
        if type_ is None:
            message = f"the field '{name}' of {who} has no type that an item can have"
            fix = f"write {name}: Item[str], Item[int], Item[float], Item[bool] or another ItemRecord class"
            findings.append(_finding(message, given=str(hints[name]), fix=fix))
        elif not isinstance(unchecked(key), str) or not key or _NO_KEY.search(key):
            message = f"the key of the field '{name}' of {who} cannot stand in a reference"
            findings.append(_finding(message, given=short(key), expected="a text without quotes and brackets"))
        else:
            fields[name] = _Field(key, type_)
    return fields, [*findings, *_record_findings(cls, own, fields, keys)]


def _record_findings(
    cls: type[ItemRecord], own: Sequence[str], fields: Mapping[str, _Field], keys: Mapping[str, str]
) -> Iterator[Finding]:
    """What is wrong with a record class as a whole, of which ``fields`` are the readable ones of its ``own``."""
    who = f"the record class {cls.__name__}"
    for name in keys:
        if name not in own:
            yield _finding(f"{who} has no field '{name}'", given=name, nearest=nearest_name(name, own))
    if not own and not cls.__smgen_fields__:
        yield _finding(f"{who} has no field", fix="write at least one: name: Item[str]")
    for key, count in Counter(one.key for one in fields.values()).items():
        if count > 1:
            yield _finding(f"two fields of {who} have the key '{key}'", given=key)


def _folder_findings(cls: type[ItemRecord], folder: object, fields: Mapping[str, _Field]) -> Iterator[Finding]:
    one = fields.get(folder) if isinstance(folder, str) else None
    if one is None or not isinstance(one.type, str):
        message = f"folder= of the record class {cls.__name__} names no field with a plain value"
        plain = [name for name, each in fields.items() if isinstance(each.type, str)]
        nearest = nearest_name(folder, plain) if isinstance(folder, str) else None
        yield _finding(message, given=short(folder), expected=", ".join(plain) or None, nearest=nearest)


def _field_type(hint: object) -> VariableType | type[ItemRecord] | None:
    if get_origin(hint) is Item:
        return VARIABLE_TYPES.get(next(iter(get_args(hint)), None))
    return hint if _is_record_class(hint) else None


def _value_findings(cls: type[ItemRecord], values: Mapping[str, object]) -> Iterator[Finding]:
    who = f"an item of type {cls.__name__}"
    for name in values:
        if name not in cls.__smgen_fields__:
            nearest = nearest_name(name, cls.__smgen_fields__)
            expected = ", ".join(cls.__smgen_fields__)
            yield _finding(f"{who} has no field '{name}'", given=name, expected=expected, nearest=nearest)
    for name, one in cls.__smgen_fields__.items():
        if name not in values:
            yield _finding(f"{who} lacks the field '{name}'", expected=one.words, fix=f"pass {name}=…")
        elif not _takes(one, values[name]):
            message = f"the field '{name}' of {who} is of another type"
            yield _finding(message, given=shown(values[name]), expected=_expected(one))


def _takes(one: _Field, value: object) -> bool:
    if not isinstance(one.type, str):
        return isinstance(value, one.type) and value.__smgen_read__ is None
    if is_variable(value):
        return fits(value, one.type)
    literal = plain_literal(value)
    if literal is None or (isinstance(literal, float) and not math.isfinite(literal)):
        return False
    given = VARIABLE_TYPES[type(literal)]
    return given == one.type or (one.type == "Float" and given == "Integer")


def _expected(one: _Field) -> str:
    if isinstance(one.type, str):
        article = "an" if one.type == "Integer" else "a"
        return f"{_PYTHON_TYPES[one.type]}, or {article} {one.type} variable"
    return one.words


def _is_record_class(value: object) -> TypeIs[type[ItemRecord]]:
    return isinstance(value, type) and issubclass(value, ItemRecord) and value is not ItemRecord


def _finding(message: str, **details: Unpack[Details]) -> Finding:
    nearest = details.get("nearest")
    if nearest is not None and details.get("fix") is None:
        details["fix"] = f"write {nearest}"
    return Finding("SMG222", message, user_place(), **details)
