"""Proves that imported pipelines compile to the definitions that they were imported from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from smgen.assets import Asset
from smgen.definition import DEPLOYED, IMPORTED, Definition, DefinitionComparison, compare, dump_definition
from smgen.diagnostics import Finding, Place
from smgen.documents import (
    JsonObject,
    JsonValue,
    canonical_json,
    is_there,
    json_at,
    replace_at,
    upwards,
)
from smgen.runtime import Project, compile_pipeline


@dataclass(frozen=True, slots=True)
class MovedLocation:
    """A code location at a pointer of a definition, as it stands there, and the asset of the project in its place."""

    pointer: str
    location: JsonValue
    asset: Asset


@dataclass(frozen=True, slots=True)
class Proof:
    """How what a pipeline compiles to differs from the definition that it was imported from.

    ``counts`` are the places that each normalisation made equal, ``moved`` the code locations that are those of the
    project's own assets now. Whatever else differs is in ``findings`` (SMG135) and, by its pointer, in ``differing``.
    """

    counts: Mapping[str, int]
    moved: tuple[MovedLocation, ...]
    findings: tuple[Finding, ...]
    differing: tuple[str, ...]


def prove(project: Project, pipeline: str, environment: str, original: Definition) -> Proof:
    """Compiles a pipeline of a project and holds it against its original.

    Raises FindingsError where it does not compile.
    """
    # As it was found: what of it cannot be right is told by lint, when it is there.
    compiled = compile_pipeline(project, pipeline, environment, values="given")
    document = dump_definition(compiled.definition)
    moved = tuple(_moved_code(original.document, document, compiled.assets))
    former = _with_former_locations(document, moved)
    compared = compare(original, former, normalisations=IMPORTED)
    return Proof(
        compared.counts,
        moved,
        tuple(_differences(compared, original, pipeline, environment)),
        tuple(item.pointer for item in compared.differences),
    )


def _moved_code(original: JsonObject, compiled: JsonObject, assets: Sequence[Asset]) -> Iterator[MovedLocation]:
    """Where the compiled document has the location of an asset, and the original one that of a file of the same name.

    That is what a contract's source changes: where the code lies, and nothing else.
    """
    locations = {written: asset for asset in assets for written in (asset.location, json.dumps(asset.location))}
    if not locations:
        return
    # With their hashes: code in the project is told as such, and not as another hash.
    for difference in compare(original, compiled, normalisations=DEPLOYED).differences:
        if difference.kind == "changed" and isinstance(difference.right, str) and difference.right in locations:
            asset = locations[difference.right]
            if _names_file(difference.left, asset.file):
                yield MovedLocation(difference.pointer, difference.left, asset)


def _names_file(location: JsonValue, file: str) -> bool:
    """Whether a location, which may be put together when the pipeline runs, leads to a file of that name."""
    if isinstance(location, dict):
        last = json_at(location, "Std:Join", "Values", -1)
        return isinstance(last, str) and f"/{last}".rstrip('"').endswith(f"/{file}")
    if not isinstance(location, str):
        return False
    name = location.strip('"').rstrip("/").rpartition("/")[2]
    # Archives are called sourcedir.tar.gz here, whatever another tool called them.
    return name == file or (name.endswith(".tar.gz") and file.endswith(".tar.gz"))


def _with_former_locations(compiled: JsonObject, moved: Sequence[MovedLocation]) -> JsonObject:
    if not moved:
        return compiled
    document = deepcopy(compiled)
    for item in moved:
        replace_at(document, item.pointer, item.location)
    return document


def _differences(
    compared: DefinitionComparison, original: Definition, pipeline: str, environment: str
) -> Iterator[Finding]:
    for difference in compared.differences:
        step = step_at(original, difference.pointer)
        place = _place(original, difference.pointer, step)
        here, there = canonical_json(difference.left), canonical_json(difference.right)
        if difference.kind == "left-only":
            message, given, expected = "is not there any more", "nothing", here
        elif difference.kind == "right-only":
            message, given, expected = "was not there", there, "nothing"
        else:
            message, given, expected = "is another value", there, here
        where = difference.pointer or "the definition"
        yield Finding(
            "SMG135",
            f"{pipeline} does not compile to the definition that it was imported from: {where} {message}"
            f" (for {environment})",
            place,
            given=given,
            expected=expected,
        )


def _place(original: Definition, pointer: str, step: str | None) -> Place:
    """The place in the original; of what it lacks, that of the innermost thing that it has."""
    at = next(upper for upper in upwards(pointer) if is_there(original.document, upper))
    return original.place(at, step=step)


def step_at(definition: Definition, pointer: str) -> str | None:
    """The name of the innermost step of a definition that holds a pointer; None where none does."""
    holding = [step for step in definition.all_steps() if f"{pointer}/".startswith(f"{step.pointer}/")]
    return max(holding, key=lambda step: len(step.pointer)).name if holding else None
