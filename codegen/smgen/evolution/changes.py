"""Changes between two states of contracts: plain values, each with its rule, and a level that says whom it reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, Place, Subject
from smgen.documents import is_there
from smgen.evolution.change_kinds import KINDS, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """One change of a contract, or of the artifact types where ``contract`` is "".

    ``member`` is what changed in it: ``output model``, ``setting instance_type``; "" for the contract itself.
    ``before`` and ``after`` are words for both states, None on the side that has none. ``place`` is in the new state,
    at what holds the member where the member is gone; ``place_before`` is in the old one. ``fitting`` is what should
    stand there, where that is known.
    """

    rule: str
    contract: str
    member: str
    message: str
    place: Place
    before: str | None = None
    after: str | None = None
    place_before: Place | None = None
    reach: Level | None = None
    fitting: str | None = None

    @property
    def level(self) -> Level:
        """How far it reaches: as its kind does, unless ``reach`` says otherwise."""
        return self.reach or KINDS[self.rule][0]

    @property
    def fix(self) -> str | None:
        """How the same is had without a break; None where nothing has to be done."""
        return KINDS[self.rule][1]

    def finding(self) -> Finding:
        """The change as a finding: given what is there now, expected what was there."""
        subject = f"{self.contract}: " if self.contract else ""
        return Finding(
            self.rule,
            f"{subject}{self.message} ({self.level.value})",
            self.place,
            given=self.after,
            expected=self.fitting or self.before,
            expected_at=self.place_before,
            fix=self.fix,
            about=Subject(contract=self.contract or None, field=self.member or None),
        )


def worst_level(changes: Iterable[ContractChange]) -> Level | None:
    """The level of the change that reaches furthest; None where there is no change."""
    return min((change.level for change in changes), key=lambda level: level.rank, default=None)


@dataclass(frozen=True, slots=True)
class Pair:
    """A contract in both states."""

    old: StepContract
    new: StepContract

    def change(
        self,
        rule: str,
        member: str,
        message: str,
        *,
        now: str | None = None,
        was: str | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> ContractChange:
        """A change at the JSON pointer ``now`` of the new document, or ``was`` of the old one."""
        return ContractChange(
            rule=rule,
            contract=self.new.name,
            member=member,
            message=message,
            before=before,
            after=after,
            place=_place(self.new, now if now is not None else was or ""),
            place_before=None if was is None else _place(self.old, was),
        )


def _place(contract: StepContract, pointer: str) -> Place:
    """The place of a pointer, or of what holds it where it is not there."""
    while not is_there(contract.document, pointer):
        pointer = pointer.rpartition("/")[0]
    return contract.place(pointer)
