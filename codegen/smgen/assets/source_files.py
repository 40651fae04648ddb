"""Reads the files of a source: a folder or its entry alone, with dependencies and requirements beside it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from smgen.assets.ignoring import IGNORE_FILE, Ignored, ignore_rules
from smgen.diagnostics import Finding, FindingsError, Place, counted, nearest_name
from smgen.documents import content_hash, resolve_inside, shown_path

#: Where the containers look for requirements, at the top of the archive.
REQUIREMENTS_FILE: Final = "requirements.txt"

#: How many files or folders a message names, and the share of the whole that such a file has at least: 1 in so many.
_MOST_NAMED: Final = 3
_LEAST_SHARE: Final = 20
#: How many times as many files as may be packed are counted, before it is enough.
_COUNTED_TIMES: Final = 10


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """The most files of one archive, their size together in bytes, and how deep folders lie in each other."""

    files: int = 10_000
    size: int = 256 * 1024 * 1024
    depth: int = 100


#: What a source may be at most. It is held in memory while it is packed, and every job downloads and unpacks it.
SOURCE_LIMITS: Final = SourceLimits()


@dataclass(frozen=True, slots=True)
class SourceParts:
    """What a source is made of, as a contract writes it.

    ``directory`` and each of ``dependencies`` are relative to the folder of the contracts, ``entry`` and
    ``requirements`` to ``directory``. The whole of ``directory`` is taken, or with ``entry_only`` just the entry.
    """

    entry: str
    directory: str = "."
    entry_only: bool = False
    dependencies: tuple[str, ...] = ()
    requirements: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source by its path in the archive, with its bytes; ``executable`` is its owner's right to run it."""

    path: str
    content: bytes = field(repr=False)
    executable: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of the content in hex digits."""
        return content_hash(self.content)


def read_source(
    root: Path, parts: SourceParts, place: Place, limits: SourceLimits = SOURCE_LIMITS
) -> tuple[SourceFile, ...]:
    """The files of a source below the folder ``root``, sorted by path.

    The content of ``directory`` and of each dependency that is a file lies at the top of the archive, a dependency
    that is a folder keeps its name, and the requirements are called ``requirements.txt``. Raises FindingsError at
    ``place`` with everything that is wrong: SMG118 for what leaves the root, SMG119 for what is not there, SMG126 for
    what cannot be packed.
    """
    reader = _SourceReader(root, place, limits)
    folder = reader.inside(parts.directory)
    if folder is not None:
        reader.directory(folder, parts)
    for dependency in parts.dependencies:
        reader.dependency(dependency)
    reader.requirements(parts)
    reader.entry(parts)
    reader.within_limits()
    if reader.findings:
        raise FindingsError(reader.findings)
    return tuple(reader.taken[path] for path in sorted(reader.taken))


@dataclass(slots=True)
class _SourceReader:
    """One source being read; collects findings so that all of them are reported together."""

    root: Path
    place: Place
    limits: SourceLimits
    taken: dict[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    #: Where each file of the archive comes from.
    origins: dict[str, Path] = field(default_factory=dict[str, Path])
    findings: list[Finding] = field(default_factory=list[Finding])
    #: The size of every file, by its path in the archive; once a limit is passed they are counted and no more read.
    sizes: dict[str, int] = field(default_factory=dict[str, int])
    size: int = 0

    @property
    def is_full(self) -> bool:
        """Whether a limit is passed."""
        return self.size > self.limits.size or len(self.sizes) > self.limits.files

    def problem(
        self, rule: str, message: str, given: str, *, expected: str | None = None, nearest: str | None = None
    ) -> None:
        self.findings.append(Finding(rule, message, self.place, given=given, expected=expected, nearest=nearest))

    def inside(self, relative: str) -> Path | None:
        """A path of the contract below the root; None after SMG118."""
        try:
            return resolve_inside(self.root, relative, self.place)
        except FindingsError as error:
            self.findings += error.findings
            return None

    # --- the parts of a source ---

    def directory(self, folder: Path, parts: SourceParts) -> None:
        if not folder.is_dir():
            self.missing("the folder of the source", folder)
        elif not parts.entry_only:
            self.folder(folder, PurePosixPath())
        else:
            path = self.inside(f"{parts.directory}/{parts.entry}")
            if path is not None and self.is_file("the script", path):
                self.take(path, PurePosixPath(parts.entry))

    def dependency(self, relative: str) -> None:
        path = self.inside(relative)
        if path is None:
            return
        name = PurePosixPath(path.name)
        if path.is_dir():
            self.folder(path, name)
        elif self.is_file("the dependency", path):
            self.take(path, name)

    def requirements(self, parts: SourceParts) -> None:
        if parts.requirements is None:
            return
        path = self.inside(f"{parts.directory}/{parts.requirements}")
        if path is not None and self.is_file("the file of requirements", path):
            self.take(path, PurePosixPath(REQUIREMENTS_FILE))

    def entry(self, parts: SourceParts) -> None:
        """The script that is launched must have been packed."""
        path = PurePosixPath(parts.entry).as_posix()
        if path in self.taken or self.findings or self.is_full:
            return
        file = self.root / parts.directory / parts.entry
        if file.is_file():
            expected = f"a line that keeps it, such as !{path}"
            self.problem("SMG126", f"the script is left out by {IGNORE_FILE} or the defaults", path, expected=expected)
        else:
            self.missing("the script", file)

    def is_file(self, what: str, path: Path) -> bool:
        if path.is_file():
            return True
        self.missing(what, path)
        return False

    def missing(self, what: str, path: Path) -> None:
        siblings = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
        is_there = "is no regular file" if path.exists() else "is not there"
        self.problem("SMG119", f"{what} {is_there}", shown_path(path), nearest=nearest_name(path.name, siblings))

    # --- files ---

    def folder(self, folder: Path, target: PurePosixPath) -> None:
        """Every file below a folder that is not ignored."""
        ignored, findings = ignore_rules(folder, self.place)
        self.findings += findings
        for path in self.found(folder, ignored):
            if len(self.sizes) > self.limits.files * _COUNTED_TIMES:
                return
            self.take(path, target / path.relative_to(folder).as_posix())

    def found(self, folder: Path, ignored: Ignored) -> Iterator[Path]:
        # However deep they lie in each other; the first of a folder is on top.
        todo = [(entry, "") for entry in self.entries(folder)]
        while todo:
            entry, prefix = todo.pop()
            relative, path = f"{prefix}{entry.name}", Path(entry.path)
            is_folder = entry.is_dir(follow_symlinks=False)
            if ignored(f"{relative}/" if is_folder else relative) or relative == IGNORE_FILE:
                continue
            if is_folder and relative.count("/") >= self.limits.depth:
                what = f"folders lie more than {self.limits.depth} deep in each other"
                self.problem("SMG126", what, shown_path(path))
            elif is_folder:
                # What lies in an ignored folder cannot be brought back, as in git.
                todo += ((inner, f"{relative}/") for inner in self.entries(path))
            elif self.is_packable(entry, path):
                yield path

    def entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """What lies in a folder, the last name first."""
        try:
            with os.scandir(folder) as scanned:
                return sorted(scanned, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            self.unreadable("a folder", folder, error)
            return []

    def is_packable(self, entry: os.DirEntry[str], path: Path) -> bool:
        """Whether it is a file, or a link to one inside the root; anything else is a finding."""
        if not entry.is_symlink():
            if entry.is_file(follow_symlinks=False):
                return True
            self.problem("SMG126", "the source has something that is neither a file nor a folder", shown_path(path))
            return False
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            # A loop of links is a RuntimeError before Python 3.13 and an OSError after.
            self.problem("SMG126", "the source has a symbolic link that leads nowhere", shown_path(path))
            return False
        if not target.is_relative_to(self.root.resolve()):
            expected = f"a link to a file below {shown_path(self.root)}"
            self.problem(
                "SMG118", "the source has a symbolic link that leaves its root", shown_path(path), expected=expected
            )
            return False
        if target.is_file():
            return True
        message = "the source has a symbolic link to a folder, which could hold itself"
        self.problem("SMG126", message, shown_path(path), expected="the folder itself, or a dependency")
        return False

    def take(self, path: Path, target: PurePosixPath) -> None:
        """Reads one file for the archive, unless a limit is passed."""
        name = target.as_posix()
        if name in self.sizes:
            if path.resolve() != self.origins[name].resolve():
                both = f"{shown_path(self.origins[name])}, {shown_path(path)}"
                self.problem("SMG126", f"two files of the source have one place in the archive: {name}", both)
            return
        try:
            name.encode()
        except UnicodeEncodeError:
            self.problem("SMG126", "the name of a file is no Unicode text", ascii(name))
            return
        try:
            status = path.stat()
            self.sizes[name] = status.st_size
            self.origins[name] = path
            self.size += status.st_size
            if self.is_full:
                # All that is left to say is which files are too many.
                self.taken.clear()
                return
            content = path.read_bytes()
        except OSError as error:
            self.unreadable("a file", path, error)
            return
        self.taken[name] = SourceFile(name, content, bool(status.st_mode & 0o100))

    def within_limits(self) -> None:
        """SMG126 for a source with too many files or bytes, with those that make most of it."""
        if not self.is_full:
            return
        limits, files = self.limits, len(self.sizes)
        at_least = "more than " if files > limits.files * _COUNTED_TIMES else ""
        if self.size > limits.size:
            largest = sorted(self.sizes.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMED]
            # A file that makes next to nothing of it is no help.
            listed = [item for item in largest if item[1] * _LEAST_SHARE >= self.size] or largest[:1]
            names = [f"{shown_path(self.origins[name])} has {size:,}" for name, size in listed]
            given = f"{at_least}{self.size:,} bytes in {counted(files, 'file')}; {', '.join(names)}"
            expected = f"at most {limits.size:,} bytes"
        else:
            folders = Counter(shown_path(self.origins[name].parent) for name in self.sizes)
            most = sorted(folders.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMED]
            given = f"{at_least}{counted(files, 'file')}; {', '.join(f'{folder} has {n:,}' for folder, n in most)}"
            expected = f"at most {limits.files:,} files"
        fix = f"leave out what the job does not need, in {IGNORE_FILE}; data belong into a channel or input"
        message = "the source is too large to be packed"
        self.findings.append(Finding("SMG126", message, self.place, given=given, expected=expected, fix=fix))

    def unreadable(self, what: str, path: Path, error: OSError) -> None:
        given = f"{shown_path(path)}: {error.strerror or type(error).__name__}"
        self.problem("SMG126", f"{what} of the source cannot be read", given)
