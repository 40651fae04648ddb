"""What is wrong with the form of a contract folder's documents, in smgen's words.

The form is checked by the pydantic models that are generated from the published JSON Schemas; pydantic is imported
when a document is checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from smgen.contract_model.framework_images import framework_form_findings
from smgen.contract_model.json_reading import scalar, text, texts, whole_number
from smgen.diagnostics import Finding, Place, counted, nearest_name
from smgen.documents import JsonObject, JsonValue, json_at, object_at, pointer, shown_json

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

SCHEMA_FOLDER: Final = Path(__file__).parent / "schema"

#: What pydantic's error types ask for.
_WANTED: Final[Mapping[str, str]] = {
    "string_type": "a text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "string_too_short": "a text of at least one character",
}

#: What a pattern of the schemas asks for, by the last member name of its place.
_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "version": ("SMG104", "three numbers with dots, such as 1.2.0"),
    "until": ("SMG104", "three numbers with dots, such as 2.0.0"),
    "package": ("SMG106", "an import package, such as acme_artifacts.types"),
}
_CLASS_FORM: Final = "a capital letter, then up to 62 letters and digits, such as TrainingData"
_NAME_FORM: Final = "a letter, then up to 63 letters, digits and underscores, such as training_data"

#: What the members of these objects are.
_NOUNS: Final[Mapping[str, str]] = {
    "inputs": "input",
    "outputs": "output",
    "settings": "setting",
    "files": "file",
    "types": "artifact type",
    "variants": "variant",
}

#: Where null may stand: parts of a place, * for any name. Below the first group stands any JSON.
_ANY_JSON: Final = (
    ("request",),
    ("step_fields",),
    ("hyperparameters",),
    ("environment",),
    ("outputs", "*", "value"),
    ("outputs", "*", "files", "*", "schema"),
    ("settings", "*", "*"),
    ("variants", "*", "*"),
)
_NULLABLE: Final = (("package",), ("types", "*", "parent"), ("types", "*", "package"), ("variants", "*", "*"))


class Located(Protocol):
    """JSON that knows where each of its parts was written: a document, or one merged from several places."""

    @property
    def value(self) -> JsonValue:
        """The JSON."""
        ...

    def place(self, pointer: str, *, key: bool = False) -> Place:
        """The place of the value at ``pointer``, or of its member's name with ``key``."""
        ...


def contract_form_findings(document: Located) -> tuple[Finding, ...]:
    """What keeps a document from being a contract document: SMG103 to SMG106, each problem once."""
    from smgen.contracts.document_model import ContractDocument

    found = _findings(document, ContractDocument, "step-contract", "a contract")
    return (*found, *_default_findings(document))


def artifact_types_form_findings(document: Located) -> tuple[Finding, ...]:
    """What keeps a document from being an artifact-types document: SMG103 to SMG106, each problem once."""
    from smgen.contracts.document_model import ArtifactTypesDocument

    return _findings(document, ArtifactTypesDocument, "artifact-types", "an artifact-types document")


