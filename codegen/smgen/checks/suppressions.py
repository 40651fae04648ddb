"""Findings that a team has decided to live with: each names its rule and says why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, cast

from typing_extensions import Unpack

from smgen.diagnostics import RULES, Details, Finding, Place, nearest_name

SUPPRESSION_SETTINGS: Final = ("rule", "pipeline", "step", "pointer", "reason")
#: What is said about suppressions themselves cannot be suppressed.
_ABOUT_SUPPRESSIONS: Final = ("SMG290", "SMG291")


@dataclass(frozen=True, slots=True)
class Suppression:
    """Silences the findings of one rule.

    ``pipeline`` and ``step`` are patterns of shells, in which case counts. ``pointer`` is a JSON pointer, which also
    takes everything below it, or such a pattern. None takes all. ``place`` is where the suppression is written.
    """

    rule: str
    reason: str
    pipeline: str | None = None
    step: str | None = None
    pointer: str | None = None
    place: Place = field(default_factory=Place)

    def concerns(self, pipelines: Iterable[str]) -> bool:
        """Whether it is about a pipeline that goes by one of these names."""
        pattern = self.pipeline
        return pattern is None or any(fnmatchcase(name, pattern) for name in pipelines)

    def silences(self, finding: Finding, pipelines: Iterable[str]) -> bool:
        """Whether it is about a finding in a pipeline that goes by these names."""
        if finding.rule != self.rule or not self.concerns(pipelines):
            return False
        if self.step is not None and not fnmatchcase(finding.place.step or "", self.step):
            return False
        if self.pointer is None:
            return True
        pointer = finding.place.pointer or ""
        below = pointer == self.pointer or pointer.startswith(self.pointer.rstrip("/") + "/")
        return below or fnmatchcase(pointer, self.pointer)

    def described(self) -> str:
        """What it is about, as it is written."""
        settings = {"rule": self.rule, "pipeline": self.pipeline, "step": self.step, "pointer": self.pointer}
        return ", ".join(f'{name} = "{value}"' for name, value in settings.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is not reported, and the suppression that silences it."""

    finding: Finding
    suppression: Suppression


def read_suppressions(
    value: object, where: str, place: Callable[[int | None, str | None], Place]
) -> tuple[tuple[Suppression, ...], tuple[Finding, ...]]:
    """Read an array of suppressions as TOML gives it, with SMG291 for each that cannot be used; those are left out.

    ``where`` is the array's name for messages, such as ``tool.smgen.suppressions``; ``place`` gives the place of the
    array, of one of its items, or of a setting of an item.
    """
    # The items of a TOML list may be anything.
    items = cast("list[object]", value) if isinstance(value, list) else None
    if items is None:
        expected = f"tables [[{where}]]"
        return (), (Finding("SMG291", f"'{where}' holds no suppressions", place(None, None), expected=expected),)
    found: list[Suppression] = []
    findings: list[Finding] = []
    for index, item in enumerate(items):
        reader = _SuppressionReader(where, index, place, [])
        suppression = reader.suppression(item)
        findings += reader.findings
        if suppression is not None and not reader.findings:
            found.append(suppression)
    return tuple(found), tuple(findings)


def apply_suppressions(
    findings: Iterable[Finding], suppressions: Iterable[Suppression], pipelines: Collection[str]
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """The findings about a pipeline that are left, and those that are silenced, each by the first that takes it.

    ``pipelines`` are the names that the pipeline goes by.
    """
    available = [item for item in suppressions if item.concerns(pipelines)]
    kept: list[Finding] = []
    silenced: list[Suppressed] = []
    for finding in findings:
        by = next((item for item in available if item.silences(finding, pipelines)), None)
        if by is None:
            kept.append(finding)
        else:
            silenced.append(Suppressed(finding, by))
    return tuple(kept), tuple(silenced)


def unused_suppression(suppression: Suppression) -> Finding:
    """The finding about a suppression that silences nothing (SMG290)."""
    return Finding(
        "SMG290",
        "the suppression silences nothing",
        suppression.place,
        given=suppression.described(),
        fix="remove it, or correct what it names",
    )


@dataclass(frozen=True, slots=True)
class _SuppressionReader:
    where: str
    index: int
    place: Callable[[int | None, str | None], Place]
    findings: list[Finding]

    def suppression(self, value: object) -> Suppression | None:
        if not isinstance(value, dict):
            self.wrong(None, "a suppression is no table", given=repr(value), expected=f"[[{self.where}]]")
            return None
        # The keys of a TOML table are texts.
        table = cast("Mapping[str, object]", value)
        for key in table:
            if key not in SUPPRESSION_SETTINGS:
                nearest = nearest_name(key, SUPPRESSION_SETTINGS)
                expected = ", ".join(SUPPRESSION_SETTINGS)
                self.wrong(key, f"a suppression has no setting '{key}'", given=key, expected=expected, nearest=nearest)
        rule = self.rule(table)
        reason = self.text(table, "reason")
        if "reason" not in table or (reason is not None and not reason.strip()):
            self.wrong(
                "reason" if "reason" in table else None,
                "a suppression gives no reason",
                given=f'rule = "{rule}"' if rule else None,
                fix='add reason = "…": why the team lives with the finding',
            )
        pipeline, step, pointer = (self.text(table, key) for key in ("pipeline", "step", "pointer"))
        at = self.place(self.index, None)
        return Suppression(rule or "", reason or "", pipeline, step, pointer, at)

    def rule(self, table: Mapping[str, object]) -> str | None:
        rule = self.text(table, "rule")
        if "rule" not in table:
            self.wrong(None, "a suppression names no rule", fix='add rule = "SMG…", as the finding names it')
        elif rule in _ABOUT_SUPPRESSIONS:
            self.wrong("rule", f"{rule} cannot be suppressed", fix="correct the suppression that it is about")
        elif rule is not None and rule not in RULES:
            by_name = next((known.id for known in RULES.values() if known.name == rule), None)
            nearest = by_name or nearest_name(rule, RULES)
            self.wrong("rule", "a suppression names a rule that does not exist", given=rule, nearest=nearest)
        return rule

    def text(self, table: Mapping[str, object], key: str) -> str | None:
        value = table.get(key)
        if key in table and not isinstance(value, str):
            self.wrong(key, f"'{key}' of a suppression cannot be used", given=repr(value), expected="a text in quotes")
        return value if isinstance(value, str) else None

    def wrong(self, key: str | None, message: str, **details: Unpack[Details]) -> None:
        self.findings.append(Finding("SMG291", message, self.place(self.index, key), **details))
