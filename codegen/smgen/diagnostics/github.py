"""Findings as workflow commands, which GitHub Actions shows beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterable

from smgen.diagnostics.escaping import bounded, visible
from smgen.diagnostics.finding import Finding, sorted_findings
from smgen.diagnostics.rules import RULES, Severity
from smgen.diagnostics.text import details

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MESSAGE_LIMIT = 2000


def render_github(findings: Iterable[Finding]) -> str:
    """One line `::error file=…,line=…,col=…,title=…::message` per finding; nothing without a finding."""
    return "".join(f"{_command(finding)}\n" for finding in sorted_findings(findings))


def _command(finding: Finding) -> str:
    place = finding.place
    members: list[str] = []
    if place.file is not None:
        members.append(f"file={_property(place.file)}")
        if place.line is not None:
            members.append(f"line={place.line}")
            if place.column is not None:
                members.append(f"col={place.column}")
    members.append(f"title={_property(f'{finding.rule} {RULES[finding.rule].name}')}")
    lines = [visible(bounded(finding.message, _MESSAGE_LIMIT), keep_newlines=True)]
    lines += [f"{label}: {text}" for label, text in details(finding)]
    return f"::{_COMMANDS[finding.severity]} {','.join(members)}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    # The percent sign goes first, or the escapes of the others would be escaped again.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
