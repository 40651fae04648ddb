"""The subset of JSON Schema in which a contract describes hyperparameters, environment variables and reports.

A schema in this subset becomes a :class:`ValueSchema` (scalars, lists and maps of scalars) or, for a report file, a
tree of :class:`ReportNode`. What is outside it is an SMG117 finding that names the keywords that are supported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from typing_extensions import Unpack

from smgen.contract_model.json_reading import number, scalar, text, texts, whole_number
from smgen.contract_model.model import ParameterSpec, ReportNode, ReportType
from smgen.contract_model.needs import NEEDS_KEYWORDS, wrong_needs
from smgen.contract_model.value_schema import Scalar, ValueSchema, ValueType, pattern_problem, value_problem
from smgen.contract_model.value_text import describe_schema, nearest_value
from smgen.diagnostics import Details, Finding, Place, nearest_name
from smgen.documents import JsonObject, JsonValue, append_pointer, json_at, shown_json

#: Gives the place of a JSON pointer of the contract document.
PlaceOf: TypeAlias = Callable[[str], Place]

#: Annotations that any schema may carry; they say nothing about a value's type.
ANNOTATIONS: Final = ("title", "description", "default", "examples", "$comment")

_ScalarType: TypeAlias = Literal["string", "integer", "number", "boolean"]

_NUMBER_KEYWORDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_LENGTH_KEYWORDS: Final = ("minLength", "maxLength")
_COUNT_KEYWORDS: Final = (*_LENGTH_KEYWORDS, "minItems", "maxItems", "minProperties", "maxProperties")

#: Keywords beside ``type``, ``enum`` and ``const``, for each type.
_KEYWORDS: Final[Mapping[ValueType, tuple[str, ...]]] = {
    "string": (*_LENGTH_KEYWORDS, "pattern"),
    "integer": _NUMBER_KEYWORDS,
    "number": _NUMBER_KEYWORDS,
    "boolean": (),
    "array": ("items", "minItems", "maxItems"),
    "object": ("additionalProperties", "minProperties", "maxProperties"),
}
_TYPES: Final[tuple[ValueType, ...]] = tuple(_KEYWORDS)
_SCALAR_TYPES: Final[tuple[ValueType, ...]] = ("string", "integer", "number", "boolean")

#: Keywords of the object that lists hyperparameters or environment variables.
_GROUP_KEYWORDS: Final = ("type", "properties", "required", "additionalProperties", *NEEDS_KEYWORDS)

_REPORT_TYPES: Final[tuple[ReportType, ...]] = ("object", "array", "string", "integer", "number", "boolean")
#: Keywords of a report schema that give it its form; those of the values in it are read and say nothing about types.
_REPORT_KEYWORDS: Final = (
    "type",
    "properties",
    "items",
    "required",
    "additionalProperties",
    "enum",
    "const",
    *_NUMBER_KEYWORDS,
    *_LENGTH_KEYWORDS,
    "pattern",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
)


def pointer_only(pointer: str) -> Place:
    """A place that knows its pointer and no file."""
    return Place(pointer=pointer)


@dataclass(slots=True)
class _Reader:
    """Reads schemas and collects what is wrong with them."""

    place: PlaceOf
    findings: list[Finding] = field(default_factory=list[Finding])

    def problem(self, pointer: str, message: str, **details: Unpack[Details]) -> None:
        self.findings.append(Finding("SMG117", message, self.place(pointer), **details))

    def keywords(self, schema: JsonObject, allowed: Iterable[str], pointer: str, what: str) -> None:
        supported = (*allowed, *ANNOTATIONS)
        for key in schema:
            if key not in supported:
                self.problem(
                    append_pointer(pointer, key),
                    f"the keyword {shown_json(key)} is not supported for {what}",
                    given=key,
                    expected=", ".join(supported),
                    nearest=nearest_name(key, supported),
                )
        self.annotations(schema, pointer)

    def annotations(self, schema: JsonObject, pointer: str) -> None:
        for key in ("title", "description"):
            if key in schema and not isinstance(schema[key], str):
                self.problem(append_pointer(pointer, key), f"'{key}' is a text", given=shown_json(schema[key]))

    def type_of(self, schema: JsonObject, pointer: str, allowed: tuple[ValueType, ...]) -> ValueType | None:
        """The declared type, or that of the ``enum`` or ``const`` where none is declared."""
        if "type" in schema:
            declared = schema["type"]
            for candidate in allowed:
                if declared == candidate:
                    return candidate
            self.problem(
                append_pointer(pointer, "type"),
                "a value has one of the supported types"
                if isinstance(declared, str)
                else "a value has exactly one type, written as a text",
                given=shown_json(declared),
                expected=", ".join(allowed),
                nearest=nearest_name(declared, allowed) if isinstance(declared, str) else None,
                fix="leave the name out of 'required' where it may be absent"
                if isinstance(declared, list) and "null" in declared
                else None,
            )
            return None
        values = self.enumerated(schema, pointer)
        if values:
            return _common_type(values)
        if "enum" not in schema and "const" not in schema:
            known = dict.fromkeys(("type", "enum", "const", *(key for keys in _KEYWORDS.values() for key in keys)))
            before = len(self.findings)
            self.keywords(schema, known, pointer, "a value")
            if len(self.findings) == before:
                self.problem(
                    pointer, "the schema says no type", expected="type, enum or const", fix="write the value's type"
                )
        return None

    def enumerated(self, schema: JsonObject, pointer: str) -> tuple[Scalar, ...] | None:
        """The values of ``enum`` and ``const``; None when neither stands there; empty when it is wrong."""
        if "const" in schema:
            value = scalar(schema["const"])
            if value is None:
                self.problem(
                    append_pointer(pointer, "const"),
                    "'const' is a text, number or boolean",
                    given=shown_json(schema["const"]),
                )
                return ()
            return (value,)
        if "enum" not in schema:
            return None
        given = schema["enum"]
        if not isinstance(given, list) or not given:
            self.problem(
                append_pointer(pointer, "enum"), "'enum' is a list of at least one value", given=shown_json(given)
            )
            return ()
        values: list[Scalar] = []
        for index, item in enumerate(given):
            value = scalar(item)
            if value is None:
                at = append_pointer(pointer, "enum", index)
                self.problem(at, "a value of 'enum' is a text, number or boolean", given=shown_json(item))
            elif any(value == other and type(value) is type(other) for other in values):
                at = append_pointer(pointer, "enum", index)
                self.problem(at, "this value of 'enum' stands there twice", given=shown_json(item))
            else:
                values.append(value)
        if len(values) < len(given):
            return ()
        if _common_type(values) is None:
            self.problem(
                append_pointer(pointer, "enum"), "the values of 'enum' have different types", given=shown_json(given)
            )
            return ()
        return tuple(values)

    def value(self, schema: JsonValue, pointer: str, allowed: tuple[ValueType, ...] = _TYPES) -> ValueSchema | None:
        """The schema of one value; None when something is wrong with it."""
        before = len(self.findings)
        if not isinstance(schema, dict):
            self.problem(pointer, "a schema is an object", given=shown_json(schema), expected='{"type": …}')
            return None
        kind = self.type_of(schema, pointer, allowed)
        if kind is None:
            return None
        self.keywords(schema, ("type", "enum", "const", *_KEYWORDS[kind]), pointer, f"a value of type {kind}")
        self.limits(schema, _KEYWORDS[kind], pointer)
        enum = self.enumerated(schema, pointer)
        element = self.element(kind, schema, pointer)
        pattern = self.pattern(schema, pointer)
        if len(self.findings) > before:
            return None
        counts = ("minProperties", "maxProperties") if kind == "object" else ("minItems", "maxItems")
        result = ValueSchema(
            kind,
            enum=enum or None,
            minimum=number(schema.get("minimum")),
            maximum=number(schema.get("maximum")),
            exclusive_minimum=number(schema.get("exclusiveMinimum")),
            exclusive_maximum=number(schema.get("exclusiveMaximum")),
            multiple_of=number(schema.get("multipleOf")),
            min_length=whole_number(schema.get("minLength")),
            max_length=whole_number(schema.get("maxLength")),
            pattern=pattern,
            min_items=whole_number(schema.get(counts[0])),
            max_items=whole_number(schema.get(counts[1])),
            element=element,
            description=text(schema.get("description")),
        )
        self.consistent(result, pointer)
        return result if len(self.findings) == before else None

    def limits(self, schema: JsonObject, keywords: tuple[str, ...], pointer: str) -> None:
        """Bounds of numbers, lengths and counts that are no numbers."""
        # Pointers are made only for what is wrong: generated packages read their schemas at every import.
        for key in keywords:
            if key not in schema:
                continue
            value = schema[key]
            problem: str | None = None
            if key in _NUMBER_KEYWORDS and number(value) is None:
                problem = f"'{key}' is a number"
            elif key == "multipleOf" and (number(value) or 0) <= 0:
                problem = "'multipleOf' is above 0"
            elif key in _COUNT_KEYWORDS and (whole_number(value) is None or (whole_number(value) or 0) < 0):
                problem = f"'{key}' is a whole number from 0 on"
            if problem is not None:
                self.problem(append_pointer(pointer, key), problem, given=shown_json(value))

    def pattern(self, schema: JsonObject, pointer: str) -> str | None:
        """The pattern of a text, if it can be used."""
        if "pattern" not in schema:
            return None
        at = append_pointer(pointer, "pattern")
        given = schema["pattern"]
        if not isinstance(given, str):
            self.problem(at, "'pattern' is a text", given=shown_json(given))
            return None
        problem = pattern_problem(given)
        if problem is not None:
            self.problem(at, f"'pattern' cannot be used: {problem}", given=shown_json(given))
            return None
        return given or None

    def element(self, kind: ValueType, schema: JsonObject, pointer: str) -> ValueSchema | None:
        if kind not in ("array", "object"):
            return None
        key = "items" if kind == "array" else "additionalProperties"
        if not isinstance(schema.get(key), dict):
            what = "a list says the type of its items" if kind == "array" else "a map says the type of its values"
            self.problem(
                append_pointer(pointer, key) if key in schema else pointer,
                f"{what} in '{key}'",
                given=shown_json(schema[key]) if key in schema else None,
                expected=f'"{key}": {{"type": …}}',
            )
            return None
        return self.value(schema[key], append_pointer(pointer, key), _SCALAR_TYPES)

    def consistent(self, schema: ValueSchema, pointer: str) -> None:
        """Bounds that leave no value, and enumerated values that the other keywords refuse."""
        for low, high, what in (
            (schema.minimum, schema.maximum, "'minimum' is above 'maximum'"),
            (schema.min_length, schema.max_length, "'minLength' is above 'maxLength'"),
            (schema.min_items, schema.max_items, "the smallest count is above the largest"),
        ):
            if low is not None and high is not None and low > high:
                self.problem(pointer, f"no value can satisfy this: {what}", given=f"{low} and {high}")
        if schema.enum is None:
            return
        for value in schema.enum:
            problem = value_problem(schema, value)
            if problem is not None:
                self.problem(
                    append_pointer(pointer, "enum"), f"the value {shown_json(value)} can never be chosen: {problem}"
                )

    def group(self, schema: JsonValue, pointer: str) -> tuple[ParameterSpec, ...]:
        """The members of ``hyperparameters`` or ``environment``."""
        if not isinstance(schema, dict):
            self.problem(
                pointer,
                "this is an object schema",
                given=shown_json(schema),
                expected='{"type": "object", "properties": …}',
            )
            return ()
        self.keywords(schema, _GROUP_KEYWORDS, pointer, "the object that lists them")
        if schema.get("type", "object") != "object":
            self.problem(
                append_pointer(pointer, "type"),
                "the schema that lists them is of type object",
                given=shown_json(schema["type"]),
                expected="object",
            )
        if schema.get("additionalProperties", False) is not False:
            self.problem(
                append_pointer(pointer, "additionalProperties"),
                "every name is listed: further ones would have no type",
                given=shown_json(schema["additionalProperties"]),
                expected="false",
                fix="list each name under 'properties'",
            )
        properties = schema.get("properties", {})
        if not isinstance(properties, dict):
            self.problem(
                append_pointer(pointer, "properties"), "'properties' is an object", given=shown_json(properties)
            )
            return ()
        required = self.required(schema, tuple(properties), pointer)
        for wrong in wrong_needs(schema, pointer, tuple(properties)):
            self.problem(wrong.pointer, wrong.message, given=shown_json(wrong.given), expected=wrong.expected)
        base = append_pointer(pointer, "properties")
        found = (
            self.parameter(name, member, name in required, append_pointer(base, name))
            for name, member in properties.items()
        )
        return tuple(item for item in found if item is not None)

    def required(self, schema: JsonObject, names: tuple[str, ...], pointer: str) -> tuple[str, ...]:
        given = schema.get("required", [])
        at = append_pointer(pointer, "required")
        if not isinstance(given, list):
            self.problem(at, "'required' is a list of names", given=shown_json(given))
            return ()
        for index, name in enumerate(given):
            if not isinstance(name, str) or name not in names:
                self.problem(
                    append_pointer(at, index),
                    "a required name is one of 'properties'",
                    given=shown_json(name),
                    expected=", ".join(names) or "no name",
                    nearest=nearest_name(name, names) if isinstance(name, str) else None,
                )
        return texts(given)

    def parameter(self, name: str, schema: JsonValue, required: bool, pointer: str) -> ParameterSpec | None:
        parsed = self.value(schema, pointer)
        if parsed is None:
            return None
        default: Scalar | None = None
        given = json_at(schema, "default")
        if given is not None:
            default = scalar(given)
            problem = "a default is a text, number or boolean" if default is None else value_problem(parsed, default)
            if problem is not None:
                nearest = nearest_value(default, parsed)
                self.problem(
                    append_pointer(pointer, "default"),
                    f"the default does not fit: {problem}",
                    given=shown_json(given),
                    expected=describe_schema(parsed),
                    nearest=nearest,
                    fix=f"write {shown_json(nearest)}" if nearest else None,
                )
        return ParameterSpec(name, parsed, required, default, pointer)

    def report(self, schema: JsonValue, pointer: str) -> ReportNode:
        """One place of a report; a node of type object without members where something is wrong."""
        nothing = ReportNode("object")
        if not isinstance(schema, dict):
            self.problem(pointer, "a schema is an object", given=shown_json(schema), expected='{"type": …}')
            return nothing
        before = len(self.findings)
        self.keywords(schema, _REPORT_KEYWORDS, pointer, "a report")
        if not any(key in schema for key in ("type", "enum", "const", "properties")) and len(self.findings) > before:
            # An unsupported keyword stands in the place of the type.
            return nothing
        kind = self.report_type(schema, pointer)
        if kind is None:
            return nothing
        description = text(schema.get("description"))
        if kind == "array":
            if "items" not in schema:
                self.problem(pointer, "a list says the type of its items in 'items'", expected='"items": {"type": …}')
                return nothing
            return ReportNode(kind, description, element=self.report(schema["items"], append_pointer(pointer, "items")))
        if kind != "object":
            return ReportNode(kind, description)
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            self.problem(
                pointer if properties is None else append_pointer(pointer, "properties"),
                "an object of a report lists its members in 'properties'",
                given=None if properties is None else shown_json(properties),
                expected='"properties": {name: {"type": …}}',
            )
            return nothing
        self.required(schema, tuple(properties), pointer)
        at = append_pointer(pointer, "properties")
        found = tuple((name, self.report(member, append_pointer(at, name))) for name, member in properties.items())
        return ReportNode(kind, description, members=found)

    def report_type(self, schema: JsonObject, pointer: str) -> ReportType | None:
        declared = schema.get("type")
        for candidate in _REPORT_TYPES:
            if declared == candidate:
                return candidate
        if declared is None and "properties" in schema:
            return "object"
        values = self.enumerated(schema, pointer) if declared is None else None
        if values:
            return _common_type(values)
        self.problem(
            append_pointer(pointer, "type") if declared is not None else pointer,
            "a value of a report has one of the supported types",
            given=None if declared is None else shown_json(declared),
            expected=", ".join(_REPORT_TYPES),
            nearest=nearest_name(declared, _REPORT_TYPES) if isinstance(declared, str) else None,
        )
        return None


def _common_type(values: Iterable[Scalar]) -> _ScalarType | None:
    """The one type that all values have; integers among numbers are numbers."""
    kinds: tuple[_ScalarType, ...] = tuple(dict.fromkeys(_scalar_type(value) for value in values))
    if len(kinds) == 1:
        return kinds[0]
    return "number" if len(kinds) == 2 and "integer" in kinds and "number" in kinds else None


def _scalar_type(value: Scalar) -> _ScalarType:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "integer" if isinstance(value, int) else "number"


def schema_of_json_schema(
    schema: JsonValue, pointer: str = "", place: PlaceOf = pointer_only
) -> tuple[ValueSchema | None, tuple[Finding, ...]]:
    """The type of one value, and SMG117 findings; None exactly where something is wrong.

    ``pointer`` is where ``schema`` stands in its document and ``place`` turns such pointers into places. A schema
    without ``type`` has the type of its ``enum`` or ``const``.
    """
    reader = _Reader(place)
    return reader.value(schema, pointer), tuple(reader.findings)


def parameters_of_json_schema(
    schema: JsonValue, pointer: str = "", place: PlaceOf = pointer_only
) -> tuple[tuple[ParameterSpec, ...], tuple[Finding, ...]]:
    """Hyperparameters or environment variables in written order, and SMG117 findings; a wrong one is left out."""
    reader = _Reader(place)
    return reader.group(schema, pointer), tuple(reader.findings)


def report_of_json_schema(
    schema: JsonValue, pointer: str = "", place: PlaceOf = pointer_only
) -> tuple[ReportNode, tuple[Finding, ...]]:
    """The form of a report file, and SMG117 findings; an empty object where something is wrong."""
    reader = _Reader(place)
    return reader.report(schema, pointer), tuple(reader.findings)
