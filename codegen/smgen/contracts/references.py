"""Brings in what a ``$ref`` of a contract's schemas points at, from the same document or a file beside it.

Nothing is fetched: a reference names a place of its own document (``#/…``) or of a JSON file inside the contract
folder (``schemas/report.json#/…``). What is wrong is reported at the reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from smgen.contract_model.step_contract import Origin, place_of_origin
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import (
    CONTRACT_LIMITS,
    Document,
    JsonObject,
    JsonValue,
    append_pointer,
    object_at,
    pointer,
    read_document,
    resolve_inside,
    shown_json,
    split_pointer,
)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")

#: How many schemas a contract may hold once its references are inlined; a report needs some hundred.
MOST_VALUES = 20_000

_FORMS = "#/… in this document, or schemas/name.json#/…"

#: Members that only hold targets of references, or say what an editor reads.
_REMOVED = ("$defs", "$schema", "$id")

#: How deep a pointer into the result may lead: no deeper than in a document.
MOST_PARTS = CONTRACT_LIMITS.max_depth


@dataclass(frozen=True, slots=True)
class Inlined:
    """A document without references, where its inlined parts come from, what was wrong, and the files that were read.

    A file that only leads on to another one is among them, and no part comes from it.
    """

    document: JsonObject
    origins: dict[str, Origin]
    findings: tuple[Finding, ...]
    files: tuple[Document, ...] = ()


def inline_references(
    document: JsonObject,
    source: Document,
    root: Path,
    shown_root: str,
    written: Mapping[str, Origin] | None = None,
) -> Inlined:
    """``document``, the value of ``source``, with every ``$ref`` of its schemas replaced by what it points at.

    ``root`` is the folder that files must stay in, ``shown_root`` how its files are shown. ``written`` says where the
    parts of a ``document`` stand that was put together from several places of ``source``. Findings are SMG117 (a
    reference that leads nowhere, to itself, or into too much) and SMG118 (one that leaves the folder), and whatever is
    wrong with a file that is brought in.
    """
    parts: Mapping[str, Origin] = {} if written is None else written
    inliner = _Inliner(root, shown_root, {"": source}, parts, dict(parts))
    result: JsonValue = document
    for place in _schema_places(document):
        origin = place_of_origin(parts, pointer(*place))
        at = _At("", source, pointer(*place)) if origin is None else _At("", origin[0].document, origin[1])
        result = _replaced(result, place, inliner.inline(_found(document, place), at, pointer(*place), ()))
    files = tuple(file for path, file in inliner.documents.items() if path and file is not None)
    return Inlined(object_at(result), inliner.origins, tuple(inliner.findings), files)


def _schema_places(document: JsonObject) -> Iterator[tuple[str, ...]]:
    """Where schemas stand in a contract document."""
    for group in ("hyperparameters", "environment"):
        if group in document:
            yield (group,)
    for name, setting in object_at(document, "settings").items():
        yield from (("settings", name, key) for key in ("items", "additionalProperties") if key in object_at(setting))
    for name, output in object_at(document, "outputs").items():
        for file, report in object_at(output, "files").items():
            if "schema" in object_at(report):
                yield ("outputs", name, "files", file, "schema")


def _found(value: JsonValue, parts: Sequence[str]) -> JsonValue:
    for part in parts:
        value = object_at(value)[part]
    return value


def _replaced(value: JsonValue, parts: Sequence[str], new: JsonValue) -> JsonValue:
    """``value`` with ``new`` at a place of its objects."""
    if not parts:
        return new
    return {
        key: _replaced(member, parts[1:], new) if key == parts[0] else member
        for key, member in object_at(value).items()
    }


@dataclass(frozen=True, slots=True)
class _At:
    """A place of a document; ``path`` is the document's file relative to the contract folder, '' for the contract."""

    path: str
    document: Document
    pointer: str

    def place(self, *parts: str) -> Place:
        return self.document.place(append_pointer(self.pointer, *parts))


