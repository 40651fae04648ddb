"""The contracts of an earlier state: of a git commit, of another folder, or of a generated package."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from smgen.contract_model import (
    ARTIFACT_TYPES_FILE,
    ArtifactType,
    ArtifactTypes,
    ContractRegistry,
    StepContract,
    contract_from_document,
)
from smgen.contracts import read_what_is_readable
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import content_hash, documents_in, read_document, read_regular, shown_path, text_at
from smgen.evolution import CodeFiles
from smgen.packages import MANIFEST_NAME, PackageManifest, read_manifest
from smgen.runtime import packed_files
from smgen.workflows.commits import committed_folder

#: Findings of parts that were left out of a contract when it was read.
_LEFT_OUT: Final = ("SMG112", "SMG115", "SMG117")
_TYPES_MODULE: Final = "artifact_types.py"


@dataclass(frozen=True, slots=True)
class EarlierContracts:
    """The contracts of an earlier state that can be read, and (SMG609) which cannot.

    ``code`` has the packed files of their scripts; nothing of a package, which has none. ``is_of_commit``
    tells a git commit from a folder and a package.
    """

    registry: ContractRegistry
    unread: tuple[Finding, ...] = ()
    code: CodeFiles = field(default_factory=dict[str, Mapping[str, str]])
    is_of_commit: bool = False


def earlier_contracts(against: str, contracts: Path, current: ContractRegistry) -> EarlierContracts:
    """The state that ``against`` names: a folder, an installed package or a git commit, looked for in this order.

    ``contracts`` is the folder of today's contracts, whose state in a commit is meant, and ``current`` what is in it.
    Raises FindingsError (SMG600) where there is no such state.
    """
    folder = _folder(against, contracts)
    if not against or (folder is not None and folder.resolve() == contracts.resolve()):
        # A variable of a CI system that nobody set must not read as "nothing changed".
        raise FindingsError(
            [
                Finding(
                    "SMG600",
                    "the earlier state is that of today" if against else "no earlier state is named",
                    given=against,
                    expected="a git commit, another folder of contracts, or a generated package",
                    fix="name what was released, such as origin/main or a tag",
                )
            ]
        )
    if folder is not None:
        manifest = read_manifest(folder)
        shown = shown_path(folder)
        return _of_folder(folder, shown) if manifest is None else _of_package(folder, shown, manifest, current)
    package = _installed(against)
    if package is not None:
        return _of_package(package[0], against, package[1], current)
    with committed_folder(contracts, against, alone=True) as committed:
        return replace(_of_folder(committed, f"{against}:{shown_path(contracts)}"), is_of_commit=True)


def _folder(against: str, contracts: Path) -> Path | None:
    """The folder of that name with contracts or a package in it, or with such a folder as today's in it."""
    try:
        found = Path(against)
        for folder in (found, found / contracts.name):
            if any((folder / name).is_file() for name in (ARTIFACT_TYPES_FILE, MANIFEST_NAME)):
                return folder
        is_path = found.is_dir() and ("/" in against or against in (".", ".."))
    except (OSError, ValueError):
        return None
    if is_path:
        raise FindingsError(
            [
                Finding(
                    "SMG600",
                    f"{shown_path(found)} holds neither contracts nor a generated package",
                    given=against,
                    expected=f"a folder with {ARTIFACT_TYPES_FILE}, or one with a {MANIFEST_NAME} of smgen",
                    fix="name the folder of the contracts, or that of the package",
                )
            ]
        )
    return None


def _installed(name: str) -> tuple[Path, PackageManifest] | None:
    """The folder and the manifest of an installed generated package; nothing of it is imported."""
    if not name.isidentifier():
        return None
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return None
    for place in () if spec is None else spec.submodule_search_locations or ():
        manifest = read_manifest(Path(place))
        if manifest is not None:
            return Path(place), manifest
    return None


def _of_folder(folder: Path, shown: str) -> EarlierContracts:
    registry, findings = read_what_is_readable(folder, shown_root=shown)
    read = {source.path for source in registry.sources}
    unread = tuple(_unread(documents_in(folder), read, findings, shown))
    return EarlierContracts(registry, unread, code_files(registry))


def code_files(registry: ContractRegistry) -> CodeFiles:
    """The hashes of the packed files of contracts that were read from a folder; none where they cannot be packed."""
    found: dict[str, Mapping[str, str]] = {}
    for name, contract in registry.items():
        files = packed_files(contract)[1]
        if files:
            found[name] = {path: content_hash(content) for path, content in files.items()}
    return found


def _unread(names: Iterable[str], read: set[str], findings: Iterable[Finding], shown: str) -> Iterator[Finding]:
    of_files: dict[str, list[Finding]] = {}
    for finding in findings:
        of_files.setdefault((finding.place.file or "").removeprefix(f"{shown}/"), []).append(finding)
    for name in names:
        found = of_files.get(name, [])
        if name not in read or (name == ARTIFACT_TYPES_FILE and found):
            yield _is_unread(f"{shown}/{name}", "cannot be read, and is not compared", found)
        elif any(finding.rule in _LEFT_OUT for finding in found):
            left_out = [finding for finding in found if finding.rule in _LEFT_OUT]
            yield _is_unread(f"{shown}/{name}", "can be read in part, and the rest is not compared", left_out)


def _is_unread(file: str, what: str, reasons: list[Finding]) -> Finding:
    first = reasons[0] if reasons else None
    return Finding(
        "SMG609",
        f"the earlier state of {file.rpartition('/')[2]} {what}",
        Place(file=file) if first is None else first.place,
        given=None if first is None else f"{first.message} ({first.rule})",
        fix="compare with a later state, or look at this file yourself",
    )


def _of_package(folder: Path, shown: str, manifest: PackageManifest, current: ContractRegistry) -> EarlierContracts:
    """The contracts in the data files of a package, and its artifact types, which are only in its module."""
    contracts: dict[str, StepContract] = {}
    unread: list[Finding] = []
    for path in manifest.files:
        if not path.endswith(".json"):
            continue
        try:
            document = read_document(folder / path, shown_as=f"{shown}/{path}")
            value = document.value
            if isinstance(value, dict) and text_at(value, "kind") is not None:
                contract = contract_from_document(value, document)
                contracts[contract.name] = contract
        except FindingsError as error:
            unread.append(_is_unread(f"{shown}/{path}", "cannot be read, and is not compared", [*error.findings]))
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or "no file can have this name"
            finding = Finding("SMG131", str(words), Place(file=f"{shown}/{path}"))
            unread.append(_is_unread(f"{shown}/{path}", "cannot be read, and is not compared", [finding]))
    types = _types_of_module(folder / _TYPES_MODULE, manifest.imported_types)
    # What a package imports from another one it does not say the parents of.
    types |= {name: current.artifact_types[name] for name in manifest.imported_types if name in current.artifact_types}
    return EarlierContracts(ContractRegistry(contracts, ArtifactTypes(types)), tuple(unread))


def _types_of_module(module: Path, imported: Iterable[str]) -> dict[str, ArtifactType]:
    """The types that a module declares; a parent may be one that it imports."""
    try:
        tree = ast.parse(read_regular(module))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    classes: Mapping[str, ast.ClassDef] = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    known = {*classes, *imported}
    types: dict[str, ArtifactType] = {}
    for name, node in classes.items():
        parents = [base.id for base in node.bases if isinstance(base, ast.Name)]
        types[name] = ArtifactType(name, next((parent for parent in parents if parent in known), None))
    return types
