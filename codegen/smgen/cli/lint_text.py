"""What ``smgen lint`` prints for people: the findings, and a table where several things were linted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from smgen.diagnostics import Format, Severity, bounded, render, visible
from smgen.workflows.linting import Linted, LintReport

_NAME_WIDTH = 60
_MOST_FREQUENT = 3


def lint_text(report: LintReport, *, color: bool = False) -> str:
    """The text form, ending with the counts and a line feed."""
    *blocks, counts = render(report.findings, Format.TEXT, color=color).rstrip("\n").split("\n")
    if report.nothing is not None and not report.findings:
        return f"{sentence(report.nothing)}\n"
    silenced = len(report.suppressed)
    total = f"{counts}, {silenced:,} suppressed" if silenced else counts
    if len(report.subjects) == 1:
        last = [f"{visible(bounded(report.subjects[0].name, _NAME_WIDTH))}: {total}"]
    else:
        last = [*_summary(report.subjects), f"{summary_line(report)}: {total}"]
    return "\n".join([*blocks, *last]) + "\n"


def sentence(text: str) -> str:
    """A clause as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def summary_line(report: LintReport) -> str:
    """How many things were linted, and how many of them have errors, only warnings or notes, or nothing."""
    if report.nothing is not None:
        return report.nothing
    subjects = report.subjects
    errors = sum(bool(linted.count(Severity.ERROR)) for linted in subjects)
    clean = sum(not linted.findings for linted in subjects)
    others = len(subjects) - errors - clean
    counts = ((errors, "with errors"), (others, "with only warnings or notes"), (clean, "without findings"))
    words = [f"{len(subjects):,} pipeline{'' if len(subjects) == 1 else 's'} linted"]
    return ", ".join([*words, *(f"{n:,} {word}" for n, word in counts if n)])


def most_frequent(linted: Linted) -> list[tuple[str, int]]:
    """The rules that found most, with how often; of equally frequent ones the first by id."""
    counts = Counter(finding.rule for finding in linted.findings)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_FREQUENT]


def worst_first(subjects: Sequence[Linted]) -> list[Linted]:
    """What has most errors comes first, then most warnings, then most notes; else by name."""
    return sorted(subjects, key=lambda linted: ([-linted.count(severity) for severity in Severity], linted.name))


def _summary(subjects: Sequence[Linted]) -> Iterator[str]:
    """The table of what has findings."""
    rows = [linted for linted in worst_first(subjects) if linted.findings]
    if not rows:
        return
    names = [visible(bounded(linted.name, _NAME_WIDTH)) for linted in rows]
    width = max(len("pipeline"), *(len(name) for name in names))
    yield f"{'pipeline'.ljust(width)}  errors  warnings  notes  most frequent"
    for name, linted in zip(names, rows, strict=True):
        counts = [linted.count(severity) for severity in Severity]
        rules = ", ".join(rule if n == 1 else f"{rule} ({n:,} times)" for rule, n in most_frequent(linted))
        yield f"{name.ljust(width)}  {counts[0]:6,}  {counts[1]:8,}  {counts[2]:5,}  {rules}"
    yield ""
