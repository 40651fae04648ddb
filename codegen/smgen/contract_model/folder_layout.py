"""What the files of a folder of contracts are called."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from smgen.documents import documents_in

#: The file that declares the artifact types; every other JSON document directly in the folder is one of contracts.
ARTIFACT_TYPES_FILE: Final = "artifact_types.json"


def contract_files(root: Path) -> tuple[str, ...]:
    """The names of the files of contracts directly in a folder, sorted. OSError passes."""
    return tuple(name for name in documents_in(root) if name != ARTIFACT_TYPES_FILE)
