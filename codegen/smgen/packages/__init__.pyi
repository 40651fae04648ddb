from smgen.packages.freshness import package_root as package_root, stale_package_findings as stale_package_findings
from smgen.packages.manifest import (
    MANIFEST_NAME as MANIFEST_NAME,
    PackageManifest as PackageManifest,
    SourceRecord as SourceRecord,
    manifest_bytes as manifest_bytes,
    parsed_manifest as parsed_manifest,
    read_manifest as read_manifest,
)
from smgen.packages.ownership import Ownership as Ownership
