"""Collects what an environment lacks while a pipeline's function runs, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, cast

from smgen.authoring.misuse import items_of
from smgen.authoring.variables import Variable
from smgen.expressions import Get

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smgen.diagnostics import Finding

#: What every text begins with that stands for one which is missing; in nobody's settings by chance.
_MARK: Final = "smgen-stand-in-for-"
#: What the variables read that stand in the place of such values. The mark in it tells a definition that holds one.
_UNKNOWN: Final = Get(f"{_MARK}value")
#: Rules that may find nothing but a stand-in: a value that no check lets pass, and what the function itself raises.
_DEPENDENT: Final = ("SMG207", "SMG210")


class MissingText(str):
    """Stands for a text that an environment lacks, until the whole pipeline is read."""

    __slots__ = ()


class MissingInteger(int):
    """Stands for a whole number that an environment lacks."""


class MissingNumber(float):
    """Stands for a number that an environment lacks."""

    __slots__ = ()


class MissingValues:
    """What one environment was asked for in vain, in the order of the questions."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def __deepcopy__(self, memo: object) -> MissingValues:
        """Itself: what a copy of the environment is asked for is missing all the same."""
        return self

    def text(self, finding: Finding, name: str) -> str:
        """Notes what is missing and gives a text in its place."""
        self.findings.append(finding)
        return MissingText(f"{_MARK}{name}")

    def integer(self, finding: Finding) -> int:
        """Notes what is missing and gives a whole number in its place."""
        self.findings.append(finding)
        return MissingInteger(1)

    def number(self, finding: Finding) -> float:
        """Notes what is missing and gives a number in its place."""
        self.findings.append(finding)
        return MissingNumber(1.0)

    def flag(self, finding: Finding) -> bool:
        """Notes what is missing and gives False in its place."""
        self.findings.append(finding)
        return False


def without_stand_ins(value: object) -> object:
    """A value of a config in which variables stand for what is missing: every check of a value lets them pass.

    The value itself where nothing is missing in it.
    """
    if isinstance(value, MissingText):
        return Variable[str](_UNKNOWN, "String")
    if isinstance(value, MissingInteger):
        return Variable[int](_UNKNOWN, "Integer")
    if isinstance(value, MissingNumber):
        return Variable[float](_UNKNOWN, "Float")
    items = items_of(value)
    if items is not None:
        replaced = [without_stand_ins(item) for item in items]
        return replaced if any(one is not other for one, other in zip(replaced, items, strict=True)) else items
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        known = {key: without_stand_ins(item) for key, item in members.items()}
        return known if any(known[key] is not item for key, item in members.items()) else members
    return value


def once_per_value(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What an environment lacks is told once, at the first place that asks for it."""
    told: set[Finding] = set()
    for finding in findings:
        lacking = finding.bare()
        if finding.rule not in ("SMG211", "SMG212") or lacking not in told:
            yield finding
        told.add(lacking)


def independent(findings: Iterable[Finding], missing: bool) -> tuple[Finding, ...]:
    """The findings that have nothing to do with a stand-in; ``missing`` says whether there is any."""
    return tuple(
        item
        for item in findings
        if not (missing and item.rule in _DEPENDENT) and not any(holds_stand_in(text or "") for text in item.texts)
    )


def holds_stand_in(text: str) -> bool:
    """Whether a text has something in it that stood for a missing value."""
    return _MARK in text
