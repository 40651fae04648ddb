"""The nearest right names for the findings of one rule, not without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from smgen.diagnostics import nearest_name

_COMPARISONS: Final = 20_000
"""How many pairs of names one rule compares in one definition: a bound for hostile ones, below a second."""


@dataclass(slots=True)
class Proposals:
    """Looks up names until `left` comparisons are used up."""

    left: int = _COMPARISONS

    def nearest(self, name: str, names: tuple[str, ...]) -> str | None:
        """The one of `names` that was probably meant, or None; after very many look-ups None as well."""
        return nearest_name(name, names) if self.spend(len(names)) else None

    def spend(self, comparisons: int) -> bool:
        """Whether that many comparisons are left; they are used up then."""
        if comparisons > self.left:
            return False
        self.left -= comparisons
        return True
