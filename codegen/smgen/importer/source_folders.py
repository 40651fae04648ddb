"""Finds the code of imported steps in folders of the repository, so that the contracts can bring it along."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from smgen.assets import unpacked
from smgen.definition import Definition, Step
from smgen.documents import trail_parts
from smgen.expressions import Join, Value, elements_at, members_at, value_at, walk_values

_S3: Final = "s3://"
#: The members that name the script of a toolkit, and those that say where its archive lies.
_PROGRAMS: Final = ("sagemaker_program", "SAGEMAKER_PROGRAM")
_DIRECTORIES: Final = ("sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY")
_SETTINGS: Final = (("HyperParameters",), ("StaticHyperParameters",), ("Environment",))
_CODE_INPUTS: Final = ("code", "entrypoint")
_CODE_CHANNELS: Final = ("code", "sm_drivers")
_SCRIPTS: Final = (".py", ".sh", ".R", ".jl")
_ARCHIVE: Final = ".tar.gz"
#: Files that the SDK writes itself.
_SDK_FILES: Final = ("runproc.sh", "install_requirements.py", "sm_train.sh", "sm_drivers")
#: The script with which the SDK puts code into a model, in an archive with that code.
_SDK_REPACKING: Final = "_repack_script_launcher.sh"
_HASH: Final = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{64})(?![0-9a-f])")
#: Folders in which nobody keeps the code of a pipeline.
_SKIPPED: Final = frozenset(("__pycache__", "node_modules", "site-packages", "venv", "build", "dist"))
#: In bytes; larger files and archives are not read.
_LARGEST: Final = 64 * 1024 * 1024
#: Of a folder that is hashed as the SDK does, and of how many names at its path's end; each is hashed by itself.
_LARGEST_HASHED: Final = 1024 * 1024
_MOST_NAMES: Final = 4
#: How many files of the repository are looked at.
_MOST_FILES: Final = 50_000


Parts: TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """Code in Amazon S3 that steps run: its location in the definition, and what was found of it.

    ``path`` is the file or folder of the project that it comes from now, None where it stays in S3; ``candidates`` are
    those that it could be where there are several. ``note`` is a clause behind either, with its comma.
    """

    location: str
    steps: tuple[str, ...]
    path: str | None = None
    candidates: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepCode:
    """The code of a step: ``parts`` lead to its location in the step's arguments, ``entry`` is the script's name.

    ``location`` is its text, with ``{…}`` where a part of it is known only when the pipeline runs. ``is_archive`` says
    that a folder was packed; ``in_json`` that the location is a JSON text.
    """

    step: str
    parts: Parts
    location: str
    entry: str | None
    is_archive: bool
    in_json: bool = False


def codes_of(definition: Definition) -> tuple[StepCode, ...]:
    """The code of all steps of a definition that lies in Amazon S3."""
    return tuple(code for step in definition.all_steps() if not step.branches for code in _codes(step))


def _codes(step: Step) -> Iterator[StepCode]:
    arguments = step.own["Arguments"]
    for parts, value, folder in _inputs(arguments):
        location = _text(value)
        if location is not None:
            name = PurePosixPath(location).name
            script = name if name.endswith(_SCRIPTS) else _entry_point(arguments, folder)
            yield StepCode(step.name, parts, location, script, not name.endswith(_SCRIPTS))
    for trail, value in walk_values(arguments):
        parts, settings = trail_parts(trail), members_at(value)
        if not settings or parts[-1:] not in _SETTINGS:
            continue
        for member in (name for name in settings if name in _DIRECTORIES):
            text = _text(settings[member])
            location = _unquoted(text)
            # Where a container finds its code by itself, nothing is uploaded.
            if text is not None and location is not None and location.startswith((_S3, "{…}")):
                program = next((_unquoted(_text(settings[name])) for name in _PROGRAMS if name in settings), None)
                yield StepCode(step.name, (*parts, member), location, program, True, text != location)


def _inputs(arguments: Value) -> Iterator[tuple[Parts, Value, str]]:
    """The locations of processing inputs and channels that hold code, each with its folder in the container."""
    for index, item in enumerate(elements_at(arguments, "ProcessingInputs")):
        uri, folder = value_at(item, "S3Input", "S3Uri"), value_at(item, "S3Input", "LocalPath")
        if value_at(item, "InputName") in _CODE_INPUTS or (_text(uri) or "").endswith(_SCRIPTS):
            yield ("ProcessingInputs", index, "S3Input", "S3Uri"), uri, folder if isinstance(folder, str) else ""
    for index, item in enumerate(elements_at(arguments, "InputDataConfig")):
        if value_at(item, "ChannelName") in _CODE_CHANNELS:
            way = ("DataSource", "S3DataSource", "S3Uri")
            yield ("InputDataConfig", index, *way), value_at(item, *way), "/opt/ml/input/data"


def _entry_point(arguments: Value, folder: str) -> str | None:
    """The script in the entry point of a job that lies in a folder of the container, relative to that folder."""
    for member in ("AppSpecification", "AlgorithmSpecification"):
        for word in elements_at(arguments, member, "ContainerEntrypoint"):
            if isinstance(word, str) and word.endswith(_SCRIPTS) and PurePosixPath(word).is_relative_to(folder):
                return PurePosixPath(word).relative_to(folder).as_posix()
    return None


@dataclass(frozen=True, slots=True)
class FoundCode:
    """Where code lies: the folder, the script relative to it, and whether the whole folder was packed."""

    folder: Path
    entry: str
    is_archive: bool

    @property
    def path(self) -> Path:
        """The script, or the folder that is packed."""
        return self.folder if self.is_archive else self.folder / self.entry


@dataclass(frozen=True, slots=True)
class NotFound:
    """Why code was not found, as a clause with a comma before it, and what it could be."""

    note: str
    candidates: tuple[Path, ...] = ()


class Repository:
    """The files below some folders, by name; ``known`` are scripts and folders that are looked at first."""

    def __init__(self, roots: Sequence[Path], known: Sequence[Path] = ()) -> None:
        self._known = Repository(known) if known else None
        self._by_name: dict[str, list[Path]] = {}
        self._count = 0
        for root in dict.fromkeys(path.resolve() for path in roots):
            for path in self._files(root):
                known = self._by_name.setdefault(path.name, [])
                if path not in known:
                    known.append(path)

    def _files(self, root: Path) -> Iterator[Path]:
        if root.is_file():
            yield root
            return
        todo = [root]
        while todo:
            folder = todo.pop()
            entries = sorted(folder.iterdir())
            for entry in entries:
                if entry.is_symlink() or entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    if entry.name not in _SKIPPED:
                        todo.append(entry)
                elif entry.is_file() and self._count < _MOST_FILES:
                    self._count += 1
                    yield entry

    def find(self, code: StepCode) -> FoundCode | NotFound:
        """The code of a step: by the name of its script, and where several have it by their content."""
        known = None if self._known is None else self._known.find(code)
        return known if isinstance(known, FoundCode) else self._find(code)

    def _find(self, code: StepCode) -> FoundCode | NotFound:
        name = PurePosixPath(code.location).name
        if name in _SDK_FILES:
            return NotFound(", which the SDK writes")
        if code.entry == _SDK_REPACKING:
            return NotFound(", which the SDK packs to put code into a model")
        if code.entry is None:
            unnamed = self._by_folder_and_script(code)
            if unnamed is not None:
                return unnamed
            return NotFound(", whose script the definition does not name")
        entry = PurePosixPath(code.entry)
        named = sorted(self._by_name.get(entry.name, ()))
        scripts = [path for path in named if path.parts[-len(entry.parts) :] == entry.parts]
        folders = [path.parents[len(entry.parts) - 1] for path in scripts]
        if not folders:
            return NotFound("")
        if len(folders) > 1:
            folders = self._by_content(code, folders) or folders
        if len(folders) > 1:
            found = tuple(folder if code.is_archive else folder / entry for folder in folders)
            return NotFound("", found)
        return FoundCode(folders[0], entry.as_posix(), code.is_archive)

    def is_equal(self, code: StepCode, found: FoundCode) -> bool:
        """Whether the content of what was found is known to be that of the code at its location."""
        if not code.is_archive:
            return found.folder in self._by_content(code, [found.folder])
        hashes = set(_HASH.findall(code.location))
        if hashes and _is_called(found.folder, ((), (found.entry,)), hashes) is not None:
            return True
        packed = {path.relative_to(found.folder).as_posix() for path in _files_below(found.folder)}
        return any(
            set(files) == packed and _holds_all(found.folder, files)
            for files in map(_unpacked, self._copies(code.location))
        )

    def _by_content(self, code: StepCode, folders: Sequence[Path]) -> list[Path]:
        """The folders whose code is the one at the location, as far as anything says its content.

        The SDK puts the hash of a script or folder into its location; a copy of an archive or script, downloaded to
        the same path below one of the roots, is the code itself.
        """
        if not code.is_archive:
            hashes = set(_HASH.findall(code.location))
            known = [folder for folder in folders if hashes & set(_hashes(folder / str(code.entry)))]
            if known:
                return known
        else:
            known = self._by_sdk_hash(code, folders)
            if known:
                return known
        for copy in self._copies(code.location):
            if code.is_archive:
                files = _unpacked(copy)
                return [folder for folder in folders if files and _holds_all(folder, files)]
            content = copy.read_bytes()
            # The copy is no source, unless it is the only one.
            return [
                folder
                for folder in folders
                if (path := folder / str(code.entry)) != copy and path.read_bytes() == content
            ]
        return []

    def _by_sdk_hash(self, code: StepCode, folders: Sequence[Path]) -> list[Path]:
        """The folders whose hash by SDK v2 is in a location."""
        hashes = set(_HASH.findall(code.location))
        return [folder for folder in folders if _is_called(folder, ((),), hashes) is not None] if hashes else []

    def _by_folder_and_script(self, code: StepCode) -> FoundCode | None:
        """The one script, and the folder that it was packed with, whose hash by SDK v2 is in a location."""
        hashes = set(_HASH.findall(code.location))
        if not hashes or not code.is_archive:
            return None
        scripts: dict[Path, list[str]] = {}
        for path in (path for paths in self._by_name.values() for path in paths if path.name.endswith(_SCRIPTS)):
            scripts.setdefault(path.parent, []).append(path.name)
        found: list[FoundCode] = []
        for folder, names in sorted(scripts.items()):
            called = _is_called(folder, [(name,) for name in sorted(names)], hashes)
            found += [FoundCode(folder, name, True) for name in called or ()]
        return found[0] if len(found) == 1 else None

    def _copies(self, location: str) -> list[Path]:
        """Files at the path of a location, of which at least a folder and the name are the same."""
        key = PurePosixPath(location.removeprefix(_S3)).parts
        return [path for path in self._by_name.get(key[-1], ()) if path.parts[-3:] == key[-3:]] if len(key) > 2 else []


def _hashes(path: Path) -> tuple[str, ...]:
    """The hashes by which the SDK may call a file: of its content, or of the path that it was given and that."""
    if path.stat().st_size > _LARGEST:
        return ()
    content = path.read_bytes()
    named = (hashlib.sha256(os.fsencode(name) + content).hexdigest() for name in _written(path))
    return hashlib.sha256(content).hexdigest(), hashlib.md5(content, usedforsecurity=False).hexdigest(), *named


def _written(path: Path) -> list[str]:
    """The ways to write a path, from wherever a pipeline was built."""
    names = path.parts[1:]
    relative = ["/".join(names[-count:]) for count in range(1, min(len(names), _MOST_NAMES) + 1)]
    return [path.as_posix(), *(f"{before}{name}" for name in relative for before in ("", "./", "../"))]


def _is_called(folder: Path, scripts: Sequence[tuple[str, ...]], hashes: Collection[str]) -> tuple[str, ...] | None:
    """The scripts with which one of the hashes is that of a folder by SDK v2; None where with none of them it is.

    The SDK hashes the path that it was given and then everything in the folder, so that each way to write the path,
    from wherever the pipeline was built, gives another hash. That of a processing job has its script's path in it too.
    """
    content = _content(folder)
    if content is None:
        return None
    for beside in scripts:
        for name in (f"{name}{end}" for name in _written(folder) for end in ("", "/")):
            hashed = {**dict.fromkeys(beside, b""), name: content}
            data = b"".join(os.fsencode(path) + hashed[path] for path in sorted(hashed))
            if hashlib.sha256(data).hexdigest() in hashes:
                return beside
    return None


def _files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder that is packed, without what Python leaves there."""
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _content(folder: Path) -> bytes | None:
    """Names and contents of everything in a folder, in the SDK's order; None for a large folder."""
    parts: list[bytes] = []
    size = 0
    todo = sorted(folder.iterdir(), reverse=True)
    while todo:
        path = todo.pop()
        parts.append(os.fsencode(path.name))
        if path.is_dir() and not path.is_symlink():
            todo.extend(sorted(path.iterdir(), reverse=True))
        elif path.is_file():
            size += path.stat().st_size
            if size > _LARGEST_HASHED:
                return None
            parts.append(path.read_bytes())
    return b"".join(parts)


def _unpacked(path: Path) -> Mapping[str, bytes]:
    """The files of an archive; none where it is none, or a huge one."""
    return {} if path.stat().st_size > _LARGEST else unpacked(path.read_bytes(), _LARGEST) or {}


def _holds_all(folder: Path, files: Mapping[str, bytes]) -> bool:
    # A name may lead anywhere, and be longer than that of any file.
    plain = {name: PurePosixPath(name) for name in files}
    inside = [name for name, path in plain.items() if not path.is_absolute() and ".." not in path.parts]
    try:
        return bool(inside) and all(
            (folder / name).is_file() and (folder / name).read_bytes() == files[name] for name in inside
        )
    except OSError:
        return False


def _text(value: Value) -> str | None:
    """The text of a location, with ``{…}`` for what is known when the pipeline runs; None for anything else."""
    if isinstance(value, Join):
        return value.on.join(item if isinstance(item, str) else "{…}" for item in value.values) or None
    return value if isinstance(value, str) else None


def _unquoted(text: str | None) -> str | None:
    """A text, or the one that it holds as JSON."""
    if text is None or not text.startswith('"'):
        return text
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text
