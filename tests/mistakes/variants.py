"""Pipelines that are legal but odd: nobody may say anything about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Variant:
    module: str

    def source(self, source: str) -> str:
        return source


VARIANTS: Final[tuple[Variant, ...]] = ()
