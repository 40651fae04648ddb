"""Steps that wait for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.checks.order import Wait
from smgen.diagnostics import Finding

_SHOWN: Final = 12


def check_cycles(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG310: one shortest path for each knot of steps that wait for each other."""
    for cycle in index.order.cycles():
        # The reason at which something can be changed; that a step stands in a branch is none of them.
        place = next((wait for wait in cycle if wait.pointer is not None), cycle[0])
        yield Finding(
            "SMG310",
            f"{cycle[0].reader.name} waits for itself: {_path(cycle)}",
            index.place(place.pointer or place.reader.pointer, place.reader),
            given="; ".join(f"{wait.reader.name} {wait.words}" for wait in cycle[:_SHOWN]),
            expected="steps that can run one after the other",
            fix="remove one of these references or dependencies",
        )


def _path(cycle: tuple[Wait, ...]) -> str:
    names = [cycle[0].reader.name, *(wait.step.name for wait in cycle)]
    if len(names) > _SHOWN + 2:
        names = [*names[:_SHOWN], f"… {len(names) - _SHOWN - 1} more …", names[-1]]
    return " -> ".join(names)
