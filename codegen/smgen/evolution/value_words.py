"""How values of contracts are said in changes."""

from __future__ import annotations

from collections.abc import Sequence

from smgen.contract_model import EnvironmentImage, FrameworkImage, SettingDefault
from smgen.documents import shown_json


def yes_or_no(required: bool) -> str:
    """Whether something has to be given."""
    return "required" if required else "optional"


def list_change(before: Sequence[str], after: Sequence[str]) -> tuple[str, str] | None:
    """Both lists in words where they do not hold the same; their order says nothing."""
    if set(before) == set(after):
        return None
    return ", ".join(before) or "none", ", ".join(after) or "none"


def shown_default(default: SettingDefault | None) -> str:
    """A default in words."""
    if default is None:
        return "no default"
    if isinstance(default, EnvironmentImage):
        return f"the environment's image {default.name}"
    if isinstance(default, FrameworkImage):
        return f"the image {default.title}"
    return ", ".join(str(one) for one in default) if isinstance(default, tuple) else shown_json(default)
