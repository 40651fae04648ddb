"""The settings of a project in its pyproject.toml: read with the lines of what stands there, and edited as text."""

from __future__ import annotations

from smgen.settings.editing import SettingValue, Tables, with_sections, with_settings
from smgen.settings.environment import (
    ENVIRONMENT_LISTS,
    ENVIRONMENT_TABLES,
    ENVIRONMENT_TEXT_TABLES,
    ENVIRONMENT_TEXTS,
)
from smgen.settings.table import SettingsTable
from smgen.settings.toml import (
    SETTINGS_FILE,
    Headers,
    Table,
    TomlDocument,
    as_table,
    parse_toml,
    read_settings,
    table_at,
    tables_in,
)

__all__ = [
    "ENVIRONMENT_LISTS",
    "ENVIRONMENT_TABLES",
    "ENVIRONMENT_TEXTS",
    "ENVIRONMENT_TEXT_TABLES",
    "SETTINGS_FILE",
    "Headers",
    "SettingValue",
    "SettingsTable",
    "Table",
    "Tables",
    "TomlDocument",
    "as_table",
    "parse_toml",
    "read_settings",
    "table_at",
    "tables_in",
    "with_sections",
    "with_settings",
]
