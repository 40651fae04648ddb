"""The rules over definitions that are a module each; what one of them is, `smgen.checks.context` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smgen.checks.context import Check
from smgen.diagnostics import rule_checks

CHECKS: Final[Mapping[str, Check]] = rule_checks(__name__, __path__)
"""The checks by the rule's id."""
