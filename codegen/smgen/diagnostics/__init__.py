"""Findings: what is wrong, where, and how to put it right, with stable rule ids and four output forms."""

from __future__ import annotations

from smgen.diagnostics.counting import counted
from smgen.diagnostics.errors import FindingsError
from smgen.diagnostics.finding import Details, Finding, Place, Subject, sorted_findings
from smgen.diagnostics.machine import finding_object, findings_document, json_text, well_formed
from smgen.diagnostics.nearest import nearest_name
from smgen.diagnostics.render import Format, render
from smgen.diagnostics.rules import RULES, Rule, Severity
from smgen.diagnostics.sarif import sarif_log
from smgen.diagnostics.text import place_in_file
from smgen.diagnostics.visible import bounded, visible

__all__ = [
    "RULES",
    "Details",
    "Finding",
    "FindingsError",
    "Format",
    "Place",
    "Rule",
    "Severity",
    "Subject",
    "bounded",
    "counted",
    "finding_object",
    "findings_document",
    "json_text",
    "nearest_name",
    "place_in_file",
    "render",
    "sarif_log",
    "sorted_findings",
    "visible",
    "well_formed",
]
