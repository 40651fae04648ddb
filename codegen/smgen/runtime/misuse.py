"""The error for a use of a reference that Python would allow and that can only be wrong."""

from __future__ import annotations

from typing import NoReturn

from smgen.diagnostics import Finding, FindingsError
from smgen.runtime.places import user_place


class MisuseError(FindingsError, TypeError):
    """A value that exists only when the pipeline runs was used as if it were known now (SMG208)."""


class UnknownOutputError(FindingsError, AttributeError):
    """A proxy was asked for an output that its contract does not have (SMG206)."""


def refuse(message: str, fix: str) -> NoReturn:
    """Raises a :class:`MisuseError` with the user's line."""
    raise MisuseError([Finding("SMG208", message, user_place(), fix=fix)])


def shown(value: object) -> str:
    """A value that a caller gave as a text for a message, with its type; whatever its ``repr`` does."""
    return f"{short(value)} ({type(value).__name__})"


def short(value: object) -> str:
    """A value as a message writes it; a value that cannot be written is named by its type."""
    try:
        return repr(value)
    except Exception:  # a class of the caller's own, or a number of more digits than Python writes
        return f"a value of type {type(value).__name__}"


def unchecked(value: object) -> object:
    """The value without its declared type: a caller may have no type checker."""
    return value
