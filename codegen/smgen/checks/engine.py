"""Runs every rule over a definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from smgen.checks.catalogue import CHECKS
from smgen.checks.context import Check, CheckContext
from smgen.checks.index import DefinitionIndex, index_definition
from smgen.definition import Definition
from smgen.diagnostics import Finding, bounded, sorted_findings

_MOST: Final = 20_000
"""How many findings of one rule are kept for one definition: a bound for hostile ones."""

_LONGEST: Final = 2_000
"""The longest text in a finding, in characters: names and values of hostile definitions have millions."""


def check_definition(definition: Definition, context: CheckContext | None = None) -> tuple[Finding, ...]:
    """Everything that the rules find, in reading order; empty for a definition that is right."""
    return run_checks(definition, context or CheckContext(), CHECKS)


def run_checks(definition: Definition, context: CheckContext, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """What some of the rules find, in reading order."""
    index = index_definition(definition)
    return sorted_findings(_counted((finding for check in checks for finding in check(index, context)), index))


def _counted(findings: Iterable[Finding], index: DefinitionIndex) -> Iterator[Finding]:
    """As many findings of each rule as anybody can use, and how many there are when there are more."""
    counts: dict[str, int] = {}
    for finding in findings:
        count = counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if count <= _MOST:
            yield _bounded(finding)
    for rule, count in counts.items():
        if count > _MOST:
            yield Finding(
                "SMG102",
                f"{rule} finds {count:,} things, and only the first {_MOST:,} are listed",
                index.place(""),
                given=f"{count:,} findings",
                expected=f"at most {_MOST:,} of one rule",
                fix="correct what is listed, and look again",
            )


def _bounded(finding: Finding) -> Finding:
    """A finding whose texts are short enough to be kept and shown, whatever stands in the definition."""
    if all(text is None or len(text) <= _LONGEST for text in finding.texts):
        return finding
    return finding.with_texts(lambda text: bounded(text, _LONGEST))
