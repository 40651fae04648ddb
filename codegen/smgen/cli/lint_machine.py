"""What ``smgen lint`` writes for programs: the forms of findings, with what was linted and what is suppressed."""

from __future__ import annotations

import json
from typing import cast

from smgen.cli.linting import LintReport
from smgen.diagnostics import Finding, Format, Severity, render, sorted_findings


def lint_json(report: LintReport) -> str:
    """The JSON form of findings with two members more: ``pipelines``, and ``suppressed`` with the reasons."""
    document = _object(render(report.findings, Format.JSON))
    document["pipelines"] = [
        {
            "name": _text(linted.name),
            **{f"{severity.value}s": linted.count(severity) for severity in Severity},
            "suppressed": len(linted.suppressed),
        }
        for linted in report.subjects
    ]
    reasons = _reasons(report)
    hidden = sorted_findings(reasons)
    found = cast("list[dict[str, object]]", _object(render(hidden, Format.JSON))["findings"])
    document["suppressed"] = [
        {**item, "reason": _text(reasons[finding])} for finding, item in zip(hidden, found, strict=True)
    ]
    return json.dumps(document, indent=2) + "\n"


def lint_sarif(report: LintReport) -> str:
    """The SARIF form; a suppressed finding is a result with a suppression, which viewers hide."""
    reasons = _reasons(report)
    everything = sorted_findings((*report.findings, *reasons))
    document = _object(render(everything, Format.SARIF))
    (run,) = cast("list[dict[str, object]]", document["runs"])
    results = cast("list[dict[str, object]]", run["results"])
    for finding, result in zip(everything, results, strict=True):
        # With one suppressed result, every other says that it is not.
        if finding in reasons:
            result["suppressions"] = [{"kind": "external", "justification": _text(reasons[finding])}]
        elif reasons:
            result["suppressions"] = []
    return json.dumps(document, indent=2) + "\n"


def _reasons(report: LintReport) -> dict[Finding, str]:
    """Why findings are suppressed; one that is reported elsewhere counts as reported."""
    reported = set(report.findings)
    return {item.finding: item.suppression.reason for item in report.suppressed if item.finding not in reported}


def _object(text: str) -> dict[str, object]:
    # What is cast here and above has been rendered by smgen itself, whose tests hold its form.
    return cast("dict[str, object]", json.loads(text))


def _text(text: str) -> str:
    """Text without lone surrogates, which UTF-8 cannot carry."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
