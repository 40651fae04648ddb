"""A generated package on disk: what is stale, and publishing it all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import (
    Publication,
    TreeChange,
    compare_tree,
    content_hash,
    publish_tree,
    read_tree,
    removable_files,
)
from smgen.generate.planning import GeneratedPackage
from smgen.packages import MANIFEST_NAME, Ownership, PackageManifest, parsed_manifest, read_manifest

_RULES: Final = {"MISSING": "SMG120", "CHANGED": "SMG121", "EXTRA": "SMG122"}
_MESSAGES: Final = {
    "MISSING": "a generated file is missing",
    "CHANGED": "a generated file is not what the contracts say",
    "EXTRA": "a file stands in the generated package that is not part of it",
}


def publish_package(folder: Path, package: GeneratedPackage) -> Publication:
    """Writes what differs, all or nothing; what smgen wrote before and is not part of it any more goes.

    A manifest that differs in nothing but the versions of the tools stays as it is.

    Raises FindingsError (SMG123) for files that smgen did not write, be they in the way or too many, for links, and
    where the folder itself is one; then nothing is touched.
    """
    ownership = Ownership.of(folder)
    foreign = foreign_files(folder, package)
    if foreign:
        raise FindingsError(foreign)
    return publish_tree(folder, _with_kept_manifest(folder, package.files, hashes=True), owns=ownership.owns)


def foreign_files(folder: Path, package: GeneratedPackage) -> tuple[Finding, ...]:
    """SMG123 for each file of others that publishing a package would write over."""
    ownership = Ownership.of(folder)
    present = {} if folder.is_symlink() or not folder.is_dir() else read_tree(folder)
    return tuple(
        Finding(
            "SMG123",
            "smgen did not write this file, and would write another one in its place",
            Place(file=(folder / path).as_posix()),
            given="a symbolic link" if (folder / path).is_symlink() else None,
            fix="generate into another folder, or move the file away",
        )
        for path, content in package.files.items()
        if path in present and not _may_be_written(folder / path, path, present[path], content, ownership)
    )


def obsolete_files(folder: Path, package: GeneratedPackage) -> tuple[str, ...]:
    """What publishing a package would remove. Raises FindingsError (SMG123) for files that smgen did not write."""
    return removable_files(folder, package.files, owns=Ownership.of(folder).owns)


def _may_be_written(target: Path, path: str, present: bytes | None, content: bytes, ownership: Ownership) -> bool:
    """Whether nothing of somebody else's is lost by writing over a file: it is empty, equal, or smgen's own."""
    if present is None:
        # What else cannot be replaced is refused when the whole tree is written.
        return not target.is_symlink()
    return not present.strip() or present == content or ownership.owns(path, present)


def package_changes(folder: Path, package: GeneratedPackage) -> tuple[TreeChange, ...]:
    """What differs between a package on disk and what would be generated.

    The versions of the tools are no difference, nor is the spelling of a source whose content is the same.
    """
    return compare_tree(folder, _with_kept_manifest(folder, package.files, hashes=False))


def published_hashes(folder: Path, package: GeneratedPackage) -> Mapping[str, str] | None:
    """The hash of each file of a package that lies in a folder; None where its manifest is not the one there."""
    manifest = _with_kept_manifest(folder, package.files, hashes=True)[MANIFEST_NAME]
    known = parsed_manifest(manifest)
    path = folder / MANIFEST_NAME
    if known is None or not path.is_file() or path.read_bytes() != manifest:
        return None
    return {**known.files, MANIFEST_NAME: content_hash(manifest)}


def other_tools(folder: Path, package: GeneratedPackage) -> Mapping[str, tuple[str, str]]:
    """The tools whose version is not the one that a package on disk was generated with: name → (there, here)."""
    present, wanted = read_manifest(folder), parsed_manifest(package.files[MANIFEST_NAME])
    if present is None or wanted is None:
        return {}
    return {
        tool: (present.generator[tool], here)
        for tool, here in wanted.generator.items()
        if tool in present.generator and present.generator[tool] != here
    }


def _with_kept_manifest(folder: Path, files: Mapping[str, bytes], *, hashes: bool) -> dict[str, bytes]:
    """The files of a package, with the manifest that is there where it says the same as the new one.

    ``hashes`` says whether the bytes of the sources count, or only what they say.
    """
    wanted = parsed_manifest(files[MANIFEST_NAME])
    path = folder / MANIFEST_NAME
    present = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    known = parsed_manifest(present)
    if wanted is None or known is None or _told(known, hashes) != _told(wanted, hashes):
        return dict(files)
    return {**files, MANIFEST_NAME: present}


def _told(manifest: PackageManifest, hashes: bool) -> PackageManifest:
    """What counts of a manifest."""
    sources = manifest.sources
    if not hashes:
        sources = {path: replace(record, raw="") for path, record in sources.items()}
    return replace(manifest, generator={}, sources=sources)


def stale_findings(changes: tuple[TreeChange, ...], folder: str) -> tuple[Finding, ...]:
    """One finding per file that is missing, changed or too many (SMG120 to SMG122)."""
    return tuple(
        Finding(
            _RULES[change.kind],
            _MESSAGES[change.kind],
            Place(file=f"{folder}/{change.path}"),
            fix="remove it" if change.kind == "EXTRA" else "run 'smgen generate' and commit the result",
        )
        for change in changes
    )
