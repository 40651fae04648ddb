"""Where a pipeline is at home: what is no stranger to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Home:
    """The account and region that a pipeline runs in, as far as they are known.

    ``shared_accounts`` are others whose resources it uses on purpose, and ``told`` are texts of its settings that
    something has been said of already.
    """

    account: str | None = None
    region: str | None = None
    shared_accounts: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
