"""What ``smgen lint`` writes for programs: the forms of findings, with what was linted and what is suppressed."""

from __future__ import annotations

from smgen.diagnostics import (
    Finding,
    Severity,
    finding_object,
    findings_document,
    json_text,
    sarif_log,
    sorted_findings,
    well_formed,
)
from smgen.workflows.linting import LintReport


def lint_json(report: LintReport) -> str:
    """The JSON form of findings with two members more: ``pipelines``, and ``suppressed`` with the reasons."""
    pipelines = [
        {
            "name": well_formed(linted.name),
            **{f"{severity.value}s": linted.count(severity) for severity in Severity},
            "suppressed": len(linted.suppressed),
        }
        for linted in report.subjects
    ]
    reasons = _reasons(report)
    suppressed = [
        {**finding_object(finding), "reason": well_formed(reasons[finding])} for finding in sorted_findings(reasons)
    ]
    return json_text({**findings_document(report.findings), "pipelines": pipelines, "suppressed": suppressed})


def lint_sarif(report: LintReport) -> str:
    """The SARIF form, in which a suppressed finding is a result with a suppression."""
    return json_text(sarif_log(report.findings, _reasons(report)))


def _reasons(report: LintReport) -> dict[Finding, str]:
    """Why findings are suppressed; one that is reported elsewhere counts as reported."""
    reported = set(report.findings)
    return {item.finding: item.suppression.reason for item in report.suppressed if item.finding not in reported}
