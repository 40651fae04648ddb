"""Repacks a model archive with its inference code, so that the same files always give the same bytes.

Runs in a processing job; it needs Python 3.7 or newer and nothing else. Options come from the command line, else from
environment variables of the same names.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import sys
import tarfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO

MODEL_FOLDER = "/opt/ml/processing/model"
CODE_FOLDER = "/opt/ml/processing/inference_code"
OUTPUT_FOLDER = "/opt/ml/processing/packaged_model"

ARCHIVE = "model.tar.gz"
#: How the source of a contract arrives: the folder holds this archive instead of the files.
CODE_ARCHIVE = "sourcedir.tar.gz"


class InputError(Exception):
    """The input or an option is wrong; the text says what, where and what to do."""


def member_path(name: str, what: str) -> PurePosixPath:
    """A member's name as a path inside the archive. Raises InputError for one that leaves it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise InputError(f"{what} has a member outside of it: {name!r}")
    return path


def code_files(folder: Path) -> list[Path]:
    """The files of the inference code, sorted, without what Python compiled. Raises InputError where there is none."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    ]
    if not files:
        raise InputError(f"there is no inference code in {folder}")
    return files


def add_file(archive: tarfile.TarFile, path: PurePosixPath, content: IO[bytes], size: int, mode: int) -> None:
    """Add a file without anything that differs from run to run: time, owner, and all of the mode but "may be run"."""
    entry = tarfile.TarInfo(path.as_posix())
    entry.size = size
    entry.mode = 0o755 if mode & 0o100 else 0o644
    archive.addfile(entry, content)


def add_model(archive: tarfile.TarFile, folder: Path, code_folder: PurePosixPath) -> int:
    """Add the files of the model, without old inference code; returns how many there are.

    Folders of their own are not kept. Raises InputError for members that are neither file nor folder.
    """
    packed = folder / ARCHIVE
    count = 0
    if packed.is_file():
        for path, member, content in files_of(packed, "the model archive", code_folder):
            add_file(archive, path, content, member.size, member.mode)
            count += 1
        return count
    for source in sorted(folder.rglob("*")):
        path = PurePosixPath(source.relative_to(folder).as_posix())
        if source.is_file() and code_folder not in path.parents:
            add_path(archive, path, source)
            count += 1
    return count


def files_of(
    packed: Path, what: str, without: PurePosixPath | None = None
) -> Iterator[tuple[PurePosixPath, tarfile.TarInfo, IO[bytes]]]:
    """The files of an archive, in its order, with their contents; those in the folder ``without`` are left out.

    Raises InputError for members that are neither file nor folder.
    """
    with tarfile.open(packed, "r:gz") as members:
        for member in members:
            path = member_path(member.name, what)
            if member.isdir() or without in (path, *path.parents):
                continue
            content = members.extractfile(member) if member.isfile() else None
            if content is None:
                raise InputError(f"{what} has a member that is no file: {member.name!r}")
            yield path, member, content


def add_code(archive: tarfile.TarFile, folder: Path, below: PurePosixPath) -> None:
    """Add the inference code: the files of ``sourcedir.tar.gz`` where it came so, else those of the folder."""
    packed = folder / CODE_ARCHIVE
    if not packed.is_file():
        for source in code_files(folder):
            add_path(archive, below / source.relative_to(folder).as_posix(), source)
        return
    for path, member, content in files_of(packed, "the archive of the inference code"):
        add_file(archive, below / path, content, member.size, member.mode)


def add_path(archive: tarfile.TarFile, path: PurePosixPath, source: Path) -> None:
    """Add a file of this machine under a path of the archive."""
    status = source.stat()
    with source.open("rb") as content:
        add_file(archive, path, content, status.st_size, status.st_mode)


def package(model_folder: Path, inference_folder: Path, output_folder: Path, code_folder: str) -> Path:
    """Write the new ``model.tar.gz`` and return its path."""
    below = PurePosixPath(code_folder)
    if below.is_absolute() or ".." in below.parts or not below.parts:
        raise InputError(f"CODE_FOLDER is a folder inside the archive, not {code_folder!r}")
    # Nothing is written where there is nothing to add: a job that fails may still upload what it wrote.
    code_files(inference_folder)
    output_folder.mkdir(parents=True, exist_ok=True)
    target = output_folder / ARCHIVE
    with target.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
        buffered = io.BufferedWriter(packed)
        with tarfile.open(fileobj=buffered, mode="w", format=tarfile.PAX_FORMAT) as archive:
            if not add_model(archive, model_folder, below):
                raise InputError(f"there is no model in {model_folder}")
            add_code(archive, inference_folder, below)
        buffered.flush()
    return target


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run the script; 0 when it is done, 1 when the input is wrong."""
    parser = argparse.ArgumentParser(description="Repacks a model archive with its inference code.")
    parser.add_argument("--model-folder", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--inference-folder", type=Path, default=CODE_FOLDER)
    parser.add_argument("--output-folder", type=Path, default=OUTPUT_FOLDER)
    parser.add_argument("--code-folder", default=environment.get("CODE_FOLDER", "code"))
    given = parser.parse_args(arguments)
    try:
        target = package(given.model_folder, given.inference_folder, given.output_folder, given.code_folder)
    except (InputError, OSError, EOFError, tarfile.TarError) as error:
        print(f"package_model: {error}", file=sys.stderr)
        return 1
    print(f"package_model: {target.stat().st_size} bytes in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
