"""The rules: every finding names one of their ids, and an id never changes its meaning.

A rule is what the head of its page says (``docs/rules``, in a wheel ``smgen/_docs/rules``), read when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

from smgen.shipped import shipped_folder


class Severity(str, Enum):
    """How much a finding weighs: only ERROR and WARNING ask for action."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `id` ("SMG101") is stable forever, `name` is its kebab-case name, `summary` is one sentence."""

    id: str
    name: str
    severity: Severity
    summary: str


_HEAD: Final = re.compile(
    r"# (SMG\d{3}) ([a-z]+(?:-[a-z]+)*)\n\n([A-Z][^\n]{10,}\.) Severity: (error|warning|note)\.\n"
)


def read_rule(page: str) -> Rule:
    """The rule of a page, which begins with id, name, summary and severity; ValueError for any other text."""
    head = _HEAD.match(page)
    if head is None:
        raise ValueError(f"no page of a rule begins with {page[:200]!r}")
    id, name, summary, severity = head.groups()
    return Rule(id, name, Severity(severity), summary)


def rule_page(id: str) -> str:
    """The page of a rule, as Markdown; KeyError where there is no such rule."""
    return _pages()[id].read_text(encoding="utf-8")


@cache
def _pages() -> Mapping[str, Path]:
    return {path.stem: path for path in sorted(shipped_folder("docs/rules").iterdir()) if path.stem.startswith("SMG")}


@cache
def _rule(id: str) -> Rule:
    return read_rule(rule_page(id))


class _Rules(Mapping[str, Rule]):
    """The rules by id. Nothing is read before a rule is asked for, and of no other rule than that one."""

    def __getitem__(self, id: str) -> Rule:
        return _rule(id)

    def __contains__(self, id: object) -> bool:
        return id in _pages()

    def __iter__(self) -> Iterator[str]:
        return iter(_pages())

    def __len__(self) -> int:
        return len(_pages())


RULES: Final[Mapping[str, Rule]] = _Rules()
"""Every rule by its id, in the order of the ids."""
