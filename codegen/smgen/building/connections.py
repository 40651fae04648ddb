"""What became of the AUTO ports of a pipeline, and how it differs from its lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from typing_extensions import Never

from smgen.authoring.references import Auto
from smgen.authoring.step_handles import StepHandle
from smgen.building.content import AddedStep, AutoReference
from smgen.diagnostics import Finding, Place

if TYPE_CHECKING:
    from smgen.wiring import LockedBinding, Pins, Resolution


@dataclass(frozen=True)
class UnboundPort:
    """An AUTO port that stays empty: why, and the outputs (``Step.attribute``, at most three) that come near."""

    reason: str
    candidates: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def _nothing() -> Mapping[StepHandle, Never]:
    return {}


@dataclass(frozen=True)
class Connections:
    """What became of the AUTO ports of the steps, by step and by the contract's name of the port.

    ``resolution`` is what the resolver said of the ports that the lock does not bind, None where there was none.
    ``unlocked`` are the bindings that the lock does not hold, ``stale`` the lines of it that hold no longer, with the
    reason.
    """

    bound: Mapping[StepHandle, Mapping[str, tuple[AutoReference, ...]]] = field(default_factory=_nothing)
    unbound: Mapping[StepHandle, Mapping[str, UnboundPort]] = field(default_factory=_nothing)
    resolution: Resolution | None = None
    bindings: tuple[LockedBinding, ...] = ()
    unlocked: tuple[LockedBinding, ...] = ()
    stale: tuple[tuple[LockedBinding, str], ...] = ()


def lock_findings(connections: Connections, pins: Pins) -> Iterator[Finding]:
    """SMG218 for every AUTO port whose binding is not that of the lock."""
    from smgen.wiring import LOCK_FILE

    handles = {handle.name: handle for handle in (*connections.bound, *connections.unbound)}
    reasons = {(line.step, line.port): reason for line, reason in connections.stale}
    unlocked: dict[tuple[str, str], list[LockedBinding]] = {}
    for binding in connections.unlocked:
        unlocked.setdefault((binding.step, binding.port), []).append(binding)
    for step, port in dict.fromkeys((*reasons, *unlocked)):
        now = [item for item in connections.bindings if (item.step, item.port) == (step, port)]
        given = ", ".join(binding.source for binding in now) or "nothing"
        place = replace(handles[step].place, step=step, port=port)
        lines = pins.get((step, port), ())
        if lines:
            reason = reasons.get((step, port))
            why = f": {reason}" if reason else ""
            message = f"the port '{port}' is AUTO and is not bound as {LOCK_FILE} says{why}"
            expected, at = ", ".join(line.source for line in lines), Place(file=LOCK_FILE, line=lines[0].line)
        else:
            message = f"the port '{port}' is AUTO, and {LOCK_FILE} has no line for it"
            expected, at = now[0].text, None
        fix = "run 'smgen resolve --lock', read what changes, and commit it"
        yield Finding("SMG218", message, place, given=given, expected=expected, expected_at=at, fix=fix)


def auto_ports(step: AddedStep) -> list[str]:
    """The ports of a step that are AUTO, in the contract's order."""
    ports = step.builder.__smgen_ports__
    return [name for name in step.handle.contract.input_ports if isinstance(ports.get(name), Auto)]
