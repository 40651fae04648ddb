"""Whether a generated package is what its contracts say: by hashes, without generating anything."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import compact_json, content_hash, documents_in, parse_document, shown_path
from smgen.packages.manifest import MANIFEST_NAME, PackageManifest, SourceRecord, read_manifest

_FIX: Final = "run 'smgen generate' and commit the result"


def contracts_path(package_folder: Path, contracts: Path) -> str:
    """The way from a package's folder to the contracts, with ``/``; the same on every machine."""
    return Path(os.path.relpath(contracts.resolve(), package_folder.resolve())).as_posix()


def package_root(folder: Path, manifest: PackageManifest) -> Path | None:
    """The folder of the contracts that a package was made from; None where it is not beside the package."""
    root = folder / manifest.contracts
    return root if manifest.contracts and root.is_dir() else None


def stale_package_findings(folder: Path, contracts: Path | None = None) -> tuple[Finding, ...]:
    """SMG140 for everything in which the package in a folder differs from its contracts.

    A package without its contracts beside it, as in an installed wheel, is what it is. ``contracts`` is the folder
    that the package should have been made from, where that is known. Costs a hash of each source and of each file.
    OSError passes.
    """
    manifest = read_manifest(folder)
    at = Place(file=f"{shown_path(folder)}/{MANIFEST_NAME}")
    if manifest is None:
        there = (folder / MANIFEST_NAME).exists()
        if contracts is None or not (there or (folder / "__init__.py").exists()):
            return ()
        what = "is not one that smgen wrote" if there else "is missing"
        return (Finding("SMG140", f"the manifest of the generated package {what}", at, fix=_FIX),)
    root = package_root(folder, manifest) or contracts
    return () if root is None else tuple(_differences(folder, manifest, root, contracts, at))


def _differences(
    folder: Path, manifest: PackageManifest, root: Path, contracts: Path | None, at: Place
) -> Iterator[Finding]:
    name = manifest.package or folder.name
    if not manifest.whole:
        yield Finding("SMG140", f"a merge has left a conflict in the manifest of {name}", at, fix=_FIX)
    elif not manifest.sources:
        yield Finding("SMG140", f"the manifest of {name} does not say what it was generated from", at, fix=_FIX)
    elif contracts is not None and contracts.resolve() != (folder / manifest.contracts).resolve():
        message = f"{name} was generated from other contracts than those of the project"
        yield Finding("SMG140", message, at, given=manifest.contracts, expected=shown_path(contracts), fix=_FIX)
    else:
        yield from _changed_sources(manifest.sources, root, name)
        yield from _changed_files(manifest.files, folder, name)
        yield from _other_files(manifest.files, folder, name)


def _other_files(files: Mapping[str, str], folder: Path, name: str) -> Iterator[Finding]:
    """Modules and data files beside the generated ones: what they say, no contract says."""
    with os.scandir(folder) as entries:
        present = sorted(entry.name for entry in entries if entry.name.endswith((".py", ".json")))
    for path in present:
        if path not in files and path != MANIFEST_NAME:
            message = f"a file stands in the generated package {name} that smgen did not generate"
            place = Place(file=f"{shown_path(folder)}/{path}")
            yield Finding("SMG140", message, place, fix="move it to another folder, or delete it")


def _changed_files(files: Mapping[str, str], folder: Path, name: str) -> Iterator[Finding]:
    for path, digest in files.items():
        present = _content(folder, path)
        if present is not None and content_hash(present) == digest:
            continue
        place = Place(file=f"{shown_path(folder)}/{path}")
        if present is None:
            yield Finding("SMG140", f"a file of {name} is missing", place, fix=_FIX)
        else:
            fix = f"put what was meant into the contract, then {_FIX}"
            yield Finding("SMG140", f"somebody has changed this generated file of {name}", place, fix=fix)


def _changed_sources(sources: Mapping[str, SourceRecord], root: Path, name: str) -> Iterator[Finding]:
    beside = shown_path(root.resolve())
    for path in documents_in(root):
        if path not in sources:
            message = f"{name} was generated before there was this contract"
            yield Finding("SMG140", message, Place(file=f"{beside}/{path}"), fix=_FIX)
    for path, record in sources.items():
        data = _content(root, path)
        if data is None:
            message = f"{name} was generated from this file, which is gone"
        elif content_hash(data) != record.raw and _canonical(data, path) != record.canonical:
            message = f"{name} was generated from an older state of this file"
        else:
            continue
        yield Finding("SMG140", message, Place(file=f"{beside}/{path}"), fix=_FIX)


def _content(folder: Path, path: str) -> bytes | None:
    """The bytes of a regular file of a folder; None where there is none."""
    try:
        # Joined as texts and not buffered: a package of a thousand contracts has thousands of files, each read once.
        with open(f"{folder}/{path}", "rb", buffering=0, opener=_at_once) as stream:
            return stream.read() if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting: a pipe has no end while nobody writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _canonical(data: bytes, path: str) -> str | None:
    """The hash of the JSON in a source; None where it is none, which is a change as well."""
    try:
        return content_hash(compact_json(parse_document(data, path).value).encode())
    except FindingsError:
        return None