def _findings(document: Located, model: type[BaseModel], schema: str, what: str) -> tuple[Finding, ...]:
    from pydantic import ValidationError

    if not isinstance(document.value, dict):
        given = shown_json(document.value)
        return (Finding("SMG104", f"{what} is a JSON object", document.place(""), given=given, expected="an object"),)
    nulls = tuple(_nulls(document.value, ()))
    errors: Sequence[ErrorDetails] = ()
    try:
        model.model_validate(document.value, strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    problems = [(tuple(str(part) for part in error["loc"]), error["type"]) for error in errors]
    known = _Schema.read(schema, what) if problems else None
    found = [_null_finding(document, parts) for parts in nulls]
    found += [
        _finding(document, known, parts, kind) for parts, kind in problems if known is not None and parts not in nulls
    ]
    return tuple(found)


def _null_finding(document: Located, parts: tuple[str, ...]) -> Finding:
    return Finding(
        "SMG104",
        f"'{parts[-1]}' is null",
        document.place(pointer(*parts)),
        given="null",
        expected="a value",
        fix="leave the key out where nothing is to be said",
    )


def _misspelled(parts: tuple[str, ...], owner: str, given: str, place: Place) -> Finding:
    name = parts[-1]
    rule, form = _FORMS.get(name, ("SMG106", _CLASS_FORM if parts == ("name",) else _NAME_FORM))
    message = f"{given} cannot be the {name} of {owner}"
    if rule == "SMG104":
        message = f"'{name}' of {owner} is not written as it should be"
    return Finding(rule, message, place, given=given, expected=form)


def _finding(document: Located, schema: _Schema, parts: tuple[str, ...], kind: str) -> Finding:
    """One problem of pydantic's in our words; ``parts`` is its place, ``kind`` pydantic's name for it."""
    if parts[-1] == "[key]":
        place = document.place(pointer(*parts[:-1]), key=True)
        form = _CLASS_FORM if parts[0] == "types" else _NAME_FORM
        message = f"'{parts[-2]}' cannot be the name of {_with_article(_NOUNS.get(parts[-3], 'member'))}"
        return Finding("SMG106", message, place, given=parts[-2], expected=form)
    owner = schema.owner(parts[:-1])
    name = parts[-1]
    if kind == "extra_forbidden":
        names = schema.names(parts[:-1])
        place = document.place(pointer(*parts), key=True)
        nearest = nearest_name(name, names)
        return Finding(
            "SMG103", f"{owner} has no key '{name}'", place, given=name, expected=", ".join(names), nearest=nearest
        )
    place = document.place(pointer(*parts))
    if kind == "missing":
        return Finding(
            "SMG105",
            f"{owner} lacks the key '{name}'",
            place,
            expected=schema.description(parts) or None,
            fix=f"add '{name}'",
        )
    given = shown_json(_value_at(document.value, parts))
    if kind == "string_pattern_mismatch":
        return _misspelled(parts, owner, given, place)
    if kind == "literal_error":
        choices = schema.choices(parts)
        nearest = nearest_name(given.strip('"'), choices)
        message = f"'{name}' of {owner} has a value that is not known"
        return Finding("SMG104", message, place, given=given, expected=", ".join(choices), nearest=nearest)
    if kind in ("too_short", "too_long") and isinstance(_value_at(document.value, parts), dict):
        message = f"'{name}' of {owner} has too {'few' if kind == 'too_short' else 'many'} members"
        return Finding("SMG104", message, place, given=given, expected=schema.counts(parts))
    wanted = _WANTED.get(kind, schema.description(parts) or "what the contract schema says")
    what = f"item {name} of '{parts[-2]}'" if name.isdigit() and len(parts) > 1 else f"'{name}' of {owner}"
    return Finding("SMG104", f"{what} has the wrong type", place, given=given, expected=wanted)


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


def _value_at(value: JsonValue, parts: Sequence[str]) -> JsonValue:
    for part in parts:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
    return value


def _default_findings(document: Located) -> Iterator[Finding]:
    """Defaults of settings that are no scalar, no list of scalars and no image."""
    for name, setting in object_at(document.value, "settings").items():
        default = json_at(setting, "default")
        if default is None or scalar(default) is not None:
            continue
        if isinstance(default, list) and all(scalar(item) is not None for item in default):
            continue
        if (
            isinstance(default, dict)
            and list(default) == ["image"]
            and isinstance(default["image"], str)
            and default["image"]
        ):
            continue
        if isinstance(default, dict) and "framework" in default:
            places = {part: document.place(pointer("settings", name, "default", part)) for part in default}
            yield from framework_form_findings(default, places)
            continue
        yield Finding(
            "SMG104",
            f"'default' of the setting '{name}' has the wrong type",
            document.place(pointer("settings", name, "default")),
            given=shown_json(default),
            expected='a text, a number, true, false, a list of those, {"image": name in the environment}, '
            'or {"framework": name, "version": version}',
        )


@dataclass(frozen=True, slots=True)
class _Schema:
    """A published schema, asked by places of a document what it says there."""

    schema: JsonObject
    what: str

    @classmethod
    def read(cls, name: str, what: str) -> _Schema:
        """The published schema of that name."""
        text = (SCHEMA_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
        value: JsonValue = json.loads(text)
        return cls(object_at(value), what)

    def at(self, parts: Sequence[str]) -> JsonObject:
        """What the schema says at a place of a document; nothing where it knows none."""
        node = self.schema
        for part in parts:
            properties = object_at(node, "properties")
            below = properties.get(part, node.get("items", node.get("additionalProperties")))
            node = self.target(object_at(below))
        return node

    def target(self, node: JsonObject) -> JsonObject:
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        found = object_at(object_at(self.schema, "$defs").get(reference.rpartition("/")[2]))
        return {**found, **{key: value for key, value in node.items() if key != "$ref"}}

    def names(self, parts: Sequence[str]) -> tuple[str, ...]:
        """The keys of the object at a place."""
        return tuple(object_at(self.at(parts).get("properties")))

    def choices(self, parts: Sequence[str]) -> tuple[str, ...]:
        """The texts of an enumeration at a place."""
        return texts(self.at(parts).get("enum"))

    def counts(self, parts: Sequence[str]) -> str:
        """How many members the object at a place has, in words."""
        node = self.at(parts)
        least, most = node.get("minProperties", 0), node.get("maxProperties")
        if most is None:
            return f"at least {counted(whole_number(least) or 0, 'member')}"
        return f"from {least} to {most} members"

    def description(self, parts: Sequence[str]) -> str:
        """What stands at a place, in words."""
        return text(self.at(parts).get("description"))

    def owner(self, parts: Sequence[str]) -> str:
        """The object at a place in words, such as ``the input 'training_data'``."""
        if not parts:
            return self.what
        noun = _NOUNS.get(parts[-2]) if len(parts) > 1 else None
        return f"the {noun} '{parts[-1]}'" if noun is not None else f"'{parts[-1]}'"


def _nulls(value: JsonValue, parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The places of null in a document where the schemas want a value."""
    if value is None:
        if not any(_fits(parts, place) for place in _NULLABLE):
            yield parts
        return
    if any(_fits(parts, place) for place in _ANY_JSON):
        return
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _nulls(member, (*parts, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nulls(item, (*parts, str(index)))


def _fits(parts: tuple[str, ...], place: tuple[str, ...]) -> bool:
    return len(parts) == len(place) and all(wanted in ("*", part) for part, wanted in zip(parts, place, strict=True))
