from smgen.assets.archive import (
    ARCHIVE_FILE as ARCHIVE_FILE,
    content_address as content_address,
    packed as packed,
    unpacked as unpacked,
)
from smgen.assets.asset import (
    ASSETS_FOLDER as ASSETS_FOLDER,
    Asset as Asset,
    asset_manifest as asset_manifest,
    packed_asset as packed_asset,
    read_asset as read_asset,
)
from smgen.assets.ignoring import DEFAULT_PATTERNS as DEFAULT_PATTERNS, IGNORE_FILE as IGNORE_FILE
from smgen.assets.source_files import (
    SOURCE_LIMITS as SOURCE_LIMITS,
    SourceFile as SourceFile,
    SourceLimits as SourceLimits,
    SourceParts as SourceParts,
    read_source as read_source,
)
