"""SMG310 cycle

No step waits for itself, directly or through others. Severity: error.

## What it finds

Steps that wait for themselves, through references, `DependsOn`, the Condition step around a branch (its steps wait for it) and loops (a loop waits for its body). The message has the shortest such path from the first step in the document, and the details say why each of its steps waits. One finding for each knot of steps.

## Why it matters

SageMaker refuses the definition; the SDK raises an error that names no path.

## Wrong

```json
{"Name": "Prepare", "DependsOn": ["Train"]}
{"Name": "Train", "…": {"Get": "Steps.Prepare.…"}}
```

## Right

```json
{"Name": "Prepare"}
{"Name": "Train", "…": {"Get": "Steps.Prepare.…"}}
```

## How to suppress

There is no reason to: the definition cannot be deployed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.checks.order import Wait
from smgen.diagnostics import Finding

_SHOWN: Final = 12


def check(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """One shortest path for each knot of steps that wait for each other."""
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
