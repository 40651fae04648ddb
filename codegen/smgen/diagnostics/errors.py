"""The one exception for bad input: it carries every finding at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smgen.diagnostics.finding import Finding


class FindingsError(Exception):
    """Input was wrong. `findings` holds everything that was found, sorted; the text form is the message.

    Raises ValueError when it is made without a finding.
    """

    findings: tuple[Finding, ...]

    def __init__(self, findings: Iterable[Finding]) -> None:
        from smgen.diagnostics.finding import sorted_findings

        self.findings = sorted_findings(findings)
        if not self.findings:
            raise ValueError("a FindingsError needs at least one finding")
        super().__init__(self.findings)

    def __str__(self) -> str:
        from smgen.diagnostics.text import render_text

        return render_text(self.findings).rstrip("\n")
