"""Findings as SARIF 2.1.0, the form that code-scanning services read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from smgen.diagnostics.finding import Finding, Place, sorted_findings
from smgen.diagnostics.machine import json_text, well_formed
from smgen.diagnostics.rules import RULES, Rule, Severity
from smgen.diagnostics.text import details
from smgen.distribution import project_address

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_sarif(findings: Iterable[Finding]) -> str:
    """The SARIF log as text, ending with a line feed."""
    return json_text(sarif_log(findings))


def sarif_log(
    findings: Iterable[Finding], suppressed: Mapping[Finding, str] = MappingProxyType({})
) -> dict[str, object]:
    """One SARIF log with one run. Relative files stay relative to `%SRCROOT%`.

    The findings of ``suppressed``, with the reasons, are results with a suppression, which viewers hide; every other
    result then says that it has none.
    """
    found = sorted_findings((*findings, *suppressed))
    used = sorted({finding.rule for finding in found})
    index = {rule: position for position, rule in enumerate(used)}
    run = {
        "tool": {"driver": {"name": "smgen", "rules": [_rule(RULES[rule]) for rule in used]}},
        "columnKind": "unicodeCodePoints",
        "results": [
            {**_result(finding, index[finding.rule]), **_suppressions(finding, suppressed)} for finding in found
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _suppressions(finding: Finding, suppressed: Mapping[Finding, str]) -> dict[str, object]:
    if finding in suppressed:
        return {"suppressions": [{"kind": "external", "justification": well_formed(suppressed[finding])}]}
    return {"suppressions": []} if suppressed else {}


def _rule(rule: Rule) -> dict[str, object]:
    pages = project_address("Documentation")
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        **({} if pages is None else {"helpUri": f"{pages}/rules/{rule.id}.md"}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, rule_index: int) -> dict[str, object]:
    # The place is told by `locations`; the other details have no field of their own in SARIF.
    lines = [well_formed(finding.message)]
    lines += [f"{label}: {text}" for label, text in details(finding) if label != "at"]
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(lines)},
    }
    location = _location(finding.place)
    if location:
        result["locations"] = [location]
    related: list[dict[str, object]] = []
    for text, place in (("given", finding.given_at), ("expected", finding.expected_at)):
        if place is not None and (found := _location(place)):
            related.append({"id": len(related) + 1, **found, "message": {"text": text}})
    if related:
        result["relatedLocations"] = related
    texts = {"given": finding.given, "expected": finding.expected, "nearest": finding.nearest, "fix": finding.fix}
    properties = {name: well_formed(text) for name, text in texts.items() if text is not None}
    if properties:
        result["properties"] = properties
    return result


def _location(place: Place) -> dict[str, object]:
    location: dict[str, object] = {}
    if place.file is not None:
        physical: dict[str, object] = {"artifactLocation": _artifact(place.file)}
        if place.line is not None:
            region = {"startLine": place.line}
            if place.column is not None:
                region["startColumn"] = place.column
            physical["region"] = region
        location["physicalLocation"] = physical
    logical = _logical(place)
    if logical:
        location["logicalLocations"] = logical
    return location


def _logical(place: Place) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    if place.step is not None:
        step = well_formed(place.step)
        found.append({"name": step, "fullyQualifiedName": step, "kind": "step"})
    if place.port is not None:
        port = well_formed(place.port)
        qualified = port if place.step is None else f"{well_formed(place.step)}.{port}"
        found.append({"name": port, "fullyQualifiedName": qualified, "kind": "port"})
    if place.pointer:
        pointer = well_formed(place.pointer)
        found.append({"name": pointer.rpartition("/")[2], "fullyQualifiedName": pointer, "kind": "value"})
    return found


def _artifact(file: str) -> dict[str, str]:
    # Imported here: the other forms have no use for it, and every command imports this room.
    from urllib.parse import quote

    # surrogatepass: a name that is no UTF-8 still becomes a URI and never an error.
    if re.match(r"[A-Za-z]:[\\/]", file):
        return {"uri": f"file:///{file[:2]}{quote(file[2:].replace(chr(92), '/'), errors='surrogatepass')}"}
    if file.startswith("/"):
        return {"uri": f"file://{quote(file, errors='surrogatepass')}"}
    return {"uri": quote(file, errors="surrogatepass"), "uriBaseId": "%SRCROOT%"}
