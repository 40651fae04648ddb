from smgen.packages.cache import (
    CACHE_VARIABLE as CACHE_VARIABLE,
    MODELS as MODELS,
    cached_text as cached_text,
    keep_text as keep_text,
    read_record as read_record,
    write_record as write_record,
)
from smgen.packages.file_states import FileHashes as FileHashes, FileState as FileState
from smgen.packages.freshness import (
    contracts_path as contracts_path,
    package_root as package_root,
    stale_package_findings as stale_package_findings,
)
from smgen.packages.generation_record import (
    ContractFileRecord as ContractFileRecord,
    GenerationRecord as GenerationRecord,
    ModuleRecord as ModuleRecord,
)
from smgen.packages.manifest import (
    MANIFEST_NAME as MANIFEST_NAME,
    PackageManifest as PackageManifest,
    SourceRecord as SourceRecord,
    manifest_bytes as manifest_bytes,
    parsed_manifest as parsed_manifest,
    read_manifest as read_manifest,
)
from smgen.packages.ownership import Ownership as Ownership
