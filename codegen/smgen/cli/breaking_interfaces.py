"""What ``smgen breaking`` tells of the interfaces of pipelines: in a terminal, in Markdown, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.cli.lint_markdown import code, escaped
from smgen.diagnostics import RULES, Finding, bounded, finding_object, place_in_file, visible, well_formed
from smgen.evolution import Level, interface_level
from smgen.workflows.pipeline_interfaces import ChangedInterface

_LONGEST_VALUE: Final = 200
_LONGEST_LINE: Final = 600
_LABEL: Final = max(len(level.value) for level in Level)


def interface_text(interface: ChangedInterface) -> str:
    """The block of a pipeline: each change with what was called and what is there now, as for a contract."""
    return "\n".join(_lines(interface))


def _lines(interface: ChangedInterface) -> Iterator[str]:
    yield _line(f"pipeline {interface.pipeline}, for those who call it", _LONGEST_LINE)
    for finding in interface.findings:
        rule = RULES[finding.rule]
        level = interface_level(finding.rule).value
        yield f"  {level:<{_LABEL}}  {rule.id} {rule.name}: {_line(finding.message, _LONGEST_LINE)}"
        for label, text in _details(finding):
            yield f"{' ' * (_LABEL + 4)}{label:<4} {_line(text, _LONGEST_VALUE)}"


def _details(finding: Finding) -> Iterator[tuple[str, str]]:
    told = (
        ("at", place_in_file(finding.place)),
        ("was", finding.expected),
        ("is", finding.given),
        ("like", None if finding.nearest == finding.given else finding.nearest),
        ("fix", finding.fix),
    )
    for label, text in told:
        if text is not None:
            yield label, text


def interface_markdown(interface: ChangedInterface) -> str:
    """The section of a pipeline, as for a contract."""
    rows = [
        f"| **{interface_level(finding.rule).value}** | {finding.rule} {RULES[finding.rule].name} "
        f"| {escaped(finding.message)} | {_cell(finding.expected)} | {_cell(finding.given)} |"
        for finding in interface.findings
    ]
    head = f"<summary>pipeline {escaped(interface.pipeline)}, for those who call it: {interface.level.value}</summary>"
    table = ["| Level | Rule | Change | Before | After |", "|---|---|---|---|---|", *rows]
    return "\n".join(["<details>", head, "", *table, "", "</details>"])


def interface_object(interface: ChangedInterface) -> dict[str, object]:
    """A pipeline as data, with its changes as findings that have a level each."""
    return {
        "pipeline": well_formed(interface.pipeline),
        "level": interface.level.value,
        "changes": [
            {**finding_object(finding), "level": interface_level(finding.rule).value} for finding in interface.findings
        ],
    }


def _cell(text: str | None) -> str:
    return "" if text is None else code(_line(text, _LONGEST_VALUE))


def _line(text: str, most: int) -> str:
    return bounded(visible(text), most)
