"""Code that a pipeline brings along: content-addressed, packed the same on every machine."""

from __future__ import annotations

from smgen.assets.asset import ASSETS_FOLDER, Asset, asset_manifest, read_asset

__all__ = ["ASSETS_FOLDER", "Asset", "asset_manifest", "read_asset"]
