"""What changed in the code of a contract: the bytes of its packed files, and not what they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from smgen.evolution.changes import ContractChange, Pair

#: The hash of each packed file by its path, by contract; a contract of which nothing is known is not among them.
CodeFiles: TypeAlias = Mapping[str, Mapping[str, str]]

CODE_CHANGED: Final = "SMG639"
_SHOWN: Final = 5


def code_changes(pair: Pair, before: CodeFiles, after: CodeFiles) -> Iterator[ContractChange]:
    """SMG639 where files are new, gone or other ones."""
    old, new = before.get(pair.old.name), after.get(pair.new.name)
    if old is None or new is None or old == new:
        return
    changed = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    message = f"its code is another one: {', '.join(changed[:_SHOWN])}{more}"
    yield pair.change(CODE_CHANGED, "source", message, was="/source", now="/source")
