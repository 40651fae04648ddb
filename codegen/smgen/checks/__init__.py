"""The rules over pipeline definitions, smgen's own or any other, and what runs them."""

from __future__ import annotations

from smgen.checks.cache_keys import CacheOfStep, caches_of
from smgen.checks.catalogue import CHECKS
from smgen.checks.context import Check, CheckContext
from smgen.checks.dag_validator import DAGValidator
from smgen.checks.engine import check_definition
from smgen.checks.index import DefinitionIndex, Use, index_definition
from smgen.checks.policy import Policy
from smgen.checks.settings import CheckSettings, read_check_settings, read_suppressions_beside
from smgen.checks.suppressions import Suppressed, Suppression, apply_suppressions, unused_suppression

__all__ = [
    "CHECKS",
    "CacheOfStep",
    "Check",
    "CheckContext",
    "CheckSettings",
    "DAGValidator",
    "DefinitionIndex",
    "Policy",
    "Suppressed",
    "Suppression",
    "Use",
    "apply_suppressions",
    "caches_of",
    "check_definition",
    "index_definition",
    "read_check_settings",
    "read_suppressions_beside",
    "unused_suppression",
]
