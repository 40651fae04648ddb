"""One file of code with its content address, and the manifest of all that a compiled pipeline needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from smgen.assets.archive import ARCHIVE_FILE, content_address, packed
from smgen.assets.source_files import SourceFile
from smgen.diagnostics import Place
from smgen.documents import JsonObject, content_hash, read_regular

#: The folder beside a definition that holds its assets.
ASSETS_FOLDER: Final = "assets"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a step's container reads.

    ``file`` is its name there; ``digest`` its content address in hex digits, by which it is stored; ``source`` the
    path that it was read from, relative to the folder of the contracts; ``location`` the S3 URI in the definition.
    The address of a plain file is the SHA-256 of its bytes, that of an archive the SHA-256 of what it holds.
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

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file's bytes in hex digits."""
        return content_hash(self.content)

    @property
    def size(self) -> int:
        """The file's size in bytes."""
        return len(self.content)


def read_asset(path: Path, source: str, folder_location: str) -> Asset:
    """The file at ``path`` as an asset below the S3 URI ``folder_location``. OSError passes through."""
    content = read_regular(path)
    return _asset(path.name, content_hash(content), source, folder_location, content)


def packed_asset(files: Sequence[SourceFile], source: str, folder_location: str, place: Place) -> Asset:
    """The archive of a source's files as an asset. Raises FindingsError (SMG126 at ``place``) like ``packed``."""
    return _asset(ARCHIVE_FILE, content_address(files), source, folder_location, packed(files, place))


def _asset(file: str, digest: str, source: str, folder_location: str, content: bytes) -> Asset:
    return Asset(file, digest, f"{folder_location.rstrip('/')}/{digest}/{file}", source, content)


def asset_manifest(assets: Iterable[Asset]) -> JsonObject:
    """The manifest as JSON: every asset once, by path, with where it belongs in S3, its bytes' hash and their number.

    Two assets of one content that belong to two places are both listed.
    """
    listed = {(asset.path, asset.location): asset for asset in assets}
    return {
        "version": 1,
        "assets": [
            {
                "path": asset.path,
                "location": asset.location,
                "sha256": asset.sha256,
                "bytes": asset.size,
                "source": asset.source,
            }
            for _, asset in sorted(listed.items())
        ],
    }
