"""Findings as JSON with a stable, versioned schema."""

from __future__ import annotations

import json
from collections.abc import Iterable

from smgen.diagnostics.finding import Finding, Place, sorted_findings
from smgen.diagnostics.rules import RULES, Severity

JSON_VERSION = 1
"""The version of the JSON form; it grows when a member changes its meaning or goes away."""


def render_json(findings: Iterable[Finding]) -> str:
    """The document as text, ending with a line feed. It is ASCII, so that any JSON reader takes it."""
    return json_text(findings_document(findings))


def findings_document(findings: Iterable[Finding]) -> dict[str, object]:
    """One JSON object `{version, counts, findings}`; unknown members are null.

    Lone surrogates in a finding are visible escapes.
    """
    found = sorted_findings(findings)
    severities = [finding.severity for finding in found]
    return {
        "version": JSON_VERSION,
        "counts": {severity.value: severities.count(severity) for severity in Severity},
        "findings": [finding_object(finding) for finding in found],
    }


def json_text(document: object) -> str:
    """A document as every command writes it: ASCII, two spaces, ending with a line feed.

    No text in it is a command to the CI system in whose log it may stand: those are behind two signs of number.
    """
    return json.dumps(document, indent=2).replace("##", "#\\u0023") + "\n"


def well_formed(text: str) -> str:
    r"""`text` with lone surrogates written as visible escapes such as `\udc80`: UTF-8 cannot carry them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def finding_object(finding: Finding) -> dict[str, object]:
    """One finding as an item of `findings`."""
    rule = RULES[finding.rule]
    return {
        "rule": rule.id,
        "name": rule.name,
        "severity": rule.severity.value,
        "message": well_formed(finding.message),
        "place": _place(finding.place),
        "given": _text(finding.given),
        "given_at": None if finding.given_at is None else _place(finding.given_at),
        "expected": _text(finding.expected),
        "expected_at": None if finding.expected_at is None else _place(finding.expected_at),
        "nearest": _text(finding.nearest),
        "fix": _text(finding.fix),
    }


def _place(place: Place) -> dict[str, object]:
    return {
        "file": _text(place.file),
        "line": place.line,
        "column": place.column,
        "pointer": _text(place.pointer),
        "step": _text(place.step),
        "port": _text(place.port),
    }


def _text(text: str | None) -> str | None:
    return None if text is None else well_formed(text)
