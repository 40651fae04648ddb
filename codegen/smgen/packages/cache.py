"""What smgen keeps between its runs, in the user's folder for caches: a record of each generated package, and texts.

What cannot be read or written there costs time and nothing else, so that neither is ever an error.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path
from typing import Final

from smgen.documents import content_hash, read_regular
from smgen.packages.generation_record import GenerationRecord, parsed_record, record_bytes

#: The variable that names another folder than the user's.
CACHE_VARIABLE: Final = "SMGEN_CACHE_DIR"
#: The sort of texts that are the models of datamodel-code-generator.
MODELS: Final = "models"
#: What the files here are called: nothing else in the folder that somebody names is smgen's to remove.
_OWN: Final = re.compile(r"\.?[0-9a-f]{32,64}(?:\.json)?(?:\.\d+)?")
#: In seconds: a record that was not written for so long is of a package that nobody generates any more.
_FORGOTTEN_AFTER: Final = 90 * 24 * 3600.0
#: How the names of files begin that are being written, and in seconds, when nobody writes them any more.
_WAITING: Final = "."
_ABANDONED_AFTER: Final = 3600.0
#: In bytes; ten thousand contracts take about ten million.
_LARGEST: Final = 128 * 1024 * 1024


def cache_folder() -> Path:
    """The folder of the records: the one that SMGEN_CACHE_DIR names, else smgen's among the user's caches."""
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("smgen", appauthor=False)


def read_record(package_folder: Path, fingerprint: str) -> GenerationRecord | None:
    """What the generator of that fingerprint knows of the package in a folder; None where it knows nothing."""
    with contextlib.suppress(OSError):
        path = _path(package_folder)
        if path.stat().st_size <= _LARGEST:
            return parsed_record(read_regular(path), fingerprint)
    return None


def write_record(package_folder: Path, record: GenerationRecord) -> None:
    """Keeps a record in the place of the one before; old ones of other packages go, and texts that nobody asks for."""
    with contextlib.suppress(OSError):
        path = _path(package_folder)
        _write(path, record_bytes(record))
        for folder in (path.parent, cache_folder() / MODELS):
            if folder.is_dir():
                _forget(folder)


def cached_text(sort: str, key: str) -> str | None:
    """The text of that sort and key, which is a hexadecimal number; None where there is none, or not a whole one."""
    with contextlib.suppress(OSError, ValueError):
        path = cache_folder() / sort / key
        digest, _, text = read_regular(path).decode().partition("\n")
        if digest == content_hash(text.encode()):
            os.utime(path)
            return text
    return None


def keep_text(sort: str, key: str, text: str) -> None:
    """Keeps a text for whoever asks for that sort and key."""
    with contextlib.suppress(OSError):
        _write(cache_folder() / sort / key, f"{content_hash(text.encode())}\n{text}".encode())


def _path(package_folder: Path) -> Path:
    return cache_folder() / "generated" / f"{content_hash(os.fsencode(package_folder.resolve()))[:32]}.json"


def _write(path: Path, data: bytes) -> None:
    """Writes a file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Runs at once may write at once: each into a file of its own.
    waiting = path.with_name(f"{_WAITING}{path.name}.{os.getpid()}")
    try:
        waiting.write_bytes(data)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def _forget(folder: Path) -> None:
    """Removes what nobody has used for long, and what runs that were killed were writing."""
    now = time.time()
    with os.scandir(folder) as entries:
        for entry in [entry for entry in entries if _OWN.fullmatch(entry.name)]:
            age = now - entry.stat(follow_symlinks=False).st_mtime
            if age > (_ABANDONED_AFTER if entry.name.startswith(_WAITING) else _FORGOTTEN_AFTER):
                Path(entry.path).unlink(missing_ok=True)
