"""One file of code with its content address, and the manifest of all that a compiled pipeline needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from smgen.documents import JsonObject, content_hash

#: The folder beside a definition that holds its assets.
ASSETS_FOLDER: Final = "assets"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a step's container reads.

    ``file`` is its name there; ``digest`` the SHA-256 of its content in hex digits, by which it is stored; ``source``
    the path that it was read from, relative to the folder of the contracts; ``location`` the S3 URI in the definition.
    """

    file: str
    digest: str
    location: str
    source: str
    content: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """Where the file lies beside the definition, with ``/``."""
        return f"{ASSETS_FOLDER}/{self.digest}/{self.file}"


def read_asset(path: Path, source: str, folder_location: str) -> Asset:
    """The file at ``path`` as an asset below the S3 URI ``folder_location``. OSError passes through."""
    content = path.read_bytes()
    digest = content_hash(content)
    return Asset(path.name, digest, f"{folder_location.rstrip('/')}/{digest}/{path.name}", source, content)


def asset_manifest(assets: Iterable[Asset]) -> JsonObject:
    """The manifest as JSON: every asset once, by path, with where it belongs in S3 and its size in bytes."""
    by_path = {asset.path: asset for asset in assets}
    return {
        "version": 1,
        "assets": [
            {
                "path": path,
                "location": by_path[path].location,
                "sha256": by_path[path].digest,
                "bytes": len(by_path[path].content),
                "source": by_path[path].source,
            }
            for path in sorted(by_path)
        ],
    }
