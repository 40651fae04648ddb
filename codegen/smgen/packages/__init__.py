"""Generated packages on disk: what made them, whose their files are, and whether they are what their contracts say."""

from __future__ import annotations

from smgen.packages.freshness import package_root, stale_package_findings
from smgen.packages.manifest import (
    MANIFEST_NAME,
    PackageManifest,
    SourceRecord,
    manifest_bytes,
    parsed_manifest,
    read_manifest,
)
from smgen.packages.ownership import Ownership

__all__ = [
    "MANIFEST_NAME",
    "Ownership",
    "PackageManifest",
    "SourceRecord",
    "manifest_bytes",
    "package_root",
    "parsed_manifest",
    "read_manifest",
    "stale_package_findings",
]
