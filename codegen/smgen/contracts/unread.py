"""Files in a folder of contracts that look like a contract and are not read: of another form, or in a sub-folder."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, cast

from smgen.contract_model.folder_layout import ARTIFACT_TYPES_FILE
from smgen.diagnostics import Finding, Place
from smgen.documents import CONTRACT_LIMITS, read_regular

if TYPE_CHECKING:
    from smgen.contract_model.step_contract import StepContract

#: How the names of files end that people write documents in.
_ENDINGS: Final = (".json", ".jsonc", ".json5", ".yaml", ".yml", ".toml")
_NEVER_LOOKED_INTO: Final = ("__pycache__", "node_modules")
#: How deep sub-folders are looked into, and how many entries of them.
_DEEPEST: Final = 8
_MOST_ENTRIES: Final = 20_000
#: A member of a document that is no JSON: at the beginning of a line, which in YAML and TOML is the top level.
_MEMBER: Final = r"""^{indent}["']?{name}["']?\s*[:=]\s*["']?(?P<value>[A-Za-z0-9_]+)"""


def unread_findings(root: Path, contracts: Iterable[StepContract], *, shown_root: str) -> tuple[Finding, ...]:
    """SMG139 for each file below the folder ``root`` that looks like a contract and is none of those that are read.

    ``contracts`` are those that were read: what they pack or point at is theirs, as is a sub-folder with artifact
    types of its own. Findings show files as ``shown_root`` followed by their path. What cannot be opened is
    left out.
    """
    packed: list[str] = []
    brought_in: list[str] = []
    for contract in contracts:
        packed += packed_folders(contract)
        brought_in += brought_in_files(contract, shown_root)
    return unread_beside(root, packed, brought_in, shown_root=shown_root)


def unread_beside(
    root: Path, packed: Iterable[str], brought_in: Iterable[str], *, shown_root: str
) -> tuple[Finding, ...]:
    """The same where the folders that are packed and the files that are pointed at are known, relative to ``root``."""
    folders = {PurePosixPath(os.path.normpath(path)).as_posix() for path in packed}
    # The whole root may be packed; a contract in a sub-folder is not meant by that.
    return tuple(_Search(root, shown_root, frozenset(folders - {"."}), frozenset(brought_in)).findings())


def packed_folders(contract: StepContract) -> tuple[str, ...]:
    """The folders and files that a contract packs, as it writes them."""
    source = contract.source
    if source is None:
        return ()
    return (*([source.directory] if source.whole_folder else []), *source.dependencies)


def brought_in_files(contract: StepContract, shown_root: str) -> tuple[str, ...]:
    """The files that a contract's references reach and its own, relative to the root."""
    return tuple(document.file.removeprefix(f"{shown_root}/") for document in contract.brought_in)


@dataclass(slots=True)
class _Search:
    root: Path
    shown_root: str
    packed: frozenset[str]
    pointed_at: frozenset[str]
    entries: int = field(default=0)

    def findings(self) -> Iterator[Finding]:
        for relative in sorted(self.files("", 0)):
            shown = f"{self.shown_root}/{relative}"
            path = PurePosixPath(relative)
            if relative in self.pointed_at:
                continue
            if path.stem.lower() == PurePosixPath(ARTIFACT_TYPES_FILE).stem and path.suffix != ".json":
                if len(path.parts) == 1:
                    fix = f"write it as JSON in {self.shown_root}/{ARTIFACT_TYPES_FILE}"
                    yield _finding(shown, "these artifact types are not read: they are a JSON file", fix)
            elif _looks_like_contract(self.root / relative):
                yield self.contract(path, shown)

    def contract(self, path: PurePosixPath, shown: str) -> Finding:
        name = f"{path.stem}.json"
        there = f"{self.shown_root}/{name}"
        is_json = _object(read_regular(self.root / path.as_posix())) is not None
        there_already, here = self.root / name, self.root / path.as_posix()
        if there_already.exists() and not there_already.samefile(here):
            there = f"{self.shown_root}, under a name that no file has there"
        if len(path.parts) > 1:
            fix = f"{'move it to' if is_json else 'write it as JSON in'} {there}"
            return _finding(shown, f"this contract is not read: contracts lie directly in {self.shown_root}", fix)
        fix = f"rename it to {there}" if is_json else f"write it as JSON in {there}"
        return _finding(shown, "this contract is not read: contracts are files whose names end in .json", fix)

    def files(self, prefix: str, depth: int) -> Iterator[str]:
        """The documents that are not read, relative to the root."""
        try:
            with os.scandir(self.root / prefix) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError:
            return
        if depth and any(entry.name == ARTIFACT_TYPES_FILE for entry in entries):
            return
        for entry in entries:
            self.entries += 1
            if self.entries > _MOST_ENTRIES or entry.name.startswith("."):
                continue
            relative = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEEPEST and entry.name not in _NEVER_LOOKED_INTO and relative not in self.packed:
                    yield from self.files(f"{relative}/", depth + 1)
            elif entry.is_file(follow_symlinks=False) and _is_named_otherwise(entry.name, depth):
                yield relative


def _is_named_otherwise(name: str, depth: int) -> bool:
    """Whether a file may be a document of which the name or the folder is not that of a contract."""
    return name.lower().endswith(_ENDINGS) and (depth > 0 or not name.endswith(".json"))


def _looks_like_contract(path: Path) -> bool:
    """Whether a document has the name and the kind of a contract."""
    # Imported here: few folders hold such a file, and who only asks whether something changed needs no tables.
    from smgen.aws import STEP_KINDS

    try:
        data = read_regular(path) if path.stat().st_size <= CONTRACT_LIMITS.max_bytes else b""
    except OSError:
        return False
    document = _object(data)
    if document is not None:
        kind = document.get("kind")
        known = (isinstance(kind, str) and kind in STEP_KINDS) or document.get("raw") is True
        return known and isinstance(document.get("name"), str)
    # JSON with comments may be indented; in YAML what is indented is a part of something else.
    indent = r"\s*" if path.suffix.lower().startswith(".json") else ""
    text = data.decode(errors="replace")
    name, kind = (
        re.search(_MEMBER.format(indent=indent, name=member), text, re.MULTILINE) for member in ("name", "kind")
    )
    return name is not None and kind is not None and kind["value"] in STEP_KINDS


def _object(data: bytes) -> dict[str, object] | None:
    """The JSON object in a text; None where it is none."""
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    # The keys of a JSON object are texts.
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _finding(file: str, message: str, fix: str) -> Finding:
    return Finding("SMG139", message, Place(file=file), fix=fix)
