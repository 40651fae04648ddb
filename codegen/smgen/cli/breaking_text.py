"""What ``smgen breaking`` prints for people, in a terminal and in a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from smgen.cli.lint_markdown import code, escaped
from smgen.diagnostics import RULES, bounded, counted, place_in_file, render, visible
from smgen.evolution import ContractChange, Level
from smgen.workflows.breaking import BreakingReport, ChangedContract

_LONGEST_VALUE: Final = 200
_LONGEST_LINE: Final = 600
#: GitHub refuses comments of more than 65,536 characters.
_LONGEST_COMMENT: Final = 60_000
_LABEL: Final = max(len(level.value) for level in Level)


def breaking_text(report: BreakingReport) -> str:
    """The text form: each contract with its changes, what reaches furthest first, and a line that sums up."""
    blocks = ["\n".join(_contract(contract)) for contract in report.contracts]
    if report.unread:
        blocks.insert(0, render(report.unread).rpartition("\n\n")[0])
    return "\n\n".join([*blocks, _line(summary(report), _LONGEST_LINE)]) + "\n"


def breaking_markdown(report: BreakingReport) -> str:
    """The Markdown form: a line that sums up, and the changes of each contract, short enough for a comment."""
    lines = [f"### smgen breaking: {escaped(summary(report))}"]
    used = len(lines[0])
    unread = [f"- {escaped(finding.message)}: {escaped(finding.given or '')}" for finding in report.unread]
    for number, block in enumerate(["\n".join(unread), *map(_markdown, report.contracts)]):
        used += len(block) + 2
        if used > _LONGEST_COMMENT:
            left = len(report.contracts) - number + 1
            lines.append(f"{counted(left, 'more contract')}: run `smgen breaking` to see them.")
            break
        lines += [block] if block else []
    return "\n\n".join(lines) + "\n"


def summary(report: BreakingReport) -> str:
    """How much changed, how far it reaches, and how many pipelines it hits."""
    if not report.changes:
        return f"Nothing has changed since {report.against}."
    counts = {level: sum(change.level is level for change in report.changes) for level in Level}
    told = ", ".join(f"{count:,} {level.value}" for level, count in counts.items() if count)
    what = f"{counted(len(report.changes), 'change')} in {_places(report.contracts)} since {report.against}: {told}."
    if not report.pipelines:
        return what
    hit = report.hit
    if not hit:
        return f"{what} No pipeline of the project is hit."
    return f"{what} {counted(len(hit), 'pipeline')} of {len(report.pipelines):,} may be hit: {', '.join(hit)}."


def _places(contracts: Iterable[ChangedContract]) -> str:
    named = [contract for contract in contracts if contract.name]
    types = any(not contract.name for contract in contracts)
    words = [counted(len(named), "contract")] if named else []
    return " and ".join([*words, *(["the artifact types"] if types else [])])


def _contract(contract: ChangedContract) -> Iterator[str]:
    yield _line(_head(contract), _LONGEST_LINE)
    for change in _furthest_first(contract.changes):
        rule = RULES[change.rule]
        yield f"  {change.level.value:<{_LABEL}}  {rule.id} {rule.name}: {_line(change.message, _LONGEST_LINE)}"
        indent = " " * (_LABEL + 4)
        for label, text in _details(change):
            yield f"{indent}{label:<4} {_line(text, _LONGEST_VALUE)}"


def _head(contract: ChangedContract) -> str:
    name = contract.name or "artifact types"
    versions = f" {contract.before or 'none'} -> {contract.after or 'none'}" if contract.name else ""
    owner = f", owner {contract.owner}" if contract.owner else ""
    pipelines = f", used by {', '.join(contract.pipelines)}" if contract.pipelines else ""
    return f"{name}{versions}{owner}{pipelines}"


def _details(change: ContractChange) -> Iterator[tuple[str, str]]:
    if change.fitting is not None:
        yield "fits", change.fitting
        return
    if change.level is not Level.COMPATIBLE:
        yield "at", place_in_file(change.place)
        if change.before is not None:
            yield "was", change.before
        if change.after is not None:
            yield "is", change.after
    if change.fix is not None:
        yield "fix", change.fix


def _furthest_first(changes: Iterable[ContractChange]) -> list[ContractChange]:
    return sorted(changes, key=lambda change: change.level.rank)


def _markdown(contract: ChangedContract) -> str:
    rows = [
        f"| **{change.level.value}** | {change.rule} {RULES[change.rule].name} | {escaped(change.message)} "
        f"| {_cell(change.before)} | {_cell(change.after)} |"
        for change in _furthest_first(contract.changes)
    ]
    table = ["| Level | Rule | Change | Before | After |", "|---|---|---|---|---|", *rows]
    head = f"<details>\n<summary>{escaped(_head(contract))}: {contract.level.value}</summary>\n"
    return "\n".join([head, *table, "", "</details>"])


def _cell(text: str | None) -> str:
    return "" if text is None else code(_line(text, _LONGEST_VALUE))


def _line(text: str, most: int) -> str:
    return bounded(visible(text), most)
