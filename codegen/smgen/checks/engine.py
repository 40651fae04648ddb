"""Runs every rule over a definition."""

from __future__ import annotations

from collections.abc import Iterable

from smgen.checks.catalogue import CHECKS
from smgen.checks.context import Check, CheckContext
from smgen.checks.index import index_definition
from smgen.definition import Definition
from smgen.diagnostics import Finding, sorted_findings


def check_definition(definition: Definition, context: CheckContext | None = None) -> tuple[Finding, ...]:
    """Everything that the rules find, in reading order; empty for a definition that is right."""
    return run_checks(definition, context or CheckContext(), CHECKS)


def run_checks(definition: Definition, context: CheckContext, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """What some of the rules find, in reading order."""
    index = index_definition(definition)
    return sorted_findings(finding for check in checks for finding in check(index, context))
