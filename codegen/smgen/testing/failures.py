"""The messages of assertions: a headline, and aligned details below it."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_NAMES = 20


def failed(headline: str, *details: tuple[str, str | None]) -> AssertionError:
    """The error of an assertion; details without a text are left out."""
    told = [(label, text) for label, text in details if text is not None]
    width = max((len(label) for label, _ in told), default=0)
    return AssertionError("\n".join([headline, *(f"  {label.ljust(width)}  {text}" for label, text in told)]))


def names(all_names: Iterable[str]) -> str:
    """Names in one line, the first ones of very many; ``none`` where there are none."""
    found = list(all_names)
    more = len(found) - _MOST_NAMES
    return ", ".join(found[:_MOST_NAMES]) + (f", and {more} more" if more > 0 else "") or "none"
