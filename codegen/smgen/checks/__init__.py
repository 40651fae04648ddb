"""The rules over pipeline definitions, smgen's own or any other, and what runs them."""

from __future__ import annotations

from smgen.checks.catalogue import CHECKS
from smgen.checks.context import Check, CheckContext
from smgen.checks.engine import check_definition
from smgen.checks.index import DefinitionIndex, Use, index_definition
from smgen.checks.policy import Policy

__all__ = [
    "CHECKS",
    "Check",
    "CheckContext",
    "DefinitionIndex",
    "Policy",
    "Use",
    "check_definition",
    "index_definition",
]
