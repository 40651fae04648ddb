from smgen.settings.editing import (
    SettingValue as SettingValue,
    Tables as Tables,
    with_sections as with_sections,
    with_settings as with_settings,
)
from smgen.settings.environment_table import (
    ENVIRONMENT_LISTS as ENVIRONMENT_LISTS,
    ENVIRONMENT_TABLES as ENVIRONMENT_TABLES,
    ENVIRONMENT_TEXT_TABLES as ENVIRONMENT_TEXT_TABLES,
    ENVIRONMENT_TEXTS as ENVIRONMENT_TEXTS,
)
from smgen.settings.table import SettingsTable as SettingsTable
from smgen.settings.toml import (
    SETTINGS_FILE as SETTINGS_FILE,
    Headers as Headers,
    Table as Table,
    TomlDocument as TomlDocument,
    as_table as as_table,
    parse_toml as parse_toml,
    read_settings as read_settings,
    table_at as table_at,
    tables_in as tables_in,
)