@dataclass(slots=True)
class _Inliner:
    root: Path
    shown_root: str
    documents: dict[str, Document | None]
    written: Mapping[str, Origin]
    origins: dict[str, Origin]
    findings: list[Finding] = field(default_factory=list[Finding])
    values: int = 0

    def problem(self, rule: str, message: str, place: Place, given: str, expected: str | None = None) -> None:
        self.findings.append(Finding(rule, message, place, given=given, expected=expected))

    def inline(self, value: JsonValue, at: _At, target: str, inside: tuple[str, ...]) -> JsonValue:
        """A schema without references; ``target`` is its pointer in the result, ``inside`` the references around it."""
        self.values += 1
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return self.reference(value, at, target, inside)
        result: JsonObject = {}
        for key, member in value.items():
            below = self.below(at, append_pointer(target, key), key)
            if key == "properties" and isinstance(member, dict):
                # The members are names, so that even one called $ref is no reference.
                result[key] = {
                    name: self.inline(
                        schema,
                        self.below(below, append_pointer(target, key, name), name),
                        append_pointer(target, key, name),
                        inside,
                    )
                    for name, schema in member.items()
                }
            elif key in ("items", "additionalProperties"):
                result[key] = self.inline(member, below, append_pointer(target, key), inside)
            elif key not in _REMOVED:
                result[key] = member
        return result

    def below(self, at: _At, target: str, key: str) -> _At:
        """The place of a member: below its object, unless it was written elsewhere."""
        origin = self.written.get(target)
        if origin is not None:
            return _At("", origin.document, origin.pointer)
        return _At(at.path, at.document, append_pointer(at.pointer, key))

    def reference(self, value: JsonObject, at: _At, target: str, inside: tuple[str, ...]) -> JsonValue:
        found = self.resolve(value["$ref"], at)
        if found is None:
            return {}
        name = f"{found.document.file}#{found.pointer}"
        place = at.place("$ref")
        if name in inside:
            chain = " -> ".join([*inside[inside.index(name) :], name])
            self.problem("SMG117", f"the reference leads back to itself: {chain}", place, shown_json(value["$ref"]))
            return {}
        if target.count("/") > MOST_PARTS or self.values > MOST_VALUES:
            message = f"the references bring in too much: at most {MOST_VALUES:,} schemas, {MOST_PARTS} levels deep"
            self.problem("SMG117", message, place, shown_json(value["$ref"]))
            return {}
        self.origins[target] = Origin(found.document, found.pointer)
        (schema,) = _value_at(found) or (None,)
        schema = self.inline(schema, found, target, (*inside, name))
        beside = {key: member for key, member in value.items() if key != "$ref"}
        return {**schema, **beside} if isinstance(schema, dict) else schema

    def resolve(self, reference: JsonValue, at: _At) -> _At | None:
        """The place that a reference points at; None after a finding."""
        place = at.place("$ref")
        if not isinstance(reference, str):
            self.problem("SMG117", "a $ref is a text", place, shown_json(reference), _FORMS)
            return None
        file, _, fragment = reference.partition("#")
        if _SCHEME.match(file):
            self.problem(
                "SMG118", "nothing is fetched: a $ref stays inside the contract folder", place, reference, _FORMS
            )
            return None
        document: Document | None = at.document
        path = at.path
        if file:
            path = "/".join([*at.path.split("/")[:-1], file])
            document = self.file(path, file, place)
        if document is None:
            return None
        try:
            found = _At(path, document, pointer(*split_pointer(unquote(fragment))))
        except ValueError:
            self.problem("SMG117", "behind the # of a $ref stands a JSON pointer", place, reference, _FORMS)
            return None
        if _value_at(found) is None:
            self.problem("SMG117", f"the $ref leads to nothing in {document.file}", place, reference, _FORMS)
            return None
        return found

    def file(self, path: str, given: str, place: Place) -> Document | None:
        """The document in a file of the contract folder, read once; None after a finding."""
        if path in self.documents:
            return self.documents[path]
        self.documents[path] = None
        try:
            resolved = resolve_inside(self.root, path, place)
            if not resolved.is_file():
                self.problem(
                    "SMG119",
                    "the $ref names a file that is not there",
                    place,
                    given,
                    "a JSON file in the contract folder",
                )
                return None
            self.documents[path] = read_document(resolved, shown_as=f"{self.shown_root}/{path}")
        except FindingsError as error:
            self.findings += error.findings
        return self.documents[path]


def _value_at(at: _At) -> tuple[JsonValue] | None:
    """The value at a place in a tuple of its own, because it may be null; None where nothing stands."""
    value: JsonValue = at.document.value
    for part in split_pointer(at.pointer):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isascii() and part.isdigit() and len(part) < 9 and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return (value,)
