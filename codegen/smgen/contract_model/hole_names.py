"""What the holes of a contract name: ports, settings, outputs."""

from __future__ import annotations

from dataclasses import dataclass

from smgen.contract_model.holes import (
    EachHole,
    InputHole,
    OutputLocationHole,
    SettingHole,
    Value,
    WhenHole,
    walk,
)


@dataclass(frozen=True, slots=True)
class HoleNames:
    """What the holes in some values name; ``forms`` are the classes of everything in them.

    ``$each`` and ``$when`` ask for a port or for a setting: ``settings`` has what they name in either case.
    """

    inputs: frozenset[str]
    settings: frozenset[str]
    outputs: frozenset[str]
    forms: frozenset[type]


def hole_names(*values: Value) -> HoleNames:
    """What the holes in the values name."""
    found = [inner for value in values for inner in walk(value)]
    repeated = [hole.port for hole in found if isinstance(hole, EachHole)]
    switches = [hole.name for hole in found if isinstance(hole, WhenHole)]
    return HoleNames(
        frozenset((*repeated, *(hole.port for hole in found if isinstance(hole, InputHole)))),
        frozenset((*repeated, *switches, *(hole.setting for hole in found if isinstance(hole, SettingHole)))),
        frozenset(hole.output for hole in found if isinstance(hole, OutputLocationHole)),
        frozenset(map(type, found)),
    )
