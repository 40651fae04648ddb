"""What ``[tool.smgen.environments.<name>]`` may say, by the form of the values."""

from __future__ import annotations

from typing import Final

ENVIRONMENT_TEXTS: Final = (
    "account",
    "region",
    "role",
    "bucket",
    "output_location",
    "asset_location",
    "kms_key",
    "output_kms_key",
    "asset_kms_key",
    "asset_bucket_owner",
)
ENVIRONMENT_LISTS: Final = ("subnets", "security_group_ids", "shared_accounts")
#: Tables of texts, and tables of plain values.
ENVIRONMENT_TEXT_TABLES: Final = ("tags", "images", "model_package_groups")
ENVIRONMENT_TABLES: Final = (*ENVIRONMENT_TEXT_TABLES, "parameters", "values")
