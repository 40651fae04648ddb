"""Findings for people: a headline per finding, aligned details below it, and a count at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smgen.diagnostics.escaping import bounded, visible
from smgen.diagnostics.finding import Finding, Place, sorted_findings
from smgen.diagnostics.rules import RULES, Severity

_NAME_LIMIT = 120
_POINTER_LIMIT = 240
_VALUE_LIMIT = 300
_MESSAGE_LIMIT = 600
#: More than the readers of documents list of one file.
_MOST_SHOWN = 2_000

_LABEL_WIDTH = len("did you mean")

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_GREEN = "\x1b[32m"
_SEVERITY_COLOR = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.NOTE: "\x1b[1;36m"}


def render_text(findings: Iterable[Finding], *, color: bool = False) -> str:
    """The text form, ending with a count line and a line feed; `color` adds ANSI colours."""
    found = sorted_findings(findings)
    blocks = ["\n".join(_lines(finding, color)) for finding in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        blocks.append(f"… and {len(found) - _MOST_SHOWN:,} more")
    return "\n\n".join([*blocks, count_line(found)]) + "\n"


def count_line(findings: Iterable[Finding]) -> str:
    """How many findings there are of each severity, such as `2 errors, 1 warning`, or `no findings`."""
    severities = [finding.severity for finding in findings]
    counts = [(severities.count(severity), severity.value) for severity in Severity]
    return ", ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts if n) or "no findings"


def place_in_file(place: Place) -> str:
    """`file:line:column` as far as it is known, or an empty text without a file."""
    if place.file is None:
        return ""
    numbers = [place.line, place.column] if place.line is not None else []
    return ":".join([_short(place.file, _VALUE_LIMIT), *(str(number) for number in numbers if number is not None)])


def place_in_words(place: Place) -> str:
    """The step, the port and the pointer of a place, as far as they are known."""
    names = [
        f'{word} "{_short(name, _NAME_LIMIT)}"'
        for word, name in (("step", place.step), ("port", place.port))
        if name is not None
    ]
    # The pointer of the whole document is empty and would say nothing.
    return ", ".join([*names, *([_short(place.pointer, _POINTER_LIMIT)] if place.pointer else [])])


def whole_place(place: Place) -> str:
    """Everything that is known of a place, in one line."""
    return ", ".join(text for text in (place_in_file(place), place_in_words(place)) if text)


def details(finding: Finding) -> Iterator[tuple[str, str]]:
    """The labelled details of a finding in their order, each safe to show and bounded."""
    for label, text in (
        ("at", place_in_words(finding.place)),
        ("given", _value_and_place(finding.given, finding.given_at)),
        ("expected", _value_and_place(finding.expected, finding.expected_at)),
        ("did you mean", _short(finding.nearest or "", _VALUE_LIMIT)),
        ("fix", _short(finding.fix or "", _MESSAGE_LIMIT)),
    ):
        if text:
            yield label, text


def _lines(finding: Finding, color: bool) -> Iterator[str]:
    def paint(text: str, code: str) -> str:
        return f"{code}{text}{_RESET}" if color else text

    severity = finding.severity
    where = place_in_file(finding.place)
    yield " ".join(
        [
            *([paint(f"{where}:", _BOLD)] if where else []),
            paint(severity.value, _SEVERITY_COLOR[severity]),
            f"{finding.rule} {RULES[finding.rule].name}:",
            _short(finding.message, _MESSAGE_LIMIT),
        ]
    )
    for label, text in details(finding):
        helpful = label in ("did you mean", "fix")
        yield f"  {paint(label.ljust(_LABEL_WIDTH), _DIM)}  {paint(text, _GREEN) if helpful else text}"


def _value_and_place(value: str | None, place: Place | None) -> str:
    where = whole_place(place) if place is not None else ""
    if not value:
        # An empty text was given: say so with a place or not at all, an empty line helps nobody.
        return where if value is None else f'""{f" ({where})" if where else ""}'
    shown = _short(value, _VALUE_LIMIT)
    return f"{shown} ({where})" if where else shown


def _short(text: str, limit: int) -> str:
    # Bounding comes first so that a huge hostile text is not escaped as a whole.
    return visible(bounded(text, limit))
