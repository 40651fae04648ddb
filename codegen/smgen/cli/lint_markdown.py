"""What ``smgen lint`` writes for a comment on a pull request: a table, and the findings of each pipeline, folded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Final

from smgen.cli.lint_text import most_frequent, sentence, summary_line, worst_first
from smgen.diagnostics import RULES, Finding, Place, Severity, bounded, visible
from smgen.workflows.linting import Linted, LintReport

#: GitHub refuses comments of more than 65,536 characters.
_LONGEST: Final = 60_000
_FINDINGS_EACH: Final = 50
_TEXT_LIMIT: Final = 600
_NAME_LIMIT: Final = 120
#: Signs that Markdown or GitHub takes for more than themselves, where they stand as here.
_SIGNS: Final = re.compile(r"[\\`*|]|(?<!\w)_|_(?!\w)|\](?=\()|#(?=\d)|~(?=~)|(?<=~)~")


def lint_markdown(report: LintReport) -> str:
    """The Markdown form, ending with a line feed; short enough for a comment, whatever was found."""
    lines = [f"### smgen lint: {_counts(report.findings)}", ""]
    silenced = len(report.suppressed)
    hidden = f"; {silenced:,} finding{'' if silenced == 1 else 's'} suppressed" if silenced else ""
    lines.append(sentence(f"{summary_line(report)}{hidden}"))
    rows = worst_first(report.subjects)
    if rows:
        table = [_row(linted) for linted in rows]
        shown, left = _within(table, _LONGEST // 2)
        lines += ["", "| Pipeline | Errors | Warnings | Notes | Most frequent |", "|---|--:|--:|--:|---|", *shown]
        lines += ["", f"{left:,} more pipelines are not shown."] if left else []
    blocks = [("Settings and suppressions", report.general)] if report.general else []
    blocks += [(code(linted.name), linted.findings) for linted in rows if linted.findings]
    room = _LONGEST - len("\n".join(lines))
    for number, (title, findings) in enumerate(blocks):
        block = _block(title, findings, room)
        if block is None:
            left = len(blocks) - number
            lines += ["", f"The findings of {left:,} more pipelines are not shown: run `smgen lint` to see them."]
            break
        lines += ["", block]
        room -= len(block) + 2
    return "\n".join(lines) + "\n"


def code(text: str) -> str:
    """Text as code, whatever signs are in it; safe in a table and inside of HTML."""
    return f"<code>{_plain(bounded(visible(text), _NAME_LIMIT))}</code>"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no mention of a person or an issue."""
    return _plain(bounded(visible(text), _TEXT_LIMIT))


def _plain(text: str) -> str:
    # References to characters: neither Markdown nor GitHub makes anything of them.
    safe = _SIGNS.sub(lambda match: f"\0{ord(match[0])};", text).replace("@", "\0" + "64;")
    return html.escape(safe, quote=False).replace("\0", "&#")


def _counts(findings: Iterable[Finding]) -> str:
    severities = [finding.severity for finding in findings]
    counts = [(severities.count(severity), severity.value) for severity in Severity]
    return ", ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts if n) or "nothing to find"


def _row(linted: Linted) -> str:
    counts = " | ".join(str(linted.count(severity) or "") for severity in Severity)
    rules = ", ".join(
        f"{rule} {RULES[rule].name}{f' ({n:,} times)' if n > 1 else ''}" for rule, n in most_frequent(linted)
    )
    return f"| {code(linted.name)} | {counts} | {rules} |"


def _block(title: str, findings: tuple[Finding, ...], room: int) -> str | None:
    """The findings of one pipeline, folded, as many as have room; None where there is no room for one."""
    head = f"<details>\n<summary>{title}: {_counts(findings)}</summary>\n\n"
    shown, left = _within(
        ["\n".join(_finding(finding)) for finding in findings[:_FINDINGS_EACH]], room - len(head) - 40
    )
    if not shown:
        return None
    left += len(findings[_FINDINGS_EACH:])
    return "\n".join([head + shown[0], *shown[1:], *([f"- {left:,} more"] if left else []), "", "</details>"])


def _finding(finding: Finding) -> Iterator[str]:
    rule = RULES[finding.rule]
    yield f"- **{rule.severity.value} {rule.id}** {rule.name}: {escaped(finding.message)}"
    details = {
        "at": _place(finding.place),
        "given": _given(finding.given, finding.given_at),
        "expected": _given(finding.expected, finding.expected_at),
        "did you mean": code(finding.nearest) if finding.nearest else "",
        "fix": escaped(finding.fix or ""),
    }
    for label, text in details.items():
        if text:
            yield f"  - {label}: {text}"


def _given(text: str | None, place: Place | None) -> str:
    where = _place(place) if place is not None else ""
    value = "" if text is None else escaped(text) or '""'
    return f"{value} ({where})" if value and where else value or where


def _place(place: Place) -> str:
    numbers = [place.line, place.column if place.line is not None else None]
    file = ":".join([place.file or "", *(str(number) for number in numbers if number is not None)])
    named = [
        code(file) if place.file else "",
        f"step {code(place.step)}" if place.step is not None else "",
        f"port {code(place.port)}" if place.port is not None else "",
        code(place.pointer) if place.pointer else "",
    ]
    return ", ".join(text for text in named if text)


def _within(texts: list[str], room: int) -> tuple[list[str], int]:
    """The texts that have room, from the first on, and how many are left out."""
    used = 0
    for number, text in enumerate(texts):
        used += len(text) + 2
        if used > room:
            return texts[:number], len(texts) - number
    return texts, 0
