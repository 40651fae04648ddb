"""Which files of contracts are what they were when modules were made of them, with all that was looked at for that."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from smgen.packages import ContractFileRecord, FileHashes


class UnchangedFiles:
    """Looks into a folder of contracts; everything is looked at once."""

    def __init__(self, root: Path, hashes: FileHashes) -> None:
        self._root = root
        self._hashes = hashes
        self._modes: dict[str, int] = {}

    def among(self, sources: Mapping[str, ContractFileRecord]) -> dict[str, ContractFileRecord]:
        """The records that still hold, by the name of their file."""
        return {name: record for name, record in sources.items() if self._holds(name, record)}

    def _holds(self, name: str, record: ContractFileRecord) -> bool:
        return (
            self._hashes.of(name) == record.source.raw
            and all(self._mode(path) and self._hashes.of(path) == item.raw for path, item in record.brought_in.items())
            and all(stat.S_ISREG(self._mode(path)) for path in record.files)
            and all(self._mode(path) for path in record.present)
        )

    def _mode(self, path: str) -> int:
        """The mode of a file or folder; 0 where there is none, and where it or a folder on the way to it is a link.

        A link may lead out of the folder of contracts, which only reading the contract again tells.
        """
        if path not in self._modes:
            above, _, _ = path.rpartition("/")
            mode = 0
            if not above or self._mode(above):
                try:
                    mode = os.lstat(f"{self._root}/{path}").st_mode
                except (OSError, ValueError):
                    mode = 0
            self._modes[path] = 0 if stat.S_ISLNK(mode) else mode
        return self._modes[path]
