"""The files of a compiled pipeline."""

from __future__ import annotations

from smgen.assets import asset_manifest
from smgen.building.build import CompiledPipeline
from smgen.definition import dump_definition
from smgen.documents import pretty_json

DEFINITION_FILE = "definition.json"
PROVENANCE_FILE = "provenance.json"
ASSETS_FILE = "assets.json"


def compiled_files(compiled: CompiledPipeline) -> dict[str, bytes]:
    """All files by their paths: the definition, its provenance, the manifest of the assets, and the assets."""
    files = {
        DEFINITION_FILE: pretty_json(dump_definition(compiled.definition)).encode(),
        PROVENANCE_FILE: pretty_json(compiled.provenance.to_json()).encode(),
        ASSETS_FILE: pretty_json(asset_manifest(compiled.assets)).encode(),
    }
    files.update({asset.path: asset.content for asset in compiled.assets})
    return files
