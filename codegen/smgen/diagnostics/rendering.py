"""One entry to the four output forms of findings."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from smgen.diagnostics.finding import Finding
from smgen.diagnostics.github import render_github
from smgen.diagnostics.machine import render_json
from smgen.diagnostics.sarif import render_sarif
from smgen.diagnostics.text import render_text


class Format(str, Enum):
    """The output forms: for people, for programs, for code scanning, for GitHub Actions."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def render(findings: Iterable[Finding], format: Format = Format.TEXT, *, color: bool = False) -> str:
    """The findings, sorted and each once, in one output form; every line ends with a line feed.

    `color` matters to the text form only.
    """
    if format is Format.JSON:
        return render_json(findings)
    if format is Format.SARIF:
        return render_sarif(findings)
    if format is Format.GITHUB:
        return render_github(findings)
    return render_text(findings, color=color)
