"""Changes of definitions as text, as Markdown for a pull request, and as data, for every command that tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smgen.cli.findings import counted
from smgen.definition import DEPLOYED, Change, change_lines
from smgen.documents import JsonObject, JsonValue
from smgen.workflows.moved_code import MovedCode


@dataclass(frozen=True)
class ReportedChanges:
    """The changes of one pipeline under a ``title``; ``summary`` is said behind it, in place of their number.

    ``sides`` are what the state before and the state after are called at the head of a table. ``forgiven`` counts the
    places that each normalisation made equal.
    """

    title: str
    sides: tuple[str, str]
    changes: Sequence[Change]
    forgiven: Mapping[str, int] = field(default_factory=dict[str, int])
    moved: Sequence[MovedCode] = ()
    summary: str | None = None

    @property
    def headline(self) -> str:
        """The title, and how much there is below it."""
        number = f"{counted(len(self.changes), 'change')}" if self.changes else "no changes"
        return f"{self.title}: {self.summary or number}"


def changes_text(reports: Iterable[ReportedChanges]) -> str:
    """A block for each: its title, and the changes by what they change."""
    return "\n".join("".join(f"{line}\n" for line in _text(report)) for report in reports)


def _text(report: ReportedChanges) -> Iterator[str]:
    yield report.headline
    for line in change_lines(report.changes):
        yield f"  {line}"
    if report.forgiven:
        yield f"  told another way and meaning the same: {', '.join(_forgiven(report))}"
    for moved in report.moved:
        yield f"  in the project now, with the same content: step {moved.step}, {moved.location} is {moved.path}"


def _forgiven(report: ReportedChanges) -> Iterator[str]:
    """The normalisations that made something equal, with how often."""
    for item in DEPLOYED:
        count = report.forgiven.get(item.id, 0)
        if count:
            yield f"{item.id} {item.name} {counted(count, 'time')}"


def changes_markdown(reports: Iterable[ReportedChanges]) -> str:
    """A section for each, with a table of its changes."""
    return "\n".join("".join(f"{line}\n" for line in _markdown(report)) for report in reports)


def _markdown(report: ReportedChanges) -> Iterator[str]:
    yield f"### {_cell(report.headline)}"
    yield ""
    if report.changes:
        before, after = (_cell(side) for side in report.sides)
        yield f"| | what | where | {before} | {after} |"
        yield "|---|---|---|---|---|"
        for change in report.changes:
            values = [_code(change.before), _code(change.after)]
            if change.kind == "code":
                values = ["", "other content"]
            where = _code(change.path or None)
            yield f"| {change.kind} | {_cell(change.subject)} | {where} | {values[0]} | {values[1]} |"
        yield ""
    if report.forgiven:
        yield f"Told another way and meaning the same: {', '.join(_forgiven(report))}."
        yield ""
    if report.moved:
        yield "In the project now, with the same content:"
        yield ""
        for moved in report.moved:
            yield f"- step {_cell(moved.step)}: {_code(moved.location)} is {_code(moved.path)}"
        yield ""


def change_objects(changes: Iterable[Change]) -> list[JsonValue]:
    """Changes as data."""
    return [_object(change) for change in changes]


def _object(change: Change) -> JsonObject:
    return {
        "kind": change.kind,
        "subject": change.subject,
        "path": change.path,
        "before": change.before,
        "after": change.after,
    }


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _code(text: str | None) -> str:
    """Text of a definition in a table, where nothing of it can be markup."""
    if text is None:
        return ""
    inner = text.replace("|", "\\|").replace("\n", " ")
    ticks = "`"
    while ticks in inner:
        ticks += "`"
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{ticks}{pad}{inner}{pad}{ticks}"
