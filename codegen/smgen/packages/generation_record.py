"""What this machine knows of a package that it generated: from what, and with which result.

The record is kept out of the project, so that what it says is what was done here: a package on disk is only taken for
what the contracts say where this very generator made the same bytes of the same sources.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict, cast

from smgen.documents import content_hash
from smgen.packages.file_states import FileState
from smgen.packages.manifest import SourceRecord


@dataclass(frozen=True, slots=True)
class ModuleRecord:
    """One generated module: its contract, the contract's family ("" for none), and what other modules have to know.

    ``exports`` are the classes that ``all`` offers, ``names`` all that the module defines, which no artifact type may
    be called. ``code`` and ``data`` are the hashes of its ``.py`` and of its ``.json``.
    """

    contract: str
    family: str
    module: str
    exports: tuple[str, ...]
    names: tuple[str, ...]
    code: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class ContractFileRecord:
    """A file of contracts without any error: its hashes, what was looked at for it, and the modules made from it.

    ``brought_in`` are the files that its references reach; ``files`` have to be regular files and ``present`` have to
    be there, all relative to the contracts' folder. ``packed`` are the folders that its sources take, ``types`` the
    artifact types that it names.
    """

    source: SourceRecord
    brought_in: Mapping[str, SourceRecord] = field(default_factory=dict[str, SourceRecord])
    files: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    packed: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    modules: tuple[ModuleRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """A whole package: what generated it, for which names, from which files, and the hash of every file of it.

    ``types`` is the hash of the file of the artifact types. The states are those of the files in the contracts' folder
    and in the package's, by which they need not be read again.
    """

    fingerprint: str
    package: str
    contracts: str
    types: str
    sources: Mapping[str, ContractFileRecord]
    files: Mapping[str, str]
    source_states: Mapping[str, FileState] = field(default_factory=dict[str, FileState])
    file_states: Mapping[str, FileState] = field(default_factory=dict[str, FileState])

    def source_hashes(self) -> dict[str, str]:
        """The hash of every file in the contracts' folder that was looked at, but for the artifact types."""
        found: dict[str, str] = {}
        for path, record in self.sources.items():
            found[path] = record.source.raw
            found |= {brought_in: item.raw for brought_in, item in record.brought_in.items()}
        return found


def record_bytes(record: GenerationRecord) -> bytes:
    """The record as it is written: a line with the generator and the hash of what follows, and JSON."""
    document: dict[str, object] = {
        "package": record.package,
        "contracts": record.contracts,
        "types": record.types,
        "sources": {path: _source_document(source) for path, source in record.sources.items()},
        "files": {**record.files},
        "source_states": {**record.source_states},
        "file_states": {**record.file_states},
    }
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()
    return _head(record.fingerprint, text) + text


def _head(fingerprint: str, text: bytes) -> bytes:
    return f"{fingerprint} {content_hash(text)}\n".encode()


def parsed_record(data: bytes, fingerprint: str) -> GenerationRecord | None:
    """The record in these bytes; None where the generator of that fingerprint did not write it."""
    _, _, text = data.partition(b"\n")
    if not data.startswith(_head(fingerprint, text)):
        return None
    try:
        # It is what this very code wrote, unless somebody else writes among the user's caches.
        return _record(cast("_RecordDocument", json.loads(text)), fingerprint)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _record(document: _RecordDocument, fingerprint: str) -> GenerationRecord:
    return GenerationRecord(
        fingerprint,
        document["package"],
        document["contracts"],
        document["types"],
        {path: _source(source) for path, source in document["sources"].items()},
        document["files"],
        {path: _state(state) for path, state in document["source_states"].items()},
        {path: _state(state) for path, state in document["file_states"].items()},
    )


def _state(numbers: list[int]) -> FileState:
    size, number, written, changed = numbers
    return size, number, written, changed


class _RecordDocument(TypedDict):
    package: str
    contracts: str
    types: str
    sources: dict[str, _SourceDocument]
    files: dict[str, str]
    source_states: dict[str, list[int]]
    file_states: dict[str, list[int]]


class _SourceDocument(TypedDict):
    source: list[str]
    brought_in: dict[str, list[str]]
    files: list[str]
    present: list[str]
    packed: list[str]
    types: list[str]
    modules: list[_ModuleDocument]


class _ModuleDocument(TypedDict):
    names: list[str]
    exports: list[str]
    defined: list[str]


def _source_document(record: ContractFileRecord) -> _SourceDocument:
    return {
        "source": [record.source.raw, record.source.canonical],
        "brought_in": {path: [item.raw, item.canonical] for path, item in record.brought_in.items()},
        "files": [*record.files],
        "present": [*record.present],
        "packed": [*record.packed],
        "types": [*record.types],
        "modules": [
            {
                "names": [item.contract, item.family, item.module, item.code, item.data],
                "exports": [*item.exports],
                "defined": [*item.names],
            }
            for item in record.modules
        ],
    }


def _source(document: _SourceDocument) -> ContractFileRecord:
    return ContractFileRecord(
        _hashes(document["source"]),
        {path: _hashes(hashes) for path, hashes in document["brought_in"].items()},
        tuple(document["files"]),
        tuple(document["present"]),
        tuple(document["packed"]),
        tuple(document["types"]),
        tuple(_module(module) for module in document["modules"]),
    )


def _hashes(hashes: list[str]) -> SourceRecord:
    raw, canonical = hashes
    return SourceRecord(raw, canonical)


def _module(document: _ModuleDocument) -> ModuleRecord:
    contract, family, module, code, data = document["names"]
    return ModuleRecord(contract, family, module, tuple(document["exports"]), tuple(document["defined"]), code, data)
