"""Code that an import moved into the project: what is recorded of it, and how a deployed pipeline is read with that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from smgen.assets import Asset
from smgen.definition import Definition, Step, parse_definition
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import (
    JsonObject,
    JsonValue,
    append_pointer,
    canonical_json,
    json_at,
    pretty_json,
    read_document,
    replace_at,
    shown_path,
    trail_pointer,
    walk,
)

#: Where a project keeps what is known of code that was imported, a file for each pipeline.
RECORDS_FOLDER: Final = "imported/code"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ImportedCode:
    """Code at a location in Amazon S3 that is a file or folder of the project now.

    ``location`` is its text, or the expression as canonical JSON; ``digest`` the content address of the asset that was
    made of it. ``is_equal`` says that its content is known to be the one at the location.
    """

    location: str
    digest: str
    path: str
    is_equal: bool


@dataclass(frozen=True, slots=True)
class MovedCode:
    """Code of a step that is deployed from ``location``, and has the same content as ``path`` of the project."""

    step: str
    location: str
    path: str


def record_path(pipeline: str) -> str:
    """The path in a project of the record of a pipeline."""
    return f"{RECORDS_FOLDER}/{pipeline}.json"


def record_text(code: Iterable[ImportedCode]) -> str:
    """The record as a file holds it."""
    listed: list[JsonValue] = [
        {"location": item.location, "digest": item.digest, "path": item.path, "equal": item.is_equal}
        for item in sorted(set(code), key=lambda item: (item.location, item.path))
    ]
    return pretty_json({"version": _VERSION, "code": listed})


def read_record(project: Path, pipeline: str) -> Mapping[str, ImportedCode]:
    """What is recorded of the code of a pipeline, by location; nothing where nothing was imported.

    Raises FindingsError (SMG300 and what reading a document reports) for a file of another form.
    """
    path = project / record_path(pipeline)
    if not path.is_file():
        return {}
    document = read_document(path, shown_as=shown_path(path)).value
    listed = json_at(document, "code") if json_at(document, "version") == _VERSION else None
    found = [_read(item) for item in listed] if isinstance(listed, list) else [None]
    if None in found:
        finding = Finding(
            "SMG300",
            "this is not what 'smgen import' writes about code",
            Place(file=shown_path(path)),
            fix="remove the file: then code that was imported is a change of the pipeline",
        )
        raise FindingsError([finding])
    return {item.location: item for item in found if item is not None}


def _read(value: JsonValue) -> ImportedCode | None:
    location, digest, path, equal = (json_at(value, name) for name in ("location", "digest", "path", "equal"))
    if not isinstance(location, str) or not isinstance(digest, str) or not isinstance(path, str):
        return None
    return ImportedCode(location, digest, path, equal) if isinstance(equal, bool) else None


def location_text(value: JsonValue) -> str | None:
    """What a location is called in a record: its text without quotes around it, an expression as JSON; None else."""
    if isinstance(value, dict):
        return canonical_json(value)
    if not isinstance(value, str):
        return None
    if value.startswith('"'):
        try:
            inner: object = json.loads(value)
        except ValueError:
            return value
        return inner if isinstance(inner, str) else value
    return value


@dataclass(frozen=True, slots=True)
class MovedDefinition:
    """A deployed definition in which ``moved`` is read from the project's own locations.

    ``unknown`` are locations of code that the project has as well, and of which nobody can tell whether it is the same.
    """

    definition: Definition
    moved: tuple[MovedCode, ...] = ()
    unknown: frozenset[str] = frozenset()


#: Whether the object at a location holds what an asset holds; None where nobody can tell.
Holds: TypeAlias = "Callable[[str, Asset], bool | None]"


def with_moved_code(
    deployed: Definition,
    compiled: Definition,
    assets: Sequence[Asset],
    record: Mapping[str, ImportedCode],
    holds: Holds,
) -> MovedDefinition:
    """A deployed definition that reads code of equal content where the compiled one does.

    ``holds`` is asked about code of which the import could not tell that its content is the same. Code that has been
    edited since it was imported stays where it is deployed.
    """
    if not record or not assets:
        return MovedDefinition(deployed)
    asked = cache(holds)
    found: list[tuple[str, str | None, MovedCode]] = []
    for step in compiled.all_steps():
        before = deployed.step(step.name)
        if before is not None and not step.branches:
            found += _moved(before, step, assets, record, asked)
    moved = tuple(item for _, written, item in found if written is not None)
    unknown = frozenset(item.location for _, written, item in found if written is None)
    if not moved:
        return MovedDefinition(deployed, (), unknown)
    document: JsonObject = json.loads(json.dumps(deployed.document))
    for at, written, _ in found:
        if written is not None:
            replace_at(document, at, written)
    return MovedDefinition(parse_definition(document, file=deployed.file), moved, unknown)


def _moved(
    before: Step, after: Step, assets: Sequence[Asset], record: Mapping[str, ImportedCode], holds: Holds
) -> Iterator[tuple[str, str | None, MovedCode]]:
    """The places of a deployed step that hold code which the compiled one has as an asset, with what stands there.

    None stands where nobody can tell whether its content is the same.
    """
    written = _written(after, assets)
    for trail, value in walk(before.arguments, append_pointer(before.pointer, "Arguments")):
        location = location_text(value)
        code = None if location is None else record.get(location)
        known = None if code is None else written.get(code.digest)
        if location is None or code is None or known is None or value == known[0]:
            continue
        is_equal = True if code.is_equal else holds(location, known[1]) if isinstance(value, str) else None
        if is_equal is not False:
            yield trail_pointer(trail), known[0] if is_equal else None, MovedCode(before.name, location, code.path)


def _written(step: Step, assets: Sequence[Asset]) -> dict[str, tuple[str, Asset]]:
    """The assets whose location stands in a step, each with the text of it there, by their content."""
    texts = {value for _, value in walk(step.arguments) if isinstance(value, str)}
    return {
        asset.digest: (text, asset)
        for asset in assets
        for text in (json.dumps(asset.location), asset.location)
        if text in texts
    }
