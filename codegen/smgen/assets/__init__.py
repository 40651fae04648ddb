"""Code that a pipeline brings along: content-addressed, packed the same on every machine."""

from __future__ import annotations

from smgen.assets.archive import ARCHIVE_FILE, content_address, packed, unpacked
from smgen.assets.asset import ASSETS_FOLDER, Asset, asset_manifest, packed_asset, read_asset
from smgen.assets.ignoring import DEFAULT_PATTERNS, IGNORE_FILE
from smgen.assets.source_files import (
    SOURCE_LIMITS,
    SourceFile,
    SourceLimits,
    SourceParts,
    read_source,
)

__all__ = [
    "ARCHIVE_FILE",
    "ASSETS_FOLDER",
    "DEFAULT_PATTERNS",
    "IGNORE_FILE",
    "SOURCE_LIMITS",
    "Asset",
    "SourceFile",
    "SourceLimits",
    "SourceParts",
    "asset_manifest",
    "content_address",
    "packed",
    "packed_asset",
    "read_asset",
    "read_source",
    "unpacked",
]
