"""What decides the bytes of a package beside its contracts: smgen's own code and tables, templates, and the tools."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from smgen.shipped import shipped_folder

#: The distributions that have a say in what is generated, or in which contracts are without errors.
_TOOLS: Final = frozenset(("datamodel_code_generator", "jinja2", "pydantic", "pydantic_core", "ruff"))
_METADATA: Final = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)\.(?:dist|egg)-info")
_NOT_READ: Final = ("__pycache__",)


def generator_fingerprint() -> str:
    """The SHA-256, hexadecimal, of all of it: the same as long as the same contracts give the same package."""
    digest = hashlib.sha256()
    for line in tool_versions():
        digest.update(f"\0{line}".encode())
    for folder in (Path(__file__).parent.parent, shipped_folder("templates")):
        for path in _files(folder):
            digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def tool_versions() -> list[str]:
    """The versions of Python and of the tools that have a say in what is generated.

    They stand in the names of the tools' metadata folders on Python's path, so that no metadata is read.
    """
    found: dict[str, None] = {}
    for folder in sys.path:
        # Python's path may name what is not there, and archives.
        with suppress(OSError), os.scandir(folder or os.curdir) as entries:
            for entry in entries:
                match = _METADATA.fullmatch(entry.name)
                if match is not None and match["name"].lower().replace(".", "_") in _TOOLS:
                    found[entry.name] = None
    return [f"Python {sys.version_info.major}.{sys.version_info.minor}", *sorted(found)]


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in the order of their names."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT_READ)
        yield from (Path(base, name) for name in sorted(names))
