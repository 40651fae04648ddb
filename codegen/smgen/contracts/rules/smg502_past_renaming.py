"""SMG502 past-renaming

A contract tells of a former name as long as generated code does. Severity: warning.

## What it finds

A `renamed_from` whose `until` is a version before the contract's own. The version with which it ends may still say so.

## Why it matters

From that version on the old name is gone from the generated code: who still uses it is told of an unknown name, and not of the new one. What the contract says has no effect, and the old name is free for another meaning.

## Wrong

```json
{"version": "3.1.0", "inputs": {"train_set": {"type": "TrainingData", "renamed_from": {"name": "training_data", "until": "3.0.0"}}}}
```

## Right

```json
{"version": "3.1.0", "reserved": ["training_data"], "inputs": {"train_set": {"type": "TrainingData"}}}
```

## How to suppress

Suppress it where the history is kept on purpose.

```toml
[[tool.smgen.suppressions]]
rule = "SMG502"
reason = "…"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from smgen.contract_model import StepContract
from smgen.diagnostics import Finding
from smgen.documents import append_pointer


def check(contract: StepContract) -> Iterator[Finding]:
    """Each former name of a port of which generated code says nothing any more."""
    ports = (
        *((port.name, port.pointer, port.dependency_spec.renamed_from) for port in contract.input_ports.values()),
        *((port.name, port.pointer, port.output_spec.renamed_from) for port in contract.output_ports.values()),
    )
    for name, pointer, renaming in ports:
        if renaming is None or not renaming.is_past(contract.version):
            continue
        yield Finding(
            "SMG502",
            f"'{name}' was called '{renaming.name}' until version {renaming.until}, and the contract has version "
            f"{contract.version}: nothing tells of the old name any more",
            contract.place(append_pointer(pointer, "renamed_from", "until")),
            given=renaming.until,
            expected=f"{contract.version} or a later version",
            fix=f"remove renamed_from, and add '{renaming.name}' to reserved; or raise until",
        )
