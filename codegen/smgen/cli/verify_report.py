"""What ``smgen verify`` writes: its findings in any form, and a table with the outcome of each part."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.diagnostics import (
    Finding,
    Format,
    Severity,
    bounded,
    counted,
    finding_object,
    findings_document,
    json_text,
    render,
    visible,
    well_formed,
)
from smgen.workflows.verifying import Outcome, PartResult, Verification

_LONGEST_REASON = 200


def verify_report(verification: Verification, format: Format, *, color: bool = False) -> str:
    """The findings. As text nothing where there is none; as JSON with two members more: ``parts``, and each one's."""
    if format is Format.JSON:
        return _json(verification)
    if format is Format.TEXT:
        if not verification.findings:
            return ""
        # The table says the counts.
        blocks = render(verification.findings, format, color=color).rstrip("\n").split("\n")[:-1]
        return "\n".join(blocks) + "\n"
    return render(verification.findings, format)


def verify_summary(verification: Verification, *, seconds: bool = False) -> str:
    """The table of the parts, and a line that says it in one word."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(verification, seconds))


def _lines(verification: Verification, seconds: bool) -> Iterator[str]:
    for part in verification.parts:
        words = "; ".join(
            text for text in (_counts(part), visible(bounded(part.reason or "", _LONGEST_REASON))) if text
        )
        took = f"{part.seconds:6.1f} s  " if seconds else ""
        yield f"{part.name.ljust(9)}  {part.outcome.value.ljust(9)}  {took}{words}"
    yield ""
    yield _verdict(verification)


def _verdict(verification: Verification) -> str:
    asked = [part for part in verification.parts if part.outcome is not Outcome.SKIPPED]
    wrong = [part for part in asked if part.outcome is not Outcome.PASSED]
    if not wrong:
        return f"{counted(len(asked), 'part')} passed."
    return f"Not green: {', '.join(f'{part.name} ({part.outcome.value})' for part in wrong)}."


def _counts(part: PartResult) -> str:
    counts = ((part.count(severity), severity.value) for severity in Severity)
    return ", ".join(counted(number, word) for number, word in counts if number)


def _json(verification: Verification) -> str:
    owners = {finding: part.name for part in reversed(verification.parts) for finding in part.findings}
    document = findings_document(verification.findings)
    return json_text(
        {
            **document,
            "findings": [_finding(finding, owners[finding]) for finding in verification.findings],
            "parts": [
                {
                    "name": part.name,
                    "outcome": part.outcome.value,
                    "reason": None if part.reason is None else well_formed(part.reason),
                    "counts": {severity.value: part.count(severity) for severity in Severity},
                }
                for part in verification.parts
            ],
        }
    )


def _finding(finding: Finding, part: str) -> dict[str, object]:
    return {**finding_object(finding), "part": part}
