"""The list of all rules over definitions, in the order in which they run.

A rule module imports `Check` and `CheckContext` from `smgen.checks.context` and `DefinitionIndex` from
`smgen.checks.index`, never the engine, and adds one line per function to `CHECKS`.
"""

from __future__ import annotations

from typing import Final

from smgen.checks.context import Check

STRUCTURE: Final[tuple[Check, ...]] = ()
"""The rules about the pipeline itself, SMG301 to SMG319: what its steps read from each other and what they wait for."""

CHECKS: Final[tuple[Check, ...]] = (*STRUCTURE,)
"""Every rule."""
