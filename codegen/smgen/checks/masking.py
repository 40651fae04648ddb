"""Values as findings show them: short, and a secret never whole."""

from __future__ import annotations

import json
from typing import Final

from smgen.checks.secret_signs import secret_form, secret_name
from smgen.documents import JsonValue
from smgen.expressions import Value, looks_like_expression, value_to_json

_LONGEST: Final = 60
_SHOWN_OF_A_SECRET: Final = 4
_MOST_MEMBERS: Final = 20


def masked(text: str) -> str:
    """The first characters of a secret and its length: `hunt… (12 characters)`; of a short one fewer are shown."""
    shown = text[: min(_SHOWN_OF_A_SECRET, len(text) // 4)]
    return f"{shown}… ({len(text):,} characters)"


def shown_value(name: str, value: Value | JsonValue) -> str:
    """A value as JSON, cut when it is long; under a name that says so, or of a form that says so, masked."""
    if isinstance(value, str):
        if secret_form(value) is not None or (value and secret_name(name)):
            return masked(value)
        if len(value) <= 2 * _LONGEST:
            return json.dumps(value, ensure_ascii=False)
        return f"{json.dumps(value[:_LONGEST] + '…', ensure_ascii=False)} ({len(value):,} characters)"
    if secret_name(name) and isinstance(value, (int, float)) and not isinstance(value, bool):
        return masked(json.dumps(value))
    return _structure_text(value)


def _structure_text(value: Value | JsonValue) -> str:
    """A list or an object by its size, an expression and any other value as JSON."""
    if isinstance(value, (dict, list)) and len(value) > _MOST_MEMBERS:
        return f"{'an object' if isinstance(value, dict) else 'a list'} with {len(value):,} members"
    if isinstance(value, list):
        return f"a list of {len(value):,}" if value else "[]"
    if value == {}:
        return "{}"
    if isinstance(value, dict) and not looks_like_expression(value):
        return _cut(f"an object with {', '.join(list(value)[:5])}")
    return _cut(json.dumps(value, ensure_ascii=False, default=value_to_json))


def _cut(text: str) -> str:
    return text if len(text) <= 3 * _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
