"""``manifest.json`` of a generated package: what made it, from which sources, and which files belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue, list_at, object_at, parse_document, pretty_json

#: The manifest's name in the package.
MANIFEST_NAME: Final = "manifest.json"
#: The member of ``generator`` without which a manifest is somebody else's.
_MARK: Final = "smgen"
_CONFLICT: Final = re.compile(rb"^<{7} .*?^>{7}[^\n]*\n?", re.DOTALL | re.MULTILINE)
_SIDES: Final = re.compile(rb"^(?:<{7}|\|{7}|={7}|>{7})[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A file that a package was made from: hashes (SHA-256, hexadecimal) of its bytes and of the JSON in it.

    ``modules`` are those of the package that depend on it.
    """

    raw: str
    canonical: str
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageManifest:
    """A manifest: the tools by their versions, which are told and never compared; the package's import name; the
    way from its folder to the contracts, with ``/``; the packages that own imported artifact types; the sources by
    their path in the contracts' folder; and the hash of every other file of the package.

    ``whole`` is false for one in which a merge has left a conflict: it says whose it is, and nothing else.
    """

    generator: Mapping[str, str]
    package: str
    contracts: str
    imported_types: Mapping[str, str] = field(default_factory=dict[str, str])
    sources: Mapping[str, SourceRecord] = field(default_factory=dict[str, SourceRecord])
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    whole: bool = True


def manifest_bytes(manifest: PackageManifest) -> bytes:
    """The file as it is written."""
    sources: dict[str, JsonValue] = {
        path: {"raw": record.raw, "canonical": record.canonical, "modules": list[JsonValue](record.modules)}
        for path, record in manifest.sources.items()
    }
    document: JsonValue = {
        "generator": {**manifest.generator},
        "options": {"package": manifest.package, "contracts": manifest.contracts},
        "imported_types": {**manifest.imported_types},
        "sources": sources,
        "files": {**manifest.files},
    }
    return pretty_json(document).encode()


def read_manifest(folder: Path) -> PackageManifest | None:
    """The manifest in a package's folder; None where there is none that smgen wrote. OSError passes."""
    path = folder / MANIFEST_NAME
    # Anything else than a file, such as a pipe, may never end.
    return parsed_manifest(path.read_bytes()) if path.is_file() else None


# Publishing asks for the old manifest and for the new one several times, and of a thousand contracts each is large.
@lru_cache(maxsize=4)
def parsed_manifest(data: bytes) -> PackageManifest | None:
    """The manifest in these bytes; None for what smgen did not write."""
    for whole, text in _readings(data):
        try:
            value = parse_document(text, MANIFEST_NAME).value
        except FindingsError:
            continue
        found = _manifest(value, whole)
        if found is not None:
            return found
    return None


def _readings(data: bytes) -> Iterator[tuple[bool, bytes]]:
    """The bytes, and both sides of what a merge may have left there."""
    yield True, data
    if b"<<<<<<< " in data:
        yield False, _CONFLICT.sub(lambda found: _SIDES.split(found[0])[1], data)
        yield False, _CONFLICT.sub(lambda found: _SIDES.split(found[0])[-2], data)


def _manifest(value: JsonValue, whole: bool) -> PackageManifest | None:
    """A manifest that says that smgen wrote it; what is not as it should be in it is left out."""
    generator = _texts(object_at(value, "generator"))
    if _MARK not in generator:
        return None
    options = _texts(object_at(value, "options"))
    sources: dict[str, SourceRecord] = {}
    for path, record in _inside(object_at(value, "sources")).items():
        hashes = _texts(object_at(record))
        listed = tuple(item for item in list_at(record, "modules") if isinstance(item, str))
        sources[path] = SourceRecord(hashes.get("raw", ""), hashes.get("canonical", ""), listed)
    return PackageManifest(
        generator,
        options.get("package", ""),
        options.get("contracts", ""),
        _texts(object_at(value, "imported_types")),
        sources,
        _texts(_inside(object_at(value, "files"))),
        whole,
    )


def _inside(members: JsonObject) -> JsonObject:
    """The members whose names are paths inside a folder."""
    return {
        path: member
        for path, member in members.items()
        if ".." not in path.split("/") and not path.startswith("/") and "\\" not in path
    }


def _texts(members: JsonObject) -> dict[str, str]:
    return {name: member for name, member in members.items() if isinstance(member, str)}
